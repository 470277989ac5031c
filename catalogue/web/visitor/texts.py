"""Editorial pages: help, accessibility, privacy."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import NotFound
from catalogue.service import Catalogue
from catalogue.web import addresses
from catalogue.web.frame import language_of, make_frame
from catalogue.web.markdown import to_html
from catalogue.web.pages import TextPage
from catalogue.web.render import html


def text(request: Request) -> Response:
    """Show the editorial page that has the name of the last part of the address."""
    catalogue: Catalogue = request.app.state.catalogue
    lang, id = language_of(request), request.url.path.rstrip("/").rsplit("/", 1)[-1]
    pages = catalogue.contents.frame.pages
    shown = pages.get(id)
    if shown is None or shown.kind != "page":
        raise NotFound
    body = shown.body.best(lang)
    asked = id == "help" and any(page.kind == "question" for page in pages.values())
    page = TextPage(
        frame=make_frame(request),
        id=id,
        title=shown.title.best(lang),
        body=to_html(body.text),
        body_lang=body.lang,
        questions=addresses.questions(lang) if asked else "",
    )
    return html("text.html", page, lang)
