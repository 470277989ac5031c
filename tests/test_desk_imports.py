"""The pages of an import over HTTP: who may, what is taken, and what bad files get."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from catalogue.settings import Settings
from tests.conftest import AddRecord
from tests.desk_site import DeskSite, desk_site, imports_of
from tests.test_importing import files, wait

TABLE = "Titre FR;Titel NL;Public\nUn;Een;tout le monde\nDeux;;workers fr\n;;\n=3+3;;\n"
LANGS = ("fr", "nl")
SAID = {"to.0": "title.fr", "to.1": "title.nl", "to.2": "audiences", "existing": "update", "all.source.from": "liste"}
ALL = {"all.kind": "guide", "all.themes": ["work", "learn"], "all.status": "draft"}


@pytest.fixture
def site(settings: Settings, add: AddRecord) -> Iterator[DeskSite]:
    add("one")
    with desk_site(settings) as opened:
        yield opened
        imports_of(opened).runner.close()


@pytest.fixture
def dirk(site: DeskSite) -> TestClient:
    return site.browser("dirk", follow_redirects=True, raise_server_exceptions=False)


def send(client: TestClient, data: str | bytes, lang: str = "fr", name: str = "liste.csv") -> Any:
    content = data.encode() if isinstance(data, str) else data
    return client.post(f"/desk/{lang}/import/", files={"file": (name, io.BytesIO(content))}, follow_redirects=False)


def act(client: TestClient, site: DeskSite, page: str, act: str, **form: Any) -> str:
    """Press a button, wait until the work is done, and return the page."""
    answer = client.post(page, data={"act": act, **form})
    imports = imports_of(site)
    wait(imports, imports.jobs.get(page.rpartition("/")[2]))
    return client.get(page).text if answer.status_code == 200 else answer.text


@pytest.mark.parametrize("lang", LANGS)
def test_a_documentalist_brings_a_table_in_and_takes_it_back(
    site: DeskSite, dirk: TestClient, settings: Settings, lang: str
) -> None:
    before = files(settings.resources)
    sent = send(dirk, TABLE, lang)
    assert sent.status_code == 303
    page = sent.headers["location"]
    shown = dirk.get(page).text
    assert f'<html lang="{lang}"' in shown
    assert '<option value="title.fr" selected>' in shown
    assert "tout le monde" in shown
    refused = act(dirk, site, page, "check", **SAID)
    assert refused.count('class="required"') == 3
    meant = {"was.2.0": "tout le monde", "means.2.0": "pupils"}
    report = act(dirk, site, page, "check", **SAID, **ALL, **meant)
    assert 'value="run"' in report
    assert files(settings.resources) == before
    done = act(dirk, site, page, "run")
    records = site.catalogue.contents.records
    assert records["un"].audiences == ("pupils",)
    assert records["deux"].audiences == ("workers",)
    assert records["un"].themes == ("work", "learn")
    assert 'value="undo"' in done
    csv = dirk.get(f"{page}/report.csv")
    assert csv.headers["content-disposition"].startswith("attachment")
    assert ",'=3+3," in csv.text
    assert "=3+3" not in csv.text.replace("'=3+3", "")
    assert "#undo" in dirk.get(f"/desk/{lang}/import/").text
    act(dirk, site, page, "undo")
    assert files(settings.resources) == before
    assert "#undo" not in dirk.get(f"/desk/{lang}/import/").text


def test_an_advisor_may_not(site: DeskSite, dirk: TestClient) -> None:
    page = send(dirk, TABLE).headers["location"]
    marie = site.browser("marie")
    assert marie.get("/desk/fr/import/").status_code == 403
    assert send(marie, TABLE).status_code == 403
    assert marie.get(page).status_code == 403
    assert marie.get(f"{page}/report.csv").status_code == 403
    assert marie.post(page, data={"act": "drop"}).status_code == 403
    assert dirk.get(page).status_code == 200
    assert "import/" not in marie.get("/desk/fr/").text


def test_another_site_may_not(site: DeskSite, dirk: TestClient) -> None:
    page = send(dirk, TABLE).headers["location"]
    for path in (page, "/desk/fr/import/"):
        answer = dirk.post(path, data={"act": "drop"}, headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403
    assert dirk.get(page).status_code == 200


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x05\x06" + b"\0" * 18,
        b"%PDF-1.7",
        ",".join(f"c{n}" for n in range(300)).encode(),
        b"1,2\n3,4\n",
        b"a\n",
    ],
)
def test_what_is_no_table_gets_a_message_and_leaves_nothing(
    site: DeskSite, dirk: TestClient, settings: Settings, data: bytes, lang: str
) -> None:
    answer = send(dirk, data, lang)
    assert answer.status_code in (400, 422)
    message = re.search('id="file-wrong" role="alert"[^>]*>([^<]+)<', answer.text)
    assert message
    assert len(message[1]) > 10
    assert not list((settings.var / "imports").glob("*"))
    assert not list((settings.var / "imports").glob(".*"))


def test_a_form_without_a_file_gets_a_message(dirk: TestClient) -> None:
    for kwargs in ({"data": {"act": "x"}}, {"files": {"file": ("", b"")}}, {"files": {"other": ("x.csv", b"a")}}, {}):
        assert dirk.post("/desk/fr/import/", **kwargs).status_code == 400


@pytest.mark.parametrize("announced", [True, False])
def test_a_file_that_is_too_big_is_not_kept(
    site: DeskSite, dirk: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch, announced: bool
) -> None:
    monkeypatch.setattr("catalogue.web.desk.imports.MOST_STREAMED", 1_000_000)
    seen = 0

    def body() -> Iterator[bytes]:
        nonlocal seen
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="big.csv"\r\n\r\n'
        for _ in range(400):
            seen = max(seen, sum(path.stat().st_size for path in (settings.var / "imports").glob("*")))
            yield b"a,b\n" * 25_000
        yield b"\r\n--x--\r\n"

    headers = {"content-type": "multipart/form-data; boundary=x"}
    if announced:
        headers["content-length"] = str(40_000_000)
    answer = dirk.post("/desk/nl/import/", content=body(), headers=headers)
    assert answer.status_code == 413
    assert "Dit bestand is te groot: er kan hoogstens 1 MB" in answer.text
    assert seen < 3_000_000
    assert not list((settings.var / "imports").glob("*"))


def test_names_of_files_stay_names(site: DeskSite, dirk: TestClient, settings: Settings) -> None:
    page = send(dirk, TABLE, name='..\\..\\<b>"x".csv').headers["location"]
    shown = dirk.get(page).text
    assert "<b>" not in shown
    assert "&lt;b&gt;" in shown
    assert [path.name for path in (settings.var / "imports").glob("*/*")] == ["upload"]


def test_what_no_form_of_ours_sends_is_refused(site: DeskSite, dirk: TestClient) -> None:
    page = send(dirk, TABLE).headers["location"]
    assert dirk.post(page, data={"act": "check", "to.0": "password"}).status_code == 400
    assert dirk.post(page, data={"act": "run"}, follow_redirects=False).status_code == 303
    assert 'id="mapping"' in dirk.get(page).text
    assert dirk.get(f"{page}/report.csv").status_code == 404
    assert dirk.get("/desk/fr/import/nothing").status_code == 404
    assert dirk.get(f"{page}?part=x&page=99999999999").status_code == 200
