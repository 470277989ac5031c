"""Beginning a record from what is known of the document: its web address, or the number on its back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from catalogue import page_facts
from catalogue.errors import N_, BadInput
from catalogue.page_facts import Facts, NotFetched
from catalogue.sameness import is_same_url
from catalogue.service import Catalogue
from catalogue.values import TEXT_LANGUAGES
from catalogue.web import forms

Plain = Any


def begin(
    catalogue: Catalogue, mapping: Mapping[str, Plain], url: str, number: str
) -> tuple[dict[str, Plain], NotFetched | None]:
    """Return a mapping with what was found filled in where nothing stood, and why a page could not be read.

    Raises BadInput for an address or a number that is none.
    """
    begun = dict(mapping)
    missed = None
    if number.strip():
        begun = _add(begun, _of_number(number))
    if url.strip():
        address = _address(url)
        begun = _add(begun, {"holdings": [{"url": address}]})
        try:
            facts = page_facts.fetch(address)
        except NotFetched as error:
            missed = error
        else:
            begun = _add(begun, _of_facts(catalogue, facts))
    return begun, missed


def _address(url: str) -> str:
    address = url.strip() if re.match(r"https?://", url.strip(), re.IGNORECASE) else f"https://{url.strip()}"
    if not re.fullmatch(r"https?://[^\s/<>\"]+\.[^\s<>\"]+", address, re.IGNORECASE):
        raise BadInput(N_("“%(value)s” is not a web address; it begins with https://"), value=url.strip(), field="url")
    return address


def _of_number(number: str) -> dict[str, Plain]:
    digits = re.sub(r"[\s-]", "", number).upper()
    if is_isbn(digits):
        return {"identifiers": {"isbn": number.strip()}, "kind": "book"}
    if is_ean(digits):
        return {"identifiers": {"ean": digits}}
    message = N_("“%(value)s” is not an ISBN or EAN: a digit is wrong or missing.")
    raise BadInput(message, value=number.strip(), field="number")


def is_isbn(digits: str) -> bool:
    """Tell whether ten or thirteen digits are an ISBN, by its check digit (ISO 2108)."""
    if re.fullmatch(r"\d{9}[\dX]", digits):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        return sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11 == 0
    return digits.startswith(("978", "979")) and is_ean(digits)


def is_ean(digits: str) -> bool:
    """Tell whether eight or thirteen digits are an EAN, by its check digit (GS1 General Specifications, 7.9)."""
    if not re.fullmatch(r"\d{8}|\d{13}", digits):
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits))) % 10 == 0


def _of_facts(catalogue: Catalogue, facts: Facts) -> dict[str, Plain]:
    lang = facts.language if facts.language in TEXT_LANGUAGES else ""
    vocabularies = catalogue.contents.frame.vocabularies
    found: dict[str, Plain] = {}
    if facts.title:
        found["title"] = {lang or "fr": facts.title}
    if facts.description:
        found["summary"] = {lang or "fr": facts.description}
    if facts.language in vocabularies.terms.get("languages", {}):
        found["languages"] = [facts.language]
    publisher = forms.find(vocabularies, "publishers", facts.publisher) if facts.publisher else ""
    if publisher:
        found["publisher"] = publisher
    if facts.isbn and is_isbn(re.sub(r"[\s-]", "", facts.isbn)):
        found["identifiers"] = {"isbn": facts.isbn}
    known = [code for code in facts.versions if code in vocabularies.terms.get("languages", {})]
    found["holdings"] = [{"url": facts.url, **({"language": facts.language} if lang else {})}]
    found["holdings"] += [{"url": facts.versions[code], "language": code} for code in known if code != facts.language]
    return found


def _add(mapping: dict[str, Plain], found: Mapping[str, Plain]) -> dict[str, Plain]:
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
        same = next((old for old in rows if old.get("url") and is_same_url(old["url"], row["url"])), None)
        empty = next((old for old in rows if old.get("url") == ""), None)
        target = same if same is not None else empty
        if target is None:
            rows.append(dict(row))
        else:
            target.update({**row, **{key: value for key, value in target.items() if value}})
    return rows
