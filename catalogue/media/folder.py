"""The folder of the centre's files: what is in it, and how a file comes in, is replaced and goes.

A file on its way in is a hidden temporary file of the same folder; it is checked there, and then renamed at once. So
nobody ever sees half a file, and what is refused or broken off leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from catalogue.errors import N_, BadInput, NotFound, WriteFailed
from catalogue.folding import fold
from catalogue.media import captions
from catalogue.media.captions import CaptionFault
from catalogue.media.fitness import Unfit, refuse_programs
from catalogue.media.kinds import MEGABYTE, Kind, ending_of, kind_of

RESERVE = 200 * MEGABYTE
"""What stays free on the disk for the records, the index and the database."""

LONGEST_NAME = 80
ABANDONED = 3600.0
"""Seconds after which a temporary file that nobody writes to was left by a program that was killed."""

_PREFIX = ".incoming-"
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)")  # names that Windows keeps for itself
_FULL = N_("There is too little room left on the server’s disk for this file. Tell who looks after the computer.")
_TOO_LARGE = N_("This file is too large: %(most)s MB at most for this kind. Nothing was kept of it.")
_EMPTY = N_("This file is empty.")
_OTHER_KIND = N_("It replaces a %(ending)s file, so it has to be one too.")


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file of the centre; ``path`` begins with ``media/``."""

    path: str
    size: int
    changed: datetime.datetime


class MediaFolder:
    """``resources/media``. ``turn``: a context that holds the right to write, among threads and processes."""

    def __init__(
        self,
        root: Path,
        turn: Callable[[], AbstractContextManager[None]],
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self.root, self._turn, self.free = root, turn, free

    def files(self) -> dict[str, MediaFile]:
        """Return every file by its path; hidden ones are not the centre's."""
        found = {}
        for path in self.root.rglob("*"):
            relative = path.relative_to(self.root)
            if any(part.startswith(".") for part in relative.parts):
                continue
            with contextlib.suppress(OSError):  # it went meanwhile
                if path.is_file():
                    status, name = path.stat(), f"media/{relative.as_posix()}"
                    changed = datetime.datetime.fromtimestamp(status.st_mtime)
                    found[name] = MediaFile(name, status.st_size, changed)
        return found

    def find(self, path: str) -> Path:
        """Return where the file ``media/…`` is. Raises NotFound for what is not among ``files``.

        What is asked for is looked up, never joined to a folder: nothing else of the disk can be reached.
        """
        if path not in self.files():
            raise NotFound
        return self.root.parent / path

    def incoming(self, name: str, announced: int = 0) -> Incoming:
        """Begin to take in a file that its owner calls ``name``, of about ``announced`` bytes (0: not known).

        Raises BadInput for a kind that is not taken, one too large, or a disk too full; WriteFailed.
        """
        kind = kind_of(name)
        if announced > kind.most:
            raise BadInput(_TOO_LARGE, most=kind.most // MEGABYTE, field="file")
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self._sweep()
            if self.free(self.root) < announced + RESERVE:
                raise BadInput(_FULL, field="file")
            descriptor, temporary = tempfile.mkstemp(dir=self.root, prefix=_PREFIX, suffix=".tmp")
        except OSError as error:
            raise WriteFailed(path=self.root.name, reason=error.strerror or str(error)) from error
        return Incoming(self, kind, name, Path(temporary), os.fdopen(descriptor, "wb"))

    def add(self, incoming: Incoming, title: str = "") -> str:
        """Keep a file that was taken in under a name made of ``title``, else of its own; returns ``media/…``.

        Raises BadInput where its content does not fit, WriteFailed.
        """
        ending = incoming.checked()
        stem = safe_stem(title or PurePosixPath(incoming.name.replace("\\", "/")).stem)
        with self._turn():
            names = (f"{stem}{f'-{n}' if n > 1 else ''}{ending}" for n in range(1, 1_000_000))
            name = next(name for name in names if not (self.root / name).exists())
            incoming.move(self.root / name)
        return f"media/{name}"

    def put(self, incoming: Incoming, path: str) -> None:
        """Put a file that was taken in at the place of ``path``, of the same kind; the old one is gone.

        ``path`` is one of ``files``, or one that a record names: never what a request says. Raises as ``add`` does.
        """
        ending = ending_of(path)
        if ending not in incoming.kind.endings or incoming.checked() not in _same(ending):
            raise BadInput(_OTHER_KIND, ending=ending, field="file")
        with self._turn():
            incoming.move(self.root.parent / path)

    def delete(self, path: str) -> None:
        """Remove a file for good. Raises NotFound, WriteFailed. Whether a record names it is for the caller to ask."""
        with self._turn():
            try:
                self.find(path).unlink()
            except OSError as error:
                raise WriteFailed(path=path, reason=error.strerror or str(error)) from error

    def _sweep(self) -> None:
        for path in self.root.glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > ABANDONED:
                    path.unlink()


class Incoming:
    """A file on its way in. ``write`` its bytes, give it to ``MediaFolder.add`` or ``put``; ``discard`` in the end."""

    def __init__(self, folder: MediaFolder, kind: Kind, name: str, temporary: Path, file: BinaryIO) -> None:
        self.kind, self.name, self.size = kind, name, 0
        self.faults: tuple[CaptionFault, ...] = ()  # of captions as they came, which can be played all the same
        self._folder, self._temporary, self._file = folder, temporary, file

    def write(self, data: bytes) -> None:
        """Take more bytes. Raises BadInput where they are too many, or the disk is nearly full; WriteFailed."""
        self.size += len(data)
        if self.size > self.kind.most:
            raise BadInput(_TOO_LARGE, most=self.kind.most // MEGABYTE, field="file")
        try:
            if self._folder.free(self._temporary.parent) < RESERVE:
                raise BadInput(_FULL, field="file")
            self._file.write(data)
        except OSError as error:
            raise self._failed(error) from error

    def checked(self) -> str:
        """Look at the content, once all of it is there; returns the ending for its name. Raises Unfit, WriteFailed."""
        ending = ending_of(self.name)
        try:
            self._file.close()
            if not self.size:
                raise Unfit(_EMPTY)
            refuse_programs(self._temporary)
            faults = captions.check(self._temporary, ending) if self.kind.id == "captions" else ()
            ending = self.kind.check(self._temporary, ending)
            self.faults = tuple(faults)
            return ending
        except Unfit as error:
            error.params["name"] = PurePosixPath(self.name.replace("\\", "/")).name[:100]
            raise
        except OSError as error:
            raise self._failed(error) from error

    def move(self, place: Path) -> None:
        """Rename it to ``place``, durably. Raises WriteFailed."""
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with self._temporary.open("rb") as file:
                os.fsync(file.fileno())
            self._temporary.chmod(0o644)
            self._temporary.replace(place)
        except OSError as error:
            raise self._failed(error) from error

    def discard(self) -> None:
        """Leave nothing behind of what was not kept; call it in any case."""
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            self._temporary.unlink(missing_ok=True)

    def _failed(self, error: OSError) -> WriteFailed:
        return WriteFailed(path=self.name[:100], reason=error.strerror or str(error))


def safe_stem(title: str) -> str:
    """Return a title as the name of a file: ``Devenir infirmière ?`` becomes ``devenir-infirmiere``."""
    stem = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:LONGEST_NAME].strip("-")
    return f"file-{stem}".rstrip("-") if not stem or _DEVICES.fullmatch(stem) else stem


def _same(ending: str) -> tuple[str, ...]:
    return (".jpg", ".jpeg") if ending in (".jpg", ".jpeg") else (ending,)
