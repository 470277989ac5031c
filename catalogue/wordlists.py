"""Changes of the lists of words: vocabularies, and the thesaurus over its several files.

An ``Edition`` is one vocabulary while it changes: entries are put, dropped, or led to others in it, and ``changes``
says what is then written. What did not change keeps its bytes. Records that name a term change with it: ``Plan``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from catalogue import edits, references, yamlfile
from catalogue.contents import Contents
from catalogue.errors import N_, BadInput, NotFound, WriteFailed
from catalogue.folding import fold
from catalogue.resource import Resource
from catalogue.shapes import declared
from catalogue.state import Version
from catalogue.vocabulary import Concept, Term
from catalogue.writing import Change

THESAURUS = {"subjects": "subject", "occupations": "occupation"}
"""The vocabularies that are concepts of the thesaurus, and their kind."""

FIXED = ("themes",)
"""Lists whose ids the program itself knows: only their words can change."""

EXTENDABLE = ("occupations", "places", "publishers", "series", "subjects")
"""Lists to which a term may be added while a record is described; the others shape the whole site and change rarely."""

UNCOUNTED = ("phrases",)
"""Lists whose terms are also kept where no file says so (in lists for visitors): nothing of them is ever taken away."""

GIVEN_IDS = ("languages", "shelves")
"""Lists whose ids mean something: a code of ISO 639, the prefix of a shelf mark."""

_REFERENCES = ("broader", "related")
_SPACE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Plan:
    """What an operation writes: files of words, and the records that name the words."""

    files: tuple[Change, ...]
    records: tuple[Resource, ...] = ()


class Edition:
    """One vocabulary while it is changed. ``read`` gives a file as it is now; hold the writer's turn meanwhile."""

    def __init__(self, root: Path, read: Callable[[Path], Version], vocabulary: str) -> None:
        self.vocabulary = vocabulary
        self._read = read
        self._folder = root / "vocabularies"
        self._versions: dict[Path, Version] = {}
        self._items: dict[Path, list[dict[str, Any]]] = {}
        self._changed: set[Path] = set()

    @property
    def group(self) -> Hashable:
        """What its entries are."""
        return Concept if self.vocabulary in THESAURUS else Term

    @property
    def paths(self) -> tuple[Path, ...]:
        """Its files."""
        if self.vocabulary in THESAURUS:
            return tuple(sorted((self._folder / "thesaurus").glob("*.yaml")))
        return (self._folder / f"{self.vocabulary}.yaml",)

    def entry(self, id: str) -> dict[str, Any]:
        """Return an entry as it stands in its file; empty where there is none."""
        found = self._place(id)
        return self._items[found[0]][found[1]] if found else {}

    def put(self, entry: Mapping[str, Any], beside: str = "") -> None:
        """Put an entry in the place of the one with its id; a new one goes last in the file that holds ``beside``."""
        found = self._place(entry["id"])
        if found:
            self._items[found[0]][found[1]] = dict(entry)
            self._changed.add(found[0])
            return
        near = self._place(beside) if beside else None
        path = near[0] if near else self._last()
        self._load(path).append(dict(entry))
        self._changed.add(path)

    def drop(self, id: str) -> None:
        """Take an entry away. Raises NotFound."""
        found = self._place(id)
        if not found:
            raise NotFound
        del self._items[found[0]][found[1]]
        self._changed.add(found[0])

    def naming(self, id: str) -> tuple[str, ...]:
        """Return the ids of the entries that lead to ``id``."""
        return tuple(item["id"] for _path, item in self._mentioning(id) if item["id"] != id)

    def lead(self, old: str, new: str) -> None:
        """Let every entry that leads to ``old`` lead to ``new``."""
        for path, item in self._mentioning(old):
            if item["id"] == old:
                continue
            for key in _REFERENCES:
                if old in item.get(key, ()):
                    led = dict.fromkeys(new if id == old else id for id in item[key])
                    item[key] = [id for id in led if id != item["id"]]
                    self._changed.add(path)
            if item.get("replaced_by") == old:
                item["replaced_by"] = new
                self._changed.add(path)
            for key in [key for key in _REFERENCES if item.get(key) == []]:
                del item[key]

    def changes(self) -> tuple[Change, ...]:
        """Return what is to be written. Raises WriteFailed where a list cannot be rewritten."""
        return tuple(self._change(path) for path in sorted(self._changed))

    def _change(self, path: Path) -> Change:
        old = self._versions[path]
        try:
            items = [edits.plain(item, self.group) for item in self._items[path]]
            data = yamlfile.rewrite_list(old.data or b"", items, list(declared(self.group)))
        except ValueError as error:
            raise WriteFailed(path=path.name, reason=str(error)) from error
        return Change(path, data, old.digest)

    def _place(self, id: str) -> tuple[Path, int] | None:
        for path in self.paths:
            if id.encode() in (self._version(path).data or b""):
                for index, item in enumerate(self._load(path)):
                    if item["id"] == id:
                        return path, index
        for path in self._changed:  # put a moment ago
            for index, item in enumerate(self._items[path]):
                if item["id"] == id:
                    return path, index
        return None

    def _mentioning(self, id: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        for path in self.paths:
            if id.encode() in (self._version(path).data or b""):
                for item in self._load(path):
                    if (
                        id == item["id"]
                        or id == item.get("replaced_by")
                        or any(id in item.get(k, ()) for k in _REFERENCES)
                    ):
                        yield path, item

    def _version(self, path: Path) -> Version:
        if path not in self._versions:
            self._versions[path] = self._read(path)
        return self._versions[path]

    def _load(self, path: Path) -> list[dict[str, Any]]:
        if path not in self._items:
            value = yamlfile.parse(self._version(path).data or b"", path).value or []
            if not isinstance(value, list) or not all(isinstance(item, dict) and item.get("id") for item in value):
                raise WriteFailed(path=path.name, reason=N_("an entry has no id"))
            self._items[path] = [dict(item) for item in value if isinstance(item, dict)]
        return self._items[path]

    def _last(self) -> Path:
        if self.vocabulary not in THESAURUS:
            return self.paths[0]
        return self._folder / "thesaurus" / f"{self.vocabulary}.yaml"


def proposed_id(label: str, taken: Callable[[str], bool]) -> str:
    """Return an id made from a label, that is not taken: ``Santé & soins`` becomes ``sante-soins``."""
    slug = _SPACE.sub("-", fold(label)).strip("-")[:70].strip("-") or "x"
    return next(id for n in range(1, 10_000) if not taken(id := slug if n == 1 else f"{slug}-{n}"))


def users(contents: Contents, vocabulary: str, id: str) -> tuple[Resource, ...]:
    """Return the records, of every status, that name a term."""
    found = (contents.uses.get((named, id), ()) for named in _fields_of(vocabulary))
    return tuple(contents.records[record] for record in dict.fromkeys(chain.from_iterable(found)))


def merge(contents: Contents, edition: Edition, old: str, new: str, keep_words: bool = True) -> Plan:
    """Return what lets ``new`` take the place of ``old``: in the records and in the other entries.

    ``old`` stays, retired and replaced, so that what leads to it still arrives. ``keep_words``: of a concept, its
    labels become further labels of the other. Raises BadInput where the two do not go together, NotFound.
    """
    entry, other = edition.entry(old), edition.entry(new)
    if not entry:
        raise NotFound
    if edition.vocabulary in FIXED:
        raise BadInput(N_("The entries of this list are fixed; only their words can change."), field="into")
    if not other or old == new or other.get("retired") == "true" or other.get("kind") != entry.get("kind"):
        raise BadInput(N_("Choose another entry of the same list, one that is in use."), field="into")
    edition.lead(old, new)
    if keep_words and edition.vocabulary in THESAURUS:
        edition.put({**other, "labels": _joined(other["labels"], entry["labels"])})
    kept = {key: value for key, value in entry.items() if key not in _REFERENCES}
    edition.put({**kept, "retired": True, "replaced_by": new})
    names = {old: new} | ({entry["uri"]: new} if entry.get("uri") else {})
    records = users(contents, edition.vocabulary, old)
    for field in _fields_of(edition.vocabulary):
        records = tuple(references.renamed(record, field, names) for record in records)
    return Plan(edition.changes(), records)


def delete(contents: Contents, edition: Edition, id: str) -> Plan:
    """Return what takes an entry away that nothing uses. Raises BadInput where something does, NotFound."""
    if edition.vocabulary in (*FIXED, *UNCOUNTED):
        raise BadInput(N_("Entries of this list are retired, never taken away."), field="id")
    if users(contents, edition.vocabulary, id) or edition.naming(id) or _centre_names(contents, edition.vocabulary, id):
        raise BadInput(N_("This is in use: merge it with another, or retire it."), field="id")
    edition.drop(id)
    return Plan(edition.changes())


def _fields_of(vocabulary: str) -> tuple[str, ...]:
    """Return the names under which records name a list: a record may be about an occupation as about a subject."""
    return tuple(THESAURUS) if vocabulary in THESAURUS else (vocabulary,)


def _centre_names(contents: Contents, vocabulary: str, id: str) -> bool:
    return (vocabulary, id) in references.named(contents.frame.centre)


def _joined(labels: Mapping[str, list[str]], others: Mapping[str, list[str]]) -> dict[str, list[str]]:
    joined = {lang: list(words) for lang, words in labels.items()}
    for lang, words in others.items():
        known = {fold(word) for word in joined.get(lang, ())}
        joined.setdefault(lang, []).extend(word for word in words if fold(word) not in known)
    return joined
