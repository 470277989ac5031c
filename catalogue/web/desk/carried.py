"""A form that was sent when the session had ended: what was typed travels through the sign-in page and is sent on.

Nothing of it is kept on the server or in the browser's storage: it is a hidden field of the sign-in form, and then the
fields of a form with one button. Only posts of our own pages come so far (``guard.py`` refuses all others), and only
forms of text: never a password, never a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse

from catalogue.errors import N_, BadInput
from catalogue.service import Catalogue
from catalogue.web import addresses
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.session import own_page
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.render import html

MOST_BYTES = 1_000_000
MOST_FIELDS = 5_000

_FORM = "application/x-www-form-urlencoded"
_SECRET = ("sign-in", "sign-out", "password", "accounts")
"""Pages below /desk/{lang}/ whose forms hold passwords, or nothing that was typed."""


@dataclass(frozen=True)
class CarriedPage:
    """After signing in: the form that waits, its fields as they were typed, and where it goes."""

    frame: Frame
    desk: Desk
    action: str
    fields: tuple[tuple[str, str], ...]
    leave: str


async def read_form(request: Request, most: int = MOST_BYTES) -> list[tuple[str, str]]:
    """Return names and values of a form's body in order. Raises BadInput where it is longer than ``most`` bytes."""
    return _fields(await _body(request, most))


async def carried_by(request: Request) -> str:
    """Return the body of a form worth keeping, else nothing."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "POST" or kind != _FORM or not may_carry(request.url.path):
        return ""
    try:
        body = await _body(request, MOST_BYTES)
        fields = _fields(body)
    except (BadInput, ClientDisconnect):
        return ""
    return "" if any("password" in name for name, _ in fields) else body


def may_carry(wanted: str) -> bool:
    """Tell whether a form that goes to ``wanted`` may be kept: a page of the desk, and none with passwords."""
    if own_page(wanted, "") != wanted:
        return False
    below = unquote(urlsplit(wanted).path).split("/")[3:]  # /desk/{lang}/…
    return bool(below) and below[0] not in _SECRET


def carried_page(request: Request, token: str, wanted: str, carried: str) -> HTMLResponse:
    """Return the page that holds a form which waits, for whoever has just signed in. Asks the database."""
    catalogue: Catalogue = request.app.state.catalogue
    frame = make_frame(request)
    page = CarriedPage(
        frame=frame,
        desk=make_desk(request, catalogue.state.accounts.of(token)),
        action=wanted,
        fields=tuple(_fields(carried)),
        leave=addresses.desk(language_of(request)),
    )
    return html("desk_carried.html", page, frame.lang)


async def _body(request: Request, most: int) -> str:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise BadInput(N_("This is too long."), field="body")
    return body.decode("utf-8", "replace")


def _fields(body: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise BadInput(N_("This is too long."), field="body") from error
