"""A posted file that is read and not kept, such as a table to import."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path, PureWindowsPath

from catalogue.errors import N_, BadInput, ErrorCode, WriteFailed


class TooBig(BadInput):
    """A file longer than ``most`` million bytes. It was not kept."""

    status = 413
    code = ErrorCode.TOO_BIG
    message = N_("This file is too big: at most %(most)s MB can be read.")


class WorkFile:
    """A file in ``folder`` of ``most`` bytes at the most. ``name``: what its owner calls it."""

    def __init__(self, folder: Path, name: str, announced: int, most: int) -> None:
        """Raises TooBig, WriteFailed."""
        self.name = PureWindowsPath(name).name[:120]
        self._path, self._size, self._most = folder / f".{secrets.token_hex(8)}.part", 0, most
        self._room_for(announced)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("wb")
        except OSError as error:
            raise self._failed(error) from error

    def write(self, data: bytes) -> None:
        """Take more bytes. Raises TooBig, WriteFailed."""
        self._size += len(data)
        self._room_for(self._size)
        try:
            self._file.write(data)
        except OSError as error:
            raise self._failed(error) from error

    def complete(self) -> Path:
        """Return where it is, whole. Raises WriteFailed."""
        try:
            self._file.close()
        except OSError as error:
            raise self._failed(error) from error
        return self._path

    def discard(self) -> None:
        """Remove it, where it was not moved elsewhere."""
        with contextlib.suppress(OSError):
            self._file.close()
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _room_for(self, size: int) -> None:
        if size > self._most:
            raise TooBig(most=self._most // 1_000_000, field="file")

    def _failed(self, error: OSError) -> WriteFailed:
        return WriteFailed(path=self.name, reason=error.strerror or str(error))
