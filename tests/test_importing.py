"""Importing: tried without writing, written as one action, gone on with after a break, taken back byte by byte."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalogue import importing
from catalogue.errors import BadInput, CatalogueError
from catalogue.exchange import flat
from catalogue.exchange.delimited import write as csv_of
from catalogue.exchange.mapping import ColumnMapping, Rule
from catalogue.importing import CHECKED, CHECKING, DONE, MAPPING, RUNNING, STOPPED, UNDOING, UNDONE, Imports
from catalogue.runner import Runner
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.state import Job
from tests.conftest import PROJECT, AddRecord

ALL = {"kind": "guide", "themes": "work;learn", "status": "draft"}
TABLE = (
    "Numéro;Titre FR;Titel NL;Lien\n1;Un;Een;https://one.example\n2;Deux;;\n3;;;https://three.example\n4;Quatre;;bad\n"
)

Send = Callable[..., Job]


def imports_into(catalogue: Catalogue, folder: Path) -> Imports:
    """Return the imports of a catalogue, whose work never rests."""
    return Imports(catalogue, folder, Runner(catalogue.state.jobs, pause=lambda _: None))


@pytest.fixture
def imports(catalogue: Catalogue, settings: Settings) -> Imports:
    return imports_into(catalogue, settings.var / "imports")


@pytest.fixture
def send(imports: Imports, tmp_path: Path) -> Send:
    """``send(text, existing="keep", kind="guide")``: a file that was received and mapped as guessed."""

    def sent(text: str, name: str = "liste.csv", existing: str = "update", **constants: str) -> Job:
        upload = tmp_path / "upload"
        upload.write_text(text, encoding="utf-8")
        job = imports.receive(upload, name, "dirk")
        guessed = ColumnMapping.from_plain(job.data["mapping"])
        imports.map(
            job, dataclasses.replace(guessed, constants={**guessed.constants, **ALL, **constants}, existing=existing)
        )
        return imports.jobs.get(job.id)

    return sent


def work(imports: Imports, job: Job, *states: str) -> Job:
    for state in states:
        assert imports.jobs.update(job.id, state=state)
        imports.runner.work(job.id)
    return imports.jobs.get(job.id)


def files(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_a_file_is_tried_imported_and_taken_back(
    add: AddRecord, centre: Path, catalogue: Catalogue, imports: Imports, send: Send
) -> None:
    before = files(centre)
    job = work(imports, send(TABLE), CHECKING)
    assert (job.state, job.data["counts"]) == (CHECKED, {"create": 2, "refuse": 2})
    assert files(centre) == before
    reasons = {o.row: [(n.where, n.message % n.params) for n in o.notes] for o in imports.outcomes(job, "refuse")}
    assert reasons[4] == [("", "“title” is missing")]
    assert reasons[5][0][0] == "Lien"
    assert "https://" in reasons[5][0][1]
    job = work(imports, job, RUNNING)
    assert (job.state, job.done, job.total, job.data["failed"]) == (DONE, 2, 2, 0)
    record = catalogue.contents.records["un"]
    assert (record.status, dict(record.title)) == ("draft", {"fr": "Un", "nl": "Een"})
    assert record.source
    assert record.source.id == "1"
    action = catalogue.state.history.action(job.action)
    assert (action.kind, action.label, action.account, action.files) == ("import", "liste.csv", "dirk", 2)
    job = work(imports, job, UNDOING)
    assert job.state == UNDONE
    assert files(centre) == before
    assert "un" not in catalogue.contents.records


def test_records_that_are_there_are_recognised_changed_and_put_back(
    add: AddRecord, centre: Path, imports: Imports, send: Send, settings: Settings
) -> None:
    path = add(
        "mine",
        "title: {fr: Vieux}  # mon commentaire",
        'holdings: [{url: "https://one.example/"}]',
        "status: published",
    )
    imports.library.refresh()  # type: ignore[attr-defined]
    old = path.read_bytes()
    job = work(imports, send(TABLE), CHECKING)
    assert job.data["counts"] == {"create": 1, "change": 1, "refuse": 2}
    (changed,) = imports.outcomes(job, "change")
    assert changed.id == "mine"
    assert ("title.fr", "Vieux", "Un") in changed.differences
    assert ("title.nl", "", "Een") in changed.differences
    assert not [d for d in changed.differences if d[0] in ("status", "kind", "themes")]
    job = work(imports, job, RUNNING)
    assert b"published" in path.read_bytes()
    assert path.read_bytes() != old
    again = work(imports, send(TABLE), CHECKING)
    assert again.data["counts"] == {"same": 2, "refuse": 2}
    work(imports, job, UNDOING)
    assert path.read_bytes() == old


def test_records_that_are_there_can_stay_as_they_are(add: AddRecord, imports: Imports, send: Send) -> None:
    add("mine", 'holdings: [{url: "https://one.example"}]')
    imports.library.refresh()  # type: ignore[attr-defined]
    assert work(imports, send(TABLE, existing="keep"), CHECKING).data["counts"] == {"create": 1, "same": 1, "refuse": 2}


def test_two_rows_about_one_thing_are_told_apart(imports: Imports, send: Send) -> None:
    text = "Numéro;Titre;ISBN\n1;Un;\n1;Un bis;\n2;Un;\n3;a b;2-211-04459-X\n4;a c;9782211044592\n"
    job = work(imports, send(text), CHECKING)
    found = {outcome.row: (outcome.fate, outcome.id) for outcome in imports.outcomes(job)}
    assert found == {
        2: ("create", "un"),
        3: ("refuse", ""),
        4: ("create", "un-2"),
        5: ("create", "a-b"),
        6: ("refuse", ""),
    }


def test_an_id_that_was_deleted_is_never_given_again(
    add: AddRecord, centre: Path, catalogue: Catalogue, imports: Imports, send: Send
) -> None:
    add("gone-one")
    catalogue.refresh()
    catalogue.delete("gone-one")
    job = work(imports, send("id;Titre\ngone-one;Un\nnew-one;Gone one\n"), CHECKING)
    found = [(outcome.fate, outcome.id) for outcome in imports.outcomes(job)]
    assert found == [("refuse", "gone-one"), ("create", "new-one")]
    job = work(imports, send("Titre\nGone one\n"), CHECKING)
    assert [outcome.id for outcome in imports.outcomes(job)] == ["gone-one-2"]


def test_one_bad_row_stops_no_other(imports: Imports, catalogue: Catalogue, send: Send) -> None:
    rows = [f"{n};Titre {n}" for n in range(250)]
    rows[120] = "120;"
    job = work(imports, send("Numéro;Titre\n" + "\n".join(rows)), CHECKING, RUNNING)
    assert (job.state, job.done, job.data["counts"]) == (DONE, 249, {"create": 249, "refuse": 1})
    assert len(catalogue.contents.records) == 249


def test_what_somebody_changes_meanwhile_is_left_and_said(
    add: AddRecord, centre: Path, catalogue: Catalogue, imports: Imports, send: Send
) -> None:
    path = add("mine", 'holdings: [{url: "https://one.example"}]')
    catalogue.refresh()
    job = work(imports, send(TABLE), CHECKING)
    add("mine", "title: {fr: Autre}", 'holdings: [{url: "https://one.example"}]')
    (centre / "records" / "deux.yaml").write_text("mine", encoding="utf-8")
    theirs = path.read_bytes()
    job = work(imports, job, RUNNING)
    assert (job.state, job.data["failed"]) == (DONE, 2)
    assert path.read_bytes() == theirs
    refused = {outcome.row: outcome.notes[0].message for outcome in imports.outcomes(job, "refuse")}
    assert refused.keys() == {2, 3, 4, 5}
    assert "Somebody else" in refused[2]


class _Killed(BaseException):
    pass


@pytest.mark.parametrize("moment", range(1, 9))
def test_an_import_goes_on_where_the_program_ended(
    settings: Settings, catalogue: Catalogue, imports: Imports, send: Send, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 10)
    before = files(settings.resources)
    job = work(imports, send("Numéro;Titre\n" + "\n".join(f"{n};Titre {n}" for n in range(45))), CHECKING)
    imports.jobs.update(job.id, state=RUNNING)
    calls = Counter[str]()

    def deadly(name: str) -> Callable[..., object]:
        real = getattr(catalogue.state.jobs if name == "update" else catalogue.state.history, name)

        def called(*args: object, **kwargs: object) -> object:
            calls["all"] += 1
            if calls["all"] == moment * 2:
                raise _Killed
            return real(*args, **kwargs)

        return called

    with monkeypatch.context() as patched:
        patched.setattr(catalogue.state.jobs, "update", deadly("update"))
        for name in ("promise", "keep"):
            patched.setattr(catalogue.state.history, name, deadly(name))
        with pytest.raises(_Killed):
            imports.runner.work(job.id)
    reopened = Catalogue.open(settings)
    later = imports_into(reopened, settings.var / "imports")
    later.runner.work(job.id)
    job = later.jobs.get(job.id)
    assert (job.state, job.done, job.data["failed"]) == (DONE, 45, 0)
    assert len(reopened.contents.records) == 45
    with_files = [action for action in reopened.state.history.actions(["import"]) if action.files]
    assert [(action.id, action.files) for action in with_files] == [(job.action, 45)]
    assert work(later, job, UNDOING).state == UNDONE
    assert files(settings.resources) == before
    reopened.close()


def test_a_full_disk_stops_an_import_which_can_go_on(
    imports: Imports, catalogue: Catalogue, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = work(imports, send(TABLE), CHECKING)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("catalogue.atomic._write_beside", full)
        job = work(imports, job, RUNNING)
    assert (job.state, job.done) == (STOPPED, 0)
    assert "No space" in job.data["problem"][0] % job.data["problem"][1]
    assert not catalogue.contents.records
    assert not imports.is_undone(job)
    assert not imports.is_undoable(job), "nothing of it is in the history"
    assert imports.begin(job, RUNNING)
    wait(imports, job)
    job = imports.jobs.get(job.id)
    assert job.state == DONE
    assert imports.is_undoable(job)
    assert catalogue.state.history.action(job.action).files == 2
    imports.runner.close()


def wait(imports: Imports, job: Job) -> None:
    for _ in range(1000):
        if not imports.runner.is_active(job):
            return
        imports.runner._stop.wait(0.01)
    raise AssertionError("the work does not end")


def test_an_import_that_is_stopped_stays_where_it_is(
    imports: Imports, catalogue: Catalogue, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 10)
    job = work(imports, send("Titre\n" + "\n".join(f"Titre {n}" for n in range(45))), CHECKING)
    real = imports._write

    def stopping(job: Job, action: int, lines: list[dict[str, object]]) -> None:
        real(job, action, lines)
        if len(catalogue.contents.records) == 20:
            assert imports.stop(imports.jobs.get(job.id))

    monkeypatch.setattr(imports, "_write", stopping)
    job = work(imports, job, RUNNING)
    assert job.state == STOPPED
    assert len(catalogue.contents.records) == 20
    monkeypatch.setattr(imports, "_write", real)
    job = work(imports, job, RUNNING)
    assert (job.state, len(catalogue.contents.records)) == (DONE, 45)
    assert catalogue.state.history.action(job.action).files == 45


def test_an_undo_that_was_cut_short_goes_on(
    imports: Imports, catalogue: Catalogue, settings: Settings, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.writing.CHUNK", 10)
    before = files(settings.resources)
    job = work(imports, send("Titre\n" + "\n".join(f"Titre {n}" for n in range(45))), CHECKING, RUNNING)
    imports.runner._stop.set()
    job = work(imports, job, UNDOING)
    assert job.state == UNDOING
    assert len(catalogue.contents.records) == 35
    imports.runner._stop.clear()
    job = work(imports, job, UNDOING)
    assert job.state == UNDONE
    assert files(settings.resources) == before


def test_a_mapping_is_remembered_for_the_same_columns(imports: Imports, send: Send) -> None:
    work(imports, send(TABLE, level="master"), CHECKING)
    job = imports.jobs.of("import")[0]
    assert not job.data["recalled"]
    again = send(TABLE)
    assert again.data["recalled"]
    other = send("Titre;Autre\na;b\n")
    assert not other.data["recalled"]


def test_what_has_begun_cannot_be_mapped_or_dropped(imports: Imports, send: Send) -> None:
    job = work(imports, send(TABLE), CHECKING, RUNNING)
    with pytest.raises(BadInput, match="already begun"):
        imports.map(job, ColumnMapping({"Titre": Rule("title.fr")}))
    with pytest.raises(BadInput, match="already begun"):
        imports.drop(job)
    fresh = send(TABLE)
    assert fresh.state == MAPPING
    imports.drop(fresh)
    with pytest.raises(CatalogueError):
        imports.jobs.get(fresh.id)


def test_files_are_kept_for_thirty_days(imports: Imports, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    job = work(imports, send(TABLE), CHECKING, RUNNING)
    imports.tidy()
    assert imports.has_report(job)
    monkeypatch.setattr(importing, "KEPT", importing.KEPT * 0)
    imports.tidy()
    assert not imports.has_report(job)
    with pytest.raises(BadInput, match="no longer kept"):
        list(imports.outcomes(job))
    assert work(imports, job, UNDOING).state == UNDONE


def test_what_is_exported_comes_back_as_it_is(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "resources", tmp_path / "resources")
    state = f"sqlite:///{tmp_path}/var/c.db"
    opened = Catalogue.open(Settings(resources=tmp_path / "resources", index=str(tmp_path / "index"), state=state))
    rows = list(flat.rows(opened.contents.records.values()))
    (tmp_path / "upload").write_bytes(b"".join(csv_of(rows)))
    imports = imports_into(opened, tmp_path / "imports")
    job = imports.receive(tmp_path / "upload", "export.csv", "dirk")
    imports.map(job, ColumnMapping({name: Rule(name, "|") for name in rows[0]}))
    job = work(imports, job, CHECKING)
    assert job.data["counts"] == {"same": len(opened.contents.records)}
    opened.close()


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Imports]:
    """Imports into a copy of the example centre."""
    shutil.copytree(PROJECT / "resources", tmp_path / "resources")
    state = f"sqlite:///{tmp_path}/var/c.db"
    opened = Catalogue.open(Settings(resources=tmp_path / "resources", index=str(tmp_path / "index"), state=state))
    yield imports_into(opened, tmp_path / "imports")
    opened.close()


@pytest.mark.parametrize(
    ("name", "count"),
    [("pmb/derived_notices.csv", 48), pytest.param("esco/occupations_joined.csv", 3039, marks=pytest.mark.soak)],
)
def test_real_files_become_drafts_by_mapping_only_and_go_again(
    real: Imports, test_data: Path, tmp_path: Path, name: str, count: int
) -> None:
    before = files(tmp_path / "resources")
    shutil.copyfile(test_data / name, tmp_path / "upload")
    job = real.receive(tmp_path / "upload", Path(name).name, "dirk")
    guessed = ColumnMapping.from_plain(job.data["mapping"])
    columns = dict(guessed.columns)
    if "typdoc" in columns:
        columns["typdoc"] = Rule("kind", "", dict.fromkeys("embrkf", "book"))
        columns["year"] = Rule("year", "", {"1765": ""})
    constants = {**guessed.constants, "kind": "factsheet", "themes": "learn"}
    real.map(job, ColumnMapping(columns, constants))
    job = work(real, job, CHECKING)
    assert job.data["counts"] == {"create": count}
    known = set(real.library.contents.records)
    job = work(real, job, RUNNING)
    new = [record for id, record in real.library.contents.records.items() if id not in known]
    assert (job.state, len(new), {record.status for record in new}) == (DONE, count, {"draft"})
    assert work(real, job, UNDOING).state == UNDONE
    assert files(tmp_path / "resources") == before
