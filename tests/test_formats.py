"""A record's addresses for machines, and the export of a selection at the desk: each format over HTTP."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pymarc
import pytest
from starlette.testclient import TestClient

from catalogue.exchange.registry import FORMATS, open_table, public_formats
from catalogue.settings import Settings
from catalogue.web import addresses
from catalogue.web.machine.formats import ENDINGS
from tests.conftest import AddRecord
from tests.desk_site import DeskSite, desk_site


@pytest.fixture
def site(settings: Settings, add: AddRecord) -> Iterator[DeskSite]:
    add(
        "one",
        "title: {fr: Un, nl: Een}",
        'holdings: [{url: "https://one.example"}]',
        "staff_note: secret",
        "status: published",
    )
    add("two", "title: {fr: Deux}", "status: published")
    add("three", "title: {fr: Trois}", "status: draft")
    with desk_site(settings) as opened:
        yield opened


@pytest.fixture
def visitor(site: DeskSite) -> TestClient:
    return site.browser()


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_public_record_goes_out_in_every_format(visitor: TestClient, ending: str, lang: str) -> None:
    answer = visitor.get(f"{addresses.record(lang, 'one')}.{ending}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(FORMATS[ENDINGS[ending]].media_types[0])
    assert ("Een" if lang == "nl" else "Un") in answer.text
    address = "https://one.example" if ending == "bib" else f"https://centre.example/{lang}/record/one"
    assert address in answer.text  # BibTeX has room for one: where the document is
    assert "secret" not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_draft_goes_to_nobody(visitor: TestClient, ending: str) -> None:
    assert visitor.get(f"{addresses.record('fr', 'three')}.{ending}").status_code == 404
    assert visitor.get(f"{addresses.record('fr', 'none')}.{ending}").status_code == 404


def test_every_public_format_has_an_address_and_no_other() -> None:
    assert set(ENDINGS.values()) == {format.name for format in public_formats()}


def test_the_language_of_the_address_comes_first(visitor: TestClient) -> None:
    record = next(iter(pymarc.MARCReader(io.BytesIO(visitor.get("/nl/record/one.mrc").content))))
    assert record
    assert record["245"]["a"] == "Een"
    assert json.loads(visitor.get("/nl/record/one.jsonld").text)["name"][0] == {"@value": "Een", "@language": "nl"}


@pytest.mark.parametrize("name", [format.name for format in FORMATS.values() if format.write])
def test_a_selection_or_all_found_is_exported(site: DeskSite, tmp_path: Path, name: str) -> None:
    dirk = site.browser("dirk")
    ticked = dirk.post("/desk/fr/export", data={"format": name, "id": ["one", "three"]})
    found = dirk.post("/desk/nl/export", data={"format": name, "found": "?status=published"})
    assert (ticked.status_code, found.status_code) == (200, 200)
    if FORMATS[name].read is None:
        return
    counts = []
    for number, answer in enumerate((ticked, found)):
        assert answer.headers["content-disposition"].endswith(f'{FORMATS[name].extensions[0]}"')
        file = tmp_path / f"{number}{FORMATS[name].extensions[0]}"
        file.write_bytes(answer.content)
        with open_table(file) as table:
            counts.append([bool(row.fault) for row in table.rows])
    assert counts == [[False, False], [False, False]]


def test_an_unknown_format_is_refused_in_words(site: DeskSite) -> None:
    answer = site.browser("dirk").post("/desk/fr/export", data={"format": "word"})
    assert answer.status_code == 400
    assert "word" in answer.text
