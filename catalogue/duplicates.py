"""Records that may be one and the same: by address, book number, file or title, in either language.

Everything a record can be recognised by becomes a *key*; records that share one may be the same. A title that differs
in one mistyped word shares with the right one the key that lacks this word: so all near titles are found without
comparing every title with every other.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from catalogue.contents import Contents
from catalogue.resource import Resource
from catalogue.sameness import are_alike, is_front_page, is_slip, isbn_key, may_slip, title_words, url_key

REASONS = ("isbn", "file", "url", "title", "near")
"""Why two records may be the same, the surest first; ``near``: titles that differ in one mistyped word."""

_MOST_TOGETHER = 4
"""An address or title that more records have than this is a portal or a heading: it tells nothing of two of them."""

Key = tuple[str, str]
"""A reason, and what must be the same."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record is recognised by, of a record or of a form that is being filled in."""

    titles: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @classmethod
    def of(cls, record: Resource | Mapping[str, Any]) -> Facts:
        """Take them from a record, or from the mapping that a form or an import makes of one."""
        if not isinstance(record, Resource):
            return cls._of_mapping(record)
        numbers = record.identifiers
        return cls(
            tuple(record.title.values()),
            tuple(holding.url for holding in record.holdings if holding.url),
            (numbers.isbn, numbers.ean) if numbers else (),
            tuple(holding.file for holding in record.holdings if holding.file),
        )

    @classmethod
    def _of_mapping(cls, mapping: Mapping[str, Any]) -> Facts:
        title, numbers = _mapping(mapping.get("title")), _mapping(mapping.get("identifiers"))
        holdings = [item for item in mapping.get("holdings") or () if isinstance(item, Mapping)]
        return cls(
            tuple(map(str, title.values())),
            tuple(str(item["url"]) for item in holdings if item.get("url")),
            tuple(str(numbers[name]) for name in ("isbn", "ean") if numbers.get(name)),
            tuple(str(item["file"]) for item in holdings if item.get("file")),
        )


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one record: those that must be the same, and of each title those that lack one word."""

    same: frozenset[Key]
    without: tuple[tuple[str, str], ...]  # the other words, the word left out
    files: tuple[str, ...]  # whose keys depend on the files of the others

    @classmethod
    def of(cls, facts: Facts) -> Keys:
        """Return the keys of facts."""
        titles = [words for words in map(title_words, facts.titles) if words]
        same = {("url", key) for key in map(url_key, facts.urls) if key}
        same |= {("isbn", key) for key in map(isbn_key, facts.numbers) if key}
        same |= {("title", key) for words in titles for key in (" ".join(sorted(words)), "".join(words))}
        return cls(frozenset(same), tuple(itertools.chain.from_iterable(map(_without_one, titles))), facts.files)


@dataclass
class FileDigests:
    """Tells files of the centre apart by their bytes; one that has its size for itself is not even opened."""

    root: Path
    _digests: dict[tuple[str, int, int], str] = field(default_factory=dict)

    def same(self, paths: Iterable[str]) -> dict[str, str]:
        """Return what files of equal bytes share, by path: SHA-256, or the path where no other can be equal."""
        by_size: dict[int, list[tuple[str, int]]] = defaultdict(list)
        found = {}
        for path in paths:
            found[path] = path
            try:
                status = (self.root / path).stat()
            except OSError:
                continue
            by_size[status.st_size].append((path, status.st_mtime_ns))
        for size, files in by_size.items():
            if len(files) > 1 and size:
                found |= {path: self._digest(path, size, changed) for path, changed in files}
        return found

    def _digest(self, path: str, size: int, changed: int) -> str:
        known = (path, size, changed)
        if known not in self._digests:
            try:
                with (self.root / path).open("rb") as file:
                    self._digests[known] = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError:
                return path
        return self._digests[known]


@dataclass(frozen=True, slots=True)
class Match:
    """A record that may be the same as another, and why: ``REASONS``, the surest first."""

    record: Resource
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be the same, by id in alphabetical order."""

    one: str
    other: str
    reasons: tuple[str, ...]

    @property
    def key(self) -> str:
        """Both ids: what tells this pair from others."""
        return f"{self.one} {self.other}"


