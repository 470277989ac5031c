"""The file of a backup: a zip that any program opens, with a manifest that says what every file in it must be.

    manifest.json      version of the catalogue, revision of the state, SHA-256 and time of every file
    catalogue.env      the settings, where there is a file of them
    resources/…        as in the folder
    var/catalogue.db   the state database; var/imports/… what imports under way need

Nothing of it is believed before it was checked: the names, the sizes, the bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from catalogue import __version__, atomic
from catalogue.errors import N_, BadInput, WriteFailed
from catalogue.settings import FILE

FORMAT = 1
MANIFEST = "manifest.json"
TOPS = ("resources", "var", FILE)
_CHUNK = 1 << 20

_DAMAGED = N_(
    "“%(file)s” is damaged, or no backup of the catalogue (%(reason)s). Nothing was changed. Use an earlier backup."
)
_UNSAFE = N_(
    "“%(file)s” wants to write a file “%(name)s”, which no backup of the catalogue does. Nothing was changed. "
    "Do not use it: somebody may have tampered with it."
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: its name below the instance, size in bytes, SHA-256, modification time in nanoseconds."""

    name: str
    size: int
    sha256: str
    changed: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds. ``version``: of the catalogue that made it; ``state``: the revision of its database,
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


class Archive:
    """A backup that is open for reading; its manifest was understood and its names are harmless.

    Of one in a newer ``format`` only version and state are known, and nothing may be unpacked.
    """

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path, self._zip = path, archive
        self.manifest = self._manifest()
        if self.manifest.format > FORMAT:
            return
        names = [entry.name for entry in self.manifest.files]
        for name in (*names, *self.manifest.folders):
            if not _is_harmless(name):
                raise BadInput(_UNSAFE, file=path, name=name)
        if sorted(archive.namelist()) != sorted([*names, MANIFEST]):
            raise self.damaged(f"its files are not those of {MANIFEST}")

    def check(self) -> None:
        """Read every file and compare it with the manifest. Raises BadInput for the first that is different."""
        for entry in self.manifest.files:
            for _ in self._read(entry):
                pass

    def unpack(self, folder: Path) -> None:
        """Write every file below ``folder``, checked, with its time. Raises BadInput, OSError; stops where it is."""
        for name in self.manifest.folders:
            (folder / name).mkdir(parents=True, exist_ok=True)
        for entry in self.manifest.files:
            path = folder / entry.name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.writelines(self._read(entry))
            path.chmod(0o644 if entry.name.startswith("resources/") else 0o600)
            os.utime(path, ns=(entry.changed, entry.changed))

    def _read(self, entry: Entry) -> Iterator[bytes]:
        digest, size = hashlib.sha256(), 0
        try:
            with self._zip.open(entry.name) as file:
                while size <= entry.size and (data := file.read(_CHUNK)):
                    size += len(data)
                    digest.update(data)
                    yield data
        except (OSError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
            raise self.damaged(f"{entry.name}: {error}") from error
        if (size, digest.hexdigest()) != (entry.size, entry.sha256):
            raise self.damaged(f"{entry.name}: not the bytes that were put in")

    def _manifest(self) -> Manifest:
        try:
            given = json.loads(self._zip.read(MANIFEST))
            if given["format"] > FORMAT:  # another shape: only what any of them says is read
                return Manifest(str(given["version"]), str(given["state"]), "", (), (), given["format"])
            entries = [(e["name"], e["size"], e["sha256"], e["changed"]) for e in given["files"]]
            files = tuple(Entry(str(name), int(size), str(sha), int(changed)) for name, size, sha, changed in entries)
            version, state, made = (str(given[key]) for key in ("version", "state", "made"))
            return Manifest(version, state, made, tuple(map(str, given["folders"])), files)
        except (KeyError, TypeError, ValueError, OSError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
            raise self.damaged(f"{MANIFEST}: {error}") from error

    def damaged(self, reason: str) -> BadInput:
        """Return what to raise for an archive in which something is not as it should be."""
        return BadInput(_DAMAGED, file=self.path, reason=reason)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open a backup for reading. Raises BadInput for one that is damaged, dangerous, or no backup."""
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise BadInput(_DAMAGED, file=path, reason=getattr(error, "strerror", None) or str(error)) from error
    with archive:
        yield Archive(path, archive)


def write(path: Path, root: Path, state: str, made: str, unfinished: Path) -> Manifest:
    """Write everything below ``root`` to the archive ``path``, readable by its owner only; returns the manifest.

    It is written to ``unfinished`` in the same folder, synced, read back and checked, and only then renamed.
    Raises WriteFailed, BadInput where what was read back is not what was written; an older ``path`` then stands.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "w+b") as file:
            manifest = _fill(file, root, state, made)
            file.flush()
            os.fsync(file.fileno())
        with opened(unfinished) as archive:
            archive.check()
        atomic.publish(unfinished, path)
    except OSError as error:
        raise WriteFailed(path=path, reason=error.strerror or str(error)) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _fill(file: BinaryIO, root: Path, state: str, made: str) -> Manifest:
    inside = sorted(root.rglob("*"))
    folders = tuple(path.relative_to(root).as_posix() for path in inside if path.is_dir())
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        files = tuple(_add(archive, path, path.relative_to(root).as_posix()) for path in inside if path.is_file())
        manifest = Manifest(__version__, state, made, folders, files)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> Entry:
    about = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    about.compress_type = zipfile.ZIP_STORED if name.startswith("resources/media/") else zipfile.ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    with _reading(path, name) as source, archive.open(about, "w", force_zip64=about.file_size > 1 << 30) as target:
        while data := source.read(_CHUNK):
            digest.update(data)
            size += target.write(data)
    return Entry(name, size, digest.hexdigest(), path.stat().st_mtime_ns)


def _reading(path: Path, name: str) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        message = N_("“%(path)s” cannot be read (%(reason)s).")
        raise BadInput(message, path=name, reason=error.strerror or str(error)) from error


def _is_harmless(name: str) -> bool:
    """Tell whether a name stays below the folder it is written to, on this system too, and is one of ours."""
    path = Path(name)
    own = PurePosixPath(name).as_posix() == name and name.split("/")[0] in TOPS
    return own and "\0" not in name and not path.is_absolute() and not path.drive and ".." not in path.parts
