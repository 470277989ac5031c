"""Files that are either old or new, never half: atomic replacement and the lock of those who write."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from catalogue.errors import N_, Unavailable, WriteFailed

STARTED = time.time()
"""When this program began (seconds since 1970): a temporary file from before then is nobody's any more."""

_TEMPORARY = re.compile(r"\.(.+)\.[a-z0-9_]{8}\.tmp")  # as ``_write_beside`` names them


def write_bytes(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data`` so that a reader, or a power cut, sees the old bytes or the new ones.

    A temporary file in the same folder is written, synced to disk and renamed over ``path``. Where ``path`` is a link
    it stays one: the file that it leads to is replaced.
    Raises WriteFailed when the disk is full, the folder refuses or a link leads nowhere; the old file then stands.
    """
    write_all([(path, data)], [])


def write_all(files: Sequence[tuple[Path, bytes | None]], done: list[Path]) -> None:
    """Replace each of these files as ``write_bytes`` does, or remove it (None); ``done`` receives what is done.

    All bytes are on the disk before the first name changes, so a disk that is full changes nothing. All are written
    before the first is synced: the disk then has little left to do for the others.
    Raises WriteFailed; what is in ``done`` by then has changed, every other file is untouched.
    """
    temporaries: dict[Path, Path] = {}
    path = Path()
    try:
        for path, data in files:
            if data is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                _write_beside(_real(path), data, temporaries)
        for path, temporary in temporaries.items():
            _sync(temporary)
            # mkstemp makes private files; a record must stay readable for the others who could read it before.
            temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        for path, data in files:
            if data is None:
                path.unlink(missing_ok=True)
            else:
                real = _real(path)
                temporaries[real].replace(real)
                del temporaries[real]
            done.append(path)
    except OSError as error:
        raise WriteFailed(path=path, reason=error.strerror or str(error)) from error
    finally:
        for temporary in temporaries.values():
            temporary.unlink(missing_ok=True)
        for folder in {Path(os.path.realpath(path)).parent for path in done}:
            with contextlib.suppress(OSError):  # a rename is durable where the system can open folders; Windows cannot
                _sync(folder)


def sweep(paths: Iterable[Path]) -> None:
    """Remove what a program that was killed in ``write_all`` left beside these files. Only for who holds the lock."""
    names: dict[Path, set[str]] = {}
    for path in paths:
        names.setdefault(path.parent, set()).add(path.name)
    for folder, known in names.items():
        for leftover in folder.glob(".*.tmp"):
            found = _TEMPORARY.fullmatch(leftover.name)
            if found and found[1] in known:
                leftover.unlink(missing_ok=True)


def _real(path: Path) -> Path:
    """Return the file that a link leads to, or ``path`` itself. Raises OSError for a link that leads nowhere."""
    return Path(os.path.realpath(path, strict=True)) if path.is_symlink() else path


def sweep_folder(root: Path, before: float = STARTED) -> int:
    """Remove the temporary files below ``root`` of a ``write_bytes`` that was killed; returns how many there were.

    Only such as were last written ``before`` (seconds since 1970), under names of ours. Hold the lock of those who
    write meanwhile: another program may be at work. What cannot be removed is left.
    """
    swept = 0
    for folder, _folders, names in os.walk(root):
        for path in (Path(folder, name) for name in names if _TEMPORARY.fullmatch(name)):
            with contextlib.suppress(OSError):
                if path.lstat().st_mtime < before:
                    path.unlink()
                    swept += 1
    return swept


def sync_all() -> None:
    """Make everything written so far durable: one call for thousands of files (Windows has none, and closes safely)."""
    if hasattr(os, "sync"):
        os.sync()


def publish(temporary: Path, path: Path) -> None:
    """Rename a file that is whole over ``path``, durably. Raises OSError."""
    _sync(temporary)
    temporary.replace(path)
    with contextlib.suppress(OSError):
        _sync(path.parent)


def _write_beside(path: Path, data: bytes, temporaries: dict[Path, Path]) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporaries[path] = Path(name)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
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
