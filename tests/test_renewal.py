"""A new edition: what it changes in a record, what stays, and what lines from a spreadsheet are taken for."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from catalogue import pasted, renewal
from catalogue.renewal import Row, Shift
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.vocabulary import Vocabularies
from tests.conftest import PROJECT, AddRecord, write

TODAY = datetime.date(2028, 2, 29)


def record(id: str = "one", **fields: Any) -> Resource:
    given = {
        "kind": "guide",
        "themes": ["work"],
        "title": {"fr": "Le guide du travail", "nl": "De werkgids"},
        "status": "published",
        "year": 2026,
        "series": "sheets",
        "holdings": [
            {"shelf": "K1.1", "copies": 3, "language": "fr", "year": 2026},
            {"shelf": "K1.2", "copies": 2, "language": "nl", "year": 2020},
            {"url": "https://a.example/26"},
        ],
    }
    return Resource.from_mapping(id, given | fields)


def renewed(row: Row, edition: str = "", of: Resource | None = None) -> renewal.Renewed:
    return renewal.renew(of or record(), row, edition, TODAY, "Stopped.", Vocabularies(), PROJECT / "resources")


def test_what_was_received_gets_its_year_and_is_checked_today() -> None:
    made = renewed(Row("one", "received", {"0.copies": "5", "2.url": "https://a.example/27"}), "2027")
    after = made.after
    assert (after.year, after.checked, after.review_by) == (2027, TODAY, datetime.date(2029, 2, 28))
    assert [holding.year for holding in after.holdings] == [2027, 2020, 0], "a holding of another year keeps it"
    assert (after.holdings[0].copies, after.holdings[1].copies, after.holdings[2].url) == (5, 2, "https://a.example/27")
    assert (after.id, after.title, after.series) == ("one", made.before.title, "sheets")
    assert Shift("year", "", "2026", "2027") in made.shifts
    assert Shift("copies", "K1.1", "3", "5") in made.shifts


def test_a_value_that_is_new_means_received_and_the_same_value_means_nothing() -> None:
    assert renewed(Row("one", "", {"year": "2027"})).after.year == 2027
    untouched = renewed(Row("one", "", renewal.held(record())), "2027")
    assert (untouched.after, untouched.row.fate, untouched.shifts) == (untouched.before, "", ())
    assert renewed(Row("one", "missing", {"year": "2027"}), "2027").shifts == ()


def test_stopped_is_withdrawn_or_leaves_the_series() -> None:
    gone = renewed(Row("one", "withdrawn"), of=record(staff_note="Old."))
    assert (gone.after.status, gone.after.series, gone.after.staff_note) == ("withdrawn", "sheets", "Old.\nStopped.")
    left = renewed(Row("one", "leaves")).after
    assert (left.status, left.series, left.staff_note) == ("published", "", "Stopped.")


@pytest.mark.parametrize(
    "values",
    [
        {"year": "soon"},
        {"0.copies": "many"},
        {"2.url": "javascript:1"},
        {"new.url": "nowhere"},
        {"new.file": "media/none.pdf"},
        {"new.file": "media/../centre.yaml"},
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(values: dict[str, str]) -> None:
    made = renewed(Row("one", "received", values))
    assert made.problems
    assert made.after == made.before


def test_one_more_way_to_get_it() -> None:
    made = renewed(Row("one", "received", {"new.url": "https://b.example", "new.file": "media/metier-nurse-fr.pdf"}))
    assert [holding.form for holding in made.after.holdings] == ["shelf", "shelf", "link", "link", "file"]


def test_who_is_behind(add: AddRecord, catalogue: Catalogue) -> None:
    add("aa", "series: sheets", "year: 2027")
    add("bb", "series: sheets", "year: 2026")
    add("cc", "series: sheets", "status: draft")
    add("dd", "series: sheets", "status: withdrawn", "year: 2029")
    add("ee", "year: 2031")
    catalogue.refresh()
    members = renewal.members(catalogue.contents, "sheets")
    assert [one.id for one in members] == ["aa", "bb", "cc"]
    assert renewal.last_year(members) == 2027
    assert [one.id for one in renewal.behind(members)] == ["bb", "cc"]
    assert [one.id for one in renewal.behind(members, 2028)] == ["aa", "bb", "cc"]
    assert renewal.last_year([]) == 0
    undated = record(year="")
    assert renewal.behind([undated]) == []


# --- pasted ----------------------------------------------------------------------------------------------------------

SERIES = [
    record(),
    record(
        "two",
        title={"fr": "Étudier à l'étranger", "nl": "Studeren in het buitenland"},
        identifiers={"isbn": "978-2-07-036822-8", "publisher_ref": "REF-7"},
        holdings=[{"shelf": "K1.9", "copies": 1}],
    ),
    record("three", title={"fr": "Trois"}, holdings=[]),
]


@pytest.mark.parametrize(
    ("line", "id", "values"),
    [
        ("one\t2027\t4", "one", {"year": "2027", "0.copies": "4"}),
        ("K1.2;2027;4", "one", {"year": "2027", "1.copies": "4"}),
        ("De werkgids,nl,4,2027", "one", {"year": "2027", "1.copies": "4"}),
        ("LE GUIDE DU TRAVAIL\thttps://a.example/27", "one", {"2.url": "https://a.example/27"}),
        ("ref-7\t2027", "two", {"year": "2027"}),
        ("9782070368228\t2027", "two", {"year": "2027"}),
        ("978 2 07 036822 8;2027;12", "two", {"year": "2027", "0.copies": "12"}),
        ('"etudier a l\'etranger";2027', "two", {"year": "2027"}),
        (
            "three\thttps://c.example\tmedia/x.pdf\t3",
            "three",
            {"new.url": "https://c.example", "new.file": "media/x.pdf"},
        ),
    ],
)
def test_a_line_finds_its_record_and_its_cells_their_places(line: str, id: str, values: dict[str, str]) -> None:
    found = pasted.read(line, SERIES, {})
    assert found.rows == {id: Row(id, "", values)}
    assert [(one.id, one.near) for one in found.lines] == [(id, False)]


@pytest.mark.parametrize(("word", "fate"), [("Reçu", "received"), ("ontbreekt", "missing"), ("arrêté", "withdrawn")])
def test_a_word_says_what_became_of_it(word: str, fate: str) -> None:
    assert pasted.read(f"one\t{word}", SERIES, {}).rows["one"].fate == fate


def test_a_near_title_is_marked_and_an_unknown_line_is_told() -> None:
    text = "Titel\tJaar\n\nStuderen in het buitenlandt\t2027\nSomething else\t2027\n=1+1\t2027\n"
    found = pasted.read(text, SERIES, {"one": Row("one", "missing")})
    assert found.rows["one"].fate == "missing" and found.rows["two"].values == {"year": "2027"}
    assert [(one.number, one.id, one.near) for one in found.lines] == [(3, "two", True), (4, "", False), (5, "", False)]


def test_two_of_one_title_are_not_guessed_between() -> None:
    assert pasted.read("Trois\t2027", [*SERIES, record("four", title={"fr": "trois"})], {}).rows == {}


@pytest.mark.parametrize("text", ["", "\n\n", "\t\t\n", '"open\nquote', "\0", "a" * 200_000, ",;\t"])
def test_any_text_can_be_pasted(text: str) -> None:
    assert pasted.read(text, SERIES, {}).rows == {}


def test_a_file_that_is_there(tmp_path: Any) -> None:
    write(tmp_path / "media/a.pdf", "x")
    made = renewal.renew(record(), Row("one", "", {"new.file": "media/a.pdf"}), "", TODAY, "", Vocabularies(), tmp_path)
    assert made.after.holdings[-1].file == "media/a.pdf"
