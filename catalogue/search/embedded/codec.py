"""How a segment lies on the disk: a whoosh codec whose posting lists and columns are numpy arrays.

Whoosh's own codec pickles blocks of 128 postings, which cost ten times more to read than to score. Here the postings
of a term are its arrays, one behind the other, little-endian:

    record numbers   uint32 × n      ascending
    weights          float32 × n     how often the record has the term, each find times the weight of its field
    counts           uint16 × n      only in fields with places
    places           uint16 × Σ counts

The list of terms, the list of segments and the commit are whoosh's.
"""

from __future__ import annotations

import io
import mmap
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3Segment, W3TermInfo, W3TermsReader
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile
from whoosh.matching import ListMatcher

COLUMNS_EXT = ".npz"
_TOGETHER = 500_000  # postings

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Postings:
    """The records that have a term: ``numbers[i]`` has it with ``weights[i]``, at ``counts[i]`` of the ``places``."""

    numbers: Array  # int64, ascending
    weights: Array  # float32
    counts: Array  # int64; empty where the field keeps no places
    places: Array  # int64

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def nbytes(self) -> int:
        """The memory the arrays take."""
        return sum(array.nbytes for array in (self.numbers, self.weights, self.counts, self.places))

    @classmethod
    def from_bytes(cls, data: bytes, size: int) -> Postings:
        """Read the postings of a term that ``size`` records have. Raises ValueError where ``data`` is cut off."""
        numbers = np.frombuffer(data, "<u4", size).astype(np.int64)
        weights = np.frombuffer(data, "<f4", size, offset=4 * size)
        if len(data) == 8 * size:
            return cls(numbers, weights, NOTHING, NOTHING)
        counts = np.frombuffer(data, "<u2", size, offset=8 * size).astype(np.int64)
        places = np.frombuffer(data, "<u2", offset=10 * size).astype(np.int64)
        if counts.sum() != len(places):
            raise ValueError("postings are cut off")
        return cls(numbers, weights, counts, places)


NOTHING = np.empty(0, np.int64)
EMPTY = Postings(NOTHING, np.empty(0, np.float32), NOTHING, NOTHING)


class ArrayCodec(W3Codec):
    """Whoosh's codec with our postings and columns in the place of its own."""

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> _PostingsWriter:
        """Return what writes one term after the other."""
        return _PostingsWriter(dbfile)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> ListMatcher:
        """Return the postings as whoosh's own searcher wants them: plain whoosh searches the same index."""
        found = Postings.from_bytes(dbfile.get(*_extent(terminfo)), terminfo.doc_frequency())
        values = None
        if len(found.counts):
            values = [places.tobytes() for places in np.split(found.places, np.cumsum(found.counts)[:-1])]
        numbers, weights = found.numbers.tolist(), found.weights.tolist()
        return ListMatcher(numbers, weights, values, format_, scorer=scorer, term=term, terminfo=terminfo)

    def per_document_reader(self, storage: Any, segment: Any) -> _LengthReader:
        """Return what whoosh's scorers ask about single records."""
        return _LengthReader(segment, read_columns(storage, segment))


@dataclass(frozen=True)
class Inverted:
    """All postings of a field, term by term: those of ``terms[i]`` are ``starts[i]:starts[i + 1]``."""

    terms: Sequence[bytes]  # ascending
    starts: Array
    numbers: Array  # <u4
    weights: Array  # <f4
    counts: Array  # <u2; empty where the field keeps no places
    places: Array  # <u2
    place_starts: Array  # of each posting, one more at the end

    @classmethod
    def of(
        cls, terms: Array, names: Sequence[str], numbers: Array, weights: Array, counts: Array, places: Array
    ) -> Inverted:
        """Sort postings: the ``i``-th is of ``names[terms[i]]``, in record ``numbers[i]``; -1 leaves it out."""
        by_name = sorted(range(len(names)), key=lambda term: names[term].encode())
        rank = np.empty(len(names), np.int32)
        rank[by_name] = np.arange(len(names))
        ranks = rank[terms]
        order = np.lexsort((numbers, ranks))
        order = order[numbers[order] >= 0]
        sizes = np.bincount(ranks[order], minlength=len(names))
        return cls(
            terms=[names[term].encode() for term, size in zip(by_name, sizes.tolist(), strict=True) if size],
            starts=np.concatenate([[0], np.cumsum(sizes[sizes > 0])]),
            numbers=numbers[order].astype("<u4"),
            weights=weights[order].astype("<f4"),
            counts=counts[order].astype("<u2") if len(counts) else counts,
            places=_regrouped(places, counts, order) if len(counts) else places,
            place_starts=np.concatenate([[0], np.cumsum(counts[order], dtype=np.int64)]) if len(counts) else NOTHING,
        )


