"""Old or new, never half: full disks, refused folders, SIGKILL at any instant, and the lock among processes."""

from __future__ import annotations

import os
import random
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from catalogue import atomic, yamlfile
from catalogue.errors import BadInput, Unavailable, WriteFailed
from catalogue.store import Store
from tests.conftest import PROJECT, write

OLD = b"old" * 1000


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_new_bytes_replace_old_ones_and_the_mode_stays(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "a.yaml"
    atomic.write_bytes(path, b"one")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"one", 0o644)
    path.chmod(0o660)
    atomic.write_bytes(path, b"two")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"two", 0o660)
    assert names(path.parent) == ["a.yaml"]


def test_the_bytes_are_on_the_disk_before_the_name_and_the_name_before_it_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[object] = []
    replace = Path.replace

    def sync(descriptor: int) -> None:
        status = os.fstat(descriptor)
        steps.append("folder" if stat.S_ISDIR(status.st_mode) else status.st_size)

    def rename(path: Path, target: Path) -> Path:
        steps.append("name")
        return replace(path, target)

    monkeypatch.setattr("os.fsync", sync)
    monkeypatch.setattr(Path, "replace", rename)
    atomic.write_bytes(tmp_path / "a.yaml", OLD)
    assert steps == [len(OLD), "name", "folder"]


def test_a_reader_that_has_the_file_open_sees_the_old_bytes_to_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(OLD)
    with path.open("rb", buffering=0) as reader:
        first = reader.read(10)
        atomic.write_bytes(path, b"new")
        assert first + reader.read() == OLD


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(OLD)
    code = (
        "import sys, pathlib; from catalogue import atomic; from catalogue.errors import WriteFailed\n"
        "try: atomic.write_bytes(pathlib.Path(sys.argv[1]), b'x' * 100_000)\n"
        "except WriteFailed as error: print(error.status, error)\n"
    )

    def small_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], cwd=PROJECT, capture_output=True, text=True, preexec_fn=small_disk
    )
    assert done.stdout == f"503 “{path}” could not be written (File too large). The previous version is intact.\n"
    assert path.read_bytes() == OLD
    assert names(tmp_path) == ["a.yaml"]


@pytest.mark.parametrize("call", ["os.fsync", "tempfile.mkstemp", "pathlib.Path.chmod", "pathlib.Path.replace"])
def test_whatever_step_fails_the_old_file_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "a.yaml"
    path.write_bytes(OLD)
    monkeypatch.setattr(call, refuse)
    with pytest.raises(WriteFailed) as failed:
        atomic.write_bytes(path, b"new")
    assert failed.value.params == {"path": path, "reason": "No space left on device"}
    assert path.read_bytes() == OLD
    assert names(tmp_path) == ["a.yaml"]


def test_places_that_cannot_hold_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "file" / "a.yaml", tmp_path / "folder", tmp_path / ("n" * 300), Path("/dev/null/a")):
        with pytest.raises(WriteFailed):
            atomic.write_bytes(path, b"new")
    assert (tmp_path / "file").read_text() == "x"
    assert names(tmp_path) == ["file", "folder"]


# --- SIGKILL -----------------------------------------------------------------------------------------------------

SAVER = """
import pathlib, sys
from catalogue.resource import Resource
from catalogue.store import Store
from catalogue.writing import put
store = Store(pathlib.Path(sys.argv[1])); store.load()
base = store.records["one"].to_mapping()
for number in range(10**9):
    text = {"fr": f"{number} " + "mot " * 5000 + str(number), "nl": "x"}
    put(*store.rendered(Resource.from_mapping("one", {**base, "summary": text})))
    if not number: print("saving", flush=True)
"""


