"""From documents to segments: inverted in memory, written once. Many documents are shared out over the cores."""

from __future__ import annotations

import datetime
import multiprocessing
import os
import time
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage

from catalogue.fields import FACETS
from catalogue.search.document import IndexDocument
from catalogue.search.embedded.codec import Array, Inverted, write_segment
from catalogue.search.embedded.schema import schema
from catalogue.search.embedded.segment import Segment
from catalogue.search.engine import Progress
from catalogue.search.entries import EXACT, LABEL, SCORED, TEXT, Terms, entries
from catalogue.search.words import Words
from catalogue.values import TEXT_LANGUAGES

WORTH_SHARING = 20_000  # documents; fewer are one segment, which is quicker to search, and soon built
_EPOCH = datetime.datetime(1970, 1, 1)


@dataclass(frozen=True)
class Row:
    """A record as a segment keeps it."""

    id: str
    digest: str
    newest: int  # day, counted from year 1
    expires: int  # second, counted from 1970; 0: never
    titles: Mapping[str, str]
    facets: Mapping[str, tuple[str, ...]]
    titled: int  # how many of its labels are titles; they come first
    labels: bytes  # the heaviness of each
    lengths: Mapping[str, float]
    fields: Mapping[str, Terms]

    @classmethod
    def of(cls, document: IndexDocument, words: Words) -> Row:
        """Return the row of a document."""
        found = entries(document, words)
        return cls(
            id=document.id,
            digest=document.digest,
            newest=datetime.date.fromisoformat(document.newest).toordinal(),
            expires=seconds(datetime.datetime.fromisoformat(document.expires)) if document.expires else 0,
            titles={lang: document.titles.get(lang, "").replace("\n", " ") for lang in TEXT_LANGUAGES},
            facets=document.facets,
            titled=len(document.texts.get("title", ())),
            labels=found.heavy,
            lengths=found.lengths,
            fields=found.fields,
        )


def seconds(moment: datetime.datetime) -> int:
    """Return the seconds from 1970 to a moment without a zone."""
    return int((moment - _EPOCH).total_seconds())


class _Field:
    """The postings of one field, as they are collected: one after the other, whatever their terms."""

    def __init__(self) -> None:
        self._codes: defaultdict[str, int] = defaultdict(lambda: len(self._codes))
        self._terms, self._numbers = array("I"), array("I")
        self._weights, self._counts, self._places = array("f"), array("H"), array("H")

    def add(self, number: int, terms: Terms) -> None:
        self._terms.extend([self._codes[term] for term in terms])
        self._numbers.extend([number] * len(terms))
        self._weights.extend([weight for weight, _ in terms.values()])
        for _, places in terms.values():
            self._counts.append(len(places))
            self._places.extend(places)

    def inverted(self) -> Inverted:
        kept = (self._counts, self._places) if self._places else (array("H"), array("H"))
        # Not copied: with the text of whole files there are tens of millions of them.
        collected = (self._terms, self._numbers, self._weights, *kept)
        terms, *arrays = (np.frombuffer(each, each.typecode) for each in collected)
        return Inverted.of(terms, list(self._codes), *arrays)