def _regrouped(places: Array, counts: Array, order: Array) -> Array:
    """Return groups of ``counts`` places in another order, some at a time: there may be many millions."""
    first = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)[:-1]])
    found = [np.empty(0, "<u2")]
    for start in range(0, len(order), _TOGETHER):
        here = order[start : start + _TOGETHER]
        sizes = counts[here].astype(np.int64)
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        found.append(places[np.repeat(first[here], sizes) + within].astype("<u2"))
    return np.concatenate(found)


class _PostingsWriter:
    """Writes a term whole: ``take`` its postings between ``start_postings`` and ``finish_postings``."""

    def __init__(self, dbfile: Any) -> None:
        self._dbfile = dbfile

    def start_postings(self, format_: Any, terminfo: Any) -> None:
        self._terminfo = terminfo

    def take(self, data: bytes, numbers: Array, weight: float, heaviest: float) -> None:
        info = self._terminfo
        info.set_extent(self._dbfile.tell(), len(data))
        info._df, info._weight, info._maxweight = len(numbers), weight, heaviest
        info._minid, info._maxid = int(numbers[0]), int(numbers[-1])
        self._dbfile.write(data)

    def finish_postings(self) -> Any:
        return self._terminfo


class _LengthReader(base.PerDocumentReader):
    def __init__(self, segment: Any, columns: Mapping[str, Array]) -> None:
        self._segment, self._columns = segment, columns

    def doc_count_all(self) -> int:
        return int(self._segment.doc_count_all())

    def doc_count(self) -> int:
        return self.doc_count_all() - int(self._segment.deleted_count())

    def has_deletions(self) -> bool:
        return bool(self._segment.deleted_count())

    def is_deleted(self, docnum: int) -> bool:
        return bool(self._segment.is_deleted(docnum))

    def deleted_docs(self) -> Iterable[int]:
        return self._segment.deleted_docs()

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> float:
        return float(self._columns[f"length:{fieldname}"][docnum])

    def field_length(self, fieldname: str) -> float:
        return float(self._columns[f"length:{fieldname}"].sum())

    def stored_fields(self, docnum: int) -> dict[str, str]:
        return {"id": self._columns["ids"][docnum].decode()}


def write_segment(
    storage: Any, schema: Any, columns: Mapping[str, Array], fields: Iterable[tuple[str, Inverted]]
) -> W3Segment:
    """Write a new segment of ``len(columns["ids"])`` records; it is searched once a commit lists it.

    ``fields``: by their names, in order; each is written before the next is asked for.
    """
    segment = W3Segment(ArrayCodec(), "MAIN", doccount=len(columns["ids"]))
    with segment.create_file(storage, COLUMNS_EXT) as file:
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **columns)
        file.write(buffer.getvalue())
    writer = W3FieldWriter(segment.codec(), storage, segment)
    for name, field in fields:
        writer.start_field(name, schema[name])
        _write_field(writer, field)
        writer.finish_field()
    writer.close()
    return segment


