"""The parameters of a request: http://www.loc.gov/standards/sru/sru-1-2.html"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from catalogue.sru.diagnostics import Diagnostic

VERSIONS = ("1.1", "1.2")
MOST_RECORDS = 100
"""Records in one answer: who asks for more gets so many, and is told where to go on."""
RECORDS = 10
"""Records in one answer where nobody says how many."""

SCHEMAS: Mapping[str, str] = {
    "dc": "info:srw/schema/1/dc-v1.1",
    "marcxml": "info:srw/schema/1/marcxml-v1.1",
}
"""Short name → name of the schema; the first is the one where nobody says which."""
PACKINGS = ("xml", "string")

_COMMON = ("operation", "version", "stylesheet", "recordPacking", "extraRequestData")
_SEARCH = (
    *_COMMON,
    "query",
    "startRecord",
    "maximumRecords",
    "recordSchema",
    "resultSetTTL",
    "recordXPath",
    "sortKeys",
)
_REFUSED = {"stylesheet": 110, "recordXPath": 72, "sortKeys": 80}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that can be tried. ``schema``: a short name of ``SCHEMAS``; ``start`` counts from 1."""

    operation: str
    version: str = VERSIONS[-1]
    packing: str = PACKINGS[0]
    query: str = ""
    start: int = 1
    maximum: int = RECORDS
    schema: str = "dc"


def read(params: Mapping[str, str]) -> Asked:
    """Read the parameters of an address. Raises Diagnostic for what the standard does not allow or we cannot do.

    An address without any, as one types it, asks for the explanation.
    """
    if not params:
        return Asked("explain")
    operation = _mandatory(params, "operation")
    if operation not in ("explain", "searchRetrieve"):
        raise Diagnostic(4, operation[:40])
    version = _mandatory(params, "version")
    if version not in VERSIONS:
        raise Diagnostic(5, VERSIONS[-1])
    known = _SEARCH if operation == "searchRetrieve" else _COMMON
    for name, value in params.items():
        if name not in known and not name.startswith("x-"):
            raise Diagnostic(8, name[:40])
        if name in _REFUSED and value:
            raise Diagnostic(_REFUSED[name])
    packing = params.get("recordPacking") or PACKINGS[0]
    if packing not in PACKINGS:
        raise Diagnostic(71, packing[:40])
    if operation == "explain":
        return Asked(operation, version, packing)
    return Asked(
        operation,
        version,
        packing,
        _mandatory(params, "query"),
        _number(params, "startRecord", 1, 1),
        min(_number(params, "maximumRecords", 0, RECORDS), MOST_RECORDS),
        _schema(params.get("recordSchema", "")),
    )


def _mandatory(params: Mapping[str, str], name: str) -> str:
    value = params.get(name, "").strip()
    if not value:
        raise Diagnostic(7, name)
    return value


def _number(params: Mapping[str, str], name: str, least: int, default: int) -> int:
    text = params.get(name, "").strip()
    if not text:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < least:
        raise Diagnostic(6, name)
    return int(text)


def _schema(asked: str) -> str:
    found = next((name for name, address in SCHEMAS.items() if asked in (name, address)), None)
    if found is None and asked:
        raise Diagnostic(66, asked[:80])
    return found or next(iter(SCHEMAS))
