"""The list of files that goes with a backup or an export: what each must be, to the byte. Nothing else is believed.

{"version": …, "state": …, "made": …, "folders": […], "files": [{"name", "size", "sha256", "changed"}], "format": 1}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from catalogue.errors import N_, BadInput

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20
"""Bytes of a file that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: its name below the folder, size in bytes, SHA-256, modification time in nanoseconds."""

    name: str
    size: int
    sha256: str
    changed: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What there must be. ``version``: of the catalogue that made it; ``state``: the revision of its database,
    empty where there is none; ``made``: when, ISO 8601 in UTC."""

    version: str
    state: str
    made: str
    folders: tuple[str, ...]
    files: tuple[Entry, ...]
    format: int = FORMAT

    @property
    def size(self) -> int:
        """How many bytes the files have together, unpacked."""
        return sum(entry.size for entry in self.files)

    def to_json(self) -> str:
        """Return it as its file holds it."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: str | bytes) -> Manifest:
        """Read one; of a newer format only version and state.

        Raises KeyError, TypeError, ValueError, RecursionError.
        """
        given = json.loads(text)
        if given["format"] > FORMAT:  # another shape: only what any of them says is read
            return cls(str(given["version"]), str(given["state"]), "", (), (), given["format"])
        entries = [(e["name"], e["size"], e["sha256"], e["changed"]) for e in given["files"]]
        files = tuple(Entry(str(name), int(size), str(sha), int(changed)) for name, size, sha, changed in entries)
        version, state, made = (str(given[key]) for key in ("version", "state", "made"))
        return cls(version, state, made, tuple(map(str, given["folders"])), files)


class Sink(Protocol):
    """Where bytes are written to."""

    def write(self, data: bytes, /) -> int:
        """Write all of ``data``; returns how many bytes that are."""
        ...


def reading(path: Path, name: str) -> BinaryIO:
    """Open a file that is to be copied; ``name``: what it is called where it goes. Raises BadInput."""
    try:
        return path.open("rb")
    except OSError as error:
        message = N_("“%(path)s” cannot be read (%(reason)s).")
        raise BadInput(message, path=name, reason=error.strerror or str(error)) from error


def copy(source: BinaryIO, target: Sink, name: str, changed: int) -> Entry:
    """Copy a file and return what the manifest says of it. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    while data := source.read(CHUNK):
        digest.update(data)
        size += target.write(data)
    return Entry(name, size, digest.hexdigest(), changed)


def checked(source: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Yield the bytes of a file. Raises ValueError at the end where they are not those that were put in."""
    digest, size = hashlib.sha256(), 0
    while size <= entry.size and (data := source.read(CHUNK)):
        size += len(data)
        digest.update(data)
        yield data
    if (size, digest.hexdigest()) != (entry.size, entry.sha256):
        raise ValueError("not the bytes that were put in")


def is_harmless(name: str, tops: Collection[str]) -> bool:
    """Tell whether a name stays below the folder it is written to, on this system too, and begins with one of ours."""
    path = Path(name)
    own = PurePosixPath(name).as_posix() == name and name.split("/")[0] in tops
    return own and "\0" not in name and not path.is_absolute() and not path.drive and ".." not in path.parts
