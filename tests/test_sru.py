"""SRU 1.2 over HTTP: what is found, page by page; diagnostics by the standard's numbers; a real client."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from catalogue.exchange.dublin_core import DC
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.sru.asked import MOST_RECORDS, SCHEMAS
from catalogue.sru.indexes import INDEXES, SETS
from catalogue.sru.responses import DIAGNOSTIC, SRW, SRW_DC, ZEEREX
from catalogue.web.app import create_app
from catalogue.web.machine import sru
from tests.browser.site import running
from tests.conftest import make_centre, write

NAMES = {
    "zs": SRW,
    "diag": DIAGNOSTIC,
    "dc": DC,
    "srw_dc": SRW_DC,
    "zr": ZEEREX,
    "marc": "http://www.loc.gov/MARC21/slim",
}
YAZ = shutil.which("yaz-client")

Ask = Callable[..., ElementTree.Element]


RECORDS = {
    "nurse-fr": "title: {fr: Devenir infirmière}, summary: {fr: Les études de santé}, occupations: [nurse], "
    "languages: [fr], year: 2020, authors: [Anne Dupont]",
    "nurse-nl": "title: {nl: Verpleegkundige worden}, languages: [nl], year: 2024, kind: guide",
    "grant": "title: {fr: Bourses d'études, nl: Studietoelagen}, subjects: [grants], publisher: siep",
    "care": "title: {fr: Un métier}, summary: {fr: Devenir infirmière à Bruxelles}, themes: [learn]",
    "book": "title: {fr: Le guide & <le reste>}, identifiers: {isbn: 2-07-036822-X, issn: 0378-5955}",
    "draft": "title: {fr: Devenir infirmière en secret}, status: draft",
}


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre of six records, for tests that only read."""
    root = make_centre(tmp_path_factory.mktemp("centre") / "resources")
    common = {
        "kind": "website",
        "themes": "[work]",
        "holdings": '[{url: "https://example.org"}]',
        "status": "published",
    }
    for id, lines in RECORDS.items():
        given = "".join(f"{key}: {value}, " for key, value in common.items() if f"{key}:" not in lines)
        write(root / "records" / f"{id}.yaml", f"{{{given}{lines}}}\n")
    return root


@pytest.fixture(scope="module")
def client(centre: Path) -> Iterator[TestClient]:
    work = centre.parent
    state = f"sqlite:///{work / 'var' / 'catalogue.db'}"
    settings = Settings(resources=centre, index=str(work / "index"), state=state, cache=work / "cache")
    with TestClient(create_app(Catalogue.open(settings), watch=False), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def ask(client: TestClient) -> Ask:
    def asked(**params: Any) -> ElementTree.Element:
        base: dict[str, Any] = {"operation": "searchRetrieve", "version": "1.2", "maximumRecords": 100}
        answer = client.get("/sru", params={k: v for k, v in (base | params).items() if v is not None})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/xml")
        assert "set-cookie" not in answer.headers
        return ElementTree.fromstring(answer.content)

    return asked


def ids(answer: ElementTree.Element) -> list[str]:
    assert not numbers(answer), ElementTree.tostring(answer)
    found = [each.text or "" for each in answer.iterfind(".//zs:recordIdentifier", NAMES)]
    assert answer.findtext("zs:numberOfRecords", namespaces=NAMES) == str(len(found))
    return sorted(found)


def numbers(answer: ElementTree.Element) -> list[int]:
    return [int((each.text or "").rpartition("/")[2]) for each in answer.iterfind(".//diag:uri", NAMES)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("infirmière", "care nurse-fr nurse-nl"),  # as visitors find it: in the other language too
        ("cql.anywhere all infirmière", "care nurse-fr"),
        ("dc.title = infirmiere", "nurse-fr"),  # not where only the summary has the word
        ('dc.title = "devenir infirmière"', "nurse-fr"),
        ('dc.title any "bourses verpleegkundige"', "grant nurse-nl"),
        ('dc.title adj "infirmière devenir"', ""),
        ('dc.title == "devenir infirmière"', "nurse-fr"),
        ("dc.title == devenir", ""),
        ("title = bours*", "grant"),
        ("dc.description = infirmière", "care"),
        ("dc.creator = dupont", "nurse-fr"),
        ("dc.subject = studietoelage", "grant"),
        ("dc.publisher = siep", "grant"),
        ("dc.language = fre", "nurse-fr"),
        ("dc.language = nl or dc.language = fr", "nurse-fr nurse-nl"),
        ('dc.language any "fre dut"', "nurse-fr nurse-nl"),
        ("catalogue.theme = learn", "care"),
        ('dc.type = "guide nl"', "nurse-nl"),
        ("dc.type = poem", ""),
        ("catalogue.subject = grants", "grant"),
        ("dc.date > 2020", "nurse-nl"),
        ('dc.date within "2019 2021"', "nurse-fr"),
        ("bath.isbn = 9782070368228", "book"),
        ("bath.issn = 03785955", "book"),
        ("rec.identifier = care", "care"),
        ('rec.identifier = "http://testserver/nl/record/care"', "care"),
        ("rec.identifier = draft", ""),
        ("cql.allRecords = 1", "book care grant nurse-fr nurse-nl"),
        ("cql.allRecords=1 not (infirmière or dc.subject=grants)", "book"),
        ("infirmière and catalogue.theme = work and dc.date < 2022", "nurse-fr"),
        ('> d="info:srw/cql-context-set/1/dc-v1.1" d.title = bourses', "grant"),
        ("secret", ""),
        ('"le reste"', "book"),
    ],
)
def test_a_query_finds_what_it_says(ask: Ask, query: str, found: str) -> None:
    assert ids(ask(query=query)) == found.split()


