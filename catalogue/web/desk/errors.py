"""What goes wrong on the staff's pages: nobody signed in, not allowed, an open connection, no database."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from catalogue.errors import N_, CatalogueError, SignInNeeded, StateUnavailable
from catalogue.i18n import languages
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.web import addresses
from catalogue.web.desk.carried import carried_by
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.session import account_of
from catalogue.web.desk.sign_in import sign_in_page
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.render import html

# What a driver says, in part, and what it means to who has to mend it.
_CAUSES = (
    (
        ("readonly", "read-only", "permission denied"),
        N_("It can be read, but not written: its file or folder belongs to another user, or the disk is read-only."),
    ),
    (
        ("malformed", "not a database", "disk image", "corrupt"),
        N_("Its file is damaged. Stop the program, put back a copy of the file, and start the program again."),
    ),
    (
        ("unable to open", "no such file", "not a directory", "is a directory", "file exists"),
        N_("Its file cannot be opened: the folder that CATALOGUE_STATE names is not there or cannot be used."),
    ),
    (
        ("no such table", "does not exist"),
        N_("It is empty: its file was taken away or replaced. Put it back, and start the program again."),
    ),
    (("full",), N_("The disk is full.")),
    (("locked", "timeout"), N_("Another program has kept it busy for too long.")),
    (("refused", "could not connect", "connection"), N_("Its server cannot be reached.")),
)


@dataclass(frozen=True)
class DeskErrorPage:
    """What happened on a page of the staff. ``cause``: why the database does not answer, for who has to mend it."""

    frame: Frame
    desk: Desk
    title: str
    message: str
    cause: str


@dataclass(frozen=True)
class InsecurePage:
    """The desk over a connection that others can read. ``address``: where it is open, empty where that is not known."""

    frame: Frame
    desk: Desk
    address: str
    host: str
    port: int
    message: str


async def sign_in_needed(request: Request, error: Exception) -> Response:
    """Lead to the sign-in page, and back from there; what a form sent is kept until somebody has signed in."""
    lang = language_of(request)
    if request.headers.get("accept", "").startswith("application/json"):
        message = SignInNeeded().text(languages()[lang].gettext)
        return JSONResponse({"error": {"code": SignInNeeded.code, "message": message, "field": None}}, 401)
    if carried := await carried_by(request):
        return await run_in_threadpool(sign_in_page, request, request.url.path, "", "", 401, carried)
    page = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = f"?next={quote(page, safe='/')}" if request.method in ("GET", "HEAD") else ""
    return RedirectResponse(addresses.desk(lang, "sign-in") + back, 303)


def insecure(request: Request, error: Exception) -> Response:
    """Say where the desk is open, and how a TLS connection is made."""
    lang = language_of(request)
    catalogue: Catalogue = request.app.state.catalogue
    settings = catalogue.settings
    base = settings.base_url if settings.base_url.startswith("https://") else ""
    page = InsecurePage(
        frame=make_frame(request),
        desk=make_desk(request, None),
        address=f"{base}{addresses.desk(lang)}" if base else "",
        host=base.removeprefix("https://") or "catalogue.example",
        port=settings.port,
        message=str(error.text(languages()[lang].gettext)) if isinstance(error, CatalogueError) else "",
    )
    return html("desk_insecure.html", page, lang, 403)


def error_page(request: Request, status: int, title: str, message: str, error: CatalogueError | None) -> Response:
    """Answer any other error with a page that looks like the desk."""
    lang = language_of(request)
    cause = cause_of(error) if isinstance(error, StateUnavailable) else ""
    page = DeskErrorPage(
        frame=make_frame(request),
        desk=make_desk(request, None if cause else _who(request)),
        title=title,
        message=message,
        cause=languages()[lang].gettext(cause) if cause else "",
    )
    return html("desk_error.html", page, lang, status)


def cause_of(error: StateUnavailable) -> str:
    """Return why the database does not answer: a message of ours where we know the driver's words, else those."""
    if error.message != StateUnavailable.message:
        return ""  # it says why by itself: made by a newer version
    reason = str(error.params.get("reason", ""))
    return next((cause for words, cause in _CAUSES if any(word in reason.casefold() for word in words)), reason)


def _who(request: Request) -> Account | None:
    try:
        return account_of(request)
    except StateUnavailable:
        return None
