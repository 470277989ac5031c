"""The answers as XML: http://www.loc.gov/standards/sru/sru1-2archive/xml-files/srw-types.xsd"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from catalogue.exchange.crosswalk import Naming
from catalogue.exchange.dublin_core import DC, XML_LANG, to_simple
from catalogue.exchange.marc import to_marcxml, xml_text
from catalogue.exchange.marc21 import to_marc21
from catalogue.resource import Resource
from catalogue.sru.asked import SCHEMAS, Asked
from catalogue.sru.diagnostics import Diagnostic

SRW = "http://www.loc.gov/zing/srw/"
DIAGNOSTIC = "http://www.loc.gov/zing/srw/diagnostic/"
SRW_DC = "info:srw/schema/1/dc-schema"
ZEEREX = "http://explain.z3950.org/dtd/2.0/"

for _prefix, _namespace in (("zs", SRW), ("diag", DIAGNOSTIC), ("srw_dc", SRW_DC), ("zr", ZEEREX)):
    register_namespace(_prefix, _namespace)


@dataclass(frozen=True)
class Page:
    """What was found: how many records, and those of this answer, the first at ``Asked.start``."""

    total: int
    records: Sequence[Resource]


def search_response(asked: Asked, page: Page, naming: Naming) -> bytes:
    """Return the records of an answer, and where to go on."""
    top = _top("searchRetrieveResponse", asked.version)
    _add(top, "numberOfRecords", str(page.total))
    records = SubElement(top, _zs("records")) if page.records else None
    for position, record in enumerate(page.records, asked.start):
        assert records is not None
        made = _record(records, SCHEMAS[asked.schema], asked.packing, _WRITERS[asked.schema](record, naming))
        if asked.version != "1.1":
            _add(made, "recordIdentifier", record.id)
        _add(made, "recordPosition", str(position))
    following = asked.start + len(page.records)
    if page.records and following <= page.total:
        _add(top, "nextRecordPosition", str(following))
    _echo(top, asked)
    return _bytes(top)


def explain_response(asked: Asked, explanation: Element, problem: Diagnostic | None = None) -> bytes:
    """Return what can be asked here; ``problem``: what was wrong with the request that is answered so."""
    top = _top("explainResponse", asked.version)
    _record(top, ZEEREX, asked.packing, explanation)
    if problem:
        _diagnostics(top, problem)
    return _bytes(top)


def failed_search(version: str, problem: Diagnostic) -> bytes:
    """Return the answer to a search that cannot be carried out."""
    top = _top("searchRetrieveResponse", version)
    _add(top, "numberOfRecords", "0")
    _diagnostics(top, problem)
    return _bytes(top)


def _dc(record: Resource, naming: Naming) -> Element:
    top = Element(f"{{{SRW_DC}}}dc")
    for said in to_simple(record, naming):
        made = SubElement(top, f"{{{DC}}}{said.element}", {XML_LANG: said.lang} if said.lang else {})
        made.text = xml_text(said.text)
    return top


_WRITERS: Mapping[str, Callable[[Resource, Naming], Element]] = {
    "dc": _dc,
    "marcxml": lambda record, naming: to_marcxml(to_marc21(record, naming)),
}


def _record(parent: Element, schema: str, packing: str, data: Element) -> Element:
    made = SubElement(parent, _zs("record"))
    _add(made, "recordSchema", schema)
    _add(made, "recordPacking", packing)
    holder = SubElement(made, _zs("recordData"))
    if packing == "string":
        holder.text = tostring(data, encoding="unicode")
    else:
        holder.append(data)
    return made


def _echo(top: Element, asked: Asked) -> None:
    echo = SubElement(top, _zs("echoedSearchRetrieveRequest"))
    for name, value in (
        ("version", asked.version),
        ("query", asked.query),
        ("startRecord", str(asked.start)),
        ("maximumRecords", str(asked.maximum)),
        ("recordPacking", asked.packing),
        ("recordSchema", SCHEMAS[asked.schema]),
    ):
        _add(echo, name, value)


def _diagnostics(top: Element, problem: Diagnostic) -> None:
    made = SubElement(SubElement(top, _zs("diagnostics")), f"{{{DIAGNOSTIC}}}diagnostic")
    for name, text in (("uri", problem.uri), ("details", problem.details), ("message", problem.message)):
        if text:
            SubElement(made, f"{{{DIAGNOSTIC}}}{name}").text = xml_text(text)


def _top(name: str, version: str) -> Element:
    top = Element(_zs(name))
    _add(top, "version", version)
    return top


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, _zs(name)).text = xml_text(text)


def _zs(name: str) -> str:
    return f"{{{SRW}}}{name}"


def _bytes(top: Element) -> bytes:
    data: bytes = tostring(top, encoding="utf-8", xml_declaration=True)
    return data
