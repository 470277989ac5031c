"""What visitors type, answered: planned, searched, mended where it finds little, and led further."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from catalogue.contents import Contents
from catalogue.errors import IndexUnavailable
from catalogue.i18n import country_names
from catalogue.query import MAX_TEXT, Query
from catalogue.resource import Resource
from catalogue.search import parser, spelling
from catalogue.search.document import make_document
from catalogue.search.engine import Engine, Link, Plan, Results
from catalogue.search.explain import Marked
from catalogue.search.linking import Linker
from catalogue.search.spelling import Speller
from catalogue.search.suggest import Suggester, Suggestion
from catalogue.search.thesaurus import Thesaurus
from catalogue.vocabulary import Concept

_FEW_FULL = 5  # with fewer full matches other readings of the words are looked for
_MANY_MORE = 5  # times as many full matches another reading must find, where there are some


@dataclass(frozen=True)
class Found:
    """The answer to a search: the plan that was carried out, the engine's results, and the records of the page.

    ``corrections``: what may have been meant, where the words typed find nothing or little; the likeliest first.
    """

    plan: Plan
    results: Results
    records: tuple[Resource, ...]
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True)
class Correction:
    """Another reading of what was typed: its text in pieces (True: a word that was changed) and what it finds."""

    pieces: Marked
    found: Found


class Finder:
    """Searches of the newest contents. Reading is lock-free: ``take_over`` swaps references."""

    def __init__(
        self, engine: Engine, linker: Linker, now: Callable[[], datetime.datetime], home: Callable[[], str] = str
    ) -> None:
        self._engine, self._linker, self._now, self._home = engine, linker, now, home
        self._suggester = Suggester()
        self._kept_speller: Speller | None = None
        self._contents: Contents
        self._thesaurus: Thesaurus
        self._labels: frozenset[str]  # the words of the thesaurus

    def take_over(self, contents: Contents) -> None:
        """Search ``contents`` from now on."""
        before = getattr(self, "_contents", None)
        if before is None or contents.frame is not before.frame:
            concepts = contents.frame.vocabularies.concepts
            self._thesaurus = Thesaurus(concepts)
            self._labels = spelling.label_words(concepts.values(), country_names())
        self._contents = contents

    def prepare(self) -> None:
        """Read what suggestions need, before a visitor types."""
        self._suggester.of(self._contents, self._now())

    def plan(self, query: Query, lang: str, everywhere: bool = False) -> Plan:
        """Make a query ready for the engine: parse its words, recognise concepts among them.

        ``everywhere``: nothing is left out because this is the site of one centre.
        """
        parsed = parser.parse(query.text)
        expand = query.expand and not query.exact
        expansions = self._thesaurus.expand(parsed.parts, lang) if expand else ()
        return Plan(
            query,
            parsed.parts,
            parsed.excluded,
            expansions,
            lang,
            self._now(),
            parts_of=self._engine.parts,
            home="" if everywhere else self._home(),
        )

    def search(self, query: Query, lang: str) -> Found:
        """Answer a query for a reader of ``lang``. A page beyond the last is answered by the last.

        Raises IndexUnavailable.
        """
        found = self._found(query, lang)
        if found.plan.parts and found.results.full < _FEW_FULL:
            return replace(found, corrections=tuple(self._corrections(found)))
        return found

    def total(self, query: Query, lang: str) -> int:
        """Return how many records a query finds. Raises IndexUnavailable."""
        return self._found(query.but(per_page=1), lang).results.total

    def _found(self, query: Query, lang: str) -> Found:
        contents = self._contents
        plan, results = self.answer(self.plan(query, lang))
        last = max(1, -(-results.total // query.per_page))
        if query.page > last:
            plan, results = self.answer(self.plan(query.but(page=last), lang))
        records = tuple(contents.records[hit.id] for hit in results.hits if hit.id in contents.records)
        return Found(plan, results, records)

    def answer(self, plan: Plan) -> tuple[Plan, Results]:
        """Carry out a plan; where few records have every word, close concepts lead further: the plan says which.

        Raises IndexUnavailable.
        """
        results = self._engine.search(plan)
        links = self._links(plan) if results.few else ()
        if links:
            plan = replace(plan, links=links)
            results = self._engine.search(plan)
        return plan, results

    def _links(self, plan: Plan) -> tuple[Link, ...]:
        whole = any((expansion.start, expansion.end) == (0, len(plan.parts)) for expansion in plan.expansions)
        return self._linker.links(plan.parts) if plan.query.expand and not plan.query.exact and not whole else ()

    def _corrections(self, typed: Found) -> Iterator[Correction]:
        """Yield the readings of what was typed that find more, each written as the records write its words."""
        query, lang = typed.plan.query, typed.plan.lang
        full = typed.results.full

        def is_found(word: str) -> bool:
            return self._found(Query(text=word, per_page=1), lang).results.full >= _FEW_FULL

        for reading in self._speller().readings(query.text, is_found):
            found = self._found(query.but(text=_text(reading.pieces())), lang)
            if not found.results.total and query.filters:
                found = self._found(Query(text=_text(reading.pieces())), lang)
            results = found.results
            if results.full >= max(1, full * _MANY_MORE):
                pieces = reading.pieces(partial(spelling.as_written, texts=self._texts(found)))
                plan = self.plan(found.plan.query.but(text=_text(pieces)), lang)
                yield Correction(pieces, replace(found, plan=plan))

    def _speller(self) -> Speller:
        """Return the speller of the words that are now in the index and the thesaurus."""
        words, labels = self._engine.words(), self._labels
        if self._kept_speller is None or not self._kept_speller.is_of(words, labels):
            self._kept_speller = Speller(words, labels)
        return self._kept_speller

    def _texts(self, found: Found) -> list[str]:
        """Return the texts in which the words that were searched stand: of the first records, of the concepts."""
        vocabularies = self._contents.frame.vocabularies
        concepts = [vocabularies.concept(expansion.concept) for expansion in found.plan.expansions]
        documents = [make_document(record, vocabularies) for record in found.records[:_FEW_FULL]]
        labels = [label for concept in concepts if concept for label in concept.all_labels]
        return labels + [text for document in documents for pairs in document.texts.values() for _, text in pairs]

    def related(self, plan: Plan, limit: int = 6) -> tuple[Concept, ...]:
        """Return broader, narrower and related concepts of those in a query; only such as records are about."""
        vocabularies = self._contents.frame.vocabularies
        held = self._suggester.of(self._contents, self._now())
        asked = dict.fromkeys(expansion.concept for expansion in plan.expansions)
        concepts = [concept for id in asked if (concept := vocabularies.concept(id))]
        near = {other.id: other for concept in concepts for other in vocabularies.neighbours(concept)}
        found = (other for id, other in near.items() if id not in asked and held and held.uses(other))
        return tuple(islice(found, limit))

    def suggest(
        self, text: str, lang: str, offered: Callable[[Resource], bool] = lambda record: True
    ) -> tuple[Suggestion, ...]:
        """Return what a reader of ``lang`` who has typed ``text`` may look for; nothing while the first are read.

        Titles are those of records that are ``offered`` here.
        """
        suggestions = self._suggester.of(self._contents, self._now())
        return suggestions.find(text, lang, lambda label: self._finds(label, lang), offered) if suggestions else ()

    def _finds(self, text: str, lang: str) -> bool:
        try:
            return self._found(Query(text=text, per_page=1), lang).results.full > 0
        except IndexUnavailable:
            return False


def _text(pieces: Marked) -> str:
    return "".join(text for text, _ in pieces)[:MAX_TEXT]
