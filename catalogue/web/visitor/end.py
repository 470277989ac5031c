"""``/{lang}/end``: the end of a visit. The page's script erases; here that it ended, and one tap, are counted."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue.errors import BadInput
from catalogue.service import Catalogue
from catalogue.web import addresses
from catalogue.web.frame import language_before, language_of, make_frame
from catalogue.web.pages import EndPage
from catalogue.web.render import html

ANSWERS = ("found", "partly", "not-found")
"""What a visitor may say at the end. Counted as ``end-found`` and so on: a total by month and language."""


def end(request: Request) -> Response:
    """Say what was erased, and what a page cannot erase."""
    page = EndPage(make_frame(request), thanks="thanks" in request.query_params)
    if request.method == "GET" and not page.thanks and not _was_ended(request):
        request.app.state.catalogue.count("end", lang=page.frame.lang)
    return html("end.html", page, page.frame.lang)


async def say(request: Request) -> Response:
    """Count whether the visitor found what they came for."""
    catalogue: Catalogue = request.app.state.catalogue
    lang, answer = language_of(request), str((await request.form()).get("found", ""))
    if answer not in ANSWERS:
        raise BadInput(field="found")
    catalogue.count(f"end-{answer}", lang=lang)
    return RedirectResponse(f"{addresses.end(lang)}?thanks=1", 303)


def _was_ended(request: Request) -> bool:
    """Tell whether one comes from this very page, in another language: it is the same visit that ended."""
    before = language_before(request)
    return bool(before) and urlsplit(request.headers["referer"]).path == addresses.end(before)
