"""Backup and restore of an instance.

A backup is of one moment: the staff's writing waits while files are linked and the database is held, a fraction of a
second, and goes on while the archive is made of these.
"""

from __future__ import annotations

import contextlib
import datetime
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from catalogue import __version__, archive, atomic, instance, linked, migrations
from catalogue.archive import Archive
from catalogue.errors import N_, BadInput, StateUnavailable
from catalogue.manifest import FORMAT, Manifest
from catalogue.settings import FILE, Settings
from catalogue.state import copying

STAMP = "last-backup"
"""A file beside the state whose time is that of the last backup."""

DATABASE = "var/catalogue.db"
_DATED = re.compile(r"catalogue-\d{8}-\d{6}\.zip")
_PATIENCE = 60.0
"""Seconds that a backup waits for somebody who writes."""

_NEWER = N_(
    "“%(file)s” was made by a newer version of the catalogue (%(version)s, database %(state)s; this is %(own)s, "
    "database %(head)s). Install that version, then restore again. Nothing was changed."
)


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made: where it is, what is in it, older ones that were removed for it."""

    path: Path
    manifest: Manifest
    removed: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and the settings that were put out of use because they name places elsewhere."""

    manifest: Manifest
    set_aside: tuple[str, ...]


def back_up(settings: Settings, target: Path, keep: int = 0, folder: Path = Path()) -> Backup:
    """Back the instance in ``folder`` up to the file ``target``, or to a dated file where ``target`` is a folder.

    ``keep``: how many dated files stay there, 0 for all. The catalogue may be running. The archive is read back before
    it gets its name. Raises BadInput for a target that will not do, WriteFailed, StateUnavailable, Unavailable.
    """
    database = copying.file_of(settings.state, settings.resources)
    now = datetime.datetime.now()
    dated = bool(keep) or target.is_dir()
    path = (target / f"catalogue-{now:%Y%m%d-%H%M%S}.zip" if dated else target).absolute()
    _demand_fit(path, settings)
    unfinished = path.with_name(".catalogue.zip.incomplete" if dated else f".{path.name}.incomplete")
    with atomic.lock(settings.var / "backup.lock", 0), linked.staging(settings.cache / "backup") as staging:
        _freeze(settings, database, folder, staging)
        copied = staging / DATABASE
        state = copying.revision(copied) if copied.exists() else ""
        made = now.astimezone(datetime.UTC).isoformat(timespec="seconds")
        manifest = archive.write(path, staging, state, made, unfinished)
        atomic.write_bytes(settings.var / STAMP, f"{path}\n".encode(errors="surrogateescape"))
    return Backup(path, manifest, _rotate(path.parent, keep) if keep else ())


def last(settings: Settings) -> datetime.datetime | None:
    """Return when the last backup was made, in UTC; None where there is none yet."""
    try:
        stamp = (settings.var / STAMP).stat().st_mtime
    except OSError:
        return None
    return datetime.datetime.fromtimestamp(stamp, datetime.UTC)


def restore(file: Path, folder: Path) -> Restored:
    """Make an instance of a backup in a folder that is empty or not there; until all of it is checked there is none.

    Raises BadInput for a folder that holds something, or a backup that is damaged, dangerous or newer than this
    program; WriteFailed.
    """
    with archive.opened(file) as found:
        manifest = found.manifest
        if manifest.format > FORMAT or manifest.state > migrations.HEAD:
            about = {"version": manifest.version, "state": manifest.state or "–"}
            raise BadInput(_NEWER, file=file, own=__version__, head=migrations.HEAD, **about)
        with instance.new_folder(folder) as made:
            _demand_room(made, manifest)
            (made / "var").mkdir(mode=0o700)
            found.unpack(made)
            _demand_database(made / DATABASE, found)
            return Restored(manifest, instance.stay_inside(made / FILE))


def _freeze(settings: Settings, database: Path, folder: Path, staging: Path) -> None:
    """Let ``staging`` be what the instance is at one moment at which nobody writes."""
    with contextlib.ExitStack() as held:
        with atomic.lock(settings.var / "write.lock", _PATIENCE):
            copy = held.enter_context(copying.snapshot(database)) if database.exists() else None
            linked.link_all(settings.resources, staging / "resources")
            linked.link_all(settings.var / "imports", staging / "var" / "imports")
            if (folder / FILE).exists():
                linked.link(folder / FILE, staging / FILE)
        if copy:
            (staging / DATABASE).parent.mkdir(exist_ok=True)
            copy(staging / DATABASE)


def _demand_fit(path: Path, settings: Settings) -> None:
    resources = settings.resources.resolve()
    if path.resolve().is_relative_to(resources):
        raise BadInput(N_("A backup does not go into what it backs up. Name a file outside “%(at)s”."), at=resources)
    if path.exists():
        with archive.opened(path):  # nothing but an older backup is ever replaced
            pass


def _rotate(folder: Path, keep: int) -> tuple[Path, ...]:
    old = sorted(path for path in folder.iterdir() if _DATED.fullmatch(path.name))[:-keep]
    for path in old:
        path.unlink(missing_ok=True)
    return tuple(old)


def _demand_room(folder: Path, manifest: Manifest) -> None:
    free = shutil.disk_usage(folder).free
    if free < manifest.size * 1.1:
        message = N_("There is too little room on the disk: %(needed)s MB are needed, %(free)s MB are free.")
        raise BadInput(message, needed=manifest.size * 11 // 10_000_000 + 1, free=free // 1_000_000)


def _demand_database(path: Path, found: Archive) -> None:
    try:
        revision = copying.revision(path) if path.exists() else ""
    except StateUnavailable as error:
        raise found.damaged(f"{DATABASE}: {error.params['reason']}") from error
    if revision != found.manifest.state:
        raise found.damaged(f"{DATABASE}: {revision}")
