"""Records that may be the same: found by each reason, told apart where they only look alike, fast enough to ask."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import pytest

from catalogue.duplicates import Duplicates, Pair
from catalogue.resource import Resource
from catalogue.service import Catalogue
from tests.conftest import AddRecord, write


@pytest.fixture
def shelf(add: AddRecord, centre: Path) -> None:
    title = "title: {fr: Devenir infirmier en trois ans, nl: Verpleegkundige worden in drie jaar}"
    add("nurse", title, "holdings: [{shelf: K1.1}]")
    add("book", "identifiers: {isbn: 2-07-036822-X}", "title: {fr: L'Étranger}")
    add("site", "title: {fr: Bourses d'études}", "holdings: [{url: 'https://www.cfwb.be/bourses/'}]")
    write(centre / "media" / "a.pdf", "same bytes")
    add("leaflet", "title: {fr: Un dépliant}", "holdings: [{file: media/a.pdf}]")


@pytest.mark.parametrize(
    ("typed", "id", "reasons"),
    [
        ({"title": {"fr": "Devenir infimier en trois ans"}}, "nurse", ("near",)),
        ({"title": {"nl": "in drie jaar Verpleegkundige WORDEN"}}, "nurse", ("title",)),
        ({"title": {"en": "Verpleegkundige worden in drie jaren"}}, "", ()),
        ({"identifiers": {"isbn": "9782070368228"}}, "book", ("isbn",)),
        ({"identifiers": {"ean": "9782070368228"}, "title": {"fr": "l’étranger"}}, "book", ("isbn", "title")),
        ({"holdings": [{"url": "http://cfwb.be/bourses?utm_source=x"}]}, "site", ("url",)),
        ({"title": {"fr": ""}, "holdings": [{"url": ""}, "x"], "identifiers": ""}, "", ()),
        ({"title": {"fr": "Devenir infirmier"}}, "", ()),
    ],
)
def test_while_typing(
    shelf: None, catalogue: Catalogue, typed: dict[str, object], id: str, reasons: tuple[str, ...]
) -> None:
    found = catalogue.duplicates.of(typed)
    assert [(match.record.id, match.reasons) for match in found] == ([(id, reasons)] if id else [])


def test_a_file_is_known_by_its_bytes(shelf: None, centre: Path, catalogue: Catalogue) -> None:
    write(centre / "media" / "b.pdf", "same bytes")
    write(centre / "media" / "c.pdf", "same BYTES")
    of = catalogue.duplicates.of
    assert [m.record.id for m in of({"holdings": [{"file": "media/b.pdf"}]})] == ["leaflet"]
    assert not of({"holdings": [{"file": "media/c.pdf"}]})
    assert not of({"holdings": [{"file": "media/not-there.pdf"}]})


def test_a_record_is_not_its_own_duplicate(shelf: None, catalogue: Catalogue) -> None:
    record = catalogue.contents.records["nurse"]
    assert [m.record.id for m in catalogue.duplicates.of(record)] == ["nurse"]
    assert not catalogue.duplicates.of(record, exclude="nurse")


def pairs(catalogue: Catalogue) -> list[tuple[str, ...]]:
    catalogue.refresh()
    return [(pair.one, pair.other, *pair.reasons) for pair in catalogue.duplicates.pairs()]


def test_pairs_come_surest_first(add: AddRecord, catalogue: Catalogue) -> None:
    for id, isbn in (("x1", "2-07-036822-X"), ("x2", "9782070368228")):
        add(id, f"identifiers: {{isbn: {isbn}}}", "title: {fr: L'Étranger}", f"holdings: [{{url: 'https://{id}.be/'}}]")
    for id, title in (("a1", "Le guide de la formation"), ("a2", "Le guide des formations")):
        add(id, f"title: {{fr: {title}}}", f"holdings: [{{url: 'https://{id}.be/'}}]")
    assert pairs(catalogue) == [("x1", "x2", "isbn", "title"), ("a1", "a2", "near")]
    assert catalogue.duplicates.pairs()[0].key == "x1 x2"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["title: {fr: Le guide}", "year: 2025"], ["title: {fr: Le guide}", "year: 2026"]),
        (["title: {fr: Guide 2025}"], ["title: {fr: Guide 2026}"]),
        (
            ["title: {fr: Le guide}", "identifiers: {isbn: 2070368228}"],
            ["title: {fr: Le guide}", "identifiers: {isbn: 2070360024}"],
        ),
        (["title: {fr: Portier, nl: Portier}"], ["title: {fr: Gardien de nuit, nl: Portier}"]),
        (["title: {fr: Brucenter}", "holdings: [{url: 'https://hub.be/'}]"], ["holdings: [{url: 'https://hub.be'}]"]),
        (["title: {fr: Un}", "status: withdrawn"], ["title: {fr: Un}"]),
    ],
)
def test_no_wolf_is_cried(add: AddRecord, catalogue: Catalogue, one: list[str], other: list[str]) -> None:
    for id, lines in (("one", one), ("two", other)):
        own = [] if any(line.startswith("holdings") for line in lines) else [f"holdings: [{{url: 'https://{id}.be'}}]"]
        own += [] if any(line.startswith("title") for line in lines) else ["title: {fr: Le service 1819}"]
        add(id, *lines, *own)
    assert pairs(catalogue) == []


def test_what_many_share_tells_nothing(add: AddRecord, catalogue: Catalogue) -> None:
    for number in range(5):
        add(f"agenda-{number}", "title: {fr: Agenda}", "holdings: [{url: 'https://a.be/agenda'}]")
    assert pairs(catalogue) == []
    assert len(catalogue.duplicates.of({"title": {"fr": "Agenda"}})) == 5, "who types it is told all the same"


def test_what_is_known_is_kept_and_what_changed_is_seen(add: AddRecord, catalogue: Catalogue) -> None:
    add("one", "title: {fr: Le guide}", "holdings: [{shelf: K1.1}]")
    add("two", "title: {fr: Autre chose}", "holdings: [{shelf: K1.2}]")
    assert pairs(catalogue) == []
    first = catalogue.duplicates
    assert catalogue.duplicates is first
    add("two", "title: {fr: Le guide}", "holdings: [{shelf: K1.2}]")
    assert pairs(catalogue) == [("one", "two", "title")]


def test_the_example_centre_is_not_accused(example: Catalogue) -> None:
    found = example.duplicates.pairs()
    assert len(found) <= 2, found


def test_neighbouring_occupations_are_not_taken_for_one(example: Catalogue, test_data: Path) -> None:

    with (test_data / "esco" / "occupations_joined.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    titles = [{lang: row[f"label_{lang}"] for lang in ("fr", "nl")} for row in rows]
    records = {
        f"e{number}": Resource.from_mapping(
            f"e{number}", {"kind": "factsheet", "themes": ["work"], "title": title, "status": "published"}
        )
        for number, title in enumerate(titles)
        if any(title.values())
    }
    contents = dataclasses.replace(example.contents, records=records)
    found = Duplicates(contents, example.settings.resources).pairs()
    assert len(records) > 3000
    assert 0 < len(found) <= 12, [records[p.one].title for p in found]
    assert all(isinstance(pair, Pair) for pair in found)
