"""The shapes a value may have, one by one, and the groups of fields made of them."""

from __future__ import annotations

import datetime
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import shapes, yamlfile
from catalogue.errors import Severity
from catalogue.fields import FACETS, INDEX_FIELDS, THEMES, Contact, Holding, Occasion, RecordFields
from catalogue.shapes import Code, Day, Field, Group, Line, Many, Moment, Number, Place, ShelfMark, Texts, Truth
from catalogue.values import Said, Text
from catalogue.yamlfile import Value
from tests.conftest import write

FIELDS = shapes.declared(RecordFields)


@dataclass
class Terms:
    """Stands in for the vocabularies: the lists it has, none other could be read."""

    lists: dict[str, list[str]]

    def ids(self, vocabulary: str) -> Container[str] | None:
        return self.lists.get(vocabulary)

    def known(self, vocabulary: str) -> Sequence[str]:
        return self.lists.get(vocabulary, [])


TERMS = Terms({"languages": ["fr", "nl"], "shelves": ["K1"], "kinds": ["website", "video"]})


def place(terms: Terms | None = TERMS, media: Path | None = None) -> Place:
    return Place(yamlfile.Document(Path("x.yaml"), None), [], terms, media)


def read(shape: shapes.Shape[Any], value: Value, where: Place | None = None) -> tuple[Any, list[str]]:
    where = where or place()
    result = shape.read(value, where)
    return result, [problem.render() for problem in where.problems]


def shape(path: str) -> shapes.Shape[Any]:
    """Return the shape of a field such as ``contact.phone``."""
    groups = {"holdings": Holding, "dates": Occasion, "contact": Contact}
    head, _, rest = path.partition(".")
    field: Field = shapes.declared(groups[head])[rest] if rest else FIELDS[head]
    return field.shape


RIGHT: list[tuple[str, Value, Any, Any]] = [
    ("year", "2026", 2026, 2026),
    ("added", "2026-02-28", datetime.date(2026, 2, 28), datetime.date(2026, 2, 28)),
    ("dates.start", "2026-12-04T14:00", datetime.datetime(2026, 12, 4, 14), "2026-12-04T14:00"),
    ("dates.start", "2026-12-04 14:00", datetime.datetime(2026, 12, 4, 14), "2026-12-04T14:00"),
    ("dates.start", "2026-12-04T14:00:30", datetime.datetime(2026, 12, 4, 14, 0, 30), "2026-12-04T14:00:30"),
    ("dates.start", "2026-12-04", datetime.datetime(2026, 12, 4), datetime.date(2026, 12, 4)),
    ("contact.walk_in", "true", True, True),
    ("dates", [{"start": "2026-01-01", "end": "2026-01-01"}],
     (Occasion(start=datetime.datetime(2026, 1, 1), end=datetime.datetime(2026, 1, 1)),),
     [{"start": datetime.date(2026, 1, 1), "end": datetime.date(2026, 1, 1)}]),
    ("contact.phone", "+32 2 235 79 20", "+32 2 235 79 20", "+32 2 235 79 20"),
    ("contact.hours", "9:30", Text({"und": "9:30"}), "9:30"),
    ("contact.hours", {"fr": " 9 h "}, Text({"fr": "9 h"}), {"fr": "9 h"}),
    ("holdings.url", "https://é.example/a?b=c#d", "https://é.example/a?b=c#d", "https://é.example/a?b=c#d"),
    ("holdings.shelf", "K1.14", "K1.14", "K1.14"),
    ("holdings.use", "take", "take", "take"),
    ("holdings.captions", {"fr": "media/a.vtt", "sfb": "media/b.vtt"}, {"fr": "media/a.vtt", "sfb": "media/b.vtt"},
     {"fr": "media/a.vtt", "sfb": "media/b.vtt"}),
    ("themes", ["work", "learn", "work"], ("work", "learn"), ["work", "learn"]),
    ("title", {"fr": "un\n  deux ", "nl": ""}, Text({"fr": "un deux"}), {"fr": "un deux"}),
    ("body", {"fr": "un\r\n\n- deux\u2028trois\n"}, Text({"fr": "un\n\n- deux\ntrois"}),
     {"fr": "un\n\n- deux\ntrois\n"}),
    ("keywords", {"nl": ["a", "b", "a"]}, {"nl": ("a", "b")}, {"nl": ["a", "b"]}),
    ("staff_note", "  un\r\ndeux ", "un\ndeux", "un\ndeux"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "typed", "plain"), RIGHT, ids=lambda value: str(value)[:20])
def test_a_right_value_is_typed_and_written_back(path: str, value: Value, typed: Any, plain: Any) -> None:
    result, problems = read(shape(path), value)
    assert problems == []
    assert result == typed
    assert type(result) is type(typed) or isinstance(result, Text)
    written = shape(path).write(result)
    assert (written, type(written)) == (plain, type(plain))
    assert read(shape(path), shapes.as_value(written)) == (typed, [])


