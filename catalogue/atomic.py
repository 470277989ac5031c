"""Files that are either old or new, never half: atomic replacement and the lock of those who write."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from catalogue.errors import N_, Unavailable, WriteFailed

_TEMPORARY = re.compile(r"\.(.+)\.[^.]+\.tmp")  # as ``_write_beside`` names them


def write_bytes(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data`` so that a reader, or a power cut, sees the old bytes or the new ones.

    A temporary file in the same folder is written, synced to disk and renamed over ``path``.
    Raises WriteFailed when the disk is full or the folder refuses; the old file is then untouched.
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
                _write_beside(path, data, temporaries)
        for path, temporary in temporaries.items():
            _sync(temporary)
            # mkstemp makes private files; a record must stay readable for the others who could read it before.
            temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        for path, data in files:
            if data is None:
                path.unlink(missing_ok=True)
            else:
                temporaries[path].replace(path)
                del temporaries[path]
            done.append(path)
    except OSError as error:
        raise WriteFailed(path=path, reason=error.strerror or str(error)) from error
    finally:
        for temporary in temporaries.values():
            temporary.unlink(missing_ok=True)
        for folder in {path.parent for path in done}:
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
