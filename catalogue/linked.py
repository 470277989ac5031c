"""A folder as it is at one moment: every file linked elsewhere, which costs no room and next to no time."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from catalogue.errors import WriteFailed

log = logging.getLogger("catalogue.linked")

_TEMPORARY = re.compile(r"\..*\.tmp")  # what atomic writing and uploads under way look like


@contextlib.contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Give a new folder that is gone at the end. Raises WriteFailed for every OSError inside."""
    try:
        shutil.rmtree(folder, ignore_errors=True)  # of one that was killed
        folder.mkdir(parents=True, mode=0o700)
        yield folder
    except OSError as error:
        raise WriteFailed(path=error.filename or folder, reason=error.strerror or str(error)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def link_all(source: Path, target: Path) -> None:
    """Link every file; folders that are links are followed, each once. What comes and goes meanwhile may be missing.

    Raises OSError.
    """
    seen: set[tuple[int, int]] = set()
    for name, folders, files in os.walk(source, followlinks=True, onerror=_refuse):
        status = Path(name).stat()
        if (status.st_dev, status.st_ino) in seen:  # a link back into the tree
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        place = target / Path(name).relative_to(source)
        place.mkdir(parents=True, exist_ok=True)
        for file in files:
            path = Path(name, file)
            if not _is_utf8(file):
                log.warning("left out, because the name is not UTF-8: %s", ascii(str(path)))
            elif not _TEMPORARY.fullmatch(file) and path.is_file():
                link(path, place / file)


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def link(source: Path, target: Path) -> None:
    """Link a file; where the system refuses (another disk, another owner) copy it. Raises OSError."""
    try:
        os.link(os.path.realpath(source), target)
    except FileNotFoundError:
        return  # an import that was dropped at this moment
    except OSError:
        shutil.copy2(source, target)
