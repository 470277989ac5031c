"""The index on the disk: whatever moment a process dies at, the next one finds the old index or the new one."""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import IndexUnavailable
from catalogue.query import Query
from catalogue.search.embedded.engine import SnapshotEngine
from catalogue.service import Catalogue
from catalogue.settings import Settings
from tests.conftest import PROJECT, AddRecord, document, plan

OLD = [document(f"d{n}", title_fr=f"Emploi {n}", title_nl="loopbaan begeleiding") for n in range(5)]
NEW = [document("new", title_fr="Plombier"), document("d1", title_fr="Chauffagiste")]


def built(folder: Path) -> Path:
    """Build an index in ``folder``; return the folder of its generation."""
    with closing(SnapshotEngine(folder)) as engine:
        engine.rebuild(OLD)
    gc.collect()
    return generation(folder)


def generation(folder: Path) -> Path:
    return folder / str(json.loads((folder / "manifest.json").read_text())["generation"])


def state(folder: Path) -> tuple[bool, list[str]]:
    """Open the index; return whether it has to be built anew, and which records a search then finds."""
    with closing(SnapshotEngine(folder)) as engine:
        return engine.is_new, sorted(hit.id for hit in engine.search(plan("", per_page=100)).hits)


# --- half an index -----------------------------------------------------------------------------------------------


def test_without_a_manifest_there_is_no_index_and_the_next_one_sweeps_what_lies_there(tmp_path: Path) -> None:
    before = built(tmp_path)
    (tmp_path / "manifest.json").unlink()
    assert state(tmp_path) == (True, [])
    after = built(tmp_path)
    assert before != after
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([after.name, "manifest.json"])


def test_a_half_written_generation_changes_nothing_and_is_swept(tmp_path: Path) -> None:
    old = built(tmp_path)
    half = tmp_path / "18ea000000000000"
    half.mkdir()
    shutil.copy(next(old.glob("*.npz")), half)
    (half / "words.json").write_text('{"records": 5, "freq')
    assert state(tmp_path) == (False, [item.id for item in OLD])
    built(tmp_path)
    assert not half.exists()


def test_a_manifest_of_a_generation_that_is_gone_means_a_new_index(tmp_path: Path) -> None:
    shutil.rmtree(built(tmp_path))
    assert state(tmp_path) == (True, [])
    built(tmp_path)
    assert state(tmp_path)[0] is False


def test_what_is_not_ours_in_the_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "abc.txt").write_text("kept")
    built(tmp_path)
    assert (tmp_path / "notes").is_dir()
    assert (tmp_path / "abc.txt").read_text() == "kept"


def test_what_a_died_commit_left_is_swept_by_the_next(tmp_path: Path) -> None:
    folder = built(tmp_path)
    left = [folder / "MAIN_0123456789abcdef.npz", folder / "MAIN_0123456789abcdef.trm", folder / "_MAIN_9.toc.17e9"]
    for path in left:
        path.write_bytes(b"half")
    assert state(tmp_path) == (False, [item.id for item in OLD])
    with closing(SnapshotEngine(tmp_path)) as engine:
        engine.put(NEW)
    assert [path.name for path in left[:2] if path.exists()] == []
    assert state(tmp_path)[1] == ["d0", "d1", "d2", "d3", "d4", "new"]


def test_compounds_are_cut_as_before_when_the_index_is_opened_again(tmp_path: Path) -> None:
    built(tmp_path)
    with closing(SnapshotEngine(tmp_path)) as engine:
        assert engine.parts("loopbaanbegeleiding") == ("loopbaan", "begeleiding")
        engine.put([document("late", title_nl="Loopbaanbegeleiding")])
        assert "late" in [hit.id for hit in engine.search(plan("begeleiding")).hits]


def test_postings_that_cannot_be_read_are_built_again(settings: Settings, add: AddRecord) -> None:
    for number in range(20):
        add(f"r{number}", "title: {fr: Trouver un emploi, nl: Werk vinden}")
    Catalogue.open(settings).close()
    gc.collect()
    os.truncate(next(generation(settings.index_folder).glob("*.pst")), 20)
    with closing(Catalogue.open(settings)) as catalogue:
        try:
            catalogue.search(Query(text="emploi"), "fr")
        except IndexUnavailable:
            catalogue.refresh()  # as the watcher does, every second
        assert catalogue.search(Query(text="emploi"), "fr").results.total == 20


# --- dying at any moment -----------------------------------------------------------------------------------------

_TOUCHING = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree")


def dies_at(step: int, folder: Path, write: Callable[[SnapshotEngine], None]) -> bool:
    """Let a copy of this process open the index and write to it, dying before it touches a file for the
    ``step``-th time; return whether it did die."""
    seen = 0

    def watch(event: str, details: tuple[Any, ...]) -> None:
        nonlocal seen
        if event in _TOUCHING and str(details[0]).startswith(str(folder)):
            seen += 1
            if seen == step:
                os._exit(9)

    with warnings.catch_warnings(action="ignore"):  # a fork beside the threads of numpy, which the copy never uses
        child = os.fork()
    if child == 0:
        sys.addaudithook(watch)
        write(SnapshotEngine(folder))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize(
    ("write", "after"),
    [
        (lambda engine: engine.put(NEW), ["d0", "d1", "d2", "d3", "d4", "new"]),
        (lambda engine: engine.remove(["d0", "d1"]), ["d2", "d3", "d4"]),
        (lambda engine: engine.rebuild(NEW), ["d1", "new"]),
    ],
    ids=["put", "remove", "rebuild"],
)
def test_dying_before_any_touch_of_a_file_leaves_the_old_index_or_the_new_one(
    tmp_path: Path, write: Callable[[SnapshotEngine], None], after: list[str]
) -> None:
    built(tmp_path / "before")
    before = state(tmp_path / "before")[1]
    found, step = [], 0
    died = True
    while died:
        step += 1
        folder = tmp_path / f"step{step}"
        shutil.copytree(tmp_path / "before", folder)
        died = dies_at(step, folder, write)
        is_new, ids = state(folder)
        assert not is_new
        assert ids in (before, after), step
        found.append(ids)
    assert found[-1] == after, "it lived"
    assert found.count(before) > 5, "it died before the commit, at different moments"
    assert step > 10


# --- two processes -----------------------------------------------------------------------------------------------

_HOLDER = """
import sys
from whoosh.filedb.filestore import FileStorage
lock = FileStorage(sys.argv[1]).lock("MAIN_WRITELOCK")
assert lock.acquire()
print("mine", flush=True)
sys.stdin.read()
"""


def test_while_another_process_writes_the_index_refuses_and_searches_go_on(tmp_path: Path) -> None:
    folder = built(tmp_path)
    with closing(SnapshotEngine(tmp_path)) as engine:
        with subprocess.Popen(
            [sys.executable, "-c", _HOLDER, str(folder)], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as holder:
            assert holder.stdout
            assert holder.stdout.readline() == b"mine\n"
            with pytest.raises(IndexUnavailable):
                engine.put(NEW)
            with pytest.raises(IndexUnavailable):
                engine.remove(["d0"])
            assert engine.search(plan("emploi")).total == 5
            assert engine.inventory().keys() == {item.id for item in OLD}
            holder.kill()
        engine.put(NEW)
        assert engine.search(plan("plombier")).total == 1
