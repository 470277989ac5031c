"""The report of a year: 30 days of simulated visits worked out twice; what is hidden; drawings; files; kills."""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
import re
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
from catalogue.report.model import Chart, Row, Share, Table
from catalogue.report.sums import Sums
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.values import CENTRE_LANGUAGES, Said
from catalogue.web.desk.report import document
from tests.conftest import PROJECT, AddRecord, write
from tests.desk_site import NAMES, DeskSite, desk_site
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
    told = {
        cell for id in ("year", "months", "languages", "partners") for c in recount.table(id).values() for cell in c
    }
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


# --- what is told of sums -------------------------------------------------------------------------------------------


def sums(*rows: tuple[str, str, str, str, int]) -> Sums:
    """Return the sums of openings by month, theme, language, kind."""
    return Sums({(month, "record", theme, lang, kind, ""): count for month, theme, lang, kind, count in rows})


def test_a_small_sum_cannot_be_had_from_a_total() -> None:
    told = sums(
        ("2026-01", "work", "fr", "book", 40),
        ("2026-01", "work", "nl", "book", 9),
        ("2026-01", "work", "en", "book", 3),
    )
    assert told.told("record") == 52
    assert [told.told("record", theme="work", lang=lang) for lang in LANGS] == [40, "*", "<5"]
    assert [told.told("record", lang=lang) for lang in LANGS] == [40, "*", "<5"], "the same in every table"
    assert told.told("record", lang="de") == 0


def test_enough_is_told_as_it_is() -> None:
    told = sums(("2026-01", "work", "fr", "book", 40), ("2026-02", "learn", "nl", "guide", 9))
    assert (told.told("record"), told.told("record", theme="learn")) == (49, 9)
    assert told.values("record", "kind") == ["book", "guide"]
    axes = ("theme", "lang", "kind", "month")
    assert dict(told.crossed("record", axes)) == {
        ("work", "fr", "book", "2026-01"): 40,
        ("learn", "nl", "guide", "2026-02"): 9,
    }


def test_what_is_only_listed_gives_way_to_the_totals() -> None:
    told = sums(*((f"2026-{m:02}", "work", "fr", "book", 3 + m) for m in range(1, 7)))
    assert told.told("record", theme="work", lang="fr") == 39
    assert [told.told("record", month=f"2026-{m:02}") for m in range(1, 7)] == ["<5", "*", 6, 7, 8, 9]
    assert [count for _, count in told.crossed("record", ("theme", "lang", "kind", "month"))] == [6, 7, 8, 9]


# --- the report -----------------------------------------------------------------------------------------------------


@pytest.fixture
def site(records: None, settings: Settings) -> Iterator[DeskSite]:
    with desk_site(settings) as opened:
        yield opened


def this_year(site: DeskSite) -> int:
    return site.catalogue.now().year


@pytest.mark.parametrize("year", [1999, 2999])
def test_a_year_without_report(site: DeskSite, year: int) -> None:
    with pytest.raises(BadInput):
        make_report(site.catalogue, year, "fr")
    assert site.browser(NAMES["advisor"]).get(f"/desk/fr/report/{year}").status_code == 404


def test_each_language_tells_the_same_figures(site: DeskSite) -> None:
    for _ in range(7):
        site.catalogue.count("record", theme="work", lang="nl", kind="guide")
    reports = [make_report(site.catalogue, this_year(site), lang) for lang in LANGS]
    figures = [
        [(t.id, r.id, [c for c in r.cells if isinstance(c, int | Share)]) for t in made.tables for r in t.rows]
        for made in reports
    ]
    assert figures[0] == figures[1] == figures[2]
    titles = [{table.title for table in made.tables} for made in reports]
    assert not titles[0] & titles[1], "every title is translated"
    assert all(len(row.cells) == len(table.head) - 1 for table in reports[0].tables for row in table.rows)


def test_links_are_left_out_or_told(site: DeskSite) -> None:
    assert "links" not in {table.id for table in make_report(site.catalogue, this_year(site), "fr").tables} or hasattr(
        site.catalogue.state, "links"
    )


