"""What a record says, one statement after the other: the middle between a record and every bibliographic format.

A format declares to which of its elements each of our fields goes (``Crossing``), and what does not come back
(``Crosswalk.lost``); ``docs/en/crosswalks.md`` is checked against these declarations.

To write a record, a caller hands over a ``Naming``: the languages in order, the functions that give absolute
addresses, and the labels of vocabulary values. Nothing here knows the site. Nothing that is for staff only is stated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from catalogue.resource import FIELDS, Resource
from catalogue.shapes import Field, Group, Texts, Words, as_value, declared, vocabulary_of
from catalogue.values import TEXT_LANGUAGES
from catalogue.vocabulary import Vocabularies

STRUCTURED = ("holdings", "dates", "contact", "cover")
"""Fields that a statement cannot hold; a format that can take them up asks the record itself."""


@dataclass(frozen=True, slots=True)
class Statement:
    """``field`` of our record says ``text``, in ``lang`` (ISO 639; empty where it has none).

    ``id``: of the vocabulary value whose label the text is.
    """

    field: str
    text: str
    lang: str = ""
    id: str = ""


@dataclass(frozen=True)
class Naming:
    """How a record is named to others.

    ``languages``: those of texts and labels, the first wanted first. ``record_url``: id of a record → its absolute
    permalink. ``file_url``: path of a file (``media/x.pdf``) → its absolute address. ``labels``: vocabulary, id →
    label by language.
    """

    languages: Sequence[str]
    record_url: Callable[[str], str]
    file_url: Callable[[str], str]
    labels: Callable[[str, str], Mapping[str, str]]

    @classmethod
    def of(
        cls, vocabularies: Vocabularies, lang: str, record_url: Callable[[str], str], file_url: Callable[[str], str]
    ) -> Naming:
        """Return the naming by these vocabularies, ``lang`` first and the other languages of texts behind it."""

        def labels(vocabulary: str, id: str) -> Mapping[str, str]:
            if vocabulary in ("subjects", "occupations"):
                concept = vocabularies.concept(id)
                return concept.preferred if concept else {}
            term = vocabularies.terms.get(vocabulary, {}).get(id)
            return term.labels if term else {}

        return cls(tuple(dict.fromkeys((lang, *TEXT_LANGUAGES))), record_url, file_url, labels)

    def label(self, vocabulary: str, id: str) -> tuple[str, str]:
        """Return what a value is called in the first language that names it, and that language; else the id itself."""
        labels = self.labels(vocabulary, id)
        lang = next((lang for lang in self.languages if lang in labels), "")
        return (labels[lang], lang) if lang else (id, "")

    def in_order(self, texts: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return the languages and texts of a field, the wanted language first."""
        rank = {lang: number for number, lang in enumerate(self.languages)}
        return sorted(texts.items(), key=lambda item: rank.get(item[0], len(rank)))


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where a field goes in a format: ``element`` as the format writes it; ``note``: what to know of it, in English."""

    field: str
    element: str
    note: str = ""


@dataclass(frozen=True)
class Crosswalk:
    """A format's declaration: where our fields go, and which do not come back when it is read, and why."""

    name: str
    crossings: tuple[Crossing, ...]
    lost: Mapping[str, str] = field(default_factory=dict)


def statements(record: Resource, naming: Naming, every_label: bool = False) -> Iterator[Statement]:
    """Yield what a record says publicly, field by field in the order of a file, the first language first.

    A vocabulary value is one statement under its label in the first language that names it; with ``every_label`` one
    for each language whose label differs.
    """
    for name, declared_field in FIELDS.items():
        if not declared_field.private and name not in STRUCTURED:
            yield from _of_field(name, declared_field, getattr(record, name), naming, every_label)


def _of_field(name: str, declared_field: Field, value: object, naming: Naming, every: bool) -> Iterator[Statement]:
    shape = declared_field.shape
    if not value:
        return
    if isinstance(shape, Group):
        for key, part in declared(shape.group).items():
            yield from _of_field(f"{name}.{key}", part, getattr(value, key), naming, every)
    elif isinstance(shape, Texts) and isinstance(value, Mapping):
        yield from (Statement(name, text, lang) for lang, text in naming.in_order(value))
    elif isinstance(shape, Words) and isinstance(value, Mapping):
        for lang, words in naming.in_order(value):
            yield from (Statement(name, word, lang) for word in words)
    else:
        vocabulary = "themes" if name == "themes" else vocabulary_of(shape)
        for each in value if isinstance(value, tuple) else (value,):
            if vocabulary:
                yield from _of_term(name, vocabulary, str(each), naming, every)
            else:
                yield Statement(name, str(as_value(each)))


def _of_term(name: str, vocabulary: str, id: str, naming: Naming, every: bool) -> Iterator[Statement]:
    if not every:
        yield Statement(name, *naming.label(vocabulary, id), id)
        return
    said: set[str] = set()
    for lang, label in naming.in_order(naming.labels(vocabulary, id)) or [("", id)]:
        if label not in said and lang in ("", *naming.languages):
            said.add(label)
            yield Statement(name, label, lang, id)


def addresses(record: Resource, naming: Naming) -> list[str]:
    """Return the web addresses at which a document can be had, those of the centre's own files among them."""
    found = (h.url or (naming.file_url(h.file) if h.file else "") for h in record.offered)
    return list(dict.fromkeys(filter(None, found)))
