"""The sums of a year as a report may show them: added up by what tables ask for, small ones hidden in all alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from catalogue.counters import COUNTERS, DIMENSIONS
from catalogue.report.disclosure import Cell, Line, marks

AXES = ("month", *DIMENSIONS)
_ALWAYS: tuple[tuple[str, ...], ...] = ((), ("month",), ("lang",))
_LISTED = ("theme", "lang", "kind", "month")
"""What is only listed where it is told: what does not stand there is 0, or hidden."""
_BY_EVENT: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "search": (*_ALWAYS, ("theme",), ("theme", "lang")),
    "record": (
        *_ALWAYS,
        ("theme",),
        ("kind",),
        ("theme", "lang"),
        ("kind", "lang"),
        ("theme", "month"),
        _LISTED,
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
            finest = {cell for axes in told if len(axes) == len(_LISTED) for cell in _crossing(by_event[event], axes)}
            self._marks[event] = marks(values, list(_lines([*by_event[event]], told, finest)), finest)

    def told(self, event: str, **chosen: str) -> int | str:
        """Return how often something happened, or the mark of a hidden sum; ``chosen``: values of ``AXES``."""
        place = tuple(chosen.get(axis) for axis in AXES)
        return self._marks[event].get(place) or self._values[event][place]

    def values(self, event: str, axis: str) -> list[str]:
        """Return the values of an axis that occur."""
        at = AXES.index(axis)
        return sorted({value for place in self._values[event] if (value := place[at]) is not None})

    def crossed(self, event: str, axes: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
        """Yield each combination of values of ``axes`` that is told, and its sum."""
        wanted = {AXES.index(axis) for axis in axes}
        for place in sorted(self._values[event], key=lambda place: tuple(value or "" for value in place)):
            told = {at for at, value in enumerate(place) if value is not None} == wanted
            if told and place not in self._marks[event]:
                yield tuple(place[AXES.index(axis)] or "" for axis in axes), self._values[event][place]


def _seen(place: Place, axes: Iterable[str]) -> Place:
    return tuple(value if axis in axes else None for axis, value in zip(AXES, place, strict=True))


def _crossing(base: Iterable[Place], axes: Iterable[str]) -> list[Place]:
    """Return every combination of the values that occur on ``axes``, whether it occurs itself or not."""
    found = [({place[at] for place in base} if axis in axes else {None}) for at, axis in enumerate(AXES)]
    return list(product(*found))


def _lines(base: Sequence[Place], told: tuple[tuple[str, ...], ...], finest: Iterable[Place]) -> Iterator[Line]:
    """Yield how the sums that are told make each other up: each with its parts in the next finer ones."""
    for coarse in told:
        finer = [axes for axes in told if {*coarse} < {*axes}]
        for fine in finer:
            if any({*other} < {*fine} for other in finer):
                continue
            parts: dict[Place, dict[Place, None]] = defaultdict(dict)
            for place in finest if fine == _LISTED else base:
                parts[_seen(place, coarse)][_seen(place, fine)] = None
            yield from (Line(total, tuple(made_of)) for total, made_of in parts.items())
