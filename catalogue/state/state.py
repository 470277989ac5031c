"""The state database: what the catalogue must remember and cannot derive from its files.

What is counted names nobody: no address, no visitor, no time finer than the month. Counting never waits for the
database and never fails because of it: counts gather in memory, a thread writes them every few seconds, and while
the database is missing, damaged, locked, read-only or newer than this code they stay in memory.

Tables are declared here and created by ``catalogue.migrations``. SQLite by default, PostgreSQL by URL.
"""

from __future__ import annotations

import datetime
import logging
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    func,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from catalogue.counters import DIMENSIONS
from catalogue.errors import BadInput, StateUnavailable
from catalogue.state.accounts import Accounts
from catalogue.state.buffer import Buffer, Cell, Key, normalised_query, plain, rows_of
from catalogue.state.counts import DAYS_BEFORE_SHOWN, CountRow, ProblemReport, ZeroResult, ZeroSum, shown
from catalogue.state.database import IMMEDIATE, open_engine, problem_of, reason_of
from catalogue.state.datestamps import Datestamps
from catalogue.state.dismissals import Dismissals
from catalogue.state.drafts import Drafts
from catalogue.state.harvested import HarvestedRecords
from catalogue.state.history import History
from catalogue.state.jobs import Jobs
from catalogue.state.links import Links
from catalogue.state.lists import HandedLists
from catalogue.state.sole_writer import SoleWriter
from catalogue.state.tables import COUNTERS, ID_LENGTH, METADATA, NAME_LENGTH, PROBLEM_REPORTS, ZERO_RESULTS, upsert

log = logging.getLogger("catalogue.state")

REASONS = ("link", "outdated", "mistake", "shelf")
"""What a visitor can report about a record: a dead link, old content, an error, not on its shelf."""


