"""Everything one search reads: the segments, and what is alive in them. Never changed; a commit makes the next one."""

from __future__ import annotations

import bisect
import datetime
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from catalogue.search.embedded.build import seconds
from catalogue.search.embedded.codec import Array
from catalogue.search.embedded.segment import Segment
from catalogue.search.weights import Weights
from catalogue.search.words import NO_WORDS, Words

T = TypeVar("T")

KEPT_TERMS = 50_000


@dataclass(frozen=True)
class Snapshot:
    """``deleted[i]`` are the numbers of the records of ``segments[i]`` that were taken out or replaced."""

    number: int = 0  # another one for each commit
    segments: tuple[Segment, ...] = ()
    deleted: tuple[frozenset[int], ...] = ()
    words: Words = NO_WORDS

    @cached_property
    def alive(self) -> tuple[Array, ...]:
        """The mask of the living records of each segment."""
        masks = []
        for segment, gone in zip(self.segments, self.deleted, strict=True):
            mask = np.ones(segment.size, bool)
            mask[list(gone)] = False
            masks.append(mask)
        return tuple(masks)

    def without(self, ids: Iterable[str]) -> list[frozenset[int]]:
        """Return what would be deleted of each segment, were ``ids`` taken out."""
        ids = set(ids)
        return [
            gone.union(segment.numbers[id] for id in ids if id in segment.numbers)
            for segment, gone in zip(self.segments, self.deleted, strict=True)
        ]

    @cached_property
    def records(self) -> int:
        """The number of records, deleted ones included as long as their segment stands: BM25's N, as in whoosh."""
        return sum(segment.size for segment in self.segments)

    @cached_property
    def inventory(self) -> Mapping[str, str]:
        """The digest of each living record by id."""
        return {
            segment.ids[number]: segment.digests[number]
            for segment, alive in zip(self.segments, self.alive, strict=True)
            for number in np.flatnonzero(alive).tolist()
        }

    def frequencies(self, field: str) -> Mapping[str, int]:
        """Return the terms of a field with the number of records that have each, deleted ones included. Made once."""
        if field not in self._frequencies:
            total: Counter[str] = Counter()
            for segment in self.segments:
                total.update(segment.frequencies(field))
            self._frequencies[field] = total
        return self._frequencies[field]

    def rarity(self, field: str, term: str) -> float:
        """Return the inverse document frequency of a term, ``ln(N / (n + 1)) + 1``, over all segments."""
        return math.log(self.records / (self._having(field, term) + 1)) + 1 if self.records else 0.0

    def has(self, field: str, term: str) -> bool:
        """Tell whether any record has a term."""
        return self._having(field, term) > 0

    def _having(self, field: str, term: str) -> int:
        """Return how many records have a term, deleted ones included."""
        return self.kept((field, term), lambda: sum(len(segment.postings(field, term)) for segment in self.segments))

    def kept(self, key: tuple[str, str], work_out: Callable[[], T]) -> T:
        """Return what is worked out once about a term."""
        found: T | None = self._kept.get(key)
        if found is None:
            if len(self._kept) >= KEPT_TERMS:
                self._kept.clear()
            found = self._kept[key] = work_out()
        return found

    def held_back(self, segment: Segment, field: str, weights: Weights) -> Array:
        """Return ``k1 · (1 − b + b · length / mean length)`` of each record of a segment: BM25's norm, kept."""
        key = (segment.name, field, weights)
        if key not in self._held_back:
            share = segment.lengths(field) / np.float32(self.mean_length(field))
            norm = weights.saturation * (1 - weights.length + weights.length * share)
            self._held_back[key] = norm.astype(np.float32)
        return self._held_back[key]

    def mean_length(self, field: str) -> float:
        """Return the mean length of a field over all records."""
        if field not in self._mean_lengths:
            total = sum(float(segment.lengths(field).sum(dtype=np.float64)) for segment in self.segments)
            self._mean_lengths[field] = total / (self.records or 1) or 1.0
        return self._mean_lengths[field]

    def beginning(self, field: str, beginning: str) -> list[str]:
        """Return the terms of a field that begin so, sorted."""
        found: set[str] = set()
        for segment in self.segments:
            terms = segment.terms(field)
            first = bisect.bisect_left(terms, beginning)
            last = bisect.bisect_left(terms, beginning + "\U0010ffff", lo=first)
            found.update(terms[first:last])
        return sorted(found)

    def shown(self, now: datetime.datetime) -> tuple[Array, ...]:
        """Return the mask of the living records of each segment whose date is not past; made once until one more is."""
        past = self.past(now)
        if past == 0:
            return self.alive
        kept_for, masks = self._shown
        if kept_for != past:
            moment = seconds(now)
            coming = [(segment.expires == 0) | (segment.expires > moment) for segment in self.segments]
            masks = tuple(mask & alive for mask, alive in zip(coming, self.alive, strict=True))
            self.__dict__["_shown"] = (past, masks)
        return masks

    def past(self, now: datetime.datetime) -> int:
        """Return how many records have left the results by ``now``: what changes an answer without a commit."""
        return bisect.bisect_right(self._ends, seconds(now))

    @cached_property
    def _ends(self) -> list[int]:
        return sorted(end for segment in self.segments for end in segment.expires[segment.expires > 0].tolist())

    @cached_property
    def _shown(self) -> tuple[int, tuple[Array, ...]]:
        return 0, ()

    @cached_property
    def _held_back(self) -> dict[tuple[str, str, Weights], Array]:
        return {}

    @cached_property
    def _kept(self) -> dict[tuple[str, str], Any]:
        return {}

    @cached_property
    def _frequencies(self) -> dict[str, Mapping[str, int]]:
        return {}

    @cached_property
    def _mean_lengths(self) -> dict[str, float]:
        return {}
