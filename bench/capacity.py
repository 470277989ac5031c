"""The embedded engine and OpenSearch side by side, over the same records, in one run: ``python -m bench.capacity``.

Both are asked as the site asks them (shipped ranking, thesaurus, six facets and more counted). Every total and every
count must be the same, or the run ends. Times are wall-clock; a cluster on the same machine shares its cores.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from bench.analysed import Analysed
from bench.corpus import Corpus, index_document, newcomer
from bench.peers.catalogue import Shipped
from bench.peers.opensearch import Clustered
from bench.queries import Ask, mix
from bench.statistics import percentile
from catalogue.query import Query

SAVES = 5
VISITORS = 8
BURST = 400
"""Queries that ``VISITORS`` ask at once."""


@dataclass(frozen=True)
class Figures:
    """What was measured of one engine: seconds, bytes, milliseconds of each query, of each save; queries a second."""

    build: float
    size: int
    answers: Sequence[float]
    saves: Sequence[float]
    rate: float

    def row(self, name: str) -> str:
        """Return the line of the table."""
        p50, p95 = (percentile(self.answers, share) for share in (0.5, 0.95))
        save = percentile(self.saves, 0.5)
        return (
            f"| {name} | {self.build:.0f} | {self.size / 1e6:.0f} | {p50:.1f} / {p95:.1f} | {save:.0f} "
            f"| {self.rate:.0f} |"
        )


HEAD = """| engine | build, s | index, MB | answer, p50 / p95 ms | saved → found, ms | queries a second, 8 at once |
|---|---|---|---|---|---|"""


Counted = list[tuple[int, object]]
"""The total and the counts of each query."""


def measure(peer: Shipped, items: Sequence[Analysed], asks: Sequence[Ask], folder: Path) -> tuple[Figures, Counted]:
    """Build, ask, save; return the figures, and what every query counted."""
    begun = time.perf_counter()
    peer.build(items)
    build = time.perf_counter() - begun
    peer.open()
    try:
        counted: Counted = [(answer.total, answer.facets) for answer in map(peer.answer, asks)]  # also a warm-up
        answers = [_time(peer, ask) for ask in asks]
        with ThreadPoolExecutor(VISITORS) as visitors:
            begun = time.perf_counter()
            list(visitors.map(peer.answer, islice(cycle(asks), BURST)))
            rate = BURST / (time.perf_counter() - begun)
        size = peer.size() if isinstance(peer, Clustered) else _size(folder)
        saves = [_save(peer, number) for number in range(SAVES)]
        return Figures(build, size, answers, saves, rate), counted
    finally:
        peer.close()


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
    parser.add_argument("--cluster", required=True, metavar="ADDRESS", help="opensearch+https://HOST:PORT/NAME")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        corpus = Corpus(Path(place), options.records)
        corpus.write()
        items, asks = [Analysed(index_document(entry)) for entry in corpus], mix(corpus)
        print(f"{options.records} records, {len(asks)} queries\n\n{HEAD}", flush=True)
        every: list[Counted] = []
        for name in ("embedded", "OpenSearch"):
            folder = Path(place) / name / "index"
            folder.mkdir(parents=True)
            peer = Shipped(folder) if name == "embedded" else Clustered(folder, options.cluster)
            figures, counted = measure(peer, items, asks, folder)
            print(figures.row(name), flush=True)
            every.append(counted)
        expected, found = every
        for ask, one, other in zip(asks, expected, found, strict=True):
            if one != other:
                print(f"{ask.query}: not the same")
                return 1
    return 0


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    sys.exit(main())
