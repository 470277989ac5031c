"""A series that appears again: which of its records are behind, and what the new edition changes in them.

Ids, lists and translations stay; year, links, files, copies and dates of checking change. The edition before it stays
in the history.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from catalogue.contents import Contents
from catalogue.errors import N_, InvalidRecord, Problem
from catalogue.resource import Resource
from catalogue.shapes import Terms

FATES = {
    "received": N_("received"),
    "missing": N_("missing: to claim"),
    "withdrawn": N_("stopped: withdraw it"),
    "leaves": N_("stopped: keep it outside the series"),
}
"""What can have become of a record of a series."""

NO_FILE = N_("the file “%(value)s” is not there")
YEARS_KEPT = 1  # until what was renewed is to be looked at again


@dataclass(frozen=True)
class Row:
    """What is asked of one record. ``values``: new ones by name: ``year``, ``0.copies``, ``1.url`` (of its holdings),
    ``new.url`` and ``new.file`` (one more way to get it).
    """

    id: str
    fate: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shift:
    """One value that changes. ``where``: the shelf mark or language of its holding, where it is one of a holding's."""

    field: str
    where: str
    before: str
    after: str


@dataclass(frozen=True)
class Renewed:
    """A record before and after, and what would be wrong with it."""

    row: Row
    before: Resource
    after: Resource
    problems: tuple[Problem, ...] = ()

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """Every value that changes."""
        return _shifts(self.before, self.after)


def members(contents: Contents, series: str) -> list[Resource]:
    """Return the records of a series that were not withdrawn, in the order of their titles' ids."""
    ids = contents.uses.get(("series", series), ())
    return [record for id in ids if (record := contents.records[id]).status != "withdrawn"]


def last_year(records: Iterable[Resource]) -> int:
    """Return the year of the newest edition, 0 where none is known."""
    return max((record.year for record in records), default=0)


def behind(records: Sequence[Resource], edition: int = 0) -> list[Resource]:
    """Return the records that are older than ``edition`` (default: the newest of the series)."""
    edition = edition or last_year(records)
    return [record for record in records if record.year < edition]


def held(record: Resource) -> dict[str, str]:
    """Return what a record holds now, by the names of a row's values."""
    values = {"year": str(record.year or "")}
    for index, holding in enumerate(record.holdings):
        name = {"link": "url", "shelf": "copies", "file": "file"}[holding.form]
        values[f"{index}.{name}"] = str(getattr(holding, name) or "")
    return values


def renew(
    record: Resource, row: Row, edition: str, today: datetime.date, note: str, terms: Terms, root: Path
) -> Renewed:
    """Return what a row makes of a record. ``edition``: the year where the row names none; ``note``: for staff, of one
    that stopped. What cannot stand is in ``problems``, and the record then stays as it was.
    """
    row = replace(row, fate=row.fate or ("received" if changed(record, row) else ""))
    mapping = record.to_mapping()
    if row.fate == "received":
        problems = _receive(mapping, record, row, edition, today, root)
    elif row.fate in ("withdrawn", "leaves"):
        _stop(mapping, row.fate, note)
        problems = ()
    else:
        return Renewed(row, record, record)
    try:
        after = Resource.from_mapping(record.id, mapping, terms)
    except InvalidRecord as error:
        return Renewed(row, record, record, (*problems, *error.problems))
    return Renewed(row, record, record if problems else after, problems)


def changed(record: Resource, row: Row) -> bool:
    """Tell whether a row gives a record another value than it has."""
    now = held(record)
    return any(value and value != now.get(name, "") for name, value in row.values.items())


def _receive(
    mapping: dict[str, Any], record: Resource, row: Row, edition: str, today: datetime.date, root: Path
) -> tuple[Problem, ...]:
    now, holdings = held(record), mapping.setdefault("holdings", [])
    given = {name: value for name, value in row.values.items() if value and value != now.get(name)}
    year = given.get("year") or edition
    if year:
        mapping["year"] = year
        for holding in holdings:
            if holding.get("year") == record.year:
                holding["year"] = year
    for name, value in given.items():
        place, _, key = name.rpartition(".")
        if place == "new":
            holdings.append({key: value})
        elif place:
            holdings[int(place)][key] = value
    mapping["checked"], mapping["review_by"] = today, _years_on(today, YEARS_KEPT)
    files = [value for name, value in given.items() if name.endswith("file")]
    lacking = [file for file in files if ".." in file or not (root / file).is_file()]
    return tuple(Problem(Path("form"), 0, "file", NO_FILE, {"value": file}) for file in lacking)


def _stop(mapping: dict[str, Any], fate: str, note: str) -> None:
    if fate == "withdrawn":
        mapping["status"] = "withdrawn"
    else:
        mapping.pop("series", None)
    mapping["staff_note"] = "\n".join(filter(None, (mapping.get("staff_note", ""), note)))


def _years_on(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _shifts(before: Resource, after: Resource) -> tuple[Shift, ...]:
    names = ("year", "series", "status", "checked", "review_by", "staff_note")
    pairs = [(name, "", getattr(before, name), getattr(after, name)) for name in names]
    for index, holding in enumerate(after.holdings):
        old = before.holdings[index] if index < len(before.holdings) else None
        where = holding.shelf or holding.language
        pairs += [
            (name, where, getattr(old, name) if old else "", getattr(holding, name))
            for name in ("url", "file", "copies", "year")
        ]
    return tuple(
        Shift(name, where, str(old or ""), str(new or ""))
        for name, where, old, new in pairs
        if old != new and (old or new)
    )
