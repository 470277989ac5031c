"""SQLite's full-text search with the facets as roaring bitmaps in memory: what one adds when SQL counts too slowly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from pyroaring import BitMap

from bench.analysed import Analysed
from bench.peers import Answer
from bench.peers.sqlite import Sqlite, match
from bench.queries import COUNTED, Ask, Filters


class SqliteBitmaps(Sqlite):
    """FTS5 gives the matching numbers; a bitmap for each facet value filters and counts them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._all = BitMap()
        self._bitmaps: Mapping[str, dict[str, BitMap]] = defaultdict(lambda: defaultdict(BitMap))

    def open(self) -> None:
        super().open()
        for facet, value, number in self._database.execute("SELECT facet, value, number FROM by_value"):
            self._bitmaps[facet][value].add(number)
        self._all = BitMap(number for (number,) in self._database.execute("SELECT number FROM documents"))

    def add(self, item: Analysed) -> None:
        super().add(item)
        (number,) = self._database.execute("SELECT max(number) FROM documents").fetchone()
        self._all.add(number)
        for facet, values in item.facets.items():
            for value in values:
                self._bitmaps[facet][value].add(number)

    def answer(self, ask: Ask) -> Answer:
        found = self._found(*match(ask))
        kept = self._filtered(found, ask.filters)
        facets = {}
        for facet in COUNTED:
            counted = self._filtered(found, ask.filters_but(facet)) if facet in ask.filters else kept
            counts = ((value, counted.intersection_cardinality(b)) for value, b in self._bitmaps[facet].items())
            facets[facet] = {value: count for value, count in counts if count}
        return Answer(len(kept), facets, self._first(ask))

    def _found(self, table: str, expression: str) -> BitMap:
        if not table:
            return self._all
        rows = self._database.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH ?", [expression])
        return BitMap([number for (number,) in rows])

    def _filtered(self, found: BitMap, filters: Filters) -> BitMap:
        for facet, values in filters.items():
            found = found & BitMap.union(*(self._bitmaps[facet][value] for value in values))
        return found