class Builder:
    """Collects rows and writes them as one segment."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._fields = {name: _Field() for name in (TEXT, EXACT, LABEL)}

    def add(self, row: Row) -> None:
        """Take one more record."""
        for name, terms in row.fields.items():
            self._fields[name].add(len(self._rows), terms)
        self._rows.append(replace(row, fields={}))  # a hundred thousand of them are kept

    def write(self, storage: Any) -> Any:
        """Write the segment; returns what whoosh lists in a commit. What was collected is let go as it is written."""
        fields = ((name, self._fields.pop(name).inverted()) for name in sorted(self._fields))
        return write_segment(storage, schema(), _columns(self._rows), fields)


def _columns(rows: Sequence[Row]) -> dict[str, Array]:
    columns = {
        "ids": np.array([row.id.encode() for row in rows], bytes),
        "digests": np.array([row.digest.encode() for row in rows], bytes),
        "newest": np.array([row.newest for row in rows], np.int32),
        "expires": np.array([row.expires for row in rows], np.int64),
        "titled": np.array([row.titled for row in rows], np.int32),
        "labels": np.array([len(row.labels) for row in rows], np.int32),
        "heavy": np.frombuffer(b"".join(row.labels for row in rows), np.uint8),
    }
    columns |= {f"length:{name}": np.array([row.lengths[name] for row in rows], np.float32) for name in SCORED}
    columns |= {f"titles:{lang}": _text("\n".join(row.titles[lang] for row in rows)) for lang in TEXT_LANGUAGES}
    for param in FACETS:
        columns |= _facet(param, [row.facets.get(param, ()) for row in rows])
    return columns


def _text(text: str) -> Array:
    return np.frombuffer(text.encode(), np.uint8)


def _facet(param: str, values: Sequence[tuple[str, ...]]) -> dict[str, Array]:
    """Return the columns that ``segment.FacetTable`` is read from."""
    known = {value: code for code, value in enumerate(sorted({value for each in values for value in each}))}
    combinations = {each: code for code, each in enumerate(dict.fromkeys(values))}
    pairs = [(code, known[value]) for each, code in combinations.items() for value in dict.fromkeys(each)]
    return {
        f"facet:{param}": _text("\n".join(known)),
        f"combination:{param}": np.array([combinations[each] for each in values], np.int32),
        f"of:{param}": np.array([code for code, _ in pairs], np.int32),
        f"has:{param}": np.array([value for _, value in pairs], np.int32),
    }


def build(documents: Iterable[IndexDocument], words: Words, storage: Any, done: Callable[[int], None]) -> Any:
    """Write documents as one segment; ``done`` is called with their number every now and then."""
    builder, number = Builder(), 0
    for number, document in enumerate(documents, 1):
        builder.add(Row.of(document, words))
        if number % 50 == 0:
            done(number)
    done(number)
    return builder.write(storage)


def merge(segments: Sequence[tuple[Segment, Array]], storage: Any) -> Any:
    """Write what is alive of small segments as one; ``segments`` holds each with its mask of living records."""
    every = (np.flatnonzero(alive).tolist() for _, alive in segments)
    pairs = [(place, number) for place, numbers in enumerate(every) for number in numbers]
    pairs.sort(key=lambda pair: segments[pair[0]][0].ids[pair[1]])
    moved = [np.full(segment.size, -1, np.int64) for segment, _ in segments]
    for new, (place, number) in enumerate(pairs):
        moved[place][number] = new
    rows = [list(_rows(segment)) for segment, _ in segments]
    columns = _columns([rows[place][number] for place, number in pairs])
    parts = [(segment, to) for (segment, _), to in zip(segments, moved, strict=True)]
    fields = ((name, _merged(parts, name)) for name in sorted((TEXT, EXACT, LABEL)))
    return write_segment(storage, schema(), columns, fields)


def _rows(segment: Segment) -> Iterator[Row]:
    """Yield the records of a segment without their terms."""
    titles = {lang: segment.titles(lang) for lang in TEXT_LANGUAGES}
    heavy, starts = segment.heavy.astype(np.uint8).tobytes(), segment.label_starts
    for number, facets in enumerate(segment.facets):
        yield Row(
            id=segment.ids[number],
            digest=segment.digests[number],
            newest=int(segment.newest[number]),
            expires=int(segment.expires[number]),
            titles={lang: keys[number] for lang, keys in titles.items()},
            facets=facets,
            titled=int(segment.titled[number]),
            labels=heavy[starts[number] : starts[number + 1]],
            lengths={name: float(segment.lengths(name)[number]) for name in SCORED},
            fields={},
        )


def _merged(segments: Sequence[tuple[Segment, Array]], name: str) -> Inverted:
    """Return the postings of a field of several segments, each with the new numbers of its records (-1: left out)."""
    codes: defaultdict[str, int] = defaultdict(lambda: len(codes))
    found: list[tuple[Array, ...]] = []
    for segment, moved in segments:
        every = list(segment.everything(name))
        if every:
            terms = np.repeat([codes[term] for term, _ in every], [len(postings) for _, postings in every])
            numbers, *rest = (
                np.concatenate([getattr(postings, part) for _, postings in every])
                for part in ("numbers", "weights", "counts", "places")
            )
            found.append((terms, moved[numbers], *rest))
    if not found:
        return _Field().inverted()
    terms, numbers, weights, counts, places = (np.concatenate(each) for each in zip(*found, strict=True))
    return Inverted.of(terms, list(codes), numbers, weights, counts, places)


# --- sharing the work out ------------------------------------------------------------------------------------------


def build_shared(
    documents: Sequence[IndexDocument], words: Words, storage: Any, progress: Progress | None
) -> list[Any]:
    """Write documents as one segment, or as one for each core where they are many and the storage is a folder."""
    total, cores = len(documents), os.cpu_count() or 1
    report = progress or (lambda done, total: None)
    if total < WORTH_SHARING or cores == 1 or not isinstance(storage, FileStorage):
        return [build(documents, words, storage, lambda done: report(done, total))] if documents else []
    # A forked copy of a process with threads may hang: each helper starts afresh.
    context = multiprocessing.get_context("spawn")
    counters = [context.Value("q", 0) for _ in range(cores)]
    cut = [documents[n * total // cores : (n + 1) * total // cores] for n in range(cores)]
    with context.Pool(cores, _start, (counters,)) as pool:
        jobs = [pool.apply_async(_build_part, (n, part, words, storage.folder)) for n, part in enumerate(cut)]
        while not all(job.ready() for job in jobs):
            report(sum(counter.value for counter in counters), total)
            time.sleep(0.1)
        segments = [job.get() for job in jobs]
    report(total, total)
    return segments


_counters: list[Any] = []  # of the helper process


def _start(counters: list[Any]) -> None:
    _counters[:] = counters


def _build_part(number: int, documents: Sequence[IndexDocument], words: Words, folder: str) -> Any:
    def done(count: int) -> None:
        _counters[number].value = count

    return build(documents, words, FileStorage(folder), done)
