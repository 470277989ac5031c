"""Records with links replaced or suspended, written as one action each."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from catalogue.errors import N_, BadInput, Conflict, Problem
from catalogue.links.collected import readdressed, suspended
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.shapes import Address, Place, as_value
from catalogue.yamlfile import Document


def replace(
    catalogue: Catalogue, ids: Iterable[str], replacements: Mapping[str, str], *, account: str, label: str
) -> int:
    """Replace addresses in records; returns the action, 0 where nothing changed.

    Raises BadInput for what is no web address, InvalidRecord, Conflict where all files changed meanwhile, and as
    ``Catalogue.save_each`` does.
    """
    for address in replacements.values():
        _check(address)
    return _write(catalogue, ids, lambda record: readdressed(record, replacements), account, label)


def suspend(
    catalogue: Catalogue,
    ids: Iterable[str],
    urls: Collection[str],
    day: datetime.date | None,
    *,
    account: str,
    label: str,
) -> int:
    """Suspend links of records since ``day``, or offer them again (None). Returns and raises as ``replace``."""
    return _write(catalogue, ids, lambda record: suspended(record, urls, day), account, label)


def withdraw(catalogue: Catalogue, id: str, *, account: str) -> int:
    """Withdraw a record: visitors no longer see it. Returns and raises as ``replace``; NotFound for an unknown one."""
    label = catalogue.contents.records[id].title.best("fr").text
    return _write(catalogue, [id], lambda record: {**record.to_mapping(), "status": "withdrawn"}, account, label)


def _write(
    catalogue: Catalogue,
    ids: Iterable[str],
    changed: Callable[[Resource], Mapping[str, Any]],
    account: str,
    label: str,
) -> int:
    contents = catalogue.contents
    records = [contents.records[id] for id in ids if id in contents.records]
    wanted = [(record, changed(record)) for record in records]
    wanted = [(record, after) for record, after in wanted if as_value(after) != as_value(record.to_mapping())]
    terms = contents.frame.vocabularies
    fresh = {record.id: Resource.from_mapping(record.id, after, terms) for record, after in wanted}
    digests = {record.id: digest for record, _ in wanted if (digest := catalogue.digest(record))}
    ready = [fresh[id] for id in digests]
    if wanted and not ready:
        raise Conflict(path=f"records/{wanted[0][0].id}.yaml")
    return catalogue.save_each(ready, digests, account=account, kind="links", label=label)[0] if ready else 0


def _check(address: str) -> None:
    problems: list[Problem] = []
    Address().read(address, Place(Document(Path("form"), None), problems))
    if problems or not address:
        raise BadInput(N_("“%(value)s” is not a web address; it begins with https://"), value=address, field="new")