WRONG: list[tuple[str, Value, str]] = [
    ("year", "1799", "“1799” is not a number from 1800 to 2100"),
    ("year", "2101", "“2101” is not a number from 1800 to 2100"),
    ("year", "MMXX", "“MMXX” is not a number"),
    ("year", ["2020"], "“['2020']” is not a number"),
    ("added", "2026-02-30", "“2026-02-30” is not a date; right would be “2026-03-01”"),
    ("added", "20260203", "is not a date"),
    ("added", "2026-W10-1", "is not a date"),
    ("added", "01/03/2026", "is not a date"),
    ("added", "2026-03-01T10:00", "is not a date"),
    ("added", {"a": "b"}, "is not a date"),
    ("dates.start", "2026-12-04T25:00", "is not a date and time; right would be “2026-12-04T14:00”"),
    ("dates.start", "20261204T1400", "is not a date and time"),
    ("dates.start", "2026-12-04T14:00+02:00", "is not a date and time"),
    ("contact.walk_in", "no", "“no” is not one of true, false"),
    ("contact.phone", "call us", "“call us” is not of the right form; right would be “+32 2 000 00 00”"),
    ("contact.email", "a@b", "right would be “info@example.brussels”"),
    ("holdings.url", "www.example.org", "“www.example.org” is not a web address; it begins with https://"),
    ("holdings.url", "ftp://a.example/x", "is not a web address"),
    ("holdings.url", "https:///x", "is not a web address"),
    ("holdings.url", "http://[::1", "is not a web address"),
    ("holdings.url", "https://a b.example", "is not a web address"),
    ("holdings.url", ["https://a.example"], "this should be a text"),
    ("holdings.file", "media/../../etc/passwd", "is not a file of this centre; it begins with media/"),
    ("holdings.file", "/media/x.mp4", "is not a file of this centre"),
    ("holdings.file", "media", "is not a file of this centre"),
    ("holdings.file", "media/..\\x.mp4", "is not a file of this centre"),
    ("holdings.file", "media/x\0.mp4", "is not a file of this centre"),
    ("holdings.captions", {"FR": "media/a.vtt"}, "FR: “FR” is not one of fr, nl"),
    ("holdings.use", "borrow", "“borrow” is not one of take, read, ask"),
    ("holdings.shelf", "K1 .14", "right would be “B2.14”"),
    ("themes", "work", "this should be a list, such as [a, b]"),
    ("themes", ["cooking"], "0: “cooking” is not one of orient, learn, work, start, move"),
    ("title", "Titre", "give the languages: {fr: …, nl: …}"),
    ("title", {"de": "Titel"}, "de: “de” is not one of fr, nl, en"),
    ("title", {"fr": ["un"]}, "fr: this should be a text"),
    ("keywords", {"fr": "un, deux"}, "fr: this should be a list"),
    ("contact", "rue Haute 1", "this should be a list of keys and values, such as “address: …”"),
    ("contact", {"telephone": "02"}, "telephone: unknown key; did you mean “phone”?"),
    ("holdings", [{"url": "https://a.example", "shelf": "K1"}], "0: a holding is exactly one of url, shelf or file"),
    ("holdings", [{"copies": "3"}], "0: a holding is exactly one of url, shelf or file"),
    ("dates", [{"end": "2026-01-01"}], "0: “start” is missing"),
    ("dates", [{"start": "2026-01-02", "end": "2026-01-01"}], "0.end: the end comes before the start"),
    ("cover", {"alt": {"fr": "x"}}, "“file” is missing"),
    ("kind", "websit", "“websit” is not in the list “kinds”; did you mean “website”?"),
    ("identifiers", {"isbn": "123"}, "isbn: “123” is not of the right form; right would be “978-2-07-036822-8”"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "says"), WRONG, ids=lambda value: str(value)[:24])
def test_a_wrong_value_says_what_would_be_right(path: str, value: Value, says: str) -> None:
    where = place()
    _, problems = read(shape(path), value, where)
    assert len(problems) == 1
    assert says in problems[0]
    assert where.problems[0].severity is Severity.ERROR


def test_an_unknown_code_is_a_doubt_unless_strict_or_the_list_is_not_there() -> None:
    for strict, severity in ((True, Severity.ERROR), (False, Severity.WARNING)):
        where = place()
        assert Code("languages", strict).read("nn", where) == "nn"
        assert [p.severity for p in where.problems] == [severity]
    assert read(Code("publishers"), "anything") == ("anything", [])
    assert read(Code("kinds", strict=True), "anything", place(terms=None)) == ("anything", [])
    assert read(ShelfMark(), "Z9.1") == ("Z9.1", ["x.yaml: “Z9” is not in the list “shelves”; did you mean “K1”?"])


def test_a_file_that_is_not_there_is_a_doubt(tmp_path: Path) -> None:
    write(tmp_path / "media" / "there.vtt", "WEBVTT")
    where = place(media=tmp_path)
    too_long = f"media/{'x' * 5000}"
    given: Value = {"fr": "media/there.vtt", "nl": "media/gone.vtt", "en": too_long}
    assert shape("holdings.captions").read(given, where) == given
    assert [(p.severity, p.render()) for p in where.problems] == [
        (Severity.WARNING, "x.yaml: nl: the file “media/gone.vtt” is not there"),
        (Severity.WARNING, f"x.yaml: en: the file “{too_long}” is not there"),
    ]


