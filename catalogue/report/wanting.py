"""Whose documents there are and who is shown first; what was looked for in vain; what was reported and mended."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict

from catalogue.counters import COUNTERS, DIMENSIONS
from catalogue.errors import N_
from catalogue.query import Query
from catalogue.report.disclosure import SMALL
from catalogue.report.model import Cell, Chart, Linked, Row, Section, share
from catalogue.report.setting import Setting, row
from catalogue.report.sums import Sums
from catalogue.report.use import TOTAL
from catalogue.resource import Resource
from catalogue.state import ProblemReport, ZeroResult
from catalogue.values import UNDETERMINED, Said

ON_PAGE = 20
MOST_QUERIES = 100
_LOOKED_AT = 100  # records that answer such a query, for the new ones among them
_NAMED = 3

REASONS = {
    "link": N_("the link does not work"),
    "outdated": N_("the content is out of date"),
    "mistake": N_("there is a mistake"),
    "shelf": N_("it is not at its place"),
}


def partners(setting: Setting, sums: Sums) -> Section:
    """Return each organisation's share in the collection and among the first ten results of the searches."""
    counted = Counter(record.publisher for record in setting.records)
    whole, listed = len(setting.records), sums.told("listed")
    rows = []
    shown = {id: sums.told("listed", publisher=id) for id in {*counted, *sums.values("listed", "publisher")}}
    for id in sorted(shown, key=lambda id: (not id, -counted[id], -_known(shown[id]), id)):
        first = shown[id]
        cells = (counted[id], share(counted[id], whole), first, share(first, listed))
        rows.append(row(id or "none", setting.name("publishers", id, N_("no organisation named")), *cells))
    rows.append(row("total", setting.said(TOTAL), whole, share(whole, whole), listed, None, is_total=True))
    head = (
        DIMENSIONS["publisher"],
        N_("Documents"),
        N_("Share in the collection"),
        COUNTERS["listed"].label,
        N_("Share among the first ten"),
    )
    notes = (
        N_("For each search the organisations of its first ten results are counted, not the search itself."),
        N_("Searches for the documents of one organisation are left out: there the visitor chose, not the order."),
    )
    charts = (Chart("grouped", (1, 3), rows=12),)
    title = N_("Organisations in the collection and among the first ten results")
    table = setting.table("partners", title, head, rows, notes=notes, charts=charts, on_page=ON_PAGE)
    return Section("partners", setting.say(N_("Partners")), (), (table,))


def wanting(setting: Setting) -> Section:
    """Return what was searched for in vain, and which documents that answer it came since."""
    found = setting.catalogue.state.zero_results(year=setting.year)[:MOST_QUERIES]
    rows = [_asked(setting, result) for result in found]
    head = (
        N_("Words searched for"),
        N_("Days"),
        N_("Times"),
        N_("Documents found today"),
        N_("Acquired since"),
        N_("such as"),
    )
    notes = (
        N_("Words with a digit or an “@” are never kept; others show once searched for on three different days."),
        N_("Acquired since: added after the week in which the words were last searched in vain."),
    )
    title = N_("Searched in vain on three days or more")
    table = setting.table("no-results", title, head, rows, notes=notes, on_page=2 * ON_PAGE)
    return Section("wanting", setting.say(N_("What was missing, and what came since")), (), (table,))


def mended(setting: Setting) -> Section:
    """Return the problems that visitors reported, and on how many documents they are mended."""
    state = setting.catalogue.state
    reports = state.problem_reports(setting.year)
    done = _mended(setting, state.problem_reports())
    by_reason: dict[str, list[ProblemReport]] = defaultdict(list)
    for report in reports:
        by_reason[report.reason].append(report)
    rows = [_problems(setting, id, setting.said(name), by_reason[id], done) for id, name in REASONS.items()]
    total = _problems(setting, "total", setting.said(TOTAL), reports, done)
    rows.append(Row(total.id, total.label, total.cells, is_total=True))
    head = (N_("Problem"), N_("Reports"), N_("Documents"), N_("of which mended"))
    notes = (
        N_("Mended: changed on the day of the last report or later, put aside as handled, or no longer there."),
        N_("Reports are about documents, so that small numbers are told."),
    )
    table = setting.table("problems", N_("Problems that visitors reported"), head, rows, notes=notes)
    return Section("problems", setting.say(N_("Problems reported and mended")), (), (table,))


def _known(told: Cell) -> int:
    """Return a count by which rows may be ordered: of a hidden one nothing is to be told by its place."""
    return told if isinstance(told, int) else 0


def _asked(setting: Setting, result: ZeroResult) -> Row:
    catalogue = setting.catalogue
    # Not ``search``: nobody wants to know what else may have been meant, and that takes the longest.
    _, found = catalogue.answer(catalogue.plan(Query(text=result.query, per_page=_LOOKED_AT), setting.lang))
    records = (record for hit in found.hits if (record := catalogue.contents.records.get(hit.id)))
    year, week = map(int, result.last_week.split("-W"))
    since = datetime.date.fromisocalendar(year, week, 7)
    fresh = [record for record in records if record.added and record.added > since]
    times: Cell = SMALL if result.count is None else result.count
    named = Linked(tuple((record.id, record.title.best(setting.lang)) for record in fresh[:_NAMED]))
    cells = (result.days, times, found.total, len(fresh), named)
    return row(result.query, Said(result.query, UNDETERMINED), *cells)


def _problems(setting: Setting, id: str, label: Said, reports: list[ProblemReport], done: set[str]) -> Row:
    records = {report.record_id for report in reports}
    return row(id, label, sum(report.count for report in reports), len(records), len(records & done))


def _mended(setting: Setting, reports: list[ProblemReport]) -> set[str]:
    """Return the ids of the records with nothing left to mend."""
    catalogue = setting.catalogue
    aside = catalogue.state.dismissals.all().get("reports", {})
    handled = {item.id for item in catalogue.todo.reported(reports) if item.key in aside}
    last: dict[str, datetime.date] = {}
    for report in reports:
        last[report.record_id] = max(report.last_day, last.get(report.record_id, report.last_day))
    now = catalogue.contents.redirects
    return {id for id, day in last.items() if now.get(id, id) in handled or _is_changed(setting, now.get(id, id), day)}


def _is_changed(setting: Setting, id: str, day: datetime.date) -> bool:
    record: Resource | None = setting.catalogue.contents.records.get(id)
    if record is None or not record.is_public:
        return True
    history = setting.catalogue.state.history
    versions = (version for path in history.named("records", id) for version in history.of(path))
    return any(version.at.date() >= day for version in versions if version.kind != "start")


def unknown(setting: Setting) -> Section:
    """Return what a report can never tell, because nobody is followed."""
    texts = (
        N_("How many different people came. Nobody is recognised: who comes back tomorrow counts like someone new."),
        N_(
            "Which ways visitors take through the site, how long they stay, what they opened after what. "
            "No visit has a number, and nothing is kept together that one person did."
        ),
        N_("Age, sex, origin or any other thing about a person. Nobody is asked, nothing is guessed."),
        N_(
            "A page that was loaded twice counts twice; who changes its language or opens a second tab counts again. "
            "Robots and checks of the site are among the sums where they ask like a browser."
        ),
        N_("Prints, lists begun and reading help are counted where the browser runs script; who came and asked an "
           "advisor is counted nowhere."),
    )  # fmt: skip
    return Section("unknown", setting.say(N_("What cannot be known")), tuple(map(setting.say, texts)))
