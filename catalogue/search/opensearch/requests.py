"""From a plan to requests, and from their answers to results: filters, counts, order, the page.

A score is told with whether its record is full by one number: ``ABOVE`` is more than any query scores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.fields import FACETS
from catalogue.search.engine import Hit, Plan, Results
from catalogue.search.opensearch.clauses import ALL, Clause, Clauses, all_of
from catalogue.search.opensearch.mapping import WINDOW
from catalogue.search.weights import Weights

ABOVE = 1024.0
"""Twelve words that one in a million records has, each a title of its own, score 800."""

LEADING_FIRST = """
return _score < params.above ? _score : _score - params.above < params.least ? _score - params.above : _score;
"""
"""Takes ``ABOVE`` away again from the full records that do not lead."""

FACET_VALUES = 10_000

# What is counted: records that have every part, filtered or not; what is shown; and in it, of which values.
EVERY, SHOWN, VALUES = "every record", "shown", "of "
FULL = "full"
"""Also the name by which a hit tells that it is full."""


@dataclass(frozen=True)
class Opening:
    """What must be known before the page is asked for: whether close concepts are followed, what leading means."""

    few: bool | None  # None: not asked
    least: float


class Request:
    """The requests of one plan."""

    def __init__(self, plan: Plan, clauses: Clauses, weights: Weights) -> None:
        self._plan, self._weights = plan, weights
        self._full, self._excluded = clauses.full(), clauses.excluded()
        self._scores = {linked: clauses.score(linked=linked) for linked in {False, bool(plan.links)}}

    def opening(self) -> list[Clause]:
        """Return the searches whose answers ``opened`` reads; none where nothing has to be known."""
        if not self._plan.parts or (self._plan.required and not self._plan.links):
            return []
        best = [self._best(linked) for linked in sorted(self._scores)]
        return [*best, self._count_full()] if self._plan.links else best

    def opened(self, answers: list[Any]) -> Opening:
        """Read the answers to ``opening``. No filter changes what leads: what a filter leaves keeps its order."""
        if not answers:
            return Opening(None, 0.0)
        few = self._is_few(answers.pop()["hits"]["total"]["value"]) if self._plan.links else None
        best = float(answers[bool(few)]["hits"]["max_score"] or 0)
        return Opening(few, 0.0 if self._plan.required else self._weights.leading * best)

    def page(self, opening: Opening) -> Clause:
        """Return the search for the page, with every count."""
        query = self._plan.query
        first = (query.page - 1) * query.per_page
        return {
            "query": self._ordered(opening),
            "post_filter": all_of(self._chosen()),
            "from": min(first, WINDOW - query.per_page),
            "size": query.per_page if first + query.per_page <= WINDOW else 0,
            "sort": self._sort(),
            "track_scores": True,
            "track_total_hits": True,
            "_source": False,
            "aggs": {
                EVERY: {"filter": self._full},
                SHOWN: {"filter": all_of(self._chosen()), "aggs": {FULL: {"filter": self._full}, **self._values()}},
                **{param: self._counted(param) for param, _ in self._plan.filters},
            },
        }

    def results(self, answer: Mapping[str, Any], opening: Opening) -> Results:
        """Read the answer to ``page``."""
        counted = answer["aggregations"]
        few = self._is_few(counted[EVERY]["doc_count"]) if opening.few is None else opening.few
        facets = {param: _counts(counted.get(param, counted[SHOWN])[f"{VALUES}{param}"]) for param in FACETS}
        hits = tuple(self._hit(found) for found in answer["hits"]["hits"])
        return Results(answer["hits"]["total"]["value"], counted[SHOWN][FULL]["doc_count"], hits, facets, few)

    def _is_few(self, full: int) -> bool:
        return full < self._weights.follow_links_below

    def _hit(self, found: Mapping[str, Any]) -> Hit:
        if not self._plan.parts:
            return Hit(found["_id"], 0.0, True, True)
        leads = found["_score"] >= ABOVE
        full = FULL in found.get("matched_queries", ())
        return Hit(found["_id"], found["_score"] - ABOVE * leads, full, leads)

    # --- what is asked ---------------------------------------------------------------------------------------

    def _best(self, linked: bool) -> Clause:
        """Return the search for the best score."""
        answers = {"bool": {"must": [self._answers(linked)], "must_not": self._excluded}}
        return {"query": answers, "size": 1, "track_total_hits": False, "_source": False, "stored_fields": "_none_"}

    def _count_full(self) -> Clause:
        return {"query": self._without(self._full), "size": 0, "track_total_hits": True}

    def _answers(self, linked: bool) -> Clause:
        score = self._scores[linked]
        return {"bool": {"must": [score], "filter": [self._full]}} if self._plan.required else score

    def _without(self, clause: Clause) -> Clause:
        return {"bool": {"filter": [clause], "must_not": self._excluded}}

    def _ordered(self, opening: Opening) -> Clause:
        """Return the answers, full ones that lead above ``ABOVE``."""
        if not self._plan.parts:
            return self._without(ALL)
        full = {"constant_score": {"filter": self._full, "boost": ABOVE, "_name": FULL}}
        score = {
            "bool": {
                "must": [self._answers(bool(opening.few))],
                "should": [full],
                "must_not": self._excluded,
            }
        }
        given = {"above": ABOVE, "least": opening.least}
        return {"script_score": {"query": score, "script": {"source": LEADING_FIRST, "params": given}}}

    def _sort(self) -> list[Clause]:
        """Return the order: leading ones first whatever it is; equal ones by their id."""
        last: list[Clause] = [{"id": "asc"}]
        newest: list[Clause] = [{"newest": "desc"}]
        tier = {"lang": "painless", "source": f"_score >= {ABOVE} ? 1 : 0"}
        first: list[Clause] = [{"_script": {"type": "number", "script": tier, "order": "desc"}}]
        first = first if self._plan.parts else []
        if self._plan.query.sort == "title":
            return [*first, {f"title.{self._plan.titles_in}": "asc"}, *last]
        if self._plan.query.sort == "newest" or not self._plan.parts:
            return [*first, *newest, *last]
        return [{"_score": "desc"}, *newest, *last]

    def _chosen(self, but: str = "") -> list[Clause]:
        """Return the filters of the facets, ``but`` one left out."""
        return list(self._filters(but))

    def _filters(self, but: str) -> Iterator[Clause]:
        for param, values in self._plan.filters:
            if param != but:
                yield {"terms": {f"facet.{param}": list(values)}}

    def _counted(self, param: str) -> Clause:
        """Return the counts of a facet that has a filter: of what passes all others."""
        return {"filter": all_of(self._chosen(param)), "aggs": dict([_values_of(param)])}

    def _values(self) -> Clause:
        """Return the counts of the facets that have no filter: together, of the very records that are shown."""
        chosen = dict(self._plan.filters)
        return dict(_values_of(param) for param in FACETS if param not in chosen)


def _values_of(param: str) -> tuple[str, Clause]:
    return f"{VALUES}{param}", {"terms": {"field": f"facet.{param}", "size": FACET_VALUES}}


def _counts(values: Mapping[str, Any]) -> Mapping[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in values["buckets"]}
