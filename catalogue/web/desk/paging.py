"""Long lists a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """A page of a list: its ``items``, of which the first stands at ``start`` (from 0), and which of how many it is."""

    items: Sequence[T]
    start: int
    number: int
    count: int

    @classmethod
    def of(cls, items: Sequence[T], number: int, size: int) -> Page[T]:
        """Return the page ``number`` (from 1) of ``items``, the nearest there is; one page at the least."""
        count = max(1, -(-len(items) // size))
        number = min(max(1, number), count)
        start = (number - 1) * size
        return cls(items[start : start + size], start, number, count)

    @property
    def earlier(self) -> int:
        """The number of the page before, 0 where there is none."""
        return self.number - 1

    @property
    def later(self) -> int:
        """The number of the page after, 0 where there is none."""
        return self.number + 1 if self.number < self.count else 0


def page_number(text: str) -> int:
    """Return the number of a page as an address has it, 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0
