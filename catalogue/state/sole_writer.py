"""One process writes records where several share a state on PostgreSQL: who began first, until it ends."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from catalogue.errors import N_, StateUnavailable, Unavailable
from catalogue.state.database import MACHINE, reason_of

KEY = 0x63617461
"""Of the lock, among those of this database: the first letters of "catalogue"."""

_HOLDER = text(
    "select application_name from pg_locks join pg_stat_activity using (pid)"
    " where locktype = 'advisory' and objid = :key and granted"
    " and pg_locks.database = (select oid from pg_database where datname = current_database())"
)

_ELSEWHERE = N_(
    "The records are being edited from another server (%(name)s). Work at its desk, or have it stopped; "
    "what you typed is still here."
)


class SoleWriter:
    """The right to write records: a session's advisory lock (PostgreSQL 13.3.5), which ends with its connection.

    ``engine`` gives the database at present. With SQLite there is one machine, and the lock of a file is enough.
    """

    def __init__(self, engine: Callable[[], Engine | None]) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._connection: Connection | None = None

    def hold(self, beside: bool = False) -> None:
        """Have the right from now on. Raises Unavailable where another process has it, StateUnavailable.

        ``beside``: a process of this machine may have it, with which the lock of a file is shared (a command's way).
        """
        engine = self._engine()
        if engine is None or engine.dialect.name != "postgresql":
            return
        with self._lock:
            try:
                if not self._held():
                    self._take(engine, beside)
            except SQLAlchemyError as error:
                self._let_go()
                raise StateUnavailable(reason=reason_of(error)) from error

    def release(self) -> None:
        """Leave the right to others."""
        with self._lock:
            self._let_go()

    def _held(self) -> bool:
        """Tell whether the connection that holds the lock still stands: the server frees the lock of one that broke."""
        if self._connection is None:
            return False
        try:
            self._connection.execute(select(1))
        except SQLAlchemyError:
            self._let_go()
            return False
        return True

    def _take(self, engine: Engine, beside: bool) -> None:
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # kept for as long as the program runs: the pool has others
        if connection.scalar(select(func.pg_try_advisory_lock(KEY))):
            self._connection = connection
            return
        name = connection.scalar(_HOLDER, {"key": KEY}) or "?"
        connection.close()
        if not (beside and name.startswith(MACHINE)):
            raise Unavailable(_ELSEWHERE, name=name)

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with contextlib.suppress(SQLAlchemyError):  # the server frees the lock of a connection that broke
            connection.execute(select(func.pg_advisory_unlock(KEY)))
        with contextlib.suppress(SQLAlchemyError):
            connection.close()
