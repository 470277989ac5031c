"""What is made of the centre's files in the background: whoever asks gets what is there by now, at once."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Generic

from catalogue.errors import WriteFailed
from catalogue.inside.kept import Kept, Known, M, digest_of
from catalogue.inside.reading import Reading
from catalogue.media.kinds import ending_of

log = logging.getLogger("catalogue.inside")

LOOK_SECONDS = 15.0
"""How often files are looked at for a change that nobody told of."""

TRIES = 2  # of a reading that broke off; what is simply damaged or locked stays so
GATHERED = 50  # files that are told together
PATIENCE = 3.0  # seconds after which fewer are told too
_PASSING = ("slow", "broken")


class Derived(Generic[M]):
    """What ``make`` makes of the files below ``root`` with one of ``endings``, once for each content.

    ``told`` is called, in the background, with the paths of which something new is known.
    """

    def __init__(
        self,
        root: Path,
        kept: Kept[M],
        reading: Reading,
        make: Callable[[Path], M],
        endings: Collection[str],
        told: Callable[[Collection[str]], None] = lambda paths: None,
    ) -> None:
        self._root, self._kept, self._reading = root, kept, reading
        self._make, self._endings, self._told = make, frozenset(endings), told
        self._known: Mapping[str, Known] = kept.listed()
        self._wanted: frozenset[str] = frozenset()
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def want(self, paths: Collection[str]) -> None:
        """Know what there is of these files (``media/…``) from now on; of other kinds there is nothing."""
        wanted = frozenset(path for path in paths if ending_of(path) in self._endings)
        if wanted != self._wanted:
            self._wanted = wanted
            self._wake.set()

    def start(self) -> None:
        """Read what is wanted in the background, until ``close``."""
        self._thread = threading.Thread(target=self._run, name="inside", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End what is being read."""
        self._stop.set()
        self._wake.set()
        self._reading.stop()
        if self._thread:
            self._thread.join()

    @property
    def problems(self) -> Mapping[str, tuple[str, str]]:
        """What is wrong with which wanted file: by its path the problem and the digest of its content."""
        known = self._known
        return {p: (known[p].problem, known[p].digest) for p in sorted(self._wanted & known.keys()) if known[p].problem}

    def look(self) -> int:
        """Read every wanted file that is new or changed, here and now; returns how many there were."""
        wanted, known, fresh = self._wanted, dict(self._known), list[str]()
        gone = known.keys() - wanted
        count, since = 0, time.monotonic()
        for path in sorted(wanted):
            if self._stop.is_set():
                break
            found = self._read(path, known.get(path))
            if found is None or found == known.get(path):
                continue
            known[path] = found
            fresh.append(path)
            if len(fresh) >= GATHERED or time.monotonic() > since + PATIENCE:
                count, since = count + self._publish(known, fresh), time.monotonic()
                fresh = []
        if gone or fresh:
            count += self._publish({path: value for path, value in known.items() if path not in gone}, fresh)
        return count

    def _publish(self, known: Mapping[str, Known], fresh: Collection[str]) -> int:
        self._known = dict(known)
        self._kept.write_list(known)
        if fresh:
            self._told(tuple(fresh))
        return len(fresh)

    def _read(self, path: str, before: Known | None) -> Known | None:
        """Return what is known of a file now, having read it where its content is new; None where it is not there."""
        try:
            status = (self._root / path).stat()
            if before and (before.size, before.changed) == (status.st_size, status.st_mtime_ns):
                return before
            digest = digest_of(self._root / path)
            made = self._kept.get(digest) or self._made(digest, self._root / path)
        except OSError:
            return None
        return Known(status.st_size, status.st_mtime_ns, digest, made.problem) if made else None

    def _made(self, digest: str, path: Path) -> M | None:
        """Read a content for the first time. None where it was stopped."""
        return self._tried(digest, path, self._make)

    def _tried(self, digest: str, path: Path, make: Callable[[Path], M]) -> M | None:
        """Make something of a content, twice where that broke off, and keep it. None where it was stopped."""
        for _ in range(TRIES):
            made = make(path)
            if self._stop.is_set():
                return None
            if made.problem not in _PASSING:
                break
        try:
            self._kept.put(digest, made)
        except WriteFailed as error:
            log.warning("what was made of a file cannot be kept: %s", error)
            return None
        return made

    def _more(self) -> bool:
        """Make one thing that waits until all the others are made; returns whether there was one."""
        return False

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            more = False
            try:
                self.look()
                more = self._more()  # one, then what has come meanwhile
            except Exception:
                log.exception("the centre's files could not be read")
            if not more:
                self._wake.wait(LOOK_SECONDS)
