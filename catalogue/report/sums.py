"""The sums of a year as a report may show them: added up by what tables ask for, small ones hidden in all alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from catalogue.counters import COUNTERS, DIMENSIONS
from catalogue.report.disclosure import Cell, Line, marks

AXES = ("month", *DIMENSIONS)
_ALWAYS: tuple[tuple[str, ...], ...] = ((), ("month",), ("lang",))
_BY_EVENT: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "search": (*_ALWAYS, ("theme",), ("theme", "lang")),
    "record": (
        *_ALWAYS,
        ("theme",),
        ("kind",),
        ("theme", "lang"),
        ("kind", "lang"),
        ("theme", "month"),
        ("theme", "lang", "kind", "month"),
    ),
    "listed": ((), ("publisher",)),
}
"""By what the sums of a counter are told in a report: none of them may let a hidden one be computed."""

Place = Cell  # a value of each of AXES; None: all of them together


class Sums:
    """What was counted in a year. ``rows``: the sums by month, event and dimensions, as ``State.sums`` gives them."""

    def __init__(self, rows: Mapping[tuple[str, ...], int]) -> None:
        self._values: dict[str, Counter[Place]] = {}
        self._marks: dict[str, Mapping[Place, str]] = {}
        by_event: dict[str, Counter[Place]] = defaultdict(Counter)
        for (month, event, *names), count in rows.items():
            by_event[event][(month, *names)] += count
        for event in COUNTERS:
            told = _BY_EVENT.get(event, _ALWAYS)
            values = self._values[event] = Counter()
            for axes in told:
                for place, count in by_event[event].items():
                    values[_seen(place, axes)] += count
            self._marks[event] = marks(values, list(_lines(by_event[event], told)))

    def told(self, event: str, **chosen: str) -> int | str:
        """Return how often something happened, or the mark of a hidden sum; ``chosen``: values of ``AXES``."""
        place = tuple(chosen.get(axis) for axis in AXES)
        return self._marks[event].get(place) or self._values[event][place]

    def values(self, event: str, axis: str) -> list[str]:
        """Return the values of an axis that occur."""
        at = AXES.index(axis)
        return sorted({value for place in self._values[event] if (value := place[at]) is not None})

    def crossed(self, event: str, axes: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int | str]]:
        """Yield each combination of values of ``axes`` that occurs, and its sum or mark."""
        wanted = {AXES.index(axis) for axis in axes}
        for place in sorted(self._values[event], key=lambda place: tuple(value or "" for value in place)):
            if {at for at, value in enumerate(place) if value is not None} == wanted:
                names = tuple(place[AXES.index(axis)] or "" for axis in axes)
                yield names, self._marks[event].get(place) or self._values[event][place]


def _seen(place: Place, axes: Iterable[str]) -> Place:
    return tuple(value if axis in axes else None for axis, value in zip(AXES, place, strict=True))


def _lines(base: Iterable[Place], told: tuple[tuple[str, ...], ...]) -> Iterator[Line]:
    """Yield how the sums that are told make each other up: each with its parts in the next finer ones."""
    base = list(base)
    for coarse in told:
        finer = [axes for axes in told if {*coarse} < {*axes}]
        for fine in finer:
            if any({*other} < {*fine} for other in finer):
                continue
            parts: dict[Place, dict[Place, None]] = defaultdict(dict)
            for place in base:
                parts[_seen(place, coarse)][_seen(place, fine)] = None
            yield from (Line(total, tuple(made_of)) for total, made_of in parts.items())
