"""One segment: an immutable batch of records as arrays. What is deleted of it is the snapshot's to know."""

from __future__ import annotations

import itertools
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from catalogue.search.cache import Cache
from catalogue.search.embedded.codec import EMPTY, Array, Lexicon, Postings, TermFile, read_columns

CACHE_BYTES = 96_000_000

PostingCache = Cache[tuple[str, str, str], Postings]
"""(segment, field, term) → postings. A segment never changes, so what is kept is never wrong, only forgotten."""


def posting_cache(limit: int = CACHE_BYTES) -> PostingCache:
    """Return a cache for the postings of all segments together, of ``limit`` bytes."""
    return Cache(limit, lambda postings: postings.nbytes + 500)  # 500: what Python needs for an entry


@dataclass(frozen=True)
class FacetTable:
    """The values of all facets.

    Records share few *combinations* of the values of a facet, so each keeps the code of its combination. Codes of
    combinations and of values run on from one facet to the next: one count serves them all.
    """

    params: tuple[str, ...]
    values: tuple[tuple[str, str], ...]  # (parameter, value)
    combination: Array  # [facet, record]
    starts: Array  # the first combination of each facet; the last entry counts all
    of: Array  # combination of[j] …
    has: Array  # … has values[has[j]]

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """The row of each facet in ``combination``."""
        return {param: row for row, param in enumerate(self.params)}

    @cached_property
    def names(self) -> Sequence[str]:
        """The values without their parameters."""
        return [value for _, value in self.values]

    @cached_property
    def ends(self) -> Sequence[int]:
        """Where the values of each facet end in ``values``."""
        params = [param for param, _ in self.values]
        return list(itertools.accumulate(params.count(param) for param in self.params))

    @cached_property
    def codes(self) -> Mapping[tuple[str, str], int]:
        """The place of each value in ``values``."""
        return {value: code for code, value in enumerate(self.values)}

    @cached_property
    def totals(self) -> Array:
        """How many records have each combination."""
        return np.bincount(self.combination.ravel(), minlength=int(self.starts[-1]))

    def count(self, numbers: Array) -> Array:
        """Return how many of some records (ascending numbers) have each combination."""
        size = self.combination.shape[1]
        if len(numbers) <= size // 2:
            return np.bincount(np.take(self.combination, numbers, axis=1).ravel(), minlength=int(self.starts[-1]))
        others = np.ones(size, bool)
        others[numbers] = False
        return self.totals - np.bincount(self.combination[:, others].ravel(), minlength=int(self.starts[-1]))

    def having(self, param: str, chosen: Iterable[str], numbers: Array) -> Array:
        """Return which of some records have any of the chosen values."""
        codes = [self.codes[param, value] for value in chosen if (param, value) in self.codes]
        if not codes:
            return np.zeros(len(numbers), bool)
        wanted = np.zeros(int(self.starts[-1]), bool)
        wanted[self.of[np.isin(self.has, codes)]] = True
        return wanted[self.combination[self.rows[param], numbers]]

    def __iter__(self) -> Iterator[Mapping[str, tuple[str, ...]]]:
        """Yield the values of each record, by facet."""
        combinations: list[tuple[str, ...]] = [()] * int(self.starts[-1])
        for combination, value in zip(self.of.tolist(), self.has.tolist(), strict=True):
            combinations[combination] += (self.values[value][1],)
        for codes in self.combination.T.tolist():
            yield {param: combinations[code] for param, code in zip(self.params, codes, strict=True)}


