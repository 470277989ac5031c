"""Facet counts of a segment against a count by hand, over random records, answers and filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.filedb.filestore import RamStorage

from catalogue.fields import FACETS
from catalogue.search.embedded.build import build
from catalogue.search.embedded.facets import filtered
from catalogue.search.embedded.segment import Segment, posting_cache
from catalogue.search.words import NO_WORDS
from tests.conftest import document

VALUES = {"theme": ("orient", "learn", "work", "start"), "kind": ("guide", "vidéo"), "place": ("brussels",)}

Facets = dict[str, tuple[str, ...]]

_record = st.fixed_dictionaries({}, optional={n: st.lists(st.sampled_from(v), unique=True) for n, v in VALUES.items()})
_records = st.lists(_record.map(lambda chosen: {n: tuple(v) for n, v in chosen.items()}), max_size=12)
_filters = st.fixed_dictionaries(
    {}, optional={n: st.lists(st.sampled_from((*v, "nobody")), min_size=1, unique=True) for n, v in VALUES.items()}
)


def segment_of(records: Sequence[Facets]) -> Segment:
    storage = RamStorage()
    items = [
        document(f"d{n:02}", **{name: " ".join(v) for name, v in facets.items()}) for n, facets in enumerate(records)
    ]
    return Segment(storage, build(items, NO_WORDS, storage, lambda done: None), posting_cache())


@settings(max_examples=100, deadline=None, derandomize=True)
@given(_records, st.sets(st.integers(0, 11)), _filters)
def test_what_passes_and_what_counts(records: list[Facets], chosen: set[int], filters: dict[str, list[str]]) -> None:
    answers = sorted(number for number in chosen if number < len(records))
    asked = [(name, tuple(values)) for name, values in filters.items()]
    kept = filtered(segment_of(records), np.array(answers, np.int64), asked)

    def passes(number: int, but: str = "") -> bool:
        return all(set(values) & set(records[number].get(name, ())) for name, values in asked if name != but)

    assert kept.numbers.tolist() == [number for number in answers if passes(number)]
    assert kept.counts.keys() == FACETS.keys()
    for param in FACETS:
        expected = Counter(v for number in answers if passes(number, param) for v in records[number].get(param, ()))
        assert kept.counts[param] == expected
        assert all(type(count) is int for count in kept.counts[param].values()), "they go into JSON"


def test_a_value_nobody_has_passes_nobody_and_counts_the_others_all_the_same() -> None:
    segment = segment_of([{"theme": ("work",), "kind": ("guide",)}, {"theme": ("learn", "work")}])
    kept = filtered(segment, np.arange(2), [("theme", ("cooking",))])
    assert kept.numbers.tolist() == []
    assert kept.counts["theme"] == {"work": 2, "learn": 1}
    assert kept.counts["kind"] == {}


def test_two_facets_that_both_fail_count_nowhere() -> None:
    segment = segment_of([{"theme": ("work",), "kind": ("guide",)}])
    kept = filtered(segment, np.arange(1), [("theme", ("learn",)), ("kind", ("vidéo",))])
    assert {name: dict(counts) for name, counts in kept.counts.items() if counts} == {}
