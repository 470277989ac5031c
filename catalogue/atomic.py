"""Files that are either old or new, never half: atomic replacement and the lock of those who write."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from catalogue.errors import N_, Unavailable, WriteFailed


def write_bytes(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data`` so that a reader, or a power cut, sees the old bytes or the new ones.

    A temporary file in the same folder is written, synced to disk and renamed over ``path``.
    Raises WriteFailed when the disk is full or the folder refuses; the old file is then untouched.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes private files; a record must stay readable for the others who could read it before.
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise WriteFailed(path=path, reason=error.strerror or str(error)) from error
    _sync_folder(path.parent)


def sync_all() -> None:
    """Make everything written so far durable: one call for thousands of files (Windows has none, and closes safely)."""
    if hasattr(os, "sync"):
        os.sync()


def publish(temporary: Path, path: Path) -> None:
    """Rename a file that is whole over ``path``, durably. Raises OSError."""
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    temporary.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable, where the system can open folders (Windows cannot)."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def lock(path: Path, timeout: float = 10.0) -> Iterator[None]:
    """Hold the exclusive lock of the file ``path`` among processes, waiting ``timeout`` seconds at most.

    Raises Unavailable when another process keeps it, WriteFailed when the lock file cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(path, timeout=timeout)
        held.acquire()
    except Timeout as error:
        raise Unavailable(N_("Someone else is writing at this very moment. Try again shortly.")) from error
    except OSError as error:
        raise WriteFailed(path=path, reason=error.strerror or str(error)) from error
    try:
        yield
    finally:
        held.release()
