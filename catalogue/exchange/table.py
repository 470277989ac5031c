"""A table that somebody sends: names of columns and rows of texts, read one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogue.errors import N_, BadInput, ErrorCode

MOST_BYTES = 50_000_000
MOST_COLUMNS = 200
MOST_ROWS = 100_000
LONGEST_CELL = 100_000
"""Characters of one cell; a quotation mark that is never closed would swallow the whole file."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ADDRESS_OR_NUMBER = re.compile(r"https?://\S+|[\d.,/ -]*\d[\d.,/ -]*|[^@\s]+@[^@\s]+")


class NotATable(BadInput):
    """A file from which no table can be read; the message says what it is and what to do."""

    status = 422
    code = ErrorCode.NOT_A_TABLE
    message = N_("This file is not a table. Send a CSV, TSV or Excel (.xlsx) file.")


@dataclass(frozen=True, slots=True)
class Row:
    """A row as a spreadsheet numbers it (the names of the columns are row 1). ``fault``: why it cannot be used.

    ``whole``: parts of a record's mapping that no cell can hold, from formats that have them.
    """

    number: int
    cells: tuple[str, ...]
    fault: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    whole: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """The names of the columns, all different, and the rows, each with as many cells. ``about``: how it was read."""

    columns: tuple[str, ...]
    rows: Iterator[Row]
    about: Mapping[str, str] = field(default_factory=dict)


def make_table(lines: Iterator[tuple[int, Sequence[str] | Row]], about: Mapping[str, str]) -> Table:
    """Make a table of numbered lines, of which the first that is not blank names the columns.

    A line that is a Row already carries its own fault. Raises NotATable where there are no names, or too many.
    """
    for _number, line in lines:
        if isinstance(line, Row):
            raise NotATable(line.fault, **line.params)
        names = [clean(cell) for cell in line]
        if any(names):
            return Table(_columns(names), _rows(lines, len(_stripped(names))), about)
    raise NotATable(N_("This file is empty."))


def clean(cell: str) -> str:
    """Return a cell without control characters, outer spaces, and the apostrophe that disarms a formula."""
    text = (_CONTROL.sub("", cell) if not cell.isprintable() else cell).strip().lstrip("\ufeff")
    return text[1:].strip() if len(text) > 1 and text[0] == "'" and text[1] in "=+-@\t\r" else text


def _columns(names: list[str]) -> tuple[str, ...]:
    names = _stripped(names)
    if len(names) > MOST_COLUMNS:
        message = N_("This file has %(count)s columns; at most %(most)s can be read.")
        raise NotATable(message, count=len(names), most=MOST_COLUMNS)
    data = next((name for name in names if _ADDRESS_OR_NUMBER.fullmatch(name) or len(name) > 100), "")
    if data:
        message = N_("The first line should hold the names of the columns, but it holds “%(value)s”. Add such a line.")
        raise NotATable(message, value=data[:60])
    seen: dict[str, int] = {}
    made = []
    for index, name in enumerate(names, 1):
        name = " ".join(name.split()) or f"({index})"
        seen[name] = seen.get(name, 0) + 1
        made.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
    return tuple(made)


def _stripped(names: list[str]) -> list[str]:
    """Return the names without the empty ones at the end, which spreadsheets like to add."""
    while names and not names[-1]:
        names = names[:-1]
    return names


def _rows(lines: Iterator[tuple[int, Sequence[str] | Row]], width: int) -> Iterator[Row]:
    count = 0
    for number, line in lines:
        row = line if isinstance(line, Row) else _row(number, [clean(cell) for cell in line], width)
        if not row.fault and not any(row.cells):
            continue
        count += 1
        if count > MOST_ROWS:
            message = N_("The file has more than %(most)s rows; this one and those below it are not read.")
            yield Row(number, ("",) * width, message, {"most": MOST_ROWS})
            return
        yield row


def _row(number: int, cells: list[str], width: int) -> Row:
    whole = tuple(cells[:width]) + ("",) * (width - len(cells))
    if any(cells[width:]):
        message = N_("this line has %(count)s cells, the first line %(columns)s")
        return Row(number, whole, message, {"count": len(cells), "columns": width})
    if any(len(cell) > LONGEST_CELL for cell in whole):
        return Row(number, whole, N_("a cell has more than %(most)s characters"), {"most": LONGEST_CELL})
    return Row(number, whole)