@pytest.mark.parametrize("lang", LANGS)
def test_the_page(site: DeskSite, lang: str) -> None:
    year = this_year(site)
    for event in COUNTERS:
        for _ in range(6):
            site.catalogue.count(event)
    page = site.browser(NAMES["advisor"]).get(f"/desk/{lang}/report/{year}").text
    report = make_report(site.catalogue, year, lang)
    assert all(f'id="{section.id}"' in page for section in report.sections)
    assert page.count('<svg class="chart') >= 6
    assert page.count('role="img"') == page.count('<svg class="chart')
    assert "style=" not in page
    drawn = re.findall(r'<svg class="chart.*?</svg>', page, re.DOTALL)
    ids = [found for svg in drawn for found in re.findall(r' id="([^"]+)"', svg)]
    assert len(ids) == len(set(ids))
    for svg in drawn:
        ET.fromstring(svg.replace("&nbsp;", " "))


def test_what_can_be_taken_along(site: DeskSite) -> None:
    year, advisor = this_year(site), site.browser(NAMES["advisor"])
    assert advisor.get("/desk/fr/report/").headers["location"] == f"/desk/fr/report/{year}"
    one = advisor.get(f"/desk/fr/report/{year}/parity.csv")
    assert one.headers["content-type"].startswith("text/csv")
    assert list(csv.reader(io.StringIO(one.text.removeprefix("\ufeff"))))[-1][:3] == ["total", "Ensemble", "24"]
    assert advisor.get(f"/desk/fr/report/{year}/nothing.csv").status_code == 404
    packed = zipfile.ZipFile(io.BytesIO(advisor.get(f"/desk/fr/report/{year}/tables.zip").content))
    made = make_report(site.catalogue, year, "fr")
    assert packed.namelist() == [f"{year}-{table.id}.csv" for table in made.tables]


def test_a_file_of_its_own_loads_nothing(site: DeskSite) -> None:
    text = document(site.catalogue, make_report(site.catalogue, this_year(site), "nl"))
    assert "@page" in text
    assert not re.search(r'(?:src|href)="(?!#)', text.partition("<body")[2].replace('href="/nl/record', ""))
    assert "<link" not in text
    assert "<script" not in text


def test_a_formula_is_disarmed(site: DeskSite) -> None:
    row = Row("=1", Said("=cmd|' /C calc'!A0", "fr"), (3, "<5"))
    made = files.csv(Table("t", "T", (), ("a", "b", "c"), (row,))).decode("utf-8-sig")
    assert made.splitlines()[1].startswith("'=1,'=cmd")


# --- drawings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["stacked", "grouped", "months"])
def test_a_drawing_tells_its_numbers_and_hides_the_hidden(kind: str) -> None:
    rows = (Row("a", Said("<b>Ali & Cie</b>", "fr"), (8, "<5", 9)), Row("b", Said("Bé", "fr"), (4, 2, 6)))
    chart = Chart(kind, (0,) if kind == "months" else (0, 1))
    svg = charts.draw(Table("t", "Titre", (), ("x", "un", "deux", "tout"), rows, (chart,)), 0, languages()["fr"])
    root = ET.fromstring(str(svg))
    texts = ["".join(node.itertext()) for node in root.iter() if node.tag in ("text", "title", "desc")]
    assert texts[1] == "Le tableau dit la même chose en nombres."
    if kind != "months":
        assert "<b>Ali & Cie</b>" in texts
        assert ("9" if kind == "stacked" else "<5") in texts
    bars = [node for node in root.iter("rect") if "bar-" in node.get("class", "")]
    legend = 0 if kind == "months" else 2
    assert len(bars) - legend == (2 if kind == "months" else 3)
    assert {bar.get("fill") for bar in bars} == {f"url(#t-0-p{n})" for n in range(len(chart.columns))}


def test_nothing_is_drawn_of_nothing() -> None:
    empty = Table("t", "Titre", (), ("x", "un"), (Row("a", Said("A", "fr"), (0,)),), (Chart("grouped", (0,)),))
    assert charts.draw(empty, 0, languages()["fr"]) == ""


