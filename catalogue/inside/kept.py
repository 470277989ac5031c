"""The cache of what is made of files: an entry for each content, and a list of which file has which content.

All of it can be lost: it is made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from catalogue import atomic
from catalogue.errors import WriteFailed

log = logging.getLogger("catalogue.inside")

_LIST = "files.json"
_CHUNK = 1 << 20


class Made(Protocol):
    """What is made of a content. ``problem``: one of ``passages.PROBLEMS``, or empty."""

    @property
    def problem(self) -> str: ...

    def to_bytes(self) -> bytes: ...


M = TypeVar("M", bound=Made)


@dataclass(frozen=True, slots=True)
class Known:
    """A file as it was when it was read. ``changed`` in nanoseconds; ``digest``: SHA-256 of its content."""

    size: int
    changed: int
    digest: str
    problem: str


class Kept(Generic[M]):
    """What was made, below a folder, by the digest of the content it was made of.

    ``load`` reads what ``to_bytes`` wrote, ValueError for anything else; with another ``version`` all is made again.
    """

    def __init__(self, folder: Path, load: Callable[[bytes], M], version: int) -> None:
        self._folder, self._load, self._version = folder, load, version

    def get(self, digest: str) -> M | None:
        """Return what was made of a content; None where it is not kept, or cannot be read any more."""
        try:
            return self._load(self._place(digest).read_bytes())
        except (OSError, ValueError):
            return None

    def put(self, digest: str, made: M) -> None:
        """Keep what was made of a content. Raises WriteFailed."""
        try:
            self._place(digest).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WriteFailed(path=self._folder.name, reason=error.strerror or str(error)) from error
        atomic.write_bytes(self._place(digest), made.to_bytes())

    def listed(self) -> dict[str, Known]:
        """Return the files whose content is known, by their paths; none where the list cannot be read."""
        try:
            found = json.loads((self._folder / _LIST).read_bytes())
            if found["version"] == self._version:
                return {path: Known(*values) for path, values in found["files"].items()}
        except FileNotFoundError:
            pass
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("the list of files cannot be read (%s); it is made again", type(error).__name__)
        return {}

    def write_list(self, files: Mapping[str, Known]) -> None:
        """Keep which file has which content."""
        data = {"version": self._version, "files": {path: astuple(known) for path, known in sorted(files.items())}}
        with contextlib.suppress(WriteFailed, OSError):  # the next start then reads the files' digests again
            self._folder.mkdir(parents=True, exist_ok=True)
            atomic.write_bytes(self._folder / _LIST, json.dumps(data).encode())

    def _place(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's content. Raises OSError."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while data := file.read(_CHUNK):
            found.update(data)
    return found.hexdigest()
