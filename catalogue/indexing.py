"""Keeping the index in step with the records: at once for one that is saved, in batches where very many change."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from catalogue.errors import IndexUnavailable
from catalogue.search.document import IndexDocument
from catalogue.search.engine import Engine, Progress
from catalogue.search.linking import Linker
from catalogue.search.mend import mend
from catalogue.vocabulary import Concept

Concepts: TypeAlias = Mapping[str, Concept]

GATHERED = 500
"""Documents that go into the index together: one of them costs a third of what it costs alone among a hundred."""

PATIENCE = 10.0
"""Seconds after which fewer go in too."""


class Indexing:
    """What the index and the linker of one catalogue know. ``behind``: the index refused changes, or cannot be read."""

    def __init__(self, engine: Engine, linker: Linker) -> None:
        self._engine, self._linker = engine, linker
        self.behind = False
        self._lock = threading.Lock()
        self._waiting: dict[str, IndexDocument] = {}
        self._since = 0.0  # when the first of them came
        self._mine = threading.local()  # whether this thread gathers what it changes

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Let what this thread changes wait until it is worth a batch; at the end all of it is in the index.

        What nobody is to see any more goes at once. A program that ends before finds the difference at its next start.
        """
        self._mine.gathers = True
        try:
            yield
        finally:
            self._mine.gathers = False
            self.flush()

    def take(self, put: Iterable[IndexDocument], hidden: Iterable[str]) -> None:
        """Take over what changed: these are to be found, those no longer."""
        documents, gone = {document.id: document for document in put}, list(hidden)
        with self._lock:
            for id in (*documents, *gone):
                self._waiting.pop(id, None)
            if gone:
                self._try(lambda: self._engine.remove(gone))
            if getattr(self._mine, "gathers", False):
                self._since = self._since if self._waiting else time.monotonic()
                self._waiting |= documents
            elif documents:
                self._try(lambda: self._engine.put(list(documents.values())))

    def flush(self, *, only_if_due: bool = False) -> None:
        """Put what waits into the index; ``only_if_due``: where it is a batch, or has waited long."""
        with self._lock:
            due = len(self._waiting) >= GATHERED or time.monotonic() > self._since + PATIENCE
            if self._waiting and (due or not only_if_due):
                documents, self._waiting = list(self._waiting.values()), {}
                self._try(lambda: self._engine.put(documents))

    def rebuild(self, documents: Sequence[IndexDocument], concepts: Concepts, progress: Progress | None) -> None:
        """Build the whole index anew. Raises IndexUnavailable."""
        with self._lock:
            self._waiting = {}
            self._engine.rebuild(documents, progress)
            self._linker.update(concepts)
            self.behind = False

    def synchronise(self, documents: Sequence[IndexDocument], concepts: Concepts, progress: Progress | None) -> None:
        """Compare the index with all documents, digest by digest, and mend the difference."""
        with self._lock:
            self._waiting = {}
            try:
                try:
                    mend(self._engine, documents, progress)
                except IndexUnavailable:
                    self._engine.rebuild(documents, progress)
                self._linker.update(concepts)
                self.behind = False
            except IndexUnavailable:
                self.behind = True

    def follow(self, concepts: Concepts) -> None:
        """Take over what another process wrote: this one writes nothing."""
        self._engine.renew()
        self._linker.follow(concepts)

    def _try(self, change: Callable[[], None]) -> None:
        try:
            change()
        except IndexUnavailable:
            self.behind = True
