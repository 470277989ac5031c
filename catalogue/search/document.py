"""From a record to what an engine indexes: texts by index field, facet values, sort keys. Driven by ``fields.py``."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Protocol

from catalogue import network
from catalogue.fields import CENTRE, FACETS, INDEX_FIELDS, Facet
from catalogue.folding import collation_key
from catalogue.resource import FIELDS, Resource
from catalogue.shapes import vocabulary_of
from catalogue.values import TEXT_LANGUAGES, UNDETERMINED
from catalogue.vocabulary import Term, Vocabularies

FORMAT = 3
"""Raised when the same record would give another document: an index of another format is rebuilt."""


class LongText(Protocol):
    """The text of a file, which is read when it is indexed: those of all records together would fill the memory."""

    @property
    def digest(self) -> str:
        """What it was read from: equal digests have equal texts."""
        ...

    @property
    def lang(self) -> str:
        """The language of what does not tell its own."""
        ...

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield (language, text)."""
        ...


@dataclass(frozen=True)
class IndexDocument:
    """A record as an engine sees it. ``texts[field]`` holds (language, text) pairs; ``expires`` is ISO or empty.

    ``files``: the texts of its files, which belong to the index field ``inside``.
    """

    id: str
    texts: Mapping[str, tuple[tuple[str, str], ...]]
    facets: Mapping[str, tuple[str, ...]]
    newest: str  # ISO day; later comes first
    titles: Mapping[str, str]  # interface language → key that orders by title
    expires: str = ""
    files: tuple[LongText, ...] = ()

    @cached_property
    def digest(self) -> str:
        """A hash of everything above: equal digests need no new indexing."""
        said = asdict(replace(self, files=())) | {"files": [(text.digest, text.lang) for text in self.files]}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]

    def long_texts(self) -> Iterator[tuple[str, str]]:
        """Yield (language, text) of its files."""
        for file in self.files:
            yield from file.texts()


def make_document(record: Resource, vocabularies: Vocabularies, files: Iterable[LongText] = ()) -> IndexDocument:
    """Return what is indexed of ``record``. ``files``: the texts of its files."""
    texts: dict[str, list[tuple[str, str]]] = {name: [] for name in INDEX_FIELDS}
    for name, field in FIELDS.items():
        if field.index:
            texts[field.index] += _texts(name, record, vocabularies)
    facets = {param: facet_values(facet, record, vocabularies) for param, facet in FACETS.items()}
    return IndexDocument(
        id=record.id,
        texts={name: tuple(dict.fromkeys(pairs)) for name, pairs in texts.items()},
        facets={param: tuple(dict.fromkeys(values)) for param, values in facets.items()},
        newest=newest(record).isoformat(),
        titles={lang: " ".join(collation_key(record.title.best(lang).text)) for lang in TEXT_LANGUAGES},
        expires=record.expires.isoformat() if record.expires else "",
        files=tuple(files),
    )


def newest(record: Resource) -> datetime.date:
    """Return the day that orders a record by age: when it was added, else the year it is of."""
    return record.added or (datetime.date(record.year, 1, 1) if record.year else datetime.date.min)


def facet_values(facet: Facet, record: Resource, vocabularies: Vocabularies) -> Iterator[str]:
    """Yield the values of a record in a facet. A concept has one value, whichever of its names the file uses."""
    if facet.param == CENTRE:
        yield from network.values(record, vocabularies)
        return
    for value in facet.values(record):
        concept = vocabularies.concept(value) if facet.vocabulary == "subjects" else None
        yield concept.id if concept else value


def _texts(name: str, record: Resource, vocabularies: Vocabularies) -> Iterator[tuple[str, str]]:
    """Yield the (language, text) pairs of one field. What is not a text by language has a rule of its own here."""
    value = getattr(record, name)
    if not value:
        return
    if name in ("subjects", "occupations"):
        yield from _labels(value, vocabularies)
    elif vocabulary := vocabulary_of(FIELDS[name].shape):
        yield from _names((value,) if isinstance(value, str) else value, vocabularies.terms.get(vocabulary, {}))
    elif name == "identifiers":
        yield from ((UNDETERMINED, text) for text in (value.isbn, value.issn, value.ean, value.publisher_ref) if text)
        yield from ((UNDETERMINED, value.isbn.replace("-", "").replace(" ", "")),) if value.isbn else ()
    elif name == "holdings":
        for holding in value:
            yield from holding.title.items()
            if holding.shelf:
                yield UNDETERMINED, holding.shelf
    elif name == "keywords":
        yield from ((lang, word) for lang, words in value.items() for word in words)
    elif isinstance(value, Mapping):
        yield from value.items()
    else:
        yield from ((UNDETERMINED, str(each)) for each in (value if isinstance(value, tuple) else (value,)))


def _names(ids: tuple[str, ...], terms: Mapping[str, Term]) -> Iterator[tuple[str, str]]:
    for id in ids:
        yield from terms[id].labels.items() if id in terms else ((UNDETERMINED, id),)


def _labels(references: tuple[str, ...], vocabularies: Vocabularies) -> Iterator[tuple[str, str]]:
    for reference in references:
        concept = vocabularies.concept(reference)
        if concept:
            yield from ((lang, label) for lang, labels in concept.labels.items() for label in labels)
