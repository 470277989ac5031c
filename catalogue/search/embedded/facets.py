"""How a facet is counted: a value's count is the total if it were the only one chosen in its facet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from catalogue.search.embedded.codec import Array
from catalogue.search.embedded.segment import FacetColumn, Segment

Filters = Sequence[tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Kept:
    """The records of a segment that pass every filter, and the counts of each facet's values."""

    numbers: Array
    counts: Mapping[str, Counter[str]]


def filtered(segment: Segment, answers: Array, filters: Filters) -> Kept:
    """Filter ``answers`` (ascending record numbers) and count.

    A record that fails one facet only still counts in that facet: its values would be results, were they chosen.
    """
    passed = {param: _has(segment.facets.get(param), chosen, answers) for param, chosen in filters}
    failures = sum((~mask for mask in passed.values()), np.zeros(len(answers), np.uint8))
    kept = answers[failures == 0] if passed else answers
    counts = {}
    for param, column in segment.facets.items():
        mask = passed.get(param)
        counted = kept if mask is None else answers[(failures == 0) | ((failures == 1) & ~mask)]
        counts[param] = _counts(column, counted)
    return Kept(kept, counts)


def _has(column: FacetColumn | None, chosen: Sequence[str], answers: Array) -> Array:
    """Return which of the answers have any of the chosen values."""
    if column is None:
        return np.zeros(len(answers), bool)
    codes = [column.codes[value] for value in chosen if value in column.codes]
    having = np.zeros(column.combinations, bool)
    having[column.of[np.isin(column.has, codes)]] = True
    return having[column.combination[answers]]


def _counts(column: FacetColumn, numbers: Array) -> Counter[str]:
    """Count combinations of values first, of which there are few, then the values in them."""
    if len(numbers) == len(column.combination):
        combinations = column.totals
    else:
        combinations = np.bincount(column.combination[numbers], minlength=column.combinations)
    found = np.bincount(column.has, combinations[column.of], minlength=len(column.values))
    some = np.flatnonzero(found)
    return Counter(
        dict(zip(map(column.values.__getitem__, some.tolist()), map(int, found[some].tolist()), strict=True))
    )