class Segment:
    """The columns of a segment's records, and its postings, each read once and then kept in the shared cache."""

    def __init__(self, storage: Any, segment: Any, cache: PostingCache) -> None:
        """Open a segment that whoosh lists. Raises whatever a damaged file makes whoosh or numpy raise."""
        self.listed = segment
        self.name: str = segment.segment_id()
        self._cache = cache
        self._reading = threading.Lock()
        self._file = TermFile(storage, segment)
        # Whoever still searches an older snapshot holds its segments: their files close behind the last of them.
        weakref.finalize(self, self._file.close)
        self._lexicons: dict[str, Lexicon] = {}
        self._titles: dict[str, list[str]] = {}
        self._title_ranks: dict[str, Array] = {}
        self._columns = read_columns(storage, segment)
        self.size = len(self._columns["ids"])
        self.ids: list[str] = [id.decode() for id in self._columns["ids"].tolist()]
        self.newest: Array = self._columns["newest"]
        self.expires: Array = self._columns["expires"]

    def lengths(self, field: str) -> Array:
        """Return how long each record is in a field: the sum of its weights, organisations left out (float32)."""
        return self._columns[f"length:{field}"]

    @cached_property
    def digests(self) -> list[str]:
        """The digest of each record."""
        return [digest.decode() for digest in self._columns["digests"].tolist()]

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of each record by its id."""
        return {id: number for number, id in enumerate(self.ids)}

    def titles(self, lang: str) -> list[str]:
        """Return the key that orders each record by title for a reader of ``lang``."""
        if lang not in self._titles:
            column = self._columns.get(f"titles:{lang}")
            self._titles[lang] = column.tobytes().decode().split("\n") if column is not None else [""] * self.size
        return self._titles[lang]

    def title_ranks(self, lang: str) -> Array:
        """Return the rank of each record's title among those of the segment; equal titles share one."""
        if lang not in self._title_ranks:
            titles = self.titles(lang)
            ranks = {title: rank for rank, title in enumerate(sorted(set(titles)))}
            self._title_ranks[lang] = np.fromiter(map(ranks.__getitem__, titles), np.int64, self.size)
        return self._title_ranks[lang]

    @cached_property
    def facets(self) -> FacetTable:
        """The facet values of the records."""
        params = sorted(name.removeprefix("facet:") for name in self._columns if name.startswith("facet:"))
        values: list[tuple[str, str]] = []
        starts, rows, of, has = [0], [], [], []
        for param in params:
            own = self._columns[f"facet:{param}"].tobytes().decode()
            codes = self._columns[f"combination:{param}"].astype(np.int64)
            rows.append(codes + starts[-1])
            of.append(self._columns[f"of:{param}"].astype(np.int64) + starts[-1])
            has.append(self._columns[f"has:{param}"].astype(np.int64) + len(values))
            values += [(param, value) for value in own.split("\n")] if own else []
            starts.append(starts[-1] + int(codes.max(initial=-1)) + 1)
        columns = np.array(rows, np.int32), np.array(starts), np.concatenate(of), np.concatenate(has)
        return FacetTable(tuple(params), tuple(values), *columns)

    @cached_property
    def label_starts(self) -> Array:
        """The number of the first label of each record, among all labels of the segment; the last entry counts all."""
        return np.concatenate([[0], np.cumsum(self._columns["labels"], dtype=np.int64)])

    @cached_property
    def label_owner(self) -> Array:
        """The record of each label."""
        return np.repeat(np.arange(self.size), self._columns["labels"])

    @cached_property
    def titled(self) -> Array:
        """How many labels of each record are titles; its keywords come behind them."""
        return self._columns["titled"]

    @cached_property
    def label_is_keyword(self) -> Array:
        """The mask of the labels that are keywords."""
        owner = self.label_owner
        return np.arange(len(owner)) - self.label_starts[owner] >= self.titled[owner]

    @cached_property
    def heavy(self) -> Array:
        """How heavy each label is, in steps of ``entries.LABEL_STEP``."""
        return self._columns["heavy"]

    def postings(self, field: str, term: str) -> Postings:
        """Return the postings of a term: from the cache, else from the file."""
        key = (self.name, field, term)
        found = self._cache.get(key)
        if found is None:
            found = self._read(field, term)
            self._cache.put(key, found)
        return found

    def _read(self, field: str, term: str) -> Postings:
        lexicon = self._lexicons.get(field)
        if lexicon is None:  # right after a start: nobody waits until all terms are read
            with self._reading:
                return self._file.read(field, term)
        place = lexicon.places.get(term)
        return EMPTY if place is None else self._at(lexicon, place)

    def _at(self, lexicon: Lexicon, place: int) -> Postings:
        return self._file.at(lexicon.offsets[place], lexicon.lengths[place], lexicon.sizes[place])

    def everything(self, field: str) -> Iterator[tuple[str, Postings]]:
        """Yield every term of a field, in order, with its postings; none of them is kept."""
        lexicon = self._lexicon(field)
        for place, term in enumerate(lexicon.terms):
            yield term, self._at(lexicon, place)

    def _lexicon(self, field: str) -> Lexicon:
        if field not in self._lexicons:
            with self._reading:
                lexicon = self._file.lexicon(field)
            _ = lexicon.places  # made now, not by the first visitor who needs them
            self._lexicons[field] = lexicon
        return self._lexicons[field]

    def frequencies(self, field: str) -> Mapping[str, int]:
        """Return the terms of a field, in order, with the number of records that have each."""
        lexicon = self._lexicon(field)
        return dict(zip(lexicon.terms, lexicon.sizes, strict=True))

    def terms(self, field: str) -> list[str]:
        """Return the terms of a field, sorted."""
        return self._lexicon(field).terms
