"""How a facet is counted: a value's count is the total if it were the only one chosen in its facet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from catalogue.search.embedded.codec import Array
from catalogue.search.embedded.segment import Segment

Filters = Sequence[tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Kept:
    """The records of a segment that pass every filter, and the counts of each facet's values."""

    numbers: Array
    counts: Mapping[str, Mapping[str, int]]


def filtered(segment: Segment, answers: Array, filters: Filters) -> Kept:
    """Filter ``answers`` (ascending record numbers) and count.

    A record that fails one facet only still counts in that facet: its values would be results, were they chosen.
    """
    table = segment.facets
    passed = {param: table.having(param, chosen, answers) for param, chosen in filters}
    failures = sum((~mask for mask in passed.values()), np.zeros(len(answers), np.uint8))
    kept = answers[failures == 0] if passed else answers
    combinations = table.count(kept)
    for param, mask in passed.items():
        if param in table.rows:
            row = table.rows[param]
            own = table.combination[row, answers[(failures == 0) | ((failures == 1) & ~mask)]]
            first, end = table.starts[row : row + 2].tolist()
            combinations[first:end] = np.bincount(own - first, minlength=end - first)
    found = np.bincount(table.has, combinations[table.of], minlength=len(table.values)).astype(np.int64)
    some = np.flatnonzero(found)
    values = list(map(table.names.__getitem__, some.tolist()))
    numbers = found[some].tolist()
    ends = np.searchsorted(some, table.ends).tolist()
    counts = {
        param: dict(zip(values[first:end], numbers[first:end], strict=True))
        for param, first, end in zip(table.params, [0, *ends], ends, strict=False)
    }
    return Kept(kept, counts)
