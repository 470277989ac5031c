"""Where a record names the terms of a list: every field that declares one is found, and follows a new name."""

from __future__ import annotations

from catalogue import references
from catalogue.resource import FIELDS, Resource
from catalogue.shapes import Code, Many

FULL = Resource.from_mapping(
    "full",
    {
        "kind": "video",
        "themes": ["work"],
        "title": {"fr": "Un", "nl": "Een"},
        "status": "draft",
        "languages": ["fr", "ar"],
        "audiences": ["pupils"],
        "level": "master",
        "centre": "liege",
        "sectors": ["health"],
        "places": ["brussels"],
        "subjects": ["grants", "old"],
        "occupations": ["nurse"],
        "publisher": "siep",
        "series": "sheets",
        "holdings": [
            {"shelf": "K1.2.3", "language": "ar"},
            {"file": "media/a.mp4", "captions": {"tr": "media/a.vtt"}, "transcript": {"nl": "media/a.txt"}},
        ],
        "contact": {"spoken": ["pl"], "phone": "02 000 00 00"},
    },
)


def test_every_list_is_found_where_the_fields_declare_it() -> None:
    found = references.named(FULL)
    assert {("shelves", "K1"), ("publishers", "siep"), ("subjects", "old"), ("series", "sheets")} <= found
    assert {id for name, id in found if name == "languages"} == {"fr", "ar", "tr", "nl", "pl"}
    shapes = (field.shape.shape if isinstance(field.shape, Many) else field.shape for field in FIELDS.values())
    declared = {shape.vocabulary for shape in shapes if isinstance(shape, Code)}
    assert declared <= {name for name, _id in found}


def test_a_new_name_is_taken_everywhere_and_stands_once() -> None:
    languages = references.renamed(FULL, "languages", {"ar": "fr", "tr": "fr", "pl": "nl"})
    assert (languages.languages, languages.holdings[0].language) == (("fr",), "fr")
    assert dict(languages.holdings[1].captions) == {"fr": "media/a.vtt"}
    assert languages.contact and languages.contact.spoken == ("nl",)
    assert references.renamed(FULL, "shelves", {"K1": "W2"}).holdings[0].shelf == "W2.2.3"
    assert references.renamed(FULL, "subjects", {"old": "grants"}).subjects == ("grants",)
    assert references.renamed(FULL, "places", {"nurse": "x"}) == FULL
