"""The table in which a series is renewed, as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.responses import Response

from catalogue import pasted, renewal
from catalogue.errors import N_, Translate
from catalogue.i18n import languages
from catalogue.renewal import Row
from catalogue.resource import Resource
from catalogue.values import Said
from catalogue.web import addresses
from catalogue.web.desk import words
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.series_asked import HOLDING_LABELS, STATUSES, Asked, address
from catalogue.web.frame import Frame, make_frame
from catalogue.web.render import html

_NEW = {"url": N_("New link"), "file": N_("New file")}


@dataclass(frozen=True)
class Cell:
    """One value of a row: its name in the form, what it is, what the record has, what is typed."""

    name: str
    label: str
    now: str
    value: str
    numeric: bool


@dataclass(frozen=True)
class RowView:
    """One record of a series in the table."""

    id: str
    href: str
    title: Said
    status: str
    year: Cell
    marks: tuple[str, ...]
    cells: tuple[Cell, ...]
    checked: str
    fate: str
    behind: bool
    problem: str
    touched: bool


@dataclass(frozen=True)
class LineView:
    """One pasted line, and the title of the record it was taken for."""

    number: int
    text: str
    title: str
    near: bool


@dataclass(frozen=True)
class SeriesPage:
    """The table of one series. ``problem``: why nothing was saved; ``lines``: what was pasted a moment ago."""

    frame: Frame
    desk: Desk
    name: Said
    back: str
    here: str
    edition: str
    rows: tuple[RowView, ...]
    fates: tuple[tuple[str, str], ...]
    behind: int
    last: int
    text: str
    lines: tuple[LineView, ...]
    lost: int
    problem: str
    labels: str
    claim: str
    done: str
    renewed: str


@dataclass(frozen=True)
class Filling:
    """What a table is filled with: rows by record, the new edition, pasted lines and their text, what is wrong."""

    rows: Mapping[str, Row] = field(default_factory=dict)
    edition: str = ""
    lines: tuple[pasted.Line, ...] = ()
    text: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


def table(asked: Asked, filled: Filling) -> Response:
    """Show the table of a series."""
    titles = {record.id: record.title.best(asked.lang).text for record in asked.records}
    late = {record.id for record in renewal.behind(asked.records)}
    labels = addresses.desk(asked.lang, f"labels?series={asked.series}")
    attention = asked.gettext(N_("Some rows need your attention. Nothing was saved yet.")) if filled.wrong else ""
    page = SeriesPage(
        frame=make_frame(asked.request),
        desk=make_desk(asked.request, asked.account),
        name=asked.name,
        back=addresses.desk(asked.lang, "series/"),
        here=asked.here,
        edition=filled.edition or _next_edition(asked, filled),
        rows=tuple(_row_view(asked, record, filled, record.id in late) for record in asked.records),
        fates=tuple((fate, asked.gettext(label)) for fate, label in renewal.FATES.items()),
        behind=len(late),
        last=renewal.last_year(asked.records),
        text=filled.text,
        lines=tuple(LineView(one.number, one.text, titles.get(one.id, ""), one.near) for one in filled.lines),
        lost=sum(not line.id for line in filled.lines),
        problem=filled.problem or attention,
        labels=labels,
        claim=_claim(asked, titles),
        done=words.done(asked.request) if asked.request.method != "POST" else "",
        renewed=f"{labels}&since={asked.catalogue.now().date()}",
    )
    return html("desk_series.html", page, asked.lang, 422 if page.problem else 200)


def _next_edition(asked: Asked, filled: Filling) -> str:
    """Return the year that is likely the new edition's; nothing where the rows were filled in without one."""
    last = renewal.last_year(asked.records)
    return str(max(last + 1, asked.catalogue.now().year)) if last and not filled.rows else ""


def _claim(asked: Asked, known: Mapping[str, str]) -> str:
    """Return the page of the letter, about the records that were just said to be missing."""
    missing = [id for id in asked.request.query_params.getlist("missing") if id in known]
    return address(asked.lang, asked.series, "claim") + (f"?{urlencode({'id': missing}, True)}" if missing else "")


def _row_view(asked: Asked, record: Resource, filled: Filling, late: bool) -> RowView:
    now, _, row = renewal.held(record), asked.gettext, filled.rows.get(record.id)
    typed = now | dict(row.values) if row else now
    names = [name for name in (*now, "new.url", "new.file") if name != "year" and _wanted(name, now)]
    return RowView(
        id=record.id,
        href=addresses.desk(asked.lang, f"records/{record.id}"),
        title=record.title.best(asked.lang),
        status="" if record.is_public else _(STATUSES[record.status]),
        year=Cell(f"year:{record.id}", _(N_("Year")), now["year"], row.values.get("year", "") if row else "", True),
        marks=tuple(holding.shelf for holding in record.holdings if holding.shelf),
        cells=tuple(_cell(record, name, _, now, typed) for name in names),
        checked=languages()[asked.lang].day(record.checked) if record.checked else "",
        fate=row.fate if row else "",
        behind=late,
        problem=filled.wrong.get(record.id, ""),
        touched=bool(row and (row.fate or renewal.changed(record, row))),
    )


def _wanted(name: str, now: Mapping[str, str]) -> bool:
    """Tell whether a value stands in the table: a new link or file only where the record has none."""
    return not name.startswith("new.") or not any(other.endswith(name[3:]) for other in now)


def _cell(record: Resource, name: str, _: Translate, now: Mapping[str, str], typed: Mapping[str, str]) -> Cell:
    place, _point, key = name.rpartition(".")
    holding = record.holdings[int(place)] if place.isdigit() else None
    label = f"{_(HOLDING_LABELS[key])} {holding.shelf or holding.language.upper()}".strip() if holding else _(_NEW[key])
    return Cell(f"{name}:{record.id}", label, now.get(name, ""), typed.get(name, ""), key == "copies")
