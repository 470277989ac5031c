"""The catalogue's own engine, asked through the engine contract: with all words required, and as the site asks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench.analysed import Analysed
from bench.centre import PROJECT
from bench.corpus import NOW
from bench.peers import Answer
from bench.queries import COUNTED, Ask
from catalogue.search.embedded.engine import SnapshotEngine
from catalogue.search.engine import Engine, Plan
from catalogue.search.linking import Linker
from catalogue.search.weights import WEIGHTS, Weights
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.state import State

PLAIN = Weights(parts=0, family=0, title_match=0, freshness=0)
"""Nothing but BM25 over the terms that stand in a record: what the other engines rank by."""


class Required:
    """The engine with every word required, no expansion and plain BM25: what the other engines are asked."""

    analyses = True
    weights = PLAIN
    result_cache = 0  # each query is worked out anew

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._engine: Engine

    def build(self, items: Sequence[Analysed]) -> None:
        self.open()
        self._engine.rebuild([item.document for item in items])
        self.close()

    def open(self) -> None:
        self._engine = self._opened()

    def _opened(self) -> Engine:
        return SnapshotEngine(self._folder, weights=self.weights, result_cache=self.result_cache)

    def plan(self, ask: Ask) -> Plan:
        return Plan(ask.query, ask.parts, lang=ask.lang, now=NOW, required=True)

    def answer(self, ask: Ask) -> Answer:
        results = self._engine.search(self.plan(ask))
        facets = {name: {v: n for v, n in results.facets[name].items() if n} for name in COUNTED}
        return Answer(results.total, facets, tuple(hit.id for hit in results.hits))

    def add(self, item: Analysed) -> None:
        self._engine.put([item.document])

    def close(self) -> None:
        self._engine.close()


class Cached(Required):
    """The same with the memory of earlier results that the site has."""

    result_cache = 1000


class Shipped(Required):
    """The engine as the service asks it: words are alternatives, the project's thesaurus adds other labels."""

    weights = WEIGHTS

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._service: Catalogue

    def open(self) -> None:
        super().open()
        beside = self._folder.with_name("shipped")
        beside.mkdir(exist_ok=True)
        # The service of the example centre makes the plans; the records that are searched are the corpus.
        settings = Settings(resources=PROJECT / "resources", state=f"sqlite:///{beside}/catalogue.db")
        linker = Linker(SnapshotEngine(beside / "concepts", result_cache=0))
        self._service = Catalogue(settings, self._engine, linker, State.open(settings.state, interval=0))
        linker.update(self._service.contents.frame.vocabularies.concepts)

    def plan(self, ask: Ask) -> Plan:
        return replace(self._service.plan(ask.query, ask.lang), now=NOW)

    def answer(self, ask: Ask) -> Answer:
        plan, results = self._service.answer(self.plan(ask))
        return Answer(results.total, results.facets, tuple(hit.id for hit in results.hits), plan)

    def close(self) -> None:
        self._service.close()
