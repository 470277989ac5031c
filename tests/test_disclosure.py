"""What is hidden cannot be computed: every table that what is shown allows is tried, for many small tables."""

from __future__ import annotations

import random
from itertools import product

import pytest

from catalogue.report.disclosure import SMALL, Cell, Line, marks

FREE: list[Cell] = [("0", "0"), ("0", "1"), ("1", "0"), ("1", "1")]
ROWS = [Line((row, None), ((row, "0"), (row, "1"))) for row in "01"]
COLUMNS = [Line((None, column), (("0", column), ("1", column))) for column in "01"]
WHOLE = [Line((None, None), tuple(line.total for line in lines)) for lines in (ROWS, COLUMNS)]
LINES = [*ROWS, *COLUMNS, *WHOLE]
HIGHEST = 14


def with_totals(free: dict[Cell, int]) -> dict[Cell, int]:
    values = dict(free)
    for line in LINES:
        values[line.total] = sum(values[part] for part in line.parts)
    return values


def possible(values: dict[Cell, int], hidden: dict[Cell, str]) -> dict[Cell, set[int]]:
    """Return what each cell can be for somebody who sees what is shown."""
    ranges = [range(HIGHEST) if cell in hidden else [values[cell]] for cell in FREE]
    found: dict[Cell, set[int]] = {cell: set() for cell in values}
    for guess in product(*ranges):
        guessed = with_totals(dict(zip(FREE, guess, strict=True)))
        if all(_fits(guessed[cell], values[cell], hidden.get(cell)) for cell in values):
            for cell, value in guessed.items():
                found[cell].add(value)
    return found


def _fits(guess: int, shown: int, mark: str | None) -> bool:
    return guess == shown if mark is None else 0 < guess < 5 if mark == SMALL else guess > 0


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.soak), pytest.param(3, marks=pytest.mark.soak)])
def test_no_small_number_can_be_computed(seed: int) -> None:
    lots = random.Random(seed)
    for _ in range(10 if seed == 1 else 400):
        values = with_totals({cell: lots.choice((0, 1, 2, 3, 4, 5, 6, 8, 12)) for cell in FREE})
        hidden = marks(values, LINES)
        small = [cell for cell, value in values.items() if 0 < value < 5]
        assert {*small} <= hidden.keys()
        can_be = possible(values, hidden)
        assert all(len(can_be[cell]) > 1 for cell in small), (values, hidden)


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert marks(with_totals(dict.fromkeys(FREE, 7)), LINES) == {}
    assert marks({}, LINES) == {}


def test_one_small_number_hides_the_next_smallest_both_ways() -> None:
    values = with_totals(dict(zip(FREE, (3, 20, 30, 40), strict=True)))
    hidden = marks(values, LINES)
    assert hidden[FREE[0]] == SMALL
    assert hidden.keys() == {*FREE}, "in two rows of two nothing else is left"


def test_silent_cells_give_way_before_totals() -> None:
    parts: tuple[Cell, ...] = (("a",), ("b",), ("c",), ("d",))
    values: dict[Cell, int] = {("a",): 3, ("b",): 6, ("c",): 9, ("d",): 0, (None,): 18}
    line = [Line((None,), parts)]
    assert marks(values, line).keys() == {("a",), ("b",)}
    assert marks(values, line, parts).keys() == {("a",), ("d",)}, "who reads the list cannot tell which of them is 0"
