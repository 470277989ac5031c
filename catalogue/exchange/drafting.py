"""A row of a table as the mapping of a record, by the rules of its columns. Nothing is checked here: records check."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from catalogue.errors import Problem
from catalogue.exchange.mapping import ColumnMapping, Rule
from catalogue.exchange.targets import ID, ONE_PER_COPY, TARGETS, Target
from catalogue.exchange.terms import Recogniser
from catalogue.folding import fold
from catalogue.shapes import ID as ID_FORM
from catalogue.shapes import Place
from catalogue.values import TEXT_LANGUAGES
from catalogue.yamlfile import Document

LONGEST_ID = 60
"""Characters of an id made of a title; an id may have 80, and a number may have to be added."""

BETWEEN = "\n"
"""Between the values of one cell in formats that have no cells."""

Draft = dict[str, Any]


def draft_of(
    mapping: ColumnMapping, columns: Sequence[str], cells: Sequence[str], recogniser: Recogniser
) -> tuple[Draft, Draft]:
    """Return what a row says of a record, and what the mapping says of all: nested as in a record file, without gaps.

    The draft's ``id``, where a column gives it, is the record's.
    """
    said: dict[str, list[str]] = {}
    for column, cell in zip(columns, cells, strict=True):
        rule = mapping.columns.get(column)
        if rule and cell:
            values = _values(rule, TARGETS[rule.to], cell, recogniser)
            said.setdefault(rule.to, []).extend(values)
    alike = {
        name: _values(Rule(name, ";" if TARGETS[name].many else ""), TARGETS[name], value, recogniser)
        for name, value in mapping.constants.items()
        if value and not said.get(name)
    }
    return _nested(said), _nested(alike)


def id_from(title: Mapping[str, str], is_taken: Callable[[str], bool]) -> str:
    """Return a free id made of a title, in the first of our languages that it has."""
    text = next((title[lang] for lang in TEXT_LANGUAGES if title.get(lang)), "")
    slug = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    if len(slug) > LONGEST_ID:
        slug = slug[: LONGEST_ID + 1].rpartition("-")[0] or slug[:LONGEST_ID]
    slug = slug if ID_FORM.fullmatch(slug) else f"notice-{slug}".rstrip("-")
    number, id = 1, slug
    while is_taken(id):
        number += 1
        id = f"{slug}-{number}"
    return id


def is_understood(target: Target, value: str, recogniser: Recogniser) -> bool:
    """Tell whether a value of a file means something for a target: a known word, a number, a date of the right form."""
    if target.vocabulary or target.words:
        return bool(recogniser.id_of(target, value))
    if target.shape is None:
        return True
    problems: list[Problem] = []
    place = Place(Document(Path(target.name), None), problems)
    target.shape.read(_value(Rule(target.name), target, value, recogniser), place)
    return not problems or target.name == "identifiers.isbn"  # numbers of other kinds go where they belong


def _values(rule: Rule, target: Target, cell: str, recogniser: Recogniser) -> list[str]:
    if cell in rule.values:  # a whole cell that is given a meaning
        return [rule.values[cell]] if rule.values[cell] else []
    if target.vocabulary and not target.many and BETWEEN in cell:
        return _recognised(rule, target, cell.split(BETWEEN), recogniser)
    parts = cell.split(rule.separator) if target.many and rule.separator else [cell]
    parts = [part for piece in parts if (part := piece.strip())]
    return [value for part in parts if (value := _value(rule, target, part, recogniser))]


def _recognised(rule: Rule, target: Target, parts: Sequence[str], recogniser: Recogniser) -> list[str]:
    """Return the first of several names that means something: what is said twice, by two lists, is one value."""
    meant = (rule.values.get(part) or recogniser.id_of(target, part) for part in parts)
    return list(filter(None, meant))[:1]


def _value(rule: Rule, target: Target, part: str, recogniser: Recogniser) -> str:
    if part in rule.values:
        return rule.values[part]
    if target.vocabulary or target.words:
        return recogniser.id_of(target, part) or part
    if target.is_number:
        return _number(part, target)
    if target.is_day:
        return _day(part)
    if target.name == "holdings.url" and re.match(r"www\.\S+$", part):
        return f"https://{part}"
    return part


def _number(text: str, target: Target) -> str:
    """Return a whole number; the only year in ``cop. 1998`` or ``[2019]``."""
    plain = re.sub(r"\.0+$", "", text)
    years = re.findall(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)", plain)
    return years[0] if target.name.endswith("year") and len(set(years)) == 1 else plain


def _day(text: str) -> str:
    """Return a date as ISO 8601 writes it; people here write the day first: 4/12/2026, 04-12-2026, 4.12.2026."""
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T](\d{1,2})[:h](\d\d))?", text)
    if not found:
        return text
    day, month, year, hour, minute = found.groups()
    return f"{year}-{int(month):02}-{int(day):02}" + (f"T{int(hour):02}:{minute}" if hour else "")


def _nested(said: Mapping[str, list[str]]) -> Draft:
    draft: Draft = {}
    for name, target in TARGETS.items():
        values = said.get(name)
        if not values or name.startswith(("holdings.", "dates.")):
            continue
        _put(draft, name, list(dict.fromkeys(values)) if target.many else _joined(target, values))
    _put_numbers_right(draft)
    occasion = {
        name.partition(".")[2]: values[0] for name, values in said.items() if name.startswith("dates.") and values
    }
    if occasion:
        draft["dates"] = [_split(occasion)]
    if holdings := _holdings(said):
        draft["holdings"] = holdings
    return draft


def _joined(target: Target, values: Sequence[str]) -> str:
    """Several columns of one text are its paragraphs; of anything else the first counts."""
    return "\n\n".join(dict.fromkeys(values)) if target.shape is None and target.name != ID else values[0]


def _put(draft: Draft, name: str, value: Any) -> None:
    *path, last = name.split(".")
    place = draft
    for key in path:
        if not isinstance(place.get(key), dict):  # a text for all languages gives way to one by language
            place[key] = {}
        place = place[key]
    place[last] = value


def _split(occasion: Mapping[str, str]) -> Draft:
    made: Draft = {}
    for name, value in occasion.items():
        _put(made, name, value)
    return made


def _put_numbers_right(draft: Draft) -> None:
    """Put an ISSN or EAN that stands among ISBNs where it belongs; library systems have one column for all."""
    numbers = draft.get("identifiers", {})
    isbn = numbers.get("isbn", "")
    bare = isbn.replace("-", "").replace(" ", "")
    if re.fullmatch(r"\d{4}-?\d{3}[\dXx]", isbn):
        numbers.setdefault("issn", f"{bare[:4]}-{bare[4:]}")
        del numbers["isbn"]
    elif re.fullmatch(r"\d{13}", bare) and not bare.startswith(("978", "979")):
        numbers.setdefault("ean", bare)
        del numbers["isbn"]


def _holdings(said: Mapping[str, list[str]]) -> list[Draft]:
    """Return a holding for each address, shelf mark and file; what else the row says of holdings goes with them.

    Copies and use are those of what stands on a shelf; as many values as there are marks go with one each.
    """
    made: list[Draft] = []
    others = {
        key: values
        for name, values in said.items()
        if name.startswith("holdings.") and (key := name.partition(".")[2]) not in ONE_PER_COPY
    }
    for form in ("shelf", "url", "file"):
        places = list(dict.fromkeys(said.get(f"holdings.{form}", ())))
        for index, place in enumerate(places):
            holding: Draft = {form: place}
            for key, values in others.items():
                if values and (form == "shelf" or key not in ("copies", "use")):
                    holding[key] = values[index] if len(values) == len(places) else values[0]
            made.append(holding)
    return made
