"""What an index knows of its words when it is built: how many records have one, and which Dutch words make compounds.

A Dutch compound is cut where other words of the same index meet: ``loopbaan·begeleiding``, ``onderhouds·mecanicien``.
The words are kept with the index they were counted for, so that a record added later is cut as the others were.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from catalogue.search import analysis
from catalogue.search.document import IndexDocument

SHORTEST_PART = 4  # letters of a word that makes compounds
LEAST_RECORDS = 3  # that have it by itself
LINKS = ("", "s", "e", "en", "n")  # what Dutch puts between two parts
SAMPLE = 20_000  # records that are counted; more change nothing
UNKNOWN_RARITY = 8.0  # of a word that no count knows

_REMEMBERED = 300_000


@dataclass(frozen=True)
class Words:
    """The words of ``records`` records: how many have each term, and the Dutch ``parts`` compounds are made of."""

    records: int = 0
    frequency: Mapping[str, int] = field(default_factory=dict)  # of terms that more than one record has
    building: frozenset[str] = frozenset()

    @classmethod
    def of(cls, documents: Iterable[IndexDocument]) -> Words:
        """Count the words of documents."""
        counted = 0
        frequency: Counter[str] = Counter()
        dutch: Counter[str] = Counter()
        seen: set[tuple[str, str]] = set()
        for counted, item in enumerate(documents, 1):  # noqa: B007 - read after the loop
            here: set[tuple[str, str]] = set()
            for pairs in item.texts.values():
                for lang, text in pairs:
                    here.update((lang, surface) for surface in analysis.surfaces(text))
            meaningful = [(lang, surface) for lang, surface in here if not analysis.is_stop(surface)]
            frequency.update({term for lang, surface in meaningful for term in analysis.index_stems(surface, lang)})
            seen.update(meaningful)
            dutch.update(surface for lang, surface in meaningful if lang == "nl" and len(surface) >= SHORTEST_PART)
        building = frozenset(word for word, count in dutch.items() if count >= LEAST_RECORDS and word.isalpha())
        words = cls(counted, {term: count for term, count in frequency.items() if count > 1}, building)
        for lang, surface in seen:  # worked out once, here: whoever helps to build gets it with the words
            words.terms(surface, lang)
        return words

    @classmethod
    def sampled(cls, documents: Sequence[IndexDocument]) -> Words:
        """Count the words of ``SAMPLE`` documents, evenly spread."""
        return cls.of(documents[:: max(1, -(-len(documents) // SAMPLE))])

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of a term when the index was built (BM25's, as whoosh has it)."""
        if not self.records:
            return UNKNOWN_RARITY
        return math.log(self.records / (self.frequency.get(term, 1) + 1)) + 1

    def parts(self, surface: str) -> tuple[str, ...]:
        """Return the words that a folded Dutch word is made of, nothing where it is not a compound."""
        known = self._parts
        if surface not in known:
            if len(known) > _REMEMBERED:
                known.clear()
            known[surface] = self._cut(surface)
        return known[surface]

    def terms(self, surface: str, lang: str) -> tuple[str, ...]:
        """Return what is indexed of a word in ``lang``: its stems, and those of its parts where it is a compound."""
        known = self._terms
        if (surface, lang) not in known:
            if len(known) > _REMEMBERED:
                known.clear()
            known[surface, lang] = self._worked_out(surface, lang)
        return known[surface, lang]

    def to_json(self) -> dict[str, Any]:
        """Return what ``from_json`` reads back."""
        return {"records": self.records, "frequency": dict(self.frequency), "building": sorted(self.building)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Words:
        """Read what ``to_json`` returned. Raises KeyError, TypeError for anything else."""
        return cls(int(data["records"]), dict(data["frequency"]), frozenset(data["building"]))

    @cached_property
    def _parts(self) -> dict[str, tuple[str, ...]]:
        return {}

    @cached_property
    def _terms(self) -> dict[tuple[str, str], tuple[str, ...]]:
        return {}

    def _worked_out(self, surface: str, lang: str) -> tuple[str, ...]:
        if analysis.is_stop(surface):
            return ()
        parts = self.parts(surface) if lang == "nl" else ()
        return (*analysis.index_stems(surface, lang), *(analysis.stem(part, "nl") for part in parts))

    def _cut(self, surface: str) -> tuple[str, ...]:
        """Return the fewest known words that cover ``surface`` from end to end, the first as long as possible."""
        if len(surface) < 2 * SHORTEST_PART or not surface.isalpha() or not self.building:
            return ()
        # best[i] is the cut of surface[i:], None where there is none; a whole word may not be its own part.
        best: list[tuple[str, ...] | None] = [None] * len(surface) + [()]
        for start in range(len(surface) - SHORTEST_PART, -1, -1):
            best[start] = self._cut_from(surface, start, best)
        return best[0] or ()

    def _cut_from(self, surface: str, start: int, best: list[tuple[str, ...] | None]) -> tuple[str, ...] | None:
        found: tuple[str, ...] | None = None
        for end in range(len(surface), start + SHORTEST_PART - 1, -1):
            part = surface[start:end]
            if part not in self.building or (start == 0 and end == len(surface)):
                continue
            for link in LINKS:
                rest = best[end + len(link)] if surface.startswith(link, end) else None
                # Nothing links the last part to nothing.
                if rest is not None and not (link and not rest) and (found is None or len(rest) + 1 < len(found)):
                    found = (part, *rest)
        return found


NO_WORDS = Words()
