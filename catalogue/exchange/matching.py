"""Which record a row is about: by id, by the number where it came from, by ISBN, by web address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from catalogue.resource import Resource

_TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid")


class Known:
    """The records there are, by everything they can be recognised by. An address that two share tells nothing."""

    def __init__(self, records: Iterable[Resource]) -> None:
        self.records: dict[str, Resource] = {}
        self._sources: dict[str, str] = {}
        self._isbns: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        for record in records:
            self._add(record)

    def _add(self, record: Resource) -> None:
        self.records[record.id] = record
        if record.source and record.source.id:
            self._sources.setdefault(record.source.id, record.id)
            self._sources[f"{record.source.from_}\n{record.source.id}"] = record.id
        if record.identifiers and (isbn := normal_isbn(record.identifiers.isbn)):
            self._isbns.setdefault(isbn, record.id)
        for holding in record.holdings:
            if holding.url:
                address = normal_address(holding.url)
                self._addresses[address] = record.id if address not in self._addresses else ""

    def match(self, draft: Mapping[str, Any]) -> str:
        """Return the id of the record that a draft is about, empty where it is a new one."""
        if draft.get("id"):
            return draft["id"] if draft["id"] in self.records else ""
        source = draft.get("source", {})
        if source.get("id"):
            # A number says nothing beside another origin; and one that is not known yet is a new record's.
            known = self._sources.get(f"{source['from']}\n{source['id']}" if source.get("from") else source["id"])
            if known:
                return known
        isbn = self._isbns.get(normal_isbn(draft.get("identifiers", {}).get("isbn", "")))
        return isbn or next((id for id in map(self._addresses.get, addresses_of(draft)) if id), "")


def addresses_of(draft: Mapping[str, Any]) -> list[str]:
    """Return the web addresses of a draft in their normal form."""
    return [normal_address(holding["url"]) for holding in draft.get("holdings", ()) if holding.get("url")]


def normal_isbn(text: str) -> str:
    """Return an ISBN as 13 digits (ISO 2108), an ISBN-10 as the one it became; empty for anything else."""
    bare = "".join(character for character in text.upper() if character.isdigit() or character == "X")
    if len(bare) == 10:
        bare = f"978{bare[:9]}"
        if not bare.isdigit():
            return ""
        bare += str(-sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(bare)) % 10)
    return bare if len(bare) == 13 and bare.isdigit() else ""


def normal_address(url: str) -> str:
    """Return a web address without what makes no other page of it: scheme, www, last slash, fragment, tracking."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return url
    kept = [(name, value) for name, value in parse_qsl(parts.query, True) if not name.startswith(_TRACKING)]
    query = f"?{urlencode(sorted(kept))}" if kept else ""
    return f"{host}{port}{parts.path.rstrip('/')}{query}"
