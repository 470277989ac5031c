"""The words of an index as they were when they were last read: how many records have each, in order.

A cluster tells neither how rare a word is nor which ones are like it, other than by another request; so each process
keeps the words, adds those it writes itself, and reads them anew when the index changed.
"""

from __future__ import annotations

import bisect
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from catalogue.search.entries import SCORED, TEXT, Entries
from catalogue.search.opensearch.cluster import WRITING, Cluster
from catalogue.search.opensearch.mapping import TERMS_OF
from catalogue.search.words import NO_WORDS, Words

T = TypeVar("T")

PAGE = 10_000  # terms read at once
KEPT_TERMS = 50_000


@dataclass(frozen=True)
class ClusterLexicon:
    """What ``matching.Lexicon`` asks for. Immutable."""

    records: int = 0
    words: Words = NO_WORDS
    frequencies: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: {name: {} for name in SCORED})

    @classmethod
    def read(cls, cluster: Cluster, index: str, words: Words) -> ClusterLexicon:
        """Read the words of an index. Raises IndexUnavailable, Missing."""
        records = cluster.count(index)
        return cls(records, words, {name: dict(_terms(cluster, index, TERMS_OF[name])) for name in SCORED})

    def with_(self, added: Iterable[Entries]) -> ClusterLexicon:
        """Return the words with those of more documents. What these replace counts until all are read anew."""
        new = list(added)
        found: dict[str, Mapping[str, int]] = {}
        for name in SCORED:
            counted = Counter(self.frequencies[name])
            for each in new:
                counted.update(each.fields[name].keys())
            found[name] = counted
        return ClusterLexicon(self.records + len(new), self.words, found)

    def rarity(self, field: str, term: str) -> float:
        """Return the inverse document frequency of a term, ``ln(N / (n + 1)) + 1``, as the embedded engine has it."""
        # A word may be newer than the lexicon: it is as rare as if one record had it.
        number = self.frequencies[field].get(term, 1)
        return math.log(max(self.records, 1) / (number + 1)) + 1

    def has(self, field: str, term: str) -> bool:
        """Tell whether any record has a term."""
        return term in self.frequencies[field]

    def beginning(self, field: str, beginning: str) -> list[str]:
        """Return the terms of a field that begin so, sorted."""
        terms = self._stems if field == TEXT else self._surfaces
        first = bisect.bisect_left(terms, beginning)
        return terms[first : bisect.bisect_left(terms, beginning + "\U0010ffff", lo=first)]

    def kept(self, key: tuple[str, str], work_out: Callable[[], T]) -> T:
        """Return what is worked out once about a term."""
        found: T | None = self._kept.get(key)
        if found is None:
            if len(self._kept) >= KEPT_TERMS:
                self._kept.clear()
            found = self._kept[key] = work_out()
        return found

    @cached_property
    def _stems(self) -> list[str]:
        return sorted(self.frequencies[TEXT])

    @cached_property
    def _surfaces(self) -> list[str]:
        return sorted(next(found for name, found in self.frequencies.items() if name != TEXT))

    @cached_property
    def _kept(self) -> dict[tuple[str, str], Any]:
        return {}


def _terms(cluster: Cluster, index: str, field: str) -> Iterator[tuple[str, int]]:
    """Yield every term of a field with the number of records that have it, page by page in order."""
    composite: dict[str, Any] = {"size": PAGE, "sources": [{"term": {"terms": {"field": field}}}]}
    while True:
        body = {"size": 0, "track_total_hits": False, "aggs": {"all": {"composite": composite}}}
        (answer,) = cluster.searches(index, [body], within=WRITING)  # of a million records, from a cold disk
        found = answer["aggregations"]["all"]
        for bucket in found["buckets"]:
            yield bucket["key"]["term"], bucket["doc_count"]
        if len(found["buckets"]) < PAGE:
            return
        composite["after"] = found["after_key"]
