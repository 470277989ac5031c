"""Editorial lists for visitors: our selections, what to do step by step, and the page that has them all."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue.service import Catalogue
from catalogue.web import addresses
from catalogue.web.editorial import announced, editorial_page
from catalogue.web.frame import language_of, make_frame
from catalogue.web.pages import SelectionsPage
from catalogue.web.present import Presenter
from catalogue.web.render import html


def one(request: Request) -> Response:
    """A list. The address of the other kind leads to the right one: a list may change its kind."""
    catalogue: Catalogue = request.app.state.catalogue
    lang = language_of(request)
    made = catalogue.editorial_list(request.path_params["slug"])
    right = addresses.editorial_list(lang, made.kind, made.slug)
    if request.url.path != right:
        return RedirectResponse(right, 301)
    catalogue.count(made.kind, theme=next(iter(made.themes), ""), lang=lang)
    return html("editorial.html", editorial_page(request, Presenter(catalogue, lang), made), lang)


def every(request: Request) -> Response:
    """All lists that are published today."""
    catalogue: Catalogue = request.app.state.catalogue
    lang = language_of(request)
    lists = announced(Presenter(catalogue, lang), limit=len(catalogue.contents.frame.lists))
    return html("selections.html", SelectionsPage(make_frame(request), lists), lang)
