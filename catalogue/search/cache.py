"""What was read or worked out last, up to a limit: what nobody asked for again leaves first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(slots=True)
class _Entry(Generic[V]):
    value: V
    cost: int
    asked: bool = False  # since it came, or since it was last spared


class Cache(Generic[K, V]):
    """A mapping that forgets. ``cost`` says how much of ``limit`` a value takes. Safe from many threads.

    The oldest leaves, unless it was asked for meanwhile: then it is spared once ("second chance", Corbató 1968). Asking
    takes no lock: a search asks a thousand times, and forty threads would queue for it.
    """

    def __init__(self, limit: int, cost: Callable[[V], int] = lambda value: 1) -> None:
        self._limit, self._cost, self._taken = limit, cost, 0
        self._kept: OrderedDict[K, _Entry[V]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        """Return the value kept under ``key``."""
        entry = self._kept.get(key)
        if entry is None:
            return None
        entry.asked = True
        return entry.value

    def put(self, key: K, value: V) -> None:
        """Keep a value; others make room."""
        entry = _Entry(value, self._cost(value))
        with self._lock:
            before = self._kept.pop(key, None)
            self._taken -= before.cost if before else 0
            while self._kept and self._taken + entry.cost > self._limit:
                oldest, kept = self._kept.popitem(last=False)
                if kept.asked:
                    kept.asked = False
                    self._kept[oldest] = kept
                else:
                    self._taken -= kept.cost
            if entry.cost <= self._limit:
                self._kept[key] = entry
                self._taken += entry.cost
