"""An export: a folder with everything of a catalogue, in open formats. Nothing of it is believed before it was checked.

README.fr.md …       what each file is, in every language of the site
manifest.json        SHA-256 of every other file
resources/…          records, lists of words, thesaurus, pages, our lists, media: as the catalogue itself keeps them
history/…            who changed what when, without names, and every version of every file (JSON Lines)
tables/…             the records once more, as a table (CSV) and as JSON Lines, for other programs
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import json
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from catalogue import manifest
from catalogue.errors import N_, BadInput
from catalogue.manifest import FORMAT, MANIFEST, Entry, Manifest
from catalogue.state.handed_on import Done, Wrote
from catalogue.state.history import KIND_NAMES, digest_of
from catalogue.state.tables import PATH_LENGTH

TEXTS = Path(__file__).parent / "leaving_texts"
"""What each file of an export is, in words."""

ACTIONS, VERSIONS = "history/actions.jsonl", "history/versions.jsonl"
TOPS = ("resources", "history", "tables", *(path.name for path in sorted(TEXTS.iterdir())))

T = TypeVar("T")

_DAMAGED = N_(
    "“%(folder)s” is damaged, or no export of the catalogue (%(reason)s). Nothing was changed. Make the export again."
)
_UNSAFE = N_(
    "“%(folder)s” holds “%(name)s”, which no export of the catalogue has. Nothing was changed. Do not use it: somebody "
    "may have tampered with it."
)
_NEWER = N_(
    "“%(folder)s” was made by a newer version of the catalogue (%(version)s). Install that version, then import again. "
    "Nothing was changed."
)


class Export:
    """An export, whose manifest was understood and which holds just the files that this names, all of them plain."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = self._manifest()
        if self.manifest.format > FORMAT:
            raise BadInput(_NEWER, folder=folder, version=self.manifest.version)
        self.entries = {entry.name: entry for entry in self.manifest.files}
        for name in (*self.entries, *self.manifest.folders):
            if not manifest.is_harmless(name, TOPS):
                raise BadInput(_UNSAFE, folder=folder, name=name)
        there = {name for name, is_file in self._walk() if is_file}
        if missing := sorted({*self.entries, MANIFEST, ACTIONS, VERSIONS} - there):
            raise self.damaged(f"{missing[0]} is missing")
        if strange := sorted(there - {*self.entries, MANIFEST}):
            raise BadInput(_UNSAFE, folder=folder, name=strange[0])

    def check(self) -> None:
        """Read every file and compare it with the manifest. Raises BadInput for the first that is different."""
        for entry in self.manifest.files:
            for _ in self._read(entry):
                pass

    def is_at(self, folder: Path) -> bool:
        """Tell whether a folder holds what is below ``resources/``, to the byte. Raises OSError."""
        own = {_below(entry.name): entry for entry in self.manifest.files if entry.name.startswith("resources/")}
        there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        if own.keys() != there:
            return False
        return all(_has(folder / name, entry) for name, entry in own.items())

    def unpack(self, folder: Path) -> None:
        """Write what is below ``resources/`` to a folder, checked, with its times. Raises BadInput, OSError."""
        for name in self.manifest.folders:
            (folder / _below(name)).mkdir(parents=True, exist_ok=True)
        for entry in self.manifest.files:
            if entry.name.startswith("resources/"):
                path = folder / _below(entry.name)
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("xb") as file:
                    file.writelines(self._read(entry))
                os.utime(path, ns=(entry.changed, entry.changed))

    def actions(self) -> Iterator[Done]:
        """Yield what was done, in order. Raises BadInput with the line that cannot be understood."""
        return self._lines(ACTIONS, _done)

    def versions(self) -> Iterator[Wrote]:
        """Yield the versions of files, in order. Raises BadInput with the line that cannot be understood."""
        return self._lines(VERSIONS, _wrote)

    def damaged(self, reason: str) -> BadInput:
        """Return what to raise for an export in which something is not as it should be."""
        return BadInput(_DAMAGED, folder=self.folder, reason=reason)

    def _manifest(self) -> Manifest:
        path = self.folder / MANIFEST
        try:
            if not stat.S_ISREG(path.lstat().st_mode):
                raise BadInput(_UNSAFE, folder=self.folder, name=MANIFEST)
            return Manifest.from_json(path.read_bytes())
        except (OSError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise self.damaged(f"{MANIFEST}: {error}") from error

    def _walk(self) -> Iterator[tuple[str, bool]]:
        """Yield every name, and whether it is a file. Links and devices are refused: they may be anything."""
        for place, folders, files in os.walk(self.folder):
            for name in (*folders, *files):
                path = Path(place, name)
                shown = path.relative_to(self.folder).as_posix()
                mode = path.lstat().st_mode
                if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                    raise BadInput(_UNSAFE, folder=self.folder, name=shown)
                yield shown, stat.S_ISREG(mode)

    def _read(self, entry: Entry) -> Iterator[bytes]:
        try:
            with (self.folder / entry.name).open("rb") as file:
                yield from manifest.checked(file, entry)
        except (OSError, ValueError) as error:
            raise self.damaged(f"{entry.name}: {error}") from error

    def _lines(self, name: str, read: Callable[[Mapping[str, Any]], T]) -> Iterator[T]:
        with (self.folder / name).open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield read(json.loads(line))
                except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
                    raise self.damaged(f"{name}:{number}: {error}") from error


def _has(path: Path, entry: Entry) -> bool:
    with path.open("rb") as file:
        return (path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()) == (entry.size, entry.sha256)


def _below(name: str) -> str:
    return name.removeprefix("resources").lstrip("/")


def _done(row: Mapping[str, Any]) -> Done:
    done = Done(int(row["id"]), _moment(row["at"]), int(row["by"]), row["kind"], row["label"], int(row["undoes"]))
    if done.kind not in KIND_NAMES or done.id < 1 or not 0 <= done.by < 10**6 or not isinstance(done.label, str):
        raise ValueError("no action of a history")
    return done


def _moment(text: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo:
        raise ValueError("a time of the centre has no zone")
    return moment


def _wrote(row: Mapping[str, Any]) -> Wrote:
    path = str(row["path"])
    own = PurePosixPath(path).parts[:1]
    if len(path) > PATH_LENGTH or not manifest.is_harmless(path, own):
        raise ValueError(f"“{path}” is no file of a catalogue")
    text, packed = row.get("text"), row.get("base64")
    data = text.encode() if text is not None else None if packed is None else _unpacked(packed)
    if digest_of(data) != row["sha256"]:
        raise ValueError("not the bytes that were put in")
    return Wrote(int(row["action"]), path, data)


def _unpacked(packed: str) -> bytes:
    try:
        return base64.b64decode(packed, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
