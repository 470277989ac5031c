"""What protects a visitor's page: headers that let nothing in from outside, and a guard on unsafe requests."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # A publisher's site does not learn what was searched here. Not "no-referrer": with that, over plain HTTP, browsers
    # send our own forms with "Origin: null" and no Sec-Fetch-Site, and nothing tells them from another site's.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    # Pages are never kept on the PC: the next person at it finds nothing of the last one.
    "Cache-Control": "no-store",
}

_SAFE = ("GET", "HEAD", "OPTIONS")

OPEN_POSTS = frozenset({"/api/records/lookup"})
"""Posts that pages of other sites may send: they change nothing, and nobody's authority comes along."""

_PREFLIGHT_SECONDS = 86_400


class Guard:
    """ASGI middleware: adds the headers an answer does not set by itself, refuses posts from other sites."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        is_open = scope["path"].startswith("/api/")

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if is_open:
                    headers.setdefault("Access-Control-Allow-Origin", "*")
                    headers.setdefault("Access-Control-Expose-Headers", "ETag, Link, Retry-After")
            await send(message)

        if is_open and _is_preflight(scope):
            await Response(status_code=204, headers=_preflight(scope["path"]))(scope, receive, guarded)
            return
        if scope["method"] not in _SAFE and not _is_ours(scope):
            await PlainTextResponse("cross-origin", 403)(scope, receive, guarded)
            return
        await self.app(scope, receive, guarded)


def _is_preflight(scope: Scope) -> bool:
    """Tell whether a browser asks what a page of another site may do here (Fetch standard, CORS-preflight request)."""
    return scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope)


def _preflight(path: str) -> dict[str, str]:
    return {
        "Access-Control-Allow-Methods": "POST" if path in OPEN_POSTS else "GET, HEAD",
        "Access-Control-Allow-Headers": "Content-Type, If-None-Match",
        "Access-Control-Max-Age": str(_PREFLIGHT_SECONDS),
    }


def _is_ours(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    if scope["path"] in OPEN_POSTS:
        return True
    if scope["path"].startswith("/desk"):
        return is_same_origin(headers, f"{scope['scheme']}://{headers.get('host')}")
    return is_same_origin(headers)


def is_same_origin(headers: Headers, staff: str = "") -> bool:
    """Tell whether an unsafe request comes from a page of our own.

    Browsers say so in Sec-Fetch-Site; older ones, and all over plain HTTP, in Origin. A visitor's request with neither
    is no browser's and carries nobody's authority, so it may pass; a request to the staff's pages, whose own origin
    ``staff`` is, may not.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    if staff:
        return origin == staff
    return origin is None or urlsplit(origin).netloc == headers.get("host")
