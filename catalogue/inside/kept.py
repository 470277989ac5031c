"""The cache of texts: a file for each content, and a list of which file has which content. All of it can be lost."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

from catalogue import atomic
from catalogue.errors import WriteFailed
from catalogue.inside.passages import VERSION, Inside

log = logging.getLogger("catalogue.inside")

_LIST = "files.json"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Known:
    """A file as it was when it was read. ``changed`` in nanoseconds; ``digest``: SHA-256 of its content."""

    size: int
    changed: int
    digest: str
    problem: str


class Kept:
    """The texts below a folder, by the digest of the files they come from."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, digest: str) -> Inside | None:
        """Return the text of a content; None where it is not kept, or cannot be read any more."""
        try:
            return Inside.from_json(self._place(digest).read_bytes())
        except (OSError, ValueError):
            return None

    def put(self, digest: str, inside: Inside) -> None:
        """Keep the text of a content. Raises WriteFailed."""
        try:
            self._place(digest).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WriteFailed(path=self._folder.name, reason=error.strerror or str(error)) from error
        atomic.write_bytes(self._place(digest), inside.to_json())

    def listed(self) -> dict[str, Known]:
        """Return the files whose content is known, by their paths; none where the list cannot be read."""
        try:
            found = json.loads((self._folder / _LIST).read_bytes())
            if found["version"] == VERSION:
                return {path: Known(*values) for path, values in found["files"].items()}
        except FileNotFoundError:
            pass
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("the list of texts cannot be read (%s); it is made again", type(error).__name__)
        return {}

    def write_list(self, files: Mapping[str, Known]) -> None:
        """Keep which file has which content."""
        data = {"version": VERSION, "files": {path: astuple(known) for path, known in sorted(files.items())}}
        with contextlib.suppress(WriteFailed, OSError):  # the next start then reads the files' digests again
            self._folder.mkdir(parents=True, exist_ok=True)
            atomic.write_bytes(self._folder / _LIST, json.dumps(data).encode())

    def _place(self, digest: str) -> Path:
        return self._folder / digest[:2] / f"{digest}.json"


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's content. Raises OSError."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while data := file.read(_CHUNK):
            found.update(data)
    return found.hexdigest()
