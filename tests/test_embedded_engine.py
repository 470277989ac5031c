"""The engine itself: damaged folders, a disk that refuses, what is kept and how long, what runs in the background."""

from __future__ import annotations

import datetime
import gc
import json
import os
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from catalogue.errors import IndexUnavailable
from catalogue.search.embedded import engine as embedded
from catalogue.search.embedded.codec import Postings
from catalogue.search.embedded.engine import SnapshotEngine
from catalogue.search.embedded.segment import Segment
from catalogue.search.embedded.snapshot import Snapshot
from catalogue.search.engine import Alternative, Link, Results
from tests.conftest import NOW, document, plan

DOCUMENTS = [document(f"d{n}", title_fr=f"Emploi numéro {n}") for n in range(30)]
HOUR, SECOND = datetime.timedelta(hours=1), datetime.timedelta(seconds=1)


def built(folder: Path) -> SnapshotEngine:
    engine = SnapshotEngine(folder)
    engine.rebuild(DOCUMENTS)
    return engine


def test_an_index_is_opened_again(tmp_path: Path) -> None:
    built(tmp_path).close()
    engine = SnapshotEngine(tmp_path)
    assert not engine.is_new
    assert engine.search(plan("emploi")).total == 30
    engine.close()


def test_only_the_generation_in_use_stays(tmp_path: Path) -> None:
    engine = built(tmp_path)
    engine.rebuild(DOCUMENTS[:3])
    generation = json.loads((tmp_path / "manifest.json").read_text())["generation"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([generation, "manifest.json"])
    engine.close()


# whoosh leaves a damaged file open until the collector finds it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("damage", ["manifest", "other version", "truncated", "emptied", "missing", "toc"])
def test_what_cannot_be_read_is_an_empty_index_to_build_again(tmp_path: Path, damage: str) -> None:
    built(tmp_path).close()
    manifest = tmp_path / "manifest.json"
    folder = tmp_path / json.loads(manifest.read_text())["generation"]
    if damage == "manifest":
        manifest.write_text("{")
    elif damage == "other version":
        manifest.write_text(json.dumps({"generation": folder.name, "fingerprint": "old"}))
    elif damage == "missing":
        next(folder.glob("*.npz")).unlink()
    elif damage == "toc":
        for toc in folder.glob("*.toc"):
            os.truncate(toc, 5)
    else:
        segment = next(folder.glob("*.npz"))
        os.truncate(segment, 0 if damage == "emptied" else segment.stat().st_size // 2)
    engine = SnapshotEngine(tmp_path)
    assert engine.is_new
    assert engine.inventory() == {}
    engine.rebuild(DOCUMENTS)
    assert engine.search(plan("emploi")).total == 30
    engine.close()
    gc.collect()


def test_a_folder_that_cannot_be_written_keeps_the_index_in_memory(tmp_path: Path) -> None:
    blocked = tmp_path / "index"
    blocked.write_text("a file where the folder should be")
    engine = built(blocked)
    assert engine.in_memory
    assert engine.search(plan("emploi")).total == 30
    engine.put([document("new", title_fr="Plombier")])
    assert engine.search(plan("plombier")).total == 1
    engine.close()


def test_files_that_vanish_under_a_running_engine_raise_only_index_unavailable(tmp_path: Path) -> None:
    engine = built(tmp_path)
    generation = tmp_path / json.loads((tmp_path / "manifest.json").read_text())["generation"]
    for path in generation.iterdir():
        path.unlink()
    generation.rmdir()
    with pytest.raises(IndexUnavailable):
        engine.put([document("new", title_fr="Plombier")])
    engine.rebuild(DOCUMENTS)
    assert engine.search(plan("emploi")).total == 30
    engine.close()


def test_searches_go_on_beside_writes(tmp_path: Path) -> None:
    engine = built(tmp_path)
    answers: list[Results] = []
    failures: list[BaseException] = []
    done = threading.Event()

    def search() -> None:
        while not done.is_set():
            try:
                answers.append(engine.search(plan("emploi")))
            except BaseException as error:
                failures.append(error)
                return

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(10):
        engine.put([document(f"new{number}", title_fr="Emploi nouveau")])
    engine.rebuild(DOCUMENTS)
    done.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert {answer.total for answer in answers} <= set(range(30, 41))
    engine.close()


# --- kept answers ------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_until_something_is_written(tmp_path: Path) -> None:
    with closing(built(tmp_path)) as engine:
        kept = engine.search(plan("emploi"))
        assert engine.search(plan("emploi")) is kept
        engine.put([document("new", title_fr="Emploi nouveau")])
        assert engine.search(plan("emploi")).total == 31
        engine.remove(["d0", "new"])
        assert engine.search(plan("emploi")).total == 29
        engine.rebuild(DOCUMENTS[:2])
        assert engine.search(plan("emploi")).total == 2


def test_an_answer_is_kept_for_whoever_asks_the_same_later_and_for_nothing_else(tmp_path: Path) -> None:
    with closing(built(tmp_path)) as engine:
        asked = plan("emploi")
        kept = engine.search(asked)
        assert engine.search(replace(asked, now=NOW + datetime.timedelta(hours=1))) is kept
        for other in (
            plan("emploi", lang="nl", sort="title"),
            plan("emploi", page=2),
            plan("emploi", exact=True),
            plan("emploi", filters=(("theme", ("work",)),)),
            replace(asked, required=True),
            replace(asked, links=(Link("x", 1.0, (Alternative("numero", "fr", ("numero",)),)),)),
        ):
            assert engine.search(other) is not kept


def test_an_event_leaves_the_results_when_its_time_is_past_although_answers_are_kept(tmp_path: Path) -> None:
    event = replace(document("event", title_fr="Emploi", theme="work"), expires=(NOW + HOUR).isoformat())
    with closing(built(tmp_path)) as engine:
        engine.put([event])
        for moment, total in ((NOW, 31), (NOW + HOUR - SECOND, 31), (NOW + HOUR, 30), (NOW + 2 * HOUR, 30)):
            answer = engine.search(replace(plan("emploi", per_page=100), now=moment))
            assert answer.total == total
            assert ("event" in {hit.id for hit in answer.hits}) == (total == 31)
            assert answer.facets["theme"].get("work", 0) == total - 30


def test_an_engine_that_keeps_nothing_answers_the_same(tmp_path: Path) -> None:
    with closing(built(tmp_path)) as engine, closing(SnapshotEngine(tmp_path, result_cache=0, posting_bytes=0)) as poor:
        for text in ("emploi", '"emploi numero"', "num*", "emploi -7"):
            assert poor.search(plan(text)) == engine.search(plan(text))
            assert poor.search(plan(text)) is not poor.search(plan(text))


# --- in the background -------------------------------------------------------------------------------------------


def test_nothing_runs_on_when_the_engine_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "MOST_SMALL", 1)
    before = set(threading.enumerate())
    engine = built(tmp_path)
    for number in range(5):
        engine.put([document(f"new{number}", title_fr="Emploi nouveau")])
    started = {thread.name for thread in set(threading.enumerate()) - before}
    assert started <= {"warm-up", "merge"}
    engine.close()
    assert set(threading.enumerate()) <= before


def test_the_warm_up_stops_early_when_the_engine_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(tmp_path).close()
    read: list[str] = []
    reading, closing_ = threading.Event(), threading.Event()
    original = Segment.postings

    def slow(self: Segment, field: str, term: str) -> Postings:
        read.append(term)
        reading.set()
        closing_.wait(5)
        return original(self, field, term)

    monkeypatch.setattr(Segment, "postings", slow)
    engine = SnapshotEngine(tmp_path)
    assert reading.wait(5)
    threading.Timer(0.2, closing_.set).start()
    engine.close()
    assert len(read) == 1


def test_a_warm_up_that_fails_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(tmp_path).close()
    with monkeypatch.context() as patch:
        patch.setattr(Snapshot, "frequencies", lambda self, field: 1 / 0)
        engine = SnapshotEngine(tmp_path)
        for thread in threading.enumerate():
            if thread.name == "warm-up":
                thread.join()
    assert engine.search(plan("emploi")).total == 30
    engine.close()
