"""What the head of a record's page tells programs: search engines, reference managers, sites that show links.

JSON-LD in the words of schema.org, Open Graph (https://ogp.me), ``citation_…`` as Google Scholar and Zotero read it,
Dublin Core (DCMI, "Expressing Dublin Core in HTML"), and the same record in other formats.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from catalogue.exchange.crosswalk import Naming, statements
from catalogue.exchange.dublin_core import to_simple
from catalogue.exchange.jsonld import to_jsonld
from catalogue.exchange.registry import FORMATS
from catalogue.resource import Resource
from catalogue.values import TEXT_LANGUAGES
from catalogue.web import addresses

LOCALES: Mapping[str, str] = {"fr": "fr_BE", "nl": "nl_BE", "en": "en_GB"}
_OG_TYPES = {"book": "book", "video": "video.other", "press": "article", "guide": "article", "factsheet": "article"}
_OTHER_FORMATS = {
    "json": "json",
    "jsonld": "jsonld",
    "ris": "ris",
    "bib": "bibtex",
    "marcxml": "marcxml",
    "xml": "oai_dc",
}
"""Ending of the address → format, of those that are worth naming in a page."""


@dataclass(frozen=True)
class Meta:
    """A ``meta`` element; ``attribute``: ``name`` or, for Open Graph, ``property``."""

    attribute: str
    name: str
    content: str
    lang: str = ""


@dataclass(frozen=True)
class OtherFormat:
    """The same record in another format. ``label``: a msgid."""

    href: str
    type: str
    label: str


@dataclass(frozen=True)
class Described:
    """The head of a record's page. ``jsonld``: safe inside a script element."""

    jsonld: Markup
    metas: tuple[Meta, ...]
    formats: tuple[OtherFormat, ...]


def describe(record: Resource, naming: Naming, centre: str, picture: str = "") -> Described:
    """Return what is told of a public record, in the first language of ``naming``, on a site of ``centre``.

    ``picture``: the address of its cover, empty where it has none.
    """
    lang = naming.languages[0]
    metas = (
        *_open_graph(record, naming, centre, picture),
        *_citation(record, naming, lang),
        *_dublin_core(record, naming),
    )
    formats = tuple(
        OtherFormat(f"{addresses.record(lang, record.id)}.{ending}", FORMATS[name].media_types[0], FORMATS[name].label)
        for ending, name in _OTHER_FORMATS.items()
    )
    return Described(in_script(to_jsonld(record, naming)), metas, formats)


def in_script(value: object) -> Markup:
    """Return JSON that no text can break out of, in a script element (HTML, "Restrictions for contents of script")."""
    text = json.dumps(value, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - nothing is left that HTML would read


def _open_graph(record: Resource, naming: Naming, centre: str, picture: str) -> Iterator[Meta]:
    lang = naming.languages[0]
    summary = record.summary.best(lang)
    values = {
        "og:type": _OG_TYPES.get(record.kind, "website"),
        "og:title": str(record.title.best(lang)),
        "og:description": str(summary),
        "og:url": naming.record_url(record.id),
        "og:site_name": centre,
        "og:image": picture,
        "og:locale": LOCALES.get(lang, lang),
    }
    yield from (Meta("property", name, value) for name, value in values.items() if value)
    for other in TEXT_LANGUAGES:
        if other != lang:
            yield Meta("property", "og:locale:alternate", LOCALES[other])


def _citation(record: Resource, naming: Naming, lang: str) -> Iterator[Meta]:
    title = record.title.best(lang)
    yield Meta("name", "citation_title", title.text, title.lang)
    yield from (Meta("name", "citation_author", author) for author in record.authors)
    numbers = record.identifiers
    values = {
        "citation_publisher": naming.label("publishers", record.publisher)[0] if record.publisher else "",
        "citation_publication_date": str(record.year or ""),
        "citation_isbn": numbers.isbn if numbers else "",
        "citation_issn": numbers.issn if numbers else "",
        "citation_abstract": str(record.summary.best(lang)),
        "citation_public_url": naming.record_url(record.id),
    }
    yield from (Meta("name", name, value) for name, value in values.items() if value)
    yield from (Meta("name", "citation_language", code) for code in record.document_languages)
    words = (said for said in statements(record, naming) if said.field in ("subjects", "occupations", "keywords"))
    yield from (Meta("name", "citation_keywords", said.text, said.lang) for said in words)


def _dublin_core(record: Resource, naming: Naming) -> Iterator[Meta]:
    for said in to_simple(record, naming):
        yield Meta("name", f"DC.{said.element}", said.text, said.lang)
