"""Many records changed together: what each deed does, what stays, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalogue import bulk
from catalogue.bulk import EDITABLES, Edit, preview, values_in
from catalogue.errors import BadInput
from catalogue.resource import Resource
from catalogue.vocabulary import Vocabularies


@pytest.fixture
def terms(centre: Path) -> Vocabularies:
    return Vocabularies.load(centre / "vocabularies")


def record(id: str = "one", **values: Any) -> Resource:
    plain = {"kind": "website", "themes": ["work"], "title": {"fr": "T"}, "status": "draft", **values}
    return Resource.from_mapping(id, plain)


def changed(edit: Edit, before: Resource, terms: Vocabularies) -> Resource | None:
    """Return the record after the change, None where it stays."""
    seen = preview(edit, [before], terms)
    assert not seen.refused
    return seen.changes[0][1] if seen.changes else None


@pytest.mark.parametrize(
    ("does", "old", "new", "after"),
    [
        ("add", "", "workers", ("pupils", "jobseekers", "workers")),
        ("add", "", "pupils", None),
        ("remove", "pupils", "", ("jobseekers",)),
        ("remove", "workers", "", None),
        ("replace", "pupils", "workers", ("workers", "jobseekers")),
        ("replace", "pupils", "jobseekers", ("jobseekers",)),
        ("replace", "workers", "pupils", None),
    ],
)
def test_a_list(terms: Vocabularies, does: str, old: str, new: str, after: tuple[str, ...] | None) -> None:
    edit = Edit.asked("audiences", does, old, new, terms)
    found = changed(edit, record(audiences=["pupils", "jobseekers"]), terms)
    assert (found.audiences if found else None) == after


def test_words_of_one_language(terms: Vocabularies) -> None:
    before = record(keywords={"fr": ["job"]})
    found = changed(Edit.asked("keywords.nl", "add", "", "werk", terms), before, terms)
    assert found is not None
    assert found.keywords == {"fr": ("job",), "nl": ("werk",)}
    found = changed(Edit.asked("keywords.fr", "remove", "job", "", terms), before, terms)
    assert found is not None
    assert not found.keywords


@pytest.mark.parametrize(
    ("does", "old", "new", "before", "after"),
    [
        ("set", "", "2026", 2025, 2026),
        ("set", "", "2025", 2025, None),
        ("fill", "", "2026", 2025, None),
        ("fill", "", "2026", 0, 2026),
        ("replace", "2025", "2026", 2025, 2026),
        ("replace", "2024", "2026", 2025, None),
        ("clear", "", "", 2025, 0),
        ("clear", "", "", 0, None),
    ],
)
def test_a_single_value(terms: Vocabularies, does: str, old: str, new: str, before: int, after: int | None) -> None:
    found = changed(Edit.asked("year", does, old, new, terms), record(year=before or ""), terms)
    assert (found.year if found else None) == after


@pytest.mark.parametrize(
    ("field", "value"),
    [("status", "published"), ("review_by", "2027-01-01"), ("kind", "guide"), ("staff_note", "à voir")],
)
def test_any_single_field(terms: Vocabularies, field: str, value: str) -> None:
    found = changed(Edit.asked(field, "set", "", value, terms), record(), terms)
    assert found is not None
    assert str(found.to_mapping()[field]) == value


def test_the_beginning_of_addresses(terms: Vocabularies) -> None:
    before = record(
        holdings=[{"url": "http://a.example/x"}, {"url": "https://b.example"}, {"shelf": "K1.1"}],
        dates=[{"start": "2026-12-04", "register": "http://a.example/in"}],
    )
    found = changed(
        Edit.asked(bulk.ADDRESSES, "replace", "http://a.example/", "https://a.example/new/", terms), before, terms
    )
    assert found is not None
    assert [h.url for h in found.holdings] == ["https://a.example/new/x", "https://b.example", ""]
    assert found.dates[0].register == "https://a.example/new/in"
    seen = preview(Edit(bulk.ADDRESSES, "replace", "http://c.", "https://c."), [before], terms)
    assert dict(seen.stays) == {bulk.NO_ADDRESS: 1}


@pytest.mark.parametrize("typed", ["a.example", "javascript:x", "http://", 'http://a"b', ""])
def test_what_is_no_beginning_of_an_address(terms: Vocabularies, typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        Edit.asked(bulk.ADDRESSES, "replace", "http://a.example", typed, terms)
    assert caught.value.params["field"] == "new"


def test_what_would_be_no_record_is_refused_and_the_others_change(terms: Vocabularies) -> None:
    records = [record("one"), record("two", themes=["work", "learn"]), record("three", themes=["learn"])]
    seen = preview(Edit.asked("themes", "remove", "work", "", terms), records, terms)
    assert [(old.id, new.themes) for old, new in seen.changes] == [("two", ("learn",))]
    assert [(refused.id, len(problems)) for refused, problems in seen.refused] == [("one", 1)]
    assert dict(seen.stays) == {bulk.ABSENT: 1}


def test_a_term_is_known_by_any_of_its_labels(terms: Vocabularies) -> None:
    assert Edit.asked("audiences", "add", "", "Workers NL", terms).new == "workers"
    assert Edit.asked("occupations", "add", "", "Infirmiere", terms).new == "nurse"


@pytest.mark.parametrize(
    ("field", "does", "old", "new", "wrong"),
    [
        ("nothing", "add", "", "x", "does"),
        ("audiences", "clear", "", "", "does"),
        ("audiences", "burn", "", "", "does"),
        ("audiences", "add", "pupils", " ", "new"),
        ("audiences", "remove", "", "pupils", "old"),
        ("audiences", "add", "", "nobody", "new"),
        ("year", "set", "", "10000", "new"),
        ("checked", "set", "", "2026-13-01", "new"),
        ("status", "set", "", "burnt", "new"),
    ],
)
def test_what_cannot_be_asked(terms: Vocabularies, field: str, does: str, old: str, new: str, wrong: str) -> None:
    with pytest.raises(BadInput) as caught:
        Edit.asked(field, does, old, new, terms)
    assert caught.value.params["field"] == wrong


def test_a_value_that_is_no_term_any_more_can_be_removed(terms: Vocabularies) -> None:
    found = changed(Edit.asked("audiences", "remove", "ghosts", "", terms), record(audiences=["ghosts"]), terms)
    assert found is not None
    assert found.audiences == ()


def test_values_with_how_many_have_them() -> None:
    records = [record(audiences=["pupils"]), record(audiences=["workers", "pupils"], year=2025), record()]
    assert list(values_in(EDITABLES["audiences"], records).items()) == [("pupils", 2), ("workers", 1)]
    assert values_in(EDITABLES["year"], records) == {"2025": 1}
    assert values_in(EDITABLES["keywords.fr"], records) == {}


def test_every_other_field_stays(terms: Vocabularies) -> None:
    before = record(
        summary={"fr": "S", "nl": "S"},
        holdings=[{"shelf": "K1.1", "copies": 2, "language": "fr"}],
        contact={"walk_in": True, "phone": "02 000 00 00"},
        dates=[{"start": "2026-12-04T14:00", "where": "ici"}],
        body={"fr": "Un\n\ndeux"},
    )
    found = changed(Edit.asked("audiences", "add", "", "pupils", terms), before, terms)
    assert found is not None
    assert {**found.to_mapping(), "audiences": None} == {**before.to_mapping(), "audiences": None}
