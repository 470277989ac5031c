"""What the cluster keeps of a document is what the embedded engine keeps, in another form."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from catalogue.search import analysis
from catalogue.search.entries import EXACT, SCORED, TEXT, entries
from catalogue.search.opensearch.mapping import LONGEST, mapping, mean_lengths, source
from catalogue.search.weights import WEIGHTS
from catalogue.search.words import NO_WORDS, Words
from tests.conftest import document
from tests.corpora import documents

MEANS = {TEXT: 20.0, EXACT: 30.0}


@given(documents(st.just("a")))
def test_a_kept_weight_makes_bm25_of_a_plain_saturation(item: object) -> None:
    found = entries(item, NO_WORDS)  # type: ignore[arg-type]
    kept = source(item, found, MEANS, WEIGHTS)  # type: ignore[arg-type]
    k, b = WEIGHTS.saturation, WEIGHTS.length
    for name in SCORED:
        held_back = k * (1 - b + b * found.lengths[name] / MEANS[name])
        for term, (weight, _) in found.fields[name].items():
            here = kept[name][term]
            assert math.isclose(here / (here + k), weight / (weight + held_back), rel_tol=1e-9)
            assert "." not in term, "a dot parts fields"


@given(documents(st.just("a")))
def test_every_name_is_one_of_the_mapping(item: object) -> None:
    kept = source(item, entries(item, NO_WORDS), MEANS, WEIGHTS)  # type: ignore[arg-type]
    assert kept.keys() <= mapping({})["properties"].keys()


def test_phrases_are_the_words_of_each_text_in_order() -> None:
    item = document("a", title_fr="Les soins à domicile", summary_nl="Zorg aan huis, zorg")
    kept = source(item, entries(item, NO_WORDS), MEANS, WEIGHTS)
    assert kept["phrases"] == ["les soins a domicile", "zorg aan huis zorg"]


def test_labels_are_titles_first_then_keywords() -> None:
    item = document("a", title_fr="Boucher", keywords_nl="slager", title_nl="Slager")
    kept = source(item, entries(item, Words(records=10)), MEANS, WEIGHTS)
    assert [(label["terms"], label["keyword"]) for label in kept["labels"]] == [
        ([analysis.stem("boucher", "fr")], False),
        ([analysis.stem("slager", "nl")], False),
        ([analysis.stem("slager", "nl")], True),
    ]
    assert all(label["heavy"] > 0 for label in kept["labels"])


def test_a_word_nobody_types_is_left_out_and_keeps_its_place() -> None:
    item = document("a", title_fr=f"soins {'a' * 40_000} domicile")
    kept = source(item, entries(item, NO_WORDS), MEANS, WEIGHTS)
    assert sorted(kept["words"]) == ["domicile", "soins"]
    assert [len(word) for word in kept["phrases"][0].split()] == [5, LONGEST, 8]


def test_an_event_has_its_end_and_nothing_else_has() -> None:
    item = document("a", title_fr="x")
    found = entries(item, NO_WORDS)
    assert "expires" not in source(item, found, MEANS, WEIGHTS)
    ending = replace(item, expires="2026-11-22T18:00:00")
    assert source(ending, found, MEANS, WEIGHTS)["expires"] == "2026-11-22T18:00:00"


def test_the_mean_of_nothing_divides_nothing() -> None:
    means = mean_lengths([], NO_WORDS)
    item = document("a", title_fr="soins")
    kept = source(item, entries(item, NO_WORDS), means, WEIGHTS)
    assert kept[EXACT] == {"soins": entries(item, NO_WORDS).fields[EXACT]["soins"][0]}
