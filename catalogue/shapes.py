"""What the value of a field can look like, and how it is read from and written to a file.

A *shape* turns the strings of a YAML file into a typed value and back. ``declare`` gives a dataclass attribute its
shape and label; ``read_group`` reads a mapping into such a dataclass and collects every fault instead of stopping at
the first. Records, vocabulary terms, pages and the centre itself are all declared this way.
"""

from __future__ import annotations

import dataclasses
import datetime
import keyword
import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

from catalogue.errors import N_, Problem, Severity
from catalogue.settings import nearest
from catalogue.values import TEXT_LANGUAGES, UNDETERMINED, Text
from catalogue.yamlfile import Document, KeyPath, Value

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
ID = re.compile(r"[a-z0-9-]{2,80}")
MISSING = N_("“%(name)s” is missing")
"""What is said of a required field that is not there."""

Plain = Any
"""What ``yamlfile.rewrite`` takes: str, int, bool, date, list, dict."""


class Terms(Protocol):
    """The controlled ids a value is checked against; ``ids`` is None where the list itself could not be read."""

    def ids(self, vocabulary: str) -> Container[str] | None: ...

    def known(self, vocabulary: str) -> Sequence[str]: ...


@dataclass(slots=True, eq=False)  # not frozen, which takes three times as long: every label of the thesaurus has one
class Place:
    """Where a value stands while it is read: file, key path, the terms it may use, and where faults are collected."""

    document: Document
    problems: list[Problem]
    terms: Terms | None = None
    media_root: Path | None = None
    path: KeyPath = ()

    def at(self, key: str | int) -> Place:
        """Return the place of ``key`` inside this one."""
        return Place(self.document, self.problems, self.terms, self.media_root, (*self.path, key))

    def say(self, severity: Severity, message: str, **params: object) -> None:
        """Note a problem here."""
        where = ".".join(map(str, self.path))
        self.problems.append(
            Problem(self.document.path, self.document.line(self.path), where, message, params, severity)
        )

    def fault(self, message: str, **params: object) -> None:
        """Note a fault that keeps the whole record out."""
        self.say(Severity.ERROR, message, **params)

    def doubt(self, message: str, **params: object) -> None:
        """Note a fault the record can live with."""
        self.say(Severity.WARNING, message, **params)


class Shape(Protocol[T_co]):
    """How a value is read and written. ``read`` returns None after it noted why it could not read."""

    def read(self, value: Value, place: Place) -> T_co | None: ...

    def write(self, value: Any) -> Plain: ...


@dataclass(frozen=True)
class Field:
    """The declaration of one field: everything that reads, checks, indexes, shows or exports it looks here."""

    label: str
    shape: Shape[Any]
    required: bool = False  # without it the record does not load
    expected: bool = False  # without it a published record has a gap
    index: str | None = None  # the index field its words are searched in
    private: bool = False  # for staff only


def declare(label: str, shape: Shape[Any], default: Any = "", **options: Any) -> Any:
    """Give a dataclass attribute its shape, label and other traits (the options of ``Field``)."""
    return dataclasses.field(default=default, metadata={"field": Field(label, shape, **options)})


@cache
def declared(group: Any) -> Mapping[str, Field]:
    """Return the declared fields of a dataclass by name, in their order."""
    return {f.name.rstrip("_"): f.metadata["field"] for f in dataclasses.fields(group) if "field" in f.metadata}


def read_group(group: Callable[..., T], value: Value, place: Place, **given: Any) -> T | None:
    """Read a mapping into the dataclass ``group``; ``given`` are attributes that do not come from the file.

    Returns None when a required field is absent or anything in the mapping is an ERROR; every problem is noted.
    """
    fields = declared(group)
    if not isinstance(value, dict):
        place.fault(N_("this should be a list of keys and values, such as “%(key)s: …”"), key=next(iter(fields)))
        return None
    before = len(place.problems)
    read: dict[str, Any] = {}
    for key, item in value.items():
        field = fields.get(key)
        if field is None:
            place.at(key).fault(N_("unknown key; did you mean “%(near)s”?"), near=nearest(key, list(fields)))
        elif item not in ("", [], {}):
            result = field.shape.read(item, place.at(key))
            if result is not None:
                read[_attribute(key)] = result
    for name, field in fields.items():
        if field.required and not read.get(_attribute(name)) and not _faulty_since(before, place, name):
            place.fault(MISSING, name=name)
    if any(p.severity is Severity.ERROR for p in place.problems[before:]):
        return None
    return group(**given, **read)


def _attribute(key: str) -> str:
    """Return the attribute that holds ``key``: ``from`` is a word of Python's own, kept as ``from_``."""
    return f"{key}_" if keyword.iskeyword(key) else key


def _faulty_since(before: int, place: Place, name: str) -> bool:
    where = ".".join(map(str, (*place.path, name)))
    return any(p.field == where or p.field.startswith(f"{where}.") for p in place.problems[before:])


