"""The staff's search over all records: words, filters, order."""

from __future__ import annotations

import datetime

import pytest

from catalogue.inventory import Inventory, Wanted
from catalogue.service import Catalogue
from tests.conftest import AddRecord, ids_of

TODAY = datetime.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def records(add: AddRecord) -> None:
    add("one", "title: {fr: Élèves à l’école, nl: Leerlingen}", "added: 2026-01-01", "checked: 2026-06-01")
    add("two", "status: draft", "title: {fr: Deux}", "kind: guide", "publisher: siep", "added: 2026-03-01")
    add("three", "status: withdrawn", "series: sheets", "themes: [learn]", "review_by: 2026-11-21", "languages: [nl]")
    add("four", 'holdings: [{shelf: K1.04}, {url: "https://www.cdm.example/page"}]', "review_by: 2026-11-22")
    add("five", 'identifiers: {isbn: "978-2-07-036822-8"}', "summary: {fr: Rien}", "added: 2026-02-01")
    add("broken", "kind: nothing")


def found(catalogue: Catalogue, **wanted: str) -> list[str]:
    asked = Wanted.from_params(wanted)
    return ids_of(tuple(Inventory().find(catalogue.contents, asked, TODAY)))


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("eleves ecole", {"one"}),
        ("LEERLING", {"one"}),
        ("deux", {"two"}),
        ("siep nl", {"two"}),
        ("k1.04", {"four"}),
        ("cdm.example", {"four"}),
        ("9782070368228", {"five"}),
        ("978-2070368228", {"five"}),
        ("978-2-07-036822-8", {"five"}),
        ("sheets fr", {"three"}),
        ("leerlingen siep", set()),
        ("broken", set()),
    ],
)
def test_all_words_must_be_there(catalogue: Catalogue, words: str, ids: set[str]) -> None:
    assert set(found(catalogue, q=words)) == ids


@pytest.mark.parametrize(
    ("name", "value", "ids"),
    [
        ("status", "draft", {"two"}),
        ("status", "withdrawn", {"three"}),
        ("kind", "guide", {"two"}),
        ("theme", "learn", {"three"}),
        ("publisher", "siep", {"two"}),
        ("series", "sheets", {"three"}),
        ("language", "nl", {"three"}),
        ("missing", "nl", {"two", "five"}),
        ("missing", "fr", set()),
        ("missing", "xx", set()),
        ("review", "passed", {"three"}),
        ("status", "nothing", set()),
    ],
)
def test_filters(catalogue: Catalogue, name: str, value: str, ids: set[str]) -> None:
    assert set(found(catalogue, **{name: value})) == ids


def test_orders(catalogue: Catalogue) -> None:
    assert found(catalogue)[:3] == ["two", "five", "one"]
    assert found(catalogue, sort="title") == ["two", "one", "five", "four", "three"]
    assert found(catalogue, sort="checked")[-1] == "one"
    assert found(catalogue, sort="nothing") == found(catalogue)


def test_what_is_searched_follows_the_records(catalogue: Catalogue, add: AddRecord) -> None:
    inventory, wanted = Inventory(), Wanted(q="nouveau")
    assert inventory.find(catalogue.contents, wanted, TODAY) == []
    add("one", "title: {fr: Nouveau}")
    catalogue.refresh()
    assert ids_of(tuple(inventory.find(catalogue.contents, wanted, TODAY))) == ["one"]


@pytest.mark.parametrize("page", ["", "x", "0", "-3", "1e3", "²", "999999999999"])
def test_an_address_is_always_understood(page: str) -> None:
    assert Wanted.from_params({"page": page, "q": "a\x00b " * 200, "unknown": "x"}).page >= 1


def test_an_address_says_what_was_wanted() -> None:
    wanted = Wanted(q="é &", kind="book", sort="title", page=3)
    assert wanted.to_query_string(page=4) == "?q=%C3%A9+%26&kind=book&sort=title&page=4"
    assert wanted.to_query_string() == "?q=%C3%A9+%26&kind=book&sort=title"
    assert wanted.narrowed
    assert not Wanted(q="x", sort="title", page=2).narrowed
