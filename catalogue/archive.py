"""The file of a backup: a zip that any program opens, with a manifest that says what every file in it must be.

    manifest.json      version of the catalogue, revision of the state, SHA-256 and time of every file
    catalogue.env      the settings, where there is a file of them
    resources/…        as in the folder
    var/catalogue.db   the state database; var/imports/… what imports under way need

Nothing of it is believed before it was checked: the names, the sizes, the bytes.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from catalogue import __version__, atomic
from catalogue.errors import N_, BadInput, WriteFailed
from catalogue.manifest import FORMAT, MANIFEST, Entry, Manifest, checked, copy, is_harmless, reading
from catalogue.settings import FILE

TOPS = ("resources", "var", FILE)

_UNREADABLE = (ValueError, OSError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error)

_DAMAGED = N_(
    "“%(file)s” is damaged, or no backup of the catalogue (%(reason)s). Nothing was changed. Use an earlier backup."
)
_UNSAFE = N_(
    "“%(file)s” wants to write a file “%(name)s”, which no backup of the catalogue does. Nothing was changed. "
    "Do not use it: somebody may have tampered with it."
)


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
            if not is_harmless(name, TOPS):
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
        try:
            with self._zip.open(entry.name) as file:
                yield from checked(cast(BinaryIO, file), entry)
        except _UNREADABLE as error:
            raise self.damaged(f"{entry.name}: {error}") from error

    def _manifest(self) -> Manifest:
        try:
            return Manifest.from_json(self._zip.read(MANIFEST))
        except (KeyError, TypeError, *_UNREADABLE) as error:
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
        archive.writestr(MANIFEST, manifest.to_json())
    return manifest


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> Entry:
    about = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    about.compress_type = zipfile.ZIP_STORED if name.startswith("resources/media/") else zipfile.ZIP_DEFLATED
    with reading(path, name) as source, archive.open(about, "w", force_zip64=about.file_size > 1 << 30) as target:
        return copy(source, target, name, path.stat().st_mtime_ns)
