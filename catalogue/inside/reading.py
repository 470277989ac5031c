"""Reading one file in a process of its own, which is given up when it takes too long or breaks."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.inside.passages import Inside
from catalogue.media.limits import environment

log = logging.getLogger("catalogue.inside")

PATIENCE = 120.0
"""Seconds after which a worker is killed, whatever it is doing."""

LONG_PATIENCE = 1_500.0
"""The same for one that recognises the words on pictures; it begins no page after ``extraction.RECOGNISING``."""

_OUT_OF_TIME = -getattr(signal, "SIGXCPU", 0) or None

WORKER = ("-m", "catalogue.inside.worker")


@dataclass
class Reading:
    """Reads files one at a time. ``stop`` from another thread ends the one at work."""

    command: tuple[str, ...] = (sys.executable, *WORKER)
    patience: float = PATIENCE
    _worker: subprocess.Popen[bytes] | None = None
    _stopped: threading.Event = field(default_factory=threading.Event)

    def read(self, path: Path, languages: Sequence[str] = ()) -> Inside:
        """Return what stands in a file; whatever happens to the worker becomes a ``problem``.

        ``languages``: what stands on the pictures that are its pages, in these, as Tesseract calls them.
        """
        try:
            with self._started([str(path.absolute()), *languages]) as self._worker:
                if self._stopped.is_set():
                    self._kill()
                try:
                    said, _ = self._worker.communicate(timeout=LONG_PATIENCE if languages else self.patience)
                except subprocess.TimeoutExpired:
                    self._kill()
                    return Inside(problem="slow")
            if self._worker.returncode == _OUT_OF_TIME:
                return Inside(problem="slow")
            return Inside.from_json(said)
        except (OSError, ValueError) as error:
            log.info("the text of a file could not be read: %s", type(error).__name__)
            return Inside(problem="broken")

    def stop(self) -> None:
        """End the worker, and every one that is still begun."""
        self._stopped.set()
        if self._worker is not None:
            self._kill()

    def _kill(self) -> None:
        """End the worker with what it has started itself."""
        if self._worker is None or self._worker.poll() is not None:
            return
        if sys.platform == "win32":
            self._worker.kill()
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._worker.pid, signal.SIGKILL)

    def _started(self, asked: Sequence[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*self.command, *asked],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a group of its own, which ends as one
            env=environment(),
        )
