"""From scores to the page that was asked for: filters, counts, order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from catalogue.fields import FACETS
from catalogue.search.embedded.codec import Array
from catalogue.search.embedded.facets import filtered
from catalogue.search.embedded.scoring import Scorer, Scores
from catalogue.search.embedded.segment import Segment
from catalogue.search.embedded.snapshot import Snapshot
from catalogue.search.engine import Hit, Plan, Results
from catalogue.search.weights import Weights

_Candidate = tuple[bool, Any, str, float, bool]
"""Whether it does not lead, the key of the order that was asked for, the id, the score, whether it is full: they sort
as hits do."""

DAYS = 1_000_000  # no day of a record is further from year 1


def answer(snapshot: Snapshot, plan: Plan, weights: Weights) -> Results:
    """Answer a plan on a snapshot, segment by segment."""
    scorer = Scorer(snapshot, plan, weights)
    shown = snapshot.shown(plan.now)
    scored = [scorer.scores(segment, mask) for segment, mask in zip(snapshot.segments, shown, strict=True)]
    # Counted before any filter, so that a filter never changes what it filters.
    full = sum(int(np.count_nonzero(scores.full)) for scores in scored)
    few = full < weights.follow_links_below
    if few and plan.links:
        scored = [scorer.linked(segment, scores) for segment, scores in zip(snapshot.segments, scored, strict=True)]
    answers = [_answers(scores, mask, plan) for scores, mask in zip(scored, shown, strict=True)]
    least = _least(scored, answers, plan, weights)
    total = full = 0
    counts: dict[str, Mapping[str, int]] = {param: {} for param in FACETS}
    first: list[_Candidate] = []
    for segment, found_here, scores in zip(snapshot.segments, answers, scored, strict=True):
        kept = filtered(segment, np.flatnonzero(found_here), plan.filters)
        total += len(kept.numbers)
        full += int(np.count_nonzero(scores.full[kept.numbers]))
        for param, found in kept.counts.items():
            counts[param] = _sum(counts[param], found)
        first += _first(segment, kept.numbers, scores, least, plan, weights)
    last = plan.query.page * plan.query.per_page
    page = sorted(first)[last - plan.query.per_page : last]
    hits = tuple(Hit(id, score, full, not follows) for follows, _, id, score, full in page)
    return Results(total, full, hits, counts, few)


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> Mapping[str, int]:
    if not one or not other:
        return one or other
    return {value: one.get(value, 0) + other.get(value, 0) for value in one.keys() | other.keys()}


def _answers(scores: Scores, shown: Array, plan: Plan) -> Array:
    if not plan.parts or plan.required:
        return scores.full
    return (scores.score > 0) & shown & ~scores.excluded


def _least(scored: Iterable[Scores], answers: Iterable[Array], plan: Plan, weights: Weights) -> float:
    """Return the score from which a full record leads. No filter changes it: what a filter leaves keeps its order."""
    if plan.required:
        return 0.0
    best = (float(scores.score.max(where=found, initial=0)) for scores, found in zip(scored, answers, strict=True))
    return weights.leading * max(best, default=0.0)


def _first(
    segment: Segment, numbers: Array, scores: Scores, least: float, plan: Plan, weights: Weights
) -> Iterator[_Candidate]:
    """Return what may stand on the page or before it, in no order."""
    score = scores.score[numbers].astype(np.float64) + weights.freshness * segment.newest[numbers] / DAYS
    if not plan.parts:
        score = np.zeros(len(numbers))
    full = scores.full[numbers]
    leading = full & (scores.score[numbers] >= least)
    rank = _rank(segment, numbers, score, plan)
    best = _best(rank, leading, plan.query.page * plan.query.per_page)
    places = numbers[best].tolist()
    keys: Iterable[Any] = (-rank[best]).tolist()
    if plan.query.sort == "title":
        keys = map(segment.titles(plan.titles_in).__getitem__, places)
    ids = map(segment.ids.__getitem__, places)
    return zip((~leading[best]).tolist(), keys, ids, score[best].tolist(), full[best].tolist(), strict=True)


def _rank(segment: Segment, numbers: Array, score: Array, plan: Plan) -> Array:
    if plan.query.sort == "title":
        return -segment.title_ranks(plan.titles_in)[numbers].astype(np.float64)
    if plan.query.sort == "newest" or not plan.parts:
        return segment.newest[numbers].astype(np.float64)
    return score


def _best(rank: Array, leading: Array, wanted: int) -> Array:
    """Return the places of the ``wanted`` best, leading ones first, and of all that equal the last of them."""
    found = np.flatnonzero(leading)
    if len(found) >= wanted:
        return found[_highest(rank[found], wanted)]
    rest = np.flatnonzero(~leading)
    return np.concatenate([found, rest[_highest(rank[rest], wanted - len(found))]])


def _highest(rank: Array, wanted: int) -> Array:
    if len(rank) <= wanted:
        return np.arange(len(rank))
    return np.flatnonzero(rank >= np.partition(rank, len(rank) - wanted)[len(rank) - wanted])
