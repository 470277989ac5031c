"""``/desk/{lang}/harvest/``: the catalogues that records are taken over from, what came of it, what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue.errors import N_, BadInput
from catalogue.exchange.sources import FILE, HarvestSource
from catalogue.harvest.runs import DONE, RUNNING, STOPPED, Harvests
from catalogue.harvest.taking import FATES
from catalogue.state import Account, Job
from catalogue.values import UNDETERMINED, Said
from catalogue.web import addresses
from catalogue.web.desk.boxes import texts
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.present import Presenter
from catalogue.web.render import html

STATES = {RUNNING: N_("Under way"), STOPPED: N_("Cut short: it goes on the next time"), DONE: N_("Complete")}
NOTES_SHOWN = 50


@dataclass(frozen=True)
class NoteView:
    """What is to be told of one record: how the source names it, our record where it is there, the sentence."""

    identifier: str
    title: Said
    href: str
    text: str


@dataclass(frozen=True)
class SourceView:
    """A source: what it is, how its last run went. ``problem``: what stopped that; ``more``: notes not shown."""

    id: str
    mark: str
    url: str
    about: str
    paused: bool
    known: int
    deleted: int
    state: str
    running: bool
    when: str
    done: int
    total: int
    counts: tuple[tuple[str, int], ...]
    action: str
    problem: str
    notes: tuple[NoteView, ...]
    more: int


@dataclass(frozen=True)
class HarvestPage:
    """The sources. ``faults``: what is wrong in their file."""

    frame: Frame
    desk: Desk
    here: str
    file: str
    sources: tuple[SourceView, ...]
    faults: tuple[str, ...]
    live: str  # the source that is being harvested
    wrong: str


def show(request: Request, account: Account) -> Response:
    """Show the sources."""
    return _page(request, account)


def take(request: Request, account: Account, form: FormData) -> Response:
    """Begin a run, or stop one."""
    harvests = harvests_of(request)
    does, _, id = texts(form).get("act", "").partition(":")
    try:
        if does == "run":
            harvests.start(harvests.source(id), account.name)
        elif does == "stop":
            harvests.stop(harvests.source(id).id)
    except BadInput as error:
        presenter = Presenter(request.app.state.catalogue, language_of(request))
        return _page(request, account, error.text(presenter._))
    return RedirectResponse(f"{request.url.path}#source-{id}", 303)


def harvests_of(request: Request) -> Harvests:
    """Return what harvests for this site."""
    harvests: Harvests = request.app.state.harvests
    return harvests


# --- inside ------------------------------------------------------------------------------------------------------


def _page(request: Request, account: Account, wrong: str = "") -> Response:
    presenter, harvests = Presenter(request.app.state.catalogue, language_of(request)), harvests_of(request)
    catalogue = presenter.catalogue
    counts = catalogue.state.harvested.counts()
    sources = tuple(
        _source(presenter, source, harvests.runs(source.id), counts.get(source.id, (0, 0)))
        for source in harvests.sources.values()
    )
    faults = [problem for problem in catalogue.contents.problems if problem.path.name == FILE]
    page = HarvestPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        here=addresses.desk(presenter.lang, "harvest/"),
        file=f"{catalogue.settings.resources.name}/{FILE}",
        sources=sources,
        faults=tuple(problem.render(presenter._, catalogue.settings.resources.parent) for problem in faults),
        live=next((source.id for source in sources if source.running), ""),
        wrong=wrong,
    )
    return html("desk_harvest.html", page, presenter.lang, 422 if wrong else 200)


def _source(presenter: Presenter, source: HarvestSource, runs: list[Job], counts: tuple[int, int]) -> SourceView:
    _, language = presenter._, presenter.language
    last = next(iter(runs), None)
    data = last.data if last else {}
    problem = data.get("problem")
    said = data.get("counts", {})
    still = presenter.catalogue.state.history.still(last.action) if last and last.action else 0
    notes = tuple(_notes(presenter, data.get("notes", [])[:NOTES_SHOWN]))
    return SourceView(
        id=source.id,
        mark=source.mark,
        url=source.url,
        about=" · ".join(filter(None, (source.prefix, source.set))),
        paused=source.paused,
        known=counts[0],
        deleted=counts[1],
        state=_(STATES[last.state]) if last else "",
        running=last is not None and last.state == RUNNING,
        when=f"{language.day(last.created.date())}, {language.time(last.created)}" if last else "",
        done=last.done if last else 0,
        total=last.total if last else 0,
        counts=tuple((_(label), said[fate]) for fate, label in FATES.items() if said.get(fate)),
        action=addresses.desk(presenter.lang, f"actions/{still}") if still else "",
        problem=_(problem[0]) % problem[1] if problem else "",
        notes=notes,
        more=len(data.get("notes", [])) - len(notes) + data.get("more", 0),
    )


def _notes(presenter: Presenter, notes: list[tuple[str, str, str, dict[str, str]]]) -> Iterator[NoteView]:
    records = presenter.catalogue.contents.records
    for identifier, id, message, params in notes:
        record = records.get(id)
        href = addresses.desk(presenter.lang, f"records/{id}") if record else ""
        title = record.title.best(presenter.lang) if record else Said("", UNDETERMINED)
        yield NoteView(identifier, title, href, presenter._(message) % params)
