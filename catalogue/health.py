"""What works and what does not, in plain words, for monitoring. Nothing of it names a person or quotes a record."""

from __future__ import annotations

import datetime
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalogue import __version__, backup
from catalogue.contents import Contents
from catalogue.errors import CatalogueError, IndexUnavailable, Severity
from catalogue.search.engine import Engine
from catalogue.settings import Settings

LITTLE_ROOM = 500_000_000
"""Bytes free on the disk below which someone should look: media are refused at 200 MB, then nothing can be saved."""

_MOST = 50


def examine(
    contents: Contents, engine: Engine, settings: Settings, *, behind: bool, state_problem: CatalogueError | None
) -> dict[str, Any]:
    """Return the state of a catalogue. ``status``: "ok"; "degraded", where visitors are served and something is wrong
    all the same; "down", where they are not. ``wrong`` says what, in English.

    ``behind``: the index lacks changes it refused.
    """
    count, indexed = len(contents.public), _indexed(engine)
    down = list(_unserved(settings, count, indexed))
    wrong = down or list(_search(engine, count, indexed, behind))
    if state_problem:
        wrong.append(f"{state_problem} The staff's desk is closed; what is counted waits in memory.")
    wrong += [*_disks(settings), *_backups(settings, datetime.datetime.now(datetime.UTC))]
    wrong += _files(contents, settings.resources)
    weights = Counter(problem.severity for problem in contents.problems)
    return {
        "status": "down" if down else "degraded" if wrong else "ok",
        "version": __version__,
        "records": count,
        "indexed": indexed or 0,
        "problems": {severity.name.lower(): weights[severity] for severity in Severity},
        "wrong": wrong[:_MOST],
    }


def _indexed(engine: Engine) -> int | None:
    """Return how many records can be found; None where the engine does not answer."""
    try:
        return len(engine.inventory())
    except IndexUnavailable:
        return None


def _unserved(settings: Settings, count: int, indexed: int | None) -> Iterator[str]:
    """What keeps visitors from being served."""
    if not (settings.resources / "records").is_dir():
        yield "the folder of the records is not there"
    if indexed is None:
        yield "the search engine does not answer; nothing can be searched, everything else is served"
    elif count and not indexed:
        yield "the search does not answer; its index is being built again"


def _search(engine: Engine, count: int, indexed: int | None, behind: bool) -> Iterator[str]:
    if getattr(engine, "in_memory", False):
        yield "the index folder cannot be written; the index is kept in memory"
    if behind:
        yield "the index refused changes; they are tried again"
    elif indexed != count:
        yield f"the index has {indexed} of {count} records; it is being brought up to date"


def _disks(settings: Settings) -> Iterator[str]:
    seen = set()
    # A process for visitors writes no record, and into no folder where the state is on a server.
    written = {"records", "state"} if settings.desk else {"state"} if settings.state.startswith("sqlite") else set()
    own = () if settings.index_is_remote else (("index", settings.index_folder),)
    for name, folder in (("records", settings.resources), ("state", settings.var), *own):
        try:
            device, free = folder.stat().st_dev, shutil.disk_usage(folder).free
        except OSError as error:
            if name == "index":  # the engine tells
                continue
            yield f"the folder of the {name} cannot be looked at ({error.strerror})"
            continue
        if device not in seen and free < LITTLE_ROOM:
            yield f"the disk of the {name} is nearly full: {free // 1_000_000} MB are free"
        seen.add(device)
        if name in written and not os.access(folder, os.W_OK):
            yield f"the folder of the {name} cannot be written"


def _backups(settings: Settings, now: datetime.datetime) -> Iterator[str]:
    if not settings.backup_days:
        return
    last = backup.last(settings)
    if last is None:
        yield "there is no backup yet (catalogue backup)"
    elif now - last > datetime.timedelta(days=settings.backup_days):
        yield f"the last backup is of {last:%Y-%m-%d}: more than {settings.backup_days} days ago"


def _files(contents: Contents, root: Path) -> Iterator[str]:
    """The places of errors only: what is there may be a note of the staff, or of a draft."""
    for problem in contents.faults(Severity.ERROR):
        path = problem.path
        shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
        place = f"{shown}:{problem.line}".encode("utf-8", "replace").decode()
        yield f"{place}: an error; the file or a part of it is left out (catalogue check says more)"