def kill_while_saving(root: Path, times: int, seconds: float) -> set[str]:
    """Kill a process that saves one record without end; return the versions found, each of them whole."""
    path = write(
        root / "records" / "one.yaml",
        "kind: website # kept\nthemes: [work]\ntitle: {fr: Un, nl: Een}\nstatus: draft\n",
    )
    seen = set()
    for _ in range(times):
        with subprocess.Popen(
            [sys.executable, "-c", SAVER, str(root)], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as saver:
            assert saver.stdout
            assert saver.stdout.readline() == b"saving\n"
            time.sleep(random.uniform(0, seconds))
            saver.kill()
        document = yamlfile.read(path)
        assert document.problems == ()
        assert b"kind: website # kept\n" in path.read_bytes()
        assert isinstance(document.value, dict)
        summary = document.value["summary"]
        assert isinstance(summary, dict)
        first, *middle, last = str(summary["fr"]).split()
        assert (first, set(middle)) == (last, {"mot"})
        seen.add(first)
    store = Store(root)
    store.load()
    assert list(store.records) == ["one"], "what a killed process left behind is not taken for a record"
    assert len(store.entries) == 1
    atomic.sweep_folder(root, before=time.time() + 1)
    assert names(path.parent) == ["one.yaml"]
    return seen


def test_a_process_killed_while_saving_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    assert kill_while_saving(tmp_path, times=4, seconds=0.3)


@pytest.mark.soak
def test_a_process_killed_two_hundred_times_while_saving(tmp_path: Path) -> None:
    assert len(kill_while_saving(tmp_path, times=200, seconds=0.5)) > 3


# --- the lock ----------------------------------------------------------------------------------------------------


def test_one_writer_at_a_time_among_processes(tmp_path: Path) -> None:
    path = tmp_path / "var" / "write.lock"
    code = (
        "import sys, pathlib; from catalogue import atomic\n"
        "with atomic.lock(pathlib.Path(sys.argv[1])): print('mine', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"mine\n"
        with pytest.raises(Unavailable, match="Someone else is writing"), atomic.lock(path, timeout=0.1):
            pytest.fail("two writers at once")
        holder.kill()
    with atomic.lock(path, timeout=2):
        pass  # a killed process keeps nothing locked


def test_one_writer_at_a_time_among_threads(tmp_path: Path) -> None:
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        with atomic.lock(tmp_path / "lock"):
            inside += 1
            most = max(most, inside)
            time.sleep(0.01)
            inside -= 1

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == 1


@pytest.mark.parametrize("error", [FileNotFoundError(2, "another file"), BadInput(field="x"), KeyboardInterrupt()])
def test_what_fails_inside_comes_out_as_it_is_and_frees_the_lock(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)) as raised, atomic.lock(tmp_path / "lock"):
        raise error
    assert raised.value is error
    with atomic.lock(tmp_path / "lock", timeout=0.1):
        pass


def test_a_lock_that_cannot_be_made_is_a_failed_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WriteFailed), atomic.lock(tmp_path / "file" / "lock"):
        pytest.fail("there is no lock")


# --- links, and what a killed program left ----------------------------------------------------------------------------


def test_a_link_stays_a_link_and_its_file_is_written(tmp_path: Path) -> None:
    real, link = write(tmp_path / "elsewhere" / "real.yaml", "one"), tmp_path / "records" / "a.yaml"
    link.parent.mkdir()
    link.symlink_to(tmp_path / "between")
    (tmp_path / "between").symlink_to("elsewhere/real.yaml")
    real.chmod(0o640)
    atomic.write_bytes(link, b"two")
    assert link.is_symlink()
    assert (real.read_bytes(), real.stat().st_mode & 0o777) == (b"two", 0o640)
    assert (names(link.parent), names(real.parent)) == (["a.yaml"], ["real.yaml"])


@pytest.mark.parametrize("target", ["nowhere.yaml", "a.yaml"])
def test_a_link_that_leads_nowhere_is_refused(tmp_path: Path, target: str) -> None:
    link = tmp_path / "a.yaml"
    link.symlink_to(target)
    with pytest.raises(WriteFailed):
        atomic.write_bytes(link, b"two")
    assert link.is_symlink()
    assert names(tmp_path) == ["a.yaml"]


def test_only_our_own_temporary_files_from_before_are_swept(tmp_path: Path) -> None:
    ours = [tmp_path / ".a.yaml.abcd_123.tmp", tmp_path / "deep" / ".b.yaml.zzzzzzzz.tmp"]
    others = [".a.yaml.tmp", "a.yaml.abcd_123.tmp", ".incoming-abcd_123.tmp", ".a.yaml.abcd_123.tmp.bak", "a.yaml"]
    for path in [*ours, *(tmp_path / name for name in others)]:
        write(path, "half")
        os.utime(path, (atomic.STARTED - 5, atomic.STARTED - 5))
    at_work = write(tmp_path / ".c.yaml.abcd_123.tmp", "half")
    assert atomic.sweep_folder(tmp_path) == 2
    assert names(tmp_path) == sorted([*others, at_work.name, "deep"])
    assert names(tmp_path / "deep") == []


class KilledError(BaseException):
    """Ends a write where it stands, as a kill does."""


def test_what_a_killed_write_leaves_is_what_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(_source: Path, _target: Path) -> None:
        raise KilledError

    with monkeypatch.context() as dying:
        dying.setattr(Path, "replace", killed)
        dying.setattr(Path, "unlink", lambda *_args, **_options: None)  # nobody is there to tidy up
        with pytest.raises(KilledError):
            atomic.write_bytes(tmp_path / "a.yaml", OLD)
    assert len(names(tmp_path)) == 1
    assert atomic.sweep_folder(tmp_path, before=time.time() + 1) == 1
    assert names(tmp_path) == []
