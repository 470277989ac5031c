"""An export taken into an empty installation: ``catalogue import --all FOLDER``. All of it, or nothing."""

from __future__ import annotations

import contextlib
import datetime
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalogue import atomic
from catalogue.errors import N_, BadInput, WriteFailed
from catalogue.exported import Export
from catalogue.manifest import Manifest
from catalogue.settings import Settings
from catalogue.state import State
from catalogue.state.handed_on import HandedOn

_NOT_EMPTY = N_(
    "There is a catalogue here already (%(what)s). Nothing was changed. Make a new one with “catalogue init --empty”, "
    "and import there."
)
_BEGUN_HERE = N_(
    "Somebody worked in this catalogue already: it has a history. Nothing was changed. Make a new one with "
    "“catalogue init --empty”, and import there."
)
_BEGUN = ("records", "media", "lists")
"""Folders that an empty installation has nothing in."""


@dataclass(frozen=True)
class Arrived:
    """What was taken in, and where that lies which was in its place before; None where nothing was."""

    manifest: Manifest
    aside: Path | None


def import_all(settings: Settings, folder: Path) -> Arrived:
    """Let the installation that the settings name be what the export in ``folder`` is.

    Raises BadInput for an installation that is not empty, or an export that is damaged, dangerous or newer than this
    program; WriteFailed, StateUnavailable, Unavailable. Whatever is raised, nothing has changed.
    """
    export = Export(folder)
    resources = settings.resources.resolve()
    unfinished = resources.with_name(f".{resources.name}.incomplete")
    with State.open(settings.state, interval=0) as state, atomic.lock(settings.var / "write.lock"):
        history = HandedOn(state.transaction)
        swapped = export.is_at(resources)  # by an import that was cut short before its history was written
        _demand_empty(resources if not swapped else None, history)
        try:
            shutil.rmtree(unfinished, ignore_errors=True)
            export.check()
            export.unpack(unfinished)
            atomic.sync_all()
            with history.taking(export.actions(), export.versions()):
                aside = None if swapped else _swap(unfinished, resources)
        except OSError as error:
            raise WriteFailed(path=resources, reason=error.strerror or str(error)) from error
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return Arrived(export.manifest, aside)


def _demand_empty(resources: Path | None, history: HandedOn) -> None:
    for path in _begun(resources) if resources else ():
        raise BadInput(_NOT_EMPTY, what=path)
    if history.is_begun():
        raise BadInput(_BEGUN_HERE)


def _begun(resources: Path) -> Iterator[Path]:
    """Yield the files that an empty installation does not have."""
    for path in (*(resources / name for name in _BEGUN), resources / "tombstones.yaml"):
        for file in (path, *sorted(path.rglob("*"))):
            if file.is_file() and not file.name.startswith("."):
                yield file


def _swap(made: Path, place: Path) -> Path | None:
    """Put a folder in its place; what was there is kept beside it. Raises OSError, and all is as before."""
    if not place.exists():
        made.replace(place)
        return None
    aside = place.with_name(f"{place.name}.before-{datetime.datetime.now():%Y%m%d-%H%M%S}")
    place.replace(aside)
    try:
        made.replace(place)
    except OSError:
        with contextlib.suppress(OSError):
            aside.replace(place)
        raise
    return aside
