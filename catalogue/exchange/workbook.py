"""Excel workbooks (.xlsx, ISO/IEC 29500): the first sheet that holds something, its values, never its formulas.

A workbook is a zip archive: how much it unfolds to is looked at before anything is unfolded.
"""

from __future__ import annotations

import datetime
import re
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from catalogue.errors import N_
from catalogue.exchange.table import MOST_ROWS, NotATable, Row, Table, make_table

MOST_UNFOLDED = 400_000_000
MOST_SHARED = 100_000_000  # the texts of all cells, which have to be held in memory
MOST_PARTS = 2_000
_BLANK = 1_000  # blank rows after which the sheet is over, whatever its size says

_UNREADABLE = (
    zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError,
    AttributeError, IndexError, OSError, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What openpyxl, defusedxml (ValueError) and zipfile raise over a workbook that is damaged or does harm."""


@contextmanager
def read(path: Path) -> Iterator[Table]:
    """Open a workbook. Raises NotATable where it is none, is protected, or unfolds to too much."""
    check(path)
    with path.open("rb") as file:  # not its path: openpyxl wants that to end in .xlsx
        book = _opened(file)
        try:
            sheet, lines = _first(book)
            yield make_table(lines, {"sheet": sheet})
        finally:
            book.close()


def _opened(file: BinaryIO) -> Any:
    from openpyxl import load_workbook  # a quarter of a second, which only who reads a workbook pays

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of drawings and styles, which nobody asked for
        try:
            return load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except _UNREADABLE as error:
            raise NotATable(N_("This Excel file is damaged or protected. Save it again, or save it as CSV.")) from error


def check(path: Path) -> None:
    """Raise NotATable where an archive is no workbook, or unfolds to more than is reasonable."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            declared = any(_declares(archive, part) for part in parts[:MOST_PARTS])
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise NotATable(N_("This file is damaged: it cannot be opened.")) from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise NotATable(N_("This is a zip archive, not a table. Unpack it, and send the table that is inside."))
    if declared:
        raise NotATable(N_("This Excel file is damaged or protected. Save it again, or save it as CSV."))
    shared = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNFOLDED or shared > MOST_SHARED:
        raise NotATable(N_("This Excel file unfolds to too much. Save the sheet you need as CSV."))


def _declares(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Tell whether a part of a workbook declares a document type, as none does: entities could come with it.

    openpyxl reads through defusedxml only where nobody installed lxml beside it.
    """
    if not part.filename.endswith((".xml", ".rels", ".vml")):
        return False
    with archive.open(part) as file:
        return b"<!DOCTYPE" in file.read(4096).replace(b"\0", b"").upper()


def _first(book: Any) -> tuple[str, Iterator[tuple[int, Sequence[str] | Row]]]:
    """Return the first visible sheet that holds something, with its numbered rows."""
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()  # what the file says of them may be wrong
        lines = _lines(sheet)
        start = list(islice(lines, 1))
        if start:
            return str(sheet.title), chain(start, lines)
    raise NotATable(N_("This file is empty."))


def _lines(sheet: Any) -> Iterator[tuple[int, Sequence[str] | Row]]:
    blank = 0
    number = 0
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True, max_row=MOST_ROWS * 2), 1):
            line = [text_of(cell) for cell in cells]
            blank = 0 if any(line) else blank + 1
            if blank > _BLANK:
                return
            if any(line):
                yield number, line
    except _UNREADABLE as error:
        yield (
            number + 1,
            Row(number + 1, (), N_("the sheet breaks off here (%(detail)s)"), {"detail": str(error)[:200]}),
        )


def text_of(value: object) -> str:
    """Return the value of a cell as a person would type it: 2026, not 2026.0; 2026-03-01; true."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return str(value.date() if value.time() == datetime.time() else value.isoformat(timespec="minutes"))
    return str(value)


def write(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield the bytes of a workbook with one sheet; every cell is a text, so that none is taken for a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("records")
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, _FORBIDDEN.sub("", text)[:_LONGEST])
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(1 << 16):
            yield piece


_LONGEST = 32_767  # characters of a cell of Excel
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
