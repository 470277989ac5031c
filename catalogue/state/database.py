"""Opening the database: SQLite by default, PostgreSQL by URL, and saying in plain words why it cannot be used."""

from __future__ import annotations

import contextlib
import os
import platform
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    QueuePool,
    create_engine,
    event,
    false,
    make_url,
)
from sqlalchemy.exc import DBAPIError

from catalogue import migrations
from catalogue.errors import CatalogueError, StateUnavailable
from catalogue.state.tables import COUNTERS

IMMEDIATE = {"sqlite_begin": "BEGIN IMMEDIATE"}  # takes the write lock at once, waiting its turn
_NO_TRANSACTION = {"sqlite_begin": ""}

MACHINE = f"catalogue on {platform.node()[:30]},"
NAME = f"{MACHINE} process {os.getpid()}"  # at most 63 characters
"""How a database server's administrator, and staff who have to wait, know this program from others."""


def open_engine(url: str) -> Engine:
    """Return an engine on a database that is writable and at this code's revision; raises whatever went wrong."""
    address = make_url(url)
    engine = _sqlite(address) if address.get_backend_name() == "sqlite" else _server(address)
    try:
        with engine.execution_options(**IMMEDIATE).begin() as connection:
            migrations.bring_up(connection)
            # Deletes nothing, and is refused where nothing may be written; BEGIN IMMEDIATE alone is not.
            connection.execute(COUNTERS.delete().where(false()))
        _use_wal(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _server(url: URL) -> Engine:
    # Without a timeout libpq waits minutes for a machine that is switched off.
    engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 5, "application_name": NAME})
    event.listen(engine, "connect", _accept_any_text)
    return engine


def _accept_any_text(connection: Any, _: object) -> None:
    """Send NUL, which PostgreSQL has in no text, as the sign for what cannot be shown: a name with it is unknown."""
    from psycopg.types.string import StrDumper  # there only where PostgreSQL is used

    class AnyText(StrDumper):
        def dump(self, text: str) -> Any:
            return super().dump(text.replace("\0", "\ufffd"))

    connection.adapters.register_dumper(str, AnyText)


def _sqlite(url: URL) -> Engine:
    if "timeout" not in url.query:
        url = url.update_query_dict({"timeout": "5"})  # sqlite3 makes it PRAGMA busy_timeout
    if url.database in (None, "", ":memory:"):  # lives as long as its connection: one for all threads, in turn
        arguments = {"check_same_thread": False}
        engine = create_engine(url, poolclass=QueuePool, pool_size=1, max_overflow=0, connect_args=arguments)
    else:
        if not str(url.database).startswith("file:"):
            Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
        # A connection each time: a file that was restored or replaced is noticed, and none stays open.
        engine = create_engine(url, poolclass=NullPool)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    """Begin a transaction in so many words: left alone, sqlite3 begins one late, and creates tables outside any."""
    statement = connection.get_execution_options().get("sqlite_begin", "BEGIN")
    if statement:
        connection.exec_driver_sql(statement)


def _use_wal(engine: Engine) -> None:
    """Let readers and a writer work side by side. Refused while another connection is at work: the next open does it.

    Only after the database proved sound: the switch writes into the file.
    """
    if engine.dialect.name != "sqlite":
        return
    with contextlib.suppress(DBAPIError), engine.execution_options(**_NO_TRANSACTION).connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")


def reason_of(error: BaseException) -> str:
    """Return why the database failed, without statement, values or URL: those hold queries and passwords."""
    if isinstance(error, CatalogueError):
        return error.text()
    if isinstance(error, DBAPIError) and error.orig is not None:
        return (str(error.orig).splitlines() or [""])[0]
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) if isinstance(error, ImportError) else type(error).__name__


def problem_of(error: BaseException) -> StateUnavailable:
    """Return a fresh exception: one that was raised keeps its frames, and so the connection, alive."""
    message = error.message if isinstance(error, StateUnavailable) else None
    return StateUnavailable(message, reason=reason_of(error))
