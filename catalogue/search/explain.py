"""What a visitor sees of a match: the words found, marked in the text, and one sentence that says why."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from catalogue.errors import N_
from catalogue.fields import INDEX_FIELDS
from catalogue.search import analysis
from catalogue.search.document import IndexDocument
from catalogue.search.engine import Alternative, Plan

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces; True marks a piece that was searched for."""

SNIPPET_WORDS = 36
SHORTEST_COMPOUND = 8  # letters: two parts

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
        self.plan = plan
        self._by_stem = self._stems()
        # What stems cannot tell: phrases, beginnings, words as they are typed, stop words alone.
        self._literal = plan.query.exact or any(
            part.kind != "word" or analysis.is_stop(part.surface) for part in plan.parts
        )
        self._said: dict[str, _Said] = {}

    def mark(self, text: str, lang: str) -> Marked:
        """Return ``text`` (in ``lang``) in pieces, those that the plan searched for marked."""
        found = analysis.cut(text)
        return _pieces(text, found, self._hits(text, lang), 0, len(text))

    def parts_in(self, text: str, lang: str) -> frozenset[int]:
        """Return which parts of the query stand in a long text, by any label of their concepts; nothing is kept."""
        said = self._words_said(lang)
        surfaces = set(analysis.surfaces(text))
        found = {index for surface in surfaces for index in said[surface]}
        here = {analysis.stem(surface, lang) for surface in surfaces} if self.plan.expansions else set()
        for expansion in self.plan.expansions:
            if any(other.lang == lang and other.terms and here.issuperset(other.terms) for other in expansion.also):
                found.update(range(expansion.start, expansion.end))
        return frozenset(found)

    def said_at(self, surfaces: Sequence[str], lang: str, wanted: frozenset[int]) -> list[tuple[int, frozenset[int]]]:
        """Return which words of a long text say wanted parts, and which: a label of its concept may say one too."""
        said = self._words_said(lang)
        labels = {
            term: wanted.intersection(range(expansion.start, expansion.end))
            for expansion in self.plan.expansions
            for other in expansion.also
            if other.lang == lang
            for term in other.terms
        }
        none = frozenset[int]()
        each = ((n, (said[s] & wanted) or labels.get(analysis.stem(s, lang), none)) for n, s in enumerate(surfaces))
        return [(n, parts) for n, parts in each if parts]

    def missing(self, document: IndexDocument) -> frozenset[int]:
        """Return the parts of the query that stand in none of the record's own texts, by no label of their concepts."""
        places = list(_by_weight(document))
        found = self._by_words(places)
        every = range(len(self.plan.parts))
        return frozenset(n for n in every if n not in found and not self._by_expansions(n, places))

    def snippet(self, text: str, lang: str, width: int = SNIPPET_WORDS) -> Marked:
        """Return the ``width`` words of ``text`` that hold most of what was searched, marked; else its start."""
        found = analysis.cut(text)
        hits, count = self._hits(text, lang), len(found.surfaces)
        if count <= width:
            return _pieces(text, found, hits, 0, len(text))
        best = max((bisect_left(hits, h + width) - i, -h) for i, h in enumerate(hits)) if hits else (0, 0)
        first = max(0, min(-best[1] - 3, count - width))
        start = found.starts[first] if first else 0
        end = found.ends[first + width - 1] if first + width < count else len(text)
        before = (("… ", False),) if first else ()
        after = ((" …", False),) if end < len(text) else ()
        return (*before, *_pieces(text, found, hits, start, end), *after)

    def reasons(self, document: IndexDocument) -> tuple[Reason, ...]:
        """Return one reason for each part of the query that the record has, the weightiest field first.

        Where it has none, the one reason it is near: a concept close to the query, a word that resembles.
        """
        places = list(_by_weight(document))
        found = self._by_words(places)
        for index in range(len(self.plan.parts)):
            if index not in found and (reason := self._by_expansions(index, places)):
                found[index] = reason
        distinct = {(reason.code, reason.term): reason for _, reason in sorted(found.items())}
        rank = {name: -field.weight for name, field in INDEX_FIELDS.items()}
        if distinct:
            return tuple(sorted(distinct.values(), key=lambda reason: (reason.code != "word", rank[reason.field])))
        near = self._by_link(places) or self._by_likeness(places)
        return (near,) if near else ()

    # --- words of a text -------------------------------------------------------------------------------------

    def _hits(self, text: str, lang: str) -> list[int]:
        """Return which words of a text were searched for."""
        surfaces, said = analysis.cut(text).surfaces, self._words_said(lang)
        stems = analysis.stems(text, lang)
        translated = self._translated(stems, lang)
        if self._literal or lang not in analysis.LANGUAGES:
            pairs = enumerate(zip(stems, surfaces, strict=True))
            return [number for number, (stem, surface) in pairs if said[surface] or stem in translated]
        wanted = self._by_stem.keys() | translated
        compounds = lang == "nl"
        return [
            number
            for number, (stem, surface) in enumerate(zip(stems, surfaces, strict=True))
            if stem in wanted or (compounds and len(surface) >= SHORTEST_COMPOUND and said[surface])
        ]

    def _translated(self, stems: Sequence[str], lang: str) -> set[str]:
        """Return the stems of the labels that stand whole in a text: "soins" alone is no "soins infirmiers"."""
        also = [other.terms for each in self.plan.expansions for other in each.also if other.lang == lang]
        here = set(stems) if also else set()
        return {term for terms in also if here.issuperset(terms) for term in terms}

    def _parts_said(self, text: str, lang: str) -> set[int]:
        """Return the parts of the query that stand in a text."""
        said = self._words_said(lang)
        if self._literal:
            return {index for surface in analysis.cut(text).surfaces for index in said[surface]}
        found = {
            index for stem in self._by_stem.keys() & analysis.stem_set(text, lang) for index in self._by_stem[stem]
        }
        if lang == "nl":
            found.update(index for surface in _compounds(text) for index in said[surface])
        return found

    def _words_said(self, lang: str) -> _Said:
        if lang not in self._said:
            self._said[lang] = _Said(lambda surface: self._work_out(surface, lang))
        return self._said[lang]

    def _work_out(self, surface: str, lang: str) -> frozenset[int]:
        if analysis.is_stop(surface):
            return self._as_typed(surface)
        stems = (*analysis.index_stems(surface, lang), *(self._compound(surface) if lang == "nl" else ()))
        return self._as_typed(surface).union(*(self._by_stem.get(stem, ()) for stem in stems))

    def _as_typed(self, surface: str) -> frozenset[int]:
        """Return the parts that a word says without being brought to its stem."""
        return frozenset(
            index
            for index, part in enumerate(self.plan.parts)
            if (surface.startswith(part.surface) if part.kind == "prefix" else surface in part.surfaces)
            and (part.kind != "phrase" or not analysis.is_stop(surface))
        )

    def _stems(self) -> Mapping[str, list[int]]:
        """Return which parts of the query each stem stands for."""
        found: dict[str, list[int]] = defaultdict(list)
        for index, part in enumerate(self.plan.parts if not self.plan.query.exact else ()):
            if part.kind == "word":
                for stem in (*analysis.query_stems(part.surface), *self._compound(part.surface)):
                    found[stem].append(index)
        return found

    def _compound(self, surface: str) -> Iterator[str]:
        """Yield the stems of the parts of a Dutch compound."""
        return (analysis.stem(part, "nl") for part in self.plan.parts_of(surface))

    # --- reasons ---------------------------------------------------------------------------------------------

    def _by_words(self, places: Sequence[Place]) -> dict[int, Reason]:
        """Return for each part that stands in a text the weightiest place where it does."""
        found: dict[int, Reason] = {}
        for name, lang, text in places:
            parts = self._words_said(lang)
            for index in self._parts_said(text, lang) - found.keys():
                word = next(w for w in analysis.words(text) if index in parts[w.surface])
                shown = text if name in ("subjects", "publisher") else text[word.start : word.end]
                found[index] = Reason("word", name, shown, INDEX_FIELDS[name].found, (("word", shown),))
            if len(found) == len(self.plan.parts):
                break
        return found

    def _by_expansions(self, index: int, places: Sequence[Place]) -> Reason | None:
        for expansion in self.plan.expansions:
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
        for link in self.plan.links:
            place = _whole_label(link.also, places)
            if place:
                return Reason("close", place[0], place[1].text, _CLOSE, (("word", place[1].text),))
        return None

    def _by_likeness(self, places: Sequence[Place]) -> Reason | None:
        for part in self.plan.parts:
            stems = analysis.query_stems(part.surface) if part.kind == "word" else ()
            beginnings = tuple(filter(None, map(analysis.common_beginning, stems)))
            for name, lang, text in places if beginnings else ():
                for word in analysis.words(text):
                    if analysis.stem(word.surface, lang).startswith(beginnings):
                        shown = text[word.start : word.end]
                        return Reason("near", name, shown, _NEAR, (("word", shown), ("typed", part.text)))
        return None


class _Said(dict[str, frozenset[int]]):
    """Which parts of the query a word of a text is a form of; worked out when the word is first met."""

    def __init__(self, work_out: Callable[[str], frozenset[int]]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, surface: str) -> frozenset[int]:
        found = self[surface] = self._work_out(surface)
        return found


@lru_cache(maxsize=20_000)  # beside ``analysis.cut``
def _compounds(text: str) -> frozenset[str]:
    """Return the words of a text that are long enough to be compounds."""
    return frozenset(surface for surface in analysis.cut(text).surfaces if len(surface) >= SHORTEST_COMPOUND)


def _pieces(text: str, found: analysis.Cut, hits: Sequence[int], start: int, end: int) -> Marked:
    """Return ``text[start:end]`` in pieces, the words that were hit marked."""
    pieces: list[tuple[str, bool]] = []
    for number in hits:
        first, last = found.starts[number], found.ends[number]
        # One character can hold two words (¼ reads 1/4): it is marked once.
        if start <= first and last <= end:
            if first > start:
                pieces.append((text[start:first], False))
            pieces.append((text[first:last], True))
            start = last
    if start < end:
        pieces.append((text[start:end], False))
    return tuple(pieces)


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
