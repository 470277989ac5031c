"""The tables of a report as CSV files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from catalogue import atomic
from catalogue.exchange import delimited
from catalogue.report.model import Cell, Linked, Report, Share, Table


def csv_rows(table: Table) -> Iterator[Sequence[str]]:
    """Yield the lines of a table: its head, then each row behind its id. Shares are per cent."""
    yield ("id", *table.head)
    for line in table.rows:
        yield (line.id, line.label.text, *map(plain, line.cells))


def plain(cell: Cell) -> str:
    """Return a cell as other programs read it."""
    if cell is None:
        return ""
    if isinstance(cell, Share):
        return f"{cell.percent:g}"
    if isinstance(cell, Linked):
        return " | ".join(title.text for _, title in cell.records)
    return str(cell)


def csv(table: Table) -> bytes:
    """Return a table as a CSV file."""
    return b"".join(delimited.write(csv_rows(table)))


def write_folder(report: Report, folder: Path) -> list[Path]:
    """Write every table into ``folder``; each file is old or new, never half. Raises WriteFailed."""
    paths = []
    for table in report.tables:
        path = folder / f"{report.year}-{table.id}.csv"
        atomic.write_bytes(path, csv(table))
        paths.append(path)
    return paths