def _write_field(writer: W3FieldWriter, field: Inverted) -> None:
    if not field.terms:
        return
    starts = field.starts[:-1]
    totals = zip(
        np.add.reduceat(field.weights, starts).tolist(),
        np.maximum.reduceat(field.weights, starts).tolist(),
        strict=True,
    )
    bounds = field.starts.tolist()
    for term, first, last, (weight, heaviest) in zip(field.terms, bounds, bounds[1:], totals, strict=False):
        data = field.numbers[first:last].tobytes() + field.weights[first:last].tobytes()
        if len(field.counts):
            here = slice(field.place_starts[first], field.place_starts[last])
            data += field.counts[first:last].tobytes() + field.places[here].tobytes()
        writer.start_term(term)
        writer._postwriter.take(data, field.numbers[first:last], weight, heaviest)
        writer.finish_term()


def read_columns(storage: Any, segment: Any) -> dict[str, Array]:
    """Return the columns of a segment. Raises whatever a damaged file makes numpy raise."""
    name = segment.make_filename(COLUMNS_EXT)
    with np.load(io.BytesIO(_whole(storage, name)), allow_pickle=False) as columns:
        return {column: columns[column] for column in columns.files}


def _extent(info: W3TermInfo) -> tuple[int, int]:
    """Return where the postings of a term begin, and their length in bytes."""
    offset, length = info.extent()
    # Whoosh 3.54 hands the length back in a tuple: its own reader finds the end of a posting list by itself.
    return offset, length[0] if isinstance(length, tuple) else length


@dataclass(frozen=True)
class Lexicon:
    """The terms of a field: ``sizes[i]`` records have ``terms[i]``; its postings are ``lengths[i]`` bytes long."""

    terms: list[str]  # ascending
    sizes: Sequence[int]
    offsets: Sequence[int]
    lengths: Sequence[int]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each term."""
        return {term: place for place, term in enumerate(self.terms)}


class TermFile:
    """The terms of a segment and their postings.

    The list of terms is read whole, the postings are mapped: a lookup never waits for the disk, nor, which under load
    is far worse, for its turn among the threads. Whoosh's reader keeps its place in the list, so one thread at a time.
    """

    def __init__(self, storage: Any, segment: Any) -> None:
        terms = _whole(storage, segment.make_filename(W3Codec.TERMS_EXT))
        self._terms = W3TermsReader(segment.codec(), BufferFile(terms), len(terms), None)
        self._postings = _mapped(storage, segment.make_filename(W3Codec.POSTS_EXT))

    def read(self, field: str, term: str) -> Postings:
        """Return the postings of a term, none where no record has it."""
        if field not in self._terms._fieldmap or (field, term.encode()) not in self._terms:
            return EMPTY
        info: W3TermInfo = self._terms.term_info(field, term.encode())
        return self.at(*_extent(info), info.doc_frequency())

    def at(self, offset: int, length: int, size: int) -> Postings:
        """Return the postings that lie at a place of the file. Raises ValueError where it is cut off."""
        data = self._postings[offset : offset + length]
        if len(data) < length:
            raise ValueError("postings are cut off")
        return Postings.from_bytes(data, size)

    def lexicon(self, field: str) -> Lexicon:
        """Return every term of a field, in order, and where its postings lie."""
        terms: list[str] = []
        sizes, offsets, lengths = array("L"), array("Q"), array("L")
        for (name, term), info in self._terms.items_from(field, b""):
            if name != field:
                break
            offset, length = _extent(info)
            terms.append(term.decode())
            sizes.append(info.doc_frequency())
            offsets.append(offset)
            lengths.append(length)
        return Lexicon(terms, sizes, offsets, lengths)

    def close(self) -> None:
        """Let go of the file."""
        if isinstance(self._postings, mmap.mmap):
            self._postings.close()


def _whole(storage: Any, name: str) -> bytes:
    with storage.open_file(name) as file:
        return bytes(file.get(0, storage.file_length(name)))


def _mapped(storage: Any, name: str) -> mmap.mmap | bytes:
    """Return the bytes of a file; where it lies on a disk they are read as they are needed."""
    if not isinstance(storage, FileStorage) or not storage.file_length(name):
        return _whole(storage, name)
    with storage.open_file(name) as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