class State:
    """The open state database. Thread-safe; close it, or the counts of the last seconds are lost.

    ``problem`` is None, or why the database cannot be used at present; opening is then tried again by ``flush``.
    """

    def __init__(self, url: str, *, retry: float, limit: int, clock: Callable[[], datetime.datetime]) -> None:
        self.problem: StateUnavailable | None = None
        self._url = url
        self._retry = retry
        self._clock = clock
        self._buffer = Buffer(limit)
        self._flushing = threading.Lock()  # one flush at a time
        self._engine: Engine | None = None
        self._next_try = 0.0
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self.lists = HandedLists(self.transaction, clock)
        self.accounts = Accounts(self.transaction, clock)
        self.history = History(self.transaction, clock)
        self.drafts = Drafts(self.transaction, clock)
        self.dismissals = Dismissals(self.transaction, clock)
        self.jobs = Jobs(self.transaction, clock)
        self.links = Links(self.transaction)
        self.datestamps = Datestamps(self.transaction)
        self.harvested = HarvestedRecords(self.transaction)
        self.sole_writer = SoleWriter(lambda: self._engine)

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

    def count(self, event: str, **dimensions: str) -> None:
        """Add one to what happened in this month. Costs a dictionary entry; never fails, never waits for the disk.

        ``dimensions``: names of ``catalogue.counters.DIMENSIONS``; those not given are empty.
        """
        names = (plain(dimensions.get(name, ""), ID_LENGTH) for name in DIMENSIONS)
        self._buffer.add((COUNTERS.name, f"{self._clock():%Y-%m}", plain(event, NAME_LENGTH), *names))

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
        self._buffer.add((PROBLEM_REPORTS.name, plain(record_id, ID_LENGTH), reason, self._clock().date()))

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
            self._engine = open_engine(self._url)
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
            with engine.execution_options(**IMMEDIATE).begin() as connection:
                _add_rows(connection, cells)
        except Exception as error:
            self._buffer.put_back(cells)
            self._fail(error)
            return
        self._tell_dropped()

    def _fail(self, error: Exception) -> None:
        if self.problem is None:
            log.warning("The state database cannot be used (%s); counts are kept in memory.", reason_of(error))
        self.problem = problem_of(error)
        self._next_try = time.monotonic() + self._retry
        self._release()

    def _release(self) -> None:
        self.sole_writer.release()
        if self._engine is not None:
            self._engine.dispose()
        self._engine = None

    def _tell_dropped(self) -> None:
        """Tell once the database works again, so that a full buffer does not fill the log as well."""
        if dropped := self._buffer.take_dropped():
            log.warning("%d counts were dropped: more than %d waited in memory.", dropped, self._buffer.limit)

    # --- reading: what is in the database; what still waits in memory comes with the next flush ---

    def counts(self, since: datetime.date | None = None, until: datetime.date | None = None) -> list[CountRow]:
        """Return how often what happened in the months of ``since`` to ``until``; None leaves that end open.

        A count under five is hidden, each row for itself. There is no total in which a single hidden count could be
        found again by subtraction: ``shown_total`` adds up the shown ones and says that some are missing.
        Raises StateUnavailable.
        """
        summed: Counter[tuple[str, ...]] = Counter()
        for (_month, *names), count in self.sums(since, until).items():
            summed[tuple(names)] += count
        return [
            CountRow(event, **dict(zip(DIMENSIONS, names, strict=True)), count=shown(count))
            for (event, *names), count in sorted(summed.items())
        ]

    def sums(
        self, since: datetime.date | None = None, until: datetime.date | None = None
    ) -> Mapping[tuple[str, ...], int]:
        """Return every sum by month, event and ``DIMENSIONS``, the small ones too: to be hidden by whoever shows them.

        Raises StateUnavailable.
        """
        statement = select(*COUNTERS.c)
        if since is not None:
            statement = statement.where(COUNTERS.c["month"] >= f"{since:%Y-%m}")
        if until is not None:
            statement = statement.where(COUNTERS.c["month"] <= f"{until:%Y-%m}")
        return {tuple(names): count for *names, count in self._read(statement)}

    def zero_results(self, minimum_days: int = DAYS_BEFORE_SHOWN, year: int = 0) -> list[ZeroResult]:
        """Return the queries without results seen on at least ``minimum_days`` days (of the weeks of a year).

        Most days first. Fewer than three days are never shown, whatever is asked. Raises StateUnavailable.
        """
        names = ("week", "query", "days", "count")
        seen: dict[str, ZeroSum] = defaultdict(ZeroSum)
        for week, query, days, count in self._read(select(*(ZERO_RESULTS.c[name] for name in names))):
            if not year or week.startswith(f"{year}-"):
                seen[query].add(week, days.bit_count(), count)
        least = max(minimum_days, DAYS_BEFORE_SHOWN)
        rows = [found.result(query) for query, found in seen.items() if found.days >= least]
        return sorted(rows, key=lambda row: (-row.days, -(row.count or 0), row.query))

    def problem_reports(self, year: int = 0) -> list[ProblemReport]:
        """Return what visitors reported (in a year), most often reported first. Raises StateUnavailable."""
        names = [PROBLEM_REPORTS.c[name] for name in ("record_id", "reason")]
        sums = [func.sum(PROBLEM_REPORTS.c["count"]), func.max(PROBLEM_REPORTS.c["day"])]
        statement = select(*names, *sums).group_by(*names)
        if year:
            first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
            statement = statement.where(PROBLEM_REPORTS.c["day"].between(first, last))
        rows = [ProblemReport(id, reason, count, day) for id, reason, count, day in self._read(statement)]
        return sorted(rows, key=lambda row: (-row.count, row.record_id, row.reason))

    def _read(self, statement: Select[*tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        with self.transaction() as connection:
            return [tuple(row) for row in connection.execute(statement)]

    # --- what must not be lost: written at once, or refused ---

    @contextmanager
    def transaction(self, write: bool = False) -> Iterator[Connection]:
        """Do a block in one transaction, all or nothing. ``write``: it will write. Raises StateUnavailable."""
        engine, problem = self._engine, self.problem
        if engine is None:
            raise StateUnavailable(problem.message, **problem.params) if problem else StateUnavailable()
        try:
            with (engine.execution_options(**IMMEDIATE) if write else engine).begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StateUnavailable(reason=reason_of(error)) from error


def _add_rows(connection: Connection, cells: Mapping[Key, Cell]) -> None:
    for table in METADATA.sorted_tables:
        rows = rows_of(cells, table)
        if rows:
            connection.execute(upsert(connection.dialect.name, table), rows)
