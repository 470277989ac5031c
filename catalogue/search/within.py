"""Where in a long text the words of a query stand: nothing of such texts is kept, they are many and long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.folding import fold
from catalogue.search import analysis
from catalogue.search.engine import Plan
from catalogue.search.explain import Explainer, Marked

MOST_READ = 40
"""Passages of one file in which words are looked for; those that cannot hold any are passed over without counting."""

SHOWN_WORDS = 24
_SHORTEST, _ENDING = 4, 3  # letters of a stem that every form begins with; letters that forms differ by


@dataclass(frozen=True, slots=True)
class Standing:
    """A passage of a text, by its number, and the parts of the query that stand in it."""

    number: int
    parts: frozenset[int]


class Within:
    """Looks for the words of one plan."""

    def __init__(self, plan: Plan, explainer: Explainer) -> None:
        self._explainer = explainer
        self._beginnings = tuple(dict.fromkeys(_beginnings(plan)))

    def find(self, texts: Sequence[tuple[str, str, str]], wanted: frozenset[int]) -> Standing | None:
        """Return the first of the passages (language, text, folded text) with most of the ``wanted`` parts."""
        best: Standing | None = None
        hopeful = (n for n, (_, _, folded) in enumerate(texts) if any(b in folded for b in self._beginnings))
        for _, number in zip(range(MOST_READ), hopeful, strict=False):
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


def _beginnings(plan: Plan) -> list[str]:
    """Return how the words that may be meant begin, folded: what begins otherwise needs no analysis."""
    stems = [stem for part in plan.parts if part.kind == "word" for stem in analysis.query_stems(part.surface)]
    stems += [analysis.stem(piece, "nl") for part in plan.parts for piece in plan.parts_of(part.surface)]
    stems += [surface for part in plan.parts for surface in (part.surface, *part.surfaces)]
    stems += [term for expansion in plan.expansions for other in expansion.also for term in other.terms]
    return [fold(stem)[: max(_SHORTEST, len(stem) - _ENDING)] for stem in stems if stem]
