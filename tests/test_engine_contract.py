"""The engine contract, run over every engine: what any of them must answer, whatever it is built on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from catalogue.search.engine import Engine
from catalogue.search.engines import ENGINES, open_engine
from catalogue.settings import Settings
from tests.conftest import document, plan


@pytest.fixture(params=[*sorted(ENGINES), "opensearch"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    clustered = request.param == "opensearch"
    index = request.getfixturevalue("opensearch") if clustered else f"{request.param}:{tmp_path / 'index'}"
    made = open_engine(Settings(index=index))
    made.rebuild(
        [
            document("a", title_fr="Devenir infirmier", summary_fr="Les soins à domicile", theme="learn", kind="guide"),
            document(
                "b", title_nl="Verpleegkundige worden", summary_nl="Zorg aan huis", theme="learn work", kind="guide"
            ),
            document("c", title_fr="Trouver un emploi", keywords_fr="travail", theme="work", kind="website"),
            document("d", title_fr="Emploi dans les soins", theme="work", kind="video", newest="2026-06-01"),
        ]
    )
    yield made
    made.close()


def found(engine: Engine, text: str, **query: object) -> list[str]:
    return [hit.id for hit in engine.search(plan(text, **query)).hits]  # type: ignore[arg-type]


def test_a_word_is_found_in_its_forms(engine: Engine) -> None:
    assert found(engine, "infirmières") == ["a"]
    assert found(engine, "verpleegkundigen") == ["b"]


def test_words_are_alternatives_and_full_matches_come_first(engine: Engine) -> None:
    results = engine.search(plan("emploi soins"))
    assert results.hits[0].id == "d"
    assert (results.total, results.full) == (3, 1)
    assert [hit.full for hit in results.hits] == [True, False, False]


def test_a_text_that_has_every_word_in_passing_stands_behind_a_title_that_lacks_one(engine: Engine) -> None:
    passing = "Mille choses du quartier : jardins, marchés, concerts, un emploi, des fêtes, des soins, des promenades."
    engine.put([document("e", title_fr="Vivre en ville", body_fr=passing, theme="move")])
    results = engine.search(plan("emploi soins"))
    assert [hit.id for hit in results.hits] == ["d", "c", "e", "a"]
    assert [(hit.full, hit.leading) for hit in results.hits if hit.id in "de"] == [(True, True), (True, False)]
    assert (results.total, results.full) == (4, 2)
    (alone,) = engine.search(plan("emploi soins", filters=(("theme", ("move",)),))).hits
    assert (alone.full, alone.leading) == (True, False), "a filter changes no order"


@pytest.mark.parametrize("sort", ["title", "newest"])
def test_what_leads_stands_first_in_every_order(engine: Engine, sort: str) -> None:
    engine.put([document("e", title_fr="Aller", body_fr="un emploi et des soins", newest="2026-11-01")])
    hits = engine.search(plan("emploi soins", sort=sort)).hits
    assert hits[0].id == "d"
    assert [hit.leading for hit in hits] == [True, False, False, False]


def test_a_title_weighs_more_than_a_summary(engine: Engine) -> None:
    assert found(engine, "soins") == ["d", "a"]


def test_a_phrase_stands_as_typed(engine: Engine) -> None:
    assert found(engine, '"soins à domicile"') == ["a"]
    assert found(engine, '"domicile soins"') == []


def test_a_phrase_never_reaches_from_one_text_into_the_next(engine: Engine) -> None:
    assert found(engine, '"infirmier les soins"') == []


def test_a_beginning_finds_every_word_that_begins_so(engine: Engine) -> None:
    assert sorted(found(engine, "verp*")) == ["b"]
    assert sorted(found(engine, "empl*")) == ["c", "d"]


def test_an_excluded_word_takes_records_out(engine: Engine) -> None:
    assert found(engine, "emploi -soins") == ["c"]
    assert sorted(found(engine, "-emploi")) == ["a", "b"]


def test_exact_search_knows_no_forms(engine: Engine) -> None:
    assert found(engine, "emplois") == ["c", "d"] or found(engine, "emplois") == ["d", "c"]
    assert found(engine, "emplois", exact=True) == []
    assert sorted(found(engine, "emploi", exact=True)) == ["c", "d"]


def test_no_words_give_everything_newest_first(engine: Engine) -> None:
    assert found(engine, "") == ["d", "a", "b", "c"]


def test_filters_are_or_within_and_and_across(engine: Engine) -> None:
    assert sorted(found(engine, "", filters=(("theme", ("learn", "work")),))) == ["a", "b", "c", "d"]
    both = (("theme", ("work",)), ("kind", ("guide", "video")))
    assert sorted(found(engine, "", filters=both)) == ["b", "d"]
    assert found(engine, "", filters=(("theme", ("cooking",)),)) == []


def test_a_count_is_the_total_were_the_value_the_only_one_chosen(engine: Engine) -> None:
    facets = engine.search(plan("", filters=(("theme", ("learn",)), ("kind", ("video",))))).facets
    assert facets["theme"] == {"work": 1}
    assert facets["kind"] == {"guide": 2}


def test_the_site_of_a_centre_finds_what_it_offers_and_counts_what_the_others_have(engine: Engine) -> None:
    engine.rebuild(
        [
            document("all", title_fr="Emploi", theme="work", centre="bruxelles liege shared all"),
            document("ours", title_fr="Emploi", theme="work", centre="bruxelles all"),
            document("lent", title_fr="Emploi", theme="learn", centre="liege shared all"),
            document("kept", title_fr="Emploi", theme="learn", centre="liege all"),
        ]
    )
    for text in ("", "emploi"):
        asked = replace(plan(text), home="bruxelles")
        results = engine.search(asked)
        assert {hit.id for hit in results.hits} == {"all", "ours", "lent"}
        assert (results.total, results.full) == (3, 3)
        assert results.facets["theme"] == {"work": 2, "learn": 1}
        assert results.facets["centre"] == {"bruxelles": 2, "liege": 3, "shared": 2, "all": 4}
        for value, count in results.facets["centre"].items():
            chosen = replace(asked, query=asked.query.with_("centre", value))
            assert engine.search(chosen).total == count, value
        both = replace(asked, query=asked.query.with_("theme", "learn").with_("centre", "liege"))
        assert {hit.id for hit in engine.search(both).hits} == {"lent", "kept"}


def test_orders(engine: Engine) -> None:
    assert found(engine, "", sort="title") == ["a", "d", "c", "b"]
    assert found(engine, "emploi", sort="newest") == ["d", "c"]


def test_a_reader_whose_language_no_title_is_in_gets_an_order_too(engine: Engine) -> None:
    asked = replace(plan("", sort="title"), lang="de")
    assert [hit.id for hit in engine.search(asked).hits] == ["a", "d", "c", "b"]


def test_pages(engine: Engine) -> None:
    everything = found(engine, "")
    assert found(engine, "", per_page=2) == everything[:2]
    assert found(engine, "", per_page=2, page=2) == everything[2:]
    assert found(engine, "", per_page=2, page=3) == []


def test_a_put_document_is_found_and_replaces_the_old_one(engine: Engine) -> None:
    engine.put([document("a", title_fr="Devenir plombier")])
    assert found(engine, "plombier") == ["a"]
    assert found(engine, "infirmier") == []
    assert len(engine.inventory()) == 4


def test_a_removed_document_is_gone(engine: Engine) -> None:
    engine.remove(["a", "never-there"])
    assert found(engine, "infirmier") == []
    assert sorted(engine.inventory()) == ["b", "c", "d"]


def test_the_inventory_holds_the_digests(engine: Engine) -> None:
    changed = document("a", title_fr="Devenir plombier")
    engine.put([changed])
    assert engine.inventory()["a"] == changed.digest


def test_the_words_are_those_of_the_documents_with_how_many_have_them(engine: Engine) -> None:
    words = engine.words()
    assert (words["soins"], words["infirmier"], words["les"]) == (2, 1, 2)
    assert "stage" not in words
    assert engine.words() is words
    engine.put([document("e", title_fr="Stage d'été", summary_fr="Un stage dans les soins")])
    words = engine.words()
    assert (words["stage"], words["ete"], words["soins"]) == (1, 1, 3)


def test_a_rebuild_replaces_everything(engine: Engine) -> None:
    seen: list[tuple[int, int]] = []
    engine.rebuild([document("z", title_fr="Seul")], lambda done, total: seen.append((done, total)))
    assert found(engine, "") == ["z"]
    assert seen[-1] == (1, 1)


def test_hostile_queries_are_words_like_others(engine: Engine) -> None:
    for text in ("*a*", "a*", "[a TO z]", "~9", ".*", "(" * 5000, "rec:x", "id:a", " ".join(["aaa*"] * 200), '"' * 99):
        engine.search(plan(text[:200]))
    assert found(engine, "id:a") == found(engine, "id a")
