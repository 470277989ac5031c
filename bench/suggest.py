"""What suggestions cost: ``python -m bench.suggest [SIZE …]``.

Milliseconds of reading every label, of following one saved record, and of answering each beginning of what people
type, without the network; over the titles of the corpus and the concepts of the example centre.
"""

from __future__ import annotations

import dataclasses
import random
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from bench.corpus import NOW, SEED, entries
from bench.statistics import percentile
from catalogue.contents import Contents, Frame
from catalogue.resource import Resource
from catalogue.search.suggest import Suggestions
from catalogue.values import Text

PROJECT = Path(__file__).parent.parent
SIZES = (2_000, 10_000, 100_000)
_TYPED = 300  # titles that are typed, each letter by letter

Result = TypeVar("Result")


def records(size: int, concepts: Sequence[str]) -> dict[str, Resource]:
    """Return the corpus as records, each about two ``concepts``."""
    lot = random.Random(SEED)
    return {
        entry.id: Resource(
            id=entry.id,
            kind=entry.facets["kind"][0],
            themes=tuple(entry.facets["theme"]),
            title=Text(dict(entry.title)),
            subjects=tuple(lot.sample(concepts, 2)),
            publisher=entry.facets["publisher"][0],
            status="published",
        )
        for entry in entries(size)
    }


def typed(titles: Sequence[str]) -> list[str]:
    """Return every beginning, from two letters on, of the first two words of some titles."""
    lot = random.Random(SEED)
    words = [" ".join(title.split()[:2]) for title in lot.sample(titles, _TYPED)]
    return [text[:length] for text in words for length in range(2, len(text) + 1)]


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Return how long ``work`` took in milliseconds, and what it returned."""
    start = time.perf_counter()
    result = work()
    return 1000 * (time.perf_counter() - start), result


def measure(size: int, frame: Frame) -> str:
    """Return one row of the table."""
    contents = Contents(frame, records(size, list(frame.vocabularies.concepts)))
    reading, read = timed(lambda: Suggestions(contents, NOW))
    first = next(iter(contents.records.values()))
    saved = {
        **contents.records,
        first.id: dataclasses.replace(first, title=Text({"fr": "Un titre", "nl": "Een titel"})),
    }
    following, _ = timed(lambda: Suggestions(Contents(frame, saved), NOW, read))
    texts = typed([record.title.best("fr").text for record in contents.records.values()])
    answers = [timed(partial(read.find, text, "fr"))[0] for text in texts]
    cells = (percentile(answers, 0.5), percentile(answers, 0.95), percentile(answers, 0.99), max(answers))
    return f"{size:>9,} {reading:>10.0f} {following:>10.1f}" + "".join(f"{cell:>8.2f}" for cell in cells)


if __name__ == "__main__":
    print(f"{'records':>9} {'all read':>10} {'one saved':>10}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}   ms")
    frame = Frame.load(PROJECT / "resources")
    for size in map(int, sys.argv[1:] or SIZES):
        print(measure(size, frame))
