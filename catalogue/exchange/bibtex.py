"""BibTeX (O. Patashnik, "BibTeXing", 1988) in UTF-8, with the fields that biblatex and reference managers add."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalogue.exchange.crosswalk import Crossing, Crosswalk, Naming, addresses
from catalogue.exchange.ris import LOST, one_language_first, words
from catalogue.resource import Resource

TYPES: Mapping[str, str] = {"book": "book", "guide": "booklet", "factsheet": "booklet", "press": "article"}
"""Kind → type of entry; others are ``misc``."""

_ESCAPED = {character: "\\" + character for character in "#$%&_{}"} | {
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
}


def to_bibtex(record: Resource, naming: Naming) -> str:
    """Return a record as an entry of BibTeX, its key the record's id."""
    fields = [f"  {name} = {{{text}}}" for name, text in _fields(record, naming) if text]
    head = f"@{TYPES.get(record.kind, 'misc')}{{{record.id},"
    return "\n".join([head, ",\n".join(fields), "}", "", ""])


def _fields(record: Resource, naming: Naming) -> Iterator[tuple[str, str]]:
    numbers = record.identifiers
    publisher = naming.label("publishers", record.publisher)[0] if record.publisher else ""
    yield "title", f"{{{escaped(one_language_first(record, naming)[0])}}}"  # two braces: letters stay as they are
    yield "author", " and ".join(f"{{{escaped(name)}}}" if _is_body(name) else escaped(name) for name in record.authors)
    yield "year", str(record.year or "")
    yield "howpublished" if TYPES.get(record.kind) == "booklet" else "publisher", escaped(publisher)
    yield "series", escaped(naming.label("series", record.series)[0]) if record.series else ""
    yield "isbn", numbers.isbn if numbers else ""
    yield "issn", numbers.issn if numbers else ""
    yield "abstract", escaped(record.summary.best(naming.languages[0]).text)
    yield "keywords", ", ".join(escaped(word.replace(",", " ")) for word in words(record, naming))
    yield "language", ", ".join(record.document_languages)
    yield "url", next(iter(addresses(record, naming)), "") or naming.record_url(record.id)
    yield "library", ", ".join(holding.shelf for holding in record.offered if holding.shelf)


def _is_body(name: str) -> bool:
    """Tell whether a name would be taken apart wrongly: one with "and" in it is a body's."""
    return " and " in name


def escaped(text: str) -> str:
    """Return a text in which what TeX would take for a command is escaped."""
    return "".join(_ESCAPED.get(character, character) for character in " ".join(text.split()))


CROSSWALK = Crosswalk(
    "BibTeX",
    (
        Crossing("id", "key", "comes back as the number of origin"),
        Crossing("kind", "type of entry", "several kinds share a type"),
        Crossing("title", "title", "one language"),
        Crossing("authors", "author"),
        Crossing("year", "year"),
        Crossing("publisher", "publisher, howpublished"),
        Crossing("series", "series"),
        Crossing("identifiers.isbn", "isbn"),
        Crossing("identifiers.issn", "issn"),
        Crossing("summary", "abstract", "one language"),
        Crossing("subjects", "keywords"),
        Crossing("occupations", "keywords"),
        Crossing("keywords", "keywords", "one language"),
        Crossing("languages", "language"),
        Crossing("holdings", "url", "the first web address, else the permalink"),
    ),
    LOST,
)
