"""One run at a time on a machine: in the background of the site, or here and now by a command.

What a run is and how far it is stands with whoever has it (``links/checks.py``, ``harvest/runs.py``).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from catalogue import atomic
from catalogue.errors import Unavailable, WriteFailed


class SoleRun:
    """The thread of runs of one kind, and the lock that keeps two processes from running at once.

    ``name``: of thread and lock file in ``folder``; ``busy``: what is said to whoever comes second.
    """

    def __init__(self, folder: Path, name: str, busy: str) -> None:
        self._name, self._lock, self._busy = name, folder / f"{name}.lock", busy
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self.ended = threading.Event()
        """Whether the work is to end at its next step: the program ends."""

    @contextmanager
    def alone(self, wait: float) -> Iterator[None]:
        """Hold the lock inside, waited for so many seconds. Raises Unavailable where another run is under way."""
        with ExitStack() as stack:
            try:
                stack.enter_context(atomic.lock(self._lock, timeout=wait))
            except WriteFailed:
                raise
            except Unavailable as error:
                raise Unavailable(self._busy) from error
            yield

    @property
    def is_active(self) -> bool:
        """Whether a run goes on, here or in another process; one that was cut short can be gone on with."""
        if self._thread is not None and self._thread.is_alive():
            return True
        try:
            with self.alone(0):
                return False
        except Unavailable:
            return True

    def start(self, work: Callable[[], None]) -> threading.Thread:
        """Do ``work`` in the background, unless some is under way here; returns the thread that works."""
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=work, name=self._name, daemon=True)
                self._thread.start()
            return self._thread

    def close(self) -> None:
        """Let the work end at its next step, and wait for it."""
        self.ended.set()
        if self._thread:
            self._thread.join()