@pytest.mark.parametrize(
    ("number", "changed"),
    [
        (4, {"operation": "scan", "scanClause": "dc.title=a"}),
        (5, {"version": "2.0"}),
        (6, {"startRecord": "0"}),
        (6, {"maximumRecords": "9" * 5000}),
        (6, {"maximumRecords": "٣"}),
        (7, {"query": None}),
        (7, {"version": None}),
        (7, {"operation": None}),
        (8, {"lang": "fr"}),
        (10, {"query": "a and and"}),
        (15, {"query": "dcterms.title = a"}),
        (16, {"query": "dc.colour = red"}),
        (19, {"query": "dc.title encloses a"}),
        (22, {"query": "dc.title > a"}),
        (22, {"query": 'cql.anywhere == "a b"'}),
        (23, {"query": f'"{"a " * 150}"'}),
        (23, {"query": " ".join(["cql.anywhere all", '"' + " ".join(f"word{n}" for n in range(20)) + '"'])}),
        (27, {"query": '""'}),
        (28, {"query": "w?rd"}),
        (29, {"query": "w*"}),
        (31, {"query": "dc.title = ^le"}),
        (33, {"query": 'dc.title adj "un mét*"'}),
        (36, {"query": "dc.date = soon"}),
        (39, {"query": "a prox b"}),
        (61, {"startRecord": "400"}),
        (66, {"recordSchema": "mods"}),
        (71, {"recordPacking": "json"}),
        (72, {"recordXPath": "/dc"}),
        (80, {"sortKeys": "title"}),
        (80, {"query": "a sortBy dc.title"}),
        (110, {"stylesheet": "/style.xsl"}),
    ],
)
def test_what_cannot_be_answered_has_the_standards_number(ask: Ask, number: int, changed: dict[str, Any]) -> None:
    answer = ask(**{"query": "cql.allRecords=1"} | changed)
    assert numbers(answer) == [number]
    searched = {"operation": "searchRetrieve"} | changed
    expected = "searchRetrieveResponse" if searched["operation"] == "searchRetrieve" else "explainResponse"
    assert answer.tag == f"{{{SRW}}}{expected}"


@hypothesis_settings(max_examples=60, deadline=None)
@given(query=st.text(alphabet='ab" ()=<>/\\*^?-dc.title\x00é\ud800', max_size=40), start=st.text(max_size=5))
def test_nothing_breaks_it(ask: Ask, query: str, start: str) -> None:
    sent = query.encode("utf-8", "surrogatepass")
    assert ask(query=sent, startRecord=start).tag.startswith(f"{{{SRW}}}")


