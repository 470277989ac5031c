"""What is read of the counters, and what is too little to be shown."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

SMALLEST_SHOWN = 5
"""A count below this is not shown: few enough people to be recognised."""

DAYS_BEFORE_SHOWN = 3
"""A zero-result query seen on fewer days is not shown: it may be one person's."""


@dataclass(frozen=True, slots=True)
class CountRow:
    """How often something happened, by ``catalogue.counters.DIMENSIONS``.

    ``count`` is None where it was fewer than five times (shown as “<5”).
    """

    event: str
    theme: str
    lang: str
    kind: str
    count: int | None
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of the counts that are shown; ``partial`` when a hidden one is missing from it (“at least …”)."""

    count: int
    partial: bool


@dataclass(frozen=True, slots=True)
class ZeroResult:
    """A query without results: the days it was seen on, and how often (None: fewer than five times)."""

    query: str
    days: int
    count: int | None
    last_week: str = field(default="", compare=False)  # ISO: 2026-W09


@dataclass(slots=True)
class ZeroSum:
    """What is added up of one query, week after week."""

    days: int = 0
    count: int = 0
    last_week: str = ""

    def add(self, week: str, days: int, count: int) -> None:
        """Add what was seen of it in a week."""
        self.days, self.count, self.last_week = self.days + days, self.count + count, max(self.last_week, week)

    def result(self, query: str) -> ZeroResult:
        """Return what may be shown of it."""
        return ZeroResult(query, self.days, shown(self.count), self.last_week)


@dataclass(frozen=True, slots=True)
class ProblemReport:
    """How often visitors reported one thing about one record, and the last day. Never hidden: one report counts."""

    record_id: str
    reason: str
    count: int
    last_day: datetime.date


def shown(count: int) -> int | None:
    """Return ``count``, or None when it is too small to show."""
    return count if count >= SMALLEST_SHOWN else None


def shown_total(rows: Iterable[CountRow]) -> Total:
    """Add up what ``rows`` show. It says nothing that the rows do not say, so no hidden count can come out of it."""
    counts = [row.count for row in rows]
    return Total(sum(count for count in counts if count), None in counts)
