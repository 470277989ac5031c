"""Which sums a report hides, so that nobody is recognised in them (statistical disclosure control).

A count of 1 to 4 is hidden. Where it could still be computed from what is shown (a total and the other parts of it),
another part is hidden as well: *secondary suppression*, as statistical offices do it; see A. Hundepool et al.,
"Statistical Disclosure Control" (2012), chapter 4. Whether it could be computed is worked out from the bounds that
every shown sum puts on the hidden ones, over all tables together, as whoever holds the whole report could do it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
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


def marks(values: Mapping[Cell, int], lines: Sequence[Line], silent: Collection[Cell] = frozenset()) -> dict[Cell, str]:
    """Return which cells are hidden, each with its mark. Cells that no value is given for are 0.

    ``silent``: cells of a table in which hidden ones, and those that are 0, simply do not stand. They give way first.
    """
    small = [cell for cell, value in values.items() if 0 < value < SMALLEST_SHOWN]
    hidden = {cell: WITHHELD if cell in silent else SMALL for cell in small}
    hidden.update({cell: WITHHELD for cell in silent if not values.get(cell, 0)})
    by_cell: dict[Cell, list[Line]] = defaultdict(list)
    for line in lines:
        for cell in line.cells:
            by_cell[cell].append(line)
    order = {cell: (cell not in silent, values.get(cell, 0), repr(cell)) for cell in by_cell}
    while exposed := _exposed(values, lines, hidden, silent):
        if _cover(order, [line for line in lines if sum(cell in hidden for cell in line.cells) == 1], hidden):
            continue
        before = len(hidden), list(hidden.values()).count(SMALL)
        covered: set[Line] = set()  # a line that just lost another cell is looked at again before it loses more
        for cell in exposed:
            if covered.isdisjoint(by_cell[cell]):
                covered.update(_cover(order, by_cell[cell], hidden, 1) or _hush(by_cell[cell], hidden))
        if before == (len(hidden), list(hidden.values()).count(SMALL)) and not _cover(order, lines, hidden, 1):
            break
    return hidden


Order = Mapping[Cell, tuple[bool, int, str]]
"""Which cells are hidden first where one of several can be; the second place is their value."""


def _cover(order: Order, lines: Iterable[Line], hidden: dict[Cell, str], most: int | None = None) -> list[Line]:
    """Hide one more cell of each line with something hidden where that can be, of ``most`` lines; return those."""
    open_to = [(line, shown) for line in lines if (shown := _still_shown(order, line, hidden))][:most]
    for _, shown in open_to:
        if hidden.keys().isdisjoint(shown):  # not hidden for another line just now
            hidden[min(shown, key=order.__getitem__)] = WITHHELD
    return [line for line, _ in open_to]


def _still_shown(order: Order, line: Line, hidden: Mapping[Cell, str]) -> list[Cell]:
    """Return the cells of a line with something hidden that could be hidden too: parts, or else the total."""
    if hidden.keys().isdisjoint(line.cells):
        return []
    parts = [cell for cell in line.parts if cell not in hidden and order[cell][1]]
    return parts or [cell for cell in (line.total,) if cell not in hidden and order[cell][1]]


def _hush(lines: Iterable[Line], hidden: dict[Cell, str]) -> Iterable[Line]:
    """Tell of no hidden cell of these lines any more that it is small, where nothing else of them is left to hide."""
    hidden.update({cell: WITHHELD for line in lines for cell in line.cells if cell in hidden})
    return lines


def _exposed(
    values: Mapping[Cell, int], lines: Sequence[Line], hidden: Mapping[Cell, str], silent: Collection[Cell]
) -> list[Cell]:
    """Return the small cells that what is shown leaves only one value for."""
    bounds = {
        cell: (0, _MOST) if cell in silent else _first_bounds(values.get(cell, 0), mark)
        for cell, mark in hidden.items()
    }
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
    tighter = False
    for cell, (start, end) in ranges.items():
        if cell not in bounds:
            continue
        if cell == line.total:
            found = max(start, least), min(end, most)
        else:
            found = max(start, low - (most - end)), min(end, high - (least - start))
        if found != (start, end):
            bounds[cell], tighter = found, True
    return tighter
