"""``python -m bench.inside``: the search with the text of a file in every record, beside tantivy's same query.

Every record of the corpus gets a file of so many words. Both engines are asked the mix of queries with all words
required; that they agree on the totals is checked. ``shipped`` is what the site does: scores, compounds, families.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench.analysed import Analysed, analyse
from bench.corpus import Corpus, LongFile, index_document
from bench.peers import Answer, Peer
from bench.peers.catalogue import Required
from bench.peers.tantivy import Tantivy
from bench.queries import Ask, mix
from catalogue.search.document import IndexDocument
from catalogue.search.engine import Plan
from catalogue.search.weights import WEIGHTS
from catalogue.search.words import SAMPLE, Words


class Shipped(Required):
    """The ranking of the site, without what a whole catalogue adds."""

    weights = WEIGHTS

    def plan(self, ask: Ask) -> Plan:
        """Return the query as the site asks it."""
        return replace(super().plan(ask), required=False)


def main() -> None:
    """Build both indexes, ask both, print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.inside", description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--words", type=int, default=3_000)
    asked = parser.parse_args()
    folder = Path("var/bench/inside")
    shutil.rmtree(folder, ignore_errors=True)
    corpus = Corpus(Path("var/bench"), asked.records)
    corpus.write()
    documents = [_with_file(index_document(entry), asked.words) for entry in corpus]
    engines: dict[str, Peer] = {"catalogue": Required(folder / "catalogue"), "tantivy": Tantivy(folder / "tantivy")}
    items = [Analysed(document, "", "") for document in documents]
    _timed("catalogue: build", lambda: engines["catalogue"].build(items))
    known = Words.of(documents[:: max(1, -(-len(documents) // SAMPLE))])
    _timed("tantivy: build, with the same analysis", lambda: engines["tantivy"].build(_Lazy(documents, known)))
    engines["shipped"] = Shipped(folder / "catalogue")
    asks, totals = mix(corpus), dict[str, list[int]]()
    for name, engine in engines.items():
        engine.open()
        for _ in range(2):  # the first warms up
            took, totals[name] = _ask(engine.answer, asks)
        cuts = quantiles(took, n=20)
        size = sum(path.stat().st_size for path in (folder / name.replace("shipped", "catalogue")).rglob("*.*")) / 1e6
        print(f"{name}: p50 {cuts[9]:.2f} ms, p95 {cuts[18]:.2f} ms, index {size:.0f} MB", flush=True)
    agreeing = sum(one == other for one, other in zip(totals["catalogue"], totals["tantivy"], strict=True))
    print(f"totals agree on {agreeing} of {len(asks)} queries")
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _with_file(document: IndexDocument, words: int) -> IndexDocument:
    lang = document.texts["title"][0][0]
    return replace(document, files=(LongFile(document.id, lang, words),))


class _Lazy(Sequence[Analysed]):
    """The documents as tantivy takes them, one at a time: all of them together would fill the memory."""

    def __init__(self, documents: Sequence[IndexDocument], known: Words) -> None:
        self._documents, self._known = documents, known

    def __len__(self) -> int:
        return len(self._documents)

    def __getitem__(self, number: Any) -> Any:
        document = self._documents[number]
        return analyse(replace(document, texts={**document.texts, "inside": tuple(document.long_texts())}), self._known)

    def __iter__(self) -> Iterator[Analysed]:
        return (self[number] for number in range(len(self)))


def _ask(answer: Callable[[Ask], Answer], asks: Sequence[Ask]) -> tuple[list[float], list[int]]:
    took, totals = list[float](), list[int]()
    for ask in asks:
        started = time.perf_counter()
        found = answer(ask)
        took.append((time.perf_counter() - started) * 1000)
        totals.append(found.total)
    return took, totals


def _timed(what: str, work: Callable[[], object]) -> None:
    started = time.perf_counter()
    work()
    print(f"{what}: {time.perf_counter() - started:.1f} s", flush=True)


if __name__ == "__main__":
    main()
