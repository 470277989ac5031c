"""``/desk/{lang}/links/``: the links that need somebody, each with where it stands and what can be done with it.

What changes records goes through the catalogue, as one action that can be undone; nothing is suspended by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue.errors import N_, BadInput, Conflict, InvalidRecord
from catalogue.links import changes, collected
from catalogue.links.checks import DONE as ENDED
from catalogue.links.collected import Use
from catalogue.links.judging import BROKEN, MOVED, PERHAPS_GONE, UNCLEAR, VERDICT_NAMES
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.state import Account, Job, LinkState
from catalogue.web import addresses
from catalogue.web.desk.boxes import texts
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.link_deeds import Doing, checks_of, here_of
from catalogue.web.desk.link_rows import LinkRow, LinkRows
from catalogue.web.desk.todo_waiting import Count
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.present import Presenter
from catalogue.web.render import html

PER_PAGE = 50
SUSPENDED = "suspended"
SHOWN: Mapping[str, tuple[str, str]] = {
    BROKEN: (VERDICT_NAMES[BROKEN], N_("The site said on three separate days that the page is not there.")),
    PERHAPS_GONE: (VERDICT_NAMES[PERHAPS_GONE], N_("The site answers, with what does not seem to be the page.")),
    MOVED: (
        VERDICT_NAMES[MOVED],
        N_("The site leads to another address for good. Visitors still arrive."),
    ),
    UNCLEAR: (VERDICT_NAMES[UNCLEAR], N_("The program was not let in, or not in time. Often it works for people.")),
    SUSPENDED: (N_("Suspended"), N_("Visitors do not see these links. They are still looked at.")),
}
"""The parts of the page, what harms visitors most first, each with what it means."""

DONE = {
    "replaced": N_("The address is replaced."),
    "suspended": N_("The link is suspended: visitors no longer see it."),
    "offered": N_("Visitors see the link again."),
    "withdrawn": N_("The record is weeded: visitors no longer see it."),
    "works": N_("Noted: it works, you looked."),
    "looked": N_("Looked at again."),
}


@dataclass(frozen=True)
class Part:
    """Some of the links: what they are called, how many there are, where they stand."""

    name: str
    label: str
    detail: str
    count: int
    href: str
    current: bool


@dataclass(frozen=True)
class MovedHost:
    """A host with addresses that moved for good."""

    name: str
    count: int
    href: str


@dataclass(frozen=True)
class LinksPage:
    """Links that need somebody. ``job``: the run that is not finished; ``done``: what has just happened."""

    frame: Frame
    desk: Desk
    here: str
    job: Job | None
    active: bool
    last: str
    problem: str
    unseen: int  # links that were never looked at
    answering: int
    part: Part
    parts: tuple[Part, ...]
    rows: tuple[LinkRow, ...]
    hosts: tuple[MovedHost, ...]
    done: str
    undo: str
    wrong: str
    wrong_url: str
    typed: str
    previous: str
    next: str


@dataclass(frozen=True)
class Replacement:
    """An address that would be replaced in records."""

    old: str
    new: str
    row: LinkRow


@dataclass(frozen=True)
class MovedPage:
    """What a host moved for good, before it is replaced."""

    frame: Frame
    desk: Desk
    host: str
    back: str
    here: str
    replacements: tuple[Replacement, ...]


def count(request: Request, presenter: Presenter) -> Count:
    """Return how many links are broken or perhaps gone, for the desk's home. Raises StateUnavailable."""
    named = checks_of(request).named
    waiting = sum(url in named for url in presenter.catalogue.state.links.all(BROKEN, PERHAPS_GONE))
    detail = presenter._(N_("Replace the address, suspend the link, or weed."))
    return Count("links", presenter._(N_("Broken links")), detail, here_of(presenter.lang), waiting)


def show(request: Request, account: Account) -> Response:
    """Show the links of one part."""
    return _page(request, account)


def take(request: Request, account: Account, form: FormData) -> Response:
    """Do what a button says."""
    values = texts(form)
    does, _, rest = values.get("act", "").partition(":")
    doing = Doing(request, account, values, rest)
    try:
        return doing.do(does)
    except InvalidRecord as error:
        return _page(request, account, values, error.problems[0].text(doing.presenter._))
    except (BadInput, Conflict) as error:
        return _page(request, account, values, error.text(doing.presenter._))


def show_moved(request: Request, account: Account) -> Response:
    """Show what a host moved for good, to be replaced together."""
    presenter, host = Presenter(request.app.state.catalogue, language_of(request)), request.path_params["host"]
    found = _moved(request, host)
    if not found:
        return RedirectResponse(here_of(presenter.lang, show=MOVED), 303)
    rows, named = LinkRows(presenter), checks_of(request).named
    page = MovedPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        host=host,
        back=here_of(presenter.lang, show=MOVED),
        here=request.url.path,
        replacements=tuple(Replacement(s.url, s.target, rows.row(s.url, s, named[s.url])) for s in found),
    )
    return html("desk_links_moved.html", page, presenter.lang)


