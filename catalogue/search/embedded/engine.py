"""The engine: searches read the newest snapshot, writers make the next one.

What is kept, and when it goes:

    postings    up to ``segment.CACHE_BYTES``, the least recently used go; a segment's postings never change
    answers     by (snapshot, records past their date, plan): a commit makes another snapshot, older answers age away
    columns     with their segment; a segment's files close when the last snapshot that holds it is gone
"""

from __future__ import annotations

import datetime
import hashlib
import itertools
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from heapq import nlargest
from pathlib import Path

import numpy as np
from whoosh.filedb.filestore import RamStorage, copy_storage

from catalogue.errors import IndexUnavailable, WriteFailed
from catalogue.fields import FACETS, INDEX_FIELDS
from catalogue.search import analysis, document
from catalogue.search.cache import Cache
from catalogue.search.document import IndexDocument
from catalogue.search.embedded.build import build, build_shared, merge
from catalogue.search.embedded.folder import Generation
from catalogue.search.embedded.ranking import answer
from catalogue.search.embedded.segment import CACHE_BYTES, Segment, posting_cache
from catalogue.search.embedded.snapshot import Snapshot
from catalogue.search.engine import Plan, Progress, Results
from catalogue.search.entries import EXACT, TEXT
from catalogue.search.weights import WEIGHTS, Weights
from catalogue.search.words import Words
from catalogue.values import TEXT_LANGUAGES

log = logging.getLogger("catalogue.index")

LAYOUT = "whoosh 3.54, arrays 4"
SMALL = 2_000  # records; a segment of fewer is merged with others of its kind
MOST_SMALL = 4
WARM_TERMS = 300
_EVER = datetime.datetime.min


