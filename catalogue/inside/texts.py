"""The texts of the centre's files, read in the background: whoever asks gets what is known by now, at once."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from catalogue.errors import WriteFailed
from catalogue.inside.extraction import READERS
from catalogue.inside.kept import Kept, Known, digest_of
from catalogue.inside.passages import Inside
from catalogue.inside.reading import Reading
from catalogue.inside.recognition import languages_installed
from catalogue.media.kinds import ending_of

log = logging.getLogger("catalogue.inside")

LOOK_SECONDS = 15.0
"""How often files are looked at for a change that nobody told of."""

TRIES = 2  # of a reading that broke off; what is simply damaged or locked stays so
GATHERED = 50  # files that are told together
PATIENCE = 3.0  # seconds after which fewer are told too
_PASSING = ("slow", "broken")
_IN_MEMORY = 10_000_000  # characters, of the files that visitors see among their results


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of one content, read from the disk when it is wanted. ``lang``: where the file does not tell."""

    digest: str
    lang: str
    kept: Kept

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield (language, text); nothing where the cache has lost it."""
        inside = self.kept.get(self.digest)
        return inside.texts(self.lang) if inside else iter(())


class FileTexts:
    """What stands inside the files below ``root``. ``told`` is called, in the background, with paths newly read."""

    def __init__(
        self, root: Path, folder: Path, told: Callable[[Collection[str]], None], reading: Reading | None = None
    ) -> None:
        self._root, self._told = root, told
        self._kept = Kept(folder)
        self._reading = reading or Reading()
        self._known: Mapping[str, Known] = self._kept.listed()
        self._wanted: frozenset[str] = frozenset()
        self._languages: tuple[str, ...] = ()  # in which scans are being read
        self._recent: OrderedDict[str, Inside] = OrderedDict()
        self._lock = threading.Lock()  # of ``_recent``
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def want(self, paths: Collection[str]) -> None:
        """Know the texts of these files (``media/…``) from now on; those of other kinds have none."""
        wanted = frozenset(path for path in paths if ending_of(path) in READERS)
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

    # --- asking ----------------------------------------------------------------------------------------------

    def text(self, path: str, lang: str = "") -> FileText | None:
        """Return what the index takes of a file; None while it is not read, or where it has no text."""
        known = self._known.get(path)
        return FileText(known.digest, lang, self._kept) if known and known.problem != "scan" else None

    def inside(self, path: str) -> Inside | None:
        """Return the passages of a file; None while they are not read."""
        known = self._known.get(path)
        if known is None:
            return None
        with self._lock:
            found = self._recent.pop(known.digest, None)
        found = found or self._kept.get(known.digest)
        if found:
            self._remember(known.digest, found)
        return found

    def _remember(self, digest: str, inside: Inside) -> None:
        with self._lock:
            self._recent[digest] = inside
            while len(self._recent) > 1 and sum(each.length for each in self._recent.values()) > _IN_MEMORY:
                self._recent.popitem(last=False)

    @property
    def problems(self) -> Mapping[str, tuple[str, str]]:
        """What is wrong with which wanted file: by its path the problem and the digest of its content.

        A scan whose turn is still to come has none yet.
        """
        coming = ("scan",) if self._languages else ()
        known = {path: self._known[path] for path in sorted(self._wanted & self._known.keys())}
        return {p: (k.problem, k.digest) for p, k in known.items() if k.problem and k.problem not in coming}

    # --- reading ---------------------------------------------------------------------------------------------

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

    def recognise_next(self) -> bool:
        """Read the words on the pages of one scan, here and now, where Tesseract is; returns whether one was read."""
        known = self._known
        scans = [path for path in sorted(self._wanted & known.keys()) if known[path].problem == "scan"]
        self._languages = languages_installed() if scans else ()
        if not self._languages or self._stop.is_set():
            return False
        digest = known[scans[0]].digest
        if self._read(scans[0], known[scans[0]]) != known[scans[0]]:
            return True  # replaced meanwhile: the next look sees to it
        inside = self._extracted(digest, self._root / scans[0], self._languages)
        if inside is None:
            return False
        with self._lock:
            self._recent.pop(digest, None)
        same = {path: replace(each, problem=inside.problem) for path, each in known.items() if each.digest == digest}
        self._publish({**known, **same}, same)
        return True

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
            inside = self._kept.get(digest) or self._extracted(digest, self._root / path)
        except OSError:
            return None
        return Known(status.st_size, status.st_mtime_ns, digest, inside.problem) if inside else None

    def _extracted(self, digest: str, path: Path, languages: Sequence[str] = ()) -> Inside | None:
        """Read a content for the first time: twice where the reading broke off. None where it was stopped."""
        inside = Inside(problem="broken")
        for _ in range(TRIES):
            inside = self._reading.read(path, languages)
            if self._stop.is_set():
                return None
            if inside.problem not in _PASSING:
                break
        try:
            self._kept.put(digest, inside)
        except WriteFailed as error:
            log.warning("the text of a file cannot be kept: %s", error)
            return None
        return inside

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            more = False
            try:
                self.look()
                more = self.recognise_next()  # one, then what has come meanwhile
            except Exception:
                log.exception("the texts of files could not be read")
            if not more:
                self._wake.wait(LOOK_SECONDS)
