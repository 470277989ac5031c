"""Which of our fields CQL can search, under which names of its context sets, by which relations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from catalogue.errors import N_
from catalogue.resource import Resource
from catalogue.sru.cql import Clause
from catalogue.sru.diagnostics import Diagnostic
from catalogue.vocabulary import Vocabularies

SETS: Mapping[str, str] = {
    "cql": "info:srw/cql-context-set/1/cql-v1.2",
    "dc": "info:srw/cql-context-set/1/dc-v1.1",
    "rec": "info:srw/cql-context-set/2/rec-1.1",
    "bath": "http://zing.z3950.org/cql/bath/2.0/",
    "catalogue": "tag:catalogue,2026:cql",
}
"""Prefix → address of the context set. ``catalogue`` is our own: the filters of the results page by their values."""

Pairs = Iterable[tuple[str, str]]
Texts = Callable[[Resource, Vocabularies], Pairs]

WORDS = ("=", "scr", "==", "exact", "all", "any", "adj")
VALUES = ("=", "scr", "==", "exact", "all", "any")
NUMBERS = ("=", "scr", "==", "exact", "any")
YEARS = ("=", "scr", "==", "exact", "<>", "<", ">", "<=", ">=", "within")

Kind = Literal["everywhere", "words", "value", "number", "year", "id", "all"]


@dataclass(frozen=True)
class Index:
    """What can be searched. ``names``: those it has in context sets, the first its own; ``label``: a msgid.

    ``texts``: where the words of a record stand (``words``); ``facet``: by whose values (``value``); ``numbers``:
    those of a record (``number``).
    """

    names: tuple[str, ...]
    label: str
    kind: Kind
    relations: tuple[str, ...] = WORDS
    texts: Texts | None = None
    facet: str = ""
    numbers: Callable[[Resource], Iterable[str]] | None = None


def _concepts(record: Resource, vocabularies: Vocabularies) -> Iterator[tuple[str, str]]:
    for concept in map(vocabularies.concept, (*record.subjects, *record.occupations)):
        for lang, labels in concept.labels.items() if concept else ():
            yield from ((lang, label) for label in labels)
    for lang, words in (record.keywords or {}).items():
        yield from ((lang, word) for word in words)


def _publisher(record: Resource, vocabularies: Vocabularies) -> Pairs:
    term = vocabularies.terms.get("publishers", {}).get(record.publisher)
    return term.labels.items() if term else ()


def _isbn(record: Resource) -> tuple[str, ...]:
    numbers = record.identifiers
    return (numbers.isbn, numbers.ean) if numbers else ()


def _issn(record: Resource) -> tuple[str, ...]:
    return (record.identifiers.issn,) if record.identifiers else ()


INDEXES: tuple[Index, ...] = (
    Index(("cql.serverChoice", "cql.anywhere", "cql.anyIndexes", "cql.keywords"), N_("Everywhere"), "everywhere"),
    Index(("cql.allRecords",), N_("All documents"), "all", ("=", "scr", "==")),
    Index(("dc.title", "bath.title"), N_("Title"), "words", texts=lambda r, _: r.title.items()),
    Index(
        ("dc.creator", "bath.author", "bath.name"),
        N_("Authors"),
        "words",
        texts=lambda r, _: [("und", name) for name in r.authors],
    ),
    Index(("dc.subject", "bath.subject"), N_("Subjects and occupations"), "words", texts=_concepts),
    Index(("dc.description",), N_("Summary"), "words", texts=lambda r, _: [*r.summary.items(), *r.easy.items()]),
    Index(("dc.publisher", "bath.publisher"), N_("Organisation"), "words", texts=_publisher),
    Index(("dc.date", "bath.publicationDate"), N_("Year"), "year", YEARS),
    Index(("dc.type", "catalogue.kind"), N_("Kind of document"), "value", VALUES, facet="kind"),
    Index(("dc.language", "catalogue.language"), N_("Language of the document"), "value", VALUES, facet="language"),
    Index(("rec.identifier", "dc.identifier"), N_("Id"), "id", NUMBERS),
    Index(("bath.isbn",), N_("ISBN"), "number", NUMBERS, numbers=_isbn),
    Index(("bath.issn",), N_("ISSN"), "number", NUMBERS, numbers=_issn),
    Index(("catalogue.theme",), N_("Theme"), "value", VALUES, facet="theme"),
    Index(("catalogue.audience",), N_("For whom"), "value", VALUES, facet="audience"),
    Index(("catalogue.level",), N_("Level of study"), "value", VALUES, facet="level"),
    Index(("catalogue.sector",), N_("Sector"), "value", VALUES, facet="sector"),
    Index(("catalogue.subject",), N_("Subject"), "value", VALUES, facet="subject"),
    Index(("catalogue.place",), N_("Place"), "value", VALUES, facet="place"),
    Index(("catalogue.publisher",), N_("Organisation"), "value", VALUES, facet="publisher"),
    Index(("catalogue.format",), N_("How to get it"), "value", VALUES, facet="format"),
)

_BY_NAME = {name.lower(): index for index in INDEXES for name in index.names}
_BY_ADDRESS = {address: prefix for prefix, address in SETS.items()}


def index_of(clause: Clause) -> Index:
    """Return what a clause searches.

    A name without a prefix is of the default set of the query, else of Dublin Core, CQL itself or our own.
    Raises Diagnostic: 15 unknown context set, 16 unknown index, 19 unknown relation, 22 not with this index.
    """
    index = next((_BY_NAME[name] for name in _names(clause) if name in _BY_NAME), None)
    if index is None:
        raise Diagnostic(16, clause.index)
    if clause.relation not in index.relations:
        known = clause.relation in {*WORDS, *YEARS}
        raise Diagnostic(22 if known else 19, f"{clause.relation} ({clause.index})" if known else clause.relation)
    return index


def _names(clause: Clause) -> Iterator[str]:
    prefix, dot, name = clause.index.rpartition(".")
    if not dot and "" not in clause.prefixes:
        yield from (f"{each}.{name}" for each in ("dc", "cql", "rec", "bath", "catalogue"))
        return
    address = clause.prefixes.get(prefix, SETS.get(prefix, ""))
    if address not in _BY_ADDRESS:
        raise Diagnostic(15, address or prefix)
    yield f"{_BY_ADDRESS[address]}.{name}"
