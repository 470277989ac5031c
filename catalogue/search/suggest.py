"""Suggestions while typing: titles, subjects, occupations and organisations that begin as the visitor writes.

``Suggestions`` is immutable and belongs to one state of the catalogue. The next state takes its labels over and adds
those of the records that changed since; ``Suggester`` holds the newest.
"""

from __future__ import annotations

import datetime
import logging
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from catalogue.contents import Contents
from catalogue.folding import fold, fold_spans
from catalogue.resource import Resource
from catalogue.search import analysis
from catalogue.search.explain import Marked
from catalogue.search.labels import Labels, Listing
from catalogue.search.titles import Titles, is_live
from catalogue.values import TEXT_LANGUAGES, UNDETERMINED
from catalogue.vocabulary import Concept, Vocabularies

log = logging.getLogger("catalogue")

Kind = Literal["occupation", "subject", "title", "organisation"]
Goal = Literal["record", "occupation", "publisher", "search"]

KINDS: tuple[Kind, ...] = ("occupation", "subject", "title", "organisation")
"""The kinds in the order in which they take turns."""

LIMIT = 8
_UNSEEN = 3  # occupations without records that are tried, each by a search
_SHORTEST = 2  # letters: one letter says too little
_MAX_WORDS = 8
_FEW_RECORDS = 2000  # read in some 20 ms, which a request can wait for

