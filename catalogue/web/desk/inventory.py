"""``/desk/{lang}/records``: all records, whatever their status, searched by staff; where a change of many begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from catalogue.custody import tied_to
from catalogue.errors import N_, Severity
from catalogue.exchange.registry import FORMATS
from catalogue.fields import STATUSES, THEMES, WORD_NAMES
from catalogue.folding import collation_key
from catalogue.inventory import PER_PAGE, SORT_NAMES, Wanted
from catalogue.network import EVERY, SHARED
from catalogue.resource import Resource
from catalogue.state import Account
from catalogue.values import CENTRE_LANGUAGES, Said
from catalogue.web import addresses
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.paging import Page
from catalogue.web.desk.revisions import record_id
from catalogue.web.desk.session import require
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.present import CENTRE_VALUES, Presenter
from catalogue.web.render import html

MISSING_NAMES = {"fr": N_("No French text yet"), "nl": N_("No Dutch text yet")}
REVIEW_NAMES = {"passed": N_("To check again: date passed")}


@dataclass(frozen=True)
class Option:
    """A value one can choose."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class Filter:
    """A list to choose one value from."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Row:
    """A record in the list. ``titles``: in each language of the centre, empty where it is missing."""

    id: str
    titles: tuple[Said, ...]
    kind: str
    kind_label: Said
    status: str
    status_label: str
    marks: tuple[str, ...]
    publisher: Said
    centre: str  # whose it is, in a network of centres; empty where it is of one's own
    added: str
    checked: str
    edit: str
    history: str
    public: str  # empty where visitors do not see it


@dataclass(frozen=True)
class RecordsPage:
    """What was found, a page of it. ``found``: the search as parameters, for what is done with all of it.

    ``faulty``: what is wrong in files that are therefore left out, with the page of their history.
    """

    frame: Frame
    desk: Desk
    q: str
    filters: tuple[Filter, ...]
    narrowed: bool
    total: int
    every: int
    faulty: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    page: int
    pages: int
    previous: str
    next: str
    clear: str
    found: str
    bulk: str
    labels: str
    export: str
    formats: tuple[tuple[str, str], ...]
    none: bool  # a change of many was asked for, and no record was chosen


def records(request: Request) -> Response:
    """Show the records that were searched for."""
    account = require(request, "documentalist")
    presenter = Presenter(request.app.state.catalogue, language_of(request))
    catalogue, wanted = presenter.catalogue, wanted_by(account, presenter, dict(request.query_params))
    found = catalogue.inventory.find(catalogue.contents, wanted, catalogue.now().date())
    shown = Page.of(found, wanted.page, PER_PAGE)
    here = addresses.desk(presenter.lang, "records")
    page = RecordsPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        q=wanted.q,
        filters=tuple(_filters(presenter, wanted)),
        narrowed=wanted.narrowed,
        total=len(found),
        every=len(catalogue.contents.records),
        faulty=tuple(_faulty(presenter)),
        rows=tuple(row(presenter, record, tied_to(account, presenter.vocabularies)) for record in shown.items),
        page=shown.number,
        pages=shown.count,
        previous=here + wanted.to_query_string(page=shown.earlier) if shown.earlier else "",
        next=here + wanted.to_query_string(page=shown.later) if shown.later else "",
        clear=here,
        found=wanted.to_query_string(),
        bulk=addresses.desk(presenter.lang, "bulk"),
        labels=addresses.desk(presenter.lang, "labels"),
        export=addresses.desk(presenter.lang, "export"),
        formats=tuple((f.name, presenter._(f.label)) for f in FORMATS.values() if f.write),
        none="none" in request.query_params,
    )
    return html("desk_records.html", page, presenter.lang)


def wanted_by(account: Account, presenter: Presenter, params: Mapping[str, str]) -> Wanted:
    """Return what is looked for: unless a centre is chosen, who writes the records of one sees these first."""
    wanted, tied = Wanted.from_params(params), tied_to(account, presenter.vocabularies)
    if not presenter.vocabularies.centres:
        return replace(wanted, centre="")
    if not tied or wanted.centre:
        return wanted
    return replace(wanted, centre=EVERY if "centre" in params else tied)


def row(presenter: Presenter, record: Resource, own: str = "") -> Row:
    """Return a record as staff see it in a list; ``own``: the centre whose records need not say so."""
    lang, language = presenter.lang, presenter.language
    codes = sorted(CENTRE_LANGUAGES, key=lambda code: code != lang)
    titles = [Said(record.title.get(code, ""), code) for code in codes]
    held = record.centre != own and record.centre in presenter.vocabularies.centres
    return Row(
        id=record.id,
        titles=tuple(titles) if any(titles) else (record.title.best(lang),),
        kind=record.kind,
        kind_label=presenter.label("kinds", record.kind),
        status=record.status,
        status_label=presenter._(WORD_NAMES[record.status]),
        marks=tuple(dict.fromkeys(holding.shelf for holding in record.holdings if holding.shelf)),
        publisher=presenter.label("publishers", record.publisher) if record.publisher else Said("", lang),
        centre=presenter.label("centres", record.centre).text if held else "",
        added=language.day(record.added) if record.added else "",
        checked=language.day(record.checked) if record.checked else "",
        edit=addresses.desk(lang, f"records/{record.id}"),
        history=addresses.desk(lang, f"records/{record.id}/history"),
        public=addresses.record(lang, record.id) if record.is_public else "",
    )


def _faulty(presenter: Presenter) -> Iterable[tuple[str, str]]:
    catalogue = presenter.catalogue
    root = catalogue.settings.resources
    for problem in catalogue.contents.faults(Severity.ERROR):
        if problem.path.is_relative_to(root / "records"):
            id = record_id(problem.path.relative_to(root).as_posix())
            page = addresses.desk(presenter.lang, f"records/{id}/history") if id else ""
            yield problem.render(presenter._, root), page


def _filters(presenter: Presenter, wanted: Wanted) -> Iterable[Filter]:
    _ = presenter._
    names = {status: _(WORD_NAMES[status]) for status in STATUSES}
    themes = {id: presenter.label("themes", id).text for id in THEMES}
    yield _filter("status", _(N_("Status")), names, wanted)
    yield _filter("kind", _(N_("Kind of document")), _terms(presenter, "kinds", _uses(presenter, "kind")), wanted)
    yield _filter("theme", _(N_("Theme")), themes, wanted)
    organisations = _terms(presenter, "publishers", _uses(presenter, "publisher"))
    yield _filter("publisher", _(N_("Organisation")), organisations, wanted)
    yield _filter("series", _(N_("Series")), _terms(presenter, "series", _uses(presenter, "series")), wanted)
    spoken = _terms(presenter, "languages", _uses(presenter, "document_languages"))
    yield _filter("language", _(N_("Language of the document")), spoken, wanted)
    absent = {lang: _(name) for lang, name in MISSING_NAMES.items()}
    yield _filter("missing", _(N_("To translate")), absent, wanted)
    yield _filter("review", _(N_("Review")), {id: _(name) for id, name in REVIEW_NAMES.items()}, wanted)
    if presenter.vocabularies.centres:
        held = {id: presenter.label("centres", id).text for id in presenter.vocabularies.centres}
        yield _filter("centre", _(N_("Centre")), {**held, SHARED: _(CENTRE_VALUES[SHARED])}, wanted)
    yield _filter("sort", _(N_("Order")), {id: _(name) for id, name in SORT_NAMES.items()}, wanted)


def _filter(name: str, label: str, values: dict[str, str], wanted: Wanted) -> Filter:
    chosen = getattr(wanted, name)
    return Filter(name, label, tuple(Option(value, text, value == chosen) for value, text in values.items()))


def _uses(presenter: Presenter, field: str) -> Iterable[str]:
    """Return the values of a field that records have."""
    uses: Counter[str] = Counter()
    for record in presenter.catalogue.contents.records.values():
        value = getattr(record, field)
        uses.update(value if isinstance(value, tuple) else (value,))
    return [value for value in uses if value]


def _terms(presenter: Presenter, vocabulary: str, ids: Iterable[str]) -> dict[str, str]:
    labels = {id: presenter.label(vocabulary, id).text for id in ids}
    return dict(sorted(labels.items(), key=lambda item: collation_key(item[1])))
