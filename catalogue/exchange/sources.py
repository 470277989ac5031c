"""The other catalogues whose records are taken over: ``resources/harvest.yaml``, a list that a person can read.

A file of its own, because each entry says a lot; among the resources, because what comes from where is as much the
centre's choice as a record is: it is compared, kept in the history and in backups with them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from catalogue import yamlfile
from catalogue.errors import N_, BadInput, Problem
from catalogue.exchange.mapping import ColumnMapping
from catalogue.shapes import (
    Address,
    AsIs,
    Line,
    Pattern,
    Place,
    Plain,
    Truth,
    declare,
    declared,
    read_group,
    write_group,
)
from catalogue.yamlfile import Value

FILE = "harvest.yaml"


class _Mapping(AsIs):
    """Keys and values, as the mapping of an import has them; what they mean is looked at by ``ColumnMapping``."""

    def read(self, value: Value, place: Place) -> Mapping[str, Any] | None:
        if isinstance(value, dict):
            return value
        place.fault(N_("this should be a list of keys and values, such as “%(key)s: …”"), key="kind")
        return None


@dataclass(frozen=True, kw_only=True)
class HarvestSource:
    """A provider and what is made of its records. ``mark``: what their ``source.from`` says, for good."""

    id: str = declare(N_("Id"), Pattern(r"[a-z0-9-]{2,40}", "ville-de-liege"), required=True)
    url: str = declare(N_("Web address"), Address(), required=True)
    mark: str = declare(N_("From"), Line(), required=True)
    prefix: str = declare(N_("metadataPrefix"), Pattern(r"[\w.!~*'()-]+", "marcxml"), "oai_dc")
    set: str = declare(N_("Set"), Line())
    defaults: Mapping[str, Any] = declare(N_("For every record"), _Mapping(), None)
    mapping: Mapping[str, Any] = declare(N_("Columns"), _Mapping(), None)
    paused: bool = declare(N_("Paused"), Truth(), False)
    columns: ColumnMapping = field(default_factory=lambda: ColumnMapping({}), compare=False)

    @property
    def fingerprint(self) -> str:
        """Return what tells whether all its records are to be taken anew: another set, another mapping."""
        said = {key: value for key, value in write_group(self).items() if key not in ("paused", "mark")}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


KEYS = list(declared(HarvestSource))


def load_sources(path: Path) -> tuple[Mapping[str, HarvestSource], tuple[Problem, ...]]:
    """Read ``harvest.yaml``: the sources by id, and every problem. One that is faulty is left out."""
    if not path.exists():
        return {}, ()
    document = yamlfile.read(path, may_be_empty=True)
    problems = list(document.problems)
    place = Place(document, problems)
    if document.value and not isinstance(document.value, list):
        place.fault(N_("this file should be a list: each entry begins with “- id: …”"))
        return {}, tuple(problems)
    found: dict[str, HarvestSource] = {}
    for index, item in enumerate(document.value or ()):
        source = _read(item, place.at(index))
        if source is not None and source.id in found:
            place.at(index).at("id").fault(N_("the id “%(id)s” stands twice in this list"), id=source.id)
        elif source is not None:
            found[source.id] = source
    return found, tuple(problems)


def rewritten(old: bytes, source: Mapping[str, Plain]) -> bytes:
    """Return the bytes of ``harvest.yaml`` with one more source. Raises BadInput where it cannot stand."""
    path = Path(FILE)
    document = yamlfile.parse(old, path)
    before = document.value or []
    problems: list[Problem] = list(document.problems)
    made = _read(dict(source), Place(yamlfile.Document(path, dict(source)), problems))
    if problems or made is None or not isinstance(before, list):
        first = next(iter(problems), None)
        raise BadInput(first.message, **first.params) if first else BadInput(field=FILE)
    if any(isinstance(item, dict) and item.get("id") == made.id for item in before):
        raise BadInput(N_("There is a source “%(id)s” already."), id=made.id)
    return yamlfile.rewrite_list(old, [*before, dict(source)], KEYS)  # type: ignore[list-item]


def _read(item: Value, place: Place) -> HarvestSource | None:
    source = read_group(HarvestSource, item, place)
    if source is None:
        return None
    try:
        mapping = {**(source.mapping or {}), "constants": source.defaults or {}}
        columns = ColumnMapping.from_plain(mapping)
    except BadInput as error:
        place.at("mapping").fault(error.message, **error.params)
        return None
    return replace(source, columns=columns)
