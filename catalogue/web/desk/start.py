"""``/desk/``: what the person who is signed in can do here."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue.web import addresses
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.session import require
from catalogue.web.desk.todo_waiting import Count, counts
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.present import Presenter
from catalogue.web.render import html


@dataclass(frozen=True)
class StartPage:
    """``/desk/{lang}/``. ``changed``: the password was just changed; ``todo``: what waits for documentalists."""

    frame: Frame
    desk: Desk
    changed: bool
    todo: tuple[Count, ...]  # nothing for advisors


def to_language(request: Request) -> Response:
    """``/desk/``: to the start page in the browser's language."""
    return RedirectResponse(addresses.desk(language_of(request)), 303)


def start(request: Request) -> Response:
    """Show what there is to do."""
    account = require(request)
    presenter = Presenter(request.app.state.catalogue, language_of(request))
    waiting = counts(presenter.catalogue, account, presenter) if account.may("documentalist") else ()
    page = StartPage(make_frame(request), make_desk(request, account), "changed" in request.query_params, waiting)
    return html("desk_start.html", page, page.frame.lang)
