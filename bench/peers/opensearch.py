"""The catalogue's engine on a cluster of OpenSearch, asked as the site asks it."""

from __future__ import annotations

from pathlib import Path

from bench.peers.catalogue import Shipped
from catalogue.search.engine import Engine
from catalogue.search.opensearch import cluster
from catalogue.search.opensearch.address import Address
from catalogue.search.opensearch.engine import OpenSearchEngine


class Clustered(Shipped):
    """As ``Shipped``; the index is on the cluster at ``address``, the concepts are in the folder."""

    def __init__(self, folder: Path, address: str) -> None:
        super().__init__(folder)
        self._address = Address.of(address)

    def _opened(self) -> Engine:
        # No visitor waits, and what was built last may not be in the memory of a machine that also runs us.
        cluster.READING = cluster.WRITING
        return OpenSearchEngine(self._address, self.weights, self.result_cache)

    def size(self) -> int:
        """Return the bytes of the index, its copies on other nodes not included."""
        engine = self._engine
        assert isinstance(engine, OpenSearchEngine)
        found = engine._cluster.ask("GET", f"/{self._address.name}/_stats/store")
        return int(found["_all"]["primaries"]["store"]["size_in_bytes"])

    def processor(self) -> float:
        """Return the seconds of processor time that all nodes together have taken since they started."""
        engine = self._engine
        assert isinstance(engine, OpenSearchEngine)
        found = engine._cluster.ask("GET", "/_nodes/stats/process", filter_path="nodes.*.process.cpu.total_in_millis")
        return sum(int(node["process"]["cpu"]["total_in_millis"]) for node in found["nodes"].values()) / 1000
