"""The folder of records: load, save, delete, and notice what others change.

Files are the truth. The store keeps every record in memory with the size, time and hash of its file; ``refresh``
looks at the folder again and reports what changed, re-reading only files whose size or time moved.
"""

from __future__ import annotations

import datetime
import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalogue import atomic, shapes, yamlfile
from catalogue.errors import N_, BadInput, NotFound, Problem, Severity
from catalogue.resource import FIELDS, Resource
from catalogue.shapes import Day, Pattern, Place, declare, read_group


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the folder as it was last read."""

    path: Path
    signature: tuple[int, int]  # size in bytes, modification time in nanoseconds
    digest: str  # SHA-256 of its bytes
    resource: Resource | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Changes:
    """What a look at the folder found: records to put in the index, and ids to take out of it."""

    put: tuple[Resource, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.put or self.removed)


@dataclass(frozen=True, kw_only=True)
class Tombstone:
    """The id of a record that was deleted, kept for ever so that it is never given again."""

    id: str = declare(N_("Id"), Pattern(r"[a-z0-9-]{2,80}", "devenir-infirmier"), required=True)
    date: datetime.date | None = declare(N_("Date"), Day(), None)


@dataclass
class Store:
    """The records below ``root/records``, checked against ``terms``. Not thread-safe: the service holds a lock."""

    root: Path
    terms: shapes.Terms | None = None
    entries: dict[Path, Entry] = field(default_factory=dict)
    records: Mapping[str, Resource] = field(default_factory=dict)
    tombstones: Mapping[str, Tombstone] = field(default_factory=dict)
    _folder_problems: tuple[Problem, ...] = ()
    _tombstone_problems: tuple[Problem, ...] = ()

    @property
    def folder(self) -> Path:
        """Where the record files are."""
        return self.root / "records"

    def load(self) -> Changes:
        """Read everything from scratch; returns all records as changes."""
        self.entries = {}
        self.records = {}
        return self.refresh()

    def refresh(self) -> Changes:
        """Look at the folder again and read what changed.

        A file whose size and time stand is not opened; one whose bytes stand is not parsed.
        """
        self._read_tombstones()
        found = dict(self._scan())
        entries = {path: self._entry(path, signature) for path, signature in sorted(found.items())}
        before, self.entries = self.records, {path: entry for path, entry in entries.items() if entry is not None}
        self.records = self._by_id()
        put = tuple(record for id, record in self.records.items() if before.get(id) is not record)
        return Changes(put, tuple(id for id in before if id not in self.records))

    @property
    def problems(self) -> list[Problem]:
        """Every problem of every file, in the order of the files, duplicate ids included."""
        own = [problem for entry in self.entries.values() for problem in entry.problems]
        return [*self._folder_problems, *self._tombstone_problems, *own, *self._duplicates()]

    def path_of(self, id: str) -> Path:
        """Return the file of a record, or the file a new record would get. Raises BadInput for a malformed id."""
        if not shapes.ID.fullmatch(id):
            raise BadInput(field="id")
        known = (path for path, entry in self.entries.items() if path.stem == id and entry.resource)
        return next(known, self.folder / f"{id}.yaml")

    def save(self, resource: Resource) -> None:
        """Write a record to its file, keeping comments and the bytes of what did not change, and take it over.

        Raises BadInput for an id that was deleted once, WriteFailed when the disk refuses (the old file stands).
        """
        if resource.id in self.tombstones:
            raise BadInput(N_("“%(id)s” belonged to a deleted record and is never given again."), id=resource.id)
        path = self.path_of(resource.id)
        old = path.read_bytes() if path.exists() else b""
        atomic.write_bytes(path, yamlfile.rewrite(old, resource.to_mapping(), list(FIELDS)))
        self._take(path)

    def delete(self, id: str, today: datetime.date) -> None:
        """Remove a record's file for ever, leaving a tombstone. Raises NotFound for an unknown id."""
        if id not in self.records:
            raise NotFound
        path = self.path_of(id)
        dead = [*self.tombstones.values(), Tombstone(id=id, date=today)]
        lines = [f"- {{id: {stone.id}, date: {stone.date}}}\n" for stone in dead]
        # The tombstone first: an id without a file is harmless, a file without its tombstone could be reused.
        atomic.write_bytes(self.root / "tombstones.yaml", "".join(lines).encode())
        path.unlink(missing_ok=True)
        self.refresh()

    def redirects(self) -> Mapping[str, str]:
        """Return old id → id of the record that replaces it."""
        return {old: record.id for record in self.records.values() for old in record.replaces}

    def _take(self, path: Path) -> None:
        status = path.stat()
        entry = self._entry(path, (status.st_size, status.st_mtime_ns))
        if entry is not None:
            self.entries = dict(sorted({**self.entries, path: entry}.items()))
            self.records = self._by_id()

    def _scan(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        """Yield every record file with its size and time; a folder that cannot be read is a problem, not an end."""
        problems: list[Problem] = []
        pending = [self.folder]
        while pending:
            folder = pending.pop()
            try:
                with os.scandir(folder) as items:
                    for item in items:
                        if item.name.startswith("."):
                            continue
                        if item.is_dir():
                            pending.append(Path(item.path))
                        elif item.name.endswith((".yaml", ".yml")):
                            status = item.stat()
                            yield Path(item.path), (status.st_size, status.st_mtime_ns)
            except OSError as error:
                reason = error.strerror or str(error)
                problems.append(
                    Problem(folder, 0, "", N_("the folder cannot be read (%(reason)s)"), {"reason": reason})
                )
        self._folder_problems = tuple(problems)

    def _entry(self, path: Path, signature: tuple[int, int]) -> Entry | None:
        known = self.entries.get(path)
        if known and known.signature == signature:
            return known
        try:
            data = path.read_bytes()
        except FileNotFoundError:  # removed since the folder was listed
            return None
        except OSError as error:
            reason = error.strerror or str(error)
            problem = Problem(path, 0, "", N_("the file cannot be read (%(reason)s)"), {"reason": reason})
            return Entry(path, signature, "", None, (problem,))
        digest = hashlib.sha256(data).hexdigest()
        if known and known.digest == digest:
            return Entry(path, signature, digest, known.resource, known.problems)
        resource, problems = Resource.from_document(yamlfile.parse(data, path), self.terms, self.root)
        return Entry(path, signature, digest, resource, problems)

    def _by_id(self) -> Mapping[str, Resource]:
        """Return the records by id. Of two files with one id, the first in the order of paths counts."""
        records: dict[str, Resource] = {}
        for entry in self.entries.values():
            if entry.resource and entry.resource.id not in self.tombstones:
                records.setdefault(entry.resource.id, entry.resource)
        return records

    def _duplicates(self) -> Iterator[Problem]:
        first: dict[str, Path] = {}
        for path, entry in self.entries.items():
            other = first.setdefault(path.stem, path)
            if other is not path:
                message = N_("the id “%(id)s” is already that of %(other)s; this file is left out")
                params = {"id": path.stem, "other": other.relative_to(self.root)}
                yield Problem(path, 0, "", message, params)
            if path.stem in self.tombstones and entry.resource:
                message = N_("the id “%(id)s” was deleted and is never given again; give the file another name")
                yield Problem(path, 0, "", message, {"id": path.stem})

    def _read_tombstones(self) -> None:
        path = self.root / "tombstones.yaml"
        if not path.exists():
            self.tombstones, self._tombstone_problems = {}, ()
            return
        document = yamlfile.read(path)
        problems = list(document.problems)
        items = document.value if isinstance(document.value, list) else []
        place = Place(document, problems)
        stones = [read_group(Tombstone, item, place.at(index)) for index, item in enumerate(items)]
        self.tombstones = {stone.id: stone for stone in stones if stone}
        self._tombstone_problems = tuple(problems)


def worst(problems: list[Problem]) -> Severity | None:
    """Return the gravest severity among ``problems``."""
    return max((problem.severity for problem in problems), default=None)