class SnapshotEngine:
    """The engine contract over a folder; in memory where the folder cannot be written (the site goes on)."""

    def __init__(
        self, folder: Path, weights: Weights = WEIGHTS, result_cache: int = 1000, posting_bytes: int = CACHE_BYTES
    ) -> None:
        """Open the index in ``folder`` where one of this fingerprint can be read, else start with an empty one."""
        self._folder, self._weights = folder, weights
        self._postings = posting_cache(posting_bytes)
        self._answers: Cache[tuple[int, int, Plan], Results] = Cache(result_cache)
        self._writing = threading.Lock()
        self._merging = threading.Lock()
        self._numbers = itertools.count(1)
        self._closing = threading.Event()
        self._helpers: list[threading.Thread] = []
        self.in_memory = False
        self._damaged = False  # a search could not read it
        self._seen = Generation.state(folder)
        opened = self._open()
        self.is_new = opened is None
        self._generation, self._snapshot = opened or (Generation.in_memory(), Snapshot())
        self._in_background("warm-up", self._warm_up)

    # --- the contract ----------------------------------------------------------------------------------------

    @property
    def fingerprint(self) -> str:
        """What the index's form depends on, as a short hash."""
        fields = sorted((field.name, field.weight) for field in INDEX_FIELDS.values())
        parts = (analysis.fingerprint(), document.FORMAT, sorted(FACETS), fields, LAYOUT)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    def search(self, plan: Plan) -> Results:
        """Answer a plan; see the contract."""
        with self._reading("search"):
            snapshot = self._snapshot
            key = (snapshot.number, snapshot.past(plan.now), replace(plan, now=_EVER))
            found = self._answers.get(key)
            if found is None:
                found = answer(snapshot, plan, self._weights)
                self._answers.put(key, found)
            return found

    def inventory(self) -> Mapping[str, str]:
        """Return the digest of every document by id; of an index that could not be read, nothing is worth keeping."""
        return {} if self._damaged else self._snapshot.inventory

    def words(self) -> Mapping[str, int]:
        """Return the surface words with their document frequencies."""
        with self._reading("words"):
            return self._snapshot.frequencies(EXACT)

    def parts(self, surface: str) -> tuple[str, ...]:
        """Return the words of a Dutch compound."""
        return self._snapshot.words.parts(surface)

    def put(self, documents: Sequence[IndexDocument]) -> None:
        """Write documents as a small segment of their own; what they replace is deleted in the same commit."""
        with self._writing, _mapped("write"):
            newest = sorted({item.id: item for item in documents}.values(), key=lambda item: item.id)
            storage = self._generation.storage
            listed = build(newest, self._snapshot.words, storage, lambda done: None)
            added = Segment(storage, listed, self._postings)
            self._commit(self._snapshot.without(item.id for item in newest), [(added, frozenset())])
        self._merge_if_many()

    def remove(self, ids: Iterable[str]) -> None:
        """Take documents out."""
        with self._writing, _mapped("write"):
            self._commit(self._snapshot.without(ids), [])

    def rebuild(self, documents: Sequence[IndexDocument], progress: Progress | None = None) -> None:
        """Build beside the index in use and swap. Where the disk refuses, the new index lives in memory."""
        documents = sorted(documents, key=lambda item: item.id)
        words = Words.sampled(documents)
        with self._writing, _mapped("rebuild"):
            try:
                self._rebuild_on_disk(documents, words, progress)
            except (IndexUnavailable, WriteFailed) as error:
                cause = error.__cause__ or error
                log.error("the index cannot be written to %s (%s); it is kept in memory", self._folder, str(cause))
                self._fill(Generation.in_memory(words), documents, progress)
                self.in_memory = True
            self._damaged = False
        self._in_background("warm-up", self._warm_up)

    def renew(self) -> bool:
        """Take over the last commit of another process. Segments that stay keep what is cached of them."""
        with self._writing:
            now = Generation.state(self._folder)
            opened = self._open() if now != self._seen else None
            if opened is None:  # or written at this very moment: the next look sees it
                return False
            self._seen, (self._generation, self._snapshot) = now, opened
            self.is_new = False
        self._in_background("warm-up", self._warm_up)
        return True

    def close(self) -> None:
        """Stop what runs in the background and let go of the files."""
        self._closing.set()
        for helper in self._helpers:
            helper.join()
        self._snapshot = Snapshot()

    @contextmanager
    def _reading(self, doing: str) -> Iterator[None]:
        try:
            with _mapped(doing):
                yield
        except IndexUnavailable:
            self._damaged = True
            raise

    # --- opening and writing ---------------------------------------------------------------------------------

    def _open(self) -> tuple[Generation, Snapshot] | None:
        try:
            generation = Generation.in_use(self._folder, self.fingerprint)
            if generation is None:
                log.info("the index was built by another version; it will be built again")
                return None
            listed = generation.listed()
            segments = tuple(Segment(generation.storage, segment, self._postings) for segment in listed)
            deleted = tuple(frozenset(segment.deleted_docs()) for segment in listed)
            return generation, Snapshot(next(self._numbers), segments, deleted, generation.words)
        except FileNotFoundError:
            return None
        except Exception as error:  # a damaged index raises anything (EOFError, struct.error, BadZipFile, KeyError …)
            log.warning("the index cannot be read (%s: %s); it will be built again", type(error).__name__, str(error))
            return None

    def _rebuild_on_disk(self, documents: Sequence[IndexDocument], words: Words, progress: Progress | None) -> None:
        with _mapped("rebuild"):
            generation = Generation.create(self._folder, words)
        try:
            with _mapped("rebuild"):
                self._fill(generation, documents, progress)
            generation.use(self._folder, self.fingerprint)
            self.in_memory = False
        except (IndexUnavailable, WriteFailed):
            generation.discard()
            raise

    def _fill(self, generation: Generation, documents: Sequence[IndexDocument], progress: Progress | None) -> None:
        """Write a generation and let searches see it."""
        listed = build_shared(documents, generation.words, generation.storage, progress)
        generation.commit([(segment, frozenset()) for segment in listed])
        segments = tuple(Segment(generation.storage, segment, self._postings) for segment in listed)
        self._generation = generation
        self._snapshot = Snapshot(next(self._numbers), segments, (frozenset(),) * len(segments), generation.words)

    def _commit(self, deleted: Sequence[frozenset[int]], added: Sequence[tuple[Segment, frozenset[int]]]) -> None:
        """Write down which segments stand and what is deleted of them, then let searches see it.

        The columns and postings of segments that stay are those of the snapshot before.
        """
        pairs = [*zip(self._snapshot.segments, deleted, strict=True), *added]
        standing = [(segment, gone) for segment, gone in pairs if len(gone) < segment.size]
        self._generation.commit([(segment.listed, gone) for segment, gone in standing])
        segments, deletions = tuple(segment for segment, _ in standing), tuple(gone for _, gone in standing)
        self._snapshot = Snapshot(next(self._numbers), segments, deletions, self._snapshot.words)

    # --- in the background -----------------------------------------------------------------------------------

    def _in_background(self, name: str, work: Callable[[], None]) -> None:
        self._helpers = [helper for helper in self._helpers if helper.is_alive()]
        helper = threading.Thread(target=work, name=name, daemon=True)
        self._helpers.append(helper)
        helper.start()

    def _warm_up(self) -> None:
        """Read lexicons, titles and the postings of the commonest terms before somebody asks for them."""
        snapshot = self._snapshot
        with _quiet("warm-up"):
            frequencies = snapshot.frequencies(TEXT)
            snapshot.frequencies(EXACT)
            for term in nlargest(WARM_TERMS, frequencies, key=frequencies.__getitem__):
                if self._closing.is_set():
                    return
                for segment in snapshot.segments:
                    segment.postings(TEXT, term)
            for segment, lang in itertools.product(snapshot.segments, TEXT_LANGUAGES):
                segment.title_ranks(lang)

    def _merge_if_many(self) -> None:
        many = sum(segment.size < SMALL for segment in self._snapshot.segments) > MOST_SMALL
        if many and not self._merging.locked():
            self._in_background("merge", self._merge)

    def _merge(self) -> None:
        """Write all small segments as one. Searches and writers go on; what they delete meanwhile stays deleted."""
        done = False
        with _quiet("merge"), self._merging:
            before, generation = self._snapshot, self._generation
            small = [i for i, segment in enumerate(before.segments) if segment.size < SMALL]
            if len(small) <= MOST_SMALL or self._closing.is_set():
                return
            made = RamStorage()  # on the disk a commit would take it for the leftovers of a crash
            listed = merge([(before.segments[i], before.alive[i]) for i in small], made)
            with self._writing:
                if self._generation is not generation:  # rebuilt meanwhile
                    return
                copy_storage(made, generation.storage)
                merged = Segment(generation.storage, listed, self._postings)
                sources = {before.segments[i].name for i in small}
                kept = {
                    segment.ids[number]
                    for segment, alive in zip(self._snapshot.segments, self._snapshot.alive, strict=True)
                    if segment.name in sources
                    for number in np.flatnonzero(alive).tolist()
                }
                deleted = [
                    frozenset(range(segment.size)) if segment.name in sources else gone
                    for segment, gone in zip(self._snapshot.segments, self._snapshot.deleted, strict=True)
                ]
                gone = frozenset(number for id, number in merged.numbers.items() if id not in kept)
                self._commit(deleted, [(merged, gone)])
                done = True
        if done and not self._closing.is_set():
            self._merge_if_many()  # what was saved meanwhile found a merge at work


@contextmanager
def _mapped(doing: str) -> Iterator[None]:
    """Turn anything whoosh, numpy or the disk raises into IndexUnavailable: no foreign exception leaves the engine."""
    try:
        yield
    except IndexUnavailable:
        raise
    except Exception as error:
        log.error("index: %s failed (%s: %s)", doing, type(error).__name__, str(error))
        raise IndexUnavailable from error


@contextmanager
def _quiet(doing: str) -> Iterator[None]:
    """Log what goes wrong in the background; the next search or write will tell whether it matters."""
    try:
        yield
    except Exception as error:
        log.warning("index: %s failed (%s: %s)", doing, type(error).__name__, str(error))
