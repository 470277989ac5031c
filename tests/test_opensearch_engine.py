"""The OpenSearch engine: it finds and counts what the embedded engine does, and several processes share one index."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from catalogue.errors import IndexUnavailable
from catalogue.query import Query
from catalogue.search.document import IndexDocument
from catalogue.search.engines import open_engine
from catalogue.search.opensearch import engine as module
from catalogue.search.opensearch.cluster import Cluster
from catalogue.search.opensearch.engine import OpenSearchEngine
from catalogue.search.opensearch.indexes import Indexes
from catalogue.search.parser import MAX_PARTS
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.web.app import create_app
from tests.conftest import PROJECT, AddRecord, document, plan
from tests.expectations import load, misses
from tests.opensearch import cluster
from tests.test_opensearch_cluster import free_port
from tests.waiting import until


@contextmanager
def opened(index: str) -> Iterator[OpenSearchEngine]:
    engine = open_engine(Settings(index=index))
    assert isinstance(engine, OpenSearchEngine)
    with closing(engine):
        yield engine


def found(engine: OpenSearchEngine, text: str) -> list[str]:
    return [hit.id for hit in engine.search(plan(text)).hits]


def some(count: int) -> list[IndexDocument]:
    return [document(f"d{n:03}", title_fr=f"Fiche numéro {n}", theme="work") for n in range(count)]


def test_it_answers_as_the_embedded_engine_does(opensearch: str, example: Catalogue, tmp_path: Path) -> None:
    """Over the whole example centre: the queries people type, and those with filters, phrases, beginnings in them."""
    settings = Settings(resources=PROJECT / "resources", index=opensearch, state=f"sqlite:///{tmp_path}/c.db")
    catalogue = Catalogue.open(settings)
    try:
        assert dict(catalogue._engine.inventory()) == dict(example._engine.inventory())
        assert dict(catalogue._engine.words()) == dict(example._engine.words())
        typed = [(entry.query, entry.lang) for entry in load()]
        queries = [(Query(text), lang) for text, lang in typed[::5]]
        queries += [(Query(text, (("theme", ("learn", "work")),)), lang) for text, lang in typed[1::15]]
        queries += [(Query(f'"{text}"', exact=bool(n % 2)), lang) for n, (text, lang) in enumerate(typed[2::15])]
        queries += [(Query(f"{text[:5]}* -formation"), lang) for text, lang in typed[3::15]]
        queries += [(Query(text, sort=sort), "nl") for text in ("", "werk zoeken") for sort in ("title", "newest")]
        same_order = same_leading = 0
        for query, lang in queries:
            ours, theirs = (c.answer(c.plan(query, lang))[1] for c in (catalogue, example))
            counts = ({p: dict(v) for p, v in each.facets.items()} for each in (ours, theirs))
            assert (ours.total, ours.full, ours.few) == (theirs.total, theirs.full, theirs.few), query
            assert next(counts) == next(counts), query
            scores, expected = ({hit.id: hit.score for hit in each.hits} for each in (ours, theirs))
            both = scores.keys() & expected.keys()
            assert {id: scores[id] for id in both} == pytest.approx({id: expected[id] for id in both}, rel=0.02)
            assert len(both) >= 0.8 * len(expected), query
            assert all(hit.full for hit in ours.hits if hit.leading)
            same_leading += [hit.leading for hit in ours.hits] == [hit.leading for hit in theirs.hits]
            same_order += [hit.id for hit in ours.hits] == [hit.id for hit in theirs.hits]
        # Features keep three digits: what is nearly equal may change places.
        assert same_leading / len(queries) > 0.97
        assert same_order / len(queries) > 0.9
    finally:
        catalogue.close()


@pytest.mark.soak
def test_what_people_expect_is_found_as_with_the_embedded_engine(
    opensearch: str, example: Catalogue, tmp_path: Path
) -> None:
    settings = Settings(resources=PROJECT / "resources", index=opensearch, state=f"sqlite:///{tmp_path}/c.db")
    catalogue = Catalogue.open(settings)
    try:
        assert {e.query for e, _ in misses(catalogue)} == {e.query for e, _ in misses(example)}
    finally:
        catalogue.close()


def test_what_one_process_writes_another_finds_at_once_and_knows_its_words_soon(opensearch: str) -> None:
    with opened(opensearch) as one, opened(opensearch) as other:
        one.rebuild(some(3))
        until(lambda: "fiche" in other.words())
        before = other.words()
        one.put([document("new", title_fr="Chaudronnerie d'art")])
        assert found(other, "chaudronnerie") == ["new"]
        one.put([document("newer", title_fr="La chaudronnerie")])
        until(lambda: found(other, "chaudronnerie") == ["newer", "new"])  # whatever it answered before
        until(lambda: other.words() is not before)
        until(lambda: other.words().get("chaudronnerie") == 2)
        assert sorted(found(other, "chaudr*")) == ["new", "newer"]


def test_a_search_goes_on_while_the_index_is_built_anew(opensearch: str) -> None:
    with opened(opensearch) as one, opened(opensearch) as other:
        one.rebuild(some(30))
        totals: set[int] = set()
        done = threading.Event()

        def look() -> None:
            while not done.is_set():
                totals.add(other.search(plan("fiche")).total)

        looker = threading.Thread(target=look)
        looker.start()
        try:
            one.rebuild(some(40))
            until(lambda: 40 in totals)
        finally:
            done.set()
            looker.join()
        assert totals == {30, 40}
        assert len(cluster.ask(free_of(opensearch), f"/_cat/indices/{name_of(opensearch)}.*?format=json")) == 1


def test_a_build_that_fails_leaves_the_index_in_use(opensearch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(opensearch) as engine:
        engine.rebuild(some(3))
        broken = dataclasses.replace(some(1)[0], id="x" * 600)  # longer than an id may be
        with pytest.raises(IndexUnavailable):
            engine.rebuild([*some(5), broken])
        assert engine.search(plan("fiche")).total == 3
        assert len(cluster.ask(free_of(opensearch), f"/_cat/indices/{name_of(opensearch)}.*?format=json")) == 1


def test_an_index_of_another_version_is_built_anew_and_left_to_the_newer(
    opensearch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(opensearch) as old:
        old.rebuild(some(3))
        monkeypatch.setattr(module, "LAYOUT", "newer")
        with opened(opensearch) as newer:
            assert newer.inventory() == {}
            newer.rebuild(some(4))
            monkeypatch.undo()
            until(lambda: old._overtaken)
            assert old.search(plan("fiche")).total == 4, "who still runs goes on answering"
            with pytest.raises(IndexUnavailable):
                old.put(some(1))
            with pytest.raises(IndexUnavailable):
                old.rebuild(some(1))
            assert len(newer.inventory()) == 4


def test_leftovers_of_a_build_that_was_killed_go(opensearch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(opensearch) as engine:
        engine.rebuild(some(1))
        left = engine._indexes.create("x", {}, engine._known.described.words, 0).index  # type: ignore[union-attr]
        engine.rebuild(some(2))

        def names() -> list[str]:
            found = cluster.ask(free_of(opensearch), f"/_cat/indices/{name_of(opensearch)}.*?format=json")
            return [each["index"] for each in found]

        assert left in names(), "somebody may be building it"
        monkeypatch.setattr("catalogue.search.opensearch.indexes.ABANDONED", -1.0)
        engine.rebuild(some(2))
        assert left not in names()


def test_an_index_that_somebody_removed_is_told_and_built_again(opensearch: str) -> None:
    with opened(opensearch) as engine:
        engine.rebuild(some(2))
        cluster.remove(free_of(opensearch), name_of(opensearch))
        with pytest.raises(IndexUnavailable):
            engine.search(plan("fiche"))
        assert engine.inventory() == {}
        engine.put(some(2))
        assert engine.search(plan("fiche")).total == 2


def test_the_costliest_query_has_fewer_clauses_than_a_cluster_takes(opensearch: str, example: Catalogue) -> None:
    """Twelve words, each a concept with many labels or a compound: Lucene takes 1,024 clauses."""
    concepts = example.contents.frame.vocabularies.concepts.values()
    labels = sorted({labels[0] for c in concepts for labels in c.labels.values()}, key=len)
    typed = [" ".join(labels[n : n + MAX_PARTS]) for n in range(0, len(labels), len(labels) // 5)]
    typed += [" ".join(f"{letters}*" for letters in "con for ver lan ber sol ent tra pro per rec com".split())]
    with opened(opensearch) as engine:
        engine.rebuild([example.document(record) for record in example.contents.public])
        for text in typed:
            asked = example.plan(Query(text[:200]), "fr")
            linked = dataclasses.replace(asked, links=example._finder._linker.links(asked.parts))
            for each in (asked, linked):
                assert engine.search(each).total == example._engine.search(each).total


# --- without a cluster ---------------------------------------------------------------------------------------------


def test_where_the_cluster_is_away_only_searching_is(add: AddRecord, settings: Settings) -> None:
    add("one")
    index = f"opensearch+http://anna:secret@127.0.0.1:{free_port()},127.0.0.1:{free_port()}/away"
    begun = time.monotonic()
    catalogue = Catalogue.open(dataclasses.replace(settings, index=index))
    assert time.monotonic() - begun < 30
    with TestClient(create_app(catalogue, watch=False), raise_server_exceptions=False) as client:
        for path in ("/fr/", "/nl/record/one", "/nl/theme/work", "/nl/occupations", "/nl/new", "/fr/help"):
            assert client.get(path).status_code == 200, path
        page = client.get("/nl/search?q=werk")
        assert page.status_code == 503
        assert "secret" not in page.text
        health = client.get("/healthz").json()
        assert health["status"] == "down"
        assert "the search engine does not answer" in health["wrong"][0]
        assert "secret" not in str(health)


def free_of(index: str) -> int:
    """Return the port of the first node of an address."""
    return int(index.partition("127.0.0.1:")[2].partition(",")[0])


def name_of(index: str) -> str:
    return index.rpartition("/")[2]


def test_indexes_know_their_own(opensearch: str) -> None:
    """``name`` and ``name-concepts`` stand side by side and never touch each other."""
    with opened(opensearch) as engine, opened(f"{opensearch}-concepts") as concepts:
        concepts.rebuild(some(2))
        engine.rebuild(some(3))
        engine.rebuild(some(4))
        assert (concepts.search(plan("")).total, engine.search(plan("")).total) == (2, 4)
        assert Indexes(Cluster(engine._cluster.address)).in_use().index.startswith(f"{name_of(opensearch)}.")
