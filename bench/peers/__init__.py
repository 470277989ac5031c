"""The engines that are measured, behind one small protocol; each alone imports its library, in a module of its own."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from bench.analysed import Analysed
from bench.queries import Ask
from catalogue.search.engine import Plan

TOP = 20
"""Hits of a result page."""


@dataclass(frozen=True)
class Answer:
    """What one result page needs: the total, the counts of the facets ``COUNTED``, the ids of the first hits.

    With a ``plan`` the catalogue's own highlights are made by it.
    """

    total: int
    facets: Mapping[str, Mapping[str, int]]
    ids: tuple[str, ...]
    plan: Plan | None = None


class Peer(Protocol):
    """An engine over a folder of its own. ``analyses``: it analyses texts itself, within its own time."""

    analyses: bool

    def build(self, items: Sequence[Analysed]) -> None:
        """Make the index of all documents in the empty folder."""
        ...

    def open(self) -> None:
        """Open the index for answering and adding."""
        ...

    def answer(self, ask: Ask) -> Answer:
        """Answer a query: every word required, counts of a facet regardless of its own choices."""
        ...

    def add(self, item: Analysed) -> None:
        """Add one document; it is found when this returns."""
        ...

    def close(self) -> None:
        """Let go of files and processes."""
        ...


@dataclass(frozen=True)
class Kind:
    """How a peer is called in the report, and where it is made. ``slow``: above 10,000 records asked a sample only."""

    name: str
    place: str  # module:class
    slow: bool = False


PEERS: Mapping[str, Kind] = {
    "catalogue": Kind("catalogue", "catalogue:Required"),
    "shipped": Kind("catalogue, shipped ranking", "catalogue:Shipped"),
    "cached": Kind("catalogue, results cached", "catalogue:Cached"),
    "tantivy": Kind("tantivy", "tantivy:Tantivy"),
    "sqlite-bitmaps": Kind("SQLite FTS5 + roaring bitmaps", "sqlite_bitmaps:SqliteBitmaps"),
    "sqlite-sql": Kind("SQLite FTS5 + SQL GROUP BY", "sqlite:SqliteGroupBy", slow=True),
    "xapian": Kind("Xapian", "xapian:Xapian"),
    "whoosh": Kind("whoosh as it comes", "whoosh:Whoosh", slow=True),
    "datasette": Kind("Datasette over HTTP", "datasette:Datasette", slow=True),
}
SHARED_INDEX = {"shipped": "catalogue", "cached": "catalogue"}
"""Peers that open the index another one built."""


def make(key: str, folder: Path) -> Peer:
    """Return a peer over ``folder``. Raises ImportError where its library is not installed."""
    module, _, name = PEERS[key].place.partition(":")
    made = getattr(importlib.import_module(f"bench.peers.{module}"), name)(folder / SHARED_INDEX.get(key, key))
    return cast(Peer, made)


def missing(key: str) -> str:
    """Return why a peer cannot run on this machine; empty where it can."""
    try:
        importlib.import_module(f"bench.peers.{PEERS[key].place.partition(':')[0]}")
    except ImportError as error:
        return str(error)
    return ""