def test_one_query_reads_so_much_and_no_more(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.sru.searching.MOST_READ", 3)
    assert ids(ask(query="dc.title=devenir or dc.title=devenir or dc.title=devenir")) == ["nurse-fr"]  # looked for once
    assert numbers(ask(query="dc.title=devenir or dc.title=infirmière or dc.title=métier")) == [60]


def test_programs_wait_for_one_another_and_not_for_ever(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sru, "_PATIENCE", 0.01)
    with sru._AT_ONCE, sru._AT_ONCE:
        assert numbers(ask(query="devenir")) == [2]
    assert ids(ask(query="dc.title=devenir")) == ["nurse-fr"]


def test_pages_have_every_record_once(ask: Ask) -> None:
    seen, start = [], "1"
    while start:
        page = ask(query="cql.allRecords=1", startRecord=start, maximumRecords=2)
        seen += [each.text for each in page.iterfind(".//zs:recordIdentifier", NAMES)]
        start = page.findtext("zs:nextRecordPosition", "", NAMES)
    assert sorted(filter(None, seen)) == ["book", "care", "grant", "nurse-fr", "nurse-nl"]
    nothing = ask(query="cql.allRecords=1", maximumRecords=0)
    assert nothing.find("zs:records", NAMES) is None
    assert nothing.findtext("zs:numberOfRecords", "", NAMES) == "5"
    most = ask(query="cql.allRecords=1", maximumRecords=5000)
    assert most.findtext(".//zs:maximumRecords", "", NAMES) == str(MOST_RECORDS)


def test_records_in_both_schemas_and_both_packings(ask: Ask) -> None:
    dc = ask(query="rec.identifier=book")
    assert dc.findtext(".//zs:recordSchema", "", NAMES) == SCHEMAS["dc"]
    assert dc.findtext(".//zs:recordData/srw_dc:dc/dc:title", "", NAMES) == "Le guide & <le reste>"
    packed = ask(query="rec.identifier=book", recordPacking="string").findtext(".//zs:recordData", "", NAMES)
    assert ElementTree.fromstring(packed).findtext("dc:title", "", NAMES) == "Le guide & <le reste>"
    marc = ask(query="rec.identifier=book", recordSchema="marcxml").find(".//zs:recordData/marc:record", NAMES)
    assert marc is not None
    assert marc.findtext("marc:controlfield[@tag='001']", "", NAMES) == "book"


def test_an_older_client_is_answered_in_its_version(ask: Ask) -> None:
    answer = ask(query="cql.allRecords=1", version="1.1")
    assert answer.findtext("zs:version", "", NAMES) == "1.1"
    assert answer.find(".//zs:recordIdentifier", NAMES) is None


def test_it_explains_itself(client: TestClient, ask: Ask) -> None:
    for answer in (ElementTree.fromstring(client.get("/sru").content), ask(operation="explain", maximumRecords=None)):
        assert not numbers(answer)
        names = {(e.get("set"), e.text) for e in answer.iterfind(".//zr:index/zr:map/zr:name", NAMES)}
        assert names == {tuple(name.split(".", 1)) for index in INDEXES for name in index.names}
        assert {e.get("name"): e.get("identifier") for e in answer.iterfind(".//zr:set", NAMES)} == SETS
        assert answer.findtext(".//zr:database", "", NAMES) == "sru"
        titles = {e.get("lang"): e.text for e in answer.iterfind(".//zr:index[3]/zr:title", NAMES)}
        assert titles["fr"] == "Titre"


@pytest.mark.skipif(YAZ is None, reason="yaz-client is not installed: apt-get install yaz")
def test_yaz_retrieves_every_record(centre: Path, tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    with running(centre, tmp_path) as address:
        host = address.removeprefix("http://")
        commands = (
            f"open http://{host}/sru\nsru get 1.2\nschema marcxml\n"
            "find dc.title=infirmière\nshow 1\nfind cql.allRecords=1\nshow 1+5\nschema dc\nshow 2\n"
            "find dc.colour=red\nquit\n"
        )
        done = subprocess.run([YAZ or ""], input=commands.encode(), capture_output=True, timeout=30, check=True)
    said = done.stdout.decode()
    assert "Number of hits: 1" in said
    assert "Number of hits: 5" in said
    assert all(f">{id}</marc:controlfield>" in said for id in ("book", "care", "grant", "nurse-fr", "nurse-nl"))
    assert "<dc:title" in said
    assert "info:srw/diagnostic/1/16" in said
