"""The folder of records: load, say what saving and deleting would write, and notice what others change.

Files are the truth. The store keeps every record in memory with the size, time and hash of its file; ``refresh``
looks at the folder again and reports what changed, re-reading only files whose size or time moved.
"""

from __future__ import annotations

import datetime
import hashlib
import heapq
import os
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalogue import shapes, yamlfile
from catalogue.errors import N_, BadInput, NotFound, Problem, WriteFailed
from catalogue.resource import FIELDS, Resource
from catalogue.shapes import Day, Pattern, Place, declare, read_group, write_group

_UNREAD = (-1, -1)
"""The signature of a file that could not be read: it is tried again at every look."""


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
    replaced: Mapping[str, str] = field(default_factory=dict)  # old id → id of the record of any status that has it
    tombstones: Mapping[str, Tombstone] = field(default_factory=dict)
    _paths: tuple[Mapping[Path, Entry], Mapping[str, Path]] = field(default_factory=lambda: ({}, {}))
    _folder_problems: tuple[Problem, ...] = ()
    _tombstone_problems: tuple[Problem, ...] = ()

    @property
    def folder(self) -> Path:
        """Where the record files are."""
        return self.root / "records"

    @property
    def _graveyard(self) -> Path:
        return self.root / "tombstones.yaml"

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
        return self._changed_to({path: entry for path, entry in entries.items() if entry is not None})

    @property
    def problems(self) -> list[Problem]:
        """Every problem of every file, in the order of the files, and what they claim twice: an id, or an old one."""
        own = [problem for entry in self.entries.values() for problem in entry.problems]
        return [*self._folder_problems, *self._tombstone_problems, *own, *self._duplicates(), *self._disputed()]

    def path_of(self, id: str) -> Path:
        """Return the file of a record, or the file a new record would get. Raises BadInput for a malformed id."""
        if not shapes.ID.fullmatch(id):
            raise BadInput(field="id")
        return self._files().get(id, self.folder / f"{id}.yaml")

    def rendered(self, resource: Resource) -> tuple[Path, bytes]:
        """Return the file of a record and its bytes, which keep the comments and what did not change.

        Raises BadInput for an id that was deleted once or lives on in another record, WriteFailed where the file that
        is there cannot be read.
        """
        if resource.id in self.tombstones:
            raise BadInput(N_("“%(id)s” belonged to a deleted record and is never given again."), id=resource.id)
        path = self.path_of(resource.id)
        heir = self.replaced.get(resource.id, resource.id)
        if heir != resource.id and resource.id not in self.records:
            message = N_("“%(id)s” belonged to a record that lives on as “%(heir)s”, and is never given to another.")
            raise BadInput(message, id=resource.id, heir=heir)
        try:
            old = path.read_bytes() if path.exists() else b""
            return path, yamlfile.rewrite(old, resource.to_mapping(), list(FIELDS))
        except (OSError, ValueError) as error:
            raise WriteFailed(path=path, reason=str(error)) from error

    def removal(self, id: str, today: datetime.date) -> tuple[tuple[Path, bytes | None], ...]:
        """Return what removing a record for ever writes, in order: its tombstone, then no file.

        The ids that it replaced are buried with it: nothing leads anywhere from them, and nobody else gets them.
        In this order, because an id without a file is harmless, and a file without its tombstone could be reused.
        Raises NotFound for an unknown id, WriteFailed where the tombstones cannot be read.
        """
        if id not in self.records:
            raise NotFound
        ids = [id, *(old for old in self.records[id].replaces if old not in self.tombstones)]
        return (self._graveyard, self._buried(ids, today)), (self.path_of(id), None)

    def _buried(self, ids: Iterable[str], today: datetime.date) -> bytes:
        self._read_tombstones()
        path = self._graveyard
        if self._tombstone_problems:  # never write over stones that cannot be read: their ids would live again
            raise WriteFailed(path=path, reason=self._tombstone_problems[0].text())
        old = path.read_bytes() if path.exists() else b""
        stone = "".join(f"- {{id: {id}, date: {today}}}\n" for id in ids).encode()
        new = old + stone if not old or old.endswith(b"\n") else old + b"\n" + stone
        if yamlfile.parse(new, path).problems:  # a list in brackets, to which no line can be added
            stones = [f"- {{id: {s.id}, date: {s.date or today}}}\n".encode() for s in self.tombstones.values()]
            new = b"".join([*stones, stone])
        return new

    def revival(self, ids: Container[str]) -> tuple[Path, bytes | None]:
        """Return the file of the tombstones and its bytes without those of ``ids``: their own records come back.

        Raises WriteFailed where the tombstones cannot be read.
        """
        self._read_tombstones()
        if self._tombstone_problems:
            raise WriteFailed(path=self._graveyard, reason=self._tombstone_problems[0].text())
        old = self._graveyard.read_bytes() if self._graveyard.exists() else b""
        kept = [write_group(stone) for stone in self.tombstones.values() if stone.id not in ids]
        return self._graveyard, yamlfile.rewrite_list(old, kept, ["id", "date"]) if kept else None

    def digest(self, record: Resource) -> str:
        """Return the digest of the file that a record was read from; empty where the file is another by now."""
        entry = self.entries.get(self._files().get(record.id, self.folder))
        return entry.digest if entry is not None and entry.resource is record else ""

    def redirects(self) -> Mapping[str, str]:
        """Return old id → id of the published record that replaces it: a draft's id is not told to visitors."""
        return _heirs(record for record in self.records.values() if record.is_public)

    def take(self, paths: Iterable[Path]) -> Changes:
        """Take over files that were just written or removed, without looking at the others."""
        entries = dict(self.entries)
        for path in paths:
            entry = self._entry(path, _signature(path)) if path.exists() else None
            if entry is not None:
                entries[path] = entry
            else:
                entries.pop(path, None)
        self._read_tombstones()
        return self._changed_to(dict(sorted(entries.items())))

    def _changed_to(self, entries: dict[Path, Entry]) -> Changes:
        before, self.entries = self.records, entries
        self.records = self._by_id()
        self.replaced = _heirs(self.records.values())
        put = tuple(record for id, record in self.records.items() if before.get(id) is not record)
        return Changes(put, tuple(id for id in before if id not in self.records))

    def _scan(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        """Yield every record file with its size and time; a folder that cannot be read is a problem, not an end."""
        problems: list[Problem] = []
        pending = [(False, self.folder)]  # links last: what they lead to counts where it really is
        seen: set[tuple[int, int]] = set()
        while pending:
            _, folder = heapq.heappop(pending)
            try:
                status = folder.stat()
                if (status.st_dev, status.st_ino) in seen:  # a link back into the tree
                    continue
                seen.add((status.st_dev, status.st_ino))
                with os.scandir(folder) as items:
                    listed = [item for item in items if not item.name.startswith(".")]
            except OSError as error:
                reason = error.strerror or str(error)
                problems.append(
                    Problem(folder, 0, "", N_("the folder cannot be read (%(reason)s)"), {"reason": reason})
                )
                continue
            for item in listed:
                if _is_folder(item):
                    heapq.heappush(pending, (item.is_symlink(), Path(item.path)))
                elif item.name.endswith((".yaml", ".yml")):
                    yield Path(item.path), _signature(item)
        self._folder_problems = tuple(problems)

    def _entry(self, path: Path, signature: tuple[int, int]) -> Entry | None:
        known = self.entries.get(path)
        if known and known.signature == signature != _UNREAD:
            return known
        try:
            data = yamlfile.read_bytes(path)
        except OSError as error:
            if not os.path.lexists(path):  # removed since the folder was listed
                return None
            reason = error.strerror or str(error)
            problem = Problem(path, 0, "", N_("the file cannot be read (%(reason)s)"), {"reason": reason})
            return Entry(path, _UNREAD, "", None, (problem,))
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

    def _files(self) -> Mapping[str, Path]:
        """Return the file that counts for each id: the first that holds a record, else the first."""
        entries, known = self._paths
        if entries is self.entries:  # asked for every record of ten thousand that change together
            return known
        files: dict[str, Path] = {}
        for path, entry in self.entries.items():
            if entry.resource and not self.entries[files.get(path.stem, path)].resource:
                files[path.stem] = path
            files.setdefault(path.stem, path)
        self._paths = (self.entries, files)
        return files

    def _duplicates(self) -> Iterator[Problem]:
        files = self._files()
        for path, entry in self.entries.items():
            other = files[path.stem]
            if other is not path:
                message = N_("the id “%(id)s” is already that of %(other)s; this file is left out")
                params = {"id": path.stem, "other": other.relative_to(self.root)}
                yield Problem(path, 0, "", message, params)
            if path.stem in self.tombstones and entry.resource:
                message = N_("the id “%(id)s” was deleted and is never given again; give the file another name")
                yield Problem(path, 0, "", message, {"id": path.stem})

    def _disputed(self) -> Iterator[Problem]:
        """Yield where a record replaces an id that another one replaces already: it can lead to one of them only."""
        for path, entry in self.entries.items():
            record = entry.resource
            if record is None or self.records.get(record.id) is not record:
                continue
            for index, old in enumerate(record.replaces):
                if (heir := self.replaced[old]) != record.id:
                    message = N_("the id “%(id)s” already leads to “%(heir)s”; take it away here, or there")
                    yield Problem(path, 0, f"replaces.{index}", message, {"id": old, "heir": heir})

    def _read_tombstones(self) -> None:
        path = self._graveyard
        if not path.exists():
            self.tombstones, self._tombstone_problems = {}, ()
            return
        document = yamlfile.read(path, may_be_empty=True)
        problems = list(document.problems)
        place = Place(document, problems)
        if isinstance(document.value, list):
            stones = [read_group(Tombstone, item, place.at(index)) for index, item in enumerate(document.value)]
            self.tombstones = {stone.id: stone for stone in stones if stone}
        elif document.value is not None:
            place.fault(N_("this file should be a list: each entry begins with “- id: …”"))
        elif not problems:
            self.tombstones = {}  # and where it cannot be read, what was known to be dead stays so
        self._tombstone_problems = tuple(problems)


def _heirs(records: Iterable[Resource]) -> Mapping[str, str]:
    """Return old id → id of the record that replaces it: of several, the first."""
    heirs: dict[str, str] = {}
    for record in records:
        for old in record.replaces:
            heirs.setdefault(old, record.id)
    return heirs


def _is_folder(item: os.DirEntry[str]) -> bool:
    try:
        return item.is_dir()
    except OSError:  # a link to itself
        return False


def _signature(item: os.DirEntry[str] | Path) -> tuple[int, int]:
    try:
        status = item.stat()
    except OSError:  # a link to nowhere, or removed since the folder was listed
        return _UNREAD
    return status.st_size, status.st_mtime_ns
