"""MARC both ways, by the declarations of ``marc21.py`` and ``unimarc.py``: what they share is done here, once.

To write: ``marc_of(record, naming, dialect)`` gives a ``pymarc.Record``; ``.as_marc()`` is ISO 2709 in UTF-8,
``to_marcxml`` an element of MARCXML (http://www.loc.gov/standards/marcxml/).

Which language a text is in MARC says nowhere but for translated titles: it stands in ``$9``, which MARC 21 leaves to
local use. What has no field in MARC stands in the local fields 9XX.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, register_namespace

from pymarc import Field, Indicators, Leader, Record, Subfield

from catalogue.exchange.crosswalk import Crosswalk, Naming, Statement, statements
from catalogue.exchange.language_codes import to_marc
from catalogue.fields import Holding
from catalogue.resource import Resource
from catalogue.values import Text

_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

MARCXML = "http://www.loc.gov/MARC21/slim"
"""The namespace of MARCXML, which UNIMARC uses too (ISO 25577)."""

register_namespace("marc", MARCXML)

LANGUAGE = "9"
"""The subfield, left to local use, that says in which language a text is."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where the values of a field of ours stand: a field with ``code`` for the text.

    ``lang``: subfield of its language; ``id``: of a vocabulary value's id; ``source``: of the vocabulary's name.
    ``later``: the slot of the second value and those behind it, where that is another.
    """

    field: str
    tag: str
    indicators: str = "  "
    code: str = "a"
    lang: str = ""
    id: str = ""
    source: str = ""
    also: tuple[tuple[str, str], ...] = ()
    later: Slot | None = None

    @property
    def shown(self) -> str:
        """The place as librarians write it: ``245 $a``."""
        return f"{self.tag} ${self.code or self.id}" + (f", {self.later.shown}" if self.later else "")


@dataclass(frozen=True)
class Dialect:
    """A family of MARC. ``leader``: with a place for positions 6 and 7, which ``types`` gives by kind of document.

    ``publication``: the field of publisher and ``year``; ``fixed``: what is no plain slot.
    """

    name: str
    leader: str
    slots: tuple[Slot, ...]
    publication: Slot
    year: str
    fixed: Callable[[Resource, Naming], Iterator[Field]]
    types: Mapping[str, str]
    crosswalk: Crosswalk

    @property
    def by_field(self) -> Mapping[str, Slot]:
        """The slots by the field of ours."""
        return {slot.field: slot for slot in self.slots}


def marc_of(record: Resource, naming: Naming, dialect: Dialect) -> Record:
    """Return a record as MARC of a dialect, in UTF-8. Only what visitors may see goes out."""
    made = Record(force_utf8=True)
    made.leader = Leader(dialect.leader % dialect.types.get(record.kind, "am"))
    fields = [*dialect.fixed(record, naming), *_slots(record, naming, dialect), *_holdings(record, naming)]
    for each in sorted(fields, key=lambda field: field.tag):
        made.add_field(each)  # type: ignore[no-untyped-call]
    return made


def _slots(record: Resource, naming: Naming, dialect: Dialect) -> Iterator[Field]:
    by_field = dialect.by_field
    said = [s for s in statements(record, naming) if s.text]
    for name, group in groupby(said, key=lambda statement: statement.field):
        if name in by_field:
            for number, statement in enumerate(group):
                slot = by_field[name]
                yield _field(slot.later if number and slot.later else slot, statement)
    publisher = next((s.text for s in said if s.field == "publisher"), "")
    if publisher or record.year:
        slot = dialect.publication
        parts = [(slot.code, publisher), (dialect.year, str(record.year or ""))]
        yield field(slot.tag, slot.indicators, *parts)


def _field(slot: Slot, said: Statement) -> Field:
    language = to_marc(said.lang) if slot.lang and said.lang else ""
    name = slot.field if slot.source else ""
    indicators = slot.indicators
    if slot.field == "authors":  # as it stands: "Surname, Forename", or a name in direct order
        entered = "1" if "," in said.text else "0"
        indicators = indicators.replace("?", entered)
    parts = ((slot.code, said.text), (slot.lang, language), (slot.id, said.id), (slot.source, name), *slot.also)
    return field(slot.tag, indicators, *parts)


def field(tag: str, indicators: str, *parts: tuple[str, str]) -> Field:
    """Return a data field; subfields without a code or a text are left out."""
    subfields = [Subfield(code, _clean(text)) for code, text in parts if code and text]
    return Field(tag, Indicators(*indicators), subfields)


def _clean(text: str) -> str:
    """Return a text without the characters that delimit fields in ISO 2709."""
    return "".join(c for c in text if c not in "\x1d\x1e\x1f")


def control(tag: str, data: str) -> Field:
    """Return a control field."""
    return Field(tag, data=data)


def stamp(record: Resource) -> str:
    """Return the day a record was last seen to, as field 005 has it (ISO 8601, basic); ours know no time."""
    day = max((day for day in (record.checked, record.added) if day), default=datetime.date(2000, 1, 1))
    return f"{day:%Y%m%d}000000.0"


# --- how to get it -----------------------------------------------------------------------------------------------

HOLDING = "949"
"""The local field in which one way to get a document stands whole; 856 and 852 or 995 are what others read."""

HOLDING_PARTS: Mapping[str, str] = {
    "a": "url", "k": "shelf", "c": "copies", "d": "year", "r": "use", "9": "language",
}  # fmt: skip
"""The subfields of a way to get a document. Its titles: ``$t`` behind ``$l`` with their language."""


def _holdings(record: Resource, naming: Naming) -> Iterator[Field]:
    for holding in record.offered:
        address = holding.url or (naming.file_url(holding.file) if holding.file else "")
        if address:
            title = holding.title.best(naming.languages[0]) if holding.title else ""
            yield field("856", "40", ("u", address), ("y", str(title)))
        yield field(HOLDING, "  ", *_holding_parts(holding, address))


def _holding_parts(holding: Holding, address: str) -> Iterator[tuple[str, str]]:
    values = {"url": address, "language": to_marc(holding.language) if holding.language else ""}
    for code, name in HOLDING_PARTS.items():
        yield code, str(values.get(name, getattr(holding, name)) or "")
    for lang, title in (holding.title or Text()).items():
        yield "l", lang
        yield "t", title


# --- MARCXML -----------------------------------------------------------------------------------------------------


def to_marcxml(made: Record, kind: str = "") -> Element:
    """Return the MARCXML element ``record`` of a MARC record; ``kind``: its attribute ``type``.

    pymarc's own has no place for characters that XML forbids (https://www.w3.org/TR/xml/#charsets): they go out.
    """
    top = Element(f"{{{MARCXML}}}record", {"type": kind} if kind else {})
    SubElement(top, f"{{{MARCXML}}}leader").text = str(made.leader)
    for each in made.fields:
        if each.is_control_field():
            SubElement(top, f"{{{MARCXML}}}controlfield", {"tag": each.tag}).text = xml_text(each.data or "")
            continue
        about = {"tag": each.tag, "ind1": each.indicator1 or " ", "ind2": each.indicator2 or " "}
        data = SubElement(top, f"{{{MARCXML}}}datafield", about)
        for subfield in each.subfields:
            SubElement(data, f"{{{MARCXML}}}subfield", {"code": subfield.code}).text = xml_text(subfield.value)
    return top


def xml_text(text: str) -> str:
    """Return a text without the characters that no XML document may hold."""
    return _FORBIDDEN.sub("", text)