@pytest.mark.parametrize("empty", [{}, {"address": ""}, {"hours": {"fr": " "}}, {"walk_in": "false", "spoken": []}])
def test_a_group_with_nothing_in_it_is_as_if_absent(empty: Value) -> None:
    assert read(Group(Contact), empty) == (None, [])


def test_holdings_with_captions_can_be_listed_and_repetitions_fall_away() -> None:
    film: Value = {"file": "media/a.mp4", "captions": {"fr": "media/a.vtt"}}
    holdings, problems = read(FIELDS["holdings"].shape, [film, film, {"url": "https://a.example"}])
    assert problems == []
    assert [(h.form, dict(h.captions or {})) for h in holdings] == [("file", {"fr": "media/a.vtt"}), ("link", {})]


@dataclass(frozen=True, kw_only=True)
class Thing:
    name: Text = shapes.declare("Name", Texts(), Text(), required=True)
    size: int = shapes.declare("Size", Number(1, 9), 0, required=True)
    note: str = shapes.declare("Note", Line(), private=True)


def test_a_group_notes_everything_at_once_and_one_thing_once() -> None:
    where = place()
    assert shapes.read_group(Thing, {"name": {"fr": " "}, "size": "x", "nam": "y"}, where) is None
    assert [p.render() for p in where.problems] == [
        "x.yaml: size: “x” is not a number from 1 to 9",
        "x.yaml: nam: unknown key; did you mean “name”?",
        "x.yaml: “name” is missing",
    ]
    # The faults of one group do not excuse the same lack in another that is read after it.
    assert shapes.read_group(Thing, {"name": {"fr": "b"}}, where) is None
    assert where.problems[-1].render() == "x.yaml: “size” is missing"


def test_a_group_is_written_without_what_is_empty_or_private() -> None:
    thing = Thing(name=Text({"fr": "a"}), size=3, note="n")
    assert shapes.write_group(thing) == {"name": {"fr": "a"}, "size": 3, "note": "n"}
    assert shapes.write_group(thing, public_only=True) == {"name": {"fr": "a"}, "size": 3}
    assert shapes.write_group(Thing(name=Text({"fr": "a"}), size=3)) == {"name": {"fr": "a"}, "size": 3}


def test_plain_values_become_what_a_file_would_hold() -> None:
    plain = {"a": 3, "b": datetime.date(2026, 3, 1), "c": (True, False, None), 4: "x"}
    assert shapes.as_value(plain) == {"a": "3", "b": "2026-03-01", "c": ["true", "false", ""], "4": "x"}


def test_a_text_is_found_for_every_reader() -> None:
    text = Text({"nl": "n", "en": "e", "fr": ""})
    assert [text.best(lang) for lang in ("nl", "fr", "en", "de")] == [
        Said(*x) for x in (("n", "nl"), ("n", "nl"), ("e", "en"), ("n", "nl"))
    ]
    assert Text({"und": "u", "fr": "f"}).best("nl") == Said("u", "und")
    assert not Text().best("fr")
    assert hash(Text({"fr": "a", "nl": "b"})) == hash(Text({"nl": "b", "fr": "a"}))


def test_the_declaration_holds_together() -> None:
    assert {field.index for field in FIELDS.values() if field.index} <= INDEX_FIELDS.keys()
    assert FACETS["theme"].fixed == THEMES
    assert [name for name, field in FIELDS.items() if field.required] == ["kind", "themes", "title", "status"]
    assert [name for name, field in FIELDS.items() if field.private] == ["source", "review_by", "staff_note"]


@given(st.dates(datetime.date(1000, 1, 1)))
def test_every_day_reads_back(day: datetime.date) -> None:
    assert read(Day(), shapes.as_value(Day().write(day))) == (day, [])


@given(st.datetimes(datetime.datetime(1000, 1, 1)).map(lambda moment: moment.replace(microsecond=0)))
def test_every_moment_reads_back(moment: datetime.datetime) -> None:
    assert read(Moment(), shapes.as_value(Moment().write(moment))) == (moment, [])


SCALARS = st.text(max_size=12) | st.sampled_from(["fr", "media/a", "https://a.example", "2026-01-01", "true", "K1.1"])
KEYS = SCALARS | st.sampled_from([*FIELDS, *shapes.declared(Holding), *shapes.declared(Contact)])
ANYTHING: st.SearchStrategy[Value] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


@given(st.sampled_from(sorted(FIELDS)), ANYTHING)
def test_no_value_breaks_a_field(name: str, value: Value) -> None:
    where = place(media=Path("/nowhere"))
    result = FIELDS[name].shape.read(value, where)
    assert all(problem.text() for problem in where.problems)
    if result and not any(problem.severity is Severity.ERROR for problem in where.problems):
        again = FIELDS[name].shape.read(shapes.as_value(FIELDS[name].shape.write(result)), place())
        assert again == result
    assert Many(Truth()).read(value, where) is None or isinstance(value, list)
