"""Xapian, the search library in C++: match spies over value slots count the facets.

Its Python bindings come with the system (Debian: ``apt-get install python3-xapian``), not from the package index; where
the environment does not see them they are looked for among the system's packages.
"""

from __future__ import annotations

import importlib
import shutil
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.analysed import GAP, Analysed
from bench.peers import TOP, Answer
from bench.queries import COUNTED, Ask, Filters
from catalogue.fields import FACETS

_SYSTEM_PACKAGES = "/usr/lib/python3/dist-packages"
_STEM, _EXACT = "S", "E"  # the first letter of a term says what it is
_DAY = len(FACETS)  # the slot behind those of the facets


def _bindings() -> Any:
    """Return the xapian module. Raises ImportError where it is not installed for this Python."""
    try:
        return importlib.import_module("xapian")
    except ImportError:
        sys.path.append(_SYSTEM_PACKAGES)
        try:
            return importlib.import_module("xapian")
        finally:
            sys.path.remove(_SYSTEM_PACKAGES)


xapian = _bindings()


class Xapian:
    """Each answer is one pass over all matches; the counts of a chosen facet need a pass of their own."""

    analyses = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._database: Any
        self._writer: Any = None

    def build(self, items: Sequence[Analysed]) -> None:
        loose = self._folder.with_suffix(".loose")
        writer = xapian.WritableDatabase(str(loose), xapian.DB_CREATE_OR_OVERWRITE)
        for item in items:
            writer.add_document(_document(item))
        writer.commit()
        writer.close()
        xapian.Database(str(loose)).compact(str(self._folder))
        shutil.rmtree(loose)

    def open(self) -> None:
        self._database = xapian.Database(str(self._folder))

    def add(self, item: Analysed) -> None:
        self._writer = self._writer or xapian.WritableDatabase(str(self._folder), xapian.DB_OPEN)
        self._writer.add_document(_document(item))
        self._writer.commit()
        self._database.reopen()

    def close(self) -> None:
        self._database.close()
        if self._writer:
            self._writer.close()

    def answer(self, ask: Ask) -> Answer:
        words = _words(ask)
        free = [facet for facet in COUNTED if facet not in ask.filters]
        found, facets = self._run(_filtered(words, ask.filters), free, TOP, newest_first=not ask.parts)
        for facet in ask.filters.keys() & set(COUNTED):
            facets |= self._run(_filtered(words, ask.filters_but(facet)), [facet], 0)[1]
        return Answer(found.get_matches_estimated(), facets, tuple(hit.document.get_data().decode() for hit in found))

    def _run(
        self, asked: Any, counted: Sequence[str], limit: int, newest_first: bool = False
    ) -> tuple[Any, dict[str, Mapping[str, int]]]:
        enquire = xapian.Enquire(self._database)
        enquire.set_query(asked)
        if newest_first:
            enquire.set_weighting_scheme(xapian.BoolWeight())
            enquire.set_sort_by_value(_DAY, True)
        spies = {facet: xapian.ValueCountMatchSpy(list(FACETS).index(facet)) for facet in counted}
        for spy in spies.values():
            enquire.add_matchspy(spy)
        found = enquire.get_mset(0, limit, self._database.get_doccount())  # all are checked: counts are exact
        return found, {facet: _values(spy) for facet, spy in spies.items()}


def _values(spy: Any) -> Mapping[str, int]:
    """Return the counts of single values: a slot holds all values of a document, joined."""
    counts: Counter[str] = Counter()
    for joined in spy.values():
        for value in joined.term.decode().split("|"):
            counts[value] += joined.termfreq
    return counts


def _words(ask: Ask) -> Any:
    query = xapian.Query
    if ask.phrase:
        return query(query.OP_PHRASE, [_EXACT + word for word in ask.phrase])
    if ask.prefix:
        return query(query.OP_WILDCARD, _EXACT + ask.prefix, 0, query.WILDCARD_LIMIT_ERROR, query.OP_OR)
    if not ask.words:
        return query.MatchAll
    return query(query.OP_AND, [query(query.OP_OR, [_STEM + stem for stem in stems]) for stems in ask.words])


def _filtered(words: Any, filters: Filters) -> Any:
    query = xapian.Query
    kept = [query(query.OP_OR, [_facet_term(facet, value) for value in values]) for facet, values in filters.items()]
    return query(query.OP_FILTER, words, query(query.OP_AND, kept)) if kept else words


def _facet_term(facet: str, value: str) -> str:
    return f"X{facet.upper()}:{value}"


def _document(item: Analysed) -> Any:
    document = xapian.Document()
    for stem in item.text.split():
        document.add_term(_STEM + stem)
    for position, word in enumerate(item.exact.split()):
        if word != GAP:
            document.add_posting(_EXACT + word, position)
    for slot, facet in enumerate(FACETS):
        document.add_value(slot, "|".join(item.facets[facet]))
        for value in item.facets[facet]:
            document.add_boolean_term(_facet_term(facet, value))
    document.add_value(_DAY, str(item.day))
    document.set_data(item.id)
    return document
