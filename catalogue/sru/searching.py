"""A query in CQL carried out: each clause gives a set of records, booleans put them together. Nothing is guessed.

``cql.serverChoice =`` finds what a visitor's search finds with all its words, in the other language too; ``all``,
``any`` and ``adj``, and the words of one field, go by the words that were sent, in any of their forms. A field's words
are looked for by the engine in everything first, then in the field.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from catalogue.exchange.language_codes import from_any
from catalogue.fields import FACETS
from catalogue.folding import fold
from catalogue.query import Query, clean
from catalogue.resource import Resource
from catalogue.sameness import isbn_key
from catalogue.search import analysis
from catalogue.search.engine import Plan
from catalogue.search.explain import Explainer
from catalogue.search.parser import MAX_PARTS, SHORTEST_PREFIX, Part
from catalogue.service import Catalogue
from catalogue.sru.cql import Clause, Node
from catalogue.sru.diagnostics import Diagnostic
from catalogue.sru.indexes import Index, index_of

Found = dict[str, float]
"""Ids of records, each with its score."""

MOST_IN_TERM = 200  # characters, as of a visitor's query
MOST_READ = 100_000
"""Records of which one query may read a field: more would keep a processor busy for seconds."""
_ALL = 10_000_000  # more records than any catalogue has


class Searcher:
    """Carries out queries for a reader of ``lang``."""

    def __init__(self, catalogue: Catalogue, lang: str) -> None:
        self._catalogue, self._lang = catalogue, lang
        self._contents = catalogue.contents
        self._read = 0
        self._clauses: dict[tuple[str, str, str], Found] = {}

    def search(self, node: Node) -> list[Resource]:
        """Return the published records that a query finds: the best first, then by id.

        Raises Diagnostic for what cannot be searched so, IndexUnavailable.
        """
        found = self._node(node)
        records = self._contents.records
        ids = sorted(found, key=lambda id: (-found[id], id))
        return [records[id] for id in ids if id in records and records[id].is_public]

    def _node(self, node: Node) -> Found:
        if isinstance(node, Clause):
            return self._clause(node)
        left, right = self._node(node.left), self._node(node.right)
        return _BOOLEANS[node.operator](left, right)

    def _clause(self, clause: Clause) -> Found:
        index = index_of(clause)
        if len(clause.term) > MOST_IN_TERM:
            raise Diagnostic(23, str(MOST_IN_TERM))
        term = clean(clause.term)
        if not term and index.kind != "all":
            raise Diagnostic(27, clause.index)
        asked = (index.names[0], clause.relation, term)
        if asked not in self._clauses:
            self._clauses[asked] = _KINDS[index.kind](self, index, clause.relation, term)
        return self._clauses[asked]

    def _every(self, *_asked: object) -> Found:
        return self._engine(self._catalogue.plan(self._query(), self._lang, everywhere=True))

    # --- words -----------------------------------------------------------------------------------------------

    def _words(self, index: Index, relation: str, term: str) -> Found:
        if relation == "any":
            each = (self._all_of(index, relation, word) for word in _unmasked(term).split())
            return _united(each)
        return self._all_of(index, relation, term)

    def _all_of(self, index: Index, relation: str, term: str) -> Found:
        adjacent = relation in ("adj", "==", "exact")
        plan = self._plan(_unmasked(term), adjacent, expand=index.kind == "everywhere" and relation in ("=", "scr"))
        if not plan.parts:
            return {}
        found = self._engine(plan)
        if index.texts is None:
            if relation in ("==", "exact"):
                raise Diagnostic(22, relation)
            return found
        self._read += len(found)
        if self._read > MOST_READ:
            raise Diagnostic(60, f"{index.names[0]} {relation} {term}")
        holds = self._equal(term) if relation in ("==", "exact") else _in_text(plan)
        return {id: score for id, score in found.items() if self._in_field(index, id, holds)}

    def _in_field(self, index: Index, id: str, holds: Callable[[list[tuple[str, str]]], bool]) -> bool:
        record = self._contents.records.get(id)
        assert index.texts
        return record is not None and holds(list(index.texts(record, self._contents.frame.vocabularies)))

    def _equal(self, term: str) -> Callable[[list[tuple[str, str]]], bool]:
        wanted = analysis.surfaces(term)
        return lambda pairs: any(analysis.surfaces(text) == wanted for _, text in pairs)

    def _plan(self, text: str, adjacent: bool, expand: bool) -> Plan:
        """Return the plan for words, or for words that stand one behind the other. Raises Diagnostic."""
        text = re.sub(r'["“”«»]|(?<!\S)-', " ", text)
        if adjacent and "*" in text:
            raise Diagnostic(33, text)
        asked = f'"{text}"' if adjacent else text
        plan = self._catalogue.plan(self._query(asked, expand), self._lang, everywhere=True)
        if len(text.split()) > MAX_PARTS and len(plan.parts) >= MAX_PARTS:
            raise Diagnostic(23, f"{MAX_PARTS} words")
        return replace(plan, required=True)

    def _query(self, text: str = "", expand: bool = False) -> Query:
        return Query(text=text, per_page=_ALL, expand=expand)

    def _engine(self, plan: Plan) -> Found:
        return {hit.id: hit.score for hit in self._catalogue.answer(plan)[1].hits if hit.full}

    # --- values ----------------------------------------------------------------------------------------------

    def _value(self, index: Index, relation: str, term: str) -> Found:
        values = self._values(index, term)
        if relation in ("any", "all") and not values:
            each = [self._with_values(index, self._values(index, word)) for word in term.split()]
            return _united(each) if relation == "any" else _intersected(each)
        return self._with_values(index, values)

    def _values(self, index: Index, term: str) -> list[str]:
        """Return the values that a term names: by id or by a label in any language; languages by any code."""
        facet = FACETS[index.facet]
        wanted = from_any(term) if index.facet == "language" else term
        vocabularies = self._contents.frame.vocabularies
        if facet.vocabulary == "subjects":
            labels = {c.id: [c.id, c.uri, *c.all_labels] for c in vocabularies.concepts.values() if c.kind == "subject"}
        else:
            terms = vocabularies.terms.get(facet.vocabulary, {})
            labels = {id: [id, *each.labels.values()] for id, each in terms.items()} | {
                v: [v] for v in facet.fixed if v not in terms
            }
        folded = {fold(wanted), fold(term)}
        return [id for id, names in labels.items() if folded & set(map(fold, names))]

    def _with_values(self, index: Index, values: Iterable[str]) -> Found:
        query = self._query()
        for value in values:
            query = replace(query.with_(index.facet, value), per_page=_ALL)
        plan = self._catalogue.plan(query, self._lang, everywhere=True)
        return self._engine(plan) if query.filters else {}

    # --- numbers ---------------------------------------------------------------------------------------------

    def _number(self, index: Index, relation: str, term: str) -> Found:
        assert index.numbers
        wanted = {_number_key(each) for each in (term.split() if relation == "any" else [term])}
        found = (r for r in self._contents.public if any(_number_key(n) in wanted for n in index.numbers(r) if n))
        return {record.id: 0.0 for record in found}

    def _id(self, _index: Index, relation: str, term: str) -> Found:
        """Return a record by its id or its permalink, a former id too."""
        contents = self._contents
        each = (re.sub(r"^.*/record/", "", one) for one in (term.split() if relation == "any" else [term]))
        return {id: 0.0 for one in each if (id := contents.redirects.get(one, one)) in contents.records}

    def _year(self, _index: Index, relation: str, term: str) -> Found:
        years, wanted = term.split(), 2 if relation == "within" else 1
        if len(years) != wanted or not all(re.fullmatch(r"[0-9]{4}", year) for year in years):
            raise Diagnostic(36, term)
        first, last = int(years[0]), int(years[-1])
        holds = _COMPARED.get(relation, _COMPARED["="])
        within = relation == "within"
        return {
            record.id: 0.0
            for record in self._contents.public
            if record.year and (first <= record.year <= last if within else holds(record.year, first))
        }


_KINDS: Mapping[str, Callable[[Searcher, Index, str, str], Found]] = {
    "everywhere": Searcher._words,
    "words": Searcher._words,
    "value": Searcher._value,
    "number": Searcher._number,
    "id": Searcher._id,
    "year": Searcher._year,
    "all": Searcher._every,
}

_COMPARED: Mapping[str, Callable[[int, int], bool]] = {
    "=": operator.eq, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge, "<>": operator.ne,
}  # fmt: skip

_BOOLEANS: Mapping[str, Callable[[Found, Found], Found]] = {
    "and": lambda left, right: {id: score + right[id] for id, score in left.items() if id in right},
    "or": lambda left, right: _united([left, right]),
    "not": lambda left, right: {id: score for id, score in left.items() if id not in right},
}


def _united(each: Iterable[Found]) -> Found:
    found: Found = {}
    for one in each:
        for id, score in one.items():
            found[id] = found.get(id, 0.0) + score
    return found


def _intersected(each: Iterable[Found]) -> Found:
    found: Found | None = None
    for one in each:
        found = one if found is None else _BOOLEANS["and"](found, one)
    return found or {}


def _in_text(plan: Plan) -> Callable[[list[tuple[str, str]]], bool]:
    """Return the test whether all parts of a plan stand in the texts of a field; a phrase whole in one of them."""
    explainer = Explainer(plan)
    words = frozenset(n for n, part in enumerate(plan.parts) if part.kind != "phrase")
    phrases = [part for part in plan.parts if part.kind == "phrase"]

    def holds(pairs: list[tuple[str, str]]) -> bool:
        said = frozenset[int]().union(*(explainer.parts_in(text, lang) for lang, text in pairs)) if words else words
        return words <= said and all(any(_has_phrase(text, part) for _, text in pairs) for part in phrases)

    return holds


def _has_phrase(text: str, part: Part) -> bool:
    surfaces, wanted = tuple(analysis.surfaces(text)), part.surfaces
    return any(surfaces[n : n + len(wanted)] == wanted for n in range(len(surfaces) - len(wanted) + 1))


def _unmasked(term: str) -> str:
    r"""Return a term without escapes (``\"``); only a ``*`` at the end of a word masks here. Raises Diagnostic."""
    return " ".join(map(_unmasked_word, re.sub(r"\\[*?^]", " ", term).split()))


def _unmasked_word(word: str) -> str:
    bare = re.sub(r"\\(.)", r"\1", word)
    if "^" in bare:
        raise Diagnostic(31, word)
    if "?" in bare or "*" in bare[:-1]:
        raise Diagnostic(28, word)
    if bare.endswith("*") and len(bare) <= SHORTEST_PREFIX:
        raise Diagnostic(29, word)
    return bare


def _number_key(number: str) -> str:
    """Return what two numbers must share to be the same: an ISBN of ten digits is one of thirteen."""
    bare = re.sub(r"[\s-]", "", number).upper()
    return isbn_key(bare) or bare
