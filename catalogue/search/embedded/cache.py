"""What was read or worked out last, up to a limit: the least recently used leaves first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Cache(Generic[K, V]):
    """A mapping that forgets. ``cost`` says how much of ``limit`` a value takes. Safe from many threads."""

    def __init__(self, limit: int, cost: Callable[[V], int] = lambda value: 1) -> None:
        self._limit, self._cost, self._taken = limit, cost, 0
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        """Return the value kept under ``key``."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: K, value: V) -> None:
        """Keep a value; others make room."""
        with self._lock:
            before = self._kept.pop(key, None)
            self._taken += self._cost(value) - (self._cost(before) if before is not None else 0)
            self._kept[key] = value
            while self._taken > self._limit:
                self._taken -= self._cost(self._kept.popitem(last=False)[1])
