"""Leaving and arriving: a site made of an export is the first one, byte for byte; nothing is half, nothing believed."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from catalogue import arriving, atomic, instance, leaving
from catalogue.cli import main
from catalogue.errors import BadInput, Unavailable, WriteFailed
from catalogue.exported import Export
from catalogue.manifest import MANIFEST
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.state import ListItem, State
from catalogue.web.app import create_app
from tests.conftest import PROJECT, make_centre, write
from tests.crawl import crawl
from tests.test_instance import files, inside

PASSWORD = "fenêtre lampe gare onze"
API = [
    "/api/records",
    "/api/records?per_page=2",
    "/api/dump.jsonl.gz",
    "/api/openapi.json",
    "/api/search?q=emploi",
    "/api/search?q=werk",
    "/api/suggest?q=em",
    "/api/records/gone",
    "/api/records/lost",
    "/api/records/old",
    "/api/records/one",
    "/media/a.txt",
    "/fr/search?q=emploi",
    "/nl/search?q=verpleegkundige",
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small instance with something of everything, and a history made by two accounts."""
    root = tmp_path_factory.mktemp("model")
    centre = make_centre(root / "resources")
    plain = "kind: website\nthemes: [work]\nstatus: published\n"
    one = "title: {fr: Premier emploi, nl: Eerste werk}\nholdings: [{file: media/a.txt, language: fr}]  # by hand\n"
    write(centre / "records" / "one.yaml", plain + one + "occupations: [nurse]\nreplaces: [old]\n")
    write(centre / "records" / "deep" / "er" / "two.yaml", plain + "title: {fr: Emploi à Liège, nl: Werk in Luik}\n")
    write(centre / "records" / "lost.yaml", plain + "title: {fr: Perdu, nl: Weg}\n")
    for status, id in (("draft", "secret"), ("withdrawn", "gone")):
        write(
            centre / "records" / f"{id}.yaml", f"kind: guide\nthemes: [learn]\ntitle: {{fr: {id}}}\nstatus: {status}\n"
        )
    write(centre / "media" / "a.txt", "Un texte.\n")
    write(centre / "media" / "naïve: a b.txt", "é")
    write(
        centre / "lists" / "first-job.yaml",
        "kind: steps\ntitle: {fr: Pas à pas, nl: Stap voor stap}\nfrom: 2026-01-01\nthemes: [work]\n"
        "items: [{id: one}, {id: two}]\n",
    )
    catalogue = Catalogue.open(inside(root))
    for name in ("marie", "dirk"):
        catalogue.state.accounts.add(name, "documentalist", PASSWORD)
    catalogue.save(dataclasses.replace(catalogue.contents.records["one"], year=2020), account="marie")
    action = catalogue.save(dataclasses.replace(catalogue.contents.records["two"], year=2021), account="dirk")
    catalogue.undo(action, account="marie")
    catalogue.delete("lost", account="dirk")
    later = catalogue.now() + datetime.timedelta(days=1)
    catalogue.state.lists.hand_over([ListItem("one")], origin="visitor", lang="fr", expires=later)
    catalogue.close()
    return root


@pytest.fixture
def site(model: Path, tmp_path: Path) -> Settings:
    """The settings of a copy of the model."""
    shutil.copytree(model, tmp_path / "site")
    return settings_of(tmp_path / "site")


def settings_of(folder: Path) -> Settings:
    return dataclasses.replace(inside(folder), cache=folder / "var" / "cache")


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    """The settings of a new instance without anything but words and pages."""
    make_centre(tmp_path / "other" / "resources")
    return settings_of(tmp_path / "other")


