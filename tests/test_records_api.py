"""Records for programs: all of them by cursor while they change, in one file, and none of them fetched twice."""

from __future__ import annotations

import gzip
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from catalogue.dump import Dump
from catalogue.errors import Unavailable
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.web.app import create_app
from catalogue.web.machine import records as api
from tests.conftest import AddRecord, write

HIDDEN = ("only for us", "elsewhere.example", "suspended", "draft", "withdrawn", "review_by")


@pytest.fixture
def catalogue(settings: Settings, add: AddRecord, centre: Path) -> Catalogue:
    for number in range(10):
        add(f"r-{number:02}", f"title: {{fr: Un {number}, nl: Een {number}}}", "staff_note: only for us")
    add(
        "two-ways",
        'holdings: [{url: "https://elsewhere.example", suspended: 2026-01-01}, {shelf: K1.1}]',
        "source: {from: only for us}",
        "review_by: 2027-01-01",
    )
    for status in ("draft", "withdrawn"):
        write(
            centre / "records" / f"a-{status}.yaml",
            f"kind: guide\nthemes: [work]\ntitle: {{fr: x}}\nstatus: {status}\n",
        )
    return Catalogue.open(settings)


@pytest.fixture
def client(catalogue: Catalogue) -> Iterator[TestClient]:
    with TestClient(create_app(catalogue, watch=False), raise_server_exceptions=False) as opened:
        yield opened


def harvest(client: TestClient, address: str) -> Iterator[list[str]]:
    while address:
        answer = client.get(address)
        value = answer.json()
        yield [record["id"] for record in value["records"]]
        following = re.findall(r'<([^>]+)>; rel="next"', answer.headers.get("link", ""))
        assert following == ([value["next"]] if value["next"] else [])
        address = value["next"] or ""


def test_all_records_come_once_each_by_cursor(client: TestClient) -> None:
    pages = list(harvest(client, "/api/records?per_page=4&lang=nl"))
    assert [len(page) for page in pages] == [4, 4, 3]
    ids = [id for page in pages for id in page]
    assert ids == sorted(ids) == [f"r-{number:02}" for number in range(10)] + ["two-ways"]
    assert client.get("/api/records?per_page=1&lang=nl").json()["records"][0]["url"] == "/nl/record/r-00"
    assert list(harvest(client, "/api/records?per_page=11")) == [ids], "no empty page at the end"
    assert client.get("/api/records?cursor=zz").json() == {
        "total": 11,
        "per_page": 20,
        "records": [],
        "cursor": None,
        "next": None,
    }


def test_all_results_of_a_search_come_by_following_the_header(client: TestClient) -> None:
    address, ids, pages = "/api/search?q=un&theme=work&per_page=4&sort=title&lang=nl", list[str](), 0
    while address:
        answer = client.get(address)
        ids += [hit["id"] for hit in answer.json()["hits"]]
        pages += 1
        following = re.findall(r'<([^>]+)>; rel="next"', answer.headers.get("link", ""))
        address = following[0] if following else ""
    assert (sorted(ids), pages) == ([f"r-{number:02}" for number in range(10)], 3)
    assert answer.json()["hits"][0]["url"].startswith("/nl/")


def test_what_changes_meanwhile_makes_nobody_miss_or_see_twice(
    client: TestClient, catalogue: Catalogue, add: AddRecord
) -> None:
    pages = harvest(client, "/api/records?per_page=3")
    seen = next(pages)
    catalogue.delete("r-02", account="")  # the cursor itself
    catalogue.delete("r-05", account="")
    add("a-new", "title: {fr: Nouveau, nl: Nieuw}")
    add("r-06-b", "title: {fr: Entre, nl: Tussen}")
    catalogue.refresh()
    seen += [id for page in pages for id in page]
    assert seen == ["r-00", "r-01", "r-02", "r-03", "r-04", "r-06", "r-06-b", "r-07", "r-08", "r-09", "two-ways"]


def test_nothing_of_the_staff_is_in_any_answer(client: TestClient) -> None:
    packed = client.get("/api/dump.jsonl.gz").content
    texts = [client.get(a).text for a in ("/api/records", "/api/records/two-ways", "/fr/record/two-ways.json")]
    for text in (*texts, gzip.decompress(packed).decode()):
        assert "two-ways" in text
        assert not [word for word in HIDDEN if word in text]


def test_the_dump_has_every_record_as_it_is_asked_for_one_by_one(client: TestClient) -> None:
    answer = client.get("/api/dump.jsonl.gz")
    assert answer.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in answer.headers
    lines = [json.loads(line) for line in gzip.decompress(answer.content).decode().splitlines()]
    assert [line["id"] for line in lines] == [id for page in harvest(client, "/api/records") for id in page]
    assert lines == [client.get(f"/api/records/{line['id']}").json() for line in lines]


def test_the_dump_is_made_once_for_each_state_and_is_the_same_after_a_restart(
    client: TestClient, catalogue: Catalogue, settings: Settings, add: AddRecord
) -> None:
    first = client.get("/api/dump.jsonl.gz")
    folder = settings.cache / "dump"
    (made,) = folder.iterdir()
    written = made.stat().st_mtime_ns
    assert client.get("/api/dump.jsonl.gz").content == first.content
    assert made.stat().st_mtime_ns == written
    part = client.get("/api/dump.jsonl.gz", headers={"range": "bytes=10-19", "if-range": first.headers["etag"]})
    assert (part.status_code, part.content) == (206, first.content[10:20])
    for number in range(3):
        add(f"z-{number}")
        catalogue.refresh()
        assert f"z-{number}" in gzip.decompress(client.get("/api/dump.jsonl.gz").content).decode()
    assert len(list(folder.iterdir())) == 2, "this one and the one before"
    now = client.get("/api/dump.jsonl.gz").headers["etag"]
    assert now != first.headers["etag"]
    with TestClient(create_app(Catalogue.open(settings), watch=False)) as again:
        assert again.get("/api/dump.jsonl.gz").headers["etag"] == now


