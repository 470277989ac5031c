"""Everything the resources folder holds, read together: records, vocabularies, pages, the centre. Immutable."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from catalogue import references
from catalogue.centre import Centre
from catalogue.editorial import EditorialList, absentees, load_lists
from catalogue.errors import Problem, Severity
from catalogue.exchange.sources import FILE as SOURCES
from catalogue.exchange.sources import load_sources
from catalogue.page import Page, load_pages
from catalogue.resource import Resource
from catalogue.store import Store, Tombstone
from catalogue.vocabulary import Vocabularies


@dataclass(frozen=True)
class Frame:
    """What surrounds the records and rarely changes: the centre, the vocabularies, the editorial pages and lists."""

    centre: Centre
    vocabularies: Vocabularies
    pages: Mapping[str, Page]
    problems: tuple[Problem, ...]
    lists: Mapping[str, EditorialList] = field(default_factory=dict)

    @classmethod
    def load(cls, root: Path) -> Frame:
        """Read ``centre.yaml``, ``vocabularies``, ``pages`` and ``lists`` below ``root``, with all their problems, and
        those of ``harvest.yaml``."""
        centre, centre_problems = Centre.load(root / "centre.yaml")
        vocabularies = Vocabularies.load(root / "vocabularies")
        pages, page_problems = load_pages(root / "pages")
        lists, list_problems = load_lists(root / "lists")
        _, source_problems = load_sources(root / SOURCES)
        problems = (*centre_problems, *vocabularies.problems, *page_problems, *list_problems, *source_problems)
        return cls(centre, vocabularies, pages, problems, lists)

    @staticmethod
    def signature(root: Path) -> tuple[tuple[str, int, int], ...]:
        """Return name, size and time of every file that ``load`` reads: equal signatures need no new reading."""
        texts = [path for name in ("pages", "lists") for path in (root / name).glob("*.yaml")]
        paths = [root / "centre.yaml", root / SOURCES, *(root / "vocabularies").rglob("*.yaml"), *texts]
        found = []
        for path in sorted(paths):
            try:
                status = path.stat()
            except OSError:
                continue
            found.append((str(path), status.st_size, status.st_mtime_ns))
        return tuple(found)


@dataclass(frozen=True)
class Contents:
    """One state of the whole catalogue. Readers take it once and see nothing change under their feet."""

    frame: Frame
    records: Mapping[str, Resource] = field(default_factory=dict)
    tombstones: Mapping[str, Tombstone] = field(default_factory=dict)
    redirects: Mapping[str, str] = field(default_factory=dict)
    media: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, frame: Frame, store: Store) -> Contents:
        """Take what a store holds now."""
        media = frozenset(path for record in store.records.values() if record.is_public for path in _media(record))
        problems = cls.problems_of(frame, store)
        return cls(frame, dict(store.records), dict(store.tombstones), store.redirects(), media, problems)

    @staticmethod
    def problems_of(frame: Frame, store: Store) -> tuple[Problem, ...]:
        """Return what is wrong in the files, and where lists name records that visitors do not see."""
        published = {id for made in frame.lists.values() for id in made.ids if _is_public(store.records.get(id))}
        return (*frame.problems, *store.problems, *absentees(frame.lists.values(), published))

    @property
    def public(self) -> list[Resource]:
        """The records that visitors may see."""
        return [record for record in self.records.values() if record.is_public]

    @cached_property
    def ordered(self) -> tuple[Resource, ...]:
        """The records that visitors may see, by id: an order that no change of another record moves."""
        return tuple(sorted(self.public, key=lambda record: record.id))

    @cached_property
    def by_occupation(self) -> Mapping[str, tuple[Resource, ...]]:
        """The published records about each occupation, by the concept's id; occupations without any are left out."""
        found: dict[str, dict[str, Resource]] = defaultdict(dict)
        for record in self.ordered:
            for concept in map(self.frame.vocabularies.concept, record.occupations):
                if concept and concept.kind == "occupation":
                    found[concept.id][record.id] = record
        return {id: tuple(records.values()) for id, records in found.items()}

    @cached_property
    def uses(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """The ids of the records, of every status, that name each term: by vocabulary and id."""
        by_uri, found = self.frame.vocabularies.by_uri, defaultdict(list)
        for record in self.records.values():
            for vocabulary, id in sorted(references.named(record)):
                found[vocabulary, by_uri.get(id, id)].append(record.id)
        return {key: tuple(dict.fromkeys(ids)) for key, ids in found.items()}

    @cached_property
    def naming(self) -> Mapping[str, tuple[Resource, ...]]:
        """The records, of every status, that name each file: by its path ``media/…``, there or not."""
        found: dict[str, list[Resource]] = defaultdict(list)
        for record in sorted(self.records.values(), key=lambda record: record.id):
            for path in _media(record):
                found[path].append(record)
        return {path: tuple(records) for path, records in found.items()}

    @cached_property
    def pictured(self) -> frozenset[str]:
        """The files that may give a cover to what visitors see."""
        return frozenset(file.path for record in self.public for file in record.pictured)

    @cached_property
    def languages(self) -> Mapping[str, int]:
        """How many published records there are in each language."""
        return Counter(code for record in self.public for code in record.document_languages)

    def faults(self, least: Severity = Severity.WARNING) -> list[Problem]:
        """Return the problems of at least this severity."""
        return [problem for problem in self.problems if problem.severity >= least]


def _is_public(record: Resource | None) -> bool:
    return record is not None and record.is_public


def _media(record: Resource) -> set[str]:
    files = {record.cover.file} if record.cover else set()
    for holding in record.holdings:
        files |= {holding.file, *(holding.captions or {}).values(), *(holding.transcript or {}).values()}
        files |= set((holding.chapters or {}).values())
    return files - {""}