def write_group(value: Any, public_only: bool = False) -> dict[str, Plain]:
    """Return the mapping that ``read_group`` would read back as ``value``; empty fields are left out."""
    written: dict[str, Plain] = {}
    for name, field in declared(value.__class__).items():
        item = getattr(value, _attribute(name))
        if not item:
            continue
        if not (public_only and field.private):
            written[name] = field.shape.write(item)
    return written


def as_value(plain: Plain) -> Value:
    """Return a plain value as a file would give it back: every scalar a string, empty values as empty strings."""
    if isinstance(plain, Mapping):
        return {str(key): as_value(item) for key, item in plain.items()}
    if isinstance(plain, list | tuple):
        return [as_value(item) for item in plain]
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, datetime.date):
        return plain.isoformat()
    return "" if plain is None else str(plain)


# --- single values -----------------------------------------------------------------------------------------------


class AsIs:
    """A value that is written as it is kept."""

    def write(self, value: Any) -> Plain:
        return value


class Line(AsIs):
    """A short text in no particular language."""

    def read(self, value: Value, place: Place) -> str | None:
        if not isinstance(value, str):
            place.fault(N_("this should be a text"))
            return None
        return "\n".join(value.strip().splitlines())  # forms and old files break lines in their own ways


@dataclass(frozen=True)
class Pattern(Line):
    """A text of a given form; ``example`` shows a right one."""

    pattern: str
    example: str

    def read(self, value: Value, place: Place) -> str | None:
        text = super().read(value, place)
        if text is None or re.fullmatch(self.pattern, text):
            return text
        place.fault(
            N_("“%(value)s” is not of the right form; right would be “%(example)s”"), value=text, example=self.example
        )
        return None


@dataclass(frozen=True)
class Choice(AsIs):
    """One word of a fixed few."""

    words: tuple[str, ...]

    def read(self, value: Value, place: Place) -> str | None:
        if value in self.words:
            return str(value)
        place.fault(N_("“%(value)s” is not one of %(words)s"), value=value, words=", ".join(self.words))
        return None


class Truth(AsIs):
    """``true`` or ``false``."""

    def read(self, value: Value, place: Place) -> bool | None:
        if value in ("true", "false"):
            return value == "true"
        place.fault(N_("“%(value)s” is not one of %(words)s"), value=value, words="true, false")
        return None


@dataclass(frozen=True)
class Number(AsIs):
    """A whole number between two bounds, both allowed."""

    low: int
    high: int

    def read(self, value: Value, place: Place) -> int | None:
        if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value) and self.low <= int(value) <= self.high:
            return int(value)
        message = N_("“%(value)s” is not a number from %(low)s to %(high)s")
        place.fault(message, value=value, low=self.low, high=self.high)
        return None


class Day(AsIs):
    """A date such as 2026-03-01."""

    def read(self, value: Value, place: Place) -> datetime.date | None:
        try:
            if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                return datetime.date.fromisoformat(value)
        except ValueError:
            pass
        place.fault(N_("“%(value)s” is not a date; right would be “%(example)s”"), value=value, example="2026-03-01")
        return None


class Moment(AsIs):
    """A local date and time such as 2026-12-04T14:00, or a day that begins at midnight."""

    def read(self, value: Value, place: Place) -> datetime.datetime | None:
        try:
            if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?", value):
                return datetime.datetime.fromisoformat(value)
        except ValueError:
            pass
        message = N_("“%(value)s” is not a date and time; right would be “%(example)s”")
        place.fault(message, value=value, example="2026-12-04T14:00")
        return None

    def write(self, value: datetime.datetime) -> Plain:
        whole_day = value.time() == datetime.time()
        return value.date() if whole_day else value.isoformat(timespec="seconds" if value.second else "minutes")


class Address(Line):
    """A web address with http or https."""

    def read(self, value: Value, place: Place) -> str | None:
        text = super().read(value, place)
        if text is None:
            return None
        try:
            parts = urlsplit(text)
            if parts.scheme in ("http", "https") and parts.hostname and not re.search(r"[\s<>\"]", text):
                return text
        except ValueError:
            pass
        place.fault(N_("“%(value)s” is not a web address; it begins with https://"), value=text)
        return None


class MediaFile(Line):
    """A path below ``media/``. One that is not there (yet) is a doubt, not a fault."""

    def read(self, value: Value, place: Place) -> str | None:
        text = super().read(value, place)
        if text is None:
            return None
        parts = PurePosixPath(text).parts
        if len(parts) < 2 or parts[0] != "media" or ".." in parts or "\\" in text or "\0" in text:
            place.fault(N_("“%(value)s” is not a file of this centre; it begins with media/"), value=text)
            return None
        if place.media_root is not None and not _is_file(place.media_root / text):
            place.doubt(N_("the file “%(value)s” is not there"), value=text)
        return text


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # such as a name that is too long
        return False


