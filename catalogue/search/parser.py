"""What the words of a query mean: our own small language, because a full query parser can be made to hang or spy.

    words "a phrase" -without begin*

Words are optional (each found word raises a record), a phrase must stand as typed, ``-`` excludes, ``*`` behind at
least three letters finds every word that begins so. Everything else is a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from catalogue.search import analysis

MAX_PARTS = 12
SHORTEST_PREFIX = 3

PartKind = Literal["word", "phrase", "prefix"]

# An unclosed quotation mark is no phrase: the words behind it are searched one by one.
_TOKEN = re.compile(r"""(?P<minus>(?<!\S)-)?(?:["“”«](?P<phrase>[^"“”«»]*)["“”»]|(?P<word>[^\s"“”«»]+))""")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a query asks for: ``surfaces`` are its folded words (one for a word or prefix)."""

    kind: PartKind
    surfaces: tuple[str, ...]
    text: str  # as it was typed

    @property
    def surface(self) -> str:
        """The (first) folded word."""
        return self.surfaces[0]


@dataclass(frozen=True, slots=True)
class Parsed:
    """The parts of a query, in order: what a record should have, and what it must not have."""

    parts: tuple[Part, ...] = ()
    excluded: tuple[Part, ...] = ()


def parse(text: str) -> Parsed:
    """Read the words of a query; at most ``MAX_PARTS`` parts count, repetitions once. Never fails.

    Where nothing but stop words was typed, they are searched as they are: "de la" is better than no answer.
    """
    parts: dict[tuple[str, tuple[str, ...]], Part] = {}
    excluded: dict[tuple[str, tuple[str, ...]], Part] = {}
    stops: dict[tuple[str, tuple[str, ...]], Part] = {}
    for match in _TOKEN.finditer(text):
        target = excluded if match["minus"] else parts
        for part in _parts(match["phrase"], match["word"] or ""):
            stop = part.kind == "word" and analysis.is_stop(part.surface)
            (stops if stop else target).setdefault((part.kind, part.surfaces), part)
    kept = list((parts or stops).values())[:MAX_PARTS]
    return Parsed(tuple(kept), tuple(excluded.values())[:MAX_PARTS])


def wanted_words(text: str) -> Iterator[analysis.Word]:
    """Yield the whole words that ``text`` asks for, with their places in it: nothing excluded, no beginnings."""
    for match in _TOKEN.finditer(text):
        if not match["minus"] and not (match["word"] or "").endswith("*"):
            group = "phrase" if match["word"] is None else "word"
            for word in analysis.words(match[group]):
                yield analysis.Word(word.surface, match.start(group) + word.start, match.start(group) + word.end)


def _parts(phrase: str | None, word: str) -> list[Part]:
    text = word if phrase is None else phrase
    found = list(analysis.words(text))
    surfaces = tuple(w.surface for w in found)
    if not surfaces:
        return []
    if phrase is not None and len(surfaces) > 1:
        return [Part("phrase", surfaces, phrase.strip())]
    if phrase is None and word.endswith("*") and len(surfaces) == 1 and len(surfaces[0]) >= SHORTEST_PREFIX:
        return [Part("prefix", surfaces, word)]
    return [Part("word", (w.surface,), text[w.start : w.end]) for w in found]
