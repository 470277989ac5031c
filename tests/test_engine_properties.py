"""Facet counts against their definition, over random collections and queries: count = the total of that very query."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.fields import FACETS
from catalogue.query import Query
from catalogue.search import parser
from catalogue.search.document import IndexDocument
from catalogue.search.engine import Alternative, Expansion, Plan
from catalogue.search.whoosh_engine import WhooshEngine
from tests.conftest import NOW, document

WORDS = ("emploi", "soins", "werk", "zorg", "ecole")
VALUES = {"theme": ("orient", "learn", "work"), "kind": ("guide", "video"), "language": ("fr", "nl", "ar")}

_text = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
_facets = st.fixed_dictionaries({name: st.sets(st.sampled_from(values)).map(sorted) for name, values in VALUES.items()})
_documents = st.lists(st.tuples(_text, _text, _facets), max_size=12)
_filters = st.fixed_dictionaries({}, optional={n: st.sets(st.sampled_from(v), min_size=1) for n, v in VALUES.items()})
_queries = st.tuples(
    st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(['"soins werk"', "-zorg", "emp*"])), max_size=3),
    _filters,
)


def _made(number: int, title: str, summary: str, facets: dict[str, list[str]]) -> IndexDocument:
    return document(f"d{number:02}", title_fr=title, summary_nl=summary, **{k: " ".join(v) for k, v in facets.items()})


def _plan(text: str, filters: dict[str, set[str]]) -> Plan:
    params = [("q", text), *((name, value) for name, values in filters.items() for value in values)]
    query = Query.from_params([*params, ("per_page", "100")])[0]
    parsed = parser.parse(text)
    other = Alternative("zorg", "nl", ("zorg",))
    expansions = tuple(
        Expansion("soins", "fr", "care", i, i + 1, (other,)) for i, p in enumerate(parsed.parts) if p.surface == "soins"
    )
    return Plan(query, parsed.parts, parsed.excluded, expansions, "fr", NOW)


@settings(max_examples=60, deadline=None)
@given(_documents, st.lists(_queries, min_size=1, max_size=4))
def test_every_count_equals_the_total_of_the_query_it_stands_for(
    collection: list[tuple[str, str, dict[str, list[str]]]], queries: list[tuple[list[str], dict[str, set[str]]]]
) -> None:
    with TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder))
        engine.rebuild([_made(number, *parts) for number, parts in enumerate(collection)])
        for words, filters in queries:
            plan = _plan(" ".join(words), filters)
            results = engine.search(plan)
            assert len(results.hits) == results.total
            assert results.full == sum(hit.full for hit in results.hits)
            assert [hit.full for hit in results.hits] == sorted((hit.full for hit in results.hits), reverse=True)
            for param in FACETS:
                for value in VALUES.get(param, ()):
                    alone = dataclasses.replace(plan, query=plan.query.only(param, value))
                    assert results.facets[param].get(value, 0) == engine.search(alone).total
        engine.close()
