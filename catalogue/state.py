"""The state database: what the catalogue must remember and cannot derive from its files. For now, counters.

What is counted names nobody: no address, no visitor, no time finer than the hour. Counting never waits for the
database and never fails because of it: counts gather in memory, a thread writes them every few seconds, and while
the database is missing, damaged, locked, read-only or newer than this code they stay in memory.

Tables are declared here and created by ``catalogue.migrations``. SQLite by default, PostgreSQL by URL.
"""

from __future__ import annotations

import contextlib
import datetime
import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import (
    URL,
    Column,
    Connection,
    Date,
    Engine,
    Insert,
    Integer,
    MetaData,
    NullPool,
    QueuePool,
    Select,
    SmallInteger,
    String,
    Table,
    create_engine,
    event,
    false,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from catalogue import migrations
from catalogue.errors import BadInput, CatalogueError, StateUnavailable
from catalogue.folding import fold

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

log = logging.getLogger("catalogue.state")

REASONS = ("link", "outdated", "mistake", "shelf")
"""What a visitor can report about a record: a dead link, old content, an error, not on its shelf."""

SMALLEST_SHOWN = 5
"""A count below this is not shown: few enough people to be recognised."""

DAYS_BEFORE_SHOWN = 3
"""A zero-result query seen on fewer days is not shown: it may be one person's."""

QUERY_WORDS, QUERY_LENGTH, NAME_LENGTH, ID_LENGTH = 8, 80, 40, 80

# --- tables ----------------------------------------------------------------------------------------------------

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

COUNTERS = Table(
    "counters",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("hour", SmallInteger, primary_key=True, autoincrement=False),
    Column("event", String(NAME_LENGTH), primary_key=True),
    Column("theme", String(NAME_LENGTH), primary_key=True),
    Column("lang", String(NAME_LENGTH), primary_key=True),
    Column("kind", String(NAME_LENGTH), primary_key=True),
    Column("count", Integer, nullable=False),
)

ZERO_RESULTS = Table(
    "zero_results",
    METADATA,
    Column("week", String(8), primary_key=True),  # ISO: 2026-W09
    Column("query", String(QUERY_LENGTH), primary_key=True),
    Column("days", SmallInteger, nullable=False),  # bit 0 is Monday
    Column("count", Integer, nullable=False),
)

PROBLEM_REPORTS = Table(
    "problem_reports",
    METADATA,
    Column("record_id", String(ID_LENGTH), primary_key=True),
    Column("reason", String(NAME_LENGTH), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("count", Integer, nullable=False),
)


def upsert(dialect: str, table: Table) -> Insert:
    """Return the statement that adds a row to ``table``, or its count and days to the row that has its key."""
    statement = _insert(dialect)(table)
    changed: dict[str, Any] = {"count": table.c["count"] + statement.excluded["count"]}
    if "days" in table.c:
        changed["days"] = table.c["days"].bitwise_or(statement.excluded["days"])
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed)


def _insert(dialect: str) -> type[sqlite.Insert] | type[postgresql.Insert]:
    if dialect == "sqlite":
        return sqlite.Insert
    from sqlalchemy.dialects import postgresql  # slow to import, and seldom needed

    return postgresql.Insert


# --- what is read ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CountRow:
    """How often something happened; ``count`` is None where it was fewer than five times (shown as “<5”)."""

    event: str
    theme: str
    lang: str
    kind: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of the counts that are shown; ``partial`` when a hidden one is missing from it (“at least …”)."""

    count: int
    partial: bool


@dataclass(frozen=True, slots=True)
class ZeroResult:
    """A query without results: the days it was seen on, and how often (None: fewer than five times)."""

    query: str
    days: int
    count: int | None


@dataclass(frozen=True, slots=True)
class ProblemReport:
    """How often visitors reported one thing about one record, and the last day. Never hidden: one report counts."""

    record_id: str
    reason: str
    count: int
    last_day: datetime.date


def shown(count: int) -> int | None:
    """Return ``count``, or None when it is too small to show."""
    return count if count >= SMALLEST_SHOWN else None


def shown_total(rows: Iterable[CountRow]) -> Total:
    """Add up what ``rows`` show. It says nothing that the rows do not say, so no hidden count can come out of it."""
    counts = [row.count for row in rows]
    return Total(sum(count for count in counts if count), None in counts)


# --- what is kept in memory ------------------------------------------------------------------------------------

Key = tuple[Any, ...]  # the name of a table, then the values of its primary key


@dataclass(slots=True)
class _Cell:
    """What is to be added to one row."""

    count: int = 0
    days: int = 0


@dataclass
class _Buffer:
    """Counts that wait for the database, at most ``limit`` rows of them. Thread-safe."""

    limit: int
    _dropped: int = 0
    _cells: dict[Key, _Cell] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, key: Key, count: int = 1, days: int = 0) -> None:
        """Add to the cell of ``key``. A new key that finds the buffer full is dropped."""
        with self._lock:
            self._add(key, count, days)

    @property
    def waiting(self) -> int:
        """How many events wait."""
        with self._lock:
            return sum(cell.count for cell in self._cells.values())

    def take_dropped(self) -> int:
        """Return how many events were dropped since this was last asked."""
        with self._lock:
            dropped, self._dropped = self._dropped, 0
        return dropped

    def take(self) -> dict[Key, _Cell]:
        """Empty the buffer and return what was in it."""
        with self._lock:
            cells, self._cells = self._cells, {}
        return cells

    def put_back(self, cells: dict[Key, _Cell]) -> None:
        """Undo ``take``; what came in since is added to it."""
        with self._lock:
            newer, self._cells = self._cells, cells
            for key, cell in newer.items():
                self._add(key, cell.count, cell.days)

    def _add(self, key: Key, count: int, days: int) -> None:
        cell = self._cells.get(key)
        if cell is None:
            if len(self._cells) >= self.limit:
                self._dropped += count
                return
            cell = self._cells[key] = _Cell()
        cell.count += count
        cell.days |= days


def _rows_of(cells: Mapping[Key, _Cell], table: Table) -> list[dict[str, Any]]:
    """Return the rows for ``table``, in the order of their keys: two writers in one order cannot block each other."""
    names = [column.name for column in table.primary_key]
    keys = sorted(key for key in cells if key[0] == table.name)
    rows = [{**dict(zip(names, key[1:], strict=True)), "count": cells[key].count} for key in keys]
    if "days" in table.c:
        rows = [{**row, "days": cells[key].days} for row, key in zip(rows, keys, strict=True)]
    return rows


def normalised_query(text: str) -> str:
    """Return ``text`` folded, its spaces single, at most 8 words and 80 characters; empty when it must not be kept.

    A text with a digit or an “@” anywhere is not kept at all: people type national numbers, telephone numbers and
    e-mail addresses into a search box. (A name cannot be told from a word; that is what the three days are for.)
    """
    folded = "".join(c for c in fold(text) if c.isprintable() or c.isspace())
    if "@" in folded or any(c.isdigit() for c in folded):
        return ""
    return " ".join(folded.split()[:QUERY_WORDS])[:QUERY_LENGTH].rstrip()


def _plain(text: str, length: int) -> str:
    """Return ``text`` as any database takes it: cut, and without NUL or lone surrogates, which some refuse."""
    text = text[:length]
    return text if text.isprintable() else "".join(filter(str.isprintable, text))


# --- the database ----------------------------------------------------------------------------------------------

_IMMEDIATE = {"sqlite_begin": "BEGIN IMMEDIATE"}  # takes the write lock at once, waiting its turn
_NO_TRANSACTION = {"sqlite_begin": ""}


def _open_engine(url: str) -> Engine:
    """Return an engine on a database that is writable and at this code's revision; raises whatever went wrong."""
    address = make_url(url)
    engine = _sqlite(address) if address.get_backend_name() == "sqlite" else _server(address)
    try:
        with engine.execution_options(**_IMMEDIATE).begin() as connection:
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
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 5})


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


