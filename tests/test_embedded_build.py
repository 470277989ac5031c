"""From documents to segments: merged or shared out over processes, they answer as one segment built at once."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from whoosh.filedb.filestore import FileStorage, RamStorage

from catalogue.errors import IndexUnavailable
from catalogue.search.document import IndexDocument
from catalogue.search.embedded import build as building
from catalogue.search.embedded import engine as embedded
from catalogue.search.embedded.build import build, build_shared, merge
from catalogue.search.embedded.codec import Array
from catalogue.search.embedded.engine import SnapshotEngine
from catalogue.search.embedded.ranking import answer
from catalogue.search.embedded.segment import Segment, posting_cache
from catalogue.search.embedded.snapshot import Snapshot
from catalogue.search.engine import Plan
from catalogue.search.entries import EXACT, LABEL, TEXT
from catalogue.search.weights import WEIGHTS
from catalogue.search.words import Words
from catalogue.service import Catalogue
from tests.conftest import document, plan
from tests.test_engine_properties import same

ASKED = [
    plan(text, **query)
    for text in ("trouver un emploi", "infirmière", "loopbaanbegeleiding", '"de la formation"', "verple*", "werk -zorg")
    for query in ({}, {"sort": "title"}, {"sort": "newest", "filters": (("theme", ("work", "learn")),)})
]


@pytest.fixture(scope="module")
def documents(example: Catalogue) -> list[IndexDocument]:
    return sorted((example.document(record) for record in example.contents.public[::3]), key=lambda item: item.id)


@pytest.fixture(scope="module")
def words(documents: list[IndexDocument]) -> Words:
    return Words.of(documents)


def segment_of(documents: Sequence[IndexDocument], words: Words) -> Segment:
    storage = RamStorage()
    return Segment(storage, build(documents, words, storage, lambda done: None), posting_cache())


def whole(words: Words, *segments: Segment) -> Snapshot:
    return Snapshot(1, segments, (frozenset(),) * len(segments), words)


def agree(one: Snapshot, other: Snapshot, documents: Sequence[IndexDocument], asked: Sequence[Plan] = ASKED) -> None:
    assert one.inventory == other.inventory
    held = {item.id: item for item in documents}
    totals = 0
    for each in asked:
        found = answer(one, each, WEIGHTS)
        same(found, answer(other, each, WEIGHTS), each, held)
        totals += found.total
    assert totals > len(asked), "there is something to compare"


# --- merging -----------------------------------------------------------------------------------------------------


def test_a_merged_segment_is_the_one_that_would_have_been_built(documents: list[IndexDocument], words: Words) -> None:
    pieces = [segment_of(documents[start::4], words) for start in range(4)]
    storage = RamStorage()
    alive = whole(words, *pieces).alive
    merged = Segment(storage, merge(list(zip(pieces, alive, strict=True)), storage), posting_cache())
    built = segment_of(documents, words)
    agree(whole(words, merged), whole(words, built), documents)
    for field in (TEXT, EXACT, LABEL):
        assert merged.frequencies(field) == built.frequencies(field)
        for term in built.terms(field):
            one, other = merged.postings(field, term), built.postings(field, term)
            for name in ("numbers", "weights", "counts", "places"):
                assert getattr(one, name).tolist() == getattr(other, name).tolist(), (field, term)
    for column in built._columns:
        assert merged._columns[column].tobytes() == built._columns[column].tobytes(), column


def test_a_merge_leaves_out_what_is_deleted(documents: list[IndexDocument], words: Words) -> None:
    first, second = segment_of(documents[:10], words), segment_of(documents[10:20], words)
    taken = Snapshot(1, (first, second), (frozenset({0, 3}), frozenset(range(10))), words)
    storage = RamStorage()
    merged = Segment(storage, merge([(first, taken.alive[0]), (second, taken.alive[1])], storage), posting_cache())
    kept = [item for n, item in enumerate(documents[:10]) if n not in (0, 3)]
    agree(whole(words, merged), whole(words, segment_of(kept, words)), documents, [plan("")])


def test_small_segments_are_merged_behind_the_writer_s_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "MOST_SMALL", 2)
    documents = [document(f"d{n:02}", title_fr=f"Emploi {n}", theme="work" if n % 2 else "learn") for n in range(40)]
    with closing(SnapshotEngine(tmp_path)) as engine:
        engine.rebuild(documents[:20])
        for item in documents[10:]:  # some replace themselves
            engine.put([item])
        _joined("merge")
    with closing(SnapshotEngine(tmp_path)) as again:
        assert again.inventory() == {item.id: item.digest for item in documents}
        assert len(again._snapshot.segments) < 10
        assert again.search(plan("emploi")).facets["theme"] == {"work": 20, "learn": 20}


@pytest.fixture
def _slow_merge(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """A merge says when it has read its segments, and writes when it may."""
    has_read, may_write = threading.Event(), threading.Event()

    def slow(segments: Sequence[tuple[Segment, Array]], storage: object) -> object:
        listed = merge(segments, storage)
        has_read.set()
        assert may_write.wait(30)
        return listed

    monkeypatch.setattr(embedded, "MOST_SMALL", 1)
    monkeypatch.setattr(embedded, "merge", slow)
    yield has_read, may_write
    may_write.set()


def test_a_save_does_not_wait_for_a_merge(tmp_path: Path, _slow_merge: tuple[threading.Event, threading.Event]) -> None:
    has_read, may_write = _slow_merge
    documents = [document(f"d{n}", title_fr=f"Emploi {n}") for n in range(6)]
    with closing(SnapshotEngine(tmp_path)) as engine:
        engine.rebuild(documents[:4])
        engine.put([documents[4]])  # the second small segment: a merge begins
        assert has_read.wait(30)
        engine.put([document("d0", title_fr="Plombier"), documents[5]])  # returns while the merge is held up
        engine.remove(["d1", "d4"])  # d4 was all of its segment
        assert engine.search(plan("emploi")).total == 3
        may_write.set()
        _joined("merge")
        after = {"d0", "d2", "d3", "d5"}
        for each in (engine, SnapshotEngine(tmp_path)):
            with closing(each):
                assert each.inventory().keys() == after
                assert {hit.id for hit in each.search(plan("emploi")).hits} == after - {"d0"}
                assert {hit.id for hit in each.search(plan("plombier")).hits} == {"d0"}
                assert [segment.size for segment in each._snapshot.segments] == [4], "merged again"


def test_a_merge_that_a_rebuild_overtakes_leaves_no_trace(
    tmp_path: Path, _slow_merge: tuple[threading.Event, threading.Event]
) -> None:
    has_read, may_write = _slow_merge
    with closing(SnapshotEngine(tmp_path)) as engine:
        engine.rebuild([document("a", title_fr="Emploi")])
        engine.put([document("b", title_fr="Emploi")])
        assert has_read.wait(30)
        engine.rebuild([document("c", title_fr="Emploi")])
        may_write.set()
        _joined("merge")
        assert engine.inventory().keys() == {"c"}
        assert len(list(tmp_path.glob("*/*.npz"))) == 1


def _joined(name: str) -> None:
    while running := [thread for thread in threading.enumerate() if thread.name == name]:  # one may start the next
        for thread in running:
            thread.join()


# --- sharing out -------------------------------------------------------------------------------------------------


@pytest.fixture
def _shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(building, "WORTH_SHARING", 10)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    yield
    assert multiprocessing.active_children() == []


@pytest.mark.usefixtures("_shared")
def test_processes_together_build_the_index_that_one_would(
    tmp_path: Path, documents: list[IndexDocument], words: Words
) -> None:
    storage, seen = FileStorage(str(tmp_path)), []
    listed = build_shared(documents, words, storage, lambda done, total: seen.append((done, total)))
    segments = [Segment(storage, segment, posting_cache()) for segment in listed]
    assert [segment.size for segment in segments] == [len(documents) // 2, len(documents) - len(documents) // 2]
    agree(whole(words, *segments), whole(words, segment_of(documents, words)), documents)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (len(documents), len(documents))


@pytest.mark.usefixtures("_shared")
def test_what_fails_in_a_helper_fails_the_build(tmp_path: Path) -> None:
    documents = [document(f"d{n:02}", title_fr="emploi") for n in range(20)] + [document("x", newest="no day")]
    with pytest.raises(ValueError, match="no day"):
        build_shared(documents, Words(), FileStorage(str(tmp_path)), None)


def test_an_index_in_memory_is_built_by_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "WORTH_SHARING", 1)
    assert len(build_shared([document("a"), document("b")], Words(), RamStorage(), None)) == 1
    assert build_shared([], Words(), RamStorage(), None) == []


# --- records like no other ---------------------------------------------------------------------------------------


def test_a_record_with_one_word_many_thousand_times_is_found_like_any_other(tmp_path: Path) -> None:
    with closing(SnapshotEngine(tmp_path)) as engine:
        engine.rebuild(
            [document("long", title_fr="Emploi", body_fr="mot " * 70_000), document("other", title_fr="mot")]
        )
        assert engine.search(plan("mot")).total == 2
        assert engine.search(plan('"emploi mot"')).total == 0


def test_what_cannot_be_indexed_raises_nothing_but_what_the_contract_says(tmp_path: Path) -> None:
    with closing(SnapshotEngine(tmp_path)) as engine:
        engine.rebuild([document("a", title_fr="emploi")])
        for write in (engine.put, engine.rebuild):
            with pytest.raises(IndexUnavailable):
                write([document("b", newest="no day")])
            assert engine.search(plan("emploi")).total == 1
