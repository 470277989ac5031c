"""Where a score comes from.

A word scores by BM25 over the weighted text of a record; the best of these ways counts:

    its stem in any language            found      × 1
    all parts of a Dutch compound       found      × weights.parts
    a label of the same concept         found      × weights.expansion
    some longer parts of a compound     near       × weights.parts
    a word that begins alike            near       × weights.family × share of letters
    a label of a concept close to it    near       × weights.link × closeness

A record is *full* when every word of the query is found in it; what is only near makes a record an answer, never a
full one. To the sum of the words comes the *title match*: how much the query and the best title or keyword are the
same. Full records stand first, but for those that score less than ``weights.leading`` of the best: a long text that
happens to have every word does not go before a title that lacks one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from catalogue.search import analysis
from catalogue.search.embedded.codec import EMPTY, Array, Postings
from catalogue.search.embedded.segment import Segment
from catalogue.search.embedded.snapshot import Snapshot
from catalogue.search.engine import Alternative, Plan
from catalogue.search.entries import EXACT, LABEL, LABEL_STEP, TEXT
from catalogue.search.matching import CLOSE_LABEL, Group, Matching
from catalogue.search.parser import Part
from catalogue.search.weights import Weights


@dataclass(frozen=True)
class Scores:
    """The score of each record of a segment (float32, 0: no answer), which have every part, and which are excluded."""

    score: Array
    full: Array
    excluded: Array


class Scorer:
    """The scores of one plan on one snapshot."""

    def __init__(self, snapshot: Snapshot, plan: Plan, weights: Weights) -> None:
        self._snapshot, self._plan, self._weights = snapshot, plan, weights
        self._asks = Matching(plan, snapshot, weights)
        self._titles = list(self._asks.title_matches())

    def scores(self, segment: Segment, shown: Array) -> Scores:
        """Return the scores of a segment's records; without words in the query every record is full and scores 0.

        Only records of the mask ``shown`` are ever full.
        """
        parts = self._plan.parts
        total = np.zeros(segment.size, np.float32)
        count = np.zeros(segment.size, np.uint8)
        for index, part in enumerate(parts):
            score, found = self._part(segment, index, part)
            total += score
            count += found
        self._add_titles(segment, total)
        excluded = np.zeros(segment.size, bool)
        for part in self._plan.excluded:
            excluded |= self._typed(segment, part) > 0
        return Scores(total, (count == len(parts)) & shown & ~excluded, excluded)

    def linked(self, segment: Segment, scores: Scores) -> Scores:
        """Return the scores raised to what titles and keywords give that are nearly a label of a close concept."""
        total = scores.score.copy()
        whole = self._asks.wanted * (1 + self._weights.title_match)  # what a title would give that is the query itself
        for link in self._plan.links:
            for groups in self._asks.link_groups(link):
                labels, same = _sameness(segment, groups, self._weights.keyword)
                close = same >= CLOSE_LABEL
                given = same[close] * np.float32(self._weights.link * link.weight * whole)
                np.maximum.at(total, segment.label_owner[labels[close]], given)
        return replace(scores, score=total)

    # --- words -----------------------------------------------------------------------------------------------

    def _part(self, segment: Segment, index: int, part: Part) -> tuple[Array, Array]:
        """Return the score of each record for one part of the query, and which of them have it."""
        score = self._typed(segment, part)
        for expansion in self._plan.expansions:
            if expansion.start <= index < expansion.end:
                for alternative in expansion.also:
                    self._label(segment, alternative, score)
        found = score > 0
        if part.kind == "word" and not self._plan.query.exact:
            self._near(segment, part.surface, score)
        return score, found

    def _typed(self, segment: Segment, part: Part) -> Array:
        """Return the score of the records that have a part as it was typed, in any of its forms."""
        score = np.zeros(segment.size, np.float32)
        if part.kind == "phrase":
            self._phrase(segment, part.surfaces, score)
        elif part.kind == "prefix":
            self._best(segment, EXACT, self._asks.beginning(part.surface), score)
        elif self._plan.query.exact:
            self._best(segment, EXACT, [part.surface], score)
        else:
            self._best(segment, TEXT, analysis.query_stems(part.surface), score)
            self._compound(segment, part.surface, score)
            self._as_written(segment, part.surface, score)
        return score

    def _best(self, segment: Segment, field: str, terms: Iterable[str], score: Array, factor: float = 1.0) -> None:
        """Raise ``score`` to what any of ``terms`` gives."""
        for term in terms:
            postings = segment.postings(field, term)
            if len(postings):
                _raise(score, postings.numbers, factor * self._bm25(segment, field, term, postings))

    def _bm25(self, segment: Segment, field: str, term: str, postings: Postings) -> Array:
        """Return Okapi BM25 of a term (Robertson & Zaragoza 2009), with whoosh's idf."""
        k = self._weights.saturation
        weights = postings.weights
        held_back = self._snapshot.held_back(segment, field, self._weights)[postings.numbers]
        return np.float32(self._snapshot.rarity(field, term) * (k + 1)) * weights / (weights + held_back)

    def _sum(self, segment: Segment, terms: Sequence[str]) -> tuple[Array, Array]:
        """Return the summed BM25 of terms for every record, and how many of the terms it has."""
        total, count = np.zeros(segment.size, np.float32), np.zeros(segment.size, np.uint8)
        for term in terms:
            postings = segment.postings(TEXT, term)
            if len(postings):
                total[postings.numbers] += self._bm25(segment, TEXT, term, postings)
                count[postings.numbers] += 1
        return total, count

    def _as_written(self, segment: Segment, surface: str, score: Array) -> None:
        """Add something where a word stands exactly as it was typed: "verpleegkundige" is no "verpleegkunde"."""
        postings = segment.postings(EXACT, surface) if self._weights.exact else EMPTY
        if len(postings):
            score[postings.numbers] += self._weights.exact * self._bm25(segment, EXACT, surface, postings)

    def _compound(self, segment: Segment, surface: str, score: Array) -> None:
        parts = self._asks.parts(surface)
        if parts:
            total, count = self._sum(segment, parts)
            _raise_all(score, np.where(count == len(parts), total * self._weights.parts, 0))

    def _near(self, segment: Segment, surface: str, score: Array) -> None:
        parts = self._asks.telling_parts(surface)
        if parts:
            _raise_all(score, self._sum(segment, parts)[0] * self._weights.parts)
        if self._weights.family:
            for stem in analysis.query_stems(surface):
                for term, share in self._asks.family(stem):
                    self._best(segment, TEXT, [term], score, share * self._weights.family)

    def _label(self, segment: Segment, alternative: Alternative, score: Array) -> None:
        """Raise ``score`` where a record has every term of another label of the concept."""
        total, count = self._sum(segment, alternative.terms)
        mean = total * np.float32(self._weights.expansion / len(alternative.terms))
        _raise_all(score, np.where(count == len(alternative.terms), mean, 0))

    def _phrase(self, segment: Segment, surfaces: Sequence[str], score: Array) -> None:
        """Add what the words of a phrase give where they stand one behind the other."""
        places = np.empty(0, np.int64)
        every = [segment.postings(EXACT, surface) for surface in surfaces]
        for offset, postings in enumerate(every):
            # A record and a position in one number; a word of the phrase points back at where the phrase begins.
            here = (np.repeat(postings.numbers, postings.counts) << 17) + postings.places - offset
            places = here if offset == 0 else _both(places, here)
        numbers = np.unique(places >> 17)
        for surface, postings in zip(surfaces, every, strict=True):
            inside = np.isin(postings.numbers, numbers, assume_unique=True)
            score[numbers] += self._bm25(segment, EXACT, surface, postings)[inside]

    # --- title match -----------------------------------------------------------------------------------------

    def _add_titles(self, segment: Segment, total: Array) -> None:
        if self._titles:
            best = np.zeros(segment.size, np.float32)
            for groups, weight in self._titles:
                labels, same = _sameness(segment, groups, self._weights.keyword)
                np.maximum.at(best, segment.label_owner[labels], same * np.float32(weight))
            # A title that has the words of a phrase apart from each other makes no answer.
            total += np.where(total > 0, best * np.float32(self._weights.title_match), 0)


