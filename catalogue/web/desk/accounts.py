"""``/desk/{lang}/accounts/``: who may sign in, for administrators. Each change signs that account out everywhere."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue.custody import tied_to
from catalogue.errors import N_, BadInput, Forbidden, NotFound
from catalogue.i18n import languages
from catalogue.network import WHOLE_NETWORK, check_centre
from catalogue.service import Catalogue
from catalogue.state import ROLES, Account, Accounts
from catalogue.state.accounts import ROLE_NAMES, SHORTEST_PASSWORD, make_password
from catalogue.vocabulary import Vocabularies
from catalogue.web import addresses
from catalogue.web.desk.account_pages import AccountPage, AccountRow, AccountsPage, CentreChoice, RoleChoice
from catalogue.web.desk.carried import read_form
from catalogue.web.desk.frame import make_desk
from catalogue.web.desk.session import require
from catalogue.web.frame import language_of, make_frame
from catalogue.web.render import html

ROLE_DETAILS = {
    "advisor": N_("makes lists for visitors and groups"),
    "documentalist": N_("the same, and looks after the catalogue: records, files, words, texts"),
    "administrator": N_("everything, and these accounts too"),
}
DONE = {
    "role": N_("“%(name)s” has another role, and signs in again."),
    "centre": N_("“%(name)s” changes the records of another centre now, and signs in again."),
    "disable": N_("“%(name)s” is signed out everywhere and cannot sign in any more."),
    "enable": N_("“%(name)s” can sign in again."),
    "added": N_("“%(name)s” can sign in now."),
    "password": N_("“%(name)s” has a new password and is signed out everywhere."),
}


def every(request: Request) -> Response:
    """Show all accounts."""
    account = require(request, "administrator")
    return _accounts_page(request, account)


async def add(request: Request) -> Response:
    """Open an account, with the password that was typed or, without one, a new one that is shown this once."""
    account = await run_in_threadpool(require, request, "administrator")
    form = dict(await read_form(request))
    name, role, typed = (form.get(field, "").strip() for field in ("name", "role", "password"))
    password = typed or make_password()
    centre = tied_to(account, _vocabularies(request)) or form.get("centre", "")
    try:
        check_centre(centre, _vocabularies(request))
        made = await request.app.state.door.hashing(lambda: _accounts(request).add(name, role, password, centre))
    except BadInput as error:
        return await run_in_threadpool(_accounts_page, request, account, name, role, error, centre=centre)
    done = _done(request, "added", made.name)
    return await run_in_threadpool(_accounts_page, request, account, done=done, made="" if typed else password)


def one(request: Request) -> Response:
    """Show an account."""
    account = require(request, "administrator")
    _check_theirs(request, account)
    changed = request.query_params.get("done", "")
    return _account_page(request, account, done=_done(request, changed, _asked(request).name))


async def change(request: Request) -> Response:
    """Do to an account what the address says: ``role``, ``disable``, ``enable``, ``password``."""
    account = await run_in_threadpool(require, request, "administrator")
    form = dict(await read_form(request))
    await run_in_threadpool(_check_theirs, request, account)
    name, wanted = (await run_in_threadpool(_asked, request)).name, request.path_params["change"]
    accounts, typed = _accounts(request), form.get("password", "").strip()
    password = typed or make_password()
    changes: dict[str, Callable[[], None]] = {
        "role": lambda: accounts.set_role(name, form.get("role", "")),
        "disable": lambda: accounts.disable(name),
        "centre": lambda: accounts.set_centre(name, _centre_asked(request, account, form.get("centre", ""))),
        "enable": lambda: accounts.enable(name),
        "password": lambda: accounts.set_password(name, password),
    }
    if wanted not in changes:
        raise NotFound
    try:
        await request.app.state.door.hashing(changes[wanted])
    except BadInput as error:
        return await run_in_threadpool(_account_page, request, account, error)
    if wanted == "password":
        done = _done(request, wanted, name)
        return await run_in_threadpool(_account_page, request, account, done=done, made="" if typed else password)
    return RedirectResponse(f"{_address(request, name)}?done={wanted}", 303)


def _accounts_page(
    request: Request,
    account: Account,
    name: str = "",
    role: str = "",
    error: BadInput | None = None,
    done: str = "",
    made: str = "",
    centre: str = "",
) -> Response:
    tied = tied_to(account, _vocabularies(request))
    page = AccountsPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        rows=tuple(_row(request, each, account) for each in _accounts(request).list() if tied in ("", each.centre)),
        roles=_roles(request, role or ROLES[0]),
        centres=_centres(request, account, centre),
        action=addresses.desk(language_of(request), "accounts/"),
        name=name[:80],
        shortest=SHORTEST_PASSWORD,
        problems=_problems(request, error, ("name", "role", "centre", "password")),
        done=done,
        made=made,
    )
    return html("desk_accounts.html", page, page.frame.lang, _status(error))


def _account_page(
    request: Request, account: Account, error: BadInput | None = None, done: str = "", made: str = ""
) -> Response:
    asked = _asked(request)
    page = AccountPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        back=addresses.desk(language_of(request), "accounts/"),
        account=_row(request, asked, account),
        roles=_roles(request, asked.role),
        centres=_centres(request, account, asked.centre),
        change=_address(request, asked.name),
        shortest=SHORTEST_PASSWORD,
        problems=_problems(request, error, ("role", "centre", "password")),
        done=done,
        made=made,
    )
    return html("desk_account.html", page, page.frame.lang, _status(error))


def _row(request: Request, each: Account, account: Account) -> AccountRow:
    language, vocabularies = languages()[language_of(request)], _vocabularies(request)
    centre = each.centre and vocabularies.label("centres", each.centre, language.code).text
    return AccountRow(
        name=each.name,
        href=_address(request, each.name),
        role=language.gettext(ROLE_NAMES[each.role]),
        disabled=each.disabled,
        since=language.day(each.created),
        own=each.name == account.name,
        centre=(centre or language.gettext(WHOLE_NETWORK)) if vocabularies.centres else "",
    )


def _roles(request: Request, chosen: str) -> tuple[RoleChoice, ...]:
    _ = languages()[language_of(request)].gettext
    return tuple(RoleChoice(role, _(ROLE_NAMES[role]), _(ROLE_DETAILS[role]), role == chosen) for role in ROLES)


def _centres(request: Request, account: Account, chosen: str) -> tuple[CentreChoice, ...]:
    """Return the centres that an account can be given to: none where there is one, or by who is of one of them."""
    vocabularies, lang = _vocabularies(request), language_of(request)
    if not vocabularies.centres or tied_to(account, vocabularies):
        return ()
    everything = CentreChoice("", languages()[lang].gettext(WHOLE_NETWORK), not chosen)
    labels = ((id, vocabularies.label("centres", id, lang).text) for id in vocabularies.centres)
    return (everything, *(CentreChoice(id, label, id == chosen) for id, label in labels))


def _centre_asked(request: Request, account: Account, centre: str) -> str:
    """Return the centre that an account is given to. Raises Forbidden for who is of one centre, BadInput."""
    if tied_to(account, _vocabularies(request)):
        raise Forbidden
    return check_centre(centre, _vocabularies(request))


def _check_theirs(request: Request, account: Account) -> None:
    """Raise Forbidden where an administrator of one centre asks for the account of another, or of all."""
    if tied_to(account, _vocabularies(request)) not in ("", _asked(request).centre):
        raise Forbidden


def _vocabularies(request: Request) -> Vocabularies:
    catalogue: Catalogue = request.app.state.catalogue
    return catalogue.contents.frame.vocabularies


def _problems(request: Request, error: BadInput | None, fields: tuple[str, ...]) -> dict[str, str]:
    if error is None:
        return {}
    field = error.params.get("field")
    text = error.text(languages()[language_of(request)].gettext)
    return {str(field) if field in fields else "account": text}


def _done(request: Request, change: str, name: str) -> str:
    _ = languages()[language_of(request)].gettext
    return _(DONE[change]) % {"name": name} if change in DONE else ""


def _asked(request: Request) -> Account:
    return _accounts(request).get(request.path_params["name"])


def _status(error: BadInput | None) -> int:
    return 200 if error is None else 422 if error.status == 400 else error.status


def _address(request: Request, name: str) -> str:
    return addresses.desk(language_of(request), f"accounts/{quote(name)}")


def _accounts(request: Request) -> Accounts:
    accounts: Accounts = request.app.state.catalogue.state.accounts
    return accounts
