"""``/desk/{lang}/advise/list/{code}``: a list that has a code: to print, to show to a group, to change or take over."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import N_
from catalogue.i18n import languages
from catalogue.service import Catalogue
from catalogue.state import HandedList
from catalogue.web import addresses, codes, qr
from catalogue.web.advisor import sheet
from catalogue.web.advisor.pages import ListPage, ScreenPage
from catalogue.web.desk.frame import make_desk
from catalogue.web.desk.session import account_of, require
from catalogue.web.frame import make_frame, site_address
from catalogue.web.render import html

_STEPS = (N_("Go to the first page of the catalogue."), N_("Type this code there."))
_SCAN = N_("Or scan the square with a tablet or a phone.")
_SCAN_HERE = N_("Or scan the square with a tablet.")


async def handed(request: Request) -> Response:
    """Show a list with its code, and the sheet to print."""
    await run_in_threadpool(require, request, "advisor")
    kept = await codes.open_list(request, request.path_params["code"])
    return await run_in_threadpool(_list_page, request, kept)


async def screen(request: Request) -> Response:
    """Show the code to a room."""
    await run_in_threadpool(require, request, "advisor")
    kept = await codes.open_list(request, request.path_params["code"])
    return await run_in_threadpool(_screen_page, request, kept)


def link_to(request: Request, kept: HandedList) -> str:
    """Return where the list opens: on the public site where there is one, else as the centre's own PCs reach it."""
    return f"{site_address(request)}{addresses.handed_list(kept.lang, kept.code)}"


def _list_page(request: Request, kept: HandedList) -> Response:
    catalogue: Catalogue = request.app.state.catalogue
    lang, link = request.path_params["lang"], link_to(request, kept)
    made = sheet.make_sheet(catalogue, kept, link)
    own = addresses.desk(lang, f"advise/list/{kept.code}")
    page = ListPage(
        frame=make_frame(request),
        desk=make_desk(request, account_of(request)),
        origin=kept.origin,
        code=made.code,
        language=languages()[made.lang].name,
        until=languages()[lang].date(kept.expires.date()),
        link=link,
        qr=qr.picture(link),
        sheet=made,
        missing=len(kept.items) - len(made.items),
        change="" if kept.origin == "visitor" else f"{own}/change",
        screen=f"{own}/screen",
        start=addresses.desk(lang, "advise/"),
    )
    return html("advise_list.html", page, lang)


def _screen_page(request: Request, kept: HandedList) -> Response:
    catalogue: Catalogue = request.app.state.catalogue
    lang = request.path_params["lang"]
    shown = kept.lang if kept.lang in languages() else lang
    # Without a public address only what is on the centre's own network reaches the list.
    scan = _SCAN if catalogue.settings.public_url else _SCAN_HERE
    page = ScreenPage(
        frame=make_frame(request),
        lang=shown,
        centre=catalogue.contents.frame.centre.name.names(shown),
        code=codes.shown(kept.code),
        qr=qr.picture(link_to(request, kept)),
        steps=tuple(sheet.heading(step, shown) for step in (*_STEPS, scan)),
        valid=sheet.valid(kept, shown),
        back=addresses.desk(lang, f"advise/list/{kept.code}"),
    )
    return html("advise_screen.html", page, lang)
