"""The embedded engine and OpenSearch side by side, over the same records, in one run: ``python -m bench.capacity``.

Both are asked as the site asks them (shipped ranking, thesaurus, every facet counted), each from a process of its own.
Every total and every count must be the same, or the run ends. Times are wall-clock; a cluster on the same machine
shares its cores, which is why the processor time of a query is told too: of the process that asks, and of all nodes.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from bench.analysed import Analysed
from bench.corpus import Corpus, index_document, newcomer
from bench.peers.catalogue import Shipped
from bench.peers.opensearch import Clustered
from bench.queries import MIX, Ask, mix
from bench.statistics import percentile
from catalogue.query import Query

ENGINES = ("embedded", "opensearch")
SAVES = 5
VISITORS = 8
BURST = 400
"""Queries that ``VISITORS`` ask at once."""


@dataclass(frozen=True)
class Figures:
    """What was measured of one engine.

    ``build``: seconds. ``size``: bytes of the index. ``answers``, ``saves``: milliseconds of each query, of each save.
    ``rate``: queries a second. ``own``, ``cluster``: milliseconds of processor time a query, of the process that asks
    and of all nodes. ``memory``: bytes that the process took at most, the records included.
    """

    build: float
    size: int
    answers: Sequence[float]
    saves: Sequence[float]
    rate: float
    own: float
    cluster: float
    memory: int

    def row(self, name: str) -> str:
        """Return the line of the table."""
        p50, p95 = (percentile(self.answers, share) for share in (0.5, 0.95))
        save = percentile(self.saves, 0.5)
        return (
            f"| {name} | {self.build:.0f} | {self.size / 1e6:.0f} | {self.memory / 1e6:.0f} | {p50:.1f} / {p95:.1f} "
            f"| {save:.0f} | {self.rate:.0f} | {self.own:.1f} + {self.cluster:.1f} |"
        )


HEAD = (
    "| engine | build, s | index, MB | memory of the process, MB | answer, p50 / p95 ms | saved → found, ms "
    "| queries a second, 8 at once | processor a query, ms: process + nodes |\n|---|---|---|---|---|---|---|---|"
)


Counted = list[tuple[Query, int, object]]
"""Each query with its total and its counts."""


def measure(name: str, corpus: Corpus, place: Path, address: str) -> tuple[Figures, Counted]:
    """Build, ask, save; return the figures, and what every query counted."""
    asks, items = mix(corpus), [Analysed(index_document(entry)) for entry in corpus]
    folder = place / name / "index"
    folder.mkdir(parents=True)
    peer = Shipped(folder) if name == "embedded" else Clustered(folder, address)
    begun = time.perf_counter()
    peer.build(items)
    build = time.perf_counter() - begun
    peer.open()
    try:
        found = [(ask.query, peer.answer(ask)) for ask in asks]  # also a warm-up
        counted: Counted = [(query, answer.total, answer.facets) for query, answer in found]
        answers = [_time(peer, ask) for ask in asks]
        with ThreadPoolExecutor(VISITORS) as visitors:
            own, nodes, begun = time.process_time(), _nodes(peer), time.perf_counter()
            list(visitors.map(peer.answer, islice(cycle(asks), BURST)))
            seconds = time.perf_counter() - begun
            own, nodes = time.process_time() - own, _nodes(peer) - nodes
        size = peer.size() if isinstance(peer, Clustered) else _size(folder)
        saves = [_save(peer, number) for number in range(SAVES)]
        memory = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        own, nodes = 1000 * own / BURST, 1000 * nodes / BURST
        return Figures(build, size, answers, saves, BURST / seconds, own, nodes, memory), counted
    finally:
        peer.close()


def _nodes(peer: Shipped) -> float:
    """Return the seconds of processor time that the nodes have taken."""
    return peer.processor() if isinstance(peer, Clustered) else 0.0


def _time(peer: Shipped, ask: Ask) -> float:
    begun = time.perf_counter()
    peer.answer(ask)
    return 1000 * (time.perf_counter() - begun)


def _save(peer: Shipped, number: int) -> float:
    entry, word = newcomer(number)
    item = Analysed(index_document(entry))
    begun = time.perf_counter()
    peer.add(item)
    if peer.answer(Ask("saved", Query(text=word), "fr")).ids != (entry.id,):
        raise AssertionError(f"{entry.id} is not found")
    return 1000 * (time.perf_counter() - begun)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.capacity", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES, help="beyond a size only one may fit")
    parser.add_argument("--cluster", required=True, metavar="ADDRESS", help="opensearch+https://HOST:PORT/NAME")
    parser.add_argument(
        "--corpus", type=Path, metavar="FOLDER", help="keep the records there, to begin sooner next time"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        corpus = Corpus(options.corpus or place, options.records)
        corpus.write()
        print(f"{options.records} records, {sum(MIX.values())} queries\n\n{HEAD}", flush=True)
        every: list[Counted] = []
        for engine in options.engines:
            # A new process each: the memory that one has taken is not told of the other.
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
                figures, counted = process.submit(measure, engine, corpus, place, options.cluster).result()
            print(figures.row(engine), flush=True)
            every.append(counted)
        for first, *others in zip(*every, strict=True):
            if any(other != first for other in others):
                print(f"{first[0]}: not the same")
                return 1
    return 0


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    sys.exit(main())
