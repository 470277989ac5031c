"""Concepts recognised in a query: what else they are called, in the visitor's language and in the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from catalogue.search import analysis
from catalogue.search.engine import Alternative, Expansion
from catalogue.search.linking import LabelsByLanguage, searched_labels
from catalogue.search.parser import Part
from catalogue.vocabulary import Concept

MAX_CONCEPTS = 3  # a label may name several concepts
MAX_ALTERNATIVES = 8  # of one concept
LONGEST_LABEL = 5  # words

LabelKey = tuple[str, ...]


class Thesaurus:
    """The concepts by the stems of their labels, language by language."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self._labels = searched_labels(concepts)
        self._by_label: dict[str, dict[LabelKey, list[str]]] = {lang: defaultdict(list) for lang in analysis.LANGUAGES}
        for id, labels in self._labels.items():
            self._add(id, labels)

    def _add(self, id: str, labels: LabelsByLanguage) -> None:
        for lang, each in labels.items():
            for label in each:
                key = analysis.label_key(analysis.surfaces(label), lang)
                if _is_whole(label, key) and id not in self._by_label[lang][key]:
                    self._by_label[lang][key].append(id)

    def expand(self, parts: Sequence[Part], lang: str) -> tuple[Expansion, ...]:
        """Return the concepts whose label stands among ``parts``, the longest labels first, none overlapping.

        A label in ``lang`` (the interface's language) is preferred to the same word in another language.
        """
        found: list[Expansion] = []
        taken: set[int] = set()
        for length in range(min(LONGEST_LABEL, len(parts)), 0, -1):
            for start in range(len(parts) - length + 1):
                span = range(start, start + length)
                if taken.isdisjoint(span) and (here := self._at(parts[start : start + length], start, lang)):
                    found += here
                    taken.update(span)
        return tuple(sorted(found, key=lambda expansion: expansion.start))

    def _at(self, parts: Sequence[Part], start: int, lang: str) -> list[Expansion]:
        if any(part.kind == "prefix" for part in parts) or (len(parts) > 1 and any(p.kind != "word" for p in parts)):
            return []
        surfaces = [s for part in parts for s in part.surfaces if not analysis.is_stop(s)]
        typed = " ".join(part.text for part in parts)
        recognised: dict[str, str] = {}
        for label_lang in (lang, *analysis.LANGUAGES):
            key = analysis.label_key(surfaces, label_lang)
            for id in self._by_label.get(label_lang, {}).get(key, ()):
                recognised.setdefault(id, label_lang)
        expansions = [
            Expansion(typed, label_lang, id, start, start + len(parts), self._alternatives(id, label_lang, surfaces))
            for id, label_lang in list(recognised.items())[:MAX_CONCEPTS]
        ]
        return [expansion for expansion in expansions if expansion.also]

    def _alternatives(self, id: str, lang: str, surfaces: Sequence[str]) -> tuple[Alternative, ...]:
        """Return the concept's other labels: those of other languages first, each kind of label once."""
        typed = {tuple(analysis.stem(surface, code) for surface in surfaces) for code in analysis.LANGUAGES}
        alternatives: dict[tuple[str, ...], Alternative] = {}
        labels = self._labels[id]
        for code in sorted(labels, key=lambda code: (code == lang, analysis.LANGUAGES.index(code))):
            for label in labels[code]:
                terms = tuple(analysis.terms(label, code))
                if _is_whole(label, terms) and terms not in typed:
                    alternatives.setdefault(terms, Alternative(label, code, terms))
        return tuple(_round_robin(list(alternatives.values())))[:MAX_ALTERNATIVES]


def _is_whole(label: str, terms: Sequence[str]) -> bool:
    """Tell whether the terms of a label still say what it says.

    "technicien du son" loses its sound (son: his) and "signing on" its on: one word of several means something else.
    """
    return len(terms) > 1 or (len(terms) == 1 and len(analysis.surfaces(label)) == 1)


def _round_robin(alternatives: list[Alternative]) -> list[Alternative]:
    """Order alternatives so that a limit leaves some of each language: first labels first."""
    by_language: dict[str, list[Alternative]] = defaultdict(list)
    for alternative in alternatives:
        by_language[alternative.lang].append(alternative)
    rank = {id(a): (n, order) for order, group in enumerate(by_language.values()) for n, a in enumerate(group)}
    return sorted(alternatives, key=lambda alternative: rank[id(alternative)])
