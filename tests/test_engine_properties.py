"""The embedded engine against plain whoosh, and facet counts against their definition, over random collections."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from contextlib import ExitStack, closing
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.fields import FACETS
from catalogue.search.document import IndexDocument
from catalogue.search.embedded import engine as embedded
from catalogue.search.embedded.engine import SnapshotEngine
from catalogue.search.engine import Plan, Results
from tests.corpora import VALUES, documents, plans
from tests.plain_whoosh import PlainWhoosh

Collection = dict[str, IndexDocument]

_ids = st.integers(0, 20).map("d{:02}".format)
_batch = st.lists(documents(_ids), min_size=1, max_size=4)
_steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), _batch),
        st.tuples(st.just("put"), _batch),
        st.tuples(st.just("remove"), st.lists(_ids, min_size=1, max_size=4)),
        st.tuples(st.just("rebuild"), st.none()),
    ),
    min_size=1,
    max_size=8,
)
_first = st.one_of(st.lists(documents(_ids), min_size=5, max_size=16), st.lists(documents(_ids), max_size=2))
_asked = st.lists(plans(), min_size=4, max_size=8)


def carried_out(engine: SnapshotEngine, first: Sequence[IndexDocument], steps: Sequence[tuple[str, Any]]) -> Collection:
    """Build, put, remove and rebuild as ``steps`` say; return what the engine should then hold."""
    held = {item.id: item for item in first}
    engine.rebuild(list(held.values()))
    for name, given_ in steps:
        if name == "put":
            engine.put(given_)
            held |= {item.id: item for item in given_}
        elif name == "remove":
            engine.remove(given_)
            held = {id: item for id, item in held.items() if id not in given_}
        else:
            engine.rebuild(list(held.values()))
    for thread in threading.enumerate():
        if thread.name == "merge":
            thread.join()
    return held


def same(found: Results, expected: Results, plan: Plan, held: Collection) -> None:
    """Fail where two answers differ; scores may by what float32 leaves off, and so may the order of equal scores."""
    assert (found.total, found.full, found.few) == (expected.total, expected.full, expected.few)
    assert {param: dict(counts) for param, counts in found.facets.items()} == expected.facets
    assert [hit.leading for hit in found.hits] == [hit.leading for hit in expected.hits]
    assert all(hit.full for hit in found.hits if hit.leading)
    scores = [hit.score for hit in expected.hits]
    assert [hit.score for hit in found.hits] == pytest.approx(scores, rel=1e-4)
    if plan.query.sort != "relevance" or not plan.parts:
        assert [hit.id for hit in found.hits] == [hit.id for hit in expected.hits]
        return
    theirs = {hit.id: hit.score for hit in expected.hits}
    for hit in found.hits:  # who stands at the end of a page is open only where the next one scores the same
        assert hit.score == pytest.approx(theirs.get(hit.id, scores[-1]), rel=1e-4)
    for one, next_ in pairwise(found.hits):
        if (held[one.id].texts, held[one.id].newest) == (held[next_.id].texts, held[next_.id].newest):
            assert one.id < next_.id


def check(first: list[IndexDocument], steps: list[tuple[str, Any]], asked: list[Plan]) -> None:
    """Answer plans by both engines after the same steps, and once more by the embedded one opened anew."""
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch, ExitStack() as opened:
        patch.setattr(embedded, "MOST_SMALL", 3)  # so that a few puts are enough for a merge
        folder = Path(name)
        engine = opened.enter_context(closing(SnapshotEngine(folder)))
        held = carried_out(engine, first, steps)
        plain = opened.enter_context(closing(PlainWhoosh(folder, held.values())))
        again = opened.enter_context(closing(SnapshotEngine(folder)))
        for plan in asked:
            answer = engine.search(plan)
            same(answer, plain.search(plan), plan, held)
            assert again.search(plan) == answer


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(_first, _steps, _asked)
def test_the_engine_answers_as_plain_whoosh_does(first: Any, steps: Any, asked: Any) -> None:
    check(first, steps, asked)


@pytest.mark.soak
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(_first, _steps, _asked)
def test_the_engine_answers_as_plain_whoosh_does_two_thousand_times(first: Any, steps: Any, asked: Any) -> None:
    check(first, steps, asked)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(_first, _asked)
def test_every_count_equals_the_total_of_the_query_it_stands_for(
    collection: list[IndexDocument], asked: list[Plan]
) -> None:
    with TemporaryDirectory() as folder, closing(SnapshotEngine(Path(folder))) as engine:
        engine.rebuild(list({item.id: item for item in collection}.values()))
        for plan in asked:
            everything = dataclasses.replace(plan, query=plan.query.but(per_page=100))
            results = engine.search(everything)
            assert len(results.hits) == results.total
            assert results.full == sum(hit.full for hit in results.hits)
            for param in FACETS:
                for value in VALUES.get(param, ()):
                    alone = dataclasses.replace(plan, query=plan.query.only(param, value))
                    assert results.facets[param].get(value, 0) == engine.search(alone).total
