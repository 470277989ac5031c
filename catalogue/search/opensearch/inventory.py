"""The digests of all documents, read when somebody looks at one: who only counts them does not wait for a million."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from catalogue.search.opensearch.cluster import WRITING, Cluster

PAGE = 10_000


class Inventory(Mapping[str, str]):
    """What ``Engine.inventory`` returns. Reading it may raise IndexUnavailable."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        """Count the documents of an index. Raises IndexUnavailable, Missing."""
        self._cluster, self._index = cluster, index
        self._count = cluster.count(index)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        return iter(self._digests)

    def __getitem__(self, id: str) -> str:
        return self._digests[id]

    @cached_property
    def _digests(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        body: dict[str, Any] = {
            "size": PAGE,
            "sort": [{"id": "asc"}],
            "docvalue_fields": ["digest"],
            "_source": False,
            "stored_fields": "_none_",
            "track_total_hits": False,
        }
        while True:
            (answer,) = self._cluster.searches(self._index, [body], within=WRITING)
            hits = answer["hits"]["hits"]
            found |= {hit["sort"][0]: hit["fields"]["digest"][0] for hit in hits}
            if len(hits) < PAGE:
                return found
            body["search_after"] = hits[-1]["sort"]