# --- the declaration ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", CENTRE_LANGUAGES)
def test_the_declaration_is_documented(lang: str) -> None:
    text = (PROJECT / "docs" / lang / "report.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| (.+?) \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    say = languages()[lang].gettext
    assert rows == [(c.name, say(c.label), say(c.detail), ", ".join(c.dimensions)) for c in COUNTERS.values()]


def test_only_what_is_declared_is_counted(site: DeskSite) -> None:
    for event, dimensions in (("visitor", {}), ("end", {"theme": "work"}), ("search", {"who": "me"})):
        with pytest.raises(ValueError, match=event):
            site.catalogue.count(event, **dimensions)
    for path in (PROJECT / "catalogue" / "web").rglob("*.py"):
        assert "state.count(" not in path.read_text(encoding="utf-8"), path
    assert {name for counter in COUNTERS.values() for name in counter.dimensions} == {*DIMENSIONS}


@pytest.mark.parametrize(("body", "status"), [("print", 204), ("search", 400), ("", 400), ("x" * 200, 400)])
def test_a_page_tells_four_things_only(client: TestClient, body: str, status: int) -> None:
    answer = client.post("/nl/count", content=body)
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers
    state = client.app.app.state.catalogue.state  # type: ignore[attr-defined]
    state.flush()
    assert sum(state.sums().values()) == (status == 204)


def test_a_visit_ends_once(client: TestClient) -> None:
    for path, referer in (("/fr/end", ""), ("/nl/end", "http://testserver/fr/end"), ("/fr/end?thanks=1", "")):
        client.get(path, headers={"referer": referer})
    client.head("/fr/end")
    state = client.app.app.state.catalogue.state  # type: ignore[attr-defined]
    state.flush()
    assert [(row[1], row[3], count) for row, count in state.sums().items()] == [("end", "fr", 1)]


# --- kill -9 --------------------------------------------------------------------------------------------------------

KILLED_WHILE_WRITING = """
import os, signal, sys
from catalogue import atomic, cli
done = []
def write(path, data, plain=atomic.write_bytes):
    if len(done) == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    done.extend([path] if path.suffix == ".csv" else [])
    plain(path, data)
atomic.write_bytes = write
sys.exit(cli.main(sys.argv[1:]))
"""


@contextmanager
def environment(settings: Settings) -> Iterator[dict[str, str]]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("CATALOGUE_")}
    yield own | {
        "PYTHONPATH": str(PROJECT),
        "LC_ALL": "fr_BE.UTF-8",
        "CATALOGUE_RESOURCES": str(settings.resources),
        "CATALOGUE_STATE": settings.state,
        "CATALOGUE_INDEX": settings.index,
    }


def test_a_report_that_was_killed_is_finished_by_the_next(records: None, settings: Settings, tmp_path: Path) -> None:
    catalogue = Catalogue.open(settings)
    for _ in range(6):
        catalogue.count("search", lang="nl")
    year = str(catalogue.now().year)
    catalogue.close()
    folder, page = tmp_path / "csv", tmp_path / "rapport.html"
    arguments = ["report", year, "--csv", str(folder), "--html", str(page)]
    with environment(settings) as env:
        killed = subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, *arguments], env=env, cwd=tmp_path)
        assert killed.returncode == -signal.SIGKILL
        first = {path.name: path.read_bytes() for path in folder.glob("*.csv")}
        assert len(first) == 4
        assert page.exists()
        done = subprocess.run([sys.executable, "-m", "catalogue", *arguments], env=env, cwd=tmp_path)
    assert done.returncode == 0
    assert {name: (folder / name).read_bytes() for name in first} == first
    report_tables = {path.name for path in folder.iterdir()}
    assert len(report_tables) > 15
    assert all(name.endswith(".csv") for name in report_tables), "nothing half is left"
    assert "search,Recherches,6,0," in (folder / f"{year}-year.csv").read_text(encoding="utf-8")
    assert page.read_text(encoding="utf-8").endswith("</html>")
