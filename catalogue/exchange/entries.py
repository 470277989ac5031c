"""Records of somebody else's file, on their way into a table whose columns are named as our own fields.

A bibliographic format has no columns. Its reader yields for each record an ``Entry``: values under the names of
targets (``title.fr``), and whole parts that no cell can hold. ``entry_table`` makes the table that importing goes
through, so that mapping, dry run, report and undoing are the same for every format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogue.errors import N_
from catalogue.exchange.drafting import BETWEEN
from catalogue.exchange.mapping import ColumnMapping, Rule
from catalogue.exchange.table import LONGEST_CELL, MOST_ROWS, Row, Table, clean
from catalogue.exchange.targets import TARGETS


class Broken(Exception):
    """A record that cannot be read: a msgid and its parameters say where it stands and why."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.message, self.params = message, params


@dataclass
class Entry:
    """What one record says: ``values`` by target; ``whole``: parts of a record's mapping that no cell can hold."""

    values: dict[str, list[str]] = field(default_factory=dict)
    whole: dict[str, Any] = field(default_factory=dict)

    def add(self, target: str, *texts: str) -> None:
        """Say something more of a target; texts that are empty or were said already are left out."""
        said = self.values.setdefault(target, [])
        several = target in TARGETS and TARGETS[target].many
        for text in texts:
            value = clean(" ".join(text.split()) if several else text)
            if value and value not in said:
                said.append(value)

    def first(self, target: str) -> str:
        """Return the first value of a target, empty where there is none."""
        return next(iter(self.values.get(target, ())), "")


def entry_table(
    columns: Sequence[str], entries: Iterable[Entry | Broken], about: Mapping[str, str], first: int = 1
) -> Table:
    """Make a table of entries; the rows are numbered as the records of the file are, from ``first``."""
    return Table(tuple(columns), _rows(tuple(columns), entries, first), {**about, "entries": "yes"})


def _rows(columns: tuple[str, ...], entries: Iterable[Entry | Broken], first: int) -> Iterator[Row]:
    empty = ("",) * len(columns)
    for number, entry in enumerate(entries, first):
        if number - first >= MOST_ROWS:
            message = N_("The file has more than %(most)s records; this one and those behind it are not read.")
            yield Row(number, empty, message, {"most": MOST_ROWS})
            return
        if isinstance(entry, Broken):
            yield Row(number, empty, entry.message, entry.params)
            continue
        cells = tuple(BETWEEN.join(entry.values.get(column, ())) for column in columns)
        if any(len(cell) > LONGEST_CELL for cell in cells):
            yield Row(number, empty, N_("a cell has more than %(most)s characters"), {"most": LONGEST_CELL})
        else:
            yield Row(number, cells, whole=entry.whole)


def own_names(columns: Sequence[str]) -> ColumnMapping:
    """Return the mapping of a table whose columns are named as our own fields; others are left out."""
    rules = {name: Rule(name, BETWEEN if TARGETS[name].many else "") for name in columns if name in TARGETS}
    return ColumnMapping(rules, {} if "status" in rules else {"status": "draft"})
