"""CSV and TSV as people's programs write them (RFC 4180 and what differs from it), and CSV as we write it.

Nothing in such a file says which letters and which delimiter it uses: both are found out from what it holds.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from catalogue.errors import N_
from catalogue.exchange.table import LONGEST_CELL, NotATable, Row, Table, make_table

DELIMITERS = ",;\t|"
_SAMPLE = 64 * 1024  # characters from which the delimiter is found out
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_QUOTED: Any = csv.QUOTE_MINIMAL
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def read(path: Path) -> Iterator[Table]:
    """Open a delimited file. Raises NotATable where it is none."""
    encoding, errors, skipped = encoding_of(path)
    with path.open("rb") as raw:
        raw.seek(skipped)
        file = io.TextIOWrapper(raw, encoding, errors=errors, newline="")
        sample = file.read(_SAMPLE)
        marked = sample[:5].lower() == "sep=" + sample[4:5].lower() and sample[4:5] in tuple(DELIMITERS)
        delimiter, quoting = (sample[4], _QUOTED) if marked else dialect_of(sample)
        raw.seek(skipped)
        again = io.TextIOWrapper(raw, encoding, errors=errors, newline="")
        file.detach()
        if marked:  # Excel's own first line "sep=;"
            again.readline()
        csv.field_size_limit(LONGEST_CELL * 10)
        reader = csv.reader(_without_nul(again), delimiter=delimiter, quoting=quoting, strict=True)
        yield make_table(_lines(reader), {"encoding": encoding, "delimiter": delimiter})


def encoding_of(path: Path) -> tuple[str, str, int]:
    """Return how a file is to be decoded: encoding, what to do with faulty bytes, bytes to skip.

    A mark at the start decides; then the pattern of zero bytes (UTF-16); then whether it is UTF-8 throughout. A few
    faulty bytes among many right ones are a damaged UTF-8 file; else it is Windows-1252, which a Latin-1 file also is.
    """
    with path.open("rb") as file:
        start = file.read(4096)
        for bom, encoding in _BOMS:
            if start.startswith(bom):
                return encoding, "replace", len(bom)
        zeros = (start[0::2].count(0), start[1::2].count(0))
        if max(zeros) > len(start) // 5:
            return ("utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"), "replace", 0
        file.seek(0)
        right, wrong = _utf8(file)
    return ("utf-8", "replace", 0) if wrong * 20 <= right else ("cp1252", "replace", 0)


def _utf8(file: io.BufferedReader) -> tuple[int, int]:
    """Return how many letters beyond ASCII are right UTF-8, and how many bytes are not."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    right = wrong = 0
    for block in iter(lambda: file.read(1 << 20), b""):
        text = decoder.decode(block)
        if not text.isascii():
            faulty = text.count("\ufffd") - block.count("\ufffd".encode())
            wrong += faulty
            right += sum(1 for character in text if character > "\x7f") - faulty
    return right, wrong


def dialect_of(sample: str) -> tuple[str, Any]:
    """Return the delimiter of a text and how it is quoted: what gives most lines the same number of cells."""
    if not sample.strip():
        raise NotATable(N_("This file is empty."))
    whole = sample if len(sample) < _SAMPLE else sample[: sample.rfind("\n") + 1] or sample
    scored = []
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        for delimiter in DELIMITERS:
            share, width = _regularity(whole, delimiter, quoting)
            if width > 1:
                scored.append((round(share, 2), quoting == csv.QUOTE_MINIMAL, width, delimiter, quoting))
    if not scored:
        return ",", csv.QUOTE_MINIMAL
    best = max(scored, key=lambda score: score[:3])
    return best[3], best[4]


def _regularity(sample: str, delimiter: str, quoting: Any) -> tuple[float, int]:
    """Return the share of lines with as many cells as the first has, and that number."""
    reader = csv.reader(io.StringIO(sample.replace("\0", ""), newline=""), delimiter=delimiter, quoting=quoting)
    widths: Counter[int] = Counter()
    first = 0
    try:
        for cells in reader:
            if cells:
                first = first or len(cells)
                widths[len(cells)] += 1
    except csv.Error:
        return 0.0, 0
    if quoting != csv.QUOTE_NONE and widths.total() * 20 < sample.count("\n"):
        return 0.0, 0  # a stray quotation mark has swallowed most of it
    return widths[first] / max(1, widths.total()), first


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    return (line.replace("\0", "") for line in lines)


def _lines(reader: Any) -> Iterator[tuple[int, Sequence[str] | Row]]:
    """Yield numbered lines; one that breaks the rules of CSV is a faulty row, and reading goes on after it."""
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = N_("the CSV breaks off here (%(detail)s)")
            yield number, Row(number, (), message, {"detail": str(error)})


def write(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield the lines of a CSV file in UTF-8 with a mark, as every spreadsheet opens it; formulas are disarmed."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    yield codecs.BOM_UTF8
    for row in rows:
        writer.writerow([disarmed(cell) for cell in row])
        yield buffer.getvalue().encode("utf-8", "replace")
        buffer.seek(0)
        buffer.truncate()


def write_tsv(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield the lines of a TSV file in UTF-8; formulas are disarmed, cells with a tab or a line break quoted."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter="\t", lineterminator="\n")
    for row in rows:
        writer.writerow([disarmed(cell) for cell in row])
        yield buffer.getvalue().encode("utf-8", "replace")
        buffer.seek(0)
        buffer.truncate()


def disarmed(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe stands before what would begin one.

    As the Open Worldwide Application Security Project advises ("CSV injection").
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
