"""Which web addresses the collection names, where each stands, and records with some of them replaced or suspended."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.contents import Contents
from catalogue.resource import Resource

RECORD, TERM, PAGE, CENTRE = "record", "term", "page", "centre"
"""What can name an address."""

_IN_TEXT = re.compile(r"https?://[^\s<>()\[\]\"'|]+[^\s<>()\[\]\"'|.,;:!?]")


@dataclass(frozen=True, slots=True)
class Use:
    """A place where an address stands. ``vocabulary``: of a term; ``suspended``: visitors do not see it there."""

    kind: str
    id: str
    vocabulary: str = ""
    suspended: datetime.date | None = None


def collected(contents: Contents, day: datetime.date) -> Mapping[str, tuple[Use, ...]]:
    """Return every web address of the collection with where it stands; ``day``: today, dates before it are left out.

    Withdrawn records and retired words count no longer; drafts do, and links that are suspended.
    """
    found: dict[str, dict[Use, None]] = defaultdict(dict)
    for address, use in _every(contents, day):
        found[address][use] = None
    return {address: tuple(uses) for address, uses in found.items()}


def _every(contents: Contents, day: datetime.date) -> Iterator[tuple[str, Use]]:
    for record in sorted(contents.records.values(), key=lambda record: record.id):
        if record.status != "withdrawn":
            yield from _of_record(record, day)
    frame = contents.frame
    for vocabulary, terms in frame.vocabularies.terms.items():
        yield from (
            (term.url, Use(TERM, term.id, vocabulary)) for term in terms.values() if term.url and not term.retired
        )
    for page in frame.pages.values():
        for text in page.body.values():
            yield from ((address, Use(PAGE, page.id)) for address in _IN_TEXT.findall(text))
    if frame.centre.website:
        yield frame.centre.website, Use(CENTRE, "centre")


def _of_record(record: Resource, day: datetime.date) -> Iterator[tuple[str, Use]]:
    for holding in record.holdings:
        if holding.url:
            yield holding.url, Use(RECORD, record.id, suspended=holding.suspended)
    for occasion in record.dates:
        if occasion.register and occasion.until.date() >= day:
            yield occasion.register, Use(RECORD, record.id)
    for text in record.body.values():
        yield from ((address, Use(RECORD, record.id)) for address in _IN_TEXT.findall(text))


def of_record(record: Resource) -> tuple[str, ...]:
    """Return the web addresses that a record names, each once."""
    return tuple(dict.fromkeys(address for address, _ in _of_record(record, datetime.date.min)))


def readdressed(record: Resource, replacements: Mapping[str, str]) -> Mapping[str, Any]:
    """Return a record's mapping with addresses replaced wherever they stand in it: old address → new one.

    A link that was suspended is offered again: it is another one.
    """

    def one(entry: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        if entry.get(key) not in replacements:
            return entry
        kept = {name: value for name, value in entry.items() if name != "suspended"}
        return {**kept, key: replacements[entry[key]]}

    mapping = record.to_mapping()
    for name, key in (("holdings", "url"), ("dates", "register")):
        if name in mapping:
            mapping[name] = [one(entry, key) for entry in mapping[name]]
    if record.body:
        mapping["body"] = {lang: in_text(text, replacements) for lang, text in record.body.items()}
    return mapping


def in_text(text: str, replacements: Mapping[str, str]) -> str:
    """Return a text with addresses in it replaced: old address → new one."""
    return _IN_TEXT.sub(lambda found: replacements.get(found[0], found[0]), text)


def suspended(record: Resource, addresses: Collection[str], day: datetime.date | None) -> Mapping[str, Any]:
    """Return a record's mapping with its links to ``addresses`` suspended since ``day``, or offered again (None)."""
    mapping = record.to_mapping()
    ways = [dict(way) for way in mapping.get("holdings", ())]
    for way in ways:
        if way.get("url") in addresses:
            way.pop("suspended", None)
            way |= {"suspended": day} if day else {}
    return {**mapping, **({"holdings": ways} if ways else {})}
