"""Reading one file at a time in a process of its own, which is given up when it takes too long or breaks."""

from __future__ import annotations

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
from catalogue.inside.pictures import Pictures
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
    """Reads files one at a time, whoever asks. ``stop`` from another thread ends the one at work."""

    command: tuple[str, ...] = (sys.executable, *WORKER)
    patience: float = PATIENCE
    _worker: subprocess.Popen[bytes] | None = None
    _stopped: threading.Event = field(default_factory=threading.Event)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def read(self, path: Path, languages: Sequence[str] = ()) -> Inside:
        """Return what stands in a file; whatever happens to the worker becomes a ``problem``.

        ``languages``: what stands on the pictures that are its pages, in these, as Tesseract calls them.
        """
        if languages:
            said, problem = self._said([str(path.absolute()), "words", *languages], LONG_PATIENCE)
        else:
            said, problem = self._said([str(path.absolute()), "text"], self.patience)
        try:
            return Inside(problem=problem) if problem else Inside.from_bytes(said)
        except ValueError:
            return Inside(problem="broken")

    def pictures(self, path: Path) -> Pictures:
        """Return the pictures of a file in their sizes; whatever happens to the worker becomes a ``problem``."""
        said, problem = self._said([str(path.absolute()), "pictures"], self.patience)
        try:
            return Pictures(problem=problem) if problem else Pictures.from_bytes(said)
        except ValueError:
            return Pictures(problem="broken")

    def _said(self, asked: Sequence[str], patience: float) -> tuple[bytes, str]:
        """Return what the worker wrote, and what happened to it: ``slow``, ``broken``, or nothing."""
        try:
            with self._turn, self._started(asked) as self._worker:
                if self._stopped.is_set():
                    _end(self._worker)
                try:
                    said, _ = self._worker.communicate(timeout=patience)
                except subprocess.TimeoutExpired:
                    _end(self._worker)
                    return b"", "slow"
            return said, "slow" if self._worker.returncode == _OUT_OF_TIME else ""
        except OSError as error:
            log.info("a file could not be read: %s", type(error).__name__)
            return b"", "broken"

    def stop(self) -> None:
        """End the worker, and every one that is still begun."""
        self._stopped.set()
        if self._worker is not None:
            _end(self._worker)

    def _started(self, asked: Sequence[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*self.command, *asked],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,  # a group of its own, which ends as one
        )


def _end(worker: subprocess.Popen[bytes]) -> None:
    """Kill a worker with what it has started itself."""
    if worker.poll() is None:
        try:
            os.killpg(worker.pid, signal.SIGKILL)
        except (AttributeError, OSError):  # Windows has no groups of processes
            worker.kill()