class Duplicates:
    """The records of one state of the catalogue, by what they are recognised by. Made anew it keeps what it knows."""

    def __init__(self, contents: Contents, root: Path, before: Duplicates | None = None) -> None:
        self.contents = contents
        self._files: FileDigests = before._files if before else FileDigests(root)
        known = before._keys if before else {}
        self._keys: dict[str, tuple[Resource, Keys]] = {}
        for id, record in contents.records.items():
            kept = known.get(id)
            self._keys[id] = kept if kept and kept[0] is record else (record, Keys.of(Facts.of(record)))

    # --- asking ----------------------------------------------------------------------------------------------

    def of(self, wanted: Resource | Mapping[str, Any], exclude: str = "") -> list[Match]:
        """Return the records that may be the same as ``wanted``, the surest first; ``exclude``: its own id."""
        facts = Facts.of(wanted)
        keys = Keys.of(facts)
        found: dict[str, set[str]] = defaultdict(set)
        for reason, key in (*keys.same, *self._file_keys(facts.files)):
            for id in self._same.get((reason, key), ()):
                found[id].add(reason)
        for rest, word in keys.without:
            for id, other in self._near.get(rest, ()):
                if other != word and is_slip(word, other):
                    found[id].add("near")
        found.pop(exclude, None)
        matches = [Match(self.contents.records[id], _ordered(reasons)) for id, reasons in found.items()]
        return sorted(matches, key=lambda match: (REASONS.index(match.reasons[0]), match.record.id))

    def pairs(self) -> tuple[Pair, ...]:
        """Return every two records that are worth a look, the surest first. Stricter than ``of``: see ``_apart``."""
        return self._pairs

    # --- inside ----------------------------------------------------------------------------------------------

    @cached_property
    def _same(self) -> Mapping[Key, Sequence[str]]:
        found: dict[Key, list[str]] = defaultdict(list)
        for id, (_, keys) in self._keys.items():
            for key in keys.same:
                found[key].append(id)
            for path in keys.files:
                found["file", self._by_bytes[path]].append(id)
        return found

    @cached_property
    def _near(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for id, (_, keys) in self._keys.items():
            for rest, word in keys.without:
                found[rest].append((id, word))
        return found

    @cached_property
    def _by_bytes(self) -> Mapping[str, str]:
        return self._files.same({path for _, keys in self._keys.values() for path in keys.files})

    def _file_keys(self, files: Sequence[str]) -> Iterator[Key]:
        if files:
            found = self._files.same({*self._by_bytes, *files})
            known = {found[path]: key for path, key in self._by_bytes.items()}
            yield from (("file", known[found[path]]) for path in files if found[path] in known)

    @cached_property
    def _pairs(self) -> tuple[Pair, ...]:
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for reason, one, other in itertools.chain(self._same_pairs(), self._near_pairs()):
            if one != other:
                found[min(one, other), max(one, other)].add(reason)
        pairs = [Pair(*ids, _ordered(reasons)) for ids, reasons in found.items() if not self._apart(*ids, reasons)]
        return tuple(sorted(pairs, key=lambda pair: (REASONS.index(pair.reasons[0]), pair.key)))

    def _same_pairs(self) -> Iterator[tuple[str, str, str]]:
        for (reason, _), ids in self._same.items():
            together = list(dict.fromkeys(ids))
            if 1 < len(together) <= _MOST_TOGETHER:
                yield from ((reason, one, other) for one, other in itertools.combinations(together, 2))

    def _near_pairs(self) -> Iterator[tuple[str, str, str]]:
        for named in self._near.values():
            if len(named) > 1:
                for (one, word), (other, another) in itertools.combinations(named, 2):
                    if word != another and is_slip(word, another):
                        yield "near", one, other

    def _apart(self, one: str, other: str, reasons: set[str]) -> bool:
        """Tell whether two records are known to be different, whatever they share."""
        a, b = self.contents.records[one], self.contents.records[other]
        if "withdrawn" in (a.status, b.status):
            return True
        if reasons & {"isbn", "file"}:
            return False
        if _differ(_years(a), _years(b)) or _differ(_isbns(a), _isbns(b)):
            return True
        shared = self._keys[one][1].same & self._keys[other][1].same
        if any(reason == "url" and not is_front_page(key) for reason, key in shared):
            return False
        return not all(are_alike(a.title[lang], b.title[lang]) for lang in a.title.keys() & b.title.keys())


def _without_one(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if len(words) > 1:
        for place, word in enumerate(words):
            if may_slip(word):
                yield " ".join((*words[:place], "·", *words[place + 1 :])), word


def _ordered(reasons: Iterable[str]) -> tuple[str, ...]:
    kept = set(reasons)
    return tuple(reason for reason in REASONS if reason in kept and not (reason == "near" and "title" in kept))


def _years(record: Resource) -> set[int]:
    return {record.year, *(holding.year for holding in record.holdings)} - {0}


def _isbns(record: Resource) -> set[str]:
    return {key for key in map(isbn_key, Facts.of(record).numbers) if key}


def _differ(one: set[Any], other: set[Any]) -> bool:
    return bool(one and other and not one & other)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
