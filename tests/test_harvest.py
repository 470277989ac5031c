"""A second installation harvests the first over the network of this machine, by the command, killed in the middle."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from catalogue.cli import main
from catalogue.contents import Contents, Frame
from catalogue.exchange.marc21 import MARC21
from catalogue.harvest.asking import Pace
from catalogue.harvest.runs import KIND
from catalogue.settings import Settings
from catalogue.shapes import as_value
from catalogue.state import State
from catalogue.store import Store
from tests.conftest import PROJECT, make_centre, write
from tests.oai_site import OaiSite, oai_site
from tests.test_cli import environment

PLAIN = """kind: {kind}
themes: [{theme}, learn]
title: {{fr: Fiche {number}, nl: Blad {number}}}
summary: {{fr: Résumé & « suite » {number}, nl: Samenvatting {number}}}
occupations: [nurse]
audiences: [pupils]
publisher: siep
authors: [A. Nom]
year: {year}
identifiers: {{publisher_ref: R{number}}}
holdings: [{{url: "https://example.org/{number}"}}]
status: published
staff_note: not for others
"""
COUNT = 230
UNLIKE = ("source", "added", "checked", "keywords", "holdings")
"""What the second has of its own, or counts otherwise; the rest is as the first has it, or in the crosswalk's list."""


def settings_in(work: Path) -> Settings:
    state = f"sqlite:///{work}/var/catalogue.db"
    return Settings(resources=work / "resources", index=str(work / "index"), state=state, cache=work / "cache")


@contextmanager
def first_of(work: Path) -> Iterator[OaiSite]:
    """A centre of plain records, where it can be harvested."""
    root = make_centre(work / "resources")
    for number in range(COUNT):
        kind, theme = ("guide", "website")[number % 2], ("work", "orient")[number % 2]
        text = PLAIN.format(number=number, kind=kind, theme=theme, year=2000 + number % 20)
        write(root / "records" / f"fiche-{number}.yaml", text)
    with oai_site(settings_in(work)) as running:
        yield running


@pytest.fixture
def first(tmp_path: Path) -> Iterator[OaiSite]:
    with first_of(tmp_path / "first") as running:
        yield running


def call(work: Path, *arguments: str) -> int:
    """Do ``catalogue harvest …`` in this process, in English."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.environ", {**environment(work), "CATALOGUE_HARVEST_INSIDE": "1", "LANG": "en_GB"})
        patch.setattr("catalogue.harvest_commands.pace_of", lambda *_: Pace(delay=0, inside=True))
        return main(["harvest", *arguments])


def begin(work: Path) -> subprocess.Popen[bytes]:
    """Begin to harvest in a process of its own, at its real pace."""
    env = {**environment(work), "CATALOGUE_HARVEST_INSIDE": "1"}
    return subprocess.Popen([sys.executable, "-m", "catalogue", "harvest", "run"], cwd=work, env=env)


def add_source(work: Path, first: OaiSite, prefix: str = "marcxml") -> None:
    more = ("--prefix", prefix, "--default", "status=published")
    assert call(work, "add", "first", first.url, "--mark", "The first", *more) == 0


def read(work: Path) -> Contents:
    """Return what stands in the files of a centre."""
    frame = Frame.load(work / "resources")
    store = Store(work / "resources", frame.vocabularies)
    store.load()
    return Contents.of(frame, store)


def said(contents: Contents) -> dict[str, dict[str, Any]]:
    """Return what the public records of a centre say, as far as MARC carries it, by their title."""
    lost = {*(name.partition(".")[0] for name in MARC21.crosswalk.lost), *UNLIKE}
    found = {}
    for record in contents.public:
        mapping: Any = as_value(record.to_mapping(public_only=True))
        found[record.title.best("fr").text] = {key: value for key, value in mapping.items() if key not in lost}
    return found


def killed_in_the_middle(work: Path, total: int) -> None:
    """Harvest until the first page is noted, and kill it there."""
    running, noted, deadline = begin(work), 0, time.monotonic() + 300
    while not noted and time.monotonic() < deadline and running.poll() is None:
        time.sleep(0.05)
        if (work / "var" / "catalogue.db").exists():
            with State.open(settings_in(work).state, interval=0) as state:
                noted = next((job.done for job in state.jobs.of(KIND)), 0)
    running.kill()
    running.wait()
    assert 0 < noted < total


def shows_what_the_first_shows(work: Path, first: OaiSite) -> None:
    total = len(first.catalogue.contents.public)
    add_source(work, first)
    killed_in_the_middle(work, total)
    assert call(work, "run", "first") == 0
    with State.open(settings_in(work).state, interval=0) as state:
        (job,) = state.jobs.of(KIND)
        assert job.data["counts"].keys() <= {"new", "same"}
        assert len(state.history.paths(job.action)) == total  # all of it one action, none written twice
    contents = read(work)
    assert len(contents.public) == total
    assert said(contents) == said(first.catalogue.contents)


def test_the_second_shows_the_records_of_the_first_though_it_was_killed_in_the_middle(
    first: OaiSite, tmp_path: Path
) -> None:
    second = tmp_path / "second"
    make_centre(second / "resources")
    shows_what_the_first_shows(second, first)
    assert "secret" not in str(said(read(second)))
    assert "not for others" not in "".join(p.read_text() for p in (second / "resources" / "records").glob("*.yaml"))


@pytest.mark.soak
def test_the_second_shows_the_example_centre(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "resources", tmp_path / "first" / "resources")
    second, left_out = tmp_path / "second", shutil.ignore_patterns("records", "lists")
    shutil.copytree(PROJECT / "resources", second / "resources", ignore=left_out)
    (second / "resources" / "records").mkdir()
    with oai_site(settings_in(tmp_path / "first")) as first:
        shows_what_the_first_shows(second, first)


def test_what_changes_in_the_first_follows_in_the_second(
    first: OaiSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second = tmp_path / "second"
    make_centre(second / "resources")
    add_source(second, first, "oai_dc")
    assert call(second, "list") == 0
    assert "never" in capsys.readouterr().out
    assert call(second, "report", "first") == 1
    assert call(second, "run") == 0
    assert f"New: {COUNT}" in capsys.readouterr().out
    found = {record.title["fr"]: record for record in read(second).public}
    assert found["Fiche 7"].themes == ("orient", "learn")  # Dublin Core has none: the sets tell
    assert (found["Fiche 7"].kind, found["Fiche 7"].year) == ("website", 2007)
    path = first.catalogue.settings.resources / "records" / "fiche-7.yaml"
    write(path, path.read_text(encoding="utf-8").replace("2007", "1999"))
    first.catalogue.refresh()
    first.catalogue.delete("fiche-8")
    assert call(second, "run") == 0
    out = capsys.readouterr().out
    assert "Changed: 1" in out and "Withdrawn: deleted at the source: 1" in out
    after = {record.title["fr"]: record for record in read(second).records.values()}
    assert (after["Fiche 7"].year, after["Fiche 8"].status) == (1999, "withdrawn")
    assert call(second, "list") == 0 and "Complete" in capsys.readouterr().out
    assert call(second, "report", "first") == 0 and "Changed: 1" in capsys.readouterr().out
    assert call(second, "run", "nobody") == 1 and "nobody" in capsys.readouterr().err
    assert call(second, "add", "first", "https://x.example", "--mark", "x") == 1
    assert call(second, "add", "other", "nowhere", "--mark", "x") == 1
    assert call(second, "add", "other", "https://x.example", "--mark", "x", "--default", "kid=book") == 1
    capsys.readouterr()
