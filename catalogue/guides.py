"""What the centre wrote about just what was typed: titles of questions and lists that share most of its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.search import analysis
from catalogue.search.engine import Plan
from catalogue.values import Text

LEAST_SHARE = 0.28
OF_THE_BEST = 0.55  # "where can I learn French" shares a word with "learn Dutch", and is no answer to it
MOST = 3


@dataclass(frozen=True)
class Titled:
    """Something with a title in several languages: ``kind`` is ``question``, ``steps`` or ``selection``."""

    kind: str
    id: str
    title: Text


def closest(plan: Plan, every: Iterable[Titled]) -> list[Titled]:
    """Return at most ``MOST`` of ``every``, the closest first.

    How close is Dice's coefficient of the meaningful words typed and those of the title, in any of its languages;
    a word that stands for a concept is found by all labels of the concept.
    """
    words = [word for index in range(len(plan.parts)) if (word := _stems(plan, index))]
    close = [(share, item) for item in every if (share := _share(words, item.title)) >= LEAST_SHARE]
    least = OF_THE_BEST * max((share for share, _ in close), default=0)
    ordered = sorted(close, key=lambda pair: -pair[0])
    return [item for share, item in ordered[:MOST] if share >= least]


def _stems(plan: Plan, index: int) -> set[str]:
    part = plan.parts[index]
    if part.kind == "prefix" or all(map(analysis.is_stop, part.surfaces)):
        return set()
    also = (other for e in plan.expansions if e.start <= index < e.end for other in e.also)
    # Of a label of several words the first alone would say too little.
    labels = (other.terms[0] for other in also if len(other.terms) == 1)
    return {*(stem for surface in part.surfaces for stem in analysis.query_stems(surface)), *labels}


def _share(words: list[set[str]], title: Text) -> float:
    if not words:
        return 0.0
    return max((_dice(words, analysis.stem_set(text, lang)) for lang, text in title.items()), default=0.0)


def _dice(words: list[set[str]], title: frozenset[str]) -> float:
    shared = sum(not word.isdisjoint(title) for word in words)
    return 2 * shared / (len(words) + len(title))