def _reason(error: BaseException) -> str:
    """Return why the database failed, without statement, values or URL: those hold queries and passwords."""
    if isinstance(error, CatalogueError):
        return error.text()
    if isinstance(error, DBAPIError) and error.orig is not None:
        return (str(error.orig).splitlines() or [""])[0]
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) if isinstance(error, ImportError) else type(error).__name__


def _problem(error: BaseException) -> StateUnavailable:
    """Return a fresh exception: one that was raised keeps its frames, and so the connection, alive."""
    message = error.message if isinstance(error, StateUnavailable) else None
    return StateUnavailable(message, reason=_reason(error))


# --- the state -------------------------------------------------------------------------------------------------


class State:
    """The open state database. Thread-safe; close it, or the counts of the last seconds are lost.

    ``problem`` is None, or why the database cannot be used at present; opening is then tried again by ``flush``.
    """

    def __init__(self, url: str, *, retry: float, limit: int, clock: Callable[[], datetime.datetime]) -> None:
        self.problem: StateUnavailable | None = None
        self._url = url
        self._retry = retry
        self._clock = clock
        self._buffer = _Buffer(limit)
        self._flushing = threading.Lock()  # one flush at a time
        self._engine: Engine | None = None
        self._next_try = 0.0
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    @classmethod
    def open(
        cls,
        url: str,
        *,
        interval: float = 5.0,
        retry: float = 60.0,
        limit: int = 10_000,
        clock: Callable[[], datetime.datetime] = datetime.datetime.now,
    ) -> Self:
        """Open the database, creating or migrating it. Never raises because of the database: see ``problem``.

        Counts are written every ``interval`` seconds (0: only by ``flush`` and ``close``), at most ``limit`` distinct
        ones wait in memory, and a database that failed is tried again after ``retry`` seconds at the earliest.
        ``clock`` gives the local time.
        """
        state = cls(url, retry=retry, limit=limit, clock=clock)
        state._connect()
        if interval:
            state._thread = threading.Thread(target=state._run, args=(interval,), name="catalogue-state", daemon=True)
            state._thread.start()
        return state

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- counting ---

    def count(self, event: str, *, theme: str = "", lang: str = "", kind: str = "") -> None:
        """Add one to what happened in this hour. Costs a dictionary entry; never fails, never waits for the disk."""
        now = self._clock()
        names = (_plain(name, NAME_LENGTH) for name in (event, theme, lang, kind))
        self._buffer.add((COUNTERS.name, now.date(), now.hour, *names))

    def zero_result(self, text: str) -> None:
        """Remember a query that found nothing: normalised, by ISO week, with the week days it was seen on.

        A text with a digit or an “@” is dropped: see ``normalised_query``.
        """
        query = normalised_query(text)
        year, week, weekday = self._clock().isocalendar()
        if query:
            self._buffer.add((ZERO_RESULTS.name, f"{year}-W{week:02}", query), days=1 << (weekday - 1))

    def report_problem(self, record_id: str, reason: str) -> None:
        """Add one to what visitors report about a record today. Raises BadInput for a reason not in ``REASONS``."""
        if reason not in REASONS:
            raise BadInput(field="reason")
        self._buffer.add((PROBLEM_REPORTS.name, _plain(record_id, ID_LENGTH), reason, self._clock().date()))

    # --- writing ---

    def flush(self) -> None:
        """Write what waits in memory, in one transaction; it stays in memory when that fails. Never raises."""
        with self._flushing:
            if self._engine is None and not self._closed.is_set() and time.monotonic() >= self._next_try:
                self._connect()
            self._write()

    def close(self) -> None:
        """Stop the thread, write what is left (a failed database gets a last try) and let go of the database."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()
        with self._flushing:
            if self._engine is None and self._buffer.waiting:
                self._connect()
            self._write()
            if lost := self._buffer.waiting:
                self._buffer.take()
                log.warning("%d counts are lost: the state database could not be used until the end.", lost)
            self._tell_dropped()
            self._release()

    def _run(self, interval: float) -> None:
        while not self._closed.wait(interval):
            self.flush()

    def _connect(self) -> None:
        try:
            self._engine = _open_engine(self._url)
        except Exception as error:  # whatever a driver, a migration or the disk comes up with: the site goes on
            self._fail(error)
            return
        if self.problem is not None:
            log.warning("The state database can be used again.")
        self.problem = None

    def _write(self) -> None:
        engine = self._engine
        cells = self._buffer.take() if engine is not None else {}
        if engine is None or not cells:
            return
        try:
            with engine.execution_options(**_IMMEDIATE).begin() as connection:
                _add_rows(connection, cells)
        except Exception as error:
            self._buffer.put_back(cells)
            self._fail(error)
            return
        self._tell_dropped()

    def _fail(self, error: Exception) -> None:
        if self.problem is None:
            log.warning("The state database cannot be used (%s); counts are kept in memory.", _reason(error))
        self.problem = _problem(error)
        self._next_try = time.monotonic() + self._retry
        self._release()

    def _release(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
        self._engine = None

    def _tell_dropped(self) -> None:
        """Tell once the database works again, so that a full buffer does not fill the log as well."""
        if dropped := self._buffer.take_dropped():
            log.warning("%d counts were dropped: more than %d waited in memory.", dropped, self._buffer.limit)

    # --- reading: what is in the database; what still waits in memory comes with the next flush ---

    def counts(self, since: datetime.date | None = None, until: datetime.date | None = None) -> list[CountRow]:
        """Return how often what happened from ``since`` to ``until``, both included; None leaves that end open.

        A count under five is hidden, each row for itself. There is no total in which a single hidden count could be
        found again by subtraction: ``shown_total`` adds up the shown ones and says that some are missing. Two periods
        that overlap can still be subtracted from each other, so offer fixed ones (calendar months), not free dates.
        Raises StateUnavailable.
        """
        names = [COUNTERS.c[name] for name in ("event", "theme", "lang", "kind")]
        statement = select(*names, func.sum(COUNTERS.c["count"])).group_by(*names)
        if since is not None:
            statement = statement.where(COUNTERS.c["day"] >= since)
        if until is not None:
            statement = statement.where(COUNTERS.c["day"] <= until)
        rows = sorted(self._read(statement))
        return [CountRow(name, theme, lang, kind, shown(count)) for name, theme, lang, kind, count in rows]

    def zero_results(self, minimum_days: int = DAYS_BEFORE_SHOWN) -> list[ZeroResult]:
        """Return the queries without results seen on at least ``minimum_days`` days, most days first.

        Fewer than three days are never shown, whatever is asked. Raises StateUnavailable.
        """
        seen: dict[str, tuple[int, int]] = {}
        for query, days, count in self._read(select(*(ZERO_RESULTS.c[name] for name in ("query", "days", "count")))):
            before = seen.get(query, (0, 0))
            seen[query] = (before[0] + days.bit_count(), before[1] + count)
        least = max(minimum_days, DAYS_BEFORE_SHOWN)
        rows = [ZeroResult(query, days, shown(count)) for query, (days, count) in seen.items() if days >= least]
        return sorted(rows, key=lambda row: (-row.days, -(row.count or 0), row.query))

    def problem_reports(self) -> list[ProblemReport]:
        """Return what visitors reported, most often reported first. Raises StateUnavailable."""
        names = [PROBLEM_REPORTS.c[name] for name in ("record_id", "reason")]
        sums = [func.sum(PROBLEM_REPORTS.c["count"]), func.max(PROBLEM_REPORTS.c["day"])]
        found = self._read(select(*names, *sums).group_by(*names))
        rows = [ProblemReport(id, reason, count, day) for id, reason, count, day in found]
        return sorted(rows, key=lambda row: (-row.count, row.record_id, row.reason))

    def _read(self, statement: Select[*tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        engine, problem = self._engine, self.problem
        if engine is None:
            raise StateUnavailable(problem.message, **problem.params) if problem else StateUnavailable()
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(statement)]
        except SQLAlchemyError as error:
            raise StateUnavailable(reason=_reason(error)) from error


def _add_rows(connection: Connection, cells: Mapping[Key, _Cell]) -> None:
    for table in METADATA.sorted_tables:
        rows = _rows_of(cells, table)
        if rows:
            connection.execute(upsert(connection.dialect.name, table), rows)
