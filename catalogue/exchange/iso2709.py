"""ISO 2709, the tape format in which library systems exchange MARC: read record by record, also out of broken files.

A record ends with a byte of its own (0x1D), which no text has in it. So a record whose length or directory lies stops
no other: reading goes on behind its end, or, where the end itself is missing, at the next thing that looks like a
leader.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from pymarc import Record, marc8
from pymarc.exceptions import PymarcException

from catalogue.errors import N_
from catalogue.exchange.entries import Broken
from catalogue.exchange.marc_letters import LATIN1, MARC8, UTF8, letters_of

END = b"\x1d"
LONGEST = 1_000_000
"""Bytes of one record; the standard has room for 99,999, some programs write longer ones."""

LEADER = re.compile(
    rb"[0-9 ]{5}[a-z ][a-z ][a-z0-9 #][a-z0-9 #][a-z0-9 #][0-9 ][0-9 ][0-9 ]{5}[^\x1d-\x1f]{3}45[0-9 ][0-9 ]"
)
"""What every leader looks like: five digits of length, five codes, "22", five digits, three codes, "45"."""

_PIECE = 1 << 16

logging.getLogger("pymarc").setLevel(logging.ERROR)  # what it finds odd in a record, it can use all the same


class _Complaint:
    """Where pymarc's reader of MARC-8 writes what it cannot read, and goes on with a blank: here that is damage."""

    def write(self, text: str) -> None:
        raise UnicodeDecodeError("marc-8", b"", 0, 0, text.strip())


vars(marc8)["sys"] = SimpleNamespace(stderr=_Complaint())


@dataclass(frozen=True, slots=True)
class Chunk:
    """The bytes of one record and where it begins in the file; ``fault``: a msgid, why it is none."""

    offset: int
    data: bytes
    fault: str = ""


def read(path: Path) -> Iterator[Record | Broken]:
    """Yield the records of a file, in its own order; what cannot be read in its place, with position and reason."""
    for chunk in chunks(path):
        yield _record(chunk)


def chunks(path: Path) -> Iterator[Chunk]:
    """Yield the bytes of each record; never more than a record is in memory."""
    held, offset = b"", 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            held += piece
            while END in held:
                data, _, held = held.partition(END)
                yield from _apart(data, offset)
                offset += len(data) + 1
            if len(held) > LONGEST:
                yield Chunk(offset, held[:24], N_("The record at byte %(byte)s does not end."))
                skipped, held = _to_leader(held)
                offset += skipped
    yield from _last(held, offset)


def _last(held: bytes, offset: int) -> Iterator[Chunk]:
    if held.strip(b"\x00\x1a\r\n\t "):  # 0x1A: the end of a file in old systems
        *others, last = _apart(held, offset)
        yield from others
        yield Chunk(last.offset, last.data, N_("The file breaks off in the record at byte %(byte)s."))


def _to_leader(held: bytes) -> tuple[int, bytes]:
    """Return how many bytes to pass over, and what is left: from the last place that looks like a leader."""
    starts = [found.start() for found in LEADER.finditer(held, _PIECE)]
    start = starts[-1] if starts else len(held) - 24
    return start, held[start:]


def _apart(data: bytes, offset: int) -> Iterator[Chunk]:
    """Yield what stands before an end of a record: one record, or several of which the first lost their ends."""
    bare = data.lstrip(b"\x00\x1a\r\n\t ")
    offset += len(data) - len(bare)
    lost = not LEADER.match(bare)
    places = [found.start() for found in LEADER.finditer(bare)]
    starts = [place for place in places if place and (lost or bare[place - 1] == 0x1E)]
    for begin, end in zip([0, *starts], [*starts, len(bare)], strict=True):
        fault = N_("The end of the record at byte %(byte)s is missing.") if end < len(bare) else ""
        yield Chunk(offset + begin, bare[begin:end], fault)


def _record(chunk: Chunk) -> Record | Broken:
    if chunk.fault:
        return Broken(chunk.fault, byte=chunk.offset)
    if not LEADER.match(chunk.data):
        message = N_("What stands at byte %(byte)s is no record: it begins with no leader.")
        return Broken(message, byte=chunk.offset)
    try:
        return decoded(chunk.data + END, letters_of(chunk.data))
    except UnicodeDecodeError as error:
        if error.encoding != "ascii":  # which leader and directory are in
            message = N_("The letters of the record at byte %(byte)s are damaged (%(detail)s).")
            return Broken(message, byte=chunk.offset, detail=error.reason)
    except (PymarcException, ValueError, IndexError, KeyError, TypeError, AssertionError):
        pass
    return Broken(N_("The directory of the record at byte %(byte)s does not fit its fields."), byte=chunk.offset)


def decoded(data: bytes, letters: str) -> Record:
    """Return the record of these bytes. Raises what pymarc raises, UnicodeDecodeError."""
    true = bytearray(data)
    true[0:5] = b"%05d" % min(len(data), 99_999)  # the end was found; a length that lies is no reason to refuse
    true[9:10] = b"a" if letters == UTF8 else b" "
    made = Record()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a subfield code that is no letter or digit is read all the same
        encoding = {UTF8: "utf-8", MARC8: "iso8859-1", LATIN1: "cp1252"}[letters]
        made.decode_marc(bytes(true), to_unicode=True, encoding=encoding)
    return made
