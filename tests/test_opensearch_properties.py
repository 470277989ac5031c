"""The OpenSearch engine against the embedded one over random collections: the same records, counts and scores."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.search.document import IndexDocument
from catalogue.search.embedded.engine import SnapshotEngine
from catalogue.search.engine import Plan, Results
from catalogue.search.engines import open_engine
from catalogue.search.opensearch import mapping
from catalogue.settings import Settings
from tests.corpora import documents, plans

PRECISION = 0.02
"""Features keep three digits, and a score is summed of several."""

_ids = st.integers(0, 60).map("d{:02}".format)
_collection = st.lists(documents(_ids), min_size=1, max_size=40)
_large = st.lists(documents(_ids), min_size=25, max_size=40, unique_by=lambda item: item.id)
_asked = st.lists(plans(), min_size=12, max_size=25)


def same(found: Results, expected: Results, plan: Plan) -> None:
    """Fail where two answers differ; who stands at the end of a page is open where scores are nearly equal."""
    assert (found.total, found.full, found.few) == (expected.total, expected.full, expected.few), plan
    assert {p: dict(counts) for p, counts in found.facets.items()} == {
        p: dict(counts) for p, counts in expected.facets.items()
    }, plan
    ours, theirs = ({hit.id: hit for hit in each.hits} for each in (found, expected))
    assert len(ours) == len(theirs)
    if plan.query.per_page >= 100:
        assert ours.keys() == theirs.keys()
    for id in ours.keys() & theirs.keys():
        assert ours[id].score == pytest.approx(theirs[id].score, rel=PRECISION, abs=1e-3), plan
        assert ours[id].full == theirs[id].full, plan


def check(index: str, collection: Iterable[IndexDocument], asked: Iterable[Plan]) -> None:
    """Build both indexes of a collection and compare every answer."""
    held = list({item.id: item for item in collection}.values())
    with (
        TemporaryDirectory() as folder,
        closing(SnapshotEngine(Path(folder))) as embedded,
        closing(open_engine(Settings(index=index))) as clustered,
    ):
        embedded.rebuild(held)
        clustered.rebuild(held)
        for plan in asked:
            same(clustered.search(plan), embedded.search(plan), plan)


def test_it_answers_as_the_embedded_engine_does(opensearch: str) -> None:
    @settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(_collection, _asked)
    def compare(collection: list[IndexDocument], asked: list[Plan]) -> None:
        check(opensearch, collection, asked)

    compare()


def test_it_answers_so_from_several_shards(opensearch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping, "SHARD", 12)

    @settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(_large, _asked)
    def compare(collection: list[IndexDocument], asked: list[Plan]) -> None:
        check(opensearch, collection, asked)

    compare()


@pytest.mark.soak
def test_it_answers_as_the_embedded_engine_does_two_hundred_times(opensearch: str) -> None:
    @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
    @given(_collection, _asked)
    def compare(collection: list[IndexDocument], asked: list[Plan]) -> None:
        check(opensearch, collection, asked)

    compare()
