"""The titles of the records that visitors may find now, followed from one state of the catalogue to the next."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import merge

from catalogue.resource import Resource
from catalogue.search.labels import Labels, Listing, alphabetical

_FEW_CHANGES = 1000  # changed records that are read beside the others; with more, all are better read again

Pools = Mapping[tuple[str, str], Labels[Resource]]  # by kind and language


class Titles:
    """Titles by the beginnings of their words. Immutable: a change makes new ones, which share what did not change."""

    def __init__(self, live: Mapping[str, Resource], read: Pools, recent: Mapping[str, Resource], dead: int) -> None:
        self.live = live
        self._read = read
        self._recent = recent  # the records that changed since ``_read`` was read
        self._recently_read = _read_titles(recent.values())
        self._dead = dead  # the records of ``_read`` that are no longer as they were

    @classmethod
    def of(cls, records: Mapping[str, Resource], now: datetime.datetime) -> Titles:
        """Read the titles of the published ``records``, past events left out."""
        live = {id: record for id, record in records.items() if is_live(record, now)}
        return cls(live, _read_titles(live.values()), {}, 0)

    def after(self, gone: Iterable[str], come: dict[str, Resource]) -> Titles | None:
        """Return the titles with some records gone and others come; None where all are better read again."""
        left = set(gone) & self.live.keys()
        recent = _without(self._recent, left) | come
        dead = self._dead + len(left - self._recent.keys())
        if max(len(recent), dead) > _FEW_CHANGES:
            return None
        return Titles(_without(self.live, left) | come, self._read, recent, dead)

    def find(self, kind: str, lang: str, beginnings: Sequence[str]) -> Iterator[tuple[bool, str, Resource]]:
        """Yield the titles in ``lang`` as ``Labels.find`` does; ``kind`` is ``title`` or ``organisation``."""
        pools = [pool[kind, lang] for pool in (self._read, self._recently_read) if (kind, lang) in pool]
        for inside, text, record in merge(*(labels.find(beginnings) for labels in pools), key=_order):
            if self.live.get(record.id) is record:
                yield inside, text, record


def _order(found: tuple[bool, str, Resource]) -> tuple[bool, str]:
    inside, text, _ = found
    return inside, alphabetical(text)


def is_live(record: Resource, now: datetime.datetime) -> bool:
    """Tell whether visitors may find a record: it is published and no past event."""
    return record.is_public and not record.is_past(now)


def _read_titles(records: Iterable[Resource]) -> Pools:
    """Read titles by kind and language; those of organisations are names."""
    found: dict[tuple[str, str], Listing[Resource]] = defaultdict(Listing)
    for record in records:
        kind = "organisation" if record.kind == "organisation" else "title"
        for lang, text in record.title.items():
            found[kind, lang].add(text, record)
    return {key: Labels(listing) for key, listing in found.items()}


def _without(records: Mapping[str, Resource], ids: Collection[str]) -> dict[str, Resource]:
    kept = dict(records)
    for id in ids:
        kept.pop(id, None)
    return kept
