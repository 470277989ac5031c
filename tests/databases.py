"""Databases for the tests of the state: a SQLite file, or a database of a PostgreSQL server that the tests start.

The server is Debian's (package ``postgresql``), on loopback, in a folder of its own that goes with the tests. Nothing
of it reaches the disk on purpose, so that a database of its own for each test costs some 50 ms. In CI a missing server
fails; elsewhere the tests on it are skipped.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine
from sqlalchemy.engine.interfaces import DBAPICursor

from catalogue.state import State
from tests.ports import free_port

KINDS = ("sqlite", "postgresql")

_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
_HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=127.0.0.1")
_SECONDS = 30.0
_MIGRATED = "migrated"  # what other databases are copied from


@dataclass(frozen=True)
class Database:
    """A database by its URL, asked without the code under test."""

    url: str

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Return what a statement finds."""
        with self._cursor() as cursor:
            cursor.execute(sql)
            return [tuple(row) for row in cursor.fetchall()]

    def run(self, sql: str) -> None:
        """Change the database behind the back of the code under test."""
        with self._cursor() as cursor:
            cursor.execute(sql)

    @contextmanager
    def _cursor(self) -> Iterator[DBAPICursor]:
        """Give a cursor of the driver itself, on a connection of its own: SQLAlchemy's events tell nothing of it."""
        connection = create_engine(self.url, poolclass=NullPool).raw_connection()
        try:
            yield connection.cursor()
            connection.commit()
        finally:
            connection.close()


class Server:
    """A running PostgreSQL server in which each test has a database of its own."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._numbers = count(1)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self._port}/{database}"

    def empty(self) -> Database:
        """Return a new database without a table."""
        return self._made("template0")

    def migrated(self) -> Database:
        """Return a new database with the tables of the state, all empty."""
        return self._made(_MIGRATED)

    def prepare(self) -> None:
        """Make the database that others are copied from."""
        self._do(f"create database {_MIGRATED} template template0")
        State.open(self.url(_MIGRATED), interval=0).close()

    def drop(self, database: Database) -> None:
        """Take a database away, whoever is still connected."""
        self._do(f"drop database if exists {database.url.rpartition('/')[2]} with (force)")

    def _made(self, template: str) -> Database:
        name = f"test{next(self._numbers)}"
        self._do(f"create database {name} template {template}")
        return Database(self.url(name))

    def _do(self, sql: str) -> None:
        engine = create_engine(self.url("postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(sql)


def missing() -> str:
    """Return why no server can be started here; empty where it can."""
    if not _PROGRAMS:
        return "there is no PostgreSQL server here: apt-get install postgresql"
    return (
        "" if importlib.util.find_spec("psycopg") else "psycopg is not installed: pip install 'catalogue[postgresql]'"
    )


@contextmanager
def server() -> Iterator[Server]:
    """Run a server until the block ends. Skips the test where it cannot, but in CI, where it fails."""
    if reason := missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    folder, port = Path(tempfile.mkdtemp(prefix="catalogue-postgresql-")), free_port()
    with _process(folder, port):
        made = Server(port)
        made.prepare()
        yield made
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _process(folder: Path, port: int) -> Iterator[None]:
    programs = _PROGRAMS[-1].parent
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    command: tuple[str | Path, ...] = (programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N")
    subprocess.run((*command, "-E", "UTF8", "--locale=C"), check=True, capture_output=True, user=user, cwd=folder)
    settings = [word for setting in _HASTY for word in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        started = subprocess.Popen(
            (programs / "postgres", "-D", data, "-p", str(port), "-k", folder, *settings),
            stdout=log, stderr=log, user=user, cwd=folder,
        )  # fmt: skip
    try:
        _wait(programs / "pg_isready", port)
        yield
    finally:
        started.terminate()
        started.wait(_SECONDS)


def _wait(pg_isready: Path, port: int) -> None:
    end = time.monotonic() + _SECONDS
    while subprocess.run((pg_isready, "-q", "-h", "127.0.0.1", "-p", str(port))).returncode:
        assert time.monotonic() < end, "the PostgreSQL server did not begin"
        time.sleep(0.05)
