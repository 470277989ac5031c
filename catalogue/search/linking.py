"""Concepts close to a query, found by searching their labels as records are searched.

Nobody types the label of a concept word by word. So the labels have an index of their own, ranked by the same rules:
the concepts found first lead to records that bear any of their labels, in whatever language.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, zip_longest

from catalogue.query import Query
from catalogue.search import analysis
from catalogue.search.document import IndexDocument
from catalogue.search.engine import Alternative, Engine, Link, Plan, Progress
from catalogue.search.mend import mend
from catalogue.search.parser import Part
from catalogue.vocabulary import Concept

MAX_LINKS = 5
MAX_LABELS = 2  # of a concept in one language: more find no more (measured)
LEAST_SHARE = 0.3  # of the best concept's score

LabelsByLanguage = Mapping[str, tuple[str, ...]]


class Linker:
    """The index of the concepts' labels."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._labels: Mapping[str, LabelsByLanguage] = {}
        self._followed: Mapping[str, Concept] | None = None

    def update(self, concepts: Mapping[str, Concept], progress: Progress | None = None) -> None:
        """Take over a thesaurus. Raises IndexUnavailable."""
        self._labels = searched_labels(concepts)
        mend(self._engine, [_document(id, labels) for id, labels in self._labels.items()], progress)

    def follow(self, concepts: Mapping[str, Concept]) -> None:
        """Take over a thesaurus whose labels another process put into the index."""
        if concepts is not self._followed:
            self._labels, self._followed = searched_labels(concepts), concepts
        self._engine.renew()

    def links(self, parts: tuple[Part, ...]) -> tuple[Link, ...]:
        """Return the concepts closest to what was typed, the closest first. Raises IndexUnavailable."""
        words = tuple(part for part in parts if part.kind == "word")
        if not words or not self._labels:
            return ()
        hits = self._engine.search(Plan(Query(per_page=MAX_LINKS), words)).hits
        found = [(hit, hit.score / hits[0].score) for hit in hits if hit.id in self._labels]
        return tuple(
            Link(hit.id, share * covered(words, _pairs(self._labels[hit.id], slice(None))), self._alternatives(hit.id))
            for hit, share in found
            if share >= LEAST_SHARE
        )

    def close(self) -> None:
        """Close the index."""
        self._engine.close()

    def _alternatives(self, id: str) -> tuple[Alternative, ...]:
        labels = self._labels[id]
        return tuple(
            Alternative(label, lang, tuple(analysis.terms(label, lang)))
            for lang in analysis.LANGUAGES
            for label in labels.get(lang, ())[:MAX_LABELS]
        )


def covered(words: Sequence[Part], labels: Iterable[tuple[str, str]]) -> float:
    """Return how much of a query stands in the labels (language, text) of a concept: the root of the share of words."""
    stems = {stem for lang, label in labels for stem in analysis.terms(label, lang)}
    found = sum(not stems.isdisjoint(analysis.query_stems(word.surface)) for word in words)
    return math.sqrt(found / len(words))


def searched_labels(concepts: Mapping[str, Concept]) -> Mapping[str, LabelsByLanguage]:
    """Return the labels each living concept is searched by: its own and those of the concepts it replaced.

    They take turns, so that a limit leaves the best of each.
    """
    living = {concept.id: [concept] for concept in concepts.values() if not concept.retired}
    for concept in concepts.values():
        if concept.retired and concept.replaced_by in living:
            living[concept.replaced_by].append(concept)
    return {id: {lang: _in_turns(lang, same) for lang in _languages(same)} for id, same in living.items()}


def _languages(concepts: Sequence[Concept]) -> Iterable[str]:
    return dict.fromkeys(lang for concept in concepts for lang in concept.labels)


def _in_turns(lang: str, concepts: Sequence[Concept]) -> tuple[str, ...]:
    turns = zip_longest(*(concept.labels.get(lang, ()) for concept in concepts))
    return tuple(dict.fromkeys(label for label in chain.from_iterable(turns) if label))


def _document(id: str, labels: LabelsByLanguage) -> IndexDocument:
    return IndexDocument(
        id=id,
        texts={
            "title": tuple(_pairs(labels, slice(0, 1))),
            "keywords": tuple(_pairs(labels, slice(1, None))),
        },
        facets={},
        newest="0001-01-01",
        titles={},
    )


def _pairs(labels: LabelsByLanguage, which: slice) -> Iterable[tuple[str, str]]:
    return ((lang, label) for lang, each in labels.items() for label in each[which])
