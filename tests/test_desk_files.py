"""The centre's files over HTTP: which there are, where they are used, how they come in and go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from catalogue.media import KINDS
from catalogue.media.folder import RESERVE
from catalogue.settings import Settings
from catalogue.web.desk import posted_file
from tests.conftest import AddRecord
from tests.desk_site import DeskSite, desk_site
from tests.media_samples import SAMPLES, picture

FILES = "/desk/fr/files/"
JSON = {"accept": "application/json"}
HOLDINGS = "holdings: [{file: media/gids.pdf}]"


@pytest.fixture
def site(settings: Settings, centre: Path, add: AddRecord) -> Iterator[DeskSite]:
    add("open", HOLDINGS, "title: {fr: Le guide, nl: De gids}")
    add("concept", "holdings: [{file: media/concept.pdf}, {file: media/weg.mp4}]", "status: draft")
    (centre / "media").mkdir()
    for name in ("gids", "concept", "los"):
        (centre / "media" / f"{name}.pdf").write_bytes(SAMPLES["a.pdf"])
    with desk_site(settings) as opened:
        yield opened


@pytest.fixture
def dirk(site: DeskSite) -> TestClient:
    return site.browser("dirk")


def names(client: TestClient, query: str = "") -> list[str]:
    text = client.get(FILES + query).text
    return re.findall(r'<th scope="row"><a href="/desk/fr/files/file/([^"]+)"', text)


def left(centre: Path) -> set[str]:
    return {path.name for path in (centre / "media").iterdir()}


# --- the list -----------------------------------------------------------------------------------------------------


def test_the_list_says_what_there_is_what_is_unused_and_what_is_missing(dirk: TestClient) -> None:
    assert sorted(names(dirk)) == ["concept.pdf", "gids.pdf", "los.pdf"]
    assert names(dirk, "?show=unused") == ["los.pdf"]
    assert names(dirk, "?show=missing") == ["weg.mp4"]
    assert names(dirk, "?q=GIDS") == ["gids.pdf"]
    assert names(dirk, "?q=nothing") == []
    text = dirk.get(FILES).text
    assert 'href="/desk/fr/records/open">Le guide</a> <span class="status">Publiée' in text
    assert "Brouillon" in text


@pytest.mark.parametrize("query", ["?show=x&sort=y&page=z", "?page=99999999999", "?page=-1", "?page=²", "?q=%00%ff"])
def test_nonsense_in_the_address_is_left_out(dirk: TestClient, query: str) -> None:
    assert dirk.get(FILES + query).status_code == 200


def test_the_order_and_the_pages(dirk: TestClient, centre: Path) -> None:
    (centre / "media" / "groot.txt").write_bytes(b"x" * 100_000)
    assert names(dirk, "?sort=size")[0] == "groot.txt"
    assert names(dirk, "?sort=name") == ["concept.pdf", "gids.pdf", "groot.txt", "los.pdf"]
    for number in range(120):
        (centre / "media" / f"z{number:03}.txt").write_bytes(b"x")
    first, second = names(dirk, "?sort=name"), names(dirk, "?sort=name&page=2")
    assert (len(first), len(second)) == (100, 24)
    assert not set(first) & set(second)
    assert names(dirk, "?sort=name&page=77") == second


def test_a_page_of_a_file_and_of_one_that_is_missing(dirk: TestClient) -> None:
    assert "Aucune notice ne cite" in dirk.get(FILES + "file/los.pdf").text
    published, draft = (dirk.get(f"{FILES}file/{name}.pdf").text for name in ("gids", "concept"))
    assert 'href="/media/gids.pdf"' in published
    assert 'href="/media/concept.pdf"' not in draft
    assert 'action="/desk/fr/files/replace/weg.mp4"' in dirk.get(FILES + "file/weg.mp4").text
    for path in ("nothing.pdf", "../centre.yaml", "%2e%2e/centre.yaml", "..%2fcentre.yaml"):
        assert dirk.get(f"{FILES}file/{path}").status_code == 404


def test_staff_see_what_visitors_may_not(site: DeskSite, dirk: TestClient) -> None:
    visitor = site.browser()
    assert dirk.get(FILES + "see/concept.pdf").content == SAMPLES["a.pdf"]
    assert visitor.get("/media/concept.pdf").status_code == 404
    assert visitor.get(FILES + "see/concept.pdf").status_code == 303
    assert visitor.get("/media/gids.pdf").content == SAMPLES["a.pdf"]
    part = dirk.get(FILES + "see/concept.pdf", headers={"range": "bytes=0-4"})
    assert (part.status_code, part.content) == (206, b"%PDF-")


@pytest.mark.parametrize("path", ["../centre.yaml", "%2e%2e/centre.yaml", "..%2Fcentre.yaml", "nothing.pdf", ""])
def test_nothing_else_of_the_disk_can_be_reached(dirk: TestClient, path: str) -> None:
    for part in ("see", "file"):
        assert dirk.get(f"{FILES}{part}/{path}").status_code == 404
    assert dirk.post(f"{FILES}delete/{path}").status_code == 404
    assert dirk.post(f"{FILES}replace/{path}", files={"file": ("a.pdf", SAMPLES["a.pdf"])}).status_code == 404


# --- a file comes in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_each_kind_comes_in_over_http(dirk: TestClient, centre: Path, name: str) -> None:
    answer = dirk.post(FILES, files={"file": (name, SAMPLES[name])}, data={"title": "Devenir infirmière ?"})
    assert answer.status_code == 303
    ending = ".vtt" if name == "a.srt" else name[1:]
    done = "recoded" if name == "a.srt" else "added"  # it is in Windows-1252
    assert answer.headers["location"] == f"/desk/fr/files/file/devenir-infirmiere{ending}?done={done}"
    assert 'role="status"' in dirk.get(answer.headers["location"]).text
    assert f"devenir-infirmiere{ending}" in left(centre)
    seen = dirk.get(f"{FILES}see/devenir-infirmiere{ending}")
    assert seen.status_code == 200
    assert "default-src 'none'" in seen.headers["content-security-policy"] or ending == ".pdf"


def test_a_script_gets_the_path_that_a_record_takes(dirk: TestClient, site: DeskSite, add: AddRecord) -> None:
    made = dirk.post(FILES, files={"file": ("Mon guide.pdf", SAMPLES["a.pdf"])}, headers=JSON)
    assert made.status_code == 201
    answer = made.json()
    assert answer == {
        "file": "media/mon-guide.pdf",
        "kind": "pdf",
        "size": len(SAMPLES["a.pdf"]),
        "see": "/desk/fr/files/see/mon-guide.pdf",
        "page": "/desk/fr/files/file/mon-guide.pdf",
        "next": "/desk/fr/files/file/mon-guide.pdf?done=added",
        "warning": "",
    }
    assert dirk.get(answer["see"]).content == SAMPLES["a.pdf"]
    add("new", f"holdings: [{{file: {answer['file']}}}]")
    assert site.catalogue.refresh()
    assert site.browser().get("/media/mon-guide.pdf").content == SAMPLES["a.pdf"]


def test_a_large_file_goes_to_the_disk_in_pieces(
    dirk: TestClient, centre: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posted_file, "PIECE", 1000)
    data = SAMPLES["a.mp3"] * 900  # 1.5 MB of frames
    assert dirk.post(FILES, files={"file": ("long.mp3", data)}, headers=JSON).status_code == 201
    assert (centre / "media" / "long.mp3").read_bytes() == data


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
@pytest.mark.parametrize("headers", [{}, JSON], ids=["page", "json"])
@pytest.mark.parametrize(
    "file",
    [
        ("zip.pdf", b"PK\x03\x04" + b"\0" * 2000),
        ("page.jpg", b"<script>alert(1)</script>"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("empty.pdf", b""),
        ("huge.txt", b"x" * 2_000_001),
        None,
    ],
    ids=lambda file: file[0] if file else "none",
)
def test_what_is_not_taken_is_said_and_leaves_nothing(
    dirk: TestClient, centre: Path, lang: str, headers: dict[str, str], file: tuple[str, bytes] | None
) -> None:
    before = left(centre)
    files = {"file": file} if file else {"other": ("", b"")}
    answer = dirk.post(f"/desk/{lang}/files/", files=files, headers=headers)
    assert answer.status_code == 422
    if headers:
        assert answer.json()["error"]["field"] == "file"
        assert answer.json()["error"]["message"]
    else:
        assert re.search(r'<p class="wrong" id="file-problem" role="alert">[^<]{10,}', answer.text)
    assert left(centre) == before


def test_two_gigabytes_are_refused_when_they_are_announced(dirk: TestClient, centre: Path) -> None:
    """What comes is read to its end, so that the browser shows the answer, and written nowhere."""
    before, sent, seen = left(centre), [0], set[str]()
    boundary = b'--x\r\nContent-Disposition: form-data; name="file"; filename="film.mp4"\r\n\r\n'

    def body() -> Iterator[bytes]:
        yield boundary
        for _ in range(30):  # it is told after the announcement, whatever comes
            sent[0] += 1_000_000
            seen.update(left(centre))
            yield b"\0" * 1_000_000
        yield b"\r\n--x--\r\n"

    headers = JSON | {"content-type": "multipart/form-data; boundary=x", "content-length": "2000000000"}
    answer = dirk.post(FILES, content=body(), headers=headers)
    assert answer.status_code == 422
    assert "1000" in answer.json()["error"]["message"]
    assert sent[0] == 30_000_000
    assert left(centre) == seen == before


def test_more_than_is_ever_read_is_not_read(dirk: TestClient) -> None:
    headers = JSON | {
        "content-type": "multipart/form-data; boundary=x",
        "content-length": str(posted_file.MOST_READ + 1),
    }
    assert dirk.post(FILES, content=iter([b"x"]), headers=headers).status_code == 422


def test_a_full_disk_is_said(dirk: TestClient, site: DeskSite, centre: Path) -> None:
    site.catalogue.media.free = lambda _: RESERVE - 1
    before = left(centre)
    answer = dirk.post(FILES, files={"file": ("a.pdf", SAMPLES["a.pdf"])}, headers=JSON)
    assert answer.status_code == 422
    assert "disque" in answer.json()["error"]["message"]
    assert left(centre) == before


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"no boundary at all"),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=file; filename=a.pdf\r\n\r\n%P",
        ),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"A: b\r\n" * 9000 + b"\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nA: " + b"b" * 9000 + b"\r\n\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n1\r\n" * 50 + b"--x--"),
        ("multipart/form-data; boundary=x", b""),
        ("application/x-www-form-urlencoded", b"file=a.pdf"),
        ("", b""),
    ],
)
def test_a_body_that_is_no_form_is_refused(dirk: TestClient, centre: Path, kind: str, body: bytes) -> None:
    before = left(centre)
    answer = dirk.post(FILES, content=body, headers=JSON | {"content-type": kind})
    assert answer.status_code == 422
    assert left(centre) == before


def test_two_files_at_once_are_not_taken_for_one(dirk: TestClient, centre: Path) -> None:
    before = left(centre)
    files = [("file", (name, SAMPLES["a.pdf"])) for name in ("one.pdf", "two.pdf")]
    assert dirk.post(FILES, files=files, headers=JSON).status_code == 422
    assert left(centre) == before


# --- replace, delete ----------------------------------------------------------------------------------------------


def test_replacing_keeps_the_name_and_visitors_see_the_new_one(site: DeskSite, dirk: TestClient) -> None:
    other = picture("PDF", (99, 99))
    answer = dirk.post(FILES + "replace/gids.pdf", files={"file": ("new.pdf", other)})
    assert (answer.status_code, answer.headers["location"]) == (303, FILES + "file/gids.pdf?done=replaced")
    assert site.browser().get("/media/gids.pdf").content == other
    refused = dirk.post(FILES + "replace/gids.pdf", files={"file": ("new.jpg", SAMPLES["a.jpg"])})
    assert refused.status_code == 422
    assert ".pdf" in re.findall(r'id="file-problem" role="alert">([^<]+)', refused.text)[0]
    assert site.browser().get("/media/gids.pdf").content == other


def test_a_missing_file_is_put_in_its_place(dirk: TestClient) -> None:
    assert (
        dirk.post(FILES + "replace/weg.mp4", files={"file": ("x.mp4", SAMPLES["a.mp4"])}, headers=JSON).status_code
        == 201
    )
    assert names(dirk, "?show=missing") == []
    assert dirk.get(FILES + "see/weg.mp4").content == SAMPLES["a.mp4"]


def test_only_what_nobody_uses_is_deleted(dirk: TestClient, site: DeskSite, centre: Path) -> None:
    for name in ("gids.pdf", "concept.pdf"):
        answer = dirk.post(f"{FILES}delete/{name}")
        assert answer.status_code == 422
        assert name in left(centre)
    site.catalogue.state.drafts.put("marie", "records/x", [("holdings.0.file", "media/los.pdf")])
    assert "marie" in dirk.post(FILES + "delete/los.pdf").text
    assert "los.pdf" in left(centre)
    site.catalogue.state.drafts.drop("marie", "records/x")
    answer = dirk.post(FILES + "delete/los.pdf")
    assert answer.status_code == 303
    assert "los.pdf" not in left(centre)
    assert "media/los.pdf" in dirk.get(answer.headers["location"]).text


def test_every_kind_has_a_limit_that_is_shown(dirk: TestClient) -> None:
    text = dirk.get(FILES).text
    for kind in KINDS:
        assert ", ".join(kind.endings) in text
