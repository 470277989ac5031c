"""Datasette over HTTP: a SQLite file with full-text search, its facets counted and sent as JSON by its own server.

Datasette has no ranking in its table pages and no OR within a facet of several values, so hits come in the order of
their numbers, and the chosen values go into ``_where``.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

import datasette  # noqa: F401 - started as a process; imported to know that it is there
import httpx2

from bench.analysed import Analysed
from bench.peers import TOP, Answer
from bench.peers.sqlite import Sqlite, match
from bench.queries import COUNTED, Ask, Filters

_START_SECONDS = 30
_SETTINGS = {"facet_time_limit_ms": 60_000, "sql_time_limit_ms": 60_000, "max_returned_rows": 1000, "suggest_facets": 0}
_SINGLE = ("kind", "publisher")  # facets of one value; the others are columns of JSON arrays


class Datasette(Sqlite):
    """A server process over the file; each answer is one request, and one more for each chosen facet."""

    schema = Sqlite.schema + f"CREATE TABLE shown (number INTEGER PRIMARY KEY, id TEXT, {', '.join(COUNTED)});"

    def _insert(self, numbered: Iterable[tuple[int, Analysed]]) -> None:
        rows = list(numbered)
        super()._insert(rows)
        marks = ", ".join("?" * (2 + len(COUNTED)))
        self._database.executemany(
            f"INSERT INTO shown VALUES ({marks})",
            ((number, item.id, *(_column(facet, item) for facet in COUNTED)) for number, item in rows),
        )

    def open(self) -> None:
        super().open()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        settings = [word for name, value in _SETTINGS.items() for word in ("--setting", name, str(value))]
        command = [sys.executable, "-m", "datasette", "serve", str(self._folder / "bench.db"), "--port", str(port)]
        self._server = subprocess.Popen([*command, *settings], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self._client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=120)
        self._wait()

    def _wait(self) -> None:
        for _ in range(_START_SECONDS * 10):
            try:
                self._client.get("/-/versions.json")
                return
            except httpx2.TransportError:
                time.sleep(0.1)
        raise TimeoutError("Datasette did not start")

    def close(self) -> None:
        self._client.close()
        self._server.terminate()
        self._server.wait()
        super().close()

    def answer(self, ask: Ask) -> Answer:
        found = self._get(ask, ask.filters, [facet for facet in COUNTED if facet not in ask.filters], TOP)
        facets = _counts(found)
        for facet in ask.filters.keys() & set(COUNTED):
            facets |= _counts(self._get(ask, ask.filters_but(facet), [facet], 0))
        return Answer(found["filtered_table_rows_count"], facets, tuple(row["id"] for row in found["rows"]))

    def _get(self, ask: Ask, filters: Filters, facets: Sequence[str], size: int) -> dict[str, Any]:
        table, expression = match(ask)
        params = [("_size", str(size)), ("_shape", "objects"), ("_facet_size", "max")]
        params += [("_facet" if facet in _SINGLE else "_facet_array", facet) for facet in facets]
        if table:
            params += [("_fts_table", table), ("_fts_pk", "number"), ("_searchmode", "raw"), ("_search", expression)]
        params += [("_where", _condition(facet, values)) for facet, values in filters.items()]
        answer = self._client.get(f"/bench/shown.json?{urlencode(params)}")
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def _column(facet: str, item: Analysed) -> str:
    values = item.facets[facet]
    return values[0] if facet in _SINGLE else json.dumps(values)


def _condition(facet: str, values: Sequence[str]) -> str:
    quoted = ", ".join(f"'{value}'" for value in values)
    return f"number IN (SELECT number FROM by_value WHERE facet = '{facet}' AND value IN ({quoted}))"


def _counts(found: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {
        facet["name"]: {row["value"]: row["count"] for row in facet["results"]}
        for facet in found["facet_results"].values()
    }
