"""The words an index knows: where Dutch compounds are cut, how rare a term is, and both again after JSON."""

from __future__ import annotations

import json
import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search import analysis
from catalogue.search.words import LEAST_RECORDS, LINKS, NO_WORDS, SHORTEST_PART, UNKNOWN_RARITY, Words
from tests.conftest import document


def knowing(*words: str) -> Words:
    """Return the words of a collection in which each of ``words`` is frequent enough to make compounds."""
    return Words(building=frozenset(words))


# --- what makes compounds ----------------------------------------------------------------------------------------


def test_a_word_makes_compounds_once_enough_records_have_it() -> None:
    texts = ["Loopbaan en begeleiding"] * (LEAST_RECORDS - 1)
    documents = [document(f"d{n}", title_nl=text) for n, text in enumerate(texts)]
    assert Words.of(documents).parts("loopbaanbegeleiding") == ()
    documents.append(document("last", summary_nl="begeleiding; de loopbaan"))
    assert Words.of(documents).parts("loopbaanbegeleiding") == ("loopbaan", "begeleiding")


def test_a_word_repeated_in_one_record_is_still_one_record() -> None:
    documents = [document("d", title_nl="loopbaan begeleiding " * 9, summary_nl="loopbaan begeleiding")]
    assert Words.of(documents).building == frozenset()


def test_only_dutch_words_of_letters_long_enough_and_with_a_meaning_make_compounds() -> None:
    documents = [
        document(f"d{n}", title_nl="werk job voor worden 2026 h264", title_fr="emploi formation") for n in range(9)
    ]
    assert Words.of(documents).building == {"werk"}


# --- where they are cut ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("loopbaanbegeleiding", ("loopbaan", "begeleiding")),
        ("werkloosheidsuitkering", ("werkloosheid", "uitkering")),  # s
        ("studentenjob", ()),  # job is shorter than a part may be
        ("studentenwerk", ("student", "werk")),  # en
        ("zonnewerk", ("zonn", "werk")),  # e
        ("boerenwerk", ("boere", "werk")),  # n
        ("loopbaanwerkbegeleiding", ("loopbaan", "werk", "begeleiding")),
        ("begeleidingswerk", ("begeleiding", "werk")),
        ("loopbaan", ()),  # a word is no part of itself
        ("loopbanen", ()),
        ("loopbaanx", ()),  # the whole word must be covered
        ("xloopbaanwerk", ()),
        ("loopbaans", ()),  # nothing links the last part to nothing
        ("werkenwerk", ("werk", "werk")),
        ("loopbaan2026", ()),
        ("", ()),
    ],
)
def test_compounds_are_cut_where_known_words_meet(compound: str, parts: tuple[str, ...]) -> None:
    words = knowing(
        "loopbaan", "begeleiding", "werkloosheid", "uitkering", "student", "werk", "zonn", "boere", "job", "2026"
    )
    assert words.parts(compound) == parts


def test_the_fewest_parts_are_taken_and_the_first_as_long_as_possible() -> None:
    assert knowing("onderhoud", "onder", "houd", "werk").parts("onderhoudswerk") == ("onderhoud", "werk")
    words = knowing("werk", "werker", "vaart", "ervaart")
    assert words.parts("werkervaart") == ("werker", "vaart")


def test_a_frequent_compound_is_cut_too() -> None:
    words = knowing("loopbaanbegeleiding", "loopbaan", "begeleiding")
    assert words.parts("loopbaanbegeleiding") == ("loopbaan", "begeleiding")


_letters = st.text("abé", min_size=SHORTEST_PART, max_size=6)


@given(st.lists(_letters, min_size=1, max_size=4), st.lists(st.sampled_from(LINKS), min_size=4, max_size=4))
def test_a_cut_always_gives_the_word_back(pieces: list[str], links: list[str]) -> None:
    compound = "".join(piece + link for piece, link in zip(pieces, links, strict=False))
    compound = compound.removesuffix(links[len(pieces) - 1]) if links[len(pieces) - 1] else compound
    words = knowing(*pieces, compound)
    parts = words.parts(compound)
    assert compound not in parts
    assert len(parts) <= len(pieces)
    if len(pieces) > 1:
        assert parts, "it was made of known words"
    if parts:
        assert set(parts) <= set(pieces)
        made = {
            "".join(part + link for part, link in zip(parts, (*chosen, ""), strict=True))
            for chosen in product(LINKS, repeat=len(parts) - 1)
        }
        assert compound in made


# --- what is indexed, and how rare it is -------------------------------------------------------------------------


def test_a_compound_is_indexed_by_itself_and_by_its_parts_in_dutch_only() -> None:
    words = knowing("loopbaan", "begeleiding")
    stems = tuple(analysis.stem(word, "nl") for word in ("loopbaanbegeleiding", "loopbaan", "begeleiding"))
    assert words.terms("loopbaanbegeleiding", "nl") == stems
    assert words.terms("loopbaanbegeleiding", "fr") == (analysis.stem("loopbaanbegeleiding", "fr"),)
    assert words.terms("van", "nl") == ()


def test_a_text_of_unknown_language_is_indexed_in_every_language() -> None:
    assert set(NO_WORDS.terms("opleidingen", "und")) == set(analysis.query_stems("opleidingen"))


def test_rarity_is_that_of_bm25_as_whoosh_has_it() -> None:
    documents = [document(f"d{n}", title_fr="emploi" if n else "soins") for n in range(10)]
    words = Words.of(documents)
    assert words.records == 10
    assert words.rarity(analysis.stem("emploi", "fr")) == pytest.approx(math.log(10 / 10) + 1)
    assert words.rarity("nobody") == words.rarity(analysis.stem("soins", "fr")) == pytest.approx(math.log(10 / 2) + 1)
    assert NO_WORDS.rarity("emploi") == UNKNOWN_RARITY


def test_json_gives_the_same_words_back() -> None:
    documents = [document(f"d{n}", title_nl="Loopbaan, begeleiding", title_fr=f"Été {n % 2}") for n in range(5)]
    words = Words.of(documents)
    again = Words.from_json(json.loads(json.dumps(words.to_json())))
    assert again == words
    assert again.parts("loopbaanbegeleiding") == words.parts("loopbaanbegeleiding") != ()
    assert [again.rarity(term) for term in ("ete", "0", "nobody")] == [words.rarity(t) for t in ("ete", "0", "nobody")]
    for damaged in ("{}", '{"records": 1}', '{"records": null, "frequency": {}, "building": []}', "[]"):
        with pytest.raises((KeyError, TypeError)):
            Words.from_json(json.loads(damaged))
