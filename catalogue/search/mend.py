"""Bring an index up to date with the documents it should hold, changing as little as possible."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.search.document import IndexDocument
from catalogue.search.engine import Engine, Progress

FEW_CHANGES = 200  # more are built beside the index in use rather than put into it one by one


def mend(engine: Engine, documents: Sequence[IndexDocument], progress: Progress | None = None) -> None:
    """Compare ``documents`` with the index, digest by digest, and mend the difference. Raises IndexUnavailable."""
    inventory = engine.inventory()
    stale = [item for item in documents if inventory.get(item.id) != item.digest]
    gone = inventory.keys() - {item.id for item in documents}
    if len(stale) + len(gone) > FEW_CHANGES or (documents and not inventory):
        engine.rebuild(documents, progress)
        return
    if stale:
        engine.put(stale)
    if gone:
        engine.remove(gone)
