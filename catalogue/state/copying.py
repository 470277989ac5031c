"""Copies of the state database for backups: taken while others write, and looked at before anybody trusts one."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from catalogue.errors import N_, BadInput, StateUnavailable

_SECONDS = 10.0
_UNREADABLE = N_("The state database cannot be read (%(reason)s).")
_NOT_A_FILE = N_(
    "The state is kept in a database server. Back it up with the server's own program (pg_dump), and the folder "
    "“%(resources)s” with any other."
)


def file_of(url: str, resources: Path) -> Path:
    """Return the SQLite file of a state database. Raises BadInput for a database server, which has its own backups."""
    path = url.removeprefix("sqlite:///").partition("?")[0]
    if path == url or not path or path.startswith((":", "file:")):
        raise BadInput(_NOT_A_FILE, resources=resources)
    return Path(path)


@contextmanager
def snapshot(path: Path) -> Iterator[Callable[[Path], None]]:
    """Hold one moment of the database, whatever others write meanwhile; gives a function that copies it to a new file.

    Raises StateUnavailable where it cannot be read.
    """
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=_SECONDS, isolation_level=None)) as source:
            # A read transaction that lasts: SQLite's backup then copies what it sees, however long that takes.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            yield lambda target: _copy(source, target)
    except sqlite3.Error as error:
        raise StateUnavailable(_UNREADABLE, reason=str(error)) from error


def _copy(source: sqlite3.Connection, target: Path) -> None:
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)  # hashes of passwords
    with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # all of it in the one file


def revision(path: Path) -> str:
    """Return the revision of the tables in a database file, empty where it has none.

    Raises StateUnavailable for one that is damaged.
    """
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            found = database.execute("PRAGMA integrity_check").fetchall()
            if found != [("ok",)]:
                raise StateUnavailable(_UNREADABLE, reason=str(found[0][0]))
            if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
                return ""
            row = database.execute("SELECT version_num FROM alembic_version").fetchone()
            return str(row[0]) if row else ""
    except sqlite3.Error as error:
        raise StateUnavailable(_UNREADABLE, reason=str(error)) from error