@dataclass(frozen=True)
class Code(Line):
    """The id of a term in a vocabulary. ``strict``: an unknown id keeps the record out; else it is a doubt."""

    vocabulary: str
    strict: bool = False

    def read(self, value: Value, place: Place) -> str | None:
        text = super().read(value, place)
        ids = place.terms.ids(self.vocabulary) if place.terms else None
        if text is None or ids is None or text in ids:
            return text
        near = nearest(text, list(place.terms.known(self.vocabulary))) if place.terms else ""
        note = place.fault if self.strict else place.doubt
        message = N_("“%(value)s” is not in the list “%(vocabulary)s”; did you mean “%(near)s”?")
        note(message, value=text, vocabulary=self.vocabulary, near=near)
        return text


class ShelfMark(Line):
    """A shelf mark such as B2.14, whose part before the point is a known shelf."""

    def read(self, value: Value, place: Place) -> str | None:
        text = super().read(value, place)
        if text is None:
            return None
        if not re.fullmatch(r"[^\s.]+(\.[^\s.]+)*", text):
            message = N_("“%(value)s” is not of the right form; right would be “%(example)s”")
            place.fault(message, value=text, example="B2.14")
            return None
        Code("shelves").read(text.partition(".")[0], place)
        return text


# --- texts by language -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Texts:
    """A text by language. ``plain``: one text for all languages is allowed too. ``languages`` None: any."""

    plain: bool = False
    languages: tuple[str, ...] | None = TEXT_LANGUAGES

    def read(self, value: Value, place: Place) -> Text | None:
        if isinstance(value, str) and self.plain:
            return Text({UNDETERMINED: value.strip()})
        texts = _by_language(value, place, self.languages, Line())
        return None if texts is None else Text({lang: " ".join(_lines(text)) for lang, text in texts.items()})

    def write(self, value: Text) -> Plain:
        return value[UNDETERMINED] if UNDETERMINED in value else dict(value)


def _lines(text: str) -> Iterable[str]:
    return (line.strip() for line in text.splitlines() if line.strip())


class Prose(Texts):
    """A longer text by language whose line breaks count (CommonMark)."""

    def read(self, value: Value, place: Place) -> Text | None:
        texts = _by_language(value, place, self.languages, Line())
        return None if texts is None else Text(texts)

    def write(self, value: Text) -> Plain:
        return {lang: text + "\n" for lang, text in value.items()}


class Words:
    """Several words or labels by language."""

    def read(self, value: Value, place: Place) -> Mapping[str, tuple[str, ...]] | None:
        return _by_language(value, place, TEXT_LANGUAGES, Many(Line())) or None

    def write(self, value: Mapping[str, tuple[str, ...]]) -> Plain:
        return {lang: list(words) for lang, words in value.items()}


class Files:
    """A file by language, such as captions."""

    def read(self, value: Value, place: Place) -> Text | None:
        files = _by_language(value, place, None, MediaFile())
        return Text(files) if files else None

    def write(self, value: Mapping[str, str]) -> Plain:
        return dict(value)


def _by_language(value: Value, place: Place, languages: tuple[str, ...] | None, shape: Shape[T]) -> dict[str, T] | None:
    if not isinstance(value, dict):
        place.fault(N_("give the languages: {fr: …, nl: …}"))
        return None
    read: dict[str, T] = {}
    for lang, item in value.items():
        here = place.at(lang)
        if not re.fullmatch(r"[a-z]{2,3}", lang) or (languages and lang not in languages):
            here.fault(
                N_("“%(value)s” is not one of %(words)s"), value=lang, words=", ".join(languages or ("fr", "nl"))
            )
        elif item not in ("", [], {}):
            result = shape.read(item, here)
            if result is not None:
                read[lang] = result
    return read


# --- several values ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Many(Generic[T]):
    """A list of values of one shape, without repetitions."""

    shape: Shape[T]

    def read(self, value: Value, place: Place) -> tuple[T, ...] | None:
        if not isinstance(value, list):
            place.fault(N_("this should be a list, such as [a, b]"))
            return None
        items = [self.shape.read(item, place.at(index)) for index, item in enumerate(value)]
        return tuple(dict.fromkeys(item for item in items if item is not None))

    def write(self, value: Sequence[T]) -> Plain:
        return [self.shape.write(item) for item in value]


@dataclass(frozen=True)
class Group(Generic[T]):
    """A mapping that is a dataclass of declared fields. ``check`` notes what the fields cannot know by themselves."""

    group: Callable[..., T]
    check: Callable[[T, Place], None] | None = None

    def read(self, value: Value, place: Place) -> T | None:
        result = read_group(self.group, value, place)
        if result is not None and self.check:
            self.check(result, place)
        # A mapping with nothing in it is as if it were absent.
        return result if result is not None and write_group(result) else None

    def write(self, value: T) -> Plain:
        return write_group(value)


def Codes(vocabulary: str, strict: bool = False) -> Many[str]:  # noqa: N802 - reads as a shape beside Code
    """Return the shape of a list of ids of one vocabulary."""
    return Many(Code(vocabulary, strict))


def vocabulary_of(shape: Shape[Any]) -> str:
    """Return the vocabulary that one value or a list of values comes from; empty where they come from none."""
    inner = shape.shape if isinstance(shape, Many) else shape
    return inner.vocabulary if isinstance(inner, Code) else ""
