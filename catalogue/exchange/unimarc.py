"""UNIMARC (IFLA, bibliographic format, 3rd edition with updates): which of our fields stands where."""

from __future__ import annotations

from collections.abc import Iterator

from pymarc import Field, Record

from catalogue.exchange.crosswalk import Crossing, Crosswalk, Naming
from catalogue.exchange.language_codes import to_marc
from catalogue.exchange.marc import HOLDING, LANGUAGE, Dialect, Slot, control, field, marc_of, stamp
from catalogue.resource import Resource

_SLOTS = (
    Slot("identifiers.isbn", "010"),
    Slot("identifiers.issn", "011"),
    Slot("identifiers.ean", "073", " 0"),
    Slot("identifiers.publisher_ref", "071", "50"),
    Slot("title", "200", "1 ", lang=LANGUAGE, later=Slot("title", "510", "1 ", lang="z")),
    Slot("series", "225", "2 "),
    Slot("summary", "330", lang=LANGUAGE),
    Slot("audiences", "333", id="3", source="2"),
    Slot("level", "333", id="3", source="2"),
    Slot("subjects", "606", "  ", id="3", source="2"),
    Slot("sectors", "606", "  ", id="3", source="2"),
    Slot("occupations", "606", "  ", id="3", source="2"),
    Slot("places", "607", "  ", id="3", source="2"),
    Slot("kind", "608", "  ", id="3", source="2"),
    Slot("keywords", "610", "0 ", lang=LANGUAGE),
    Slot("themes", "686", code="", id="a", source="2"),
    Slot("authors", "700", " ?", also=(("4", "070"),), later=Slot("authors", "701", " ?", also=(("4", "070"),))),
    Slot("easy", "920", lang=LANGUAGE),
    Slot("easy_status", "921"),
    Slot("body", "922", lang=LANGUAGE),
    Slot("checked", "924"),
)


def to_unimarc(record: Resource, naming: Naming) -> Record:
    """Return a record as UNIMARC: a ``pymarc.Record``, whose ``as_marc()`` is ISO 2709 in UTF-8."""
    return marc_of(record, naming, UNIMARC)


def _fixed(record: Resource, naming: Naming) -> Iterator[Field]:
    languages = [to_marc(lang) for lang in record.document_languages]
    entered = f"{record.added:%Y%m%d}" if record.added else " " * 8
    published = f"d{record.year}    " if record.year else "u" + " " * 8
    # Positions 8-16 date of publication, 22-24 language of cataloguing, 26-29 letters: "50" is ISO 10646 (UTF-8).
    general = f"{entered}{published}m  y0{to_marc(naming.languages[0])}y50      ba"
    yield control("001", record.id)
    yield control("003", naming.record_url(record.id))
    yield control("005", stamp(record))
    yield field("100", "  ", ("a", general))
    if record.added:
        yield field("923", "  ", ("a", record.added.isoformat()))
    if languages:
        yield field("101", "0 ", *(("a", language) for language in languages))
    for mark in (holding.shelf for holding in record.offered if holding.shelf):
        yield field("995", "  ", ("k", mark))


UNIMARC = Dialect(
    name="UNIMARC",
    leader="00000n%s  2200000   450 ",
    slots=_SLOTS,
    publication=Slot("publisher", "210", "  ", "c"),
    year="d",
    fixed=_fixed,
    types={"video": "gm", "audio": "im", "website": "lm", "tool": "lm", "press": "as"},
    crosswalk=Crosswalk(
        "UNIMARC",
        (
            Crossing("id", "001"),
            *(Crossing(slot.field, slot.shown) for slot in _SLOTS),
            Crossing("languages", "101 $a"),
            Crossing("publisher", "210 $c"),
            Crossing("year", "210 $d", "in 100 $a, positions 9-12, too"),
            Crossing("added", "923 $a", "in 100 $a, positions 0-7, too"),
            Crossing("holdings", f"{HOLDING}, 856 $u, 995 $k", "a file becomes its web address"),
        ),
        {
            "dates": "MARC describes documents, not when something takes place",
            "contact": "MARC describes documents, not organisations",
            "cover": "MARC has no place for pictures",
            "centre": "kept for a network of centres",
            "shared": "kept for a network of centres",
            "replaces": "a former permalink is this site's own affair",
        },
    ),
)
