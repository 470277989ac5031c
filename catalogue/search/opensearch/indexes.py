"""The indexes of one name on a cluster: one in use, another being built beside it.

    name                alias of the index in use: one request takes it from one index to the next
    name.<number>       an index; ``_meta`` says what it was built with
    name.<number>-new   alias of an index that is being built; who takes it away makes the builder stop
    name-words          a document for each index: the words it was built with

An index is built by whoever finds none that fits. Where two do at once, the last to be ready stays in use.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from catalogue.errors import IndexUnavailable
from catalogue.search.opensearch.cluster import WRITING, Cluster, Json, Missing, Present
from catalogue.search.opensearch.mapping import Means, index_settings, mapping
from catalogue.search.words import Words

COPIED: Mapping[str, Any] = {"wait_for_active_shards": "all", "timeout": "25s"}
"""A new index is waited for with its copies: a node may fall with the first document."""

ABANDONED = 86_400.0
"""Seconds after which an index that nobody took into use is a leftover."""


@dataclass(frozen=True)
class Described:
    """An index in use: its own name, the fingerprint and the mean lengths it was built with, and its words."""

    index: str
    fingerprint: str
    means: Means
    words: Words


class Indexes:
    """Makes, swaps and removes the indexes of one name. Raises IndexUnavailable."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.name = cluster.address.name

    @property
    def _words(self) -> str:
        return f"{self.name}-words"

    def in_use(self) -> Described:
        """Return the index in use. Raises Missing where there is none."""
        (index,) = self._aliased() or [""]
        if not index:
            raise Missing
        meta = self._cluster.ask("GET", f"/{index}/_mapping")[index]["mappings"]["_meta"]
        kept = self._cluster.ask("GET", f"/{self._words}/_doc/{index}")["_source"]
        return Described(index, meta["fingerprint"], meta["means"], Words.from_json(kept))

    def state(self) -> tuple[str, int]:
        """Return the index in use and a number that grows with every change of it. Raises Missing: there is none."""
        stats = self._cluster.ask(
            "GET", f"/{self.name}/_stats", level="shards", filter_path="indices.*.shards.*.seq_no.max_seq_no"
        )
        for index, found in stats.get("indices", {}).items():
            newest = (max(copy["seq_no"]["max_seq_no"] for copy in copies) for copies in found["shards"].values())
            return str(index), sum(newest)
        raise IndexUnavailable  # it is there, but no node that has a part of it answers

    def create(self, fingerprint: str, means: Means, words: Words, documents: int) -> Described:
        """Make an index that nobody uses yet, for so many documents."""
        index = f"{self.name}.{time.time_ns():x}-{uuid.uuid4().hex[:6]}"
        self._remove_leftovers()
        body = {
            "settings": index_settings(documents),
            "mappings": mapping({"fingerprint": fingerprint, "means": dict(means)}),
            "aliases": {building(index): {}},
        }
        self._make(index, body)
        self._keep_words(index, words)
        return Described(index, fingerprint, means, words)

    def use(self, described: Described) -> None:
        """Let the name stand for this index, all at once, and remove the one it stood for."""
        before = self._aliased(WRITING)
        actions: list[dict[str, Any]] = [{"remove": {"index": index, "alias": self.name}} for index in before]
        actions += [{"add": {"index": described.index, "alias": self.name}}]
        actions += [{"remove": {"index": described.index, "alias": building(described.index)}}]
        self._cluster.ask("POST", "/_aliases", {"actions": actions}, within=WRITING)
        for index in before:
            self.discard(index)

    def discard(self, index: str) -> None:
        """Remove an index and its words."""
        for path in (f"/{index}", f"/{self._words}/_doc/{index}"):
            try:
                self._cluster.ask("DELETE", path, within=WRITING)
            except Missing:
                continue

    def _aliased(self, within: float = 0) -> list[str]:
        try:
            return sorted(self._cluster.ask("GET", f"/_alias/{self.name}", within=within))
        except Missing:
            return []

    def _make(self, index: str, body: Json) -> None:
        # It is there already where the answer to a first request was lost, or where another process has made it.
        with suppress(Present):
            self._cluster.ask("PUT", f"/{index}", body, within=WRITING, **COPIED)

    def _keep_words(self, index: str, words: Words) -> None:
        try:
            self._cluster.ask("GET", f"/{self._words}/_mapping", within=WRITING)
        except Missing:
            kept = {"settings": {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}}}
            self._make(self._words, {**kept, "mappings": {"enabled": False}})
        self._cluster.ask("PUT", f"/{self._words}/_doc/{index}", words.to_json(), within=WRITING)

    def _remove_leftovers(self) -> None:
        """Remove what a program that was killed had begun to build."""
        try:
            every: Mapping[str, Any] = self._cluster.ask("GET", f"/{self.name}.*", within=WRITING)
        except Missing:
            return
        for index, found in every.items():
            age = time.time() - int(found["settings"]["index"]["creation_date"]) / 1000
            if self.name not in found["aliases"] and age > ABANDONED:
                self.discard(index)


def building(index: str) -> str:
    """Return the alias by which an index is filled."""
    return f"{index}-new"
