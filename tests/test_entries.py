"""Which terms a document has in the index: stems, written words and their places, titles and keywords one by one."""

from __future__ import annotations

import pytest

from catalogue.fields import INDEX_FIELDS
from catalogue.search import analysis
from catalogue.search.entries import (
    EXACT,
    GAP,
    LABEL,
    LABEL_STEP,
    LAST_PLACE,
    MOST_LABELS,
    TEXT,
    entries,
    label_terms,
)
from catalogue.search.words import NO_WORDS, UNKNOWN_RARITY, Words
from tests.conftest import document

TITLE, SUMMARY, BODY = (INDEX_FIELDS[name].weight for name in ("title", "summary", "body"))


def stem(surface: str, lang: str) -> str:
    return analysis.stem(surface, lang)


def test_a_word_weighs_what_its_fields_weigh_each_time_it_stands_there() -> None:
    item = document("a", title_fr="Les formations", summary_fr="Formation et formation", body_nl="formation")
    fields = entries(item, NO_WORDS).fields
    french, dutch = stem("formation", "fr"), stem("formation", "nl")
    assert fields[TEXT][french][0] == TITLE + 2 * SUMMARY + (BODY if dutch == french else 0)
    assert fields[EXACT]["formations"][0] == TITLE
    assert fields[EXACT]["formation"][0] == 2 * SUMMARY + BODY


def test_stop_words_stand_only_where_phrases_look() -> None:
    fields = entries(document("a", title_fr="les soins à domicile"), NO_WORDS).fields
    assert set(fields[EXACT]) == {"les", "soins", "a", "domicile"}
    assert set(fields[TEXT]) == set(fields[LABEL]) == {stem("soins", "fr"), stem("domicile", "fr")}


def test_a_compound_stands_in_texts_by_itself_and_by_its_parts_in_labels_by_its_parts_alone() -> None:
    words = Words(building=frozenset({"loopbaan", "begeleiding"}))
    parts = {stem("loopbaan", "nl"), stem("begeleiding", "nl")}
    fields = entries(document("a", title_nl="Loopbaanbegeleiding"), words).fields
    assert set(fields[TEXT]) == {stem("loopbaanbegeleiding", "nl"), *parts}
    assert set(fields[LABEL]) == parts
    assert set(fields[EXACT]) == {"loopbaanbegeleiding"}
    assert label_terms(["loopbaanbegeleiding"], "fr", words) == {stem("loopbaanbegeleiding", "fr")}


def test_places_count_every_word_and_leave_a_gap_between_two_texts() -> None:
    fields = entries(document("a", title_fr="les soins à domicile", summary_fr="soins"), NO_WORDS).fields
    assert {word: places for word, (_, places) in fields[EXACT].items()} == {
        "les": [0],
        "soins": [1, 4 + GAP],
        "a": [2],
        "domicile": [3],
    }


def test_places_beyond_the_last_are_left_out_not_the_words() -> None:
    fields = entries(document("a", body_fr="mot " * LAST_PLACE + "fin fin fin"), NO_WORDS).fields
    assert fields[EXACT]["fin"] == (3 * INDEX_FIELDS["body"].weight, [])
    assert fields[EXACT]["mot"][1][-1] == LAST_PLACE - 1


def test_each_title_and_keyword_is_a_label_with_its_number() -> None:
    item = document("a", title_fr="Infirmier", title_nl="Verpleegkundige", keywords_fr="soins, infirmier")
    found = entries(item, NO_WORDS)
    fields, heavy = found.fields, found.heavy
    assert fields[LABEL][stem("infirmier", "fr")] == (1.0, [0, 2])
    assert fields[LABEL][stem("verpleegkundige", "nl")] == (1.0, [1])
    assert list(heavy) == [round(n * UNKNOWN_RARITY / LABEL_STEP) for n in (1, 1, 2)]


def test_a_word_twice_in_a_label_counts_once() -> None:
    found = entries(document("a", title_fr="Emploi, emplois, l'emploi"), NO_WORDS)
    fields, heavy = found.fields, found.heavy
    assert fields[LABEL] == {stem("emploi", "fr"): (1.0, [0])}
    assert list(heavy) == [round(UNKNOWN_RARITY / LABEL_STEP)]


def test_how_heavy_a_label_is_follows_how_rare_its_words_are() -> None:
    documents = [document(f"d{n}", title_fr="emploi rare" if n == 0 else "emploi") for n in range(20)]
    words = Words.of(documents)
    heavy = [entries(item, words).heavy[0] for item in documents]
    common, rare = words.rarity(stem("emploi", "fr")), words.rarity(stem("rare", "fr"))
    assert heavy == [round((common + rare) / LABEL_STEP), *[round(common / LABEL_STEP)] * 19]


@pytest.mark.parametrize("count", [MOST_LABELS, MOST_LABELS + 1, 1000])
def test_labels_beyond_what_a_byte_counts_are_left_out(count: int) -> None:
    item = document("a", title_fr="titre")
    labels = tuple(("fr", f"mot{n}") for n in range(count - 1))
    found = entries(type(item)(**{**vars(item), "texts": {**item.texts, "keywords": labels}}), NO_WORDS)
    fields, heavy = found.fields, found.heavy
    assert len(heavy) == min(count, MOST_LABELS)
    assert max(place for _, places in fields[LABEL].values() for place in places) == len(heavy) - 1
    assert f"mot{count - 2}" in fields[EXACT], "its words are found all the same"


def test_a_label_heavier_than_a_byte_holds_is_as_heavy_as_a_byte_holds() -> None:
    heavy = entries(document("a", title_fr=" ".join(f"mot{n}" for n in range(100))), NO_WORDS).heavy
    assert list(heavy) == [255]


def test_a_document_without_words_has_no_entries() -> None:
    found = entries(document("a", title_fr="  …  ", summary_nl=""), NO_WORDS)
    fields, heavy = found.fields, found.heavy
    assert fields == {TEXT: {}, EXACT: {}, LABEL: {}}
    assert list(heavy) == [0]
