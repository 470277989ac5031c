"""The query as a value: read from an address, written back to it, changed one step at a time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.fields import FACETS, SORTS
from catalogue.query import MAX_PAGE, MAX_PER_PAGE, MAX_TEXT, Query

VALUES = st.text("abcdefghij-é' ", min_size=1, max_size=8).map(lambda v: " ".join(v.split())).filter(bool)
QUERIES = st.builds(
    lambda text, filters, sort, page, per_page, expand, exact: Query.from_params(
        [("q", text)]
        + [(facet, value) for facet, values in filters.items() for value in values]
        + [("sort", sort), ("page", str(page)), ("per_page", str(per_page))]
        + [("expand", "0")] * (not expand)
        + [("exact", "1")] * exact
    )[0],
    st.text(max_size=300),
    st.dictionaries(st.sampled_from(sorted(FACETS)), st.lists(VALUES, max_size=4)),
    st.sampled_from(sorted(SORTS)),
    st.integers(-5, 20_000),
    st.integers(-5, 500),
    st.booleans(),
    st.booleans(),
)


@given(QUERIES)
def test_an_address_reads_back_as_the_query_it_was_made_of(query: Query) -> None:
    assert Query.from_params(query.to_params()) == (query, ())


@given(QUERIES, st.sampled_from(sorted(FACETS)), VALUES)
def test_choosing_and_letting_go(query: Query, facet: str, value: str) -> None:
    chosen = query.with_(facet, value)
    assert value in chosen.chosen(facet)
    assert chosen.page == 1
    assert value not in chosen.without(facet, value).chosen(facet)
    assert chosen.without(facet).chosen(facet) == ()
    assert chosen.only(facet, value).chosen(facet) == (value,)
    assert {k: v for k, v in chosen.filters if k != facet} == {k: v for k, v in query.filters if k != facet}


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=400)), max_size=12))
def test_anything_can_stand_in_an_address(params: list[tuple[str, str]]) -> None:
    query, _ = Query.from_params(params)
    assert len(query.text) <= MAX_TEXT
    assert 1 <= query.page <= MAX_PAGE
    assert 1 <= query.per_page <= MAX_PER_PAGE
    assert query.text.isprintable()


@pytest.mark.parametrize(
    ("page", "read"), [("-1", 1), ("0", 1), ("7", 7), ("x", 1), ("", 1), ("9" * 30, MAX_PAGE), ("٣", 1), (" 2 ", 2)]
)
def test_page_numbers_are_clamped(page: str, read: int) -> None:
    assert Query.from_params([("page", page)])[0].page == read


def test_what_is_unknown_is_noticed_and_left_out() -> None:
    query, notices = Query.from_params([("q", "emploi"), ("colour", "red"), ("sort", "price"), ("lang", "fr")])
    assert query == Query(text="emploi")
    assert [(notice.field, notice.value) for notice in notices] == [("colour", ""), ("sort", "price")]


def test_control_characters_and_surrogates_become_spaces() -> None:
    assert Query.from_params([("q", "a\x00b\ud800c\n d")])[0].text == "a b c d"


def test_an_unknown_facet_value_is_kept_and_finds_nothing_later() -> None:
    assert Query.from_params([("theme", "cooking")])[0].chosen("theme") == ("cooking",)
