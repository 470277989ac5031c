"""The engine contract: what a search engine is asked and what it answers. Engines know nothing of pages or files."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from catalogue import network
from catalogue.query import Query
from catalogue.search.document import IndexDocument
from catalogue.search.parser import Part
from catalogue.values import TEXT_LANGUAGES

Progress = Callable[[int, int], None]
"""Called with how many documents are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another label of a concept, searched beside the words that were typed."""

    text: str
    lang: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expansion:
    """A concept recognised in a query: the parts ``start:end`` are one of its labels, ``also`` are others."""

    term: str  # as it was typed
    lang: str  # the language of the label that was recognised
    concept: str
    start: int
    end: int
    also: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A concept close to the whole query: ``weight`` is how close beside the closest (1), ``also`` are its labels."""

    concept: str
    weight: float
    also: tuple[Alternative, ...]


def no_parts(surface: str) -> tuple[str, ...]:
    """Return the parts of a word where nobody knows compounds: none."""
    return ()


@dataclass(frozen=True)
class Plan:
    """A query made ready for an engine: its parts, what they are expanded by, for whom and when."""

    query: Query
    parts: tuple[Part, ...]
    excluded: tuple[Part, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    lang: str = "fr"  # of the reader
    now: datetime.datetime = field(default_factory=datetime.datetime.now)  # past events leave the results
    required: bool = False  # only what has every part is an answer
    links: tuple[Link, ...] = ()  # followed where few records have every part
    parts_of: Callable[[str], tuple[str, ...]] = field(default=no_parts, compare=False)  # Engine.parts, to explain with
    home: str = ""  # the centre whose site asks: unless centres are chosen, what it offers is found

    @property
    def filters(self) -> network.Filters:
        """What an engine filters by: what was chosen, and what the site of a centre offers unasked."""
        return network.with_default(self.query.filters, self.home)

    @property
    def titles_in(self) -> str:
        """The language whose titles order the results: the reader's, where records have titles in it."""
        return self.lang if self.lang in TEXT_LANGUAGES else TEXT_LANGUAGES[0]


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that matches. ``full``: it has every part of the query. Scores compare within one answer only.

    ``leading``: it is full and not so much weaker than the best answer that it only mentions the words in passing.
    """

    id: str
    score: float
    full: bool
    leading: bool


@dataclass(frozen=True)
class Results:
    """The answer to a plan.

    ``total`` counts the records with any part of the query, ``full`` those with every part; ``hits`` is the page that
    was asked for, leading ones first, whatever the order. ``facets[param][value]`` is the total if ``value`` were the
    only one chosen in its facet, the choices in the other facets kept. ``few``: so few records have every part,
    whatever the filters, that links are followed.
    """

    total: int = 0
    full: int = 0
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    few: bool = False


class Engine(Protocol):
    """What the service needs of a search engine. Every method may raise IndexUnavailable, and nothing else."""

    @property
    def fingerprint(self) -> str:
        """What the index's form depends on: fields, analysis, engine. Another fingerprint means a rebuild."""
        ...

    def search(self, plan: Plan) -> Results:
        """Answer a plan on the newest state of the index. Safe to call from many threads at once."""
        ...

    def inventory(self) -> Mapping[str, str]:
        """Return the digest of every document in the index by id: what ``put`` and ``remove`` must bring up to date."""
        ...

    def words(self) -> Mapping[str, int]:
        """Return every folded surface word of the index with the number of documents that have it.

        Documents since taken out may still count. The same object is returned until the index changes.
        """
        ...

    def parts(self, surface: str) -> tuple[str, ...]:
        """Return the folded words that a folded Dutch compound is made of, nothing where it is none."""
        ...

    def put(self, documents: Sequence[IndexDocument]) -> None:
        """Add documents, or replace those with the same id; they are found when this returns."""
        ...

    def remove(self, ids: Iterable[str]) -> None:
        """Take documents out; unknown ids are ignored."""
        ...

    def rebuild(self, documents: Sequence[IndexDocument], progress: Progress | None = None) -> None:
        """Build the index anew beside the one in use, then put it in its place. Searches go on meanwhile."""
        ...

    def renew(self) -> bool:
        """Take over what another process wrote into the index since; returns whether there was anything."""
        ...

    def close(self) -> None:
        """Let go of files. No other method is called afterwards."""
        ...
