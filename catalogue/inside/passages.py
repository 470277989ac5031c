"""What stands inside a file: its text in passages, each with the page or the second where it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from catalogue.errors import N_
from catalogue.folding import fold
from catalogue.media.documents import TooLarge
from catalogue.media.fitness import Unfit

VERSION = 3
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
    "scan": N_(
        "Its pages are pictures without text: nothing in it can be found. They are read once the server has the "
        "packages tesseract-ocr, tesseract-ocr-fra and tesseract-ocr-nld: ask your administrator."
    ),
    "illegible": N_("Its pages are pictures in which no words could be read: nothing in it can be found."),
}
"""What is the matter with a file that cannot be searched as it should."""

PICTURES = ("scan", "illegible")
"""The problems of a PDF whose pages are pictures: nothing has read them yet; nothing could be read."""


def problem_of(error: Unfit) -> str:
    """Return which of ``PROBLEMS`` a file has that was refused with ``error``."""
    if isinstance(error, TooLarge):
        return "large"
    return "password" if "password" in error.message else "damaged"


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a file. ``place``: its page, from 1, or the second at which it begins, by the unit of its file."""

    place: int
    lang: str  # two letters; empty where it cannot be told
    text: str
    folded: str = field(default="", compare=False, repr=False)  # without capitals and accents, as it is kept


@dataclass(frozen=True)
class Inside:
    """The text of one file. ``unit``: ``page``, ``second`` or empty; ``problem``: one of ``PROBLEMS`` or empty.

    ``pages``: how many there are, also without text; 0 where that is not known.
    """

    unit: str = ""
    passages: tuple[Passage, ...] = ()
    problem: str = ""
    pages: int = 0

    @cached_property
    def length(self) -> int:
        """The characters of its text."""
        return sum(len(passage.text) for passage in self.passages)

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The text of each passage without capitals and accents."""
        return tuple(passage.folded or fold(passage.text) for passage in self.passages)

    def texts(self, lang: str = "") -> Iterator[tuple[str, str]]:
        """Yield (language, text) of what stands together in one language; ``lang``: where it cannot be told."""
        for spoken, passages in groupby(self.passages, lambda passage: passage.lang or lang):
            yield spoken, " ".join(passage.text for passage in passages)

    def failed(self, problem: str) -> Inside:
        """Return the same with a problem."""
        return replace(self, problem=problem)

    def to_bytes(self) -> bytes:
        """Return it as it is kept."""
        pairs = zip(self.passages, self.folded, strict=True)  # folding takes ten times as long as reading what it made
        passages = [[passage.place, passage.lang, passage.text, folded] for passage, folded in pairs]
        kept = {"version": VERSION, "unit": self.unit, "problem": self.problem, "passages": passages}
        kept["pages"] = self.pages
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Inside:
        """Read what ``to_bytes`` wrote. Raises ValueError for anything else, and for another version."""
        try:
            kept = json.loads(data)
            if kept["version"] != VERSION or kept["problem"] not in ("", *PROBLEMS):
                raise ValueError("of another version")
            passages = (
                Passage(int(place), str(lang), str(text), str(low)) for place, lang, text, low in kept["passages"]
            )
            return cls(str(kept["unit"]), tuple(passages), kept["problem"], int(kept["pages"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("not the text of a file") from error
