"""Dublin Core: the fifteen elements of ``oai_dc``, and the terms of "qualified" Dublin Core.

https://www.dublincore.org/specifications/dublin-core/dcmi-terms/ and
https://www.openarchives.org/OAI/openarchivesprotocol.html#dublincore
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, register_namespace

from catalogue.exchange.crosswalk import Crossing, Crosswalk, Naming, Statement, addresses, statements
from catalogue.exchange.marc import xml_text
from catalogue.resource import Resource

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
OAI_DC_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

for _prefix, _namespace in (("oai_dc", OAI_DC), ("dc", DC), ("dcterms", DCTERMS), ("xsi", XSI)):
    register_namespace(_prefix, _namespace)

DCMI_TYPES: Mapping[str, str] = {
    "video": "MovingImage", "audio": "Sound", "event": "Event", "course": "Event", "tool": "InteractiveResource",
    "test": "InteractiveResource", "website": "InteractiveResource", "organisation": "Service",
}  # fmt: skip
"""Kind → the type of the DCMI Type Vocabulary; others are ``Text``."""

SIMPLE: Mapping[str, str] = {
    "title": "title",
    "authors": "creator",
    "subjects": "subject",
    "occupations": "subject",
    "keywords": "subject",
    "summary": "description",
    "publisher": "publisher",
    "year": "date",
    "kind": "type",
    "languages": "language",
    "places": "coverage",
}
"""Our field → the element of simple Dublin Core."""

QUALIFIED: Mapping[str, str] = {
    **SIMPLE,
    "summary": "abstract",
    "easy": "description",
    "year": "issued",
    "places": "spatial",
    "audiences": "audience",
    "level": "educationLevel",
    "series": "isPartOf",
    "added": "dateSubmitted",
    "checked": "modified",
}
"""Our field → the term of qualified Dublin Core."""

NUMBERS: Mapping[str, str] = {"identifiers.isbn": "urn:isbn:", "identifiers.issn": "urn:issn:"}
"""The numbers that are identifiers everywhere (RFC 3187, RFC 3044)."""


@dataclass(frozen=True, slots=True)
class Said:
    """One element: its name without a prefix, its text, its language (``xml:lang``; empty where it has none)."""

    element: str
    text: str
    lang: str = ""


def to_simple(record: Resource, naming: Naming) -> list[Said]:
    """Return a record as elements of simple Dublin Core, the permalink first among the identifiers."""
    return list(dict.fromkeys(_elements(record, naming, SIMPLE)))


def to_qualified(record: Resource, naming: Naming) -> list[Said]:
    """Return a record as terms of DCMI."""
    return list(dict.fromkeys(_elements(record, naming, QUALIFIED)))


def _elements(record: Resource, naming: Naming, names: Mapping[str, str]) -> Iterator[Said]:
    said = list(statements(record, naming, every_label=True))
    yield from _of(said, names, "title")
    yield Said("identifier", naming.record_url(record.id))
    for address in addresses(record, naming):
        yield Said("identifier", address)
    for statement in said:
        if statement.field in NUMBERS:
            yield Said("identifier", NUMBERS[statement.field] + statement.text)
    yield Said("type", DCMI_TYPES.get(record.kind, "Text"))
    for name in names:
        if name == "languages":
            yield from (Said("language", lang) for lang in record.document_languages)
        elif name != "title":
            yield from _of(said, names, name)


def _of(said: Iterable[Statement], names: Mapping[str, str], name: str) -> Iterator[Said]:
    for statement in said:
        if statement.field == name:
            yield Said(names[name], statement.text, statement.lang)


def oai_dc_xml(elements: Iterable[Said]) -> Element:
    """Return ``oai_dc:dc``, as ``/oai`` and ``/{lang}/record/{id}.xml`` give it."""
    return _xml(Element(f"{{{OAI_DC}}}dc", {f"{{{XSI}}}schemaLocation": f"{OAI_DC} {OAI_DC_SCHEMA}"}), DC, elements)


def qualified_xml(elements: Iterable[Said]) -> Element:
    """Return an element ``qualifieddc`` of DCMI terms."""
    return _xml(Element("qualifieddc"), DCTERMS, elements)


def _xml(top: Element, namespace: str, elements: Iterable[Said]) -> Element:
    for said in elements:
        made = SubElement(top, f"{{{namespace}}}{said.element}")
        made.text = xml_text(said.text)
        if said.lang:
            made.set(XML_LANG, said.lang)
    return top


_SECOND = "another description would not be told from the first"
_LOST = {
    "subjects": "they come back among the keywords",
    "occupations": "they come back among the keywords",
    "themes": "the themes are this site's own; an import gives one for all, or the sets of OAI-PMH tell",
    "easy": _SECOND,
    "body": _SECOND,
    "easy_status": "no element says who has read a text",
    "sectors": "they would not be told from subjects",
    "identifiers.ean": "only ISBN and ISSN are known everywhere",
    "identifiers.publisher_ref": "only ISBN and ISSN are known everywhere",
    "holdings": "only web addresses come back; shelf marks are this centre's own",
    "dates": "no element says when something takes place",
    "contact": "no element holds addresses and hours",
    "cover": "no element holds a picture",
    "replaces": "a former permalink is this site's own affair",
    "centre": "the sets of OAI-PMH tell",
    "shared": "kept for a network of centres",
}

CROSSWALK = Crosswalk(
    "Dublin Core (oai_dc)",
    (
        Crossing("id", "dc:identifier", "the permalink, the first; comes back as the number of origin"),
        *(Crossing(name, f"dc:{element}") for name, element in SIMPLE.items()),
        Crossing("identifiers.isbn", "dc:identifier", "as urn:isbn:"),
        Crossing("identifiers.issn", "dc:identifier", "as urn:issn:"),
        Crossing("holdings", "dc:identifier", "the web addresses"),
    ),
    {
        **_LOST,
        **dict.fromkeys(("audiences", "level", "series", "added", "checked"), "only qualified Dublin Core has it"),
    },
)

CROSSWALK_QUALIFIED = Crosswalk(
    "Dublin Core (DCMI terms)",
    (
        Crossing("id", "dcterms:identifier", "the permalink, the first; comes back as the number of origin"),
        *(Crossing(name, f"dcterms:{element}") for name, element in QUALIFIED.items()),
        Crossing("identifiers.isbn", "dcterms:identifier", "as urn:isbn:"),
        Crossing("identifiers.issn", "dcterms:identifier", "as urn:issn:"),
        Crossing("holdings", "dcterms:identifier", "the web addresses"),
    ),
    _LOST,
)
