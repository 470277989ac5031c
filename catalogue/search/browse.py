"""Queries without words, answered from the records: where the index does not answer, one can still browse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from operator import attrgetter

from catalogue.fields import FACETS
from catalogue.resource import Resource
from catalogue.search.document import facet_values, newest
from catalogue.search.engine import Hit, Plan, Results
from catalogue.vocabulary import Vocabularies

Values = Mapping[str, frozenset[str]]


def browse(records: Iterable[Resource], vocabularies: Vocabularies, plan: Plan) -> Results:
    """Answer a plan without words over published ``records``, the newest first, as any engine would."""
    shown = sorted((record for record in records if not record.is_past(plan.now)), key=attrgetter("id"))
    shown.sort(key=newest, reverse=True)
    valued = [(record, _values(record, vocabularies)) for record in shown]
    kept = [record for record, values in valued if _passes(values, plan)]
    facets = {
        param: Counter(value for _, values in valued if _passes(values, plan, param) for value in values[param])
        for param in FACETS
    }
    first = (plan.query.page - 1) * plan.query.per_page
    hits = tuple(Hit(record.id, 0.0, True, True) for record in kept[first : first + plan.query.per_page])
    return Results(len(kept), len(kept), hits, facets)


def _values(record: Resource, vocabularies: Vocabularies) -> Values:
    return {param: frozenset(facet_values(facet, record, vocabularies)) for param, facet in FACETS.items()}


def _passes(values: Values, plan: Plan, but: str = "") -> bool:
    """Tell whether a record has a chosen value in each facet, ``but`` one left out."""
    return all(values[param] & set(chosen) for param, chosen in plan.filters if param != but)
