"""The report of a year: 30 days of simulated visits worked out twice; what is hidden; drawings; files; kills."""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from catalogue.counters import COUNTERS, DIMENSIONS
from catalogue.errors import BadInput
from catalogue.i18n import languages
from catalogue.report import charts, files
from catalogue.report.making import make_report
from catalogue.report.model import Chart, Report, Row, Share, Table
from catalogue.report.sums import Sums
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.values import Said
from catalogue.web.desk.report import document
from tests.conftest import PROJECT, AddRecord, write
from tests.desk_site import DeskSite, desk_site
from tests.recount import Recount
from tests.simulation import Simulation

FIRST = datetime.date(2026, 1, 17)
LANGS = ("fr", "nl", "en")


@pytest.fixture
def records(add: AddRecord) -> None:
    """A collection of every language, age and freshness."""
    publishers, kinds = ("actiris", "vdab", "siep", ""), ("factsheet", "website", "guide")
    years, checks = (2026, 2023, 2021, 2010, 0), ("2026-01-05", "2024-06-01", "2020-01-01", "")
    themes, documents = ("[work]", "[learn, work]", "[orient]"), ("[fr]", "[nl]", "[fr, nl]", "[ar]", "")
    for n in range(24):
        lines = [f"kind: {kinds[n % 3]}", f"themes: {themes[n // 2 % 3]}"]
        lines += [f"title: {{fr: Emploi {n}, nl: Werk {n}}}"]
        lines += [f"summary: {{fr: Chercher un emploi{', nl: Werk zoeken' if n % 4 else ''}}}"]
        lines += [f"{name}: {value}" for name, values in (
            ("publisher", publishers), ("year", years), ("checked", checks), ("languages", documents),
        ) if (value := values[n % len(values)])]  # fmt: skip
        lines += ["added: 2025-05-05"] if n % 2 else []
        add(f"record-{n:02}", *lines)


def simulated(catalogue: Catalogue, days: int, visits: int) -> Simulation:
    """Let a month pass; at its end a problem is mended, and what was looked for in vain is acquired."""
    simulation = Simulation(catalogue, FIRST, ("emploi", "werk", "chercher"), ("quokka", "wombat", "numbat"))
    simulation.run(days, visits)
    simulation.report("record-03", "mistake")
    simulation.report("record-04", "mistake")
    simulation.clock.now += datetime.timedelta(days=8)
    changed = catalogue.record("record-03")
    catalogue.save(replace(changed, staff_note="relu"), account="marie")
    simulation.note("mended", "fr", record="record-03")
    acquired = f"title: {{fr: quokka, nl: quokka}}\nadded: {simulation.clock.now.date()}\n"
    holding = 'holdings: [{url: "https://example.org/q", language: nl}]\n'
    path = catalogue.settings.resources / "records" / "quokkas.yaml"
    write(path, f"kind: guide\nthemes: [learn]\n{acquired}publisher: siep\n{holding}status: published\n")
    catalogue.refresh()
    return simulation


@pytest.mark.parametrize("visits", [pytest.param(2), pytest.param(60, marks=pytest.mark.soak)])
def test_every_figure_of_a_month_is_right(records: None, settings: Settings, tmp_path: Path, visits: int) -> None:
    catalogue = Catalogue.open(settings)
    simulation = simulated(catalogue, 30, visits)
    files.write_folder(make_report(catalogue, 2026, "en"), tmp_path / "csv")
    catalogue.close()
    made = simulation.clock.now.date()
    recount = Recount(simulation.log, settings.resources, tmp_path / "csv", 2026, made)
    assert not recount.all(), "\n".join(recount.wrong)
    assert recount.seen > 300
    told = {cell for id in ("year", "months", "languages", "partners") for c in recount.table(id).values() for cell in c}
    assert "<5" in told
    # The same once more as a command of its own, by its log alone.
    log = write(tmp_path / "log.json", json.dumps(simulation.log))
    command = [sys.executable, "-m", "tests.recount", str(log), str(settings.resources), str(tmp_path / "csv")]
    done = subprocess.run([*command, "2026", made.isoformat()], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    _assert_it_notices(recount, tmp_path / "csv")


def _assert_it_notices(recount: Recount, folder: Path) -> None:
    """A recount that cannot fail would be worth nothing."""
    path = folder / "2026-months.csv"
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(re.sub(r"(total,.*?,)(\d+)", lambda m: f"{m[1]}{int(m[2]) + 1}", text), encoding="utf-8-sig")
    assert [line for line in recount.all() if line.startswith("months/total")]
