"""Beginning a record from what is known of the document: its web address, the number on its back, its file."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catalogue import book_facts, page_facts
from catalogue.book_facts import NotLookedUp
from catalogue.errors import N_, BadInput, Translate
from catalogue.page_facts import NotFetched
from catalogue.sameness import is_same_url, isbn_key
from catalogue.service import Catalogue
from catalogue.web.desk.records import described, numbers

Plain = Any

UNKNOWN = N_("No catalogue of books that was asked knows this ISBN. It stands in the form: fill in the rest by hand.")
FOUND = N_("Found at %(source)s. Look over what is filled in now.")


@dataclass(frozen=True)
class Asked:
    """Where to begin. ``name``: what the file's owner calls it."""

    url: str = ""
    number: str = ""
    file: str = ""
    name: str = ""


NOTHING = Asked()


@dataclass(frozen=True)
class Begun:
    """The mapping with what was found. ``typed``: names that no list has, by the field they are for.

    ``missed``: sentences, translated, on what could not be read; ``told``: on what was found.
    """

    mapping: Mapping[str, Plain]
    typed: Mapping[str, str] = field(default_factory=dict)
    missed: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def begin(catalogue: Catalogue, mapping: Mapping[str, Plain], asked: Asked, translate: Translate) -> Begun:
    """Return a mapping with what was found filled in where nothing stood.

    Raises BadInput for an address or a number that is none, or a file that is not there.
    """
    number, address = numbers.identified(asked.number), _address(asked.url)
    begun = Begun(dict(mapping))
    if asked.file.strip():
        begun = _with(begun, described.of_file(catalogue, asked.file.strip(), asked.name))
    if number:
        begun = _with_book(catalogue, _with(begun, number), translate)
    if address:
        begun = _with_page(catalogue, _with(begun, {"holdings": [{"url": address}]}), address, translate)
    return begun


def _with_book(catalogue: Catalogue, begun: Begun, translate: Translate) -> Begun:
    """Look the ISBN up, where the centre has said where."""
    isbn = isbn_key(begun.mapping["identifiers"].get("isbn", ""))
    sources = catalogue.settings.isbn_sources.split()
    if not isbn or not sources:
        return begun
    try:
        facts = book_facts.look_up(isbn, sources)
    except NotLookedUp as error:
        return dataclasses.replace(begun, missed=(*begun.missed, error.text(translate)))
    if facts is None:
        return dataclasses.replace(begun, missed=(*begun.missed, translate(UNKNOWN)))
    found, typed = described.of_book(catalogue, facts)
    named = {} if begun.mapping.get("publisher") else typed
    told = translate(FOUND) % {"source": facts.source}
    return dataclasses.replace(_with(begun, found), typed=named, told=(*begun.told, told))


def _with_page(catalogue: Catalogue, begun: Begun, address: str, translate: Translate) -> Begun:
    try:
        facts = page_facts.fetch(address)
    except NotFetched as error:
        return dataclasses.replace(begun, missed=(*begun.missed, error.text(translate)))
    return _with(begun, described.of_page(catalogue, facts))


def _with(begun: Begun, found: Mapping[str, Plain]) -> Begun:
    return dataclasses.replace(begun, mapping=_add(begun.mapping, found))


# --- what was typed --------------------------------------------------------------------------------------------------


def _address(url: str) -> str:
    if not url.strip():
        return ""
    address = url.strip() if re.match(r"https?://", url.strip(), re.IGNORECASE) else f"https://{url.strip()}"
    if not re.fullmatch(r"https?://[^\s/<>\"]+\.[^\s<>\"]+", address, re.IGNORECASE):
        raise BadInput(N_("“%(value)s” is not a web address; it begins with https://"), value=url.strip(), field="url")
    return address


# --- putting together ------------------------------------------------------------------------------------------------


def _add(mapping: Mapping[str, Plain], found: Mapping[str, Plain]) -> dict[str, Plain]:
    """Return a mapping with what was found where it has nothing; what somebody wrote is never touched."""
    added = dict(mapping)
    for name, value in found.items():
        there = added.get(name)
        if name == "holdings":
            added[name] = _holdings(there or [], value)
        elif isinstance(value, dict) and isinstance(there, dict):
            added[name] = {**value, **there}
        elif not there:
            added[name] = value
    return added


def _holdings(there: list[Plain], found: list[Plain]) -> list[Plain]:
    """Return holdings with those that were found: the same address is the same holding, a row left empty is used."""
    rows = [dict(row) for row in there]
    for row in found:
        way = "file" if "file" in row else "url"
        same = next((old for old in rows if old.get(way) and is_same_url(old[way], row[way])), None)
        empty = next((old for old in rows if old.get(way) == ""), None)
        target = same if same is not None else empty
        if target is None:
            rows.append(dict(row))
        else:
            target.update({**row, **{key: value for key, value in target.items() if value}})
    return rows
