"""Writing: nothing is half, nothing is lost, everything can be taken back, whoever else writes and whenever it ends."""

from __future__ import annotations

import dataclasses
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalogue import atomic
from catalogue.errors import BadInput, Conflict, NotFound, StateUnavailable, WriteFailed
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.state.history import digest_of
from catalogue.values import Text
from catalogue.writing import CHUNK, Change
from tests.conftest import PROJECT, AddRecord


def titled(record: Resource, title: str) -> Resource:
    return dataclasses.replace(record, title=Text({"fr": title, "nl": title}))


def kinds(catalogue: Catalogue, id: str) -> list[str]:
    return [revision.kind for revision in catalogue.state.history.of(f"records/{id}.yaml")]


def test_a_record_has_its_whole_history(catalogue: Catalogue, add: AddRecord) -> None:
    path = add("one", "title: {fr: Avant, nl: Voor} # mine")
    catalogue.refresh()
    seen = catalogue.version("one").digest
    action = catalogue.save(titled(catalogue.record("one"), "Après"), account="marie", seen=seen)
    path.write_text(path.read_text().replace("Après", "À la main"))
    catalogue.refresh()
    history = catalogue.state.history.of("records/one.yaml")
    assert [(r.kind, r.account) for r in history] == [("hand", ""), ("save", "marie"), ("hand", "")]
    assert history[1].action == action
    _, version = catalogue.state.history.revision(history[0].id)
    assert version.data == path.read_bytes()
    assert b"# mine" in (version.data or b"")


def test_the_first_start_notes_every_file_once(settings: Settings, add: AddRecord) -> None:
    add("one")
    for _ in range(2):
        catalogue = Catalogue.open(settings)
        assert kinds(catalogue, "one") == ["start"]
        assert [r.kind for r in catalogue.state.history.of("vocabularies/kinds.yaml")] == ["start"]
        catalogue.close()
    (settings.resources / "records" / "one.yaml").unlink()
    catalogue = Catalogue.open(settings)
    assert kinds(catalogue, "one") == ["hand", "start"]
    assert catalogue.state.history.of("records/one.yaml")[0].digest == ""
    catalogue.close()


def test_a_save_over_what_somebody_else_saved_is_refused(catalogue: Catalogue, add: AddRecord) -> None:
    path = add("one")
    catalogue.refresh()
    record, seen = catalogue.record("one"), catalogue.version("one").digest
    catalogue.save(titled(record, "Marie"), account="marie", seen=seen)
    with pytest.raises(Conflict):
        catalogue.save(titled(record, "Jan"), account="jan", seen=seen)
    assert "Marie" in path.read_text()
    path.write_text(path.read_text().replace("Marie", "À la main"))  # not even noticed yet
    with pytest.raises(Conflict):
        catalogue.save(titled(record, "Jan"), seen=digest_of(path.read_bytes().replace("À la main".encode(), b"Marie")))
    with pytest.raises(Conflict):
        catalogue.save(titled(record, "Neuf"), seen="")  # as a new record, whose id is taken
    assert kinds(catalogue, "one")[:1] == ["save"]


def test_nothing_changed_is_nothing_written(catalogue: Catalogue, add: AddRecord) -> None:
    add("one")
    catalogue.refresh()
    assert catalogue.save(catalogue.record("one"), account="marie") == 0
    assert kinds(catalogue, "one") == ["hand"]


def test_many_files_are_one_action_and_are_taken_back_together(catalogue: Catalogue, add: AddRecord) -> None:
    before = {id: add(id).read_bytes() for id in ("one", "two", "three")}
    catalogue.refresh()
    changed = [titled(catalogue.record(id), "Changé") for id in ("one", "two")]
    fresh = Resource.from_mapping("four", titled(changed[0], "Neuf").to_mapping())
    action = catalogue.save_all([*changed, fresh], account="marie", kind="bulk", label="titres", gone=["three"])
    assert sorted(catalogue.contents.records) == ["four", "one", "two"]
    assert catalogue.state.history.action(action).files == 4
    undone = catalogue.writer.undo(action, "jan")
    assert sorted(undone.back) == [f"records/{id}.yaml" for id in ("four", "one", "three", "two")]
    assert {p.stem: p.read_bytes() for p in (catalogue.settings.resources / "records").iterdir()} == before
    assert sorted(catalogue.contents.records) == ["one", "three", "two"]
    assert catalogue.state.history.action(action).undone
    with pytest.raises(BadInput, match="already undone"):
        catalogue.writer.undo(action, "jan")
    catalogue.writer.undo(undone.action, "jan")  # and again
    assert sorted(catalogue.contents.records) == ["four", "one", "two"]


