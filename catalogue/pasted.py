"""Lines pasted from a spreadsheet, read as rows of a series: the columns may stand in any order, with or without names.

A cell is known by what it looks like. The record of a line is named by its id, its publisher's reference, its ISBN, its
shelf mark or its title.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from catalogue.folding import fold
from catalogue.renewal import Row
from catalogue.resource import Resource

MOST_LINES = 5_000
LONGEST = 10_000  # characters of a line that are read
NEAR = 0.88
"""How alike (0 to 1) a title has to be where none is the same."""

_FATES = {
    "received": "received recu recue ontvangen ok oui ja yes x",
    "missing": "missing manquant manquante manque ontbreekt ontbrekend",
    "withdrawn": "stopped arrete arretee stopgezet gestopt",
}
_FATE_OF = {word: fate for fate, words in _FATES.items() for word in words.split()}
_YEAR = re.compile(r"(19|20)\d\d")
_COUNT = re.compile(r"\d{1,4}")
_ISBN = re.compile(r"[\d -]{9,17}[\dXx]")
_LANGUAGES = ("fr", "nl", "en")


@dataclass(frozen=True)
class Line:
    """One line that was pasted. ``id``: the record it is about, empty where none is known; ``near``: by a title that is
    only like it."""

    number: int
    text: str
    id: str
    near: bool = False


@dataclass(frozen=True)
class Pasted:
    """What was pasted: the rows by id, and every line with the record it was taken for."""

    rows: Mapping[str, Row]
    lines: tuple[Line, ...]


def read(text: str, records: Sequence[Resource], rows: Mapping[str, Row]) -> Pasted:
    """Return ``rows`` with what the lines of ``text`` (TSV, CSV with comma or semicolon) say of ``records``."""
    finder, filled, lines = _Finder(records), dict(rows), []
    for number, cells in _cells(text):
        id, near = finder.find(cells)
        if id:
            record = finder.records[id]
            filled[id] = _filled(filled.get(id, Row(id)), record, cells)
        if id or not _is_heading(number, cells):
            lines.append(Line(number, " · ".join(filter(None, cells)), id, near))
    return Pasted(filled, tuple(lines))


def _cells(text: str) -> Iterable[tuple[int, list[str]]]:
    lines = text.replace("\0", "").splitlines()[:MOST_LINES]
    mark = next((mark for mark in ("\t", ";", ",") if any(mark in line for line in lines)), "\t")
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, [cell.strip() for cell in next(csv.reader([line[:LONGEST]], delimiter=mark), [])]


def _is_heading(number: int, cells: Sequence[str]) -> bool:
    """Tell whether a first line only names the columns: nothing in it is a value."""
    return number == 1 and not any(_is_value(cell) for cell in cells)


def _is_value(cell: str) -> bool:
    return bool(_YEAR.fullmatch(cell) or _COUNT.fullmatch(cell) or "://" in cell or fold(cell) in _FATE_OF)


class _Finder:
    def __init__(self, records: Sequence[Resource]) -> None:
        self.records = {record.id: record for record in records}
        self._names: dict[str, list[str]] = {}
        self._titles: dict[str, list[str]] = {}
        for record in records:
            for name in _names(record):
                self._names.setdefault(name, []).append(record.id)
            for title in set(map(fold, record.title.values())):
                self._titles.setdefault(title, []).append(record.id)

    def find(self, cells: Sequence[str]) -> tuple[str, bool]:
        """Return the only record that a line names, and whether by a title that is only like its own."""
        for cell in cells:
            for key in (fold(cell), _digits(cell)):
                if len(found := self._names.get(key, [])) == 1:
                    return found[0], False
        for cell in cells:
            if len(found := self._titles.get(fold(cell), [])) == 1:
                return found[0], False
        for cell in (cell for cell in cells if len(cell) >= 8 and not _is_value(cell)):
            for title in difflib.get_close_matches(fold(cell), self._titles, 1, NEAR):
                if len(found := self._titles[title]) == 1:
                    return found[0], True
        return "", False


def _names(record: Resource) -> set[str]:
    known = record.identifiers
    marks = {fold(holding.shelf) for holding in record.holdings}
    numbers = {fold(known.publisher_ref), _digits(known.isbn), _digits(known.ean)} if known else set()
    return ({record.id} | marks | numbers) - {""}


def _digits(cell: str) -> str:
    return re.sub(r"[ -]", "", cell).casefold() if _ISBN.fullmatch(cell) else ""


def _filled(row: Row, record: Resource, cells: Sequence[str]) -> Row:
    values, fate = dict(row.values), row.fate
    names = _names(record)
    language = next((fold(cell) for cell in cells if fold(cell) in _LANGUAGES), "")
    mark = next(
        (fold(cell) for cell in cells if any(fold(cell) == fold(h.shelf) for h in record.holdings if h.shelf)), ""
    )
    for cell in cells:
        if fold(cell) in _FATE_OF:
            fate = _FATE_OF[fold(cell)]
        elif _YEAR.fullmatch(cell):
            values["year"] = cell
        elif fold(cell) in names or _digits(cell) in names - {""}:
            continue
        elif cell.startswith(("http://", "https://")):
            values[_place(record, "link", "url", language, mark)] = cell
        elif cell.startswith("media/"):
            values[_place(record, "file", "file", language, mark)] = cell
        elif _COUNT.fullmatch(cell) and "shelf" in record.forms:
            values[_place(record, "shelf", "copies", language, mark)] = cell
    return replace(row, fate=fate, values=values)


def _place(record: Resource, form: str, name: str, language: str, mark: str) -> str:
    """Return the value of a row that a cell fills: of the holding with this mark, this language, else the first."""
    asked: tuple[Callable[[int], bool], ...] = (
        lambda n: bool(mark) and fold(record.holdings[n].shelf) == mark,
        lambda n: bool(language) and record.holdings[n].language == language,
        lambda n: True,
    )
    of_form = [n for n, holding in enumerate(record.holdings) if holding.form == form]
    return next((f"{n}.{name}" for fits in asked for n in of_form if fits(n)), f"new.{name}")
