"""What is read of the counters, and what is too little to be shown."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

SMALLEST_SHOWN = 5
"""A count below this is not shown: few enough people to be recognised."""

DAYS_BEFORE_SHOWN = 3
"""A zero-result query seen on fewer days is not shown: it may be one person's."""


@dataclass(frozen=True, slots=True)
class CountRow:
    """How often something happened; ``count`` is None where it was fewer than five times (shown as “<5”)."""

    event: str
    theme: str
    lang: str
    kind: str
    count: int | None


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
