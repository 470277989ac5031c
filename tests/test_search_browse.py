"""Browsing without an index shows and counts what the engine does."""

from __future__ import annotations

import dataclasses
from itertools import product
from unittest.mock import patch

import pytest

from catalogue.errors import IndexUnavailable
from catalogue.query import Query
from catalogue.service import Catalogue

FILTERS = (
    (),
    (("theme", ("work",)),),
    (("theme", ("learn", "work")), ("kind", ("website",))),
    (("sector", ("health",)),),
    (("language", ("ar",)),),
    (("theme", ("nobody",)),),
)


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_it_is_what_the_engine_answers(filters: tuple[tuple[str, tuple[str, ...]], ...], example: Catalogue) -> None:
    for page, per_page in product((1, 2), (1, 20)):
        query = Query(filters=filters, page=page, per_page=per_page)
        plan = example.plan(query, "nl")
        expected = example._engine.search(plan)
        with patch.object(example._engine, "search", side_effect=IndexUnavailable):
            found = example.browse(query, "nl")
        example._indexing.behind = False
        assert [record.id for record in found.records] == [hit.id for hit in expected.hits]
        same = dataclasses.replace(found.results, few=expected.few)
        assert {param: dict(counts) for param, counts in same.facets.items()} == dict(expected.facets)
        assert (same.total, same.full) == (expected.total, expected.full)
