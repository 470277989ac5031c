"""From a plan to clauses of OpenSearch's query language: what ``embedded.scoring`` works out, the cluster works out.

Each part of a query has two clauses: what a record scores for it, and whether it is found in a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from catalogue.search import analysis
from catalogue.search.engine import Alternative, Plan
from catalogue.search.entries import EXACT, TEXT
from catalogue.search.matching import CLOSE_LABEL, Group, Lexicon, Matching
from catalogue.search.opensearch.mapping import LONGEST, TERMS_OF
from catalogue.search.parser import Part
from catalogue.search.weights import Weights

Clause = dict[str, Any]

ALL: Clause = {"match_all": {}}
NONE: Clause = {"match_none": {}}

SAMENESS = """
double same = Math.min(2 * _score / (params.wanted + doc['labels.heavy'].value), 1);
if (doc['labels.keyword'].value) { same *= params.keyword; }
return same < params.least ? 0 : same * params.worth;
"""
"""Dice's coefficient by rarity of a label and what was asked, as ``embedded.scoring``; ``_score``: what they share."""

_SOMETHING = 1e-9


class Clauses:
    """The clauses of one plan on one index."""

    def __init__(self, plan: Plan, lexicon: Lexicon, weights: Weights) -> None:
        self._plan, self._lexicon, self._weights = plan, lexicon, weights
        self._asks = Matching(plan, lexicon, weights)

    def score(self, *, linked: bool) -> Clause:
        """Return what a record scores; who scores nothing is no answer. ``linked``: close concepts are followed."""
        parts = list(enumerate(self._plan.parts))
        words: Clause = any_of(self._part_score(index, part) for index, part in parts)
        titles = [
            self._title(groups, weight * self._weights.title_match) for groups, weight in self._asks.title_matches()
        ]
        # A title that has the words of a phrase apart from each other makes no answer.
        itself = {"bool": {"must": [words], "should": [best_of(titles)]}} if titles else words
        return best_of([itself, *self._links()]) if linked else itself

    def full(self) -> Clause:
        """Return what a record must have to be full: every part."""
        every = [self._found(index, part) for index, part in enumerate(self._plan.parts)]
        return all_of(every) if every else ALL

    def excluded(self) -> list[Clause]:
        """Return what takes a record out: words, and a date that is past."""
        past = {"range": {"expires": {"lte": self._plan.now.isoformat(timespec="seconds")}}}
        return [past, *(self._typed_found(part) for part in self._plan.excluded)]

    # --- what is found ---------------------------------------------------------------------------------------

    def _found(self, index: int, part: Part) -> Clause:
        labels = (all_of(_has(TEXT, [term]) for term in label.terms) for label in self._labels_of(index))
        return any_of([self._typed_found(part), *labels])

    def _typed_found(self, part: Part) -> Clause:
        if part.kind == "phrase":
            return {"match_phrase": {"phrases": " ".join(surface[:LONGEST] for surface in part.surfaces)}}
        if part.kind == "prefix":
            return _has(EXACT, self._asks.beginning(part.surface))
        if self._plan.query.exact:
            return _has(EXACT, [part.surface])
        compound = [all_of(_has(TEXT, [term]) for term in terms) for terms in self._compound(part.surface)]
        return any_of([_has(TEXT, analysis.query_stems(part.surface)), _has(EXACT, [part.surface]), *compound])

    # --- what it scores --------------------------------------------------------------------------------------

    def _part_score(self, index: int, part: Part) -> Clause:
        scores = [self._typed_score(part)]
        for label in self._labels_of(index):
            each = self._weights.expansion / len(label.terms)
            scores.append(_sum_of_all(self._bm25(TEXT, term, each) for term in label.terms))
        if part.kind == "word" and not self._plan.query.exact:
            scores += self._near(part.surface)
        return best_of(scores)

    def _typed_score(self, part: Part) -> Clause:
        if part.kind == "phrase":
            words = [self._bm25(EXACT, surface) for surface in part.surfaces]
            return {"bool": {"filter": [self._typed_found(part)], "should": words}}
        if part.kind == "prefix":
            return best_of(self._bm25(EXACT, term) for term in self._asks.beginning(part.surface))
        if self._plan.query.exact:
            return self._bm25(EXACT, part.surface)
        stems = [self._bm25(TEXT, stem) for stem in analysis.query_stems(part.surface)]
        compound = (
            _sum_of_all(self._bm25(TEXT, term, self._weights.parts) for term in terms)
            for terms in self._compound(part.surface)
        )
        # More where it stands exactly as it was typed: "verpleegkundige" is no "verpleegkunde".
        return any_of([best_of([*stems, *compound]), self._bm25(EXACT, part.surface, self._weights.exact)])

    def _near(self, surface: str) -> Iterator[Clause]:
        """Yield what makes an answer, never a full one: parts of a compound, words that begin alike."""
        telling = self._asks.telling_parts(surface)
        if telling:
            yield any_of(self._bm25(TEXT, term, self._weights.parts) for term in telling)
        family: dict[str, float] = {}
        for stem in analysis.query_stems(surface) if self._weights.family else ():
            for term, share in self._asks.family(stem):
                family[term] = max(family.get(term, 0.0), share)
        yield from (self._bm25(TEXT, term, share * self._weights.family) for term, share in family.items())

    def _bm25(self, field: str, term: str, factor: float = 1.0) -> Clause:
        """Return Okapi BM25 of a term: the weights are divided by the lengths as they are kept (``mapping``)."""
        k = self._weights.saturation
        boost = factor * self._lexicon.rarity(field, term) * (k + 1)
        return {"rank_feature": {"field": f"{field}.{term}", "saturation": {"pivot": k}, "boost": boost}}

    def _compound(self, surface: str) -> list[list[str]]:
        parts = self._asks.parts(surface)
        return [parts] if parts else []

    def _labels_of(self, index: int) -> Iterator[Alternative]:
        """Yield the other labels of a part that records have every term of; the others would only cost."""
        for expansion in self._plan.expansions:
            if expansion.start <= index < expansion.end:
                for label in expansion.also:
                    if label.terms and all(self._lexicon.has(TEXT, term) for term in label.terms):
                        yield label

    # --- titles ----------------------------------------------------------------------------------------------

    def _links(self) -> Iterator[Clause]:
        """Yield what a title or keyword gives that is nearly a label of a close concept."""
        whole = self._asks.wanted * (1 + self._weights.title_match)  # what a title would give that is the query itself
        for link in self._plan.links:
            for groups in self._asks.link_groups(link):
                wanted = sum(group.rarity for group in groups)
                known = sum(group.rarity for group in groups if any(self._lexicon.has(TEXT, t) for t in group.terms))
                if 2 * known >= CLOSE_LABEL * wanted:  # else no label can be as close, as light as it may be
                    yield self._title(groups, self._weights.link * link.weight * whole, CLOSE_LABEL)

    def _title(self, groups: Sequence[Group], worth: float, least: float = 0.0) -> Clause:
        """Return ``worth`` times how much the best title or keyword is the same as ``groups``, at least ``least``."""
        words = [
            {"constant_score": {"filter": {"terms": {"labels.terms": list(group.terms)}}, "boost": group.rarity}}
            for group in groups
        ]
        wanted = sum(group.rarity for group in groups)
        given = {"wanted": wanted, "keyword": self._weights.keyword, "least": least, "worth": worth}
        scored = {"query": any_of(words), "script": {"source": SAMENESS, "params": given}, "min_score": _SOMETHING}
        return {"nested": {"path": "labels", "score_mode": "max", "query": {"script_score": scored}}}


def _has(field: str, terms: Sequence[str]) -> Clause:
    return {"terms": {TERMS_OF[field]: list(terms)}} if terms else NONE


def best_of(clauses: Iterable[Clause]) -> Clause:
    """Return the score of the best of some clauses."""
    every = list(clauses)
    return every[0] if len(every) == 1 else {"dis_max": {"queries": every}} if every else NONE


def any_of(clauses: Iterable[Clause]) -> Clause:
    """Return the summed score of those clauses that match, of which there must be one."""
    every = list(clauses)
    return every[0] if len(every) == 1 else {"bool": {"should": every, "minimum_should_match": 1}} if every else NONE


def all_of(clauses: Iterable[Clause]) -> Clause:
    """Return what matches where every clause does; nothing of it scores."""
    return {"bool": {"filter": list(clauses)}}


def _sum_of_all(clauses: Iterable[Clause]) -> Clause:
    return {"bool": {"must": list(clauses)}}
