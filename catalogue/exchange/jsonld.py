"""JSON-LD in the words of schema.org (https://schema.org), as search engines and reference managers read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalogue.exchange.crosswalk import Crossing, Crosswalk, Naming
from catalogue.fields import Occasion
from catalogue.resource import Resource
from catalogue.values import UNDETERMINED

CONTEXT = "https://schema.org"

TYPES: Mapping[str, str] = {
    "book": "Book", "press": "Article", "video": "VideoObject", "audio": "AudioObject", "website": "WebSite",
    "tool": "WebApplication", "test": "Quiz", "course": "Course", "event": "Event", "organisation": "Organization",
    "factsheet": "DigitalDocument", "guide": "DigitalDocument",
}  # fmt: skip
"""Kind → type; others are ``CreativeWork``."""

Plain = dict[str, Any]


def to_jsonld(record: Resource, naming: Naming) -> Plain:
    """Return a record as a JSON-LD object; what is said in several languages as objects with ``@language``.

    An organisation or an event has only the properties of its type.
    """
    made: Plain = {
        "@context": CONTEXT,
        "@type": TYPES.get(record.kind, "CreativeWork"),
        "@id": naming.record_url(record.id),
        "url": naming.record_url(record.id),
        "name": _texts(record.title, naming),
        "description": _texts(record.summary, naming),
        "sameAs": [holding.url for holding in record.offered if holding.url],
        "image": naming.file_url(record.cover.file) if record.cover else None,
    }
    kinds = {"organisation": _organisation, "event": _event}
    made |= kinds.get(record.kind, _work)(record, naming)
    return {key: value for key, value in made.items() if value not in (None, "", [], {})}


def _work(record: Resource, naming: Naming) -> Plain:
    numbers = record.identifiers
    files = [holding for holding in record.offered if holding.file]
    return {
        "inLanguage": list(record.document_languages),
        "author": [{"@type": "Person", "name": name} for name in record.authors],
        "publisher": _named("Organization", "publishers", record.publisher, naming),
        "datePublished": str(record.year or ""),
        "dateModified": record.checked.isoformat() if record.checked else "",
        "sdDatePublished": record.added.isoformat() if record.added else "",
        "isbn": numbers.isbn if numbers else "",
        "gtin": numbers.ean if numbers else "",
        "identifier": {"@type": "PropertyValue", "propertyID": "ISSN", "value": numbers.issn}
        if numbers and numbers.issn
        else None,
        "isPartOf": _named("CreativeWorkSeries", "series", record.series, naming),
        "about": _about(record, naming),
        "keywords": [
            {"@value": word, "@language": lang} for lang, words in (record.keywords or {}).items() for word in words
        ],
        "audience": [
            {"@type": "Audience", "audienceType": naming.label("audiences", id)[0]} for id in record.audiences
        ],
        "educationalLevel": naming.label("levels", record.level)[0] if record.level else "",
        "spatialCoverage": [{"@type": "Place", "name": naming.label("places", id)[0]} for id in record.places],
        "encoding": [{"@type": "MediaObject", "contentUrl": naming.file_url(holding.file)} for holding in files],
        "accessibilityFeature": ["captions"] if record.caption_languages else [],
        "offers": [_offer(holding.shelf, holding.copies) for holding in record.offered if holding.shelf],
        "temporalCoverage": [_moment(occasion) for occasion in record.dates],
    }


def _offer(mark: str, copies: int) -> Plain:
    """Return a copy on a shelf: libraries offer for nothing (schema.org's ``Offer`` for library holdings)."""
    level = {"inventoryLevel": {"@type": "QuantitativeValue", "value": copies}} if copies else {}
    return {"@type": "Offer", "sku": mark, "price": 0, "priceCurrency": "EUR", **level}


def _about(record: Resource, naming: Naming) -> list[Plain]:
    concepts = [("subjects", id) for id in record.subjects] + [("occupations", id) for id in record.occupations]
    terms = [*concepts, *(("sectors", id) for id in record.sectors)]
    return [
        {
            "@type": "DefinedTerm",
            "name": naming.label(vocabulary, id)[0],
            "termCode": id,
            "inDefinedTermSet": vocabulary,
        }
        for vocabulary, id in terms
    ]


def _organisation(record: Resource, naming: Naming) -> Plain:
    contact = record.contact
    if contact is None:
        return {"knowsLanguage": list(record.document_languages)}
    return {
        "address": _texts(contact.address, naming),
        "telephone": contact.phone,
        "email": contact.email,
        "openingHours": _texts(contact.hours, naming),
        "knowsLanguage": list(contact.spoken or record.document_languages),
    }


def _event(record: Resource, naming: Naming) -> Plain:
    """Return the properties of an event; one that takes place several times has a ``subEvent`` for each."""
    about = {
        "inLanguage": list(record.document_languages),
        "organizer": _named("Organization", "publishers", record.publisher, naming),
        "about": _about(record, naming),
    }
    times = [_occasion(occasion, naming) for occasion in record.dates]
    if len(times) == 1:
        return about | times[0]
    return about | {"subEvent": [{"@type": "Event", "name": _texts(record.title, naming), **time} for time in times]}


def _occasion(occasion: Occasion, naming: Naming) -> Plain:
    made = {
        "startDate": occasion.start.isoformat(timespec="minutes"),
        "endDate": occasion.end.isoformat(timespec="minutes") if occasion.end else "",
        "location": {"@type": "Place", "name": _texts(occasion.where, naming)} if occasion.where else None,
        "offers": {"@type": "Offer", "url": occasion.register} if occasion.register else None,
    }
    return {key: value for key, value in made.items() if value}


def _moment(occasion: Occasion) -> str:
    start = occasion.start.isoformat(timespec="minutes")
    return f"{start}/{occasion.end.isoformat(timespec='minutes')}" if occasion.end else start


def _named(kind: str, vocabulary: str, id: str, naming: Naming) -> Plain | None:
    return {"@type": kind, "name": naming.label(vocabulary, id)[0]} if id else None


def _texts(texts: Mapping[str, str], naming: Naming) -> Any:
    """Return a text as a string where it has no language, else as objects with one, the wanted language first."""
    if UNDETERMINED in texts:
        return texts[UNDETERMINED]
    return [{"@value": text, "@language": lang} for lang, text in naming.in_order(texts)]


CROSSWALK = Crosswalk(
    "schema.org (JSON-LD)",
    (
        Crossing("id", "@id", "as the permalink"),
        Crossing("kind", "@type"),
        Crossing("title", "name"),
        Crossing("summary", "description"),
        Crossing("languages", "inLanguage"),
        Crossing("audiences", "audience"),
        Crossing("level", "educationalLevel"),
        Crossing("places", "spatialCoverage"),
        Crossing("subjects", "about"),
        Crossing("occupations", "about"),
        Crossing("sectors", "about"),
        Crossing("keywords", "keywords"),
        Crossing("publisher", "publisher", "organizer of an event"),
        Crossing("authors", "author"),
        Crossing("year", "datePublished"),
        Crossing("series", "isPartOf"),
        Crossing("identifiers.isbn", "isbn"),
        Crossing("identifiers.issn", "identifier"),
        Crossing("identifiers.ean", "gtin"),
        Crossing("holdings", "sameAs, encoding, offers", "web addresses, files, shelf marks"),
        Crossing("dates", "startDate, endDate, location, temporalCoverage"),
        Crossing("contact", "address, telephone, email, openingHours, knowsLanguage", "of an organisation"),
        Crossing("cover", "image"),
        Crossing("added", "sdDatePublished"),
        Crossing("checked", "dateModified"),
    ),
    dict.fromkeys(
        ("themes", "easy", "easy_status", "body", "identifiers.publisher_ref", "replaces", "centre", "shared"),
        "schema.org has no word for it that machines would use",
    ),
)
