"""whoosh as it comes: its own scoring and its own counts (``search(groupedby=…)``), without arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from whoosh import fields, index, query, sorting
from whoosh.analysis import Analyzer, Token

from bench.analysed import GAP, Analysed
from bench.peers import TOP, Answer
from bench.queries import COUNTED, Ask, Filters
from catalogue.fields import FACETS


class _Terms(Analyzer):
    """Hands over terms that were analysed before; a gap between texts is a gap between positions."""

    def __call__(self, value: str, **options: Any) -> Iterator[Token]:
        token = Token(options.get("positions", False), removestops=False, mode=options.get("mode", ""))
        for position, term in enumerate(value.split()):
            if term != GAP:
                token.text, token.pos, token.boost, token.stopped = term, position, 1.0, False
                yield token


class Whoosh:
    """Two fields of words, one field for each facet; multi-select counts need a search for each chosen facet."""

    analyses = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index: Any
        self._searcher: Any

    def build(self, items: Sequence[Analysed]) -> None:
        self._folder.mkdir(parents=True)
        writer = index.create_in(str(self._folder), _schema()).writer(limitmb=256)
        for item in items:
            writer.add_document(**_row(item))
        writer.commit()

    def open(self) -> None:
        self._index = index.open_dir(str(self._folder))
        self._searcher = self._index.searcher()

    def add(self, item: Analysed) -> None:
        writer = self._index.writer()
        writer.update_document(**_row(item))
        writer.commit()
        self._searcher = self._index.searcher()

    def close(self) -> None:
        self._searcher.close()
        self._index.close()

    def answer(self, ask: Ask) -> Answer:
        words = _words(ask)
        free = [facet for facet in COUNTED if facet not in ask.filters]
        order = {} if ask.parts else {"sortedby": "day", "reverse": True}
        found = self._searcher.search(words, limit=TOP, filter=_chosen(ask.filters), groupedby=_grouping(free), **order)
        facets = {facet: _counts(found, facet) for facet in free}
        for facet in ask.filters.keys() & set(COUNTED):
            others = _chosen(ask.filters_but(facet))
            facets[facet] = _counts(
                self._searcher.search(words, limit=1, filter=others, groupedby=_grouping([facet])), facet
            )
        return Answer(len(found), facets, tuple(hit["id"] for hit in islice(found, TOP)))


def _schema() -> Any:
    text = fields.TEXT(analyzer=_Terms(), phrase=False)
    facets = {_facet_field(facet): fields.KEYWORD(commas=True) for facet in FACETS}
    exact = fields.TEXT(analyzer=_Terms(), phrase=True)
    return fields.Schema(
        id=fields.ID(unique=True, stored=True), day=fields.NUMERIC(sortable=True), text=text, exact=exact, **facets
    )


def _facet_field(facet: str) -> str:
    return f"facet_{facet}"


def _row(item: Analysed) -> dict[str, Any]:
    facets = {_facet_field(facet): ",".join(values) for facet, values in item.facets.items()}
    return {"id": item.id, "day": item.day, "text": item.text, "exact": item.exact, **facets}


def _words(ask: Ask) -> Any:
    if ask.phrase:
        return query.Phrase("exact", list(ask.phrase))
    if ask.prefix:
        return query.Prefix("exact", ask.prefix)
    if not ask.words:
        return query.Every()
    return query.And([query.Or([query.Term("text", stem) for stem in stems]) for stems in ask.words])


def _chosen(filters: Filters) -> Any:
    kept = [query.Or([query.Term(_facet_field(f), value) for value in values]) for f, values in filters.items()]
    return query.And(kept) if kept else None


def _grouping(facets: Sequence[str]) -> dict[str, Any]:
    return {f: sorting.FieldFacet(_facet_field(f), allow_overlap=True, maptype=sorting.Count) for f in facets}


def _counts(found: Any, facet: str) -> dict[str, int]:
    return {value: count for value, count in found.groups(facet).items() if value and count}
