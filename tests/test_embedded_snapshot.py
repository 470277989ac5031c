"""A snapshot answers as it did when it was taken, whatever is written after it; its files close behind it."""

from __future__ import annotations

import datetime
import gc
import math
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from whoosh.filedb.filestore import RamStorage

from catalogue.fields import INDEX_FIELDS
from catalogue.search.document import IndexDocument
from catalogue.search.embedded import engine as embedded
from catalogue.search.embedded.build import build
from catalogue.search.embedded.engine import SnapshotEngine
from catalogue.search.embedded.ranking import answer
from catalogue.search.embedded.segment import Segment, posting_cache
from catalogue.search.embedded.snapshot import Snapshot
from catalogue.search.entries import EXACT, TEXT
from catalogue.search.weights import WEIGHTS
from catalogue.search.words import NO_WORDS
from tests.conftest import NOW, document, plan

ASKED = [plan("emploi soins"), plan('"les soins"'), plan("empl*"), plan(""), plan("", sort="title"), plan("-emploi")]


def collection(count: int = 30) -> list[IndexDocument]:
    return [document(f"d{n:02}", title_fr=f"Emploi {n}", summary_fr="les soins" if n % 3 else "") for n in range(count)]


def joined(name: str) -> None:
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SnapshotEngine]:
    """An engine that keeps no postings, so that a snapshot has to read its files whenever it answers."""
    opened = SnapshotEngine(tmp_path, posting_bytes=0)
    opened.rebuild(collection())
    yield opened
    opened.close()


def put(engine: SnapshotEngine) -> None:
    engine.put([document("d00", title_fr="Les soins"), document("new", title_fr="Emploi, soins")])


def remove(engine: SnapshotEngine) -> None:
    engine.remove([f"d{n:02}" for n in range(0, 30, 2)])


def merge(engine: SnapshotEngine) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded, "MOST_SMALL", 1)
        put(engine)
        joined("merge")


def rebuild(engine: SnapshotEngine) -> None:
    engine.rebuild([document("other", title_fr="Plombier")])


def segments_on_disk(folder: Path) -> int:
    return len(list(folder.glob("*/*.npz")))


@pytest.mark.parametrize("write", [put, remove, merge, rebuild])
def test_what_a_search_has_begun_with_stays_as_it_was(engine: SnapshotEngine, write: object) -> None:
    joined("warm-up")
    held = engine._snapshot  # what a search reads to its end
    before = [answer(held, each, WEIGHTS) for each in ASKED]
    assert callable(write)
    write(engine)
    assert engine._snapshot is not held
    assert [answer(held, each, WEIGHTS) for each in ASKED] == before
    assert [engine.search(each) for each in ASKED] != before


def test_a_merge_leaves_one_segment_and_the_same_records(engine: SnapshotEngine, tmp_path: Path) -> None:
    put(engine)
    assert segments_on_disk(tmp_path) == 2
    merge(engine)
    assert segments_on_disk(tmp_path) == 1
    assert engine.search(plan("")).total == 31


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_files_close_behind_the_last_snapshot_that_reads_them(engine: SnapshotEngine, tmp_path: Path) -> None:
    def open_files() -> int:
        gc.collect()
        opened = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
        mapped = Path("/proc/self/maps").read_text().splitlines()
        return sum(str(tmp_path) in name for name in (*opened, *mapped))

    engine.search(plan("emploi"))
    joined("warm-up")
    one_segment = open_files()
    assert one_segment > 0
    held = engine._snapshot
    for _ in range(3):
        rebuild(engine)
        joined("warm-up")
        assert open_files() == 2 * one_segment
    assert answer(held, plan("emploi"), WEIGHTS).total == 30
    del held
    assert open_files() == one_segment


# --- what a snapshot tells ---------------------------------------------------------------------------------------


def snapshot(*each: Sequence[IndexDocument], deleted: Sequence[set[int]] = ()) -> Snapshot:
    storage, cache = RamStorage(), posting_cache()
    segments = [Segment(storage, build(items, NO_WORDS, storage, lambda done: None), cache) for items in each]
    gone = tuple(map(frozenset, deleted)) or (frozenset(),) * len(segments)
    return Snapshot(1, tuple(segments), gone)


def test_an_empty_snapshot_has_answers_to_everything() -> None:
    empty = Snapshot()
    assert (empty.records, empty.inventory, empty.without(["a"])) == (0, {}, [])
    assert (empty.rarity(TEXT, "emploi"), empty.has(TEXT, "emploi"), empty.mean_length(TEXT)) == (0.0, False, 1.0)
    assert (empty.beginning(TEXT, "e"), empty.past(NOW), dict(empty.frequencies(TEXT))) == ([], 0, {})
    for each in ASKED:
        assert answer(empty, each, WEIGHTS).total == 0


def test_the_inventory_and_the_answers_leave_out_what_is_deleted() -> None:
    items = collection(6)
    taken = snapshot(items[:3], items[3:], deleted=[{0}, {1, 2}])
    assert taken.inventory == {item.id: item.digest for item in (items[1], items[2], items[3])}
    assert sorted(hit.id for hit in answer(taken, plan("emploi"), WEIGHTS).hits) == ["d01", "d02", "d03"]
    assert taken.without(["d01", "d05", "nobody"]) == [frozenset({0, 1}), frozenset({1, 2})]


def test_rarity_and_length_count_deleted_records_as_whoosh_does() -> None:
    first, second = [document("a", title_fr="emploi"), document("b")], [document("c", title_fr="emploi soins")]
    taken = snapshot(first, second, deleted=[{0}, set()])
    assert taken.records == 3
    assert taken.rarity(EXACT, "emploi") == pytest.approx(math.log(3 / 3) + 1)
    assert taken.rarity(EXACT, "nobody") == pytest.approx(math.log(3 / 1) + 1)
    assert taken.mean_length(EXACT) == pytest.approx((1 + 0 + 2) / 3 * INDEX_FIELDS["title"].weight)
    assert dict(taken.frequencies(EXACT)) == {"emploi": 2, "soins": 1}
    assert taken.frequencies(EXACT) is taken.frequencies(EXACT)


def test_beginnings_are_those_of_all_segments_each_once_and_sorted() -> None:
    words = ("été", "et", "etabli", "etat", "eta\u0101", "f", "etat")
    taken = snapshot(*([document(f"d{n}", title_und=word)] for n, word in enumerate(words)))
    assert taken.beginning(EXACT, "eta") == ["etaa", "etabli", "etat"]
    assert taken.beginning(EXACT, "et") == ["et", "etaa", "etabli", "etat", "ete"]
    assert taken.beginning(EXACT, "x") == []


def test_how_many_records_are_past_changes_at_the_very_second() -> None:
    ends = [NOW, NOW + datetime.timedelta(seconds=1), NOW + datetime.timedelta(days=1)]
    items = [document("never")]
    items += [type(items[0])(**{**vars(items[0]), "id": f"d{n}", "expires": e.isoformat()}) for n, e in enumerate(ends)]
    taken = snapshot(items[:2], items[2:])
    moments = [NOW - datetime.timedelta(seconds=1), NOW, ends[1], ends[2], datetime.datetime.max]
    assert [taken.past(moment) for moment in moments] == [0, 1, 2, 3, 3]
