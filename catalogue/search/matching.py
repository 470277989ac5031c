"""The ways in which a record may match a plan, for any engine: which terms are looked up, and what each is worth.

What is looked up depends on the words of the index (``Lexicon``): which terms a beginning stands for, which words are
like one that was typed, how rare each is. What a record that has them scores is the engine's to work out, as
``embedded.scoring`` says.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from catalogue.search import analysis
from catalogue.search.engine import Alternative, Link, Plan
from catalogue.search.entries import EXACT, TEXT, label_terms
from catalogue.search.parser import Part
from catalogue.search.weights import Weights
from catalogue.search.words import Words

PREFIX_TERMS = 200  # words that one beginning may stand for
FAMILY_SIZE = 10  # words that begin alike
TELLING_PART = 0.25  # of the letters of a compound: the least a part needs to be near by itself
CLOSE_LABEL = 0.5  # the least sameness of a title with a label of a close concept

T = TypeVar("T")


class Lexicon(Protocol):
    """The words of an index: ``records`` are counted, ``words`` are those it was built with."""

    @property
    def records(self) -> int: ...

    @property
    def words(self) -> Words: ...

    def rarity(self, field: str, term: str) -> float:
        """Return the inverse document frequency of a term, ``ln(N / (n + 1)) + 1``."""
        ...

    def has(self, field: str, term: str) -> bool:
        """Tell whether any record has a term."""
        ...

    def beginning(self, field: str, beginning: str) -> list[str]:
        """Return the terms of a field that begin so, sorted."""
        ...

    def kept(self, key: tuple[str, str], work_out: Callable[[], T]) -> T:
        """Return what is worked out once about a term."""
        ...


@dataclass(frozen=True, slots=True)
class Group:
    """One word of a title match: any of ``terms``, worth ``rarity``."""

    terms: tuple[str, ...]
    rarity: float


class Matching:
    """What one plan asks of one index."""

    def __init__(self, plan: Plan, lexicon: Lexicon, weights: Weights) -> None:
        self._plan, self._lexicon, self._weights = plan, lexicon, weights

    # --- words -----------------------------------------------------------------------------------------------

    def parts(self, surface: str) -> list[str]:
        """Return the terms of the parts of a Dutch compound."""
        return [term for _, term in self._cut(surface)]

    def telling_parts(self, surface: str) -> list[str]:
        """Return the terms of the parts that say something of a compound by themselves.

        A short part of a long word does not: the "arts" (physician) of "dierenartsassistent" is in "School of Arts".
        """
        least = TELLING_PART * len(surface)
        return [term for part, term in self._cut(surface) if len(part) >= least]

    def _cut(self, surface: str) -> list[tuple[str, str]]:
        """Return the parts of a Dutch compound, each with its term."""
        parts = self._lexicon.words.parts(surface) if self._weights.parts else ()
        return [(part, analysis.stem(part, "nl")) for part in parts]

    def beginning(self, beginning: str) -> list[str]:
        """Return the words that begin so; several beginnings in a query share what one may stand for."""
        share = PREFIX_TERMS // sum(part.kind == "prefix" for part in (*self._plan.parts, *self._plan.excluded))
        return self._lexicon.beginning(EXACT, beginning)[:share]

    def family(self, stem: str) -> list[tuple[str, float]]:
        """Return the terms that begin like ``stem``, with the share of its letters they have, the closest first."""
        return self._lexicon.kept(("family", stem), lambda: self._find_family(stem))

    def _find_family(self, stem: str) -> list[tuple[str, float]]:
        beginning = analysis.common_beginning(stem)
        alike = [term for term in self._lexicon.beginning(TEXT, beginning) if term != stem] if beginning else []
        shares = [(term, analysis.likeness(stem, term)) for term in alike]
        return sorted(shares, key=lambda pair: (-pair[1], len(pair[0]), pair[0]))[:FAMILY_SIZE]

    # --- titles ----------------------------------------------------------------------------------------------

    @cached_property
    def wanted(self) -> float:
        """How rare the words of the query are altogether."""
        return sum(group.rarity for part in self._plan.parts for group in self._part_groups(part))

    def title_matches(self) -> Iterator[tuple[list[Group], float]]:
        """Yield what titles are compared with, and how much that counts: the query, and the labels it stands for."""
        parts = [part for part in self._plan.parts if part.kind != "prefix"]
        if self._plan.query.exact or len(parts) < len(self._plan.parts) or not parts or not self._weights.title_match:
            return
        typed = [group for part in parts for group in self._part_groups(part)]
        weight = sum(group.rarity for group in typed)
        if typed:
            yield typed, weight
        for expansion in self._plan.expansions:
            if (expansion.start, expansion.end) == (0, len(parts)):
                for other in expansion.also:
                    groups = self._label_groups(other)
                    if groups:
                        yield groups, weight * self._weights.expansion

    def link_groups(self, link: Link) -> Iterator[list[Group]]:
        """Yield what titles are compared with for a link: each of its labels once, whatever its form."""
        seen: set[tuple[str, ...]] = set()
        for label in link.also:
            groups = self._label_groups(label)
            terms = tuple(group.terms[0] for group in groups)
            if groups and terms not in seen:
                seen.add(terms)
                yield groups

    def _label_groups(self, label: Alternative) -> list[Group]:
        terms = label_terms(analysis.surfaces(label.text), label.lang, self._lexicon.words)
        return [self._group((term,)) for term in sorted(terms)]

    def _part_groups(self, part: Part) -> list[Group]:
        return [group for surface in part.surfaces for group in self._groups(surface)]

    def _groups(self, surface: str) -> list[Group]:
        if analysis.is_stop(surface):
            return []
        parts: Sequence[str] = self.parts(surface)
        return [self._group((part,)) for part in parts] if parts else [self._group(analysis.query_stems(surface))]

    def _group(self, terms: tuple[str, ...]) -> Group:
        known = [self._lexicon.rarity(TEXT, term) for term in terms if self._lexicon.has(TEXT, term)]
        return Group(terms, max(known, default=math.log(max(self._lexicon.records, 1)) + 1))
