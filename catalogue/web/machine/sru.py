"""``/sru``: the catalogue for library systems, by SRU 1.2. What cannot be answered is a diagnostic, never a page."""

from __future__ import annotations

import threading

from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import Unavailable
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.sru import cql
from catalogue.sru.asked import VERSIONS, Asked, read
from catalogue.sru.diagnostics import Diagnostic
from catalogue.sru.explain import explanation
from catalogue.sru.responses import Page, explain_response, failed_search, search_response
from catalogue.sru.searching import Searcher
from catalogue.web.frame import language_of, site_address
from catalogue.web.machine.formats import naming_of

_AT_ONCE = threading.BoundedSemaphore(2)
"""A query may take a second of a processor; visitors go first."""
_PATIENCE = 1.0  # seconds until a program is asked to come back


def sru(request: Request) -> Response:
    """``GET /sru``: explain, searchRetrieve."""
    try:
        data = _answer(request)
    except Diagnostic as problem:
        data = _refused(request, problem)
    except Unavailable:
        data = _refused(request, Diagnostic(2))
    # What is asked of it is nobody's business, and what is found may be gone tomorrow.
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
    return Response(data, media_type="text/xml", headers=headers)


def _answer(request: Request) -> bytes:
    asked = read(dict(request.query_params))
    if asked.operation == "explain":
        return _explained(request, asked)
    catalogue: Catalogue = request.app.state.catalogue
    lang = language_of(request)
    found = _found(Searcher(catalogue, lang), cql.parse(asked.query))
    if found and asked.start > len(found):
        raise Diagnostic(61, str(len(found)))
    shown = found[asked.start - 1 : asked.start - 1 + asked.maximum]
    return search_response(asked, Page(len(found), shown), naming_of(request, lang))


def _found(searcher: Searcher, query: cql.Node) -> list[Resource]:
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise Diagnostic(2)
    try:
        return searcher.search(query)
    finally:
        _AT_ONCE.release()


def _refused(request: Request, problem: Diagnostic) -> bytes:
    version = request.query_params.get("version", "")
    version = version if version in VERSIONS else VERSIONS[-1]
    if request.query_params.get("operation") == "searchRetrieve":
        return failed_search(version, problem)
    return _explained(request, Asked("explain", version), problem)


def _explained(request: Request, asked: Asked, problem: Diagnostic | None = None) -> bytes:
    catalogue: Catalogue = request.app.state.catalogue
    about = explanation(f"{site_address(request)}/sru", catalogue.contents.frame.centre.name, language_of(request))
    return explain_response(asked, about, problem)
