"""Single values: a line, a date, a number, the id of a term, a file …"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from catalogue.errors import N_
from catalogue.media.kinds import ENDINGS, ending_of
from catalogue.settings import nearest
from catalogue.shapes.declaration import Plain
from catalogue.shapes.place import UNKNOWN, Place
from catalogue.yamlfile import Value

ID = re.compile(r"[a-z0-9-]{2,80}")
"""The form of a record's id."""


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
        elif ending_of(text) not in ENDINGS:
            message = N_("“%(value)s” cannot be shown: the name of a file should end in one of %(endings)s")
            place.doubt(message, value=text, endings=", ".join(ENDINGS))
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
        note(UNKNOWN, value=text, vocabulary=self.vocabulary, near=near)
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
