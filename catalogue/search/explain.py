"""What a visitor sees of a match: the words found, marked in the text, and one sentence that says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalogue.errors import N_
from catalogue.fields import INDEX_FIELDS
from catalogue.search import analysis
from catalogue.search.document import IndexDocument
from catalogue.search.engine import Alternative, Plan
from catalogue.search.parser import Part

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces; True marks a piece that was searched for."""

SNIPPET_WORDS = 36

Place = tuple[str, str, str]
"""(index field, language, text)"""

_MEANS: dict[str, str] = {
    "fr": N_("“%(word)s” is French for “%(typed)s”"),
    "nl": N_("“%(word)s” is Dutch for “%(typed)s”"),
    "en": N_("“%(word)s” is English for “%(typed)s”"),
}
_SAME = N_("“%(word)s” means the same as “%(typed)s”")
_CLOSE = N_("“%(word)s”, which is close to what you typed")
_NEAR = N_("the word “%(word)s”, which resembles “%(typed)s”")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a record is an answer: ``message`` is a msgid, ``params`` fill it. ``code``: word, translation,
    synonym, close (a concept near the query) or near (a word that resembles)."""

    code: str
    field: str
    term: str
    message: str
    params: tuple[tuple[str, str], ...]


class Explainer:
    """Explains the answers to one plan. What a word of a text has to do with the plan is worked out once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._wanted = [self._stems(part) for part in plan.parts]
        self._known: dict[tuple[str, str], frozenset[int]] = {}

    def mark(self, text: str, lang: str) -> Marked:
        """Return ``text`` (in ``lang``) in pieces, those that the plan searched for marked."""
        return self._marked(text, lang, list(analysis.words(text)))

    def snippet(self, text: str, lang: str, width: int = SNIPPET_WORDS) -> Marked:
        """Return the ``width`` words of ``text`` that hold most of what was searched, marked; else its start."""
        found = list(analysis.words(text))
        if len(found) <= width:
            return self._marked(text, lang, found)
        translated = self._translated(found, lang)
        hits = [index for index, word in enumerate(found) if self._is_wanted(word.surface, lang, translated)]
        best = max((sum(h <= i < h + width for i in hits), -h) for h in hits) if hits else (0, 0)
        first = max(0, min(-best[1] - 3, len(found) - width))
        start = found[first].start if first else 0
        last = found[min(first + width, len(found)) - 1]
        cut = text[start : last.end if first + width < len(found) else len(text)]
        before = (("… ", False),) if first else ()
        after = ((" …", False),) if start + len(cut) < len(text) else ()
        return (*before, *self.mark(cut, lang), *after)

    def reasons(self, document: IndexDocument) -> tuple[Reason, ...]:
        """Return one reason for each part of the query that the record has, the weightiest field first.

        Where it has none, the one reason it is near: a concept close to the query, a word that resembles.
        """
        places = list(_by_weight(document))
        found = self._by_words(places)
        for index in range(len(self._plan.parts)):
            if index not in found and (reason := self._by_expansions(index, places)):
                found[index] = reason
        distinct = {(reason.code, reason.term): reason for _, reason in sorted(found.items())}
        rank = {name: -field.weight for name, field in INDEX_FIELDS.items()}
        if distinct:
            return tuple(sorted(distinct.values(), key=lambda reason: (reason.code != "word", rank[reason.field])))
        near = self._by_link(places) or self._by_likeness(places)
        return (near,) if near else ()

    # --- words of a text -------------------------------------------------------------------------------------

    def _marked(self, text: str, lang: str, found: Sequence[analysis.Word]) -> Marked:
        pieces: list[tuple[str, bool]] = []
        end = 0
        translated = self._translated(found, lang)
        for word in found:
            # One character can hold two words (¼ reads 1/4): it is marked once.
            if word.start >= end and self._is_wanted(word.surface, lang, translated):
                if word.start > end:
                    pieces.append((text[end : word.start], False))
                pieces.append((text[word.start : word.end], True))
                end = word.end
        if end < len(text):
            pieces.append((text[end:], False))
        return tuple(pieces)

    def _translated(self, found: Sequence[analysis.Word], lang: str) -> frozenset[str]:
        """Return the stems of the labels that stand whole in a text: "soins" alone is no "soins infirmiers"."""
        also = [other for each in self._plan.expansions for other in each.also if other.lang == lang]
        if not also:
            return frozenset()
        stems = {analysis.stem(word.surface, lang) for word in found}
        return frozenset(term for other in also if stems.issuperset(other.terms) for term in other.terms)

    def _is_wanted(self, surface: str, lang: str, translated: frozenset[str]) -> bool:
        return bool(self._parts_said(surface, lang)) or (
            bool(translated) and analysis.stem(surface, lang) in translated
        )

    def _parts_said(self, surface: str, lang: str) -> frozenset[int]:
        """Return which parts of the query a word of a text is a form of."""
        key = (surface, lang)
        if key not in self._known:
            parts = enumerate(self._plan.parts)
            self._known[key] = frozenset(index for index, part in parts if self._says(surface, lang, index, part))
        return self._known[key]

    def _says(self, surface: str, lang: str, index: int, part: Part) -> bool:
        if part.kind == "prefix":
            return surface.startswith(part.surface)
        if part.kind == "phrase" or self._plan.query.exact:
            return surface in part.surfaces and not analysis.is_stop(surface)
        if analysis.is_stop(surface):
            return surface == part.surface
        wanted = self._wanted[index]
        if not wanted.isdisjoint(analysis.index_stems(surface, lang)):
            return True
        return lang == "nl" and not wanted.isdisjoint(self._compound(surface))

    def _stems(self, part: Part) -> frozenset[str]:
        return frozenset((*analysis.query_stems(part.surface), *self._compound(part.surface)))

    def _compound(self, surface: str) -> Iterator[str]:
        """Yield the stems of the parts of a Dutch compound."""
        return (analysis.stem(part, "nl") for part in self._plan.parts_of(surface))

    # --- reasons ---------------------------------------------------------------------------------------------

    def _by_words(self, places: Sequence[Place]) -> dict[int, Reason]:
        """Return for each part that stands in a text the weightiest place where it does."""
        found: dict[int, Reason] = {}
        for name, lang, text in places:
            said = {index for surface in analysis.surfaces(text) for index in self._parts_said(surface, lang)}
            for index in said - found.keys():
                word = next(w for w in analysis.words(text) if index in self._parts_said(w.surface, lang))
                shown = text if name in ("subjects", "publisher") else text[word.start : word.end]
                found[index] = Reason("word", name, shown, INDEX_FIELDS[name].found, (("word", shown),))
            if len(found) == len(self._plan.parts):
                break
        return found

    def _by_expansions(self, index: int, places: Sequence[Place]) -> Reason | None:
        for expansion in self._plan.expansions:
            if expansion.start <= index < expansion.end:
                place = _whole_label(expansion.also, places)
                if place:
                    name, other = place
                    translated = other.lang != expansion.lang
                    message = _MEANS.get(other.lang, _SAME) if translated else _SAME
                    params = (("word", other.text), ("typed", expansion.term))
                    return Reason("translation" if translated else "synonym", name, other.text, message, params)
        return None

    def _by_link(self, places: Sequence[Place]) -> Reason | None:
        for link in self._plan.links:
            place = _whole_label(link.also, places)
            if place:
                return Reason("close", place[0], place[1].text, _CLOSE, (("word", place[1].text),))
        return None

    def _by_likeness(self, places: Sequence[Place]) -> Reason | None:
        for part in self._plan.parts:
            stems = analysis.query_stems(part.surface) if part.kind == "word" else ()
            beginnings = tuple(filter(None, map(analysis.common_beginning, stems)))
            for name, lang, text in places if beginnings else ():
                for word in analysis.words(text):
                    if analysis.stem(word.surface, lang).startswith(beginnings):
                        shown = text[word.start : word.end]
                        return Reason("near", name, shown, _NEAR, (("word", shown), ("typed", part.text)))
        return None


def _whole_label(labels: Sequence[Alternative], places: Sequence[Place]) -> tuple[str, Alternative] | None:
    """Return the weightiest field where a label stands whole, and the label."""
    for name, lang, text in places:
        stems = set(analysis.terms(text, lang))
        for label in labels:
            if label.terms and stems.issuperset(label.terms):
                return name, label
    return None


def _by_weight(document: IndexDocument) -> Iterator[Place]:
    for name in sorted(INDEX_FIELDS, key=lambda name: -INDEX_FIELDS[name].weight):
        for lang, text in document.texts.get(name, ()):
            yield name, lang, text
