"""Editorial lists: read from their files with every fault, shown between their days, on display until a day."""

from __future__ import annotations

import datetime
from contextlib import AbstractContextManager
from pathlib import Path
from unittest.mock import patch

import pytest

from catalogue import editorial
from catalogue.contents import Frame
from catalogue.editorial import EditorialList, load_lists
from catalogue.errors import Gone, NotFound, Severity
from catalogue.service import Catalogue
from tests.conftest import AddRecord, write

GOOD = """\
kind: steps
title: {fr: Titre, nl: Titel}
intro: {fr: Intro, nl: Inleiding}
themes: [work]
from: 2026-10-01
until: 2026-12-31
display_until: 2026-11-30
items:
  - {id: one, note: {fr: Un, nl: Eén}}
  - id: two
    note: {fr: Deux, nl: Twee}
"""
FIRST, LAST, SHOWN_LAST = datetime.date(2026, 10, 1), datetime.date(2026, 12, 31), datetime.date(2026, 11, 30)
DAY = datetime.timedelta(days=1)


def read(folder: Path, text: str, name: str = "first-job") -> EditorialList:
    lists, problems = load_lists(write(folder / f"{name}.yaml", text).parent)
    assert problems == ()
    return lists[name]


def test_a_list_is_what_its_file_says(tmp_path: Path) -> None:
    made = read(tmp_path, GOOD)
    assert (made.slug, made.kind, made.themes, made.ids) == ("first-job", "steps", ("work",), ("one", "two"))
    assert (made.from_, made.until, made.display_until) == (FIRST, LAST, SHOWN_LAST)
    assert made.items[1].note == {"fr": "Deux", "nl": "Twee"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("kind: steps", "kind: path", "first-job.yaml:1: kind: “path” is not one of selection, steps"),
        ("kind: steps\n", "", "first-job.yaml:1: “kind” is missing"),
        ("{fr: Titre, nl: Titel}", "Titre", "first-job.yaml:2: title: give the languages: {fr: …, nl: …}"),
        ("[work]", "[worck]", "first-job.yaml:4: themes.0: “worck” is not one of orient, learn, work, start, move"),
        ("from: 2026-10-01", "from: soon", "5: from: “soon” is not a date; right would be “2026-03-01”"),
        ("from: 2026-10-01\n", "", "first-job.yaml:1: “from” is missing"),
        ("until: 2026-12-31", "until: 2026-09-30", "first-job.yaml:6: until: the end comes before the start"),
        ("display_until: 2026-11-30", "display_until: 2026-09-30", "7: display_until: the end comes before the start"),
        ("id: two", "id: one", "first-job.yaml:10: items.1: the id “one” stands twice in this list"),
        ("id: two", "id: Two!", "items.1.id: “Two!” is not of the right form; right would be “devenir-infirmier”"),
        ("note: {fr: Deux", "notes: {fr: Deux", "11: items.1.notes: unknown key; did you mean “note”?"),
        ("intro:", "intor:", "first-job.yaml:3: intor: unknown key; did you mean “intro”?"),
        ("kind: steps", "kind: [", "the YAML breaks off here"),
    ],
)
def test_every_fault_is_told_where_it_stands_and_the_others_go_on(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in GOOD
    write(tmp_path / "first-job.yaml", GOOD.replace(old, new, 1))
    write(tmp_path / "other.yaml", GOOD)
    lists, problems = load_lists(tmp_path)
    assert list(lists) == ["other"]
    assert says in problems[0].render(root=tmp_path)
    assert problems[0].severity is Severity.ERROR


def test_an_empty_list_an_empty_file_and_a_bad_name_are_faults(tmp_path: Path) -> None:
    write(tmp_path / "a-list.yaml", GOOD[: GOOD.index("items:")] + "items: []\n")
    write(tmp_path / "b-list.yaml", "")
    write(tmp_path / "C list.yaml", GOOD)
    write(tmp_path / "d-list.yaml", "- {id: one}\n")
    lists, problems = load_lists(tmp_path)
    assert lists == {}
    assert [problem.render(root=tmp_path).split(": ", 1)[1] for problem in problems] == [
        "the file's name “C list” should be 2 to 80 of a–z, 0–9 and -",
        "“items” is missing",
        "the file is empty",
        "this should be a list of keys and values, such as “kind: …”",
    ]


def test_a_missing_translation_is_a_gap(tmp_path: Path) -> None:
    write(tmp_path / "first-job.yaml", GOOD.replace(", nl: Twee", "").replace("nl: Titel", "en: Title"))
    lists, problems = load_lists(tmp_path)
    assert "first-job" in lists
    assert [(problem.severity.name, problem.render(root=tmp_path)) for problem in problems] == [
        ("GAP", "first-job.yaml:2: title: the text in “nl” is missing"),
        ("GAP", "first-job.yaml:11: items.1.note: the text in “nl” is missing"),
    ]


def test_no_folder_is_no_list(tmp_path: Path) -> None:
    assert load_lists(tmp_path / "lists") == ({}, ())


def test_the_newest_come_first(tmp_path: Path) -> None:
    for name, day in (("aa", "2026-10-01"), ("bb", "2026-11-01"), ("cc", "2026-10-01")):
        write(tmp_path / f"{name}.yaml", GOOD.replace("2026-10-01", day))
    assert list(load_lists(tmp_path)[0]) == ["bb", "aa", "cc"]


def test_it_is_public_from_its_first_to_its_last_day(tmp_path: Path) -> None:
    made = read(tmp_path, GOOD)
    days = (FIRST - DAY, FIRST, LAST, LAST + DAY)
    assert [made.is_public(day) for day in days] == [False, True, True, False]
    assert [made.is_over(day) for day in days] == [False, False, False, True]
    for_ever = read(tmp_path, GOOD.replace("until: 2026-12-31\n", "", 1))
    assert for_ever.is_public(datetime.date(2099, 1, 1))


def test_it_is_on_display_until_the_day_and_then_no_more(tmp_path: Path) -> None:
    made = read(tmp_path, GOOD)
    days = (FIRST - DAY, FIRST, SHOWN_LAST, SHOWN_LAST + DAY)
    assert [editorial.display_until([made], "one", day) for day in days] == [None, SHOWN_LAST, SHOWN_LAST, None]
    assert editorial.display_until([made], "three", FIRST) is None


def test_of_two_displays_the_longer_counts(tmp_path: Path) -> None:
    longer = read(tmp_path / "a", GOOD.replace("2026-11-30", "2026-12-15"))
    assert editorial.display_until([read(tmp_path / "b", GOOD), longer], "one", FIRST) == datetime.date(2026, 12, 15)


def test_shown_are_those_of_a_theme(tmp_path: Path) -> None:
    made = read(tmp_path, GOOD)
    assert editorial.shown([made], FIRST) == editorial.shown([made], FIRST, "work") == [made]
    assert editorial.shown([made], FIRST, "move") == editorial.shown([made], FIRST - DAY) == []


# --- in a catalogue --------------------------------------------------------------------------------------------


@pytest.fixture
def lists(centre: Path, add: AddRecord) -> Path:
    add("one")
    add("two", "status: draft")
    return write(centre / "lists" / "first-job.yaml", GOOD).parent


def at(day: datetime.date) -> AbstractContextManager[object]:
    return patch.object(Catalogue, "now", lambda _: datetime.datetime.combine(day, datetime.time(12)))


def warnings(catalogue: Catalogue) -> list[str]:
    root = catalogue.settings.resources
    return [problem.render(root=root) for problem in catalogue.contents.faults()]


def test_an_id_without_a_published_record_is_a_warning(lists: Path, catalogue: Catalogue, add: AddRecord) -> None:
    said = (
        "lists/first-job.yaml:10: items.1.id: no published record has the id “two”: visitors do not see it in this list"
    )
    assert warnings(catalogue) == [said]
    assert [problem.severity for problem in catalogue.contents.faults()] == [Severity.WARNING]
    add("two")
    assert catalogue.refresh()
    assert warnings(catalogue) == []
    add("one", "status: withdrawn")
    assert catalogue.refresh()
    assert warnings(catalogue) == [said.replace(":10:", ":9:").replace("items.1", "items.0").replace("two", "one")]


def test_a_warning_is_no_change_that_comes_back_every_second(lists: Path, catalogue: Catalogue) -> None:
    before = catalogue.contents
    assert not catalogue.refresh()
    assert catalogue.contents is before


def test_visible_are_published_records_whose_day_is_not_past(lists: Path, catalogue: Catalogue, add: AddRecord) -> None:
    add("past", "kind: event", "dates: [{start: 2020-01-01}]")
    catalogue.refresh()
    assert [record.id for record in catalogue.visible(("past", "two", "nowhere", "one"))] == ["one"]


def test_a_list_opens_between_its_days(lists: Path, catalogue: Catalogue) -> None:
    with at(FIRST):
        assert catalogue.editorial_list("first-job").slug == "first-job"
        assert [made.slug for made in catalogue.editorial_lists("work")] == ["first-job"]
    with at(FIRST - DAY), pytest.raises(NotFound) as early:
        catalogue.editorial_list("first-job")
    with at(LAST + DAY), pytest.raises(Gone):
        catalogue.editorial_list("first-job")
    with pytest.raises(NotFound):
        catalogue.editorial_list("nowhere")
    assert not isinstance(early.value, Gone)


def test_a_list_that_changes_on_the_disk_is_read_again(lists: Path, catalogue: Catalogue, centre: Path) -> None:
    signature = Frame.signature(centre)
    write(lists / "second.yaml", GOOD)
    assert Frame.signature(centre) != signature
    assert catalogue.refresh()
    assert list(catalogue.contents.frame.lists) == ["first-job", "second"]
    (lists / "first-job.yaml").unlink()
    assert catalogue.refresh()
    assert list(catalogue.contents.frame.lists) == ["second"]
