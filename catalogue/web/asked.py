"""Ids of records in the body of a post: read with limits, refused in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from catalogue.errors import N_, BadInput
from catalogue.shapes import ID
from catalogue.state.lists import MOST_ITEMS

MOST_BYTES = 64 * 1024


async def read_json(request: Request) -> Mapping[str, Any]:
    """Return the JSON object in the body of a request. Raises BadInput where it is none, or longer than 64 KiB."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise BadInput(N_("This is too long."), field="body")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise BadInput(N_("A JSON object is expected here, as in %(example)s."), field="body", example='{"ids": ["…"]}')
    return value


def ids_in(asked: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids under ``ids``, each once. Raises BadInput where they are no ids or more than 100."""
    ids = asked.get("ids")
    if not isinstance(ids, list) or not all(isinstance(id, str) and ID.fullmatch(id) for id in ids):
        raise BadInput(N_("“ids” is a list of ids of records."), field="ids")
    if len(ids) > MOST_ITEMS:
        raise BadInput(N_("A list holds %(most)s documents at most."), field="ids", most=MOST_ITEMS)
    return tuple(dict.fromkeys(ids))
