"""What the metadata of a harvested record say in our fields: the same reading as that of a file."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from catalogue.errors import N_
from catalogue.exchange import xml_reading
from catalogue.exchange.entries import Broken, Entry

_XML = "{http://www.w3.org/XML/1998/namespace}"


def entry_of(metadata: Element) -> Entry:
    """Return what the element in ``metadata`` says, Dublin Core or MARC alike. Raises Broken."""
    found = xml_reading.entry_of(_local(metadata))
    if isinstance(found, Broken):
        raise found
    if not any(name.startswith("title") for name in found.values):
        raise Broken(N_("this record has no title, or is in a format that is not read here"))
    return found


def _local(element: Element) -> Element:
    """Return an element with names as the reading of files has them: without namespaces, but for ``xml:lang``."""
    attributes = {_name(name): value for name, value in element.attrib.items()}
    made = Element(_name(element.tag), attributes)
    made.text, made.tail = element.text, element.tail
    made.extend(_local(child) for child in element)
    return made


def _name(name: str) -> str:
    return f"xml:{name.removeprefix(_XML)}" if name.startswith(_XML) else name.rpartition("}")[2]
