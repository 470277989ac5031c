"""Texts by language: the value that most fields of a record hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

TEXT_LANGUAGES = ("fr", "nl", "en")
"""The languages a record's texts are written in; the first two are the centre's own."""

CENTRE_LANGUAGES = TEXT_LANGUAGES[:2]
"""Those that the centre owes everything in, and that hang or lie side by side on paper."""

UNDETERMINED = "und"
"""The language of a text that is the same in every language, such as an address (ISO 639-2)."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the language it is in."""

    text: str
    lang: str

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


class Text(Mapping[str, str]):
    """An immutable text by language code. An absent language is simply not a key."""

    __slots__ = ("_by_language",)

    def __init__(self, by_language: Mapping[str, str] | None = None, /) -> None:
        self._by_language = {lang: text for lang, text in (by_language or {}).items() if text}

    def __getitem__(self, lang: str) -> str:
        return self._by_language[lang]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_language)

    def __len__(self) -> int:
        return len(self._by_language)

    def __hash__(self) -> int:
        return hash(frozenset(self._by_language.items()))

    def __repr__(self) -> str:
        return f"Text({self._by_language!r})"

    def best(self, lang: str) -> Said:
        """Return the text for a reader of ``lang``: in that language, else in French, Dutch, English, or any."""
        for candidate in (lang, UNDETERMINED, *TEXT_LANGUAGES, *self._by_language):
            if candidate in self._by_language:
                return Said(self._by_language[candidate], candidate)
        return Said("", lang)

    def names(self, lang: str) -> tuple[Said, ...]:
        """Return the text for a reader of ``lang``, then in each of the centre's languages that says something else."""
        first = self.best(lang)
        others = (Said(self[code], code) for code in CENTRE_LANGUAGES if self.get(code, first.text) != first.text)
        return (first, *others)
