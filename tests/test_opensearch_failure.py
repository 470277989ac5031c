"""A node is killed, with ``kill -9``: while visitors search, and while very many records go in. Nobody notices.

Runs on the three nodes that ``tests.opensearch.cluster`` started, and starts again what it killed.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from catalogue.errors import IndexUnavailable
from catalogue.search.engines import open_engine
from catalogue.settings import Settings
from tests.conftest import document, plan
from tests.opensearch import cluster
from tests.test_opensearch_engine import free_of, name_of, some

SEARCHERS = 4
AROUND = 4.0
"""Seconds of searching before the node is killed; three times as long after it."""


class Nodes:
    """The nodes of the cluster: kills the one that matters, starts it again."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._folder: Path | None = None
        self._killed: set[int] = set()

    def kill_primary(self, indexes: str) -> int:
        """Kill the node that has the first shard of an index; returns its number."""
        port = next(self._port + n for n in range(cluster.NODES) if n not in self._killed)
        shards = cluster.ask(port, f"/_cat/shards/{indexes}?format=json")
        name = next(shard["node"] for shard in shards if shard["prirep"] == "p")
        pid, self._folder = cluster.running(port)[name]
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
        cluster.wait([self._port + n for n in range(cluster.NODES)])
        self._killed = set()


@pytest.fixture
def nodes(opensearch: str) -> Iterator[Nodes]:
    found = Nodes(free_of(opensearch))
    yield found
    found.heal()


def test_who_searches_while_a_node_is_killed_gets_an_answer(opensearch: str, nodes: Nodes) -> None:
    with closing(open_engine(Settings(index=opensearch))) as engine:
        engine.rebuild(some(500))
        cluster.wait([free_of(opensearch)])
        stop = threading.Event()
        totals: list[int] = []
        slowest: list[float] = []
        failures: list[float] = []

        def search() -> None:
            while not stop.is_set():
                begun = time.monotonic()
                try:
                    totals.append(engine.search(plan("fiche", filters=(("theme", ("work",)),))).total)
                except IndexUnavailable:
                    failures.append(begun)
                slowest.append(time.monotonic() - begun)

        searchers = [threading.Thread(target=search) for _ in range(SEARCHERS)]
        for searcher in searchers:
            searcher.start()
        try:
            time.sleep(AROUND)
            before = len(totals)
            nodes.kill_primary(f"{name_of(opensearch)}.*")
            time.sleep(3 * AROUND)
        finally:
            stop.set()
            for searcher in searchers:
                searcher.join()
        print(f"{len(totals)} searches, {before} before; the slowest took {max(slowest):.2f} s")
        assert not failures
        assert set(totals) == {500}
        assert len(totals) > before > 0
        engine.put([document("late", title_fr="Fiche tardive", theme="work")])
        assert engine.search(plan("tardive")).total == 1, "two nodes of three are enough to write"


def test_what_goes_in_while_a_node_is_killed_is_all_there(opensearch: str, nodes: Nodes) -> None:
    documents = [
        document(f"d{n:05}", title_fr=f"Fiche numéro {n}", summary_fr="Les soins à domicile") for n in range(4000)
    ]
    with closing(open_engine(Settings(index=opensearch))) as engine:
        engine.rebuild(some(3))
        killed: list[int] = []

        def told(done: int, total: int) -> None:
            if not killed and done >= total // 4:
                in_use = engine._known.described.index  # type: ignore[attr-defined]
                made = [
                    i["index"]
                    for i in cluster.ask(free_of(opensearch), f"/_cat/indices/{name_of(opensearch)}.*?format=json")
                ]
                killed.append(nodes.kill_primary(next(index for index in made if index != in_use)))

        begun = time.monotonic()
        engine.rebuild(documents, told)
        print(f"{len(documents)} documents in {time.monotonic() - begun:.1f} s")
        assert killed
        assert dict(engine.inventory()) == {item.id: item.digest for item in documents}
        assert engine.search(plan("soins")).total == len(documents)
        nodes.heal()
        assert dict(engine.inventory()) == {item.id: item.digest for item in documents}, "as before, once it is back"
