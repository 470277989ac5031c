"""Waiting in a test for what another thread or process does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds for what takes one or two: other tests run at the same time."""


def until(look: Callable[[], T | None], seconds: float = PATIENCE) -> T:
    """Return what ``look`` returns, once that is true. Fails where it never is."""
    end = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)
    return seen