@pytest.fixture(scope="module")
def left(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the model."""
    folder = tmp_path_factory.mktemp("left") / "export"
    leaving.export_all(settings_of(model), folder)
    return folder


@pytest.fixture
def export(left: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may spoil."""
    shutil.copytree(left, tmp_path / "export")
    return tmp_path / "export"


def answers(settings: Settings, parameters: int = 1) -> dict[str, Any]:
    # With a new index: in one that saw records change, their old words count in the scores until it is built anew.
    with TestClient(create_app(Catalogue.open(settings, rebuild=True), watch=False)) as client:
        return dict(crawl(client, *API, parameters=parameters))


def history(settings: Settings) -> list[Any]:
    """Everything that was done and to which bytes, but for who did it."""
    catalogue = Catalogue.open(settings)
    log = catalogue.state.history
    told = [(a.at, a.kind, a.label, a.undone, a.files, log.changes(a.id)) for a in log.actions(limit=1000)]
    catalogue.close()
    return told


def test_a_second_site_of_an_export_is_the_first_one(site: Settings, empty: Settings, tmp_path: Path) -> None:
    left = leaving.export_all(site, tmp_path / "left")
    assert left.records == 4
    done = arriving.import_all(empty, tmp_path / "left")
    assert done.manifest == left.manifest
    assert files(empty.resources) == files(site.resources)
    assert done.aside is not None
    assert "pages/help.yaml" in files(done.aside), "what was in its place is not lost"
    assert history(empty) == history(site)
    one, other = answers(site), answers(empty)
    different = [address for address in one if one[address] != other.get(address)]
    assert different == []
    assert one.keys() == other.keys()
    pages = [address for address, (status, kind, _) in one.items() if status == 200 and kind.startswith("text/html")]
    assert len(pages) > 60
    assert {"/nl/record/one", "/fr/steps/first-job", "/fr/occupation/nurse", "/en/api"} <= {*pages}
    assert (one["/api/records/gone"][0], one["/api/records/lost"][0], one["/api/records/old"][0]) == (410, 410, 301)


@pytest.mark.soak
def test_a_second_site_of_the_example_is_the_first_one(tmp_path: Path) -> None:
    instance.create(tmp_path / "site")
    instance.create(tmp_path / "other", empty=True)
    one, other = settings_of(tmp_path / "site"), settings_of(tmp_path / "other")
    Catalogue.open(one).close()
    leaving.export_all(one, tmp_path / "left")
    arriving.import_all(other, tmp_path / "left")
    before, after = answers(one, 0), answers(other, 0)
    assert before.keys() == after.keys()
    assert [address for address in before if before[address] != after[address]] == []
    assert len(before) > 1000


def test_an_export_names_nobody_and_says_what_each_file_is(left: Path) -> None:
    text = b"".join(data for name, data in files(left).items() if not name.startswith("resources/media"))
    assert not [word for word in (b"marie", b"dirk", b"argon2", b"sha1") if word in text.lower()]
    actions = [json.loads(line) for line in (left / "history/actions.jsonl").read_text("utf-8").splitlines()]
    assert [action["by"] for action in actions] == [0, 1, 2, 1, 2]
    tops = {path.relative_to(left).parts[0] for path in left.rglob("*") if path.is_file()}
    assert tops == {MANIFEST, "README.fr.md", "README.nl.md", "README.en.md", "resources", "history", "tables"}
    for lang in ("fr", "nl", "en"):
        readme = (left / f"README.{lang}.md").read_text("utf-8")
        unsaid = [name for name in files(left) if not _is_named(name, readme) and not name.startswith("README")]
        assert unsaid == []
    records = [json.loads(line) for line in (left / "tables/records.jsonl").read_text("utf-8").splitlines()]
    assert [(record["id"], record["status"]) for record in records][:2] == [("gone", "withdrawn"), ("one", "published")]
    assert (left.stat().st_mode & 0o777) == 0o700, "drafts and notes of the staff are in it"


def _is_named(name: str, readme: str) -> bool:
    parts = name.split("/")
    tops = ["/".join(parts[:count]) + ("/" if count < len(parts) else "") for count in range(1, len(parts) + 1)]
    return any(f"`{top}`" in readme for top in tops)


def test_the_manifest_has_the_digest_of_every_file(left: Path) -> None:
    told = {e["name"]: (e["size"], e["sha256"]) for e in json.loads((left / MANIFEST).read_text("utf-8"))["files"]}
    there = {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files(left).items()}
    assert there.keys() - told.keys() == {MANIFEST}
    assert told == {name: about for name, about in there.items() if name != MANIFEST}


def test_an_export_that_fails_leaves_nothing(site: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("catalogue.manifest.copy", full)
    with pytest.raises(WriteFailed, match="No space left"):
        leaving.export_all(site, tmp_path / "left")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site"]
    assert not (site.cache / "export").exists()


def test_an_export_goes_to_a_new_folder_outside(site: Settings, tmp_path: Path) -> None:
    write(tmp_path / "mine" / "letter.txt", "dear")
    with pytest.raises(BadInput, match="not empty"):
        leaving.export_all(site, tmp_path / "mine")
    with pytest.raises(BadInput, match="does not go into what it exports"):
        leaving.export_all(site, site.resources / "left")
    assert files(tmp_path / "mine") == {"letter.txt": b"dear"}
    with atomic.lock(site.var / "export.lock"), pytest.raises(Unavailable):
        leaving.export_all(site, tmp_path / "left")


def test_files_and_history_are_of_one_moment(site: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is saved after the moment is in neither."""
    catalogue = Catalogue.open(site)
    before = (site.resources / "records" / "one.yaml").read_bytes()
    sealed = leaving._write_tables

    def save_meanwhile(root: Path, folder: Path) -> int:
        catalogue.save(dataclasses.replace(catalogue.contents.records["one"], year=1999), account="dirk")
        return sealed(root, folder)

    monkeypatch.setattr(leaving, "_write_tables", save_meanwhile)
    leaving.export_all(site, tmp_path / "left")
    catalogue.close()
    assert (tmp_path / "left/resources/records/one.yaml").read_bytes() == before
    assert "year: 1999" not in (tmp_path / "left/history/versions.jsonl").read_text("utf-8")
    assert b"1999" in (site.resources / "records" / "one.yaml").read_bytes()


Spoil = Callable[[Path], None]


def _rewrite(export: Path, change: Callable[[dict[str, Any]], None]) -> None:
    manifest = json.loads((export / MANIFEST).read_text("utf-8"))
    change(manifest)
    (export / MANIFEST).write_text(json.dumps(manifest), "utf-8")


def _forge(export: Path, name: str, data: bytes) -> None:
    """Another file in the place of one, with a manifest that agrees."""
    (export / name).write_bytes(data)
    about = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    def change(manifest: dict[str, Any]) -> None:
        next(entry for entry in manifest["files"] if entry["name"] == name).update(about)

    _rewrite(export, change)


def _name(name: str) -> Spoil:
    return lambda export: _rewrite(export, lambda manifest: manifest["files"][0].update(name=name))


def _fifo(export: Path) -> None:
    (export / "tables/records.csv").unlink()
    os.mkfifo(export / "tables/records.csv")


def _link(export: Path) -> None:
    (export / "resources/records/one.yaml").unlink()
    (export / "resources/records/one.yaml").symlink_to("/etc/passwd")


def _linked_folder(export: Path) -> None:
    shutil.move(export / "resources/media", export.parent / "elsewhere")
    (export / "resources/media").symlink_to(export.parent / "elsewhere")


def _version(**about: object) -> Spoil:
    row = {"action": 1, "path": "records/x.yaml", "text": "x", "sha256": hashlib.sha256(b"x").hexdigest(), **about}
    return lambda export: _forge(export, "history/versions.jsonl", json.dumps(row).encode() + b"\n")


def _action(**about: object) -> Spoil:
    row = {"id": 1, "at": "2026-01-01T10:00:00", "by": 1, "kind": "save", "label": "", "undoes": 0, **about}
    return lambda export: _forge(export, "history/actions.jsonl", json.dumps(row).encode() + b"\n")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda e: (e / MANIFEST).unlink(), r"no export .*manifest\.json"),
        (lambda e: (e / MANIFEST).write_bytes(b"[" * 200_000), r"damaged.*manifest\.json"),
        (lambda e: (e / MANIFEST).write_bytes(b"[]"), r"damaged.*manifest\.json"),
        (lambda e: (e / "resources/records/one.yaml").unlink(), r"resources/records/one\.yaml is missing"),
        (lambda e: (e / "history/actions.jsonl").unlink(), r"history/actions\.jsonl is missing"),
        (lambda e: (e / "resources/media/a.txt").write_bytes(b"Une texte.\n"), r"a\.txt: not the bytes"),
        (lambda e: (e / "resources/media/a.txt").write_bytes(b"x" * 10_000_000), r"a\.txt: not the bytes"),
        (lambda e: write(e / "resources/records/more.yaml", "kind: guide"), r"holds “resources/records/more\.yaml”"),
        (lambda e: (e / "catalogue.env").write_text("CATALOGUE_PORT=1"), r"holds “catalogue\.env”"),
        (_name("../../evil.yaml"), r"holds “\.\./\.\./evil\.yaml”"),
        (_name("resources/../../evil"), "tampered"),
        (_name("/etc/cron.d/evil"), "tampered"),
        (_name("resources/a\0b"), "tampered"),
        (_fifo, r"holds “tables/records\.csv”"),
        (_link, r"holds “resources/records/one\.yaml”"),
        (_linked_folder, "holds “resources/media”"),
        (lambda e: _rewrite(e, lambda m: m.update(format=2, version="77.0")), r"newer version .*77\.0"),
        (_version(path="../evil.yaml"), r"versions\.jsonl:1: “\.\./evil\.yaml” is no file"),
        (_version(path="/etc/passwd"), "is no file of a catalogue"),
        (_version(path=""), "is no file of a catalogue"),
        (_version(path="records/" + "x" * 400), "is no file of a catalogue"),
        (_version(text="y"), "not the bytes"),
        (_version(text=None, base64="!"), r"versions\.jsonl:1"),
        (_version(action=99), "never done"),
        (_version(action=[]), r"versions\.jsonl:1"),
        (_action(kind="conjured"), r"actions\.jsonl:1: no action"),
        (_action(at="yesterday"), r"actions\.jsonl:1"),
        (_action(by=-1), r"actions\.jsonl:1"),
        (_action(label=7), r"actions\.jsonl:1"),
        (lambda e: _forge(e, "history/actions.jsonl", b'{"id": 1\n'), r"actions\.jsonl:1"),
        (lambda e: _forge(e, "history/versions.jsonl", b"\xff\xfe\n"), r"versions\.jsonl"),
    ],
)
def test_a_hostile_or_damaged_export_changes_nothing(export: Path, empty: Settings, spoil: Spoil, message: str) -> None:
    spoil(export)
    before = files(empty.resources)
    with pytest.raises(BadInput, match=message):
        arriving.import_all(empty, export)
    assert files(empty.resources) == before
    with State.open(empty.state, interval=0) as state:
        assert state.history.actions() == []
    assert {path.name for path in empty.resources.parent.iterdir()} <= {"resources", "var"}


@pytest.mark.parametrize("folder", ["records", "media", "lists"])
def test_nothing_is_taken_into_a_catalogue_that_holds_something(export: Path, empty: Settings, folder: str) -> None:
    path = write(empty.resources / folder / "mine.yaml", "kind: guide\n")
    with pytest.raises(BadInput, match=r"a catalogue here already .*mine\.yaml"):
        arriving.import_all(empty, export)
    assert path.read_text() == "kind: guide\n"


def test_nothing_is_taken_into_a_catalogue_in_which_somebody_worked(export: Path, empty: Settings) -> None:
    Catalogue.open(empty).close()  # a first look is no work
    catalogue = Catalogue.open(empty)
    page = empty.resources / "pages" / "help.yaml"
    page.write_text(page.read_text("utf-8") + "# mine\n", "utf-8")
    catalogue.refresh()
    catalogue.close()
    with pytest.raises(BadInput, match="has a history"):
        arriving.import_all(empty, export)
    assert page.read_text("utf-8").endswith("# mine\n")


def test_an_import_that_fails_at_the_end_changes_nothing(
    export: Path, empty: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(16, "Device or resource busy")

    before = files(empty.resources)
    monkeypatch.setattr(arriving, "_swap", refused)
    with pytest.raises(WriteFailed, match="busy"):
        arriving.import_all(empty, export)
    monkeypatch.undo()
    assert files(empty.resources) == before
    arriving.import_all(empty, export)
    assert history(empty)[0][1] == "weed"


def test_an_import_that_ended_before_its_history_was_written_goes_on(
    export: Path, empty: Settings, site: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    swap = arriving._swap

    def power_cut(made: Path, place: Path) -> None:
        swap(made, place)
        raise KeyboardInterrupt

    monkeypatch.setattr(arriving, "_swap", power_cut)
    with pytest.raises(KeyboardInterrupt):
        arriving.import_all(empty, export)
    monkeypatch.undo()
    assert files(empty.resources) == files(site.resources)
    assert arriving.import_all(empty, export).aside is None
    assert history(empty) == history(site)
    with pytest.raises(BadInput, match="has a history"):
        arriving.import_all(empty, export)


def _killed(seconds: float, folder: Path, *arguments: str) -> None:
    """Run a command in a process that is killed after so long."""
    command = [sys.executable, "-m", "catalogue", "--instance", str(folder), *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(PROJECT)}
    ) as process:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.kill()


@pytest.mark.soak
def test_what_is_killed_never_looks_whole(site: Settings, export: Path, tmp_path: Path) -> None:
    wanted, whole = files(site.resources), {"left": 0, "arrived": 0}
    for number in range(30):
        seconds = 0.3 + number * 0.1
        left, here = tmp_path / f"left-{number}", tmp_path / f"here-{number}"
        _killed(seconds, tmp_path / "site", "export", "--all", str(left))
        if left.exists():
            Export(left).check()
            whole["left"] += 1
        before = files(make_centre(here / "resources"))
        _killed(seconds, here, "import", "--all", str(export))
        found = files(here / "resources") if (here / "resources").exists() else {}
        assert found in ({}, before, wanted)
        if found != wanted or not _has_history(here):
            arriving.import_all(settings_of(here), export)
        else:
            whole["arrived"] += 1
        assert files(here / "resources") == wanted
        assert _has_history(here)
    assert 0 < whole["left"] < 30
    assert 0 < whole["arrived"] < 30


def _has_history(folder: Path) -> bool:
    with State.open(settings_of(folder).state, interval=0) as state:
        return any(action.kind != "start" for action in state.history.actions())


@pytest.fixture
def in_french(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LANG", "fr_BE.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    yield


def test_the_commands(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], in_french: None
) -> None:
    shutil.copytree(model, tmp_path / "site")

    def run(*arguments: str) -> int:
        monkeypatch.chdir(tmp_path)
        return main(arguments)

    assert run("--instance", "site", "export", "--all", "left") == 0
    assert "relu" in capsys.readouterr().out
    assert run("init", "--empty", "other") == 0
    assert run("--instance", "other", "import", "--all", "left") == 0
    assert "user add" in capsys.readouterr().out
    assert files(tmp_path / "other/resources") == files(tmp_path / "site/resources")
    assert run("--instance", "other", "import", "--all", "left") == 1
    assert "déjà" in capsys.readouterr().err
    assert run("--instance", "site", "export", "--all", "--output", "all.csv") == 0
    assert "secret" in (tmp_path / "all.csv").read_text("utf-8")


@pytest.mark.parametrize(
    "misuse",
    [
        ["import"],
        ["import", "x.csv"],
        ["import", "x.csv", "--all", "left"],
        ["import", "--map", "m.yaml"],
        ["export", "--all", "left", "--output", "x.csv"],
    ],
)
def test_a_misuse_is_explained(misuse: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(misuse)
    assert stopped.value.code == 2
    assert "--all" in capsys.readouterr().err
