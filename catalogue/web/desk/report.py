"""``/desk/{lang}/report/{year}``: the year for the label, to read, to print and to take along as tables."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue.errors import NotFound
from catalogue.i18n import languages
from catalogue.report import charts, files
from catalogue.report.making import FIRST_YEAR, make_report
from catalogue.report.model import Linked, Report, Share, Table
from catalogue.service import Catalogue
from catalogue.values import Said
from catalogue.web import addresses
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.session import require
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.render import STATIC, environment, html

_STYLES = ("style.css", "report.css")


@dataclass(frozen=True)
class CellView:
    """A cell as a page prints it. ``sort``: number, mark (of a hidden number), text or records."""

    sort: str
    text: str
    lang: str = ""
    records: tuple[tuple[str, Said], ...] = ()


@dataclass(frozen=True)
class RowView:
    """A row: its label and its cells."""

    label: Said
    cells: tuple[CellView, ...]
    is_total: bool


@dataclass(frozen=True)
class TableView:
    """A table with its drawings. ``csv``: where it is as a file; ``more``: rows that only the file has."""

    table: Table
    rows: tuple[RowView, ...]
    numbers: tuple[bool, ...]  # which columns are numbers
    charts: tuple[Markup, ...]
    csv: str
    more: int


@dataclass(frozen=True)
class SectionView:
    """A section of the report."""

    id: str
    title: str
    texts: tuple[str, ...]
    tables: tuple[TableView, ...]


@dataclass(frozen=True)
class ReportPage:
    """The report of a year. ``years``: others, with their addresses."""

    frame: Frame
    desk: Desk
    report: Report
    made: str
    sections: tuple[SectionView, ...]
    years: tuple[tuple[int, str, bool], ...]
    all: str


def newest(request: Request) -> Response:
    """Lead to the report of this year."""
    require(request, "advisor")
    catalogue: Catalogue = request.app.state.catalogue
    return RedirectResponse(_address(language_of(request), catalogue.now().year), 303)


def year(request: Request) -> Response:
    """Show the report of a year. Raises NotFound for one that cannot be told."""
    account = require(request, "advisor")
    catalogue: Catalogue = request.app.state.catalogue
    lang, report = language_of(request), _report(request)
    here, this = _address(lang, report.year), catalogue.now().year
    page = ReportPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        report=report,
        made=languages()[lang].day(report.made),
        sections=sections(report, here),
        years=tuple((each, _address(lang, each), each == report.year) for each in _years(catalogue, this, report.year)),
        all=f"{here}/tables.zip",
    )
    return html("desk_report.html", page, lang)


def table(request: Request) -> Response:
    """Return a table of the report as a CSV file. Raises NotFound."""
    require(request, "advisor")
    report, id = _report(request), request.path_params["table"]
    found = next((each for each in report.tables if each.id == id), None)
    if found is None:
        raise NotFound
    return _download(files.csv(found), f"{report.year}-{found.id}.csv", "text/csv")


def tables(request: Request) -> Response:
    """Return all tables of the report in one archive."""
    require(request, "advisor")
    report, packed = _report(request), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in report.tables:
            archive.writestr(f"{report.year}-{each.id}.csv", files.csv(each))
    return _download(packed.getvalue(), f"{report.year}.zip", "application/zip")


def document(catalogue: Catalogue, report: Report) -> str:
    """Return the report as one HTML file that needs nothing else, for an e-mail or an archive."""
    styles = "\n".join((STATIC / name).read_text(encoding="utf-8") for name in _STYLES)
    made = environment(report.lang).get_template("report_file.html")
    shown = sections(report, "", catalogue.settings.address)
    return made.render(report=report, sections=shown, styles=Markup(styles), made=_day(report))  # noqa: S704 - our own file


def sections(report: Report, here: str, site: str = "") -> tuple[SectionView, ...]:
    """Return what is printed of a report. ``here``: where its files are; ``site``: what stands before addresses."""
    return tuple(
        SectionView(
            section.id, section.title, section.texts, tuple(_table(report, t, here, site) for t in section.tables)
        )
        for section in report.sections
    )


def _table(report: Report, table: Table, here: str, site: str) -> TableView:
    language = languages()[report.lang]
    rows = tuple(
        RowView(row.label, tuple(_cell(report.lang, cell, site) for cell in row.cells), row.is_total)
        for row in table.on_paper
    )
    drawn = (charts.draw(table, number, language) for number in range(len(table.charts)))
    return TableView(
        table=table,
        rows=rows,
        numbers=tuple(
            all(row.cells[at].sort in ("number", "mark") for row in rows) for at in range(len(table.head) - 1)
        ),
        charts=tuple(chart for chart in drawn if chart),
        csv=f"{here}/{table.id}.csv" if here else "",
        more=len(table.rows) - len(rows),
    )


def _cell(lang: str, cell: object, site: str) -> CellView:
    if isinstance(cell, Share):
        return CellView("number", f"{languages()[lang].number(cell.percent)}\N{NO-BREAK SPACE}%")
    if isinstance(cell, int):
        return CellView("number", languages()[lang].number(cell))
    if isinstance(cell, Linked):
        return CellView(
            "records", "", "", tuple((site + addresses.record(lang, id), said) for id, said in cell.records)
        )
    if isinstance(cell, Said):
        return CellView("text", cell.text, cell.lang)
    return CellView("mark", str(cell or ""))


def _report(request: Request) -> Report:
    asked: int = request.path_params["year"]
    catalogue: Catalogue = request.app.state.catalogue
    if not FIRST_YEAR <= asked <= catalogue.now().year:
        raise NotFound
    return make_report(catalogue, asked, language_of(request))


def _years(catalogue: Catalogue, this: int, shown: int) -> list[int]:
    """Return the years of which something is known, the newest first."""
    counted = {int(month[:4]) for month, *_ in catalogue.state.sums()}
    return sorted({*counted, this, shown} & {*range(FIRST_YEAR, this + 1)}, reverse=True)


def _day(report: Report) -> str:
    return languages()[report.lang].day(report.made)


def _address(lang: str, year: int) -> str:
    return addresses.desk(lang, f"report/{year}")


def _download(data: bytes, name: str, kind: str) -> Response:
    return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
