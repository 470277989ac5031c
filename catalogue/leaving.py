"""Everything of a catalogue in a folder, in open formats, to go elsewhere with: ``catalogue export --all FOLDER``.

It is of one moment, like a backup, and stands under its name only when it is whole. What is about persons is not in
it: accounts, sessions, drafts, lists that were handed over by code. Nor is what belongs to a machine: settings, index.
"""

from __future__ import annotations

import base64
import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from catalogue import __version__, atomic, instance, linked, manifest
from catalogue.contents import Frame
from catalogue.errors import N_, BadInput
from catalogue.exchange import delimited, flat
from catalogue.exported import ACTIONS, TEXTS, VERSIONS, Export
from catalogue.manifest import MANIFEST, Entry, Manifest
from catalogue.resource import Resource
from catalogue.settings import Settings
from catalogue.state import State
from catalogue.state.handed_on import Done, HandedOn, Wrote
from catalogue.state.history import digest_of
from catalogue.store import Store

_PATIENCE = 60.0
"""Seconds that an export waits for somebody who writes."""


@dataclass(frozen=True)
class Left:
    """An export that was made: where it is, what is in it, how many records of every status."""

    folder: Path
    manifest: Manifest
    records: int


def export_all(settings: Settings, target: Path) -> Left:
    """Write everything into the folder ``target``, new or empty; the catalogue may be running.

    Raises BadInput for a folder that holds something or lies in what is exported, WriteFailed, StateUnavailable,
    Unavailable where somebody else writes all the time.
    """
    resources = settings.resources.resolve()
    if target.resolve().is_relative_to(resources):
        raise BadInput(N_("An export does not go into what it exports. Name a folder outside “%(at)s”."), at=resources)
    with (
        State.open(settings.state, interval=0) as state,
        atomic.lock(settings.var / "export.lock", 0),
        linked.staging(settings.cache / "export") as staging,
        instance.new_folder(target) as made,
    ):
        made.chmod(0o700)  # drafts and notes of the staff are in it
        history = HandedOn(state.transaction)
        with atomic.lock(settings.var / "write.lock", _PATIENCE):
            linked.link_all(settings.resources, staging)
            mark = history.mark()
        _write_lines(made / ACTIONS, map(_told, history.actions(mark)))
        _write_lines(made / VERSIONS, map(_kept, history.versions(mark)))
        records = _write_tables(staging, made / "tables")
        for path in TEXTS.iterdir():
            (made / path.name).write_bytes(path.read_bytes())
        found = _seal(staging, made)
        Export(made).check()
    return Left(target, found, records)


def _seal(staging: Path, made: Path) -> Manifest:
    """Copy the folder, and write down what every file is."""
    inside = sorted(staging.rglob("*"))
    names = [f"resources/{path.relative_to(staging).as_posix()}" for path in inside if path.is_dir()]
    own = [_entry(path, path.relative_to(made).as_posix()) for path in sorted(made.rglob("*")) if path.is_file()]
    copied = [
        _copied(path, made, f"resources/{path.relative_to(staging).as_posix()}") for path in inside if path.is_file()
    ]
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    found = Manifest(__version__, "", now, ("resources", *names), (*own, *copied))
    for name in found.folders:
        (made / name).mkdir(parents=True, exist_ok=True)
    (made / MANIFEST).write_text(found.to_json(), encoding="utf-8")
    return found


def _copied(source: Path, made: Path, name: str) -> Entry:
    """Copy a file: a link would change with the original."""
    target = made / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with manifest.reading(source, name) as file, target.open("xb") as copy:
        return manifest.copy(file, copy, name, source.stat().st_mtime_ns)


class _Nowhere:
    def write(self, data: bytes, /) -> int:
        return len(data)


def _entry(path: Path, name: str) -> Entry:
    with path.open("rb") as file:
        return manifest.copy(file, _Nowhere(), name, path.stat().st_mtime_ns)


def _write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)


def _told(done: Done) -> dict[str, Any]:
    return {**asdict(done), "at": done.at.isoformat()}


def _kept(wrote: Wrote) -> dict[str, Any]:
    about = {"action": wrote.action, "path": wrote.path, "sha256": digest_of(wrote.data)}
    try:
        return about if wrote.data is None else {**about, "text": wrote.data.decode()}
    except UnicodeDecodeError:
        return {**about, "base64": base64.b64encode(wrote.data or b"").decode()}


def _write_tables(root: Path, folder: Path) -> int:
    """Write the records of every status, for other programs; returns how many there are."""
    store = Store(root, Frame.load(root).vocabularies)
    store.load()
    records = sorted(store.records.values(), key=lambda record: record.id)
    folder.mkdir()
    _write_lines(folder / "records.jsonl", _plain(records))
    with (folder / "records.csv").open("wb") as file:
        file.writelines(delimited.write(flat.rows(records)))
    return len(records)


def _plain(records: Iterable[Resource]) -> Iterator[Mapping[str, Any]]:
    for record in records:
        yield {"id": record.id, **record.to_mapping()}
