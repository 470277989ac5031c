"""The texts of the centre's files, read in the background: whoever asks gets what is known by now, at once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from catalogue.inside.derived import Derived
from catalogue.inside.extraction import READERS
from catalogue.inside.kept import Kept
from catalogue.inside.passages import VERSION, Inside
from catalogue.inside.reading import Reading
from catalogue.inside.recognition import languages_installed

_IN_MEMORY = 10_000_000  # characters, of the files that visitors see among their results


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of one content, read from the disk when it is wanted. ``lang``: where the file does not tell."""

    digest: str
    lang: str
    kept: Kept[Inside]

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield (language, text); nothing where the cache has lost it."""
        inside = self.kept.get(self.digest)
        return inside.texts(self.lang) if inside else iter(())


class FileTexts(Derived[Inside]):
    """What stands inside the files below ``root``. ``told`` is called, in the background, with paths newly read."""

    def __init__(
        self, root: Path, folder: Path, told: Callable[[Collection[str]], None], reading: Reading | None = None
    ) -> None:
        reading = reading or Reading()
        super().__init__(root, Kept(folder, Inside.from_bytes, VERSION), reading, reading.read, READERS, told)
        self._languages: tuple[str, ...] = ()  # in which scans are being read
        self._recent: OrderedDict[str, Inside] = OrderedDict()
        self._lock = threading.Lock()  # of ``_recent``

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
        """What is wrong with which wanted file; a scan whose turn is still to come has nothing yet."""
        coming = ("scan",) if self._languages else ()
        return {path: wrong for path, wrong in super().problems.items() if wrong[0] not in coming}

    def recognise_next(self) -> bool:
        """Read the words on the pages of one scan, here and now, where Tesseract is; returns whether one was read."""
        known = self._known
        scans = [path for path in sorted(self._wanted & known.keys()) if known[path].problem == "scan"]
        self._languages = languages = languages_installed() if scans else ()
        if not languages or self._stop.is_set():
            return False
        digest = known[scans[0]].digest
        if self._read(scans[0], known[scans[0]]) != known[scans[0]]:
            return True  # replaced meanwhile: the next look sees to it
        inside = self._tried(digest, self._root / scans[0], lambda path: self._reading.read(path, languages))
        if inside is None:
            return False
        with self._lock:
            self._recent.pop(digest, None)
        same = {path: replace(each, problem=inside.problem) for path, each in known.items() if each.digest == digest}
        self._publish({**known, **same}, same)
        return True

    def _more(self) -> bool:
        return self.recognise_next()
