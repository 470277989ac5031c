"""``/desk/{lang}/series/``: the series, and the table in which one is renewed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue import pasted, renewal
from catalogue.errors import N_, NotFound, Translate
from catalogue.folding import collation_key
from catalogue.i18n import languages
from catalogue.renewal import Renewed, Row
from catalogue.resource import FIELDS, Resource
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.values import Said
from catalogue.web import addresses
from catalogue.web.desk import boxes, words
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.session import require
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.render import html

STOPPED = N_("Stopped by its publisher, noted on %(day)s.")
_HOLDING_LABELS = {"url": N_("Link"), "copies": N_("Copies"), "file": N_("File"), "year": N_("Year")}
_NEW = {"url": N_("New link"), "file": N_("New file")}
_STATUSES = {"draft": N_("draft"), "published": N_("published"), "withdrawn": N_("withdrawn")}


@dataclass(frozen=True)
class SeriesLine:
    """One series. ``behind``: records older than its newest edition (``last``, 0: not known)."""

    href: str
    name: Said
    publishers: tuple[Said, ...]
    count: int
    last: int
    behind: int
    retired: bool


@dataclass(frozen=True)
class AllSeriesPage:
    """Every series."""

    frame: Frame
    desk: Desk
    series: tuple[SeriesLine, ...]
    words: str


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
class ChangeView:
    """What changes in one record."""

    title: Said
    fate: str
    changes: tuple[tuple[str, str, str], ...]  # label, before, after


@dataclass(frozen=True)
class RenewPage:
    """What would change, before it does. ``hidden``: the form as it was filled in."""

    frame: Frame
    desk: Desk
    name: Said
    here: str
    changes: tuple[ChangeView, ...]
    missing: tuple[Said, ...]
    hidden: tuple[tuple[str, str], ...]
    changed: bool  # somebody else changed one of them since this was shown


def every(request: Request) -> Response:
    """Show the series, those with most to do first."""
    account = require(request, "documentalist")
    lang, contents = language_of(request), words.contents_of(request)
    vocabularies, lines = contents.frame.vocabularies, []
    for term in vocabularies.terms.get("series", {}).values():
        records = renewal.members(contents, term.id)
        publishers = dict.fromkeys(record.publisher for record in records if record.publisher)
        lines.append(
            SeriesLine(
                href=address(lang, term.id),
                name=term.labels.best(lang),
                publishers=tuple(vocabularies.label("publishers", id, lang) for id in publishers),
                count=len(records),
                last=renewal.last_year(records),
                behind=len(renewal.behind(records)),
                retired=term.retired,
            )
        )
    lines.sort(key=lambda line: (line.retired, -line.behind, collation_key(line.name.text)))
    page = AllSeriesPage(make_frame(request), make_desk(request, account), tuple(lines), words.address(lang, "series"))
    return html("desk_all_series.html", page, lang)


def show(request: Request, account: Account) -> Response:
    """Show the table of a series."""
    return _table(request, account, {}, "")


def take(request: Request, account: Account, form: FormData) -> Response:
    """Fill the table from pasted lines, show what would change, or do it."""
    asked = _Asked(request, form)
    do = form.get("do", "preview")
    if do == "paste":
        text = str(form.get("text", ""))
        found = pasted.read(text, asked.records, asked.rows)
        unread = "" if all(line.id for line in found.lines) else text
        return _table(request, account, found.rows, asked.edition, lines=found.lines, text=unread)
    if do == "all":
        rows = {r.id: Row(r.id, asked.row(r.id).fate or "received", asked.row(r.id).values) for r in asked.records}
        return _table(request, account, rows, asked.edition)
    if do == "back":
        return _table(request, account, asked.rows, asked.edition)
    with asked.catalogue.writer.turn():
        renewed = asked.renewed()
        wrong = {one.row.id: one.problems[0].text(asked.gettext) for one in renewed if one.problems}
        if wrong:
            return _table(request, account, asked.rows, asked.edition, wrong=wrong)
        changed = [one for one in renewed if one.shifts]
        missing = [one.row.id for one in renewed if one.row.fate == "missing"]
        if not changed and not missing:
            nothing = asked.gettext(N_("Nothing would change: say what was received, stopped or is missing."))
            return _table(request, account, asked.rows, asked.edition, problem=nothing)
        seen = {one.row.id: asked.catalogue.version(one.row.id).digest for one in changed}
        if do != "apply" or any(form.get(f"seen:{id}") != digest for id, digest in seen.items()):
            return _preview(request, account, asked, renewed, seen, changed_since=do == "apply")
        action = asked.catalogue.save_all(
            [one.after for one in changed], account=account.name, kind="renew", label=asked.name.text
        )
    params = [("done", str(action)), *(("missing", id) for id in missing)]
    return RedirectResponse(f"{asked.here}?{urlencode(params)}", 303)


def address(lang: str, series: str, part: str = "") -> str:
    """Return the page of a series."""
    return addresses.desk(lang, f"series/{series}{'/' if part else ''}{part}")


class _Asked:
    """What a form of the table asks for."""

    def __init__(self, request: Request, form: FormData | None = None) -> None:
        self.catalogue: Catalogue = request.app.state.catalogue
        self.lang, self.series = language_of(request), request.path_params["series"]
        self.gettext: Translate = languages()[self.lang].gettext
        term = self.catalogue.contents.frame.vocabularies.terms.get("series", {}).get(self.series)
        if term is None:
            raise NotFound
        self.name, self.here = term.labels.best(self.lang), address(self.lang, self.series)
        self.records = renewal.members(self.catalogue.contents, self.series)
        self.records.sort(key=lambda record: collation_key(record.title.best(self.lang).text))
        texts = boxes.texts(form) if form else {}
        self.edition = texts.get("edition", "")
        self.rows = {record.id: _row(record, texts) for record in self.records} if form else {}

    def row(self, id: str) -> Row:
        return self.rows.get(id, Row(id))

    def renewed(self) -> list[Renewed]:
        """Return what the rows make of the records; those of which nothing is asked too."""
        today = self.catalogue.now().date()
        note = self.gettext(STOPPED) % {"day": languages()[self.lang].day(today)}
        terms, root = self.catalogue.contents.frame.vocabularies, self.catalogue.settings.resources
        return [
            renewal.renew(record, self.row(record.id), self.edition, today, note, terms, root)
            for record in self.records
        ]


def _row(record: Resource, texts: Mapping[str, str]) -> Row:
    names = [*renewal.held(record), "new.url", "new.file"]
    values = {name: texts.get(f"{name}:{record.id}", "") for name in names}
    fate = texts.get(f"fate:{record.id}", "")
    return Row(
        record.id, fate if fate in renewal.FATES else "", {name: value for name, value in values.items() if value}
    )


# --- showing ---------------------------------------------------------------------------------------------------------


def _table(
    request: Request,
    account: Account,
    rows: Mapping[str, Row],
    edition: str,
    lines: tuple[pasted.Line, ...] = (),
    text: str = "",
    wrong: Mapping[str, str] | None = None,
    problem: str = "",
) -> Response:
    asked, wrong = _Asked(request), wrong or {}
    titles = {record.id: record.title.best(asked.lang).text for record in asked.records}
    last = renewal.last_year(asked.records)
    late = {record.id for record in renewal.behind(asked.records)}
    today = asked.catalogue.now().date()
    missing = [id for id in request.query_params.getlist("missing") if id in titles]
    page = SeriesPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        name=asked.name,
        back=addresses.desk(asked.lang, "series/"),
        here=asked.here,
        edition=edition or (str(max(last + 1, today.year)) if last and not rows else ""),
        rows=tuple(
            _row_view(asked, record, rows.get(record.id), record.id in late, wrong.get(record.id, ""))
            for record in asked.records
        ),
        fates=tuple((fate, asked.gettext(label)) for fate, label in renewal.FATES.items()),
        behind=len(late),
        last=last,
        text=text,
        lines=tuple(LineView(one.number, one.text, titles.get(one.id, ""), one.near) for one in lines),
        lost=sum(not line.id for line in lines),
        problem=problem
        or (asked.gettext(N_("Some rows need your attention. Nothing was saved yet.")) if wrong else ""),
        labels=addresses.desk(asked.lang, f"labels?series={asked.series}"),
        claim=address(asked.lang, asked.series, "claim") + ("?" + urlencode({"id": missing}, True) if missing else ""),
        done=words.done(request) if request.method != "POST" else "",
        renewed=addresses.desk(asked.lang, f"labels?series={asked.series}&since={today}"),
    )
    return html("desk_series.html", page, asked.lang, 422 if page.problem else 200)


def _row_view(asked: _Asked, record: Resource, row: Row | None, late: bool, problem: str) -> RowView:
    now, _ = renewal.held(record), asked.gettext
    typed = now | dict(row.values) if row else now
    cells = [
        _cell(record, name, _, now, typed)
        for name in (*now, "new.url", "new.file")
        if name != "year" and _wanted(name, now)
    ]
    language = languages()[asked.lang]
    return RowView(
        id=record.id,
        href=addresses.desk(asked.lang, f"records/{record.id}"),
        title=record.title.best(asked.lang),
        status="" if record.is_public else _(_STATUSES[record.status]),
        year=Cell(f"year:{record.id}", _(N_("Year")), now["year"], row.values.get("year", "") if row else "", True),
        marks=tuple(holding.shelf for holding in record.holdings if holding.shelf),
        cells=tuple(cells),
        checked=language.day(record.checked) if record.checked else "",
        fate=row.fate if row else "",
        behind=late,
        problem=problem,
        touched=bool(row and (row.fate or renewal.changed(record, row))),
    )


def _wanted(name: str, now: Mapping[str, str]) -> bool:
    """Tell whether a value stands in the table: a new link or file only where the record has none."""
    return not name.startswith("new.") or not any(other.endswith(name[3:]) for other in now)


def _cell(record: Resource, name: str, _: Translate, now: Mapping[str, str], typed: Mapping[str, str]) -> Cell:
    place, _point, key = name.rpartition(".")
    holding = record.holdings[int(place)] if place.isdigit() else None
    label = (
        f"{_(_HOLDING_LABELS[key])} {holding.shelf or holding.language.upper()}".strip() if holding else _(_NEW[key])
    )
    return Cell(f"{name}:{record.id}", label, now.get(name, ""), typed.get(name, ""), key == "copies")


def _preview(
    request: Request,
    account: Account,
    asked: _Asked,
    renewed: list[Renewed],
    seen: Mapping[str, str],
    changed_since: bool,
) -> Response:
    _ = asked.gettext
    shown = tuple(
        ChangeView(
            one.before.title.best(asked.lang),
            _(renewal.FATES[one.row.fate]),
            tuple(
                (_shift_label(s, _), _said(s.field, s.before, asked), _said(s.field, s.after, asked))
                for s in one.shifts
            ),
        )
        for one in renewed
        if one.shifts
    )
    hidden = [("edition", asked.edition)]
    for row in asked.rows.values():
        hidden += [(f"fate:{row.id}", row.fate)] if row.fate else []
        hidden += [(f"{name}:{row.id}", value) for name, value in row.values.items()]
    hidden += [(f"seen:{id}", digest) for id, digest in seen.items()]
    page = RenewPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        name=asked.name,
        here=asked.here,
        changes=shown,
        missing=tuple(one.before.title.best(asked.lang) for one in renewed if one.row.fate == "missing"),
        hidden=tuple(hidden),
        changed=changed_since,
    )
    return html("desk_renew.html", page, asked.lang, 409 if changed_since else 200)


def _shift_label(shift: renewal.Shift, _: Translate) -> str:
    label = _HOLDING_LABELS.get(shift.field) or FIELDS[shift.field].label
    return f"{_(label)} {shift.where}".strip()


def _said(field: str, value: str, asked: _Asked) -> str:
    if field in ("checked", "review_by") and value:
        return languages()[asked.lang].day(datetime.date.fromisoformat(value))
    if field == "status":
        return asked.gettext(_STATUSES[value])
    if field == "series":
        return asked.catalogue.contents.frame.vocabularies.label("series", value, asked.lang).text if value else ""
    return value
