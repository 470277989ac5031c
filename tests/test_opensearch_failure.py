"""A node is killed, with ``kill -9``: while visitors search, and while very many records go in. Nobody notices.

Runs on the three nodes that ``tests.opensearch.cluster`` started, and starts again what it killed.
"""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from catalogue.errors import IndexUnavailable
from catalogue.search.engine import Engine
from catalogue.search.engines import open_engine
from catalogue.settings import Settings
from tests.conftest import document, plan
from tests.opensearch import cluster
from tests.test_opensearch_engine import free_of, name_of, some

SEARCHERS = 4
AROUND = 4.0
"""Seconds of searching before a node is killed; three times as long after it."""


class Nodes:
    """The nodes of the cluster: kills the one that matters, starts it again."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._folder: Path | None = None
        self._killed: set[int] = set()

    def kill_primary(self, index: str) -> int:
        """Kill the node that writes the first shard of an index; returns its number."""
        shards = cluster.ask(self._port, f"/_cat/shards/{index}?format=json")
        # Of one that moves to another node, both are told: "node1 -> 127.0.0.1 … node0".
        return self.kill(next(shard["node"].split()[0] for shard in shards if shard["prirep"] == "p"))

    def kill(self, name: str) -> int:
        """Kill a node; returns its number."""
        pid, self._folder = cluster.running(self._port)[name]
        os.kill(pid, signal.SIGKILL)
        number = int(name.removeprefix("node"))
        self._killed.add(number)
        return number

    def heal(self) -> None:
        """Start what was killed and wait until all is as before."""
        for number in self._killed:
            assert self._folder
            node = cluster.start_node(self._folder, number, self._port)
            (self._folder / f"node{number}.restarted").write_text(str(node.pid), encoding="utf-8")
            node.returncode = 0  # it outlives this test: whoever started the others ends it
        cluster.wait(self._port)
        self._killed = set()


@pytest.fixture
def nodes(opensearch: str) -> Iterator[Nodes]:
    found = Nodes(free_of(opensearch))
    yield found
    found.heal()


class Searching:
    """Visitors who search without a pause, from the beginning of a ``with`` to its end."""

    def __init__(self, engine: Engine) -> None:
        self.totals: list[int] = []
        self.seconds: list[float] = []
        self.failures = 0
        self._engine = engine
        self._numbers = itertools.count()
        self._stop = threading.Event()
        self._searchers = [threading.Thread(target=self._search) for _ in range(SEARCHERS)]

    def __enter__(self) -> Searching:
        for searcher in self._searchers:
            searcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for searcher in self._searchers:
            searcher.join()
        print(f"{len(self.totals)} searches, {self.failures} failed; the slowest took {max(self.seconds):.2f} s")

    def _search(self) -> None:
        while not self._stop.is_set():
            begun = time.monotonic()
            try:
                asked = plan(f"fiche nr{next(self._numbers)}", filters=(("theme", ("work",)),))  # never kept
                self.totals.append(self._engine.search(asked).total)
            except IndexUnavailable:
                self.failures += 1
            self.seconds.append(time.monotonic() - begun)


def test_a_node_is_killed_while_visitors_search_and_records_go_in(opensearch: str, nodes: Nodes) -> None:
    documents = [document(f"d{n:05}", title_fr=f"Soins numéro {n}", summary_fr="À domicile") for n in range(4000)]
    every = {item.id: item.digest for item in documents}
    with closing(open_engine(Settings(index=opensearch))) as engine:
        engine.rebuild(some(200))
        before = indexes(opensearch)
        killed: list[int] = []

        def told(done: int, total: int) -> None:
            if not killed and done >= total // 4:
                (being_built,) = indexes(opensearch) - before
                killed.append(nodes.kill_primary(being_built))

        with Searching(engine) as searching:
            engine.rebuild(documents, told)
        assert killed
        assert not searching.failures
        assert set(searching.totals) <= {200, 0}, "the old index to the end, then the new one"
        assert dict(engine.inventory()) == every
        engine.put([document("late", title_fr="Fiche tardive")])
        assert engine.search(plan("tardive")).total == 1, "two nodes of three are enough to write"
        nodes.heal()
        assert engine.search(plan("domicile")).total == len(engine.inventory()) - 1 == len(documents)


@pytest.mark.soak
def test_each_node_is_killed_in_its_turn_while_visitors_search(opensearch: str, nodes: Nodes) -> None:
    with closing(open_engine(Settings(index=opensearch))) as engine:
        engine.rebuild(some(500))
        for number in range(cluster.NODES):
            cluster.wait(free_of(opensearch))
            with Searching(engine) as searching:
                time.sleep(AROUND)
                nodes.kill(f"node{number}")
                time.sleep(3 * AROUND)
            assert not searching.failures
            assert set(searching.totals) == {500}
            nodes.heal()


def indexes(index: str) -> set[str]:
    """Return the indexes behind an address, in use or not."""
    found = cluster.ask(free_of(index), f"/_cat/indices/{name_of(index)}.*?format=json")
    return {each["index"] for each in found}
