"""The formats in which records are given: simple Dublin Core, as every repository must, and MARC 21 as MARCXML."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

from catalogue.contents import Contents
from catalogue.exchange import dublin_core, marc, marc21
from catalogue.exchange.crosswalk import Naming
from catalogue.oai.provider import MetadataFormat
from catalogue.resource import Resource

NamingOf = Callable[[Contents], Naming]

_PREFIXES = {"oai_dc": dublin_core.OAI_DC, "dc": dublin_core.DC, "marc": marc.MARCXML, "xsi": dublin_core.XSI}


def of(naming_of: NamingOf) -> tuple[MetadataFormat, ...]:
    """Return the formats; ``naming_of`` gives how records are named by the vocabularies of some contents."""

    def simple(record: Resource, contents: Contents) -> str:
        return _text(dublin_core.oai_dc_xml(dublin_core.to_simple(record, naming_of(contents))))

    def marcxml(record: Resource, contents: Contents) -> str:
        return _text(marc.to_marcxml(marc21.to_marc21(record, naming_of(contents))))

    return (
        MetadataFormat("oai_dc", dublin_core.OAI_DC_SCHEMA, dublin_core.OAI_DC, simple),
        MetadataFormat("marcxml", MARC_SCHEMA, marc.MARCXML, marcxml),
    )


MARC_SCHEMA = "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd"


def _text(top: ElementTree.Element) -> str:
    for prefix, namespace in _PREFIXES.items():
        ElementTree.register_namespace(prefix, namespace)
    return ElementTree.tostring(top, encoding="unicode")
