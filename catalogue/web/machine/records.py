"""Records as their files hold them, without what is for staff: one, some, all of them."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from catalogue import network
from catalogue.dump import Dump
from catalogue.i18n import DEFAULT
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.web import addresses
from catalogue.web.machine import conditional
from catalogue.web.machine.answered import PublicRecord, RecordsAnswer
from catalogue.web.machine.endpoints import DUMP, RECORD, RECORDS


def record(request: Request) -> Response:
    """``GET /api/records/{id}``: a record."""
    catalogue: Catalogue = request.app.state.catalogue
    found = catalogue.record(request.path_params["id"])
    value = as_json(catalogue, found, RECORD.read(request)["lang"])
    return conditional.answer(request, value, conditional.ASK_AGAIN)


def beside_page(request: Request) -> Response:
    """``GET /{lang}/record/{id}.json``: the same. Nothing is kept: it is an address of a visitor's page."""
    catalogue: Catalogue = request.app.state.catalogue
    found = catalogue.record(request.path_params["id"])
    value = as_json(catalogue, found, request.path_params["lang"])
    return conditional.answer(request, value, conditional.KEEP_NOTHING)


def records(request: Request) -> Response:
    """``GET /api/records``: all public records by id, some at a time. The cursor is the id of the last one."""
    catalogue: Catalogue = request.app.state.catalogue
    asked = RECORDS.read(request)
    ordered, many = catalogue.contents.ordered, asked["per_page"]
    start = bisect_right(ordered, asked["cursor"], key=lambda record: record.id)
    shown = ordered[start : start + many]
    cursor = shown[-1].id if start + many < len(ordered) else None
    more = url(catalogue, f"{RECORDS.path}?{urlencode({**asked, 'cursor': cursor})}") if cursor else None
    value: RecordsAnswer = {
        "total": len(ordered),
        "per_page": many,
        "records": [as_json(catalogue, record, asked["lang"]) for record in shown],
        "cursor": cursor,
        "next": more,
    }
    links = following(more) if more else {}
    return conditional.answer(request, value, conditional.ASK_AGAIN, **links)


def dump(request: Request) -> Response:
    """``GET /api/dump.jsonl.gz``: all public records, one a line."""
    DUMP.read(request)
    kept: Dump = request.app.state.dump
    made = kept.newest()
    headers = {"ETag": f'"{made.digest[:32]}"', "Cache-Control": conditional.ASK_AGAIN}
    if conditional.is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return FileResponse(made.path, media_type=DUMP.media, filename="records.jsonl.gz", headers=headers)


def following(address: str) -> dict[str, str]:
    """Return the header that says where it goes on (RFC 8288)."""
    return {"Link": f'<{address}>; rel="next"'}


def as_line(catalogue: Catalogue, record: Resource) -> PublicRecord:
    """Return a record as it stands in the dump."""
    return as_json(catalogue, record, DEFAULT)


def as_json(catalogue: Catalogue, record: Resource, lang: str) -> PublicRecord:
    """Return a record as JSON has it; ``lang``: of the page that its ``url`` leads to."""
    mapping = network.seen(record.to_mapping(public_only=True), catalogue.contents.frame.vocabularies)
    return {"id": record.id, "url": url(catalogue, addresses.record(lang, record.id)), **_jsonable(mapping)}


def url(catalogue: Catalogue, path: str) -> str:
    """Return an address: absolute where the settings know the site's own."""
    return f"{catalogue.settings.base_url}{path}"


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _jsonable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_jsonable(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
