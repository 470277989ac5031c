"""Which sums a report hides, so that nobody is recognised in them (statistical disclosure control).

A count of 1 to 4 is hidden. Where it could still be computed from what is shown (a total and the other parts of it),
another part is hidden as well: *secondary suppression*, as statistical offices do it; see A. Hundepool et al.,
"Statistical Disclosure Control" (2012), chapter 4. Whether it could be computed is worked out from the bounds that
every shown sum puts on the hidden ones, over all tables together, as whoever holds the whole report could do it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalogue.state.counts import SMALLEST_SHOWN

SMALL, WITHHELD = "<5", "*"
"""How a hidden sum is printed: it is small; or it is not told, lest another be computed from it."""

_MOST = 10**12

Cell = tuple[str | None, ...]
"""What names a sum: a value of each thing it is told by, None for all of them together."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sum that is printed together with the parts it is made of."""

    total: Cell
    parts: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Its total and its parts."""
        return (self.total, *self.parts)


def marks(values: Mapping[Cell, int], lines: Sequence[Line]) -> dict[Cell, str]:
    """Return which cells are hidden, each with its mark. Cells that no value is given for are 0."""
    hidden: dict[Cell, str] = {cell: SMALL for cell, value in values.items() if 0 < value < SMALLEST_SHOWN}
    by_cell: dict[Cell, list[Line]] = defaultdict(list)
    for line in lines:
        for cell in line.cells:
            by_cell[cell].append(line)
    while exposed := _exposed(values, lines, hidden):
        before = dict(hidden)
        covered: set[Line] = set()  # a line that just lost another cell is looked at again before it loses more
        for cell in exposed:
            if covered.isdisjoint(by_cell[cell]):
                covered.update(_cover(values, by_cell[cell], hidden) or _hush(by_cell[cell], hidden))
        if hidden == before and not _cover(values, lines, hidden):
            break
    return hidden


def _cover(values: Mapping[Cell, int], lines: Iterable[Line], hidden: dict[Cell, str]) -> list[Line]:
    """Hide one more cell of each line in which a single one is hidden, or else of one line; return those lines."""
    open_to = [(line, shown) for line in lines if (shown := _still_shown(values, line, hidden))]
    alone = [(line, shown) for line, shown in open_to if sum(cell in hidden for cell in line.cells) == 1]
    done = []
    for line, shown in alone or open_to[:1]:
        if hidden.keys().isdisjoint(shown):  # not hidden for another line just now
            hidden[min(shown, key=lambda cell: (values.get(cell, 0), repr(cell)))] = WITHHELD
        done.append(line)
    return done


def _still_shown(values: Mapping[Cell, int], line: Line, hidden: Mapping[Cell, str]) -> list[Cell]:
    """Return the cells of a line with something hidden that could be hidden too: parts, or else the total."""
    if hidden.keys().isdisjoint(line.cells):
        return []
    parts = [cell for cell in line.parts if cell not in hidden and values.get(cell, 0)]
    return parts or [cell for cell in (line.total,) if cell not in hidden and values.get(cell, 0)]


def _hush(lines: Iterable[Line], hidden: dict[Cell, str]) -> Iterable[Line]:
    """Tell of no hidden cell of these lines any more that it is small, where nothing else of them is left to hide."""
    hidden.update({cell: WITHHELD for line in lines for cell in line.cells if cell in hidden})
    return lines


def _exposed(values: Mapping[Cell, int], lines: Sequence[Line], hidden: Mapping[Cell, str]) -> list[Cell]:
    """Return the small cells that what is shown leaves only one value for."""
    bounds = {cell: _first_bounds(values.get(cell, 0), mark) for cell, mark in hidden.items()}
    waiting = [line for line in lines if any(cell in hidden for cell in line.cells)]
    while sum(_tighten(values, line, bounds) for line in waiting):
        pass
    small = [cell for cell in hidden if 0 < values.get(cell, 0) < SMALLEST_SHOWN]
    return [cell for cell in small if bounds[cell][0] == bounds[cell][1]]


def _first_bounds(value: int, mark: str) -> tuple[int, int]:
    if mark == SMALL:
        return 1, SMALLEST_SHOWN - 1
    return (SMALLEST_SHOWN if value >= SMALLEST_SHOWN else 1), _MOST


def _tighten(values: Mapping[Cell, int], line: Line, bounds: dict[Cell, tuple[int, int]]) -> bool:
    """Narrow what a line says about its hidden cells; tell whether it did."""
    ranges = {cell: bounds.get(cell) or (values.get(cell, 0),) * 2 for cell in line.cells}
    least, most = (sum(ranges[cell][end] for cell in line.parts) for end in (0, 1))
    low, high = ranges[line.total]
    before = dict(bounds)
    for cell in line.cells:
        if cell not in bounds:
            continue
        start, end = ranges[cell]
        if cell == line.total:
            bounds[cell] = max(start, least), min(end, most)
        else:
            bounds[cell] = max(start, low - (most - end)), min(end, high - (least - start))
    return any(before[cell] != bounds[cell] for cell in line.cells if cell in bounds)
