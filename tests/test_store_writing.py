"""Saving and deleting records: the old file or the new one, no id twice, nothing that cannot be read written over."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from catalogue import atomic
from catalogue.errors import BadInput, NotFound, Severity, WriteFailed
from catalogue.resource import Resource
from catalogue.store import Changes, Store
from catalogue.writing import put
from tests.conftest import AddRecord, write

TODAY = datetime.date(2026, 11, 22)


@pytest.fixture
def store(centre: Path) -> Store:
    return Store(centre)


def faults(store: Store) -> list[str]:
    return [p.render(root=store.root) for p in store.problems if p.severity > Severity.GAP]


def save(store: Store, record: Resource) -> None:
    path, data = store.rendered(record)
    put(path, data)
    store.take([path])


def delete(store: Store, id: str, today: datetime.date) -> None:
    for path, data in store.removal(id, today):
        put(path, data)
    store.refresh()


def record(id: str, title: str = "Un") -> Resource:
    return Resource.from_mapping(
        id, {"kind": "website", "themes": ["work"], "title": {"fr": title}, "status": "published"}
    )


def test_a_record_saved_is_in_its_file_with_the_comments(store: Store, add: AddRecord) -> None:
    path = add("one", "title: {fr: Avant} # mine", folder="sub")
    store.load()
    save(store, record("one", "Après"))
    assert "title: {fr: Après} # mine\n" in path.read_text("utf-8")
    assert store.records["one"].title == {"fr": "Après"}
    save(store, record("new"))
    assert (store.folder / "new.yaml").read_bytes().startswith(b"kind: website\nthemes: [work]\n")
    assert sorted(store.records) == ["new", "one"]
    assert not store.refresh(), "what was saved is known already"


def test_a_save_that_fails_leaves_file_and_record_as_they_were(
    store: Store, add: AddRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = add("one")
    store.load()
    before = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(WriteFailed, match="No space left on device"):
        save(store, record("one", "Après"))
    assert path.read_bytes() == before
    assert store.records["one"].title == {"fr": "one", "nl": "one"}
    assert [item.name for item in store.folder.iterdir()] == ["one.yaml"]


@pytest.mark.parametrize("folder", ["", "sub"])
def test_a_file_that_cannot_be_read_is_never_written_over(store: Store, folder: str) -> None:
    path = write(store.folder / folder / "one.yaml", "kind: [half an edit\n")
    store.load()
    with pytest.raises(WriteFailed, match="cannot be read"):
        save(store, record("one"))
    assert path.read_text() == "kind: [half an edit\n"
    assert list(store.folder.rglob("one.yaml")) == [path]


def test_a_folder_in_the_place_of_a_file_is_a_failed_write(store: Store) -> None:
    (store.folder / "one.yaml").mkdir()
    store.load()
    with pytest.raises(WriteFailed):
        save(store, record("one"))


@pytest.mark.parametrize("id", ["", "a", "../x", "a/b", "A-b", "x\n", "é"])
def test_no_id_leads_out_of_the_folder(store: Store, id: str) -> None:
    with pytest.raises(BadInput):
        store.path_of(id)


def test_a_deleted_id_is_never_given_again(store: Store, add: AddRecord) -> None:
    path = add("one")
    text = path.read_text()
    store.load()
    delete(store, "one", TODAY)
    assert not path.exists()
    assert store.records == {}
    assert (store.root / "tombstones.yaml").read_text() == "- {id: one, date: 2026-11-22}\n"
    with pytest.raises(BadInput, match="never given again"):
        save(store, record("one"))
    write(path, text)
    assert not store.refresh()
    assert faults(store) == [
        "records/one.yaml: the id “one” was deleted and is never given again; give the file another name"
    ]
    with pytest.raises(NotFound):
        delete(store, "one", TODAY)


STONES = [
    "# the dead\n- {id: old} # 1999\n",
    "- id: old\n  date: 1999-01-01",
    "[{id: old, date: 1999-01-01}]\n",
    "[{id: old}]",
    "- {id: old}\r\n",
]


@pytest.mark.parametrize("before", STONES)
def test_earlier_tombstones_stand(store: Store, add: AddRecord, before: str) -> None:
    path = write(store.root / "tombstones.yaml", "")
    path.write_bytes(before.encode())
    add("one")
    store.load()
    delete(store, "one", TODAY)
    assert Store(store.root).load() == Changes()
    assert list(store.tombstones) == ["old", "one"]
    assert before[0] == "[" or path.read_text("utf-8").startswith(before.replace("\r", ""))
    assert faults(store) == []


def test_an_empty_graveyard_is_none(store: Store, add: AddRecord) -> None:
    write(store.root / "tombstones.yaml", "# none yet\n")
    add("one")
    store.load()
    delete(store, "one", TODAY)
    assert list(store.tombstones) == ["one"]
    (store.root / "tombstones.yaml").unlink()
    store.refresh()
    assert store.tombstones == {}


@pytest.mark.parametrize(
    "broken", ["- {id: old\n", "id: old\n", "- {id: old, date: 1999-02-30}\n", "- {id: old, dat: x}\n"]
)
def test_tombstones_that_cannot_be_read_are_named_and_never_written_over(
    store: Store, add: AddRecord, broken: str
) -> None:
    path = write(store.root / "tombstones.yaml", broken)
    kept = add("one")
    store.load()
    assert [fault.split(":")[0] for fault in faults(store)] == ["tombstones.yaml"]
    with pytest.raises(WriteFailed, match="tombstones"):
        delete(store, "one", TODAY)
    assert (path.read_text(), kept.exists()) == (broken, True)


def test_tombstones_that_changed_since_the_last_look_are_read_first(store: Store, add: AddRecord) -> None:
    add("one")
    store.load()
    path = write(store.root / "tombstones.yaml", "[{id: old}]\n")
    delete(store, "one", TODAY)
    assert path.read_text().startswith("- {id: old, date: ")


def test_a_file_that_cannot_be_removed_is_said(store: Store, add: AddRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    add("one")
    store.load()
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(WriteFailed, match="Permission denied"):
        delete(store, "one", TODAY)


def test_tombstones_that_break_while_running_keep_the_dead_dead(store: Store, add: AddRecord) -> None:
    path = write(store.root / "tombstones.yaml", "- {id: old}\n")
    store.load()
    write(path, "- {id: old\n")
    add("old")
    store.refresh()
    assert store.records == {}


def test_a_delete_that_fails_leaves_the_record(store: Store, add: AddRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    path = add("one")
    store.load()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic, "_write_beside", refuse)
    with pytest.raises(WriteFailed):
        delete(store, "one", TODAY)
    assert path.exists()
    assert "one" in store.records


def test_what_a_record_replaces_leads_to_it(store: Store, add: AddRecord) -> None:
    add("new", "replaces: [old, older]")
    store.load()
    assert store.redirects() == {"old": "new", "older": "new"}
