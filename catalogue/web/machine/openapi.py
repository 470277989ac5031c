"""The description of the API for programs: OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1), from ``endpoints``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from catalogue import __version__
from catalogue.errors import N_, ErrorCode, Translate
from catalogue.fields import OF_A_NETWORK
from catalogue.i18n import languages
from catalogue.service import Catalogue
from catalogue.web.machine import conditional, schemas
from catalogue.web.machine.answered import ErrorAnswer
from catalogue.web.machine.endpoints import DOCUMENT, ENDPOINTS, ERRORS, Endpoint
from catalogue.web.machine.parameters import Parameter

TITLE = N_("The catalogue for programs")
ABOUT = N_(
    "Everything that visitors see, as JSON, open for reading from any site, without a key. Nobody is "
    "followed. What is there stays as it is; keys and parameters may be added."
)
_ETAG = {"ETag": {"schema": {"type": "string"}, "description": "RFC 9110, 8.8.3"}}
_RETRY = {"Retry-After": {"schema": {"type": "string"}, "description": "RFC 9110, 10.2.3"}}


def openapi(request: Request) -> Response:
    """``GET /api/openapi.json``: the description in a language, English by default."""
    catalogue: Catalogue = request.app.state.catalogue
    lang = DOCUMENT.read(request)["lang"]
    return conditional.answer(request, document_of(catalogue, lang), conditional.ASK_AGAIN)


def document_of(catalogue: Catalogue, lang: str) -> Mapping[str, Any]:
    """Return the description of the API of a site."""
    return document(lang, catalogue.settings.base_url, bool(catalogue.contents.frame.vocabularies.centres))


@cache
def document(lang: str, base_url: str = "", several: bool = False) -> Mapping[str, Any]:
    """Return the description of the API of a site at ``base_url`` (empty: the host that is asked).

    ``several``: of a network of centres.
    """
    _ = languages()[lang].gettext
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, _, several)
    return {
        "openapi": "3.1.1",
        "info": {"title": _(TITLE), "description": _(ABOUT), "version": __version__},
        "servers": [{"url": base_url or "/"}],
        "paths": paths,
        "components": {"schemas": _schemas(_, several)},
    }


def _operation(endpoint: Endpoint, _: Translate, several: bool) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": _(endpoint.summary),
        "description": _(endpoint.about),
        "parameters": [_parameter(parameter, _) for parameter in endpoint.offered(several)],
        "responses": _responses(endpoint, _),
    }
    if endpoint.tagged:
        known = {"name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"}}
        operation["parameters"].append({**known, "description": _(N_("The ETag of an answer that one has already."))})
    if endpoint.question:
        content = {"application/json": {"schema": schemas.of_type(endpoint.question, _)}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _parameter(parameter: Parameter, _: Translate) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.place == "path",
        "description": _(parameter.about),
        "schema": parameter.form.schema,
    }


def _responses(endpoint: Endpoint, _: Translate) -> dict[str, Any]:
    schema = schemas.of_type(endpoint.answer, _) if endpoint.answer else {}
    headers = _ETAG if endpoint.tagged else {}
    answers: dict[str, Any] = {
        "200": {"description": "OK", "headers": headers, "content": {endpoint.media: {"schema": schema}}}
    }
    if endpoint.moves:
        answers["301"] = {"description": _(N_("It lives on under another id: “Location” is its address."))}
    if endpoint.tagged:
        answers["304"] = {"description": _(N_("It is still what one has.")), "headers": headers}
    errors = schemas.of_type(ErrorAnswer, _)
    for code in (*endpoint.errors, ErrorCode.METHOD_NOT_ALLOWED, ErrorCode.ERROR):
        status, meaning = ERRORS[code]
        # A 503 says when to ask again.
        about = {"headers": _RETRY} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
        content = {"application/json": {"schema": errors}}
        answers[str(status)] = {"description": f"{code}: {_(meaning)}", **about, "content": content}
    return dict(sorted(answers.items()))


def _schemas(_: Translate, several: bool) -> dict[str, Any]:
    told = [one for endpoint in ENDPOINTS for one in (endpoint.answer, endpoint.question) if one]
    found = {one.__name__: one for top in (*told, ErrorAnswer) for one in schemas.named(top)}
    made = {name: schemas.of_answer(found[name], _) for name in sorted(found)}
    for endpoint in ENDPOINTS:
        if endpoint.question:  # what is not known in a question is refused
            made[endpoint.question.__name__]["additionalProperties"] = False
    made["ErrorAbout"]["properties"]["code"]["enum"] = list(ERRORS)
    return {**made, schemas.RECORD: schemas.of_record(_, () if several else OF_A_NETWORK)}
