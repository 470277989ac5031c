"""Counts that wait in memory for the database."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Table,
)

from catalogue.folding import fold
from catalogue.state.tables import QUERY_LENGTH

QUERY_WORDS = 8

Key = tuple[Any, ...]  # the name of a table, then the values of its primary key


@dataclass(slots=True)
class Cell:
    """What is to be added to one row."""

    count: int = 0
    days: int = 0


@dataclass
class Buffer:
    """Counts that wait for the database, at most ``limit`` rows of them. Thread-safe."""

    limit: int
    _dropped: int = 0
    _cells: dict[Key, Cell] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, key: Key, count: int = 1, days: int = 0) -> None:
        """Add to the cell of ``key``. A new key that finds the buffer full is dropped."""
        with self._lock:
            self._add(key, count, days)

    @property
    def waiting(self) -> int:
        """How many events wait."""
        with self._lock:
            return sum(cell.count for cell in self._cells.values())

    def take_dropped(self) -> int:
        """Return how many events were dropped since this was last asked."""
        with self._lock:
            dropped, self._dropped = self._dropped, 0
        return dropped

    def take(self) -> dict[Key, Cell]:
        """Empty the buffer and return what was in it."""
        with self._lock:
            cells, self._cells = self._cells, {}
        return cells

    def put_back(self, cells: dict[Key, Cell]) -> None:
        """Undo ``take``; what came in since is added to it."""
        with self._lock:
            newer, self._cells = self._cells, cells
            for key, cell in newer.items():
                self._add(key, cell.count, cell.days)

    def _add(self, key: Key, count: int, days: int) -> None:
        cell = self._cells.get(key)
        if cell is None:
            if len(self._cells) >= self.limit:
                self._dropped += count
                return
            cell = self._cells[key] = Cell()
        cell.count += count
        cell.days |= days


def rows_of(cells: Mapping[Key, Cell], table: Table) -> list[dict[str, Any]]:
    """Return the rows for ``table``, in the order of their keys: two writers in one order cannot block each other."""
    names = [column.name for column in table.primary_key]
    keys = sorted(key for key in cells if key[0] == table.name)
    rows = [{**dict(zip(names, key[1:], strict=True)), "count": cells[key].count} for key in keys]
    if "days" in table.c:
        rows = [{**row, "days": cells[key].days} for row, key in zip(rows, keys, strict=True)]
    return rows


def normalised_query(text: str) -> str:
    """Return ``text`` folded, its spaces single, at most 8 words and 80 characters; empty when it must not be kept.

    A text with a digit or an “@” anywhere is not kept at all: people type national numbers, telephone numbers and
    e-mail addresses into a search box. (A name cannot be told from a word; that is what the three days are for.)
    """
    folded = "".join(c for c in fold(text) if c.isprintable() or c.isspace())
    if "@" in folded or any(c.isdigit() for c in folded):
        return ""
    return " ".join(folded.split()[:QUERY_WORDS])[:QUERY_LENGTH].rstrip()


def plain(text: str, length: int) -> str:
    """Return ``text`` as any database takes it: cut, and without NUL or lone surrogates, which some refuse."""
    text = text[:length]
    return text if text.isprintable() else "".join(filter(str.isprintable, text))