def take_moved(request: Request, account: Account, form: FormData) -> Response:
    """Replace the addresses of a host that are still ticked, as one action."""
    presenter, host = Presenter(request.app.state.catalogue, language_of(request)), request.path_params["host"]
    wanted = {str(pair) for pair in form.getlist("pair")}
    chosen = {s.url: s.target for s in _moved(request, host) if f"{s.url} {s.target}" in wanted}
    label = presenter._(N_("%(host)s: the addresses to which it leads now")) % {"host": host}
    uses = [use for url in chosen for use in checks_of(request).named[url]]
    action = changes.replace(presenter.catalogue, uses, chosen, account=account.name, label=label)
    return RedirectResponse(here_of(presenter.lang, show=MOVED, did="replaced" if action else "", action=action), 303)


# --- inside ------------------------------------------------------------------------------------------------------


def _page(request: Request, account: Account, sent: Mapping[str, str] | None = None, wrong: str = "") -> Response:
    presenter, checks, asked = Presenter(request.app.state.catalogue, language_of(request)), checks_of(request), request
    catalogue, lang, named, sent = presenter.catalogue, presenter.lang, checks.named, sent or {}
    links = catalogue.state.links
    known = links.all(*(name for name in SHOWN if name != SUSPENDED))
    by_part = _by_part(named, known)
    known = {**known, **links.of(by_part[SUSPENDED])}
    unseen = len(named.keys() - links.urls())
    shown = sent.get("show") or asked.query_params.get("show", "")
    first = next((name for name in SHOWN if by_part[name]), BROKEN)
    parts = tuple(_part(presenter, name, len(by_part[name]), shown if shown in SHOWN else first) for name in SHOWN)
    part = next(part for part in parts if part.current)
    number = _number(asked.query_params.get("page", "")) or 1
    urls = by_part[part.name][(number - 1) * PER_PAGE : number * PER_PAGE]
    rows, job, ended, last = LinkRows(presenter), checks.running(), checks.last(), checks.last(ENDED)
    problem = (ended.data.get("problem") or None) if ended else None
    action = _number(asked.query_params.get("action", ""))
    page = LinksPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        here=here_of(lang),
        job=job,
        active=bool(job) and checks.is_active,
        last=f"{presenter.language.day(last.created.date())}, {presenter.language.time(last.created)}" if last else "",
        problem=presenter._(problem[0]) % problem[1] if problem and not job else "",
        unseen=unseen,
        answering=len(named) - unseen - sum(len(by_part[name]) for name in SHOWN if name != SUSPENDED),
        part=part,
        parts=parts,
        rows=tuple(rows.row(url, known.get(url), named[url]) for url in urls),
        hosts=_hosts(lang, by_part[MOVED]) if part.name == MOVED else (),
        done=presenter._(DONE[did]) if (did := asked.query_params.get("did", "")) in DONE and not wrong else "",
        undo=addresses.desk(lang, f"actions/{action}/undo") if action else "",
        wrong=wrong,
        wrong_url=sent.get("url", "") if sent.get("url", "") in urls else "",
        typed=sent.get("new", ""),
        previous=here_of(lang, show=part.name, page=number - 1) if number > 1 else "",
        next=here_of(lang, show=part.name, page=number + 1) if number * PER_PAGE < part.count else "",
    )
    return html("desk_links.html", page, lang, 422 if wrong else 200)


def _by_part(named: Mapping[str, tuple[Use, ...]], known: Mapping[str, LinkState]) -> Mapping[str, list[str]]:
    """Return the links of each part, those that have been so longest first."""
    found: dict[str, list[str]] = {name: [] for name in SHOWN}
    for state in sorted(known.values(), key=lambda state: (state.since, state.url)):
        if state.url in named:
            found[state.verdict].append(state.url)
    found[SUSPENDED] = [url for url, uses in named.items() if any(use.suspended for use in uses)]
    return found


def _part(presenter: Presenter, name: str, count: int, shown: str) -> Part:
    label, detail = (presenter._(words) for words in SHOWN[name])
    return Part(name, label, detail, count, here_of(presenter.lang, show=name), name == shown)


def _hosts(lang: str, urls: Iterable[str]) -> tuple[MovedHost, ...]:
    """Return the hosts of which several links moved, those with most first."""
    counts = Counter(_host(url) for url in urls)
    several = [(host, count) for host, count in counts.most_common() if count > 1]
    return tuple(MovedHost(host, count, addresses.desk(lang, f"links/moved/{host}")) for host, count in several)


def _moved(request: Request, host: str) -> list[LinkState]:
    """Return the links to a host that moved for good."""
    known, named = request.app.state.catalogue.state.links.all(MOVED), checks_of(request).named
    moved = [state for url, state in known.items() if url in named and _host(url) == host]
    return sorted(moved, key=lambda state: state.url)


def of_record(request: Request, record: Resource | None) -> tuple[LinkRow, ...]:
    """Return what is known of the links of a record, for its form. Raises StateUnavailable."""
    catalogue: Catalogue = request.app.state.catalogue
    rows, urls = LinkRows(Presenter(catalogue, language_of(request))), collected.of_record(record) if record else ()
    known = catalogue.state.links.of(urls)
    return tuple(rows.row(url, known.get(url), ()) for url in urls)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
