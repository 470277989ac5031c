"""SQLite's full-text search (FTS5), and the counts of facets by SQL alone."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bench.analysed import Analysed
from bench.peers import TOP, Answer
from bench.queries import COUNTED, Ask, Filters

# Two tables: words read the stems, phrases and beginnings read the surface words.
# Terms come analysed; the tokenizer only cuts at spaces, so the few signs that words may hold are letters to it.
_SCHEMA = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE VIRTUAL TABLE stems USING fts5(terms, content='', tokenize="ascii tokenchars '+#''_'");
    CREATE VIRTUAL TABLE exact USING fts5(terms, content='', tokenize="ascii tokenchars '+#''_'");
    CREATE TABLE documents (number INTEGER PRIMARY KEY, id TEXT UNIQUE, day INTEGER);
    CREATE INDEX newest ON documents (day DESC, id);
    CREATE TABLE by_value (facet TEXT, value TEXT, number INTEGER, PRIMARY KEY (facet, value, number)) WITHOUT ROWID;
"""
_BY_DOCUMENT = """
    CREATE TABLE by_document (number INTEGER, facet TEXT, value TEXT, PRIMARY KEY (number, facet, value)) WITHOUT ROWID;
"""


def match(ask: Ask) -> tuple[str, str]:
    """Return the table to search and the FTS5 expression; an empty table for browsing."""
    if ask.phrase:
        return "exact", f'"{" ".join(ask.phrase)}"'
    if ask.prefix:
        return "exact", f'"{ask.prefix}"*'
    if not ask.words:
        return "", ""
    return "stems", " AND ".join("(" + " OR ".join(f'"{stem}"' for stem in stems) + ")" for stems in ask.words)


def where(filters: Filters, column: str) -> tuple[str, list[str]]:
    """Return the SQL condition and its values that keep the documents with the chosen facet values."""
    sql, values = "", []
    for facet, chosen in filters.items():
        marks = ", ".join("?" * len(chosen))
        sql += f" AND {column} IN (SELECT number FROM by_value WHERE facet = ? AND value IN ({marks}))"
        values += [facet, *chosen]
    return sql, values


class Sqlite:
    """What both ways of counting share: the index, its building, the first hits."""

    analyses = False
    schema = _SCHEMA

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._database: sqlite3.Connection

    def build(self, items: Sequence[Analysed]) -> None:
        self._folder.mkdir(parents=True)
        self._connect()
        self._database.executescript(self.schema)
        self._insert(enumerate(items, 1))
        for table in ("stems", "exact"):
            self._database.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        self._database.commit()
        self._database.execute("ANALYZE")

    def open(self) -> None:
        self._connect()

    def add(self, item: Analysed) -> None:
        (last,) = self._database.execute("SELECT max(number) FROM documents").fetchone()
        self._insert([(last + 1, item)])
        self._database.commit()

    def close(self) -> None:
        self._database.close()

    def _connect(self) -> None:
        self._database = sqlite3.connect(self._folder / "bench.db")
        self._database.execute("PRAGMA mmap_size = 2000000000")
        self._database.execute("PRAGMA cache_size = -64000")

    def _insert(self, numbered: Iterable[tuple[int, Analysed]]) -> None:
        for_stems, for_exact, for_rows, for_values = itertools.tee(numbered, 4)
        many = self._database.executemany
        many("INSERT INTO stems (rowid, terms) VALUES (?, ?)", ((number, item.text) for number, item in for_stems))
        many("INSERT INTO exact (rowid, terms) VALUES (?, ?)", ((number, item.exact) for number, item in for_exact))
        many("INSERT INTO documents VALUES (?, ?, ?)", ((number, item.id, item.day) for number, item in for_rows))
        self._insert_facets(list(_facet_rows(for_values)))

    def _insert_facets(self, rows: list[tuple[str, str, int]]) -> None:
        self._database.executemany("INSERT INTO by_value VALUES (?, ?, ?)", sorted(rows))

    def _first(self, ask: Ask) -> tuple[str, ...]:
        """Return the ids of the first hits: by BM25, without words the newest."""
        table, expression = match(ask)
        if not table:
            sql, values = where(ask.filters, "+number")
            rows = self._database.execute(
                f"SELECT id FROM documents WHERE 1{sql} ORDER BY day DESC, id LIMIT {TOP}", values
            )
        else:
            sql, values = where(ask.filters, f"+{table}.rowid")
            inner = f"SELECT rowid AS n, bm25({table}) AS b FROM {table} WHERE {table} MATCH ?{sql}"
            ranked = f"SELECT id FROM ({inner} ORDER BY b LIMIT {TOP}) JOIN documents ON number = n ORDER BY b"
            rows = self._database.execute(ranked, [expression, *values])
        return tuple(id for (id,) in rows)


def _facet_rows(numbered: Iterable[tuple[int, Analysed]]) -> Iterator[tuple[str, str, int]]:
    for number, item in numbered:
        yield from ((facet, value, number) for facet, values in item.facets.items() for value in values)


class SqliteGroupBy(Sqlite):
    """FTS5 with every count made by SQL: the matches into a temporary table, then one GROUP BY for each facet."""

    schema = _SCHEMA + _BY_DOCUMENT

    def _insert_facets(self, rows: list[tuple[str, str, int]]) -> None:
        super()._insert_facets(rows)
        by_document = ((number, facet, value) for facet, value, number in rows)
        self._database.executemany("INSERT INTO by_document VALUES (?, ?, ?)", by_document)

    def answer(self, ask: Ask) -> Answer:
        self._collect(*match(ask))
        facets = {facet: self._counts(facet, ask.filters_but(facet)) for facet in COUNTED}
        sql, values = where(ask.filters, "matches.number")
        (total,) = self._database.execute(f"SELECT count(*) FROM matches WHERE 1{sql}", values).fetchone()
        return Answer(total, facets, self._first(ask))

    def _collect(self, table: str, expression: str) -> None:
        run = self._database.execute
        run("CREATE TEMP TABLE IF NOT EXISTS matches (number INTEGER PRIMARY KEY)")
        run("DELETE FROM matches")
        if table:
            run(f"INSERT INTO matches SELECT rowid FROM {table} WHERE {table} MATCH ?", [expression])
        else:
            run("INSERT INTO matches SELECT number FROM documents")

    def _counts(self, facet: str, filters: Filters) -> dict[str, int]:
        sql, values = where(filters, "matches.number")
        rows = self._database.execute(
            "SELECT value, count(*) FROM matches JOIN by_document USING (number)"
            f" WHERE by_document.facet = ?{sql} GROUP BY value",
            [facet, *values],
        )
        return dict(rows.fetchall())
