"""Values by language: a text, a longer one, several words, a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from catalogue.errors import N_
from catalogue.shapes.declaration import Plain, Shape
from catalogue.shapes.place import Place
from catalogue.shapes.several import Many
from catalogue.shapes.single import Line, MediaFile
from catalogue.values import TEXT_LANGUAGES, UNDETERMINED, Text
from catalogue.yamlfile import Value

T = TypeVar("T")


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