Found = tuple[bool, "Suggestion"]  # whether the words stand inside the label only, and the suggestion
Counts = Counter[tuple[str, str]]  # (kind, id) → published records that refer to it
Terms = Mapping[tuple[str, str], Labels[str]]  # by kind and language; what a label stands for is an id


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to look for. ``goal`` and ``id`` say where it leads; ``parts`` is the text, what was typed marked."""

    text: str
    lang: str
    kind: Kind
    goal: Goal
    id: str
    parts: Marked = ()


class Suggestions:
    """What can be suggested in one state of the catalogue."""

    def __init__(self, contents: Contents, now: datetime.datetime, before: Suggestions | None = None) -> None:
        """Read ``contents`` as they are at ``now`` (past events left out), taking over what stands in ``before``."""
        self._contents, self._now = contents, now
        if before is None or not self._follow(before):
            self._titles = Titles.of(contents.records, now)
            self._uses = _count(self._titles.live.values(), contents.frame.vocabularies)
            self._terms = _read_terms(contents.frame.vocabularies, self._uses)

    def _follow(self, before: Suggestions) -> bool:
        """Take over what stands in ``before`` and read only what changed; False where all is better read anew."""
        if self._contents.frame is not before._contents.frame or self._now.date() != before._now.date():
            return False
        old, new = before._contents.records, self._contents.records
        changed = [id for id, record in new.items() if old.get(id) is not record]
        gone = [id for id in (*changed, *(old.keys() - new.keys())) if id in before._titles.live]
        come = {id: new[id] for id in changed if is_live(new[id], self._now)}
        titles = before._titles.after(gone, come)
        if titles is None:
            return False
        vocabularies = self._contents.frame.vocabularies
        unused = _count([before._titles.live[id] for id in gone], vocabularies)
        self._titles, self._terms = titles, before._terms
        self._uses = before._uses - unused + _count(come.values(), vocabularies)
        return True

    def is_of(self, contents: Contents, now: datetime.datetime) -> bool:
        """Tell whether these are the suggestions of ``contents`` on that day."""
        return self._contents is contents and self._now.date() == now.date()

    def uses(self, concept: Concept) -> int:
        """Return how many published records refer to a concept."""
        return self._uses[concept.kind, concept.id]

    def find(
        self,
        text: str,
        lang: str,
        finds: Callable[[str], bool] = lambda label: False,
        offered: Callable[[Resource], bool] = lambda record: True,
    ) -> tuple[Suggestion, ...]:
        """Return at most ``LIMIT`` suggestions for what was typed so far, in any language; none for a single letter.

        Labels in ``lang`` (the interface's language) come first, then the other languages', then occupations without
        records of which ``finds`` says that a search for their label finds something. Kinds take turns. Titles of
        records that are not ``offered`` are left out.
        """
        beginnings = typed(text)
        if not beginnings:
            return ()
        own = (lang, UNDETERMINED)
        other = tuple(code for code in TEXT_LANGUAGES if code not in own)
        taken: set[tuple[str, ...]] = set()
        chosen: list[Suggestion] = []
        for languages in (own, other):
            if len(chosen) < LIMIT:
                kinds = (self._of_kind(kind, languages, beginnings, taken, offered) for kind in KINDS)
                found = list(islice(_in_turns(kinds), LIMIT - len(chosen)))
                chosen += [suggestion for _, suggestion in sorted(found, key=_first_what_begins_so)]
        if len(chosen) < LIMIT:
            unseen = islice(self._unseen((*own, *other), beginnings, taken), _UNSEEN)
            chosen += [s for s in unseen if finds(s.text)][: LIMIT - len(chosen)]
        return tuple(replace(s, parts=_marked(s.text, beginnings)) for s in chosen)

    def _of_kind(
        self,
        kind: Kind,
        languages: Sequence[str],
        beginnings: Sequence[str],
        taken: set[tuple[str, ...]],
        offered: Callable[[Resource], bool],
    ) -> Iterator[Found]:
        """Yield what is found of one kind, nothing twice: neither a target nor a text."""
        for lang in languages:
            for inside, text, record in self._titles.find(kind, lang, beginnings):
                if offered(record) and _is_new(taken, kind, record.id, text):
                    yield inside, Suggestion(text, lang, kind, "record", record.id)
            for inside, text, id in self._labelled(kind, lang, beginnings):
                if self._uses[kind, id] and _is_new(taken, kind, id, text):
                    yield inside, Suggestion(text, lang, kind, _GOALS[kind], id)

    def _unseen(
        self, languages: Sequence[str], beginnings: Sequence[str], taken: set[tuple[str, ...]]
    ) -> Iterator[Suggestion]:
        for lang in languages:
            for _, text, id in self._labelled("occupation", lang, beginnings):
                if not self._uses["occupation", id] and _is_new(taken, "occupation", id, text):
                    yield Suggestion(text, lang, "occupation", "search", id)

    def _labelled(self, kind: Kind, lang: str, beginnings: Sequence[str]) -> Iterator[tuple[bool, str, str]]:
        labels = self._terms.get((kind, lang))
        return labels.find(beginnings) if labels else iter(())


class Suggester:
    """Holds the newest suggestions. Where reading takes long it goes on in the background, and the last are given."""

    def __init__(self) -> None:
        self._newest: Suggestions | None = None
        self._reading = threading.Lock()

    def of(self, contents: Contents, now: datetime.datetime) -> Suggestions | None:
        """Return the suggestions of ``contents``, or those of the state before, or None while the first are read."""
        newest = self._newest
        if (newest and newest.is_of(contents, now)) or not self._reading.acquire(blocking=False):
            return newest
        if len(contents.records) <= _FEW_RECORDS:
            self._read(contents, now)
        else:
            threading.Thread(target=self._read, args=(contents, now), name="suggestions", daemon=True).start()
        return self._newest

    def _read(self, contents: Contents, now: datetime.datetime) -> None:
        try:
            self._newest = Suggestions(contents, now, self._newest)
        except Exception:
            log.exception("the suggestions could not be read")
        finally:
            self._reading.release()


def typed(text: str) -> tuple[str, ...]:
    """Return the folded beginnings of words that ``text`` asks for; empty where it says too little.

    A single letter may be half an elision ("carte d"), and a label is not found by its stop words: neither narrows.
    """
    words = [word for word in analysis.surfaces(text) if len(word) >= _SHORTEST]
    meant = [word for word in words if not analysis.is_stop(word)] or words[-1:]
    return tuple(dict.fromkeys(meant))[:_MAX_WORDS]


_GOALS: Mapping[Kind, Goal] = {
    "occupation": "occupation",
    "subject": "search",
    "title": "record",
    "organisation": "publisher",
}


def _read_terms(vocabularies: Vocabularies, uses: Counts) -> Terms:
    """Read the labels of concepts, the most used first, preferred before others, and the names of publishers.

    Publishers stand in alphabetical order, whatever they have published here: none is favoured.
    """
    found: dict[tuple[str, str], Listing[str]] = defaultdict(Listing)
    for concept in vocabularies.concepts.values():
        weight = -2 * uses[concept.kind, concept.id]
        for lang, labels in concept.labels.items() if not concept.retired else ():
            for place, text in enumerate(labels):
                found[concept.kind, lang].add(text, concept.id, weight + (place > 0))
    for term in vocabularies.terms.get("publishers", {}).values():
        for lang, text in term.labels.items():
            found["organisation", lang].add(text, term.id)
    return {key: Labels(listing) for key, listing in found.items()}


def _count(records: Collection[Resource], vocabularies: Vocabularies) -> Counts:
    uses: Counts = Counter(("organisation", record.publisher) for record in records if record.publisher)
    subjects = Counter(reference for record in records for reference in record.subjects)
    occupations = Counter(reference for record in records for reference in record.occupations)
    for kind, references in (("subject", subjects), ("occupation", occupations)):
        for reference, number in references.items():
            concept = vocabularies.concept(reference)
            if concept and concept.kind == kind:
                uses[kind, concept.id] += number
    return uses


def _is_new(taken: set[tuple[str, ...]], kind: str, id: str, text: str) -> bool:
    keys = {(kind, "id", id), (kind, "text", fold(text))}
    if taken & keys:
        return False
    taken |= keys
    return True


def _in_turns(kinds: Iterable[Iterator[Found]]) -> Iterator[Found]:
    waiting = deque(kinds)
    while waiting:
        kind = waiting.popleft()
        for found in islice(kind, 1):
            yield found
            waiting.append(kind)


def _first_what_begins_so(found: Found) -> tuple[bool, int]:
    inside, suggestion = found
    return inside, KINDS.index(suggestion.kind)


def _marked(text: str, beginnings: Sequence[str]) -> Marked:
    pieces: list[tuple[str, bool]] = []
    end = 0
    for word in analysis.words(text):
        length = max((len(b) for b in beginnings if word.surface.startswith(b)), default=0)
        if length and word.start >= end:
            origin = fold_spans(text[word.start : word.end])[1]
            last = word.start + origin[length - 1] + 1
            pieces += [(text[end : word.start], False), (text[word.start : last], True)]
            end = last
    return tuple(piece for piece in (*pieces, (text[end:], False)) if piece[0])
