"""How the record form is laid out: which fields stand together, and what their fixed words are called."""

from __future__ import annotations

from dataclasses import dataclass, replace

from catalogue.errors import N_
from catalogue.fields import OF_A_NETWORK
from catalogue.resource import FIELDS


@dataclass(frozen=True)
class Section:
    """A part of the form. ``closed``: it opens by itself only where something stands in it."""

    id: str
    title: str
    fields: tuple[str, ...]
    closed: bool = False


_LAID_OUT = (
    Section("what", N_("What it is"), ("kind", "themes", "title", "summary")),
    Section("get", N_("How to get it"), ("holdings",)),
    Section("network", N_("In the network"), OF_A_NETWORK),
    Section("who", N_("Who makes it"), ("publisher", "year", "series")),
    Section("whom", N_("Who it is for"), ("audiences", "languages", "places", "level", "sectors")),
    Section("about", N_("What it is about"), ("subjects", "occupations", "keywords")),
    Section("easy", N_("Easy to read"), ("easy", "easy_status"), closed=True),
    Section("picture", N_("Picture"), ("cover",), closed=True),
    Section("when", N_("Dates and contact"), ("dates", "contact"), closed=True),
    Section("more", N_("More"), ("body", "authors", "identifiers", "replaces", "source"), closed=True),
    Section("care", N_("Care of the record"), ("status", "added", "checked", "review_by", "staff_note"), closed=True),
)


def _with_the_rest(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Return the sections, with the declared fields that none of them names in "More"."""
    placed = {name for section in sections for name in section.fields}
    rest = tuple(name for name in FIELDS if name not in placed)
    return tuple(replace(s, fields=(*s.fields, *rest)) if s.id == "more" else s for s in sections)


SECTIONS = _with_the_rest(_LAID_OUT)

HOLDING_FIELDS = {
    "shelf": (("shelf", "use", "copies", "language"), ("title", "year")),
    "url": (("url", "language"), ("title", "year", "suspended")),
    "file": (("file", "language"), ("title", "year", "captions", "transcript", "chapters")),
}
"""The fields of a holding by what it is: those that are shown, and those one opens."""

LANGUAGE_NAMES = {
    "fr": N_("in French"),
    "nl": N_("in Dutch"),
    "en": N_("in English"),
    "und": N_("the same in every language"),
}
"""What stands above the text of each language."""

KEPT_IN_A_PILE = (
    "kind", "themes", "publisher", "series", "audiences", "languages", "places", "sectors", "year", "centre", "shared",
)  # fmt: skip
"""What the next record of a pile takes over from the last one, besides its shelf."""
