"""Lists to take along: ``/{lang}/list``, ``/{lang}/list/{code}``, ``/{lang}/code``.

The visitor's own list lives in the tab; this page only says what there is around it. A list that is handed over by
code lives in the state database.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from catalogue.errors import N_, CatalogueError, Expired, NotFound, StateUnavailable, TooManyTries
from catalogue.i18n import languages
from catalogue.service import Catalogue
from catalogue.state import HandedList, ListItem
from catalogue.web import addresses, codes, qr
from catalogue.web.asked import ids_in, read_json
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.listing import Listed, find, kept, listed
from catalogue.web.present import Presenter
from catalogue.web.render import html

MOST_LIVE = 50_000
"""Codes valid at once, from which on visitors get no more: room on the disk, and poor odds for those who guess."""

_TYPED_SHOWN = 40  # characters of what was typed that the field shows again

_REFUSALS: dict[type[CatalogueError], str] = {
    NotFound: N_("We do not know this code. Check its digits one by one, or ask an advisor."),
    StateUnavailable: N_("Codes do not work for the moment. Ask an advisor: they help you without one too."),
}


@dataclass(frozen=True)
class OwnListPage:
    """``/{lang}/list``: the frame of what the script fills in."""

    frame: Frame
    kinds: tuple[str, ...]
    today: str
    public: bool  # a phone outside reaches the site


@dataclass(frozen=True)
class CodePage:
    """``/{lang}/code``: where a code is typed; ``message`` says what was wrong with the one before."""

    frame: Frame
    typed: str
    message: str


@dataclass(frozen=True)
class HandedPage:
    """``/{lang}/list/{code}``: a list that somebody made for whoever has the code."""

    frame: Frame
    code: str
    origin: str
    until: str
    items: tuple[Listed, ...]
    lost: int  # documents of the list that are no longer in the catalogue
    qr: str


def own(request: Request) -> Response:
    """Show the list of this tab: the script asks ``/api/records/lookup`` for what it holds."""
    catalogue: Catalogue = request.app.state.catalogue
    presenter = Presenter(catalogue, language_of(request))
    page = OwnListPage(
        frame=make_frame(request),
        kinds=tuple(presenter.vocabularies.order("kinds")),
        today=presenter.language.date(catalogue.now().date()),
        public=bool(catalogue.settings.public_url),
    )
    return html("list.html", page, presenter.lang)


async def hand_over(request: Request) -> Response:
    """Keep ``{"ids": […]}`` under a code until the centre closes, for another station, the printer or an advisor.

    Answers ``{"code", "shown", "until", "href", "qr"}``. Raises BadInput where none of the ids is a record,
    StateUnavailable.
    """
    ids = ids_in(await read_json(request))
    return JSONResponse(await run_in_threadpool(_hand_over, request, ids), 201)


def _hand_over(request: Request, ids: tuple[str, ...]) -> dict[str, str]:
    catalogue: Catalogue = request.app.state.catalogue
    presenter = Presenter(catalogue, language_of(request))
    now = catalogue.now()
    records, _ = find(catalogue, ids)
    items = [ListItem(record.id) for record in records]
    expires = catalogue.contents.frame.centre.closing(now)
    if catalogue.state.lists.live() >= MOST_LIVE:
        raise StateUnavailable
    made = catalogue.state.lists.hand_over(items, origin="visitor", lang=presenter.lang, expires=expires)
    catalogue.count("code", lang=presenter.lang)
    href = addresses.handed_list(presenter.lang, made.code)
    shown = {"code": made.code, "shown": codes.shown(made.code), "until": until(presenter, made.expires), "href": href}
    return {**shown, "qr": _qr(catalogue, href)}


async def code(request: Request) -> Response:
    """Show the field in which a code is typed."""
    return html("code.html", CodePage(make_frame(request), "", ""), language_of(request))


async def open_code(request: Request) -> Response:
    """Lead to the list that a typed code opens, or say kindly why there is none.

    From the entrance, where no language was chosen (``own``), it opens in the language it was made in.
    """
    form = await request.form()
    typed, own = str(form.get("code", "")), "own" in form
    try:
        found = await codes.open_list(request, typed)
    except CatalogueError as error:
        return _refused(request, typed, error)
    lang = found.lang if own and found.lang in languages() else language_of(request)
    return RedirectResponse(addresses.handed_list(lang, found.code), 303)


async def handed(request: Request) -> Response:
    """Show the list that a code opens."""
    typed = request.path_params["code"]
    try:
        found = await codes.open_list(request, typed)
    except CatalogueError as error:
        return _refused(request, typed, error)
    return await run_in_threadpool(_handed, request, found)


def _handed(request: Request, found: HandedList) -> Response:
    catalogue: Catalogue = request.app.state.catalogue
    presenter = Presenter(catalogue, language_of(request))
    records = catalogue.contents.records
    still = kept(catalogue, found.items)
    if request.method == "GET":
        catalogue.count("opened", lang=presenter.lang)
    page = HandedPage(
        frame=make_frame(request),
        code=codes.shown(found.code),
        origin=found.origin,
        until=until(presenter, found.expires),
        items=tuple(listed(presenter, records[item.id], item.why) for item in still),
        lost=len(found.items) - len(still),
        qr=_qr(catalogue, addresses.handed_list(presenter.lang, found.code)),
    )
    return html("handed_list.html", page, presenter.lang)


def _qr(catalogue: Catalogue, path: str) -> str:
    """Return the QR code of a page, where a phone can reach it."""
    public = catalogue.settings.public_url
    return qr.picture(f"{public}{path}") if public else ""


def until(presenter: Presenter, expires: datetime.datetime) -> str:
    """Return in words until when a code is valid."""
    today = presenter.catalogue.now().date()
    last = expires - datetime.timedelta(microseconds=1)
    if last.date() != today:
        return presenter._(N_("Valid until %(day)s")) % {"day": presenter.language.date(last.date())}
    if expires.date() != today:
        return presenter._(N_("Valid until midnight"))
    return presenter._(N_("Valid until %(time)s today")) % {"time": presenter.language.time(expires)}


def _refused(request: Request, typed: str, error: CatalogueError) -> Response:
    """Show the field again with what was typed and, kindly, why it opens nothing."""
    presenter = Presenter(request.app.state.catalogue, language_of(request))
    message = presenter._(_REFUSALS.get(type(error), error.message)) % dict(error.params)
    day = error.params.get("day")
    if isinstance(error, Expired) and isinstance(day, datetime.date):
        message = presenter._(error.message) % {"day": presenter.language.date(day)}
    page = CodePage(make_frame(request), typed[:_TYPED_SHOWN], message)
    answer = html("code.html", page, presenter.lang, error.status)
    if isinstance(error, TooManyTries):
        answer.headers["Retry-After"] = str(error.params["seconds"])
    return answer