def test_what_was_changed_since_is_left_when_an_action_is_taken_back(catalogue: Catalogue, add: AddRecord) -> None:
    add("one")
    add("two")
    catalogue.refresh()
    records = [titled(catalogue.record(id), "Ensemble") for id in ("one", "two")]
    action = catalogue.save_all(records, account="marie", kind="bulk", label="")
    catalogue.save(titled(catalogue.record("two"), "Depuis"), account="jan")
    undone = catalogue.writer.undo(action, "marie")
    assert (undone.back, undone.left) == (("records/one.yaml",), ("records/two.yaml",))
    assert catalogue.record("two").title["fr"] == "Depuis"


def test_a_large_action_is_taken_back_in_parts(catalogue: Catalogue, add: AddRecord) -> None:
    base = Resource.from_mapping(
        "base", {"kind": "website", "themes": ["work"], "title": {"fr": "Un"}, "status": "draft"}
    )
    action = 0
    for start in range(0, CHUNK + 10, 70):
        changes = []
        for number in range(start, min(start + 70, CHUNK + 10)):
            path = catalogue.settings.resources / "records" / f"n{number:04}.yaml"
            changes.append(
                Change(path, f"kind: website\nthemes: [work]\ntitle: {{fr: n{number}}}\nstatus: draft\n".encode())
            )
        action = catalogue.writer.write(changes, account="marie", kind="import", label="x.csv", action=action)
    assert base.id not in catalogue.contents.records
    assert catalogue.state.history.action(action).files == len(catalogue.contents.records) == CHUNK + 10
    undone = catalogue.writer.undo(action, "marie")
    assert len(undone.back) == CHUNK + 10
    assert catalogue.state.history.action(undone.action).files == CHUNK + 10
    assert list((catalogue.settings.resources / "records").iterdir()) == []


def test_an_older_version_comes_back_with_its_comments(catalogue: Catalogue, add: AddRecord) -> None:
    path = add("one", "title: {fr: Avant, nl: Voor} # mine")
    catalogue.refresh()
    first = path.read_bytes()
    catalogue.save(titled(catalogue.record("one"), "Après"))
    oldest = catalogue.state.history.of("records/one.yaml")[-1]
    catalogue.writer.restore(oldest.id, "marie")
    assert path.read_bytes() == first
    assert catalogue.record("one").title["fr"] == "Avant"
    assert kinds(catalogue, "one")[0] == "restore"
    with pytest.raises(NotFound):
        catalogue.writer.restore(99_999, "marie")


def test_a_deleted_record_can_be_brought_back_by_undoing(catalogue: Catalogue, add: AddRecord) -> None:
    path = add("one")
    catalogue.refresh()
    before = path.read_bytes()
    action = catalogue.delete("one", account="marie")
    assert not path.exists()
    catalogue.writer.undo(action, "marie")
    assert path.read_bytes() == before
    assert not (catalogue.settings.resources / "tombstones.yaml").exists()
    assert catalogue.record("one").id == "one"


