"""What stands inside a file: its text in passages, each with the page or the second where it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from catalogue.errors import N_
from catalogue.folding import fold

VERSION = 2
"""Raised when the same file would give other passages: what was read before is then read again."""

MOST_PAGES = 2_000
MOST_CHARACTERS = 4_000_000  # twice the Bible in one language

PROBLEMS: Mapping[str, str] = {
    "password": N_("It asks for a password: neither visitors nor the search can open it."),
    "damaged": N_("It is damaged, or of another kind than its name says."),
    "slow": N_("Reading it took too long, twice: it was given up."),
    "broken": N_("Reading it takes too much memory or ends the reader, twice: it was given up."),
    "large": N_("It is larger than 50 million pixels: make it smaller first."),
    "long": N_("It is very long: only its beginning is searched."),
    "scan": N_("Its pages are pictures without text: nothing in it can be found."),
}
"""What is the matter with a file that cannot be searched as it should."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a file. ``place``: its page, from 1, or the second at which it begins, by the unit of its file."""

    place: int
    lang: str  # two letters; empty where it cannot be told
    text: str


@dataclass(frozen=True)
class Inside:
    """The text of one file. ``unit``: ``page``, ``second`` or empty; ``problem``: one of ``PROBLEMS`` or empty."""

    unit: str = ""
    passages: tuple[Passage, ...] = ()
    problem: str = ""

    @cached_property
    def length(self) -> int:
        """The characters of its text."""
        return sum(len(passage.text) for passage in self.passages)

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The text of each passage without capitals and accents."""
        return tuple(fold(passage.text) for passage in self.passages)

    def texts(self, lang: str = "") -> Iterator[tuple[str, str]]:
        """Yield (language, text) of what stands together in one language; ``lang``: where it cannot be told."""
        for spoken, passages in groupby(self.passages, lambda passage: passage.lang or lang):
            yield spoken, " ".join(passage.text for passage in passages)

    def failed(self, problem: str) -> Inside:
        """Return the same with a problem."""
        return replace(self, problem=problem)

    def to_bytes(self) -> bytes:
        """Return it as it is kept."""
        passages = [[passage.place, passage.lang, passage.text] for passage in self.passages]
        kept = {"version": VERSION, "unit": self.unit, "problem": self.problem, "passages": passages}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Inside:
        """Read what ``to_bytes`` wrote. Raises ValueError for anything else, and for another version."""
        try:
            kept = json.loads(data)
            if kept["version"] != VERSION or kept["problem"] not in ("", *PROBLEMS):
                raise ValueError("of another version")
            passages = (Passage(int(place), str(lang), str(text)) for place, lang, text in kept["passages"])
            return cls(str(kept["unit"]), tuple(passages), kept["problem"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("not the text of a file") from error
