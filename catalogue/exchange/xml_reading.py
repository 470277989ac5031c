"""Records in XML: MARCXML and Dublin Core, bare, in a collection, or in answers of OAI-PMH. Each says what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree.ElementTree import Element

from pymarc import Field, Indicators, Leader, Record, Subfield

from catalogue.errors import N_
from catalogue.exchange import dublin_core_reading, marc_reading, xml_records
from catalogue.exchange.entries import Broken, Entry, entry_table
from catalogue.exchange.table import NotATable, Table

RECORDS = frozenset(("record", "dc", "qualifieddc", "qualifiedDC"))
_MARC = frozenset(("leader", "controlfield", "datafield"))
COLUMNS = tuple(dict.fromkeys((*marc_reading.COLUMNS, *dublin_core_reading.COLUMNS)))


@contextmanager
def read(path: Path) -> Iterator[Table]:
    """Open a file of records in XML. Raises NotATable where there is none in it."""
    found = entries(path)
    first = next(found, None)
    if first is None:
        raise NotATable(N_("There is no record in this file that the catalogue can read."))

    def all_of() -> Iterator[Entry | Broken]:
        yield first
        yield from found

    yield entry_table(COLUMNS, all_of(), {"encoding": "utf-8"})


def entries(path: Path) -> Iterator[Entry | Broken]:
    """Yield what each record of a file says, and in their places those that cannot be read."""
    for found in xml_records.read(path, RECORDS):
        yield found if isinstance(found, Broken) else entry_of(found.element, found.line)


def entry_of(element: Element, line: int = 0) -> Entry | Broken:
    """Return what an element ``record`` (of MARCXML or of OAI-PMH) or ``dc`` says; ``line``: where it begins."""
    if element.tag == "record" and (header := element.find("header")) is not None:
        return _harvested(element, header, line)
    if element.tag != "record":
        return dublin_core_reading.entry_of(element)
    if _MARC & {child.tag for child in element}:
        return _marc(element, line)
    return dublin_core_reading.entry_of(element)


def _harvested(element: Element, header: Element, line: int) -> Entry | Broken:
    number = (header.findtext("identifier") or "").strip()
    if header.get("status") == "deleted":
        return Broken(N_("The source has deleted its record “%(id)s” (line %(line)s)."), id=number, line=line)
    inside = next((child for child in element.find("metadata") or ()), None)
    if inside is None:
        return Broken(N_("The record on line %(line)s says nothing of a document."), line=line)
    if _MARC & {child.tag for child in inside}:
        made = _marc(inside, line)
        if isinstance(made, Entry) and not made.first("source.id"):
            made.add("source.id", number)
        return made
    return dublin_core_reading.entry_of(inside, number)


def _marc(element: Element, line: int) -> Entry | Broken:
    try:
        return marc_reading.entry_of(marc_record(element))
    except ValueError as error:
        message = N_("The record on line %(line)s has a field without a right tag (“%(detail)s”).")
        return Broken(message, line=line, detail=str(error)[:40])


def marc_record(element: Element) -> Record:
    """Return a MARC record from its MARCXML. Raises ValueError with a tag that is none."""
    made = Record()
    leader = (element.findtext("leader") or "").strip()  # some leave out the length, or what is blank
    made.leader = Leader((leader if leader[:5].isdigit() else f"00000{leader}")[:24].ljust(24))
    for child in element:
        tag = child.get("tag", "")
        if child.tag in ("controlfield", "datafield") and not re.fullmatch("[0-9A-Za-z]{3}", tag):
            raise ValueError(tag)
        if child.tag == "controlfield":
            made.add_field(Field(tag, data=child.text or ""))  # type: ignore[no-untyped-call]
        elif child.tag == "datafield":
            made.add_field(_data_field(child, tag))  # type: ignore[no-untyped-call]
    return made


def _data_field(child: Element, tag: str) -> Field:
    first, second = ((child.get(name) or " ")[:1] for name in ("ind1", "ind2"))
    subfields = [Subfield(each.get("code", " ")[:1] or " ", (each.text or "").strip()) for each in child]
    if tag < "010":  # a control field that is written as another
        return Field(tag, data=" ".join(subfield.value for subfield in subfields))
    return Field(tag, Indicators(first, second), subfields)
