"""Very many records as one job: seen from afar, one at a time, stopped, gone on with, cut short, taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from catalogue import mass as mass_module
from catalogue.bulk import Edit
from catalogue.mass import DONE, RUNNING, STOPPED, MassChanges
from catalogue.runner import Busy, Runner
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.state import Job
from tests.at_desk import hidden, shown
from tests.conftest import AddRecord
from tests.desk_site import DeskSite

COUNT = 60
YEAR = Edit("year", "set", "", "2026")


def mass_of(catalogue: Catalogue, settings: Settings, waits: bool = False) -> MassChanges:
    """Return the changes of a catalogue, done at once or (``waits``) when ``work`` is called."""
    runner = Runner(catalogue.state.jobs, pause=lambda _: None)
    runner.put = (lambda id: None) if waits else runner.work  # type: ignore[method-assign]
    return MassChanges(catalogue, settings.var / "jobs", runner)


@pytest.fixture
def paths(add: AddRecord, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setattr(mass_module, "CHUNK", 10)
    monkeypatch.setattr("catalogue.writing.CHUNK", 10)
    made = [add(f"n{number:02}", "# a comment") for number in range(COUNT)]
    catalogue.refresh()
    return made


def seen(catalogue: Catalogue) -> dict[str, str]:
    return {id: catalogue.digest(record) for id, record in catalogue.contents.records.items()}


def dated(catalogue: Catalogue) -> int:
    return sum(record.year == 2026 for record in catalogue.contents.records.values())


def begin(mass: MassChanges, account: str = "dirk") -> Job:
    job = mass.change(YEAR, seen(mass.catalogue), account=account, label="Année", left=["records/other.yaml"])
    assert isinstance(job, Job)
    return mass.jobs.get(job.id)


def test_many_are_changed_as_one_action_and_taken_back(
    catalogue: Catalogue, settings: Settings, paths: list[Path]
) -> None:
    before = [path.read_bytes() for path in paths]
    paths[3].write_bytes(before[3] + b"authors: [Els]\n")  # and nobody looked at the folder since
    mass = mass_of(catalogue, settings)
    job = begin(mass)
    assert (job.state, job.done, job.total) == (DONE, COUNT, COUNT)
    assert (job.data["left"], job.data["of"]) == (["records/other.yaml", "records/n03.yaml"], 2)
    assert dated(catalogue) == COUNT - 1
    assert catalogue.state.history.action(job.action).files == COUNT - 1
    assert not list((settings.var / "jobs").iterdir())
    undo = mass.undo(job.action, account="els")
    assert isinstance(undo, Job)
    undo = mass.jobs.get(undo.id)
    assert (undo.state, undo.data["of"]) == (DONE, 0)
    assert [path.read_bytes() for path in paths] == [*before[:3], before[3] + b"authors: [Els]\n", *before[4:]]
    assert catalogue.state.history.action(undo.action).account == "els"


class _Killed(BaseException):
    pass


@pytest.mark.parametrize("moment", range(1, 12, 2))
def test_what_was_cut_short_goes_on_after_a_restart(
    catalogue: Catalogue, settings: Settings, paths: list[Path], monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    before = [path.read_bytes() for path in paths]
    job = begin(mass_of(catalogue, settings, waits=True))
    for step in ("change", "undo"):
        calls = 0

        def deadly(real: Callable[..., Any]) -> Callable[..., Any]:
            def called(*args: Any, **kwargs: Any) -> Any:
                nonlocal calls
                calls += 1
                if calls == moment:
                    raise _Killed
                return real(*args, **kwargs)

            return called

        with monkeypatch.context() as patched:
            for place, name in ((catalogue.state.jobs, "update"), (catalogue.state.history, "keep")):
                patched.setattr(place, name, deadly(getattr(place, name)))
            with pytest.raises(_Killed):
                mass_of(catalogue, settings).runner.work(job.id)
        catalogue.close()
        catalogue = Catalogue.open(settings)
        mass = mass_of(catalogue, settings)
        mass.runner.resume()
        job = mass.jobs.get(job.id)
        assert (job.state, job.data["of"]) == (DONE, 1 if step == "change" else 0)
        if step == "change":
            assert dated(catalogue) == COUNT
            assert catalogue.state.history.action(job.action).files == COUNT
            undo = mass_of(catalogue, settings, waits=True).undo(job.action, account="dirk")
            assert isinstance(undo, Job)
            job = undo
    assert [path.read_bytes() for path in paths] == before
    assert catalogue.state.history.action(job.action or mass.jobs.get(job.id).action).files == COUNT
    catalogue.close()


def test_one_at_a_time(catalogue: Catalogue, settings: Settings, paths: list[Path]) -> None:
    mass = mass_of(catalogue, settings, waits=True)
    job = begin(mass)
    with pytest.raises(Busy, match="“Année”, begun by dirk, is still under way"):
        begin(mass, "els")
    few = dict(list(seen(catalogue).items())[:3])
    made = mass.change(Edit("audiences", "add", "", "pupils"), few, account="els", label="Public")
    assert not isinstance(made, Job), "a few are changed meanwhile"
    mass.runner.work(job.id)
    job = mass.jobs.get(job.id)
    assert (job.state, job.data["of"], dated(catalogue)) == (DONE, 4, COUNT - 3)
    begin(mass, "els")


def test_stopped_and_gone_on_with_or_taken_back(catalogue: Catalogue, settings: Settings, paths: list[Path]) -> None:
    mass = mass_of(catalogue, settings, waits=True)
    job = begin(mass)
    real = mass.runner.told

    def stopping(job: Job, done: int, total: int = 0) -> None:
        if done == 20:
            mass.stop(job)
        real(job, done, total)

    mass.runner.told = stopping  # type: ignore[method-assign]
    mass.runner.work(job.id)
    job = mass.jobs.get(job.id)
    assert (job.state, dated(catalogue)) == (STOPPED, 20)
    assert mass.unfinished() == [job]
    mass.runner.told = real  # type: ignore[method-assign]
    mass.go_on(job)
    mass.runner.work(job.id)
    assert (mass.jobs.get(job.id).state, dated(catalogue)) == (DONE, COUNT)
    again = begin(mass)
    mass.runner.told = stopping  # type: ignore[method-assign]
    assert again.state == RUNNING


def test_a_full_disk_stops_it_with_a_message_and_it_goes_on(
    catalogue: Catalogue, settings: Settings, paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    mass = mass_of(catalogue, settings, waits=True)
    job = begin(mass)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("catalogue.atomic._write_beside", full)
        mass.runner.work(job.id)
    job = mass.jobs.get(job.id)
    assert (job.state, dated(catalogue), catalogue.state.history.promises()) == (STOPPED, 0, [])
    assert "No space left" in job.data["problem"][0] % job.data["problem"][1]
    mass.go_on(job)
    mass.runner.work(job.id)
    assert dated(catalogue) == catalogue.state.history.action(mass.jobs.get(job.id).action).files == COUNT


# --- the page ----------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(catalogue: Catalogue, paths: list[Path]) -> TestClient:
    return DeskSite.of(catalogue).browser("dirk", follow_redirects=True)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("fr", ("Modification en cours", "est encore en cours", "Arrêté", "0 sur 60", "En rester là")),
        ("nl", ("Wordt gewijzigd", "is nog bezig", "Gestopt", "0 van 60", "Hierbij laten")),
    ],
)
def test_the_page_of_a_job(desk: TestClient, catalogue: Catalogue, lang: str, words: tuple[str, ...]) -> None:
    mass: MassChanges = desk.app.app.state.mass  # type: ignore[attr-defined]
    mass.runner.put = lambda id: None  # type: ignore[method-assign]
    asked = {"ids": " ".join(catalogue.contents.records), "field": "year", "does": "set", "new": "2026"}
    preview = desk.post(f"/desk/{lang}/bulk", data={**asked, "do": "preview"}).text
    page = desk.post(f"/desk/{lang}/bulk", data={**hidden(preview), "do": "apply"})
    assert "/jobs/" in page.url.path
    assert words[0] in shown(page.text)
    assert 'value="go-on"' in page.text, "no work goes on in this process"
    second = desk.post(f"/desk/{lang}/bulk", data={**hidden(preview), "do": "apply"})
    assert second.status_code == 409
    assert words[1] in shown(second.text)
    assert page.url.path in desk.get(f"/desk/{lang}/actions/").text
    stopped = desk.post(page.url.path, data={"act": "stop"})
    assert words[2] in shown(stopped.text)
    assert words[3] in shown(stopped.text)
    assert words[4] in shown(stopped.text)
    gone = desk.post(page.url.path, data={"act": "leave"})
    assert gone.url.path == f"/desk/{lang}/actions/"
    assert page.url.path not in gone.text
    assert desk.get(page.url.path).status_code == 404
    assert dated(catalogue) == 0
