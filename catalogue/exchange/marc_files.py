"""Files of MARC in ISO 2709 as tables of records, whichever dialect and letters each record is in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from catalogue.exchange import iso2709, marc_reading
from catalogue.exchange.entries import Broken, Entry, entry_table
from catalogue.exchange.marc_letters import UTF8, letters_of
from catalogue.exchange.table import Table
from catalogue.exchange.unimarc import UNIMARC

_LOOKED_AT = 20
"""Records from which the dialect and the letters of a file are named; each is read for what it is."""


@contextmanager
def read(path: Path) -> Iterator[Table]:
    """Open a file of MARC records."""
    yield entry_table(marc_reading.COLUMNS, entries(path), {"encoding": _letters(path)})


def entries(path: Path) -> Iterator[Entry | Broken]:
    """Yield what each record says, and in their places those that cannot be read."""
    for record in iso2709.read(path):
        yield record if isinstance(record, Broken) else marc_reading.entry_of(record)


def is_unimarc(path: Path) -> bool:
    """Tell whether the first records that can be read are UNIMARC."""
    records = (record for record in islice(iso2709.read(path), _LOOKED_AT) if not isinstance(record, Broken))
    return any(marc_reading.dialect_of(record) is UNIMARC for record in records)


def _letters(path: Path) -> str:
    for chunk in islice(iso2709.chunks(path), _LOOKED_AT):
        try:
            if (letters := letters_of(chunk.data)) != UTF8:
                return letters
        except UnicodeDecodeError:
            continue
    return UTF8
