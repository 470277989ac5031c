"""Who is signed in: the cookie, and what an endpoint of the desk asks before it does anything.

    account = require(request, "advisor")

A cookie travels over TLS, or stays on this machine; anywhere else the desk is closed, so that nobody on the network
can read a password or take a session over.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import Forbidden, InsecureConnection, SignInNeeded
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.web import addresses

COOKIE = "desk"


def account_of(request: Request) -> Account | None:
    """Return who is signed in, or None. Asks the database once a request: call it from a thread.

    Raises StateUnavailable.
    """
    token = request.cookies.get(COOKIE)
    if not token or not is_protected(request):
        return None
    if not hasattr(request.state, "account"):
        catalogue: Catalogue = request.app.state.catalogue
        request.state.account = catalogue.state.accounts.of(token)
    account: Account | None = request.state.account
    return account


def require(request: Request, role: str = "advisor") -> Account:
    """Return who is signed in, if they may do what ``role`` may. For endpoints that are not ``async``.

    Raises InsecureConnection, SignInNeeded (303 to the sign-in page), Forbidden (403), StateUnavailable (503).
    """
    require_protection(request)
    account = account_of(request)
    if account is None:
        raise SignInNeeded
    if not account.may(role):
        raise Forbidden
    return account


def require_protection(request: Request) -> None:
    """Raise InsecureConnection where others could read along."""
    if not is_protected(request):
        raise InsecureConnection


def is_protected(request: Request) -> bool:
    """Tell whether the connection is encrypted or does not leave the machine.

    Behind a reverse proxy only what the proxy says counts (X-Forwarded-Proto, which the server has read).
    """
    if request.url.scheme == "https":
        return True
    return is_loopback(request.url.hostname or "") and "x-forwarded-for" not in request.headers


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def keep(response: Response, request: Request, token: str) -> None:
    """Give the browser the cookie of a session. It goes when the browser closes; the server ends it earlier."""
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, token, path="/desk", secure=secure, httponly=True, samesite="strict")


def forget(response: Response, request: Request) -> None:
    """Take the cookie back."""
    secure = request.url.scheme == "https"
    response.delete_cookie(COOKIE, path="/desk", secure=secure, httponly=True, samesite="strict")


def own_page(wanted: str, lang: str) -> str:
    """Return ``wanted`` where it is a page of the desk, else its start page: nobody is led elsewhere."""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return addresses.desk(lang)
    path = unquote(parts.path)
    fine = wanted.startswith("/desk/") and wanted.isascii() and wanted.isprintable() and not parts.netloc
    return wanted if fine and "\\" not in path and ".." not in path else addresses.desk(lang)