@pytest.mark.parametrize(
    "moment",
    [("catalogue.atomic._write_beside", atomic._write_beside), ("pathlib.Path.replace", Path.replace)],
    ids=["writing", "renaming"],
)
def test_a_disk_that_fills_up_in_the_middle_leaves_every_file_as_it_was(
    catalogue: Catalogue, add: AddRecord, monkeypatch: pytest.MonkeyPatch, moment: tuple[str, Callable[..., Any]]
) -> None:
    paths = [add(id) for id in ("one", "two", "three")]
    catalogue.refresh()
    before = [path.read_bytes() for path in paths]
    call, real = moment
    fault = OSError(28, "No space left on device")
    done: list[Path] = []

    def full(*args: Any) -> Any:
        if len(done) == 2:
            done.append(args[0])
            raise fault
        done.append(args[0])
        return real(*args)

    monkeypatch.setattr(call, full)
    records = [titled(catalogue.record(id), "Changé") for id in ("one", "two", "three")]
    with pytest.raises(WriteFailed, match="No space"):
        catalogue.save_all(records, account="marie", kind="bulk", label="")
    assert [path.read_bytes() for path in paths] == before
    assert catalogue.state.history.actions(["bulk"]) == []
    assert catalogue.state.history.promises() == []
    assert catalogue.record("one").title["fr"] == "one"
    catalogue.refresh()
    assert kinds(catalogue, "one") == ["hand"]


def test_without_the_database_nothing_is_written(settings: Settings, add: AddRecord, tmp_path: Path) -> None:
    path = add("one")
    (tmp_path / "other" / "catalogue.db").mkdir(parents=True)
    broken = dataclasses.replace(settings, state=f"sqlite:///{tmp_path}/other/catalogue.db")
    catalogue = Catalogue.open(broken)
    before = path.read_bytes()
    with pytest.raises(StateUnavailable):
        catalogue.save(titled(catalogue.record("one"), "Après"))
    assert path.read_bytes() == before
    assert catalogue.record("one").title["fr"] == "one"
    catalogue.close()


# --- the program ends in the middle ------------------------------------------------------------------------------


def interrupted(catalogue: Catalogue, titles: dict[str, str], write: int) -> int:
    """Promise new titles, write ``write`` of the files, and go no further."""
    changes = [Change(*catalogue._store.rendered(titled(catalogue.record(id), t))) for id, t in titles.items()]
    versions = [catalogue.writer.version(change.path) for change in changes]
    promised = [dataclasses.replace(v, data=c.data) for v, c in zip(versions, changes, strict=True)]
    action = catalogue.state.history.promise(promised, account="marie", kind="bulk", label="")
    for change in changes[:write]:
        change.path.write_bytes(change.data or b"")
    return action


@pytest.mark.parametrize("write", [0, 1, 2])
def test_what_was_promised_is_written_at_the_next_start(settings: Settings, add: AddRecord, write: int) -> None:
    paths = [add("one"), add("two")]
    catalogue = Catalogue.open(settings)
    action = interrupted(catalogue, {"one": "Promis", "two": "Promis"}, write)
    catalogue.close()
    again = Catalogue.open(settings)
    assert [again.record(id).title["fr"] for id in ("one", "two")] == ["Promis", "Promis"]
    assert all("Promis" in path.read_text("utf-8") for path in paths)
    assert kinds(again, "one") == kinds(again, "two") == ["bulk", "start"]
    again.writer.undo(action, "marie")
    assert again.record("two").title["fr"] == "two"
    again.close()


def test_a_change_by_hand_since_stands_against_a_promise(settings: Settings, add: AddRecord) -> None:
    add("one")
    add("two")
    catalogue = Catalogue.open(settings)
    interrupted(catalogue, {"one": "Promis", "two": "Promis"}, 1)
    catalogue.close()
    add("two", "title: {fr: À la main, nl: Met de hand}")
    again = Catalogue.open(settings)
    assert again.record("one").title["fr"] == "Promis"
    assert again.record("two").title["fr"] == "À la main"
    assert kinds(again, "two") == ["hand", "start"]
    again.close()


WORKER = """
import dataclasses, sys
from pathlib import Path
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.values import Text
root, index, state = sys.argv[1:4]
catalogue = Catalogue.open(Settings(resources=Path(root), index=index, state=state))
print("ready", flush=True)
number = int(sys.argv[4])
while True:
    number += 1
    text = Text({"fr": f"{number} " + "mot " * 400, "nl": "x"})
    records = [dataclasses.replace(catalogue.record(id), summary=text) for id in ("one", "two", "three")]
    if number % 2:
        catalogue.save_all(records, account="marie", kind="bulk", label=str(number))
    else:
        for record in records:
            catalogue.save(record, account="marie")
    print(number, flush=True)
"""


