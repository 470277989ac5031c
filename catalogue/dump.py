"""Everything public in one file, JSON Lines compressed by gzip: made once for each state of the catalogue, aside.

Nobody who asks waits long: a small one is made at once; while a large one is made, the one before is given.
The same records give the same bytes: no time and no name stands in the file.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import logging
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalogue import atomic
from catalogue.contents import Contents
from catalogue.errors import Unavailable
from catalogue.resource import Resource

log = logging.getLogger("catalogue.dump")

PATIENCE = 2.0
"""Seconds that who asks waits for one that is being made."""


_BATCH, _TURN = 100, 0.005
"""After so many records, so many seconds in which those who search have the processor for themselves."""


@dataclass(frozen=True)
class Made:
    """A dump that is whole: its file, the SHA-256 of that, and which contents it holds, while they are kept at all."""

    path: Path
    digest: str
    contents: weakref.ref[Contents]


class Dump:
    """The dump of the newest contents, below ``folder``, which is disposable. ``line``: what is written of a record."""

    def __init__(
        self, folder: Path, contents: Callable[[], Contents], line: Callable[[Resource], Mapping[str, Any]]
    ) -> None:
        self._folder, self._contents, self._line = folder, contents, line
        self._lock = threading.Lock()
        self._maker: threading.Thread | None = None
        self._made: Made | None = None
        self._failed = False  # the last time

    def newest(self, patience: float = PATIENCE) -> Made:
        """Return the dump of the contents as they are, or the one before while it is made. Raises Unavailable."""
        until = time.monotonic() + patience
        while not self._is_current():
            maker = self._begin()
            maker.join(max(0.0, until - time.monotonic()))
            if self._failed or time.monotonic() >= until:
                break
        made = self._made
        if made is None or not made.path.is_file():
            raise Unavailable
        return made

    def _is_current(self) -> bool:
        made = self._made
        return made is not None and made.contents() is self._contents() and made.path.is_file()

    def _begin(self) -> threading.Thread:
        """Return the thread that makes one: that which does already, or a new one."""
        with self._lock:
            if self._maker is None or not self._maker.is_alive():
                self._failed = False
                self._maker = threading.Thread(target=self._make, name="dump", daemon=True)
                self._maker.start()
            return self._maker

    def _make(self) -> None:
        contents, before = self._contents(), self._made
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished = self._folder / ".records.incomplete"
            self._write(unfinished, contents)
            with unfinished.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            path = self._folder / f"records-{digest}.jsonl.gz"
            atomic.publish(unfinished, path)
        except OSError as error:
            log.warning("The dump could not be written: %s", error.strerror or error)
            self._failed = True
            return
        self._made = Made(path, digest, weakref.ref(contents))
        self._forget(path, before.path if before else path)

    def _write(self, path: Path, contents: Contents) -> None:
        with path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
            for number, record in enumerate(contents.ordered):
                if number % _BATCH == _BATCH - 1:
                    time.sleep(_TURN)
                line = json.dumps(self._line(record), ensure_ascii=False, separators=(",", ":"))
                packed.write(f"{line}\n".encode())

    def _forget(self, *kept: Path) -> None:
        """Remove what is older than the one before: somebody may still be reading that."""
        for path in self._folder.glob("records-*.jsonl.gz"):
            if path not in kept:
                with contextlib.suppress(OSError):
                    path.unlink()
