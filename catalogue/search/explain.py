"""What a visitor sees of a match: the words found, marked in the text, and one sentence that says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalogue.errors import N_
from catalogue.fields import INDEX_FIELDS
from catalogue.search import analysis
from catalogue.search.document import IndexDocument
from catalogue.search.engine import Expansion, Plan
from catalogue.search.parser import Part

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces; True marks a piece that was searched for."""

SNIPPET_WORDS = 36

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


def mark(text: str, lang: str, plan: Plan) -> Marked:
    """Return ``text`` (in ``lang``) in pieces, those that the plan searched for marked."""
    pieces: list[tuple[str, bool]] = []
    end = 0
    found = list(analysis.words(text))
    translated = _translated(found, lang, plan)
    for word in found:
        # One character can hold two words (¼ reads 1/4): it is marked once.
        if word.start >= end and _wanted(word.surface, lang, plan, translated):
            if word.start > end:
                pieces.append((text[end : word.start], False))
            pieces.append((text[word.start : word.end], True))
            end = word.end
    if end < len(text):
        pieces.append((text[end:], False))
    return tuple(pieces)


def snippet(text: str, lang: str, plan: Plan, width: int = SNIPPET_WORDS) -> Marked:
    """Return the ``width`` words of ``text`` that hold most of what was searched, marked; else its start."""
    found = list(analysis.words(text))
    if len(found) <= width:
        return mark(text, lang, plan)
    translated = _translated(found, lang, plan)
    hits = [index for index, word in enumerate(found) if _wanted(word.surface, lang, plan, translated)]
    best = max((sum(h <= i < h + width for i in hits), -h) for h in hits) if hits else (0, 0)
    first = max(0, min(-best[1] - 3, len(found) - width))
    start = found[first].start if first else 0
    last = found[min(first + width, len(found)) - 1]
    cut = text[start : last.end if first + width < len(found) else len(text)]
    pieces = mark(cut, lang, plan)
    before = (("… ", False),) if first else ()
    after = ((" …", False),) if start + len(cut) < len(text) else ()
    return (*before, *pieces, *after)


def reasons(document: IndexDocument, plan: Plan) -> tuple[Reason, ...]:
    """Return one reason for each part of the query that the record has, the weightiest field first.

    Where it has none, the one reason it is near: a word that resembles, a concept close to the query.
    """
    found = (_reason(index, part, document, plan) for index, part in enumerate(plan.parts))
    distinct = {(reason.code, reason.term): reason for reason in found if reason}
    rank = {name: -field.weight for name, field in INDEX_FIELDS.items()}
    ordered = tuple(sorted(distinct.values(), key=lambda reason: (reason.code != "word", rank[reason.field])))
    if ordered or not plan.parts:
        return ordered
    near = _by_link(document, plan) or _by_likeness(document, plan)
    return (near,) if near else ()


def _reason(index: int, part: Part, document: IndexDocument, plan: Plan) -> Reason | None:
    for name, lang, text in _by_weight(document):
        for word in analysis.words(text):
            if _is_typed(word.surface, lang, part, plan):
                shown = text if name in ("subjects", "publisher") else text[word.start : word.end]
                return Reason("word", name, shown, INDEX_FIELDS[name].found, (("word", shown),))
    for expansion in plan.expansions:
        if expansion.start <= index < expansion.end:
            reason = _by_thesaurus(expansion, document)
            if reason:
                return reason
    return None


def _by_link(document: IndexDocument, plan: Plan) -> Reason | None:
    for link in plan.links:
        for name, lang, text in _by_weight(document):
            stems = set(analysis.terms(text, lang))
            for label in link.also:
                if label.terms and stems.issuperset(label.terms):
                    return Reason("close", name, label.text, _CLOSE, (("word", label.text),))
    return None


def _by_likeness(document: IndexDocument, plan: Plan) -> Reason | None:
    for part in plan.parts:
        wanted = [(stem, analysis.common_beginning(stem)) for stem in analysis.query_stems(part.surface)]
        for name, lang, text in _by_weight(document):
            for word in analysis.words(text):
                stem = analysis.stem(word.surface, lang)
                if part.kind == "word" and any(begins and stem.startswith(begins) for _, begins in wanted):
                    shown = text[word.start : word.end]
                    return Reason("near", name, shown, _NEAR, (("word", shown), ("typed", part.text)))
    return None


def _by_thesaurus(expansion: Expansion, document: IndexDocument) -> Reason | None:
    for name, lang, text in _by_weight(document):
        stems = set(analysis.terms(text, lang))
        for other in expansion.also:
            if stems.issuperset(other.terms):
                translated = other.lang != expansion.lang
                message = _MEANS.get(other.lang, _SAME) if translated else _SAME
                params = (("word", other.text), ("typed", expansion.term))
                return Reason("translation" if translated else "synonym", name, other.text, message, params)
    return None


def _by_weight(document: IndexDocument) -> Iterator[tuple[str, str, str]]:
    for name in sorted(INDEX_FIELDS, key=lambda name: -INDEX_FIELDS[name].weight):
        for lang, text in document.texts.get(name, ()):
            yield name, lang, text


def _translated(found: Sequence[analysis.Word], lang: str, plan: Plan) -> frozenset[str]:
    """Return the stems of the labels that stand whole in a text: "soins" alone is no "soins infirmiers"."""
    stems = {analysis.stem(word.surface, lang) for word in found}
    also = (other for expansion in plan.expansions for other in expansion.also if other.lang == lang)
    return frozenset(term for other in also if stems.issuperset(other.terms) for term in other.terms)


def _wanted(surface: str, lang: str, plan: Plan, translated: frozenset[str]) -> bool:
    if any(_is_typed(surface, lang, part, plan) for part in plan.parts):
        return True
    return bool(translated) and analysis.stem(surface, lang) in translated


def _is_typed(surface: str, lang: str, part: Part, plan: Plan) -> bool:
    if part.kind == "prefix":
        return surface.startswith(part.surface)
    if part.kind == "phrase" or plan.query.exact:
        return surface in part.surfaces and not analysis.is_stop(surface)
    if analysis.is_stop(surface):
        return surface == part.surface
    wanted = {*analysis.query_stems(part.surface), *_part_stems(part.surface, plan)}
    if not wanted.isdisjoint(analysis.index_stems(surface, lang)):
        return True
    return lang == "nl" and not wanted.isdisjoint(_part_stems(surface, plan))


def _part_stems(surface: str, plan: Plan) -> Iterator[str]:
    """Yield the stems of the parts of a Dutch compound."""
    return (analysis.stem(part, "nl") for part in plan.parts_of(surface))
