"""The engine: searches go to the cluster; what is kept here is what makes requests, and it follows the index.

What is kept, and when it goes:

    described   the index in use, its words and mean lengths: read when another index takes its place
    lexicon     its terms: what this process writes is added at once, what others write is read soon after
    answers     until this process writes, or sees within a second that another did; a minute at most
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from catalogue.errors import IndexUnavailable
from catalogue.fields import FACETS, INDEX_FIELDS
from catalogue.search import analysis, document
from catalogue.search.cache import Cache
from catalogue.search.document import IndexDocument
from catalogue.search.engine import Plan, Progress, Results
from catalogue.search.entries import EXACT, Entries, entries
from catalogue.search.opensearch.address import Address
from catalogue.search.opensearch.clauses import Clauses
from catalogue.search.opensearch.cluster import WRITING, Cluster, Missing
from catalogue.search.opensearch.indexes import Described, Indexes, building
from catalogue.search.opensearch.inventory import Inventory
from catalogue.search.opensearch.lexicon import ClusterLexicon
from catalogue.search.opensearch.loading import Source, lines, load
from catalogue.search.opensearch.mapping import LAYOUT, mean_lengths, source
from catalogue.search.opensearch.requests import Request
from catalogue.search.weights import WEIGHTS, Weights
from catalogue.search.words import Words

log = logging.getLogger("catalogue.index")

LOOKED_AT = 1.0
"""Seconds after which the index is looked at again."""

SPARED = 20
"""So many times as long as reading the words took, they are not read again."""

MEASURED = 5_000
"""Documents whose mean length is taken for that of all."""


@dataclass(frozen=True)
class Known:
    """What is kept of an index. ``state``: what it was read at (``Indexes.state``)."""

    described: Described
    lexicon: ClusterLexicon
    state: tuple[str, int]


class OpenSearchEngine:
    """The engine contract over a cluster."""

    def __init__(self, address: Address, weights: Weights = WEIGHTS, result_cache: int = 1000) -> None:
        """Look at the index of that name; where the cluster does not answer, the first search looks again."""
        self._weights = weights
        self._fingerprint = _fingerprint(weights)
        self._cluster = Cluster(address)
        self._indexes = Indexes(self._cluster)
        self._writing = threading.Lock()
        self._reading = threading.Lock()
        self._known: Known | None = None
        self._answers: Cache[tuple[object, int, Plan], Results] = Cache(result_cache)
        self._seen: tuple[str, int] | None = None  # the state of the index when it was last looked at
        self._writes = 0
        self._read_after = 0.0
        self._overtaken = False
        self._closing = threading.Event()
        with suppress(IndexUnavailable):
            self._read()
        self._follower = threading.Thread(target=self._follow, name="index", daemon=True)
        self._follower.start()

    # --- the contract ----------------------------------------------------------------------------------------

    @property
    def fingerprint(self) -> str:
        """What the index's form depends on, as a short hash."""
        return self._fingerprint

    def search(self, plan: Plan) -> Results:
        """Answer a plan; see the contract."""
        with self._mapped("search"):
            minute = plan.now.replace(second=0, microsecond=0)
            key = (self._seen, self._writes, replace(plan, now=minute))
            found = self._answers.get(key)
            if found is None:
                found = self._answer(plan)
                self._answers.put(key, found)
            return found

    def inventory(self) -> Mapping[str, str]:
        """Return the digest of every document by id; nothing where the index is of another fingerprint."""
        with self._mapped("inventory"):
            try:
                described = self._indexes.in_use()
            except Missing:
                return {}
            if described.fingerprint != self.fingerprint:
                return {}
            return Inventory(self._cluster, self._indexes.name)

    def words(self) -> Mapping[str, int]:
        """Return the surface words with their document frequencies."""
        with self._mapped("words"):
            known = self._now_known()
            return known.lexicon.frequencies[EXACT] if known else {}

    def parts(self, surface: str) -> tuple[str, ...]:
        """Return the words of a Dutch compound."""
        known = self._known
        return known.described.words.parts(surface) if known else ()

    def put(self, documents: Sequence[IndexDocument]) -> None:
        """Write documents and wait until they can be found."""
        newest = list({item.id: item for item in documents}.values())
        with self._writing, self._mapped("write"):
            known = self._writable()
            found = [entries(item, known.described.words) for item in newest]
            sources = (self._source(known.described, *pair) for pair in zip(newest, found, strict=True))
            self._cluster.write(self._indexes.name, lines(sources), refresh=True)
            self._writes += 1
            self._known = Known(known.described, known.lexicon.with_(found), known.state)

    def remove(self, ids: Iterable[str]) -> None:
        """Take documents out."""
        with self._writing, self._mapped("write"):
            self._writable()
            gone = [({"delete": {"_id": id, "require_alias": True}}, None) for id in dict.fromkeys(ids)]
            self._cluster.write(self._indexes.name, gone, refresh=True)
            self._writes += 1

    def rebuild(self, documents: Sequence[IndexDocument], progress: Progress | None = None) -> None:
        """Build beside the index in use and swap."""
        with self._writing, self._mapped("rebuild"):
            self._refuse_if_overtaken()
            self._build(sorted({item.id: item for item in documents}.values(), key=lambda item: item.id), progress)

    def renew(self) -> bool:
        """Do nothing: what others write is in the cluster, which is looked at each second all the same."""
        return False

    def close(self) -> None:
        """Let go of the connections."""
        self._closing.set()
        self._cluster.close()
        self._follower.join()

    # --- searching -------------------------------------------------------------------------------------------

    def _answer(self, plan: Plan) -> Results:
        known = self._now_known()
        if known is None:
            return Results(facets={param: {} for param in FACETS}, few=True)
        request = Request(plan, Clauses(plan, known.lexicon, self._weights), self._weights)
        searches = request.opening()
        opening = request.opened(self._cluster.searches(self._indexes.name, searches) if searches else [])
        (answer,) = self._cluster.searches(self._indexes.name, [request.page(opening)])
        return request.results(answer, opening)

    # --- writing ---------------------------------------------------------------------------------------------

    def _writable(self) -> Known:
        self._refuse_if_overtaken()
        known = self._now_known()
        if known is None:
            self._build([], None)
            known = self._now_known()
        if known is None:
            raise IndexUnavailable
        return known

    def _refuse_if_overtaken(self) -> None:
        """Leave the index to a newer version of the catalogue, once that has built its own."""
        if self._overtaken:
            log.error("index: another version of the catalogue has built it; this one has to be started anew")
            raise IndexUnavailable

    def _build(self, documents: Sequence[IndexDocument], progress: Progress | None) -> None:
        words = Words.sampled(documents)
        means = mean_lengths(documents[:: max(1, -(-len(documents) // MEASURED))], words)
        described = self._indexes.create(self.fingerprint, means, words, len(documents))
        try:
            sources = (self._source(described, item, entries(item, words)) for item in documents)
            load(self._cluster, building(described.index), sources, len(documents), progress)
            self._cluster.ask("POST", f"/{described.index}/_refresh", within=WRITING)
            there = self._cluster.count(described.index, within=WRITING)
            if there != len(documents):
                log.error("index: %s of %s documents have arrived", there, len(documents))
                raise IndexUnavailable
            self._indexes.use(described)
            self._writes += 1
        except (IndexUnavailable, Missing):
            with suppress(IndexUnavailable):
                self._indexes.discard(described.index)
            raise
        with suppress(IndexUnavailable):  # it is in use; who follows reads it as soon as the cluster answers
            self._read()

    def _source(self, described: Described, item: IndexDocument, found: Entries) -> Source:
        return source(item, found, described.means, self._weights)

    # --- following the index ---------------------------------------------------------------------------------

    def _now_known(self) -> Known | None:
        """Return what is known of the index, read now where nothing is; None where there is no index yet."""
        if self._known is None:
            self._read()
        return self._known

    def _read(self) -> None:
        """Read everything that is kept. Raises IndexUnavailable; what was known stays."""
        with self._reading:
            begun = time.monotonic()
            try:
                state = self._indexes.state()
                known = self._known
                same = known is not None and known.described.index == state[0]
                described = known.described if known and same else self._indexes.in_use()
                if described.fingerprint != self.fingerprint:
                    self._overtaken = known is not None
                    return
                lexicon = ClusterLexicon.read(self._cluster, described.index, described.words)
                self._known = Known(described, lexicon, state)
            except Missing:
                self._known = None
            self._read_after = time.monotonic() + SPARED * (time.monotonic() - begun)

    def _follow(self) -> None:
        """Look every second whether others changed the index."""
        while not self._closing.wait(LOOKED_AT):
            with suppress(IndexUnavailable):  # the next search tells
                if not self._overtaken and self._is_worth_reading():
                    self._read()

    def _is_worth_reading(self) -> bool:
        """Tell whether another index took the place of this one, or its words are worth reading again."""
        try:
            state: tuple[str, int] | None = self._indexes.state()
        except Missing:
            state = None
        self._seen = state
        old = self._known.state if self._known else None
        if state is None or old is None or state[0] != old[0]:
            return state != old
        return state != old and time.monotonic() > self._read_after

    @contextmanager
    def _mapped(self, doing: str) -> Iterator[None]:
        """Turn anything else into IndexUnavailable: no foreign exception leaves the engine."""
        try:
            yield
        except IndexUnavailable:
            raise
        except Missing as error:  # somebody removed it
            self._known = None
            raise IndexUnavailable from error
        except Exception as error:
            log.error("index: %s failed (%s)", doing, type(error).__name__)
            raise IndexUnavailable from error


def _fingerprint(weights: Weights) -> str:
    fields = sorted((field.name, field.weight) for field in INDEX_FIELDS.values())
    norm = (weights.saturation, weights.length)  # they are in what is kept
    parts = (analysis.fingerprint(), document.FORMAT, sorted(FACETS), fields, norm, LAYOUT)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
