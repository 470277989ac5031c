"""Merging what two people changed: nothing of either is lost in silence."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from catalogue.three_way import at, merge, put

leaf = st.sampled_from(["a", "b", "c"]) | st.lists(st.sampled_from("ab"), min_size=1, max_size=2)
mapping = st.dictionaries(
    st.sampled_from("xyz"), leaf | st.dictionaries(st.sampled_from(["fr", "nl"]), leaf, min_size=1)
)


def test_changes_to_different_fields_are_both_kept() -> None:
    base = {"title": {"fr": "Un", "nl": "Een"}, "year": "2024", "themes": ["work"]}
    mine = {**base, "title": {"fr": "Deux", "nl": "Een"}}
    theirs = {**base, "title": {"fr": "Un", "nl": "Twee"}, "themes": ["learn"]}
    merged, conflicts = merge(base, mine, theirs)
    assert merged == {"title": {"fr": "Deux", "nl": "Twee"}, "year": "2024", "themes": ["learn"]}
    assert conflicts == ()


def test_a_field_that_both_changed_is_named() -> None:
    base = {"title": {"fr": "Un"}, "year": "2024"}
    mine, theirs = {"title": {"fr": "Deux"}, "year": "2025"}, {"title": {"fr": "Trois"}}
    merged, conflicts = merge(base, mine, theirs)
    assert merged == mine
    assert set(conflicts) == {"title.fr", "year"}
    assert at(theirs, "title.fr") == "Trois"
    assert put(merged, "title.fr", "Trois") == {"title": {"fr": "Trois"}, "year": "2025"}
    assert put(merged, "year", at(theirs, "year")) == {"title": {"fr": "Deux"}}


@given(mapping, mapping, mapping)
def test_every_change_is_kept_or_named(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    merged, conflicts = merge(base, mine, theirs)
    for key in {*base, *mine, *theirs}:
        one, other, was = (side.get(key, "") for side in (mine, theirs, base))
        got = merged.get(key, "")
        if one == other or was == other:
            assert got == one
        elif was == one:
            assert got == other
        elif got != one:  # parts of both
            assert isinstance(one, dict)
            assert isinstance(other, dict)
        else:
            assert any(path.split(".")[0] == key for path in conflicts) or isinstance(one, dict)
    assert merge(base, mine, base) == (mine, ())
    assert merge(base, base, theirs) == (theirs, ())
