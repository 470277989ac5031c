"""The folder of records as people really leave it: what changed is noticed, what is wrong is named, nothing is lost."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from catalogue.errors import Severity
from catalogue.store import Changes, Store
from catalogue.vocabulary import Vocabularies
from tests.conftest import AddRecord, ids_of, write


@pytest.fixture
def store(centre: Path) -> Store:
    return Store(centre, Vocabularies.load(centre / "vocabularies"))


def faults(store: Store) -> list[str]:
    return [p.render(root=store.root) for p in store.problems if p.severity > Severity.GAP]


def changed(changes: Changes) -> tuple[list[str], list[str]]:
    return ids_of(changes.put), list(changes.removed)


def later(path: Path, seconds: float = 5) -> None:
    """Set the time of a file apart from what it was, as an edit a moment later would."""
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + int(seconds * 1e9)))


# --- noticing ----------------------------------------------------------------------------------------------------


def test_everything_is_found_at_any_depth_and_hidden_files_are_not(store: Store, add: AddRecord) -> None:
    add("one")
    add("two", folder="deep/er")
    write(store.folder / "three.yml", add("to-move").read_text())
    for hidden in (".one.yaml", "sub/.two.yaml.abc.tmp", ".git/config.yaml", "notes", "read.me"):
        write(store.folder / hidden, "kind: [")
    assert changed(store.load()) == (["two", "one", "three", "to-move"], [])
    assert faults(store) == []
    assert not store.refresh()


def test_files_added_changed_renamed_and_removed(store: Store, add: AddRecord) -> None:
    add("stays")
    first = add("first")
    store.load()
    add("second")
    assert changed(store.refresh()) == (["second"], [])
    later(add("first", "title: {fr: Autre}"))
    assert changed(store.refresh()) == (["first"], [])
    assert store.records["first"].title == {"fr": "Autre"}
    first.rename(first.with_stem("renamed"))
    assert changed(store.refresh()) == (["renamed"], ["first"])
    (store.folder / "sub").mkdir()
    first.with_stem("renamed").rename(store.folder / "sub" / "renamed.yaml")
    assert changed(store.refresh())[1] == []
    (store.folder / "sub" / "renamed.yaml").unlink()
    assert changed(store.refresh()) == ([], ["renamed"])
    assert sorted(store.records) == ["second", "stays"]
    assert faults(store) == []


def test_a_touched_file_with_the_same_bytes_is_no_change(store: Store, add: AddRecord) -> None:
    path = add("one")
    store.load()
    known = store.records["one"]
    later(path)
    assert not store.refresh()
    assert store.records["one"] is known


def test_a_file_of_the_same_size_and_another_time_is_read_again(store: Store, add: AddRecord) -> None:
    path = add("one", "title: {fr: Un}")
    store.load()
    size = path.stat().st_size
    replacement = add("other", "title: {fr: Ni}")
    replacement.replace(path)
    later(path, -3600)  # a file put back from a backup is older, and still another
    assert path.stat().st_size == size
    assert changed(store.refresh()) == (["one"], [])


def test_a_file_whose_size_and_time_stand_is_not_opened(
    store: Store, add: AddRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("one")
    store.load()
    monkeypatch.setattr("catalogue.yamlfile.read_bytes", lambda path: pytest.fail(f"{path} was opened"))
    assert not store.refresh()


def test_a_file_that_breaks_takes_its_record_out_and_mending_brings_it_back(store: Store, add: AddRecord) -> None:
    good = add("one").read_text()
    store.load()
    path = write(store.folder / "one.yaml", "kind: [\n")
    assert changed(store.refresh()) == ([], ["one"])
    assert [fault.split(" (")[0] for fault in faults(store)] == ["records/one.yaml:2: the YAML breaks off here"]
    write(path, good)
    assert changed(store.refresh()) == (["one"], [])
    assert faults(store) == []


# --- what a folder can hold --------------------------------------------------------------------------------------


def test_a_folder_full_of_oddities_never_stops_the_rest(store: Store, add: AddRecord) -> None:
    add("good")
    add("zz-last")
    folder = store.folder
    (folder / "nowhere.yaml").symlink_to(folder / "missing")
    (folder / "self.yaml").symlink_to(folder / "self.yaml")
    (folder / "loop").symlink_to(folder)
    (folder / "loop2").symlink_to(folder)
    (folder / "a-folder.yaml").mkdir()
    (folder / "latin.yaml").write_bytes("kind: é".encode("latin-1"))
    (folder / "wide.yaml").write_text("kind: website", encoding="utf-16")
    (folder / "nul.yaml").write_bytes(b"kind: \x00")
    (folder / "empty.yaml").touch()
    (folder / "large.yaml").write_bytes(b"#" * 2_000_001)
    write(folder / "deep.yaml", "[" * 5000)
    (folder / os.fsdecode(b"caf\xe9.yaml")).write_text("kind: x")
    os.mkfifo(folder / "pipe.yaml")
    looker = threading.Thread(target=store.load, daemon=True)
    looker.start()
    looker.join(10)
    assert not looker.is_alive(), "a pipe must not be waited for"
    assert sorted(store.records) == ["good", "zz-last"]
    named = {fault.split(":")[0].removeprefix("records/") for fault in faults(store)}
    odd = "nowhere self latin wide nul empty large deep caf? pipe"
    assert named == {f"{name}.yaml" for name in odd.split()}
    assert "records/pipe.yaml: the file cannot be read (not a regular file)" in faults(store)
    assert "records/nowhere.yaml: the file cannot be read (No such file or directory)" in faults(store)
    assert all(fault.encode() for fault in faults(store))
    assert not store.refresh()


def test_links_are_followed_once_and_files_count_where_they_really_are(
    store: Store, add: AddRecord, tmp_path: Path
) -> None:
    add("one", folder="z-real")
    write(tmp_path / "elsewhere" / "two.yaml", add("two").read_text())
    (store.folder / "two.yaml").unlink()
    (store.folder / "a-link").symlink_to(store.folder / "z-real")
    (store.folder / "outside").symlink_to(tmp_path / "elsewhere")
    store.load()
    assert [path.relative_to(store.folder).as_posix() for path in store.entries] == [
        "outside/two.yaml",
        "z-real/one.yaml",
    ]
    assert faults(store) == []


@pytest.mark.parametrize("kind", ["absent", "file", "dangling"])
def test_a_folder_that_cannot_be_read_is_a_problem_until_it_can(store: Store, kind: str) -> None:
    store.folder.rmdir()
    if kind == "file":
        store.folder.write_text("oops")
    elif kind == "dangling":
        store.folder.symlink_to("missing")
    assert not store.load()
    (fault,) = faults(store)
    assert fault.startswith("records: the folder cannot be read (")
    if kind != "absent":
        store.folder.unlink()
    store.folder.mkdir()
    store.refresh()
    assert faults(store) == []


def test_a_file_that_could_not_be_read_is_tried_again(
    store: Store, add: AddRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    add("one")
    with monkeypatch.context() as patch:
        patch.setattr("catalogue.yamlfile.read_bytes", refuse)
        store.load()
        assert faults(store) == ["records/one.yaml: the file cannot be read (Permission denied)"]
    assert changed(store.refresh()) == (["one"], []), "a change of rights moves neither size nor time"
    assert faults(store) == []


def test_a_file_removed_while_the_folder_is_read_is_no_problem(
    store: Store, add: AddRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(path: Path) -> bytes:
        path.unlink()
        raise FileNotFoundError(2, "No such file or directory")

    add("one")
    monkeypatch.setattr("catalogue.yamlfile.read_bytes", too_late)
    assert not store.load()
    assert store.problems == []


def test_of_two_files_with_one_id_one_counts_and_the_other_is_named(store: Store, add: AddRecord) -> None:
    add("one", "title: {fr: Premier}", folder="a")
    second = add("one", "title: {fr: Second}", folder="b")
    write(store.folder / "b" / "one.yml", second.read_text())
    store.load()
    assert store.records["one"].title == {"fr": "Premier"}
    message = "the id “one” is already that of records/a/one.yaml; this file is left out"
    assert faults(store) == [f"records/b/one.yaml: {message}", f"records/b/one.yml: {message}"]
    write(store.folder / "a" / "one.yaml", "kind: [\n")
    store.refresh()
    assert store.records["one"].title == {"fr": "Second"}, "a file that is broken does not hide one that is not"
    assert store.path_of("one") == second
    assert [fault.partition(": ")[2] for fault in faults(store)[1:]] == [message.replace("a/one", "b/one")] * 2


def test_problems_come_from_the_vocabularies_too(store: Store, add: AddRecord) -> None:
    add("one", "publisher: sieep", "kind: websit")
    store.load()
    assert faults(store) == [
        "records/one.yaml:5: publisher: “sieep” is not in the list “publishers”; did you mean “siep”?",
        "records/one.yaml:6: kind: “websit” is not in the list “kinds”; did you mean “website”?",
    ]
    assert max(problem.severity for problem in store.problems) is Severity.ERROR


def test_an_id_that_two_records_replace_leads_to_the_first_and_the_other_is_named(store: Store, add: AddRecord) -> None:
    add("aa", "replaces: [older]", "status: draft")
    add("bb", "replaces: [oldest, older]")
    cc = add("cc", "replaces: [older]")
    store.load()
    message = "the id “older” already leads to “aa”; take it away here, or there"
    assert faults(store) == [f"records/bb.yaml: replaces.1: {message}", f"records/cc.yaml: replaces.0: {message}"]
    assert {p.severity for p in store.problems if "replaces" in p.field} == {Severity.ERROR}
    assert store.replaced == {"older": "aa", "oldest": "bb"}
    assert store.redirects() == {"older": "bb", "oldest": "bb"}, "a draft is not told to visitors"
    cc.unlink()
    add("bb", "replaces: [oldest]")
    store.refresh()
    assert faults(store) == []
