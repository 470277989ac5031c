"""Taking the state from one database to another: from SQLite to PostgreSQL when a centre grows, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from catalogue.errors import N_, BadInput, StateUnavailable
from catalogue.state.database import IMMEDIATE, open_engine, problem_of
from catalogue.state.tables import METADATA

Told = Callable[[int, int], None]
"""Hears how many rows are copied, of how many."""

_ROWS = 500  # at a time: a revision holds a whole file
_NOT_EMPTY = N_(
    "The second database is not empty: the table “%(table)s” has rows. Nothing was copied; name a new database."
)
_SAME = N_("Both are the same database. Nothing was copied.")
_LOST = N_("The table “%(table)s” did not arrive whole. Nothing was copied.")


def copy(source: str, target: str, told: Told = lambda done, total: None) -> Mapping[str, int]:
    """Copy every row of the database at URL ``source`` into the one at ``target``; return the rows of each table.

    Both are brought up to this version's tables. All of it arrives, or nothing: the target is one transaction, the
    source is read as it is at one moment. Raises BadInput where the target has rows, or is the source;
    StateUnavailable where one of them cannot be used.
    """
    if source == target:
        raise BadInput(_SAME)
    with _reading(source) as reading, _writing(target) as writing:
        tables = METADATA.sorted_tables  # what others refer to comes first
        for table in tables:
            if _count(writing, table):
                raise BadInput(_NOT_EMPTY, table=table.name)
        counts = {table.name: _count(reading, table) for table in tables}
        done, total = 0, sum(counts.values())
        for table in tables:
            for rows in reading.execution_options(yield_per=_ROWS).execute(select(table)).mappings().partitions():
                writing.execute(insert(table), [dict(row) for row in rows])
                done += len(rows)
                told(done, total)
            if _count(writing, table) != counts[table.name]:
                raise StateUnavailable(_LOST, table=table.name)
            _count_on(writing, table)
    return counts


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _count_on(connection: Connection, table: Table) -> None:
    """Let numbers that a PostgreSQL server gives go on behind those copied; SQLite does so by itself."""
    number = table.autoincrement_column
    if connection.dialect.name == "postgresql" and number is not None:
        sequence = func.pg_get_serial_sequence(table.name, number.name)
        last = select(func.max(number)).scalar_subquery()
        connection.execute(select(func.setval(sequence, func.coalesce(last, 1), last.is_not(None))))


@contextmanager
def _reading(url: str) -> Iterator[Connection]:
    """Give a connection that sees the database as it is at one moment, whatever others write meanwhile."""
    with _engine(url) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield connection


@contextmanager
def _writing(url: str) -> Iterator[Connection]:
    with _engine(url, **IMMEDIATE) as connection:
        yield connection


@contextmanager
def _engine(url: str, **options: str) -> Iterator[Connection]:
    try:
        engine = open_engine(url)
        try:
            with engine.execution_options(**options).begin() as connection:
                yield connection
        finally:
            engine.dispose()
    except (SQLAlchemyError, OSError, ImportError) as error:
        raise problem_of(error) from error
