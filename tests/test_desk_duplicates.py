"""Duplicates at the desk: told while somebody types, two records side by side, merged, refused, undone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from catalogue.service import Catalogue
from tests.conftest import AddRecord
from tests.test_desk_todo import SignIn, running, sign_in, site

__all__ = ["running", "sign_in", "site"]  # fixtures

PAIR = "/desk/fr/duplicates/first/second"


@pytest.fixture
def dirk(running: Catalogue, sign_in: SignIn, add: AddRecord) -> TestClient:
    """Dirk, in a centre that has one document twice."""
    ways = "holdings: [{url: 'https://www.a.be/guide/'}]"
    add("first", "title: {fr: Le guide pratique}", ways, "identifiers: {isbn: 2070368228}", "added: 2024-01-01")
    more = "holdings: [{url: 'http://a.be/guide'}, {shelf: K1.2}]"
    add(
        "second", "title: {fr: Le guide pratique, nl: De gids}", more, "status: draft", "staff_note: <script>x</script>"
    )
    running.refresh()
    return sign_in("dirk")


def check(client: TestClient, **asked: str) -> list[tuple[str, list[str]]]:
    params = {name.replace("_", "."): value for name, value in asked.items()}
    answer = client.get("/desk/nl/duplicates/check", params=params, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    return [(one["id"], one["reasons"]) for one in answer.json()["found"]]


def test_told_while_typing(dirk: TestClient) -> None:
    both = [("first", ["Zelfde titel"]), ("second", ["Zelfde titel"])]
    assert check(dirk, title_fr="Guide pratique") == both
    assert check(dirk, title_nl="de gids") == [("second", ["Zelfde titel"])]
    assert check(dirk, url="https://a.be/guide?utm_source=x", exclude="first") == [("second", ["Zelfde webadres"])]
    assert check(dirk, isbn="978-2-07-036822-8") == [("first", ["Zelfde ISBN"])]
    assert check(dirk) == []
    assert check(dirk, title_fr="x" * 5000, url="not an address", isbn="?") == []


def test_the_fragment_leads_to_the_record_and_to_both_side_by_side(dirk: TestClient) -> None:
    text = dirk.get("/desk/fr/duplicates/check?title.fr=guide+pratique&exclude=first").text
    assert re.findall(r'href="([^"]+)"', text) == ["/desk/fr/records/second", "/desk/fr/duplicates/first/second"]
    assert dirk.get("/desk/fr/duplicates/check?title.fr=autre").text.strip() == ""


def seen(client: TestClient) -> dict[str, str]:
    return dict(re.findall(r'name="(seen\.[\w-]+)" value="(\w+)"', client.get(PAIR).text))


def test_side_by_side_with_a_proposal(dirk: TestClient) -> None:
    page = dirk.get(PAIR).text
    checked = dict(re.findall(r'name="([\w.]+)" value="(\w+)" checked', page))
    assert checked == {
        "keep": "first",
        "choose.title": "both",
        "choose.identifiers": "one",
        "choose.holdings": "both",
        "choose.added": "one",
        "choose.status": "one",
        "choose.staff_note": "other",
    }
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_a_preview_writes_nothing(dirk: TestClient, centre: Path) -> None:
    before = {path: path.read_bytes() for path in centre.rglob("*.yaml")}
    data = seen(dirk) | {"do": "preview", "keep": "second", "choose.title": "other", "choose.status": "one"}
    page = dirk.post(PAIR, data=data).text
    preview = page.partition("merge-preview")[2]
    assert "De gids" in preview
    assert "first" in preview, "what it replaces"
    assert re.findall(r'name="(?:keep|choose.title)" value="(\w+)" checked', page) == ["second", "other"]
    assert {path: path.read_bytes() for path in centre.rglob("*.yaml")} == before


def test_merged_redirected_and_undone(dirk: TestClient, running: Catalogue, centre: Path) -> None:
    before = {path: path.read_bytes() for path in centre.rglob("*.yaml")}
    answer = dirk.post(PAIR, data=seen(dirk) | {"do": "merge", "keep": "first"}, follow_redirects=False)
    assert answer.status_code == 303
    action = int(re.findall(r"/desk/fr/todo/duplicates\?merged=(\d+)", answer.headers["location"])[0])
    assert f"/desk/fr/actions/{action}/undo" in dirk.get(answer.headers["location"]).text
    moved = dirk.get("/fr/record/second", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (301, "/fr/record/first")
    record = running.record("first")
    assert (dict(record.title)["nl"], record.replaces, record.status) == ("De gids", ("second",), "published")
    assert dirk.get(PAIR).status_code == 404
    running.writer.undo(action, "dirk")
    assert {path: path.read_bytes() for path in centre.rglob("*.yaml")} == before


@pytest.mark.parametrize("changed", ["first", "second"])
def test_somebody_was_faster(dirk: TestClient, centre: Path, running: Catalogue, changed: str) -> None:
    digests = seen(dirk)
    path = centre / "records" / f"{changed}.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "year: 2026\n", encoding="utf-8")
    running.refresh()
    choice = {"do": "merge", "keep": "first", "choose.title": "one"}
    answer = dirk.post(PAIR, data=digests | choice)
    assert answer.status_code == 409
    assert "entre-temps" in answer.text
    assert (centre / "records" / "second.yaml").exists()
    again = dict(re.findall(r'name="(seen\.[\w-]+)" value="(\w+)"', answer.text))
    assert again != digests
    assert 'name="choose.title" value="one" checked' in answer.text, "what was chosen is kept"
    assert dirk.post(PAIR, data=again | choice, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("data", [{"keep": "third"}, {"keep": "first", "choose.title": "burn"}])
def test_nonsense_is_refused_in_words(dirk: TestClient, centre: Path, data: dict[str, str]) -> None:
    answer = dirk.post(PAIR, data=seen(dirk) | {"do": "merge"} | data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert (centre / "records" / "second.yaml").exists()


@pytest.mark.parametrize("path", ["first/first", "first/none", "none/first", "broken/first"])
def test_two_records_are_needed(dirk: TestClient, path: str) -> None:
    assert dirk.get(f"/desk/fr/duplicates/{path}").status_code == 404


def test_without_digests_nothing_is_merged(dirk: TestClient, centre: Path) -> None:
    assert dirk.post(PAIR, data={"do": "merge", "keep": "first"}).status_code == 409
    assert (centre / "records" / "second.yaml").exists()


def test_who_may(dirk: TestClient, sign_in: SignIn, centre: Path) -> None:
    marie, digests = sign_in("marie"), seen(dirk)
    assert marie.get(PAIR).status_code == 403
    assert marie.get("/desk/fr/duplicates/check?title.fr=x").status_code == 403
    assert marie.post(PAIR, data=digests | {"do": "merge", "keep": "first"}).status_code == 403
    elsewhere = dirk.post(PAIR, data=digests | {"do": "merge"}, headers={"sec-fetch-site": "cross-site"})
    assert elsewhere.status_code == 403
    assert (centre / "records" / "second.yaml").exists()


def test_the_pairs_are_a_list(dirk: TestClient) -> None:
    answer = dirk.get("/desk/fr/duplicates/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/fr/todo/duplicates")
    assert "/desk/fr/duplicates/first/second?from=duplicates~0" in dirk.get(answer.headers["location"]).text
