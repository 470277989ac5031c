"""``/desk/{lang}/sign-in``, ``/sign-out`` and ``/password``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import anyio
from anyio.to_thread import run_sync
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from catalogue.errors import N_, BadInput, TooManyTries
from catalogue.i18n import languages
from catalogue.state import Account, Accounts
from catalogue.state.accounts import SHORTEST_PASSWORD, check_password
from catalogue.web import addresses
from catalogue.web.desk.carried import MOST_BYTES, carried_page, may_carry, read_form
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.session import COOKIE, forget, keep, own_page, require, require_protection
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.render import html
from catalogue.web.throttle import Throttle

T = TypeVar("T")

WRONG = N_("This name and this password do not go together. Look at capitals, and at the keyboard’s language.")
WRONG_CURRENT = N_("This is not your present password.")
NOT_TWICE = N_("The two new passwords are not the same.")


@dataclass(frozen=True)
class SignInPage:
    """The sign-in form. ``problem``: why the last attempt failed; ``name``: what was typed then.

    ``carried``: a form that was sent without a session, which is sent on to ``next`` afterwards.
    """

    frame: Frame
    desk: Desk
    next: str
    name: str
    problem: str
    signed_out: bool
    first: bool  # there is no account at all yet
    carried: str = ""


@dataclass(frozen=True)
class PasswordPage:
    """The form for a new password of one's own. ``problems``: by field."""

    frame: Frame
    desk: Desk
    name: str
    shortest: int
    problems: dict[str, str]


class Door:
    """Where passwords are looked at: a few at a time, in threads of their own, and those who guess wait.

    Who waits for an argon2 hash does not hold a thread that a visitor's search could use.
    """

    at_once = 2

    def __init__(self) -> None:
        self.throttle = Throttle()
        self._free = anyio.Semaphore(self.at_once)
        self._threads = anyio.CapacityLimiter(self.at_once)

    async def look(self, request: Request, accounts: Accounts, name: str, password: str) -> str | None:
        """Return the token of a new session, or None. Raises TooManyTries, StateUnavailable.

        Whether a client has to wait is asked when its turn has come, not before: a thousand guesses sent at once would
        all come before the first failure.
        """
        async with self._free:
            seconds = self.throttle.wait(request)
            if not seconds:
                return await self._look(request, accounts, name, password)
        await anyio.sleep(seconds)
        async with self._free:
            return await self._look(request, accounts, name, password)

    async def hashing(self, work: Callable[[], T]) -> T:
        """Do what takes a hash, in its turn."""
        async with self._free:
            return await run_sync(work, limiter=self._threads)

    async def _look(self, request: Request, accounts: Accounts, name: str, password: str) -> str | None:
        token = await run_sync(accounts.sign_in, name, password, limiter=self._threads)
        if token is None:
            self.throttle.failed(request)
        return token


async def sign_in(request: Request) -> Response:
    """Show the form, or let in who knows the password."""
    require_protection(request)
    lang = language_of(request)
    if request.method != "POST":
        return await run_in_threadpool(_show_sign_in, request)
    form = dict(await read_form(request, MOST_BYTES * 4))
    name, password, wanted, carried = (form.get(field, "") for field in ("name", "password", "next", "carried"))
    try:
        token = await _door(request).look(request, _accounts(request), name, password)
        problem, status = languages()[lang].gettext(WRONG), 422
    except TooManyTries as error:
        token, problem, status = None, error.text(languages()[lang].gettext), error.status
    if token is None:
        return await run_in_threadpool(sign_in_page, request, wanted, name, problem, status, carried)
    if carried and may_carry(wanted):
        answer: Response = await run_in_threadpool(carried_page, request, token, wanted, carried)
    else:
        answer = RedirectResponse(own_page(wanted, lang), 303)
    keep(answer, request, token)
    return answer


async def sign_out(request: Request) -> Response:
    """End the session, in the database and in the browser."""
    require_protection(request)
    token = request.cookies.get(COOKIE)
    if token:
        await run_in_threadpool(_accounts(request).sign_out, token)
    answer = RedirectResponse(addresses.desk(language_of(request), "sign-in?out=1"), 303)
    forget(answer, request)
    return answer


async def password(request: Request) -> Response:
    """Show the form for a new password, or take it: every session of the account ends, and a new one begins here."""
    account = await run_in_threadpool(require, request)
    if request.method != "POST":
        return _password_page(request, account, {})
    form = await request.form(max_files=0, max_fields=10)
    current, new, again = (str(form.get(field, "")) for field in ("current", "new", "again"))
    _ = languages()[language_of(request)].gettext
    try:
        check_password(account.name, new)
    except BadInput as error:
        return _password_page(request, account, {"new": error.text(_)})
    if new != again:
        return _password_page(request, account, {"again": _(NOT_TWICE)})
    door, accounts = _door(request), _accounts(request)
    try:
        if await door.look(request, accounts, account.name, current) is None:
            return _password_page(request, account, {"current": _(WRONG_CURRENT)})
    except TooManyTries as error:
        return _password_page(request, account, {"current": error.text(_)}, error.status)
    await door.hashing(lambda: accounts.set_password(account.name, new))
    answer = RedirectResponse(addresses.desk(language_of(request), "?changed=1"), 303)
    if token := await door.look(request, accounts, account.name, new):
        keep(answer, request, token)
    return answer


def _show_sign_in(request: Request) -> Response:
    wanted = request.query_params.get("next", "")
    # Asks the database without a cookie too: that it does not answer is said before somebody types a password.
    if _accounts(request).of(request.cookies.get(COOKIE, "")):
        return RedirectResponse(own_page(wanted, language_of(request)), 303)
    return sign_in_page(request, wanted, "", "", 200)


def sign_in_page(
    request: Request, wanted: str, name: str, problem: str, status: int, carried: str = ""
) -> HTMLResponse:
    """Return the form; with ``carried``, what was typed elsewhere travels in it. Asks the database."""
    frame = make_frame(request)
    if carried:
        frame = replace(frame, switches=())  # a link to another language would lose what was typed
    page = SignInPage(
        frame=frame,
        desk=make_desk(request, None),
        next=own_page(wanted, frame.lang) if wanted else "",
        name=name[:40],
        problem=problem,
        signed_out="out" in request.query_params,
        first=_accounts(request).are_none(),
        carried=carried,
    )
    return html("desk_sign_in.html", page, frame.lang, status)


def _password_page(request: Request, account: Account, problems: dict[str, str], status: int = 422) -> Response:
    frame = make_frame(request)
    page = PasswordPage(frame, make_desk(request, account), account.name, SHORTEST_PASSWORD, problems)
    return html("desk_password.html", page, frame.lang, status if problems else 200)


def _accounts(request: Request) -> Accounts:
    accounts: Accounts = request.app.state.catalogue.state.accounts
    return accounts


def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door
