"""RIS, as reference managers take it (Zotero, EndNote, Mendeley), in UTF-8.

Its tags are those of Research Information Systems' specification of 2011. A record says each thing in one language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalogue.exchange.crosswalk import Crossing, Crosswalk, Naming, addresses
from catalogue.fields import OF_A_NETWORK
from catalogue.resource import Resource

TYPES: Mapping[str, str] = {
    "book": "BOOK", "guide": "PAMP", "factsheet": "PAMP", "press": "MGZN", "video": "VIDEO", "audio": "SOUND",
    "website": "ELEC", "tool": "ELEC", "test": "ELEC",
}  # fmt: skip
"""Kind → type of reference; others are ``GEN``."""


def to_ris(record: Resource, naming: Naming) -> str:
    """Return a record as RIS, its lines ended by CR LF as the specification wants, from ``TY`` to ``ER``."""
    lines = [f"{tag}  - {' '.join(text.split())}" for tag, text in pairs(record, naming) if text]
    return "\r\n".join([*lines, "ER  - ", "", ""])


def pairs(record: Resource, naming: Naming) -> Iterator[tuple[str, str]]:
    """Yield the tags of a record and what they say; empty where the record says nothing."""
    numbers = record.identifiers
    titles = one_language_first(record, naming)
    yield "TY", TYPES.get(record.kind, "GEN")
    yield "ID", record.id
    yield "TI", titles[0]
    yield from (("TT", title) for title in titles[1:])
    yield from (("AU", name) for name in record.authors)
    yield "PY", str(record.year or "")
    yield "PB", naming.label("publishers", record.publisher)[0] if record.publisher else ""
    yield "T2", naming.label("series", record.series)[0] if record.series else ""
    yield "SN", (numbers.isbn or numbers.issn) if numbers else ""
    yield "AB", record.summary.best(naming.languages[0]).text
    yield from (("KW", word) for word in words(record, naming))
    yield from (("LA", lang) for lang in record.document_languages)
    yield from (("UR", address) for address in addresses(record, naming))
    yield from (("CN", holding.shelf) for holding in record.offered if holding.shelf)
    yield "L2", naming.record_url(record.id)


def one_language_first(record: Resource, naming: Naming) -> list[str]:
    """Return the titles, that in the document's own language first, each once."""
    own = [record.title[lang] for lang in record.document_languages if lang in record.title]
    return list(dict.fromkeys([*own[:1], *(text for _, text in naming.in_order(record.title))]))


def words(record: Resource, naming: Naming) -> list[str]:
    """Return subjects, occupations and keywords in one language, each once."""
    labels = [naming.label("subjects", id)[0] for id in (*record.subjects, *record.occupations)]
    own = next((words for _, words in naming.in_order(record.keywords or {})), ())  # type: ignore[arg-type]
    return list(dict.fromkeys([*labels, *own]))


LOST = {
    "themes": "the format has no such field",
    "easy": "the format has one abstract",
    "easy_status": "the format has one abstract",
    "body": "the format has one abstract",
    "subjects": "they come back among the keywords",
    "occupations": "they come back among the keywords",
    **dict.fromkeys(
        (*("audiences", "level", "sectors", "places", "dates", "contact", "cover", "replaces"), *OF_A_NETWORK, "added"),
        "the format has no such field",
    ),
    "checked": "the format has no such field",
    "identifiers.ean": "the format has no such field",
    "identifiers.publisher_ref": "the format has no such field",
}
"""What no format of references has a place for."""

CROSSWALK = Crosswalk(
    "RIS",
    (
        Crossing("id", "ID", "comes back as the number of origin"),
        Crossing("kind", "TY", "several kinds share a type"),
        Crossing("title", "TI, TT", "which language, the format does not say"),
        Crossing("summary", "AB", "one language"),
        Crossing("authors", "AU"),
        Crossing("year", "PY"),
        Crossing("publisher", "PB"),
        Crossing("series", "T2"),
        Crossing("identifiers.isbn", "SN"),
        Crossing("identifiers.issn", "SN", "where there is no ISBN"),
        Crossing("subjects", "KW"),
        Crossing("occupations", "KW"),
        Crossing("keywords", "KW", "one language"),
        Crossing("languages", "LA"),
        Crossing("holdings", "UR, CN", "web addresses, shelf marks"),
    ),
    LOST,
)