def kill_while_writing(settings: Settings, times: int, chance: random.Random) -> None:
    """Kill a process that saves without end; after each kill nothing acknowledged is missing, nothing is half."""
    number = acknowledged = 0
    for _ in range(times):
        arguments = [str(settings.resources), settings.index, settings.state, str(number)]
        with subprocess.Popen(
            [sys.executable, "-c", WORKER, *arguments], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == b"ready\n"
            time.sleep(chance.random() * 0.4)
            os.kill(worker.pid, signal.SIGKILL)
            lines = worker.stdout.read().split()
        acknowledged = max([acknowledged, *(int(line) for line in lines if line.isdigit())])
        catalogue = Catalogue.open(settings)
        versions = {}
        for id in ("one", "two", "three"):
            written = int(catalogue.record(id).summary["fr"].split()[0]) if catalogue.record(id).summary else 0
            assert written >= acknowledged, "an acknowledged save is missing"
            versions[id] = written
            newest = catalogue.state.history.of(f"records/{id}.yaml")[0]
            assert newest.digest == catalogue.version(id).digest, "the history does not match the file"
            assert newest.kind in ("start", "save", "bulk")
        together = max(versions.values())
        if together % 2:  # written as one action
            assert set(versions.values()) == {together}
        assert catalogue.state.history.promises() == []
        number = together
        catalogue.close()


def test_kills_lose_nothing(settings: Settings, add: AddRecord) -> None:
    for id in ("one", "two", "three"):
        add(id)
    kill_while_writing(settings, 3, random.Random(1))


@pytest.mark.soak
def test_a_hundred_kills_lose_nothing(settings: Settings, add: AddRecord) -> None:
    for id in ("one", "two", "three"):
        add(id)
    kill_while_writing(settings, 100, random.Random(2))


def test_two_threads_and_two_catalogues_take_turns(settings: Settings, add: AddRecord) -> None:
    add("one")
    catalogues = [Catalogue.open(settings), Catalogue.open(settings)]
    saved: list[str] = []

    def work(catalogue: Catalogue, name: str) -> None:
        for number in range(10):
            while True:
                catalogue.refresh()
                seen = catalogue.version("one").digest
                try:
                    catalogue.save(titled(catalogue.record("one"), f"{name}{number}"), account=name, seen=seen)
                except Conflict:
                    continue
                saved.append(f"{name}{number}")
                break

    pairs = zip((*catalogues, catalogues[0]), "abc", strict=True)
    threads = [threading.Thread(target=work, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    history = catalogues[0].state.history.of("records/one.yaml")
    assert len(saved) == 30
    assert [r.kind for r in history] == ["save"] * 30 + ["start"]
    for catalogue in catalogues:
        catalogue.close()


def test_a_record_that_is_a_link_stays_one(catalogue: Catalogue, add: AddRecord, tmp_path: Path) -> None:
    path = add("one")
    real = path.rename(tmp_path / "shared.yaml")
    path.symlink_to(real)
    catalogue.refresh()
    record = catalogue.contents.records["one"]
    action = catalogue.save(titled(record, "Autre titre"), account="dirk")
    assert path.is_symlink()
    assert "Autre titre" in real.read_text(encoding="utf-8")
    catalogue.undo(action, account="dirk")
    assert path.is_symlink()
    assert "Autre titre" not in real.read_text(encoding="utf-8")


def test_a_start_removes_what_a_killed_write_left(settings: Settings, add: AddRecord) -> None:
    left = add("one").with_name(".one.yaml.abcdefgh.tmp")
    left.write_text("half", encoding="utf-8")
    os.utime(left, (1, 1))
    Catalogue.open(settings).close()
    assert [path.name for path in left.parent.iterdir()] == ["one.yaml"]
