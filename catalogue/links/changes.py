"""Links replaced wherever they stand, or suspended in records, written as one action each: all of it or nothing."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from catalogue import edits, wordlists
from catalogue.centre import Centre
from catalogue.errors import N_, BadInput, Problem
from catalogue.links.collected import CENTRE, PAGE, RECORD, TERM, Use, in_text, readdressed, suspended
from catalogue.page import Page
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.shapes import Address, Place, as_value
from catalogue.writing import Change
from catalogue.yamlfile import Document


def replace(
    catalogue: Catalogue, uses: Iterable[Use], replacements: Mapping[str, str], *, account: str, label: str
) -> int:
    """Replace addresses at ``uses``: in records, words, pages, the centre; returns the action, 0 where nothing changed.

    Raises BadInput for what is no web address, InvalidRecord, and as ``Catalogue.save_all`` does.
    """
    for address in replacements.values():
        _check(address)
    wanted = sorted(set(uses), key=lambda use: (use.kind, use.id))
    ids = [use.id for use in wanted if use.kind == RECORD]
    with catalogue.writer.turn():
        also = [*_words(catalogue, wanted, replacements), *_texts(catalogue, wanted, replacements)]
        return _write(catalogue, ids, lambda record: readdressed(record, replacements), account, label, also)


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


def withdraw(catalogue: Catalogue, id: str, *, account: str, label: str) -> int:
    """Withdraw a record: visitors no longer see it. Returns and raises as ``replace``."""
    return _write(catalogue, [id], lambda record: {**record.to_mapping(), "status": "withdrawn"}, account, label)


def _write(
    catalogue: Catalogue,
    ids: Iterable[str],
    changed: Callable[[Resource], Mapping[str, Any]],
    account: str,
    label: str,
    also: Sequence[Change] = (),
) -> int:
    contents = catalogue.contents
    records = [contents.records[id] for id in dict.fromkeys(ids) if id in contents.records]
    wanted = [(record, changed(record)) for record in records]
    wanted = [(record, after) for record, after in wanted if as_value(after) != as_value(record.to_mapping())]
    if not wanted and not also:
        return 0
    terms = contents.frame.vocabularies
    fresh = [Resource.from_mapping(record.id, after, terms) for record, after in wanted]
    seen = {record.id: catalogue.digest(record) for record, _ in wanted}
    return catalogue.save_all(fresh, account=account, kind="links", label=label, seen=seen, also=also)


def _words(catalogue: Catalogue, uses: Iterable[Use], replacements: Mapping[str, str]) -> Iterator[Change]:
    by_vocabulary: dict[str, list[str]] = defaultdict(list)
    for use in uses:
        if use.kind == TERM:
            by_vocabulary[use.vocabulary].append(use.id)
    for vocabulary, ids in by_vocabulary.items():
        edition = wordlists.Edition(catalogue.settings.resources, catalogue.writer.version, vocabulary)
        for entry in map(edition.entry, ids):
            if entry.get("url") in replacements:
                edition.put({**entry, "url": replacements[entry["url"]]})
        yield from edition.changes()


def _texts(catalogue: Catalogue, uses: Iterable[Use], replacements: Mapping[str, str]) -> Iterator[Change]:
    root = catalogue.settings.resources
    for use in uses:
        if use.kind not in (PAGE, CENTRE):
            continue
        path = root / "pages" / f"{use.id}.yaml" if use.kind == PAGE else root / "centre.yaml"
        version = catalogue.writer.version(path)
        entry = edits.entry_of(version)
        if use.kind == PAGE:
            entry["body"] = {lang: in_text(text, replacements) for lang, text in entry.get("body", {}).items()}
        elif entry.get("website") in replacements:
            entry["website"] = replacements[entry["website"]]
        yield edits.rewritten(version, path, entry, Page if use.kind == PAGE else Centre)


def _check(address: str) -> None:
    problems: list[Problem] = []
    Address().read(address, Place(Document(Path("form"), None), problems))
    if problems or not address:
        raise BadInput(N_("“%(value)s” is not a web address; it begins with https://"), value=address, field="new")
