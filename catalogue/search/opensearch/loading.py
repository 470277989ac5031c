"""Many documents into the cluster: no faster than it takes them, and each of them for certain.

A chunk that was not answered is sent again: a document has its id, so that twice is once. What the cluster puts off
is sent again after a pause; meanwhile no new chunk is begun.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from catalogue.search.engine import Progress
from catalogue.search.opensearch.cluster import Cluster

CHUNK = 250  # documents
HEAVY = 2_000_000  # terms of a chunk; a few whole books
SENDERS = 2

Source = Mapping[str, Any]


def load(cluster: Cluster, index: str, sources: Iterable[Source], total: int, progress: Progress | None) -> None:
    """Send documents; ``progress`` is told what the cluster has. Raises IndexUnavailable: not all of them are there."""
    done = 0
    sent: deque[tuple[int, Future[None]]] = deque()

    def settle() -> None:
        nonlocal done
        number, future = sent.popleft()
        future.result()
        done += number
        if progress:
            progress(done, total)

    with ThreadPoolExecutor(SENDERS, "load") as pool:
        for chunk in _chunks(sources):
            if len(sent) >= SENDERS:
                settle()
            sent.append((len(chunk), pool.submit(cluster.write, index, lines(chunk))))
        while sent:
            settle()


def lines(sources: Iterable[Source]) -> list[tuple[Source, Source]]:
    """Return the lines of a bulk request that puts documents in, each with the document before it replaced."""
    return [({"index": {"_id": source["id"], "require_alias": True}}, source) for source in sources]


def _chunks(sources: Iterable[Source]) -> Iterator[list[Source]]:
    chunk: list[Source] = []
    weight = 0
    for source in sources:
        chunk.append(source)
        weight += len(source["words"])
        if len(chunk) >= CHUNK or weight >= HEAVY:
            yield chunk
            chunk, weight = [], 0
    if chunk:
        yield chunk
