"""Whole files of records in bibliographic formats, piece by piece: what ``registry`` offers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from xml.etree.ElementTree import Element, tostring

from catalogue.exchange import bibtex, dublin_core, jsonld, ris
from catalogue.exchange.crosswalk import Naming
from catalogue.exchange.flat import rows
from catalogue.exchange.marc import MARCXML, Dialect, marc_of, to_marcxml
from catalogue.resource import Resource

Writer = Callable[[Iterable[Resource], Naming], Iterator[bytes]]
"""Records, and how they are named to others → the bytes of a file, in pieces."""

RowWriter = Callable[[Iterable[Sequence[str]]], Iterator[bytes]]

_PROLOG = b"<?xml version='1.0' encoding='UTF-8'?>\n"


def as_table(write: RowWriter) -> Writer:
    """Return the writer of records for a format of rows, the first of which names the columns."""
    return lambda records, _naming: write(rows(records))


def as_iso2709(dialect: Dialect) -> Writer:
    """Return the writer of ISO 2709 in a dialect of MARC, in UTF-8."""
    return lambda records, naming: (marc_of(record, naming, dialect).as_marc() for record in records)


def as_marcxml(dialect: Dialect) -> Writer:
    """Return the writer of a MARCXML collection in a dialect of MARC."""

    def element(record: Resource, naming: Naming) -> Element:
        return to_marcxml(marc_of(record, naming, dialect))

    return lambda records, naming: _collection(
        f'<marc:collection xmlns:marc="{MARCXML}">', "</marc:collection>", (element(each, naming) for each in records)
    )


def write_oai_dc(records: Iterable[Resource], naming: Naming) -> Iterator[bytes]:
    """Yield ``oai_dc:dc`` for one record; several stand in an element ``records``."""
    return _one_or_more(dublin_core.oai_dc_xml(dublin_core.to_simple(each, naming)) for each in records)


def write_dcterms(records: Iterable[Resource], naming: Naming) -> Iterator[bytes]:
    """Yield ``qualifieddc`` for one record; several stand in an element ``records``."""
    return _one_or_more(dublin_core.qualified_xml(dublin_core.to_qualified(each, naming)) for each in records)


def write_ris(records: Iterable[Resource], naming: Naming) -> Iterator[bytes]:
    """Yield one reference after the other."""
    return (ris.to_ris(record, naming).encode() for record in records)


def write_bibtex(records: Iterable[Resource], naming: Naming) -> Iterator[bytes]:
    """Yield one entry after the other."""
    return (bibtex.to_bibtex(record, naming).encode() for record in records)


def write_jsonld(records: Iterable[Resource], naming: Naming) -> Iterator[bytes]:
    """Yield the object of one record; several are a ``@graph``."""
    found = iter(records)
    first = list(islice(found, 2))
    if len(first) == 1:
        yield json.dumps(jsonld.to_jsonld(first[0], naming), ensure_ascii=False, indent=1).encode()
        return
    before = f'{{"@context": "{jsonld.CONTEXT}", "@graph": [\n'
    for record in chain(first, found):
        made = jsonld.to_jsonld(record, naming)
        del made["@context"]
        yield (before + json.dumps(made, ensure_ascii=False)).encode()
        before = ",\n"
    yield b"\n]}\n" if before == ",\n" else (before + "]}\n").encode()


def _one_or_more(elements: Iterator[Element]) -> Iterator[bytes]:
    first = list(islice(elements, 2))
    if len(first) == 1:
        return iter((_PROLOG, tostring(first[0]), b"\n"))
    return _collection("<records>", "</records>", chain(first, elements))


def _collection(opening: str, closing: str, elements: Iterator[Element]) -> Iterator[bytes]:
    yield _PROLOG + opening.encode() + b"\n"
    for element in elements:
        yield tostring(element) + b"\n"
    yield closing.encode() + b"\n"
