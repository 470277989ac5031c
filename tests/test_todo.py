"""The to-do lists: what stands on each, in which order, and what makes a thing that was put aside come back."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from catalogue.errors import Severity
from catalogue.service import Catalogue
from catalogue.state import Draft, ProblemReport, ZeroResult
from catalogue.todo import LISTS, Item, by_field, edits, questions, unsearched
from tests import hostile_pdf
from tests.conftest import NOW, AddRecord, write


def ids(catalogue: Catalogue, name: str, now: datetime.datetime = NOW) -> list[str]:
    return [item.id for item in catalogue.todo.items(name, now)]


def test_drafts_unchecked_and_no_way_to_get_it(add: AddRecord, catalogue: Catalogue) -> None:
    add("b-draft", "status: draft", "holdings: []")
    add("a-draft", "status: draft")
    add("unchecked")
    add("checked", "checked: 2026-01-01")
    add("nowhere", "holdings: []", "checked: 2026-01-01")
    add("open-hours", "holdings: []", "checked: 2026-01-01", "contact: {phone: '02 000 00 00'}")
    add("gone", "status: withdrawn", "holdings: []")
    catalogue.refresh()
    assert ids(catalogue, "drafts") == ["a-draft", "b-draft"]
    assert ids(catalogue, "unchecked") == ["unchecked"]
    assert ids(catalogue, "no-holding") == ["nowhere"]


def test_to_translate_by_language_and_field(add: AddRecord, catalogue: Catalogue) -> None:
    add("french", "title: {fr: Un titre}", "summary: {fr: Un résumé}")
    add("dutch", "title: {nl: Een titel}")
    add("half", "summary: {fr: Un résumé}")
    add("draft", "title: {fr: Un titre}", "status: draft")
    write(catalogue.settings.resources / "pages" / "help.yaml", "title: {fr: Aide}\nbody: {fr: Texte}\n")
    catalogue.refresh()
    assert ids(catalogue, "to-dutch") == ["french", "half"]
    assert ids(catalogue, "to-french") == ["dutch"]
    assert by_field(catalogue.todo.items("to-dutch", NOW)) == {"summary": 2, "title": 1}
    assert ids(catalogue, "to-dutch.title") == ["french"]
    assert ids(catalogue, "to-dutch.nothing") == []


def test_what_was_put_aside_comes_back_with_another_text(add: AddRecord, catalogue: Catalogue) -> None:
    add("french", "title: {fr: Un titre}")
    catalogue.refresh()
    (before,) = catalogue.todo.items("to-dutch", NOW)
    add("french", "title: {fr: Un titre}", "summary: {fr: Un résumé}")
    catalogue.refresh()
    (after,) = catalogue.todo.items("to-dutch", NOW)
    assert before.key != after.key


def test_reviews_and_events_when_their_day_is_past(add: AddRecord, catalogue: Catalogue) -> None:
    add("later", "review_by: 2026-11-22")
    add("older", "review_by: 2025-01-01")
    add("just", "review_by: 2026-11-21")
    add("fair", "kind: event", "dates: [{start: 2026-11-21}]")
    add("evening", "kind: event", "dates: [{start: 2026-11-22T11:00, end: 2026-11-22T13:00}]")
    catalogue.refresh()
    assert ids(catalogue, "review") == ["older", "just"]
    (fair,) = catalogue.todo.items("past", NOW)
    assert (fair.id, fair.day) == ("fair", datetime.date(2026, 11, 21))
    assert ids(catalogue, "past", NOW + datetime.timedelta(hours=2)) == ["fair", "evening"]
    assert ids(catalogue, "review", NOW + datetime.timedelta(days=1)) == ["older", "just", "later"]


def test_doubtful_values_and_faulty_files_name_their_lines(add: AddRecord, catalogue: Catalogue) -> None:
    add("doubt", "sectors: [helth]", "audiences: [pupil]")
    path = add("broken", "knd: guide")
    lists = write(catalogue.settings.resources / "lists" / "some.yaml", "kind: steps\n")
    catalogue.refresh()
    (doubt,) = catalogue.todo.items("terms", NOW)
    assert (doubt.id, [p.field for p in doubt.problems]) == ("doubt", ["sectors.0", "audiences.0"])
    listed, broken = catalogue.todo.items("faults", NOW)
    assert (broken.id, broken.problems[0].path, broken.problems[0].line) == ("", path, 6)
    assert broken.key.startswith("records/broken.yaml ")
    assert {p.path for p in listed.problems} == {lists}
    assert all(p.severity is Severity.ERROR for item in (broken, listed) for p in item.problems)


def test_pairs(add: AddRecord, catalogue: Catalogue) -> None:
    add("one", "holdings: [{url: 'https://a.be/x'}]")
    add("two", "holdings: [{url: 'http://www.a.be/x/'}]")
    catalogue.refresh()
    assert list(catalogue.todo.items("duplicates", NOW)) == [Item("one two", "one", "two", ("url",))]


def test_reports_follow_what_moved_and_forget_what_is_gone(add: AddRecord, catalogue: Catalogue) -> None:
    add("new", "replaces: [old]")
    catalogue.refresh()
    day = datetime.date(2026, 11, 20)
    reports = [
        ProblemReport("old", "link", 2, day),
        ProblemReport("new", "shelf", 1, day + datetime.timedelta(days=1)),
        ProblemReport("gone", "link", 5, day),
    ]
    (item,) = catalogue.todo.reported(reports)
    assert (item.id, item.day, len(item.reports)) == ("new", datetime.date(2026, 11, 21), 2)
    again = catalogue.todo.reported([*reports, ProblemReport("new", "link", 1, day)])
    assert again[0].key != item.key, "one more report brings it back"


def test_edits_and_questions() -> None:
    draft = Draft("record/one", NOW, "", ())
    assert [(i.id, i.draft) for i in edits([draft, Draft("new/x", NOW, "", ())])] == [
        ("one", draft),
        ("", Draft("new/x", NOW, "", ())),
    ]
    (item,) = questions([ZeroResult("koala", 3, None)])
    assert (item.key, item.concerns("koala"), item.concerns("")) == ("koala", True, True)


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_centre_has_nothing_to_do(catalogue: Catalogue, name: str) -> None:
    assert not list(catalogue.todo.items(name, NOW))


def test_lists_are_kept_while_nothing_changes(add: AddRecord, catalogue: Catalogue, centre: Path) -> None:
    add("one")
    catalogue.refresh()
    before = catalogue.todo
    catalogue.refresh()
    assert catalogue.todo is before
    add("two")
    catalogue.refresh()
    assert ids(catalogue, "unchecked") == ["one", "two"]


def test_files_that_search_cannot_look_into(add: AddRecord, catalogue: Catalogue) -> None:
    media = catalogue.settings.resources / "media"
    media.mkdir()
    (media / "scan.pdf").write_bytes(hostile_pdf.pages(["1", "2"]))
    (media / "locked.pdf").write_bytes(hostile_pdf.locked())
    (media / "good.pdf").write_bytes(hostile_pdf.pages(["Une page avec du texte"]))
    for name in ("scan", "locked", "good"):
        add(name, f"holdings: [{{file: media/{name}.pdf}}]")
    catalogue.refresh()
    catalogue.file_texts.look()
    contents, problems = catalogue.contents, catalogue.file_texts.problems
    (scan,) = unsearched(contents, problems, "scans")
    (locked,) = unsearched(contents, problems, "unread")
    assert (scan.id, scan.problems[0].field) == ("scan", "media/scan.pdf")
    assert (locked.id, "password" in locked.problems[0].message) == ("locked", True)
    add("locked", "holdings: [{shelf: K1}]")
    catalogue.refresh()
    assert not unsearched(catalogue.contents, catalogue.file_texts.problems, "unread")
