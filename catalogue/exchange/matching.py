"""Which record a row is about: by id, by the number where it came from, by ISBN, by web address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from catalogue.resource import Resource
from catalogue.sameness import isbn_key, url_key


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
        if record.identifiers and (isbn := isbn_key(record.identifiers.isbn)):
            self._isbns.setdefault(isbn, record.id)
        for holding in record.holdings:
            if address := url_key(holding.url):
                self._addresses[address] = record.id if self._addresses.get(address, record.id) == record.id else ""

    def match(self, draft: Mapping[str, Any]) -> str:
        """Return the id of the record that a draft is about, empty where it is a new one."""
        if draft.get("id"):
            return draft["id"] if draft["id"] in self.records else ""
        source = draft.get("source", {})
        if source.get("id"):
            # A number says nothing beside another origin; and one that is not known yet is a new record's.
            known = self._sources.get(f"{source['from']}\n{source['id']}" if source.get("from") else source["id"])
            if known or self._is_own(source["id"], draft):
                return known or source["id"]
        isbn = self._isbns.get(isbn_key(draft.get("identifiers", {}).get("isbn", "")))
        return isbn or next((id for id in map(self._addresses.get, addresses_of(draft)) if id), "")

    def _is_own(self, number: str, draft: Mapping[str, Any]) -> bool:
        """Tell whether a number of origin is an id of ours that has come back; the title has to agree."""
        record = self.records.get(number)
        titles = draft.get("title", {}).values()
        return record is not None and any(title in record.title.values() for title in titles)


def addresses_of(draft: Mapping[str, Any]) -> list[str]:
    """Return the keys of the web addresses of a draft."""
    return [key for holding in draft.get("holdings", ()) if (key := url_key(holding.get("url", "")))]