def _sameness(segment: Segment, groups: Sequence[Group], keyword: float) -> tuple[Array, Array]:
    """Return the labels that share a word with ``groups``, and for each Dice's coefficient by rarity: 0 to 1.

    That of a keyword is worth ``keyword`` beside that of a title.
    """
    shared = np.zeros(len(segment.heavy), np.float32)
    touched: list[Array] = []
    for group in groups:
        every = [labels for term in group.terms if len(labels := _labels(segment, term))]
        if every:
            labels = np.concatenate(every)
            shared[labels] += np.float32(group.rarity)  # once, however often a label stands in ``labels``
            touched.append(labels)
    labels = np.concatenate(touched) if touched else np.empty(0, np.int64)
    wanted = sum(group.rarity for group in groups)
    heavy = segment.heavy[labels] * np.float32(LABEL_STEP)
    same = np.minimum(2 * shared[labels] / (np.float32(wanted) + heavy), 1)
    return labels, np.where(segment.label_is_keyword[labels], same * np.float32(keyword), same)


def _labels(segment: Segment, term: str) -> Array:
    """Return the numbers of the labels that have a term."""
    postings = segment.postings(LABEL, term)
    return np.repeat(segment.label_starts[postings.numbers], postings.counts) + postings.places


def _raise(score: Array, numbers: Array, to: Array) -> None:
    score[numbers] = np.maximum(score[numbers], to)


def _raise_all(score: Array, to: Array) -> None:
    np.maximum(score, to, out=score)


def _both(one: Array, other: Array) -> Array:
    """Return what two ascending arrays share, the smaller looked up in the larger."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    if not len(large):
        return large
    at = np.minimum(np.searchsorted(large, small), len(large) - 1)
    return small[large[at] == small]
