"""The formats in which records come and go: one entry each, found by name or by what a file holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from catalogue.errors import N_
from catalogue.exchange import delimited, workbook
from catalogue.exchange.table import MOST_BYTES, NotATable, Table

Reader = Callable[[Path], AbstractContextManager[Table]]
Writer = Callable[[Iterable[Sequence[str]]], Iterator[bytes]]


@dataclass(frozen=True)
class Format:
    """A format. ``read`` opens a file as a table, lazily; ``write`` gives the bytes of rows; None: not possible."""

    name: str
    label: str
    media_types: tuple[str, ...]
    extensions: tuple[str, ...]
    read: Reader | None
    write: Writer | None


FORMATS: Mapping[str, Format] = {
    format.name: format
    for format in (
        Format("csv", N_("CSV"), ("text/csv",), (".csv", ".txt"), delimited.read, delimited.write),
        Format("tsv", N_("TSV"), ("text/tab-separated-values",), (".tsv", ".tab"), delimited.read, None),
        Format(
            "xlsx",
            N_("Excel"),
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
            (".xlsx", ".xlsm"),
            workbook.read,
            None,
        ),
    )
}

# What a file begins with that is no table, and what to do about it.
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", N_("This is an old Excel file (.xls). Save it as .xlsx or CSV, and send that.")),
    (b"%PDF-", N_("This is a PDF, not a table. Ask whoever made it for the table itself.")),
    (b"\x1f\x8b", N_("This is a compressed archive, not a table. Unpack it, and send the table that is inside.")),
    (b"7z\xbc\xaf", N_("This is a compressed archive, not a table. Unpack it, and send the table that is inside.")),
    (b"Rar!", N_("This is a compressed archive, not a table. Unpack it, and send the table that is inside.")),
    (b"\x89PNG", NotATable.message),
    (b"\xff\xd8\xff", NotATable.message),
    (b"<!doctype html", N_("This is a web page, not a table. Export the table as CSV or Excel.")),
    (b"<html", N_("This is a web page, not a table. Export the table as CSV or Excel.")),
)


def detect(path: Path, name: str = "") -> Format:
    """Return the format of a file by what it holds; its name decides only between texts.

    Raises NotATable for anything that is no table, an empty file and one that is too big.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise NotATable(N_("This file is too big: at most %(most)s MB can be read."), most=MOST_BYTES // 1_000_000)
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise NotATable(N_("This file is empty."))
    if start.startswith(b"PK"):
        workbook.check(path)
        return FORMATS["xlsx"]
    for magic, message in _OTHERS:
        if start.lstrip()[: len(magic)].lower() == magic.lower():
            raise NotATable(message)
    if _is_binary(start):
        raise NotATable
    suffix = Path(name or path.name).suffix.lower()
    texts = (format for format in FORMATS.values() if format.read and format.name != "xlsx")
    return next((format for format in texts if suffix in format.extensions), FORMATS["csv"])


def _is_binary(start: bytes) -> bool:
    """Tell whether a file is no text: many control characters that neither UTF-16 nor a stray NUL explain."""
    control = sum(byte < 9 or 13 < byte < 32 for byte in start.replace(b"\0", b""))
    return control * 50 > len(start)


def open_table(path: Path, name: str = "") -> AbstractContextManager[Table]:
    """Open a file as a table, whatever its format. Raises NotATable."""
    found = detect(path, name)
    if found.read is None:
        raise NotATable
    return found.read(path)