def test_a_large_dump_is_made_aside(catalogue: Catalogue, tmp_path: Path, add: AddRecord) -> None:
    """Nobody waits for it: the one before is given, and before the first they are told to come back."""
    go_on = threading.Event()

    def slow(record: object) -> dict[str, str]:
        assert go_on.wait(30)
        return {"id": getattr(record, "id", "")}

    dump = Dump(tmp_path / "dump", lambda: catalogue.contents, slow)
    with pytest.raises(Unavailable):
        dump.newest(patience=0.05)
    go_on.set()
    first = dump.newest(patience=30)
    assert dump.newest(patience=0) == first
    go_on.clear()
    add("z-new")
    catalogue.refresh()
    assert dump.newest(patience=0.05) == first
    go_on.set()
    second = dump.newest(patience=30)
    assert second.digest != first.digest
    assert first.path.exists(), "somebody may be reading it"
    second.path.unlink()  # the folder is disposable
    assert dump.newest(patience=30).digest == second.digest
    catalogue.close()


def test_a_dump_that_cannot_be_written_is_told(catalogue: Catalogue, settings: Settings, client: TestClient) -> None:
    settings.cache.mkdir(parents=True, exist_ok=True)
    (settings.cache / "dump").write_text("in the way")
    answer = client.get("/api/dump.jsonl.gz")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0


TAGGED = (
    "/api/search?q=un",
    "/api/records",
    "/api/records/r-01",
    "/api/dump.jsonl.gz",
    "/api/openapi.json",
    "/fr/record/r-01.json",
)


@pytest.mark.parametrize("address", TAGGED)
def test_nothing_is_sent_twice(client: TestClient, address: str) -> None:
    answer = client.get(address)
    tag = answer.headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', tag)
    assert answer.headers["cache-control"] == ("no-store" if "search" in address or "/fr/" in address else "no-cache")
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = client.get(address, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == answer.headers["cache-control"]
    for unknown in ('"x"', tag.strip('"'), ""):
        assert client.get(address, headers={"if-none-match": unknown}).content == answer.content


def test_a_tag_changes_with_what_is_sent(
    client: TestClient, catalogue: Catalogue, centre: Path, add: AddRecord
) -> None:
    before = {address: client.get(address).headers["etag"] for address in TAGGED}
    assert before == {address: client.get(address).headers["etag"] for address in TAGGED}
    add("r-01", "title: {fr: Un autre, nl: Een ander}")
    catalogue.refresh()
    changed = {address for address in TAGGED if client.get(address).headers["etag"] != before[address]}
    assert changed == {*TAGGED} - {"/api/openapi.json"}
    kinds = centre / "vocabularies" / "kinds.yaml"
    kinds.write_text(kinds.read_text("utf-8").replace("website fr", "site web"), "utf-8")
    search = client.get(TAGGED[0]).headers["etag"]
    catalogue.refresh()
    assert client.get(TAGGED[0]).headers["etag"] != search, "the names in the filters are in it too"


def test_a_record_that_moved_is_followed_with_its_language(
    client: TestClient, catalogue: Catalogue, add: AddRecord
) -> None:
    add("heir", "replaces: [old-one]")
    catalogue.refresh()
    answer = client.get("/api/records/old-one?lang=nl", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "/api/records/heir?lang=nl")
    assert client.get("/api/records/old-one?lang=nl").json()["url"] == "/nl/record/heir"


def test_addresses_are_absolute_where_the_site_knows_its_own(settings: Settings, catalogue: Catalogue) -> None:
    record = catalogue.contents.records["r-01"]
    assert api.as_json(catalogue, record, "nl")["url"] == "/nl/record/r-01"
    catalogue.close()


ELSEWHERE = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}


def test_pages_of_other_sites_may_read_and_nothing_else(client: TestClient) -> None:
    asked = {**ELSEWHERE, "access-control-request-method": "GET", "access-control-request-headers": "if-none-match"}
    for address in (*TAGGED[:5], "/api/suggest?q=u", "/api/records/nothing"):
        preflight = client.options(address, headers=asked)
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-origin"] == "*"
        assert preflight.headers["access-control-allow-methods"] == "GET, HEAD"
        assert "If-None-Match" in preflight.headers["access-control-allow-headers"]
        answer = client.get(address, headers=ELSEWHERE)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        assert "ETag" in answer.headers["access-control-expose-headers"]
    lookup = client.options("/api/records/lookup", headers={**asked, "access-control-request-method": "POST"})
    assert lookup.headers["access-control-allow-methods"] == "POST"
    listed = client.post("/api/records/lookup", json={"ids": ["r-01"]}, headers=ELSEWHERE)
    assert (listed.status_code, listed.json()["records"][0]["id"]) == (200, "r-01")
    assert listed.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path", ["/desk/fr/", "/desk/fr/records", "/fr/", "/fr/list", "/fr/api", "/fr/record/r-01.json"]
)
def test_nothing_but_the_api_is_open_to_other_sites(client: TestClient, path: str) -> None:
    asked = {**ELSEWHERE, "access-control-request-method": "GET"}
    for answer in (client.get(path, headers=ELSEWHERE), client.options(path, headers=asked)):
        assert not [name for name in answer.headers if name.startswith("access-control")]
    for post in (path, "/fr/list", "/desk/fr/records/new", "/api/search", "/api/records"):
        assert client.post(post, headers=ELSEWHERE).status_code == 403
