"""Where in a long text the words of a query stand: nothing of such texts is kept, they are many and long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from catalogue.folding import fold
from catalogue.search import analysis
from catalogue.search.engine import Plan
from catalogue.search.explain import Explainer, Marked

MOST_READ = 40
"""Passages of one file in which words are looked for; those that cannot hold any are passed over without counting."""

MOST_READ_TOGETHER = 200
"""The same of all files behind one page of results: about a tenth of a second."""

SHOWN_WORDS = 24
_SHORTEST, _ENDING = 4, 3  # letters of a stem that every form begins with; letters that forms differ by


@dataclass(frozen=True, slots=True)
class Standing:
    """A passage of a text, by its number, and the parts of the query that stand in it."""

    number: int
    parts: frozenset[int]


class Within:
    """Looks for the words of one plan, in the texts behind one page of results."""

    def __init__(self, plan: Plan, explainer: Explainer) -> None:
        self._explainer, self._left = explainer, MOST_READ_TOGETHER
        self._beginnings = [frozenset(_beginnings(plan, part)) for part in range(len(plan.parts))]

    def find(self, texts: Sequence[tuple[str, str, str]], wanted: frozenset[int]) -> Standing | None:
        """Return the first of the passages (language, text, folded text) with most of the ``wanted`` parts."""
        best: Standing | None = None
        beginnings = frozenset[str]().union(*(self._beginnings[part] for part in wanted))
        hopeful = (n for n, (_, _, folded) in enumerate(texts) if any(b in folded for b in beginnings))
        for number in islice(hopeful, min(MOST_READ, self._left)):
            self._left -= 1
            lang, text, _ = texts[number]
            parts = self._explainer.parts_in(text, lang) & wanted
            if len(parts) > (len(best.parts) if best else 0):
                best = Standing(number, parts)
            if best and best.parts == wanted:
                break
        return best

    def shown(self, text: str, lang: str, wanted: frozenset[int]) -> Marked:
        """Return the words where most of the wanted parts stand together, marked."""
        found = analysis.cut_once(text)
        said = self._explainer.said_at(found.surfaces, lang, wanted)
        first = max(0, _closest(said) - SHOWN_WORDS // 3)
        last = min(first + SHOWN_WORDS, len(found.surfaces))
        start, end = (
            found.starts[first] if first else 0,
            found.ends[last - 1] if last < len(found.surfaces) else len(text),
        )
        marked = self._explainer.snippet(text[start:end], lang, SHOWN_WORDS)
        return (*((("… ", False),) if start else ()), *marked, *(((" …", False),) if end < len(text) else ()))


def _closest(said: Sequence[tuple[int, frozenset[int]]]) -> int:
    """Return the word from which most parts are said within the words that are shown behind it; 0 for none."""
    reach = SHOWN_WORDS - SHOWN_WORDS // 3
    best, most = 0, 0
    for number, (word, _) in enumerate(said):
        near = [parts for other, parts in said[number : number + reach] if other < word + reach]
        parts = frozenset[int]().union(*near)
        if len(parts) > most:
            best, most = word, len(parts)
    return best


def _beginnings(plan: Plan, number: int) -> Iterator[str]:
    """Yield how the words begin, folded, that a part may mean: what begins otherwise needs no analysis."""
    part = plan.parts[number]
    stems = [*analysis.query_stems(part.surface)] if part.kind == "word" else []
    stems += [analysis.stem(piece, "nl") for piece in plan.parts_of(part.surface)]
    stems += [part.surface, *part.surfaces]
    meant = (expansion for expansion in plan.expansions if expansion.start <= number < expansion.end)
    stems += [term for expansion in meant for other in expansion.also for term in other.terms]
    return (fold(stem)[: max(_SHORTEST, len(stem) - _ENDING)] for stem in stems if stem)
