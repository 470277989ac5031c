"""Answers that a program need not fetch twice: ETag and If-None-Match (RFC 9110, 8.8.3 and 13.1.2).

The tag is a digest of what is sent: another one means other bytes, whatever changed them (a record, a list of words,
the index, the day on which an event is past), and after a restart it is the same.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

ASK_AGAIN = "no-cache"
"""Whoever keeps it asks each time whether it still is so."""

KEEP_NOTHING = "no-store"
"""For what was searched: no disk and no proxy is to know it."""

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def tag_of(data: bytes) -> str:
    """Return a strong entity tag of the bytes of an answer."""
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def is_known(request: Request, tag: str) -> bool:
    """Tell whether who asks has what ``tag`` stands for (weak comparison, as the header asks for)."""
    given = ",".join(request.headers.getlist("if-none-match")).strip()
    return given == "*" or tag in _TAG.findall(given)


def answer(request: Request, value: Mapping[str, object], cache: str, **headers: str) -> Response:
    """Return ``value`` as JSON with its tag, or 304 where who asks has it already. ``cache``: its Cache-Control."""
    data = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    about = {"ETag": tag_of(data), "Cache-Control": cache, **headers}
    if is_known(request, about["ETag"]):
        return Response(status_code=304, headers=about)
    return Response(data, headers=about, media_type="application/json")
