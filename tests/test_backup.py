"""Backup and restore: of one moment, checked, whole; nothing is half restored, nothing is written over."""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import shutil
import sqlite3
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from catalogue import atomic, backup
from catalogue.errors import BadInput, StateUnavailable, Unavailable, WriteFailed
from catalogue.manifest import MANIFEST
from catalogue.query import Query
from catalogue.service import Catalogue
from catalogue.settings import FILE, Settings
from catalogue.state.tables import METADATA
from tests.conftest import make_centre, write
from tests.test_instance import files, inside

PASSWORD = "fenêtre lampe gare onze"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small instance: records, a film, settings, an account, a history."""
    root = tmp_path_factory.mktemp("model")
    centre = make_centre(root / "resources")
    plain = "kind: website\nthemes: [work]\nstatus: published\n"
    one = plain + "title: {fr: Premier emploi, nl: Eerste werk}\nholdings: [{file: media/a.mp4}]\n"
    write(centre / "records" / "one.yaml", one)
    write(centre / "records" / "deep" / "er" / "two.yaml", plain + "title: {fr: Emploi à Liège, nl: Werk in Luik}\n")
    write(centre / "media" / "a.mp4", "film")
    write(centre / "media" / "naïve: a\xa0b.txt", "é")
    os.utime(centre / "media" / "a.mp4", ns=(1, 1_234_567_891_234_567_891))
    write(root / FILE, "CATALOGUE_IDLE_MINUTES=7\n")
    catalogue = Catalogue.open(inside(root))
    catalogue.state.accounts.add("marie", "administrator", PASSWORD)
    catalogue.save(dataclasses.replace(catalogue.contents.records["one"], year=2020), account="marie")
    catalogue.close()
    return root


@pytest.fixture
def site(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a copy of the model in ``tmp_path``, the working directory."""
    shutil.copytree(model, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return dataclasses.replace(inside(tmp_path), cache=tmp_path / "var" / "cache")


def rows(path: Path) -> dict[str, list[Any]]:
    """Return every row of every table of a database."""
    with sqlite3.connect(path) as database:
        return {str(t): database.execute(str(select(t))).fetchall() for t in METADATA.sorted_tables}


def tampered(source: Path, target: Path, change: Callable[[dict[str, bytes], dict[str, Any]], None]) -> Path:
    """Write a copy of a backup with other files or another manifest."""
    with zipfile.ZipFile(source) as given:
        held = {name: given.read(name) for name in given.namelist()}
    manifest = json.loads(held.pop(MANIFEST))
    change(held, manifest)
    with zipfile.ZipFile(target, "w") as made:
        for name, data in {**held, MANIFEST: json.dumps(manifest).encode()}.items():
            made.writestr(name, data)
    return target


def test_what_is_restored_is_identical(site: Settings, tmp_path: Path) -> None:
    made = backup.back_up(site, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "var" / "cache" / "backup").exists()
    restored = tmp_path / "elsewhere" / "site"
    assert backup.restore(tmp_path / "b.zip", restored) == backup.Restored(made.manifest, ())
    assert files(restored / "resources") == files(site.resources)
    assert (restored / FILE).read_bytes() == (tmp_path / FILE).read_bytes()
    assert (restored / "resources/media/a.mp4").stat().st_mtime_ns == 1_234_567_891_234_567_891
    database = restored / "var" / "catalogue.db"
    assert database.stat().st_mode & 0o777 == 0o600
    before = rows(tmp_path / "var" / "catalogue.db")
    assert rows(database) == before
    assert all(before[name] for name in ("accounts", "actions", "revisions"))

    one, other = Catalogue.open(site), Catalogue.open(inside(restored))
    assert rows(database) == before, "the history finds nothing that it does not know"
    assert [r.id for r in one.contents.public] == [r.id for r in other.contents.public]
    for text in ("emploi", "luik", "nothing"):
        found, again = (c.search(Query(text=text), "fr").results for c in (one, other))
        assert (found.total, [hit.id for hit in found.hits]) == (again.total, [hit.id for hit in again.hits])
    assert other.state.accounts.sign_in("marie", PASSWORD)
    one.close()
    other.close()


def test_folders_without_a_file_and_links_come_back(site: Settings, tmp_path: Path) -> None:
    (site.resources / "lists").mkdir()
    write(tmp_path / "shared" / "records" / "three.yaml", "kind: website\n")
    (site.resources / "records" / "shared").symlink_to(tmp_path / "shared" / "records")
    (site.resources / "records" / "shared" / "again").symlink_to(site.resources / "records")
    (site.resources / "media" / "film.mp4").symlink_to(site.resources / "media" / "a.mp4")
    write(site.resources / "records" / ".one.yaml.abc.tmp", "half")
    backup.back_up(site, tmp_path / "b.zip")
    backup.restore(tmp_path / "b.zip", tmp_path / "r")
    restored = tmp_path / "r" / "resources"
    assert (restored / "lists").is_dir()
    assert (restored / "records" / "shared" / "three.yaml").read_text() == "kind: website\n"
    assert (restored / "media" / "film.mp4").read_text() == "film"
    assert not list(restored.rglob("*.tmp"))
    assert not [path for path in (tmp_path / "r").rglob("*") if path.is_symlink()]


def test_a_name_that_is_not_utf_8_is_left_out_and_told(
    site: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (site.resources / "records" / os.fsdecode(b"caf\xe9.yaml")).write_text("kind: x\n")
    made = backup.back_up(site, tmp_path / "b.zip")
    assert r"caf\udce9.yaml" in caplog.text
    assert not [entry.name for entry in made.manifest.files if "caf" in entry.name]


def test_imports_under_way_are_part_of_it_and_caches_are_not(site: Settings, tmp_path: Path) -> None:
    write(tmp_path / "var" / "imports" / "j" / "table.csv", "a;b\n")
    write(tmp_path / "var" / "cache" / "x", "x")
    backup.back_up(site, tmp_path / "b.zip")
    backup.restore(tmp_path / "b.zip", tmp_path / "r")
    assert sorted(path.name for path in (tmp_path / "r" / "var").iterdir()) == ["catalogue.db", "imports"]
    assert (tmp_path / "r" / "var" / "imports" / "j" / "table.csv").read_text() == "a;b\n"


def test_a_centre_that_was_never_served_has_no_state_to_back_up(centre: Path, tmp_path: Path) -> None:
    made = backup.back_up(inside(tmp_path), tmp_path / "b.zip", folder=tmp_path)
    assert made.manifest.state == ""
    backup.restore(tmp_path / "b.zip", tmp_path / "r")
    assert [path.name for path in (tmp_path / "r").iterdir() if path.is_file()] == []


def test_a_backup_of_a_moment_while_staff_save(site: Settings, tmp_path: Path) -> None:
    catalogue, done = Catalogue.open(site), threading.Event()

    def work() -> None:
        for year in itertools.cycle(range(1800, 2100)):
            if done.is_set():
                return
            both = [dataclasses.replace(catalogue.contents.records[id], year=year) for id in ("one", "two")]
            catalogue.save_all(both, account="marie", kind="bulk", label="")

    thread = threading.Thread(target=work)
    thread.start()
    years: set[int | None] = {None}
    try:
        for number in range(2):
            time.sleep(0.1)
            backup.back_up(site, tmp_path / "b.zip")
            backup.restore(tmp_path / "b.zip", tmp_path / f"r{number}")
            settings = inside(tmp_path / f"r{number}")
            before = rows(tmp_path / f"r{number}" / "var" / "catalogue.db")
            opened = Catalogue.open(settings)
            pair = {opened.contents.records[id].year for id in ("one", "two")}
            assert len(pair) == 1, "both were saved, or none"
            assert rows(tmp_path / f"r{number}" / "var" / "catalogue.db") == before, "the history agrees with the files"
            years |= pair
            opened.close()
    finally:
        done.set()
        thread.join()
        catalogue.close()
    assert years > {None}


def test_dated_files_and_how_many_are_kept(site: Settings, tmp_path: Path) -> None:
    for name in ("catalogue-20200101-000000.zip", "catalogue-20200102-000000.zip", "catalogue-mine.zip", "x.zip"):
        write(tmp_path / "nightly" / name, "old")
    made = backup.back_up(site, tmp_path / "nightly", keep=2)
    assert [path.name for path in made.removed] == ["catalogue-20200101-000000.zip"]
    kept = {"catalogue-20200102-000000.zip", "catalogue-mine.zip", "x.zip", made.path.name}
    assert {path.name for path in (tmp_path / "nightly").iterdir()} == kept
    again = backup.back_up(site, tmp_path / "another" / "folder", keep=1)
    assert again.path.parent == tmp_path / "another" / "folder"


def test_when_the_last_one_was_made_is_known(site: Settings, tmp_path: Path) -> None:
    assert backup.last(site) is None
    backup.back_up(site, tmp_path / "b.zip")
    last = backup.last(site)
    assert last
    assert abs(time.time() - last.timestamp()) < 60


# --- what is refused ---------------------------------------------------------------------------------------------


def test_nothing_but_an_older_backup_is_replaced(site: Settings, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"one\.yaml” is damaged, or no backup"):
        backup.back_up(site, write(tmp_path / "one.yaml", "mine"))
    assert (tmp_path / "one.yaml").read_text() == "mine"
    with pytest.raises(BadInput, match="does not go into what it backs up"):
        backup.back_up(site, site.resources / "b.zip")
    backup.back_up(site, tmp_path / "b.zip")
    first = (tmp_path / "b.zip").read_bytes()
    write(site.resources / "media" / "new.txt", "x")
    backup.back_up(site, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_bytes() != first


def test_a_database_server_has_its_own_backups(site: Settings, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="pg_dump"):
        backup.back_up(dataclasses.replace(site, state="postgresql://h/db"), tmp_path / "b.zip")


def test_a_damaged_database_is_no_backup(site: Settings, tmp_path: Path) -> None:
    write(tmp_path / "var" / "catalogue.db", "this is no database")
    with pytest.raises(StateUnavailable, match="cannot be read"):
        backup.back_up(site, tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()
    assert backup.last(site) is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_leaves_the_old_backup(site: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup.back_up(site, tmp_path / "b.zip")
    first = (tmp_path / "b.zip").read_bytes()
    opened = os.open

    def full(path: str | Path, flags: int, mode: int = 0o777) -> int:
        return opened("/dev/full", os.O_RDWR) if str(path).endswith(".incomplete") else opened(path, flags, mode)

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(WriteFailed):
        backup.back_up(site, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_bytes() == first


def test_two_at_once_do_not_meet(site: Settings, tmp_path: Path) -> None:
    with atomic.lock(site.var / "backup.lock"), pytest.raises(Unavailable):
        backup.back_up(site, tmp_path / "b.zip")


def test_a_restore_goes_nowhere_but_to_an_empty_folder(site: Settings, tmp_path: Path) -> None:
    backup.back_up(site, tmp_path / "b.zip")
    write(tmp_path / "r" / "mine", "mine")
    with pytest.raises(BadInput, match="not empty"):
        backup.restore(tmp_path / "b.zip", tmp_path / "r")
    assert files(tmp_path / "r") == {"mine": b"mine"}


def test_settings_that_point_at_the_old_site_are_put_out_of_use(site: Settings, tmp_path: Path) -> None:
    write(tmp_path / FILE, f"CATALOGUE_RESOURCES={site.resources}\nCATALOGUE_PORT=81\n")
    backup.back_up(site, tmp_path / "b.zip")
    assert backup.restore(tmp_path / "b.zip", tmp_path / "r").set_aside == ("CATALOGUE_RESOURCES",)
    assert Settings.load(tmp_path / "r", {}) == Settings(port=81)


@pytest.mark.parametrize("at", [0, 100, 0.3, 0.6, -60, -1])
def test_a_damaged_file_is_named_and_nothing_is_restored(site: Settings, tmp_path: Path, at: float) -> None:
    path = backup.back_up(site, tmp_path / "b.zip").path
    data = bytearray(path.read_bytes())
    if at == -1:
        del data[-200:]  # a copy that broke off
    else:
        start = int(at if isinstance(at, int) else at * len(data))
        data[start : start + 40] = bytes(byte ^ 0x5A for byte in data[start : start + 40])
    path.write_bytes(data)
    before = {name.name for name in tmp_path.iterdir()}
    with pytest.raises(BadInput, match=r"b\.zip” .*Nothing was changed"):
        backup.restore(path, tmp_path / "r")
    assert {name.name for name in tmp_path.iterdir()} == before


@pytest.mark.parametrize("content", [b"", b"no zip", None])
def test_what_is_no_backup_is_said_to_be_none(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "b.zip").write_bytes(content)
    with pytest.raises(BadInput, match="no backup of the catalogue"):
        backup.restore(tmp_path / "b.zip", tmp_path / "r")


@pytest.mark.parametrize("name", ["../evil", "resources/../../evil", "/evil", "evil", "resources//x", "resources/./x"])
def test_a_name_that_leads_out_is_refused(site: Settings, tmp_path: Path, name: str) -> None:
    def change(held: dict[str, bytes], manifest: dict[str, Any]) -> None:
        held[name] = held[FILE]
        manifest["files"].append({**next(f for f in manifest["files"] if f["name"] == FILE), "name": name})

    bad = tampered(backup.back_up(site, tmp_path / "b.zip").path, tmp_path / "bad.zip", change)
    with pytest.raises(BadInput, match="which no backup of the catalogue does"):
        backup.restore(bad, tmp_path / "deep" / "r")
    assert not list(tmp_path.rglob("evil*"))
    assert not (tmp_path / "deep" / "r").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda held, manifest: held.update({"resources/more.yaml": b"x"}),
        lambda held, manifest: held.pop("resources/centre.yaml"),
        lambda held, manifest: held.update({"resources/centre.yaml": b"name: {fr: Autre}\n"}),
        lambda held, manifest: held.update(
            {"resources/centre.yaml": held["resources/centre.yaml"] + b"#" * 10_000_000}
        ),
        lambda held, manifest: manifest.pop("files"),
        lambda held, manifest: manifest["files"][0].update(name=7),
        lambda held, manifest: manifest["files"][0].update(size="many"),
        lambda held, manifest: manifest.update(state="0001"),
    ],
)
def test_files_that_are_not_those_of_the_manifest_are_refused(
    site: Settings, tmp_path: Path, change: Callable[[dict[str, bytes], dict[str, Any]], None]
) -> None:
    bad = tampered(backup.back_up(site, tmp_path / "b.zip").path, tmp_path / "bad.zip", change)
    with pytest.raises(BadInput, match="Nothing was changed"):
        backup.restore(bad, tmp_path / "r")
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("newer", [{"state": "9999", "version": "77.0"}, {"format": 2, "version": "77.0", "files": 3}])
def test_a_backup_of_a_newer_version_says_what_to_install(
    site: Settings, tmp_path: Path, newer: dict[str, Any]
) -> None:
    path = backup.back_up(site, tmp_path / "b.zip").path
    bad = tampered(path, tmp_path / "bad.zip", lambda held, manifest: manifest.update(newer))
    with pytest.raises(BadInput, match=r"newer version of the catalogue \(77\.0, .*Install that version"):
        backup.restore(bad, tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_too_little_room_is_said_before_anything_is_written(
    site: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.back_up(site, tmp_path / "b.zip")
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr("catalogue.backup.shutil.disk_usage", lambda _: usage)
    with pytest.raises(BadInput, match="too little room on the disk: 1 MB are needed, 0 MB are free"):
        backup.restore(tmp_path / "b.zip", tmp_path / "r")
