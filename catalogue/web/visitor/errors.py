"""Errors as pages for people: what happened, what to do, who to ask. JSON for machines."""

from __future__ import annotations

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from catalogue.errors import N_, BadInput, CatalogueError, ErrorCode, Moved, NotFound
from catalogue.i18n import languages
from catalogue.values import Text
from catalogue.web.desk import errors as desk_errors
from catalogue.web.frame import language_of, make_frame
from catalogue.web.pages import ErrorPage
from catalogue.web.render import html

log = logging.getLogger("catalogue.web")

TITLES = {
    400: N_("We did not understand that"),
    403: N_("This is not allowed"),
    404: N_("This page does not exist"),
    405: N_("This is not possible here"),
    410: N_("This document is no longer here"),
    503: N_("We will be back in a moment"),
    500: N_("Something went wrong on our side"),
}
_HTTP = {404: ErrorCode.NOT_FOUND, 405: ErrorCode.METHOD_NOT_ALLOWED, 500: ErrorCode.ERROR}
_MESSAGES = {405: N_("This address is asked in another way.")}
_RETRY = 10
"""Seconds after which a program may ask again for what does not answer."""


def catalogue_error(request: Request, error: Exception) -> Response:
    """Answer what the catalogue raises on purpose."""
    if not isinstance(error, CatalogueError):
        raise error
    if isinstance(error, Moved):
        old, new = request.path_params["id"], error.to
        path, query = request.url.path, request.url.query
        asked = f"?{query}" if query and path.startswith("/api/") else ""
        return RedirectResponse(path.replace(f"/{old}", f"/{new}", 1) + asked, 301)
    about = error.params.get("title")
    return _answer(request, error.status, error.code, error, about if isinstance(about, Text) else None)


def http_error(request: Request, error: Exception) -> Response:
    """Answer what Starlette raises: no such route, a method that is not served."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    answer = _answer(request, status, _HTTP.get(status, ErrorCode.BAD_INPUT), NotFound() if status == 404 else None)
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


def unexpected(request: Request, error: Exception) -> Response:
    """Answer a fault of ours. The log gets the trace and the route, never the query or who asked."""
    route = getattr(request.scope.get("route"), "path", "?")
    log.error("unexpected error at %s", route, exc_info=error)
    return _answer(request, 500, ErrorCode.ERROR, None)


def _answer(
    request: Request, status: int, code: ErrorCode, error: CatalogueError | None, about: Text | None = None
) -> Response:
    for_machines = request.url.path.startswith("/api/") or request.url.path.endswith(".json")
    asked = request.query_params.get("lang", "") if for_machines else ""
    lang = asked if asked in languages() else language_of(request)
    _ = languages()[lang].gettext
    message = error.text(_) if error else _(_MESSAGES.get(status, CatalogueError.message))
    if for_machines:
        field = error.params.get("field") if isinstance(error, BadInput) else None
        headers = {"Retry-After": str(_RETRY)} if status == 503 else None
        return JSONResponse({"error": {"code": code, "message": message, "field": field}}, status, headers)
    title = _(TITLES.get(status, TITLES[500] if status >= 500 else TITLES[400]))
    if request.url.path.startswith("/desk/"):
        return desk_errors.error_page(request, status, title, message, error)
    page = ErrorPage(make_frame(request), status, title, message, about.best(lang) if about else None)
    return html("error.html", page, lang, status)
