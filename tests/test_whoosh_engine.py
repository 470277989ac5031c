"""What is whoosh's own: damaged and foreign index folders, a disk that refuses, searches beside writes."""

from __future__ import annotations

import gc
import json
import os
import threading
from pathlib import Path

import pytest

from catalogue.errors import IndexUnavailable
from catalogue.search.engine import Results
from catalogue.search.whoosh_engine import WhooshEngine
from tests.conftest import document, plan

DOCUMENTS = [document(f"d{n}", title_fr=f"Emploi numéro {n}") for n in range(30)]


def built(folder: Path) -> WhooshEngine:
    engine = WhooshEngine(folder)
    engine.rebuild(DOCUMENTS)
    return engine


def test_an_index_is_opened_again(tmp_path: Path) -> None:
    built(tmp_path).close()
    engine = WhooshEngine(tmp_path)
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
        next(folder.glob("*.seg")).unlink()
    elif damage == "toc":
        for toc in folder.glob("*.toc"):
            os.truncate(toc, 5)
    else:
        segment = next(folder.glob("*.seg"))
        os.truncate(segment, 0 if damage == "emptied" else segment.stat().st_size // 2)
    engine = WhooshEngine(tmp_path)
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
