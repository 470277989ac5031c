"""MARC 21 (https://www.loc.gov/marc/bibliographic/): which of our fields stands where."""

from __future__ import annotations

from collections.abc import Iterator

from pymarc import Field, Record

from catalogue.exchange.crosswalk import Crossing, Crosswalk, Naming
from catalogue.exchange.language_codes import to_marc
from catalogue.exchange.marc import HOLDING, LANGUAGE, Dialect, Slot, control, field, marc_of, stamp
from catalogue.resource import Resource

_SLOTS = (
    Slot("identifiers.isbn", "020"),
    Slot("identifiers.issn", "022"),
    Slot("identifiers.ean", "024", "3 "),
    Slot("identifiers.publisher_ref", "028", "52"),
    Slot("themes", "084", code="", id="a", source="2"),
    Slot("authors", "100", "? ", later=Slot("authors", "700", "? ")),
    Slot("title", "245", "10", lang=LANGUAGE, later=Slot("title", "242", "00", lang="y")),
    Slot("series", "490", "0 "),
    Slot("summary", "520", "  ", lang=LANGUAGE),
    Slot("audiences", "385", id="0", source="2"),
    Slot("level", "385", id="0", source="2"),
    Slot("subjects", "650", " 7", id="0", source="2"),
    Slot("sectors", "650", " 7", id="0", source="2"),
    Slot("places", "651", " 7", id="0", source="2"),
    Slot("keywords", "653", lang=LANGUAGE),
    Slot("kind", "655", " 7", id="0", source="2"),
    Slot("occupations", "656", " 7", id="0", source="2"),
    Slot("easy", "920", lang=LANGUAGE),
    Slot("easy_status", "921"),
    Slot("body", "922", lang=LANGUAGE),
    Slot("checked", "924"),
)


def to_marc21(record: Resource, naming: Naming) -> Record:
    """Return a record as MARC 21: a ``pymarc.Record``, whose ``as_marc()`` is ISO 2709 in UTF-8."""
    return marc_of(record, naming, MARC21)


def _fixed(record: Resource, naming: Naming) -> Iterator[Field]:
    languages = [to_marc(lang) for lang in record.document_languages]
    entered = f"{record.added:%y%m%d}" if record.added else "      "
    dates = f"s{record.year}    " if record.year else "nuuuuuuuu"
    only = languages[0] if languages and len(languages[0]) == 3 else "und"
    yield control("001", record.id)
    yield control("005", stamp(record))
    yield control("008", f"{entered}{dates}xx {' ' * 17}{only} d")
    yield field("040", "  ", ("b", to_marc(naming.languages[0])))
    if record.added:
        yield field("923", "  ", ("a", record.added.isoformat()))
    if languages:
        yield field("041", "0 ", *(("a", language) for language in languages))
    yield field("856", "42", ("u", naming.record_url(record.id)), ("3", "Catalogue"))


MARC21 = Dialect(
    name="MARC 21",
    leader="00000n%s a2200000   4500",  # "a": UTF-8
    slots=_SLOTS,
    publication=Slot("publisher", "264", " 1", "b"),
    year="c",
    fixed=_fixed,
    types={"video": "gm", "audio": "im", "website": "ai", "tool": "mm", "test": "am", "press": "as"},
    crosswalk=Crosswalk(
        "MARC 21",
        (
            Crossing("id", "001"),
            *(Crossing(slot.field, slot.shown) for slot in _SLOTS),
            Crossing("languages", "041 $a", "the first one in 008/35-37 too"),
            Crossing("publisher", "264 $b"),
            Crossing("year", "264 $c", "in 008/07-10 too"),
            Crossing("added", "923 $a", "in 008/00-05 too"),
            Crossing("holdings", f"{HOLDING}, 856 $u", "a file becomes its web address"),
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
