"""When each record that others harvest here last changed, in the state database.

No two changes have the same moment, and a later one always has a greater: whoever reads on from a moment misses
nothing that changes meanwhile, and gets nothing twice that does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select

from catalogue.state.tables import DATESTAMPS

GIVEN, GONE, HIDDEN = "given", "gone", "hidden"
"""It can be had; it was deleted or withdrawn; it is there, but its file cannot be read for the moment."""

SECOND = 1_000_000
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Datestamp:
    """The last change of one record: ``moment`` in microseconds since 1970 (UTC); ``sets`` as OAI-PMH names them."""

    record: str
    moment: int
    state: str
    digest: str
    sets: tuple[str, ...]

    @property
    def seconds(self) -> int:
        """The moment in whole seconds since 1970, as others are told."""
        return self.moment // SECOND


@dataclass(frozen=True, slots=True)
class Window:
    """Which changes are asked for: after a moment, from one second to another (both included), of one set."""

    after: int = 0
    since: int | None = None
    until: int | None = None
    set: str = ""


class Datestamps:
    """The datestamps. Every method raises StateUnavailable where the database cannot be used."""

    def __init__(self, transaction: Callable[[bool], AbstractContextManager[Connection]]) -> None:
        self._transaction = transaction

    def all(self) -> Mapping[str, Datestamp]:
        """Return everything, by record."""
        with self._transaction(False) as connection:
            return {row.record: _datestamp(row) for row in connection.execute(select(DATESTAMPS))}

    def of(self, record: str) -> Datestamp | None:
        """Return that of one record; None for one that others never saw."""
        with self._transaction(False) as connection:
            row = connection.execute(select(DATESTAMPS).where(DATESTAMPS.c.record == record)).one_or_none()
        return _datestamp(row) if row is not None and row.state != HIDDEN else None

    def put(self, stamps: Iterable[Datestamp]) -> None:
        """Keep these in place of what was known of the same records."""
        rows = [_row(stamp) for stamp in stamps]
        with self._transaction(True) as connection:
            for start in range(0, len(rows), _AT_ONCE):
                part = rows[start : start + _AT_ONCE]
                connection.execute(DATESTAMPS.delete().where(DATESTAMPS.c.record.in_([row["record"] for row in part])))
                connection.execute(insert(DATESTAMPS), part)

    def within(self, window: Window, limit: int) -> list[Datestamp]:
        """Return the first changes of a window, the oldest first."""
        statement = select(DATESTAMPS).where(*_conditions(window)).order_by(DATESTAMPS.c.moment).limit(limit)
        with self._transaction(False) as connection:
            return [_datestamp(row) for row in connection.execute(statement)]

    def count(self, window: Window) -> int:
        """Return how many changes a window has."""
        statement = select(func.count()).select_from(DATESTAMPS).where(*_conditions(window))
        with self._transaction(False) as connection:
            return connection.scalar(statement) or 0

    def bounds(self) -> tuple[int, int]:
        """Return the first and the last moment, 0 where there is none."""
        statement = select(func.min(DATESTAMPS.c.moment), func.max(DATESTAMPS.c.moment))
        with self._transaction(False) as connection:
            first, last = connection.execute(statement).one()
        return first or 0, last or 0


def _conditions(window: Window) -> list[ColumnElement[bool]]:
    moment = DATESTAMPS.c.moment
    found = [DATESTAMPS.c.state != HIDDEN, moment > window.after]
    if window.since is not None:
        found.append(moment >= window.since * SECOND)
    if window.until is not None:
        found.append(moment < (window.until + 1) * SECOND)
    if window.set:
        found.append(DATESTAMPS.c.sets.contains(f" {window.set} ", autoescape=True))
    return found


def _row(stamp: Datestamp) -> dict[str, str | int]:
    sets = f" {' '.join(stamp.sets)} "
    return {
        "record": stamp.record,
        "moment": stamp.moment,
        "state": stamp.state,
        "digest": stamp.digest,
        "sets": sets,
    }


def _datestamp(row: Row[Any]) -> Datestamp:
    return Datestamp(row.record, row.moment, row.state, row.digest, tuple(row.sets.split()))
