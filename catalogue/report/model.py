"""What a report is made of: sections of tables, in one language, ready to be printed, drawn or written as CSV."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from catalogue.values import Said


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, in per cent with one decimal."""

    percent: float


@dataclass(frozen=True, slots=True)
class Linked:
    """Names of records, each with its address below the site."""

    records: tuple[tuple[str, Said], ...]


Cell = int | str | Share | Said | Linked | None
"""A count, a mark of a hidden one, a share, a text, names of records; None: there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table. ``id`` is the same in every language."""

    id: str
    label: Said
    cells: tuple[Cell, ...]
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """How columns of a table are drawn: ``stacked`` or ``grouped`` bars of its rows, or ``months`` side by side.

    ``rows``: how many at most, the first ones. A stacked bar tells the last column of its row as its whole.
    """

    kind: str
    columns: tuple[int, ...]
    rows: int = 20


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``head`` names its columns, that of the labels first; ``notes`` say how it was counted.

    A page shows the first ``on_page`` rows and totals (0: all of them; below 0: none, it is for a spreadsheet).
    """

    id: str
    title: str
    notes: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    charts: tuple[Chart, ...] = ()
    on_page: int = 0

    @property
    def body(self) -> tuple[Row, ...]:
        """The rows that are no totals."""
        return tuple(row for row in self.rows if not row.is_total)

    @property
    def on_paper(self) -> tuple[Row, ...]:
        """The rows that a page shows."""
        if self.on_page < 0:
            return ()
        shown = self.body[: self.on_page or None]
        return (*shown, *(row for row in self.rows if row.is_total))


@dataclass(frozen=True, slots=True)
class Section:
    """Tables under a heading; ``texts`` stand before them."""

    id: str
    title: str
    texts: tuple[str, ...]
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a year; ``made`` is the day whose state it tells."""

    year: int
    lang: str
    centre: Said
    made: datetime.date
    sections: tuple[Section, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, in their order."""
        return tuple(table for section in self.sections for table in section.tables)


def share(part: Cell, whole: Cell) -> Share | None:
    """Return the share of a count in another; None where one is hidden, or there is nothing to have a share in."""
    if not isinstance(part, int) or not isinstance(whole, int) or not whole:
        return None
    return Share(round(100 * part / whole, 1))
