"""The state database: what is counted, what is shown of it, and what happens when the database does not answer.

Tests run as root too, whom no file mode stops. Read-only is therefore SQLite's own ``mode=ro``; "cannot be opened"
is a folder in the file's place, or a file in the folder's place.
"""

from __future__ import annotations

import datetime
import logging
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, inspect, make_url

from catalogue import migrations
from catalogue.errors import BadInput, StateUnavailable
from catalogue.state import CountRow, ProblemReport, State, Total, ZeroResult, shown_total
from catalogue.state.buffer import normalised_query
from catalogue.state.tables import COUNTERS, METADATA, ZERO_RESULTS, upsert
from tests.databases import Database
from tests.waiting import until

MONDAY = datetime.datetime(2026, 3, 2, 10, 59)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime.datetime:
        return self.now

    def day(self, number: int) -> None:
        """Go to a day counted from the first Monday."""
        self.now = MONDAY + datetime.timedelta(days=number)


class Place:
    """The database of one test, and states on it that flush only when told and retry at once."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.file = folder / "var" / "catalogue.db"  # where it is one
        self.url = database.url
        self.rows, self.run = database.rows, database.run
        self.clock = Clock()
        self.opened: list[State] = []

    def open(self, url: str = "", *, interval: float = 0, retry: float = 0, limit: int = 10_000) -> State:
        """Open a state that is closed when the test ends."""
        state = State.open(url or self.url, interval=interval, retry=retry, limit=limit, clock=self.clock)
        self.opened.append(state)
        return state


@pytest.fixture
def place(database: Database, tmp_path: Path) -> Iterator[Place]:
    """A place without a count yet."""
    place = Place(database, tmp_path)
    yield place
    for state in place.opened:
        state.close()


in_a_file = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For tests of what only a file can do, or suffer."""


def count(state: State, times: int, event: str = "search", **names: str) -> None:
    """Count one event several times."""
    for _ in range(times):
        state.count(event, **names)


def in_threads(work: Callable[[int], object], number: int) -> None:
    """Do ``work`` in several threads that begin together."""
    ready = threading.Barrier(number)

    def run(turn: int) -> None:
        ready.wait()
        work(turn)

    threads = [threading.Thread(target=run, args=(turn,)) for turn in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# --- counting ---------------------------------------------------------------------------------------------------


def test_counts_survive_reopening(place: Place) -> None:
    state = place.open()
    count(state, 5, theme="learn", lang="fr", kind="book")
    state.close()

    again = place.open()
    count(again, 1, theme="learn", lang="fr", kind="book")
    again.flush()

    assert again.counts() == [CountRow("search", "learn", "fr", "book", 6)]
    assert place.rows("select month, count from counters") == [("2026-03", 6)]


def test_nothing_finer_than_the_month_and_no_person_has_a_column(place: Place) -> None:
    columns = {(table.name, column.name) for table in METADATA.sorted_tables for column in table.columns}
    assert {name for table, name in columns if table == "counters"} == {
        "month", "event", "theme", "lang", "kind", "publisher", "count",
    }  # fmt: skip
    assert {name for table, name in columns if table == "zero_results"} == {"week", "query", "days", "count"}
    assert {name for table, name in columns if table == "problem_reports"} == {"record_id", "reason", "day", "count"}


def test_one_event_goes_to_one_cell(place: Place) -> None:
    state = place.open()
    state.count("open", theme="work", lang="nl", kind="video")
    place.clock.now += datetime.timedelta(days=31)
    state.count("open", theme="work", lang="nl", kind="video")
    state.flush()
    state.flush()
    assert place.rows("select month, event, theme, lang, kind, publisher, count from counters order by month") == [
        ("2026-03", "open", "work", "nl", "video", "", 1),
        ("2026-04", "open", "work", "nl", "video", "", 1),
    ]


def test_two_states_add_to_the_same_cell(place: Place) -> None:
    one, two = place.open(), place.open()
    for state in (one, two, one):
        count(state, 4)
        state.zero_result("fée")
        state.report_problem("a-record", "link")
        state.flush()
        place.clock.day(1)
    assert place.rows("select sum(count) from counters") == [(12,)]
    assert place.rows("select days, count from zero_results") == [(0b11, 3)]
    assert place.rows("select sum(count) from problem_reports") == [(3,)]


def test_the_callers_thread_never_talks_to_the_database(place: Place) -> None:
    talkers: set[int] = set()

    def note(*_: object) -> None:
        talkers.add(threading.get_ident())

    state = place.open(interval=0.005)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        count(state, 5)
        state.zero_result("fée")
        state.report_problem("a-record", "link")
        until(lambda: place.rows("select count(*) from problem_reports") == [(1,)])
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert talkers
    assert threading.get_ident() not in talkers


def test_threads_lose_no_count(place: Place) -> None:
    state = place.open(interval=0.001)
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(500):
                state.count("search", theme=str(number % 2))
                if turn % 50 == 0:
                    state.flush()
                    state.counts()
        except BaseException as error:
            errors.append(error)

    pause = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        in_threads(work, 8)
    finally:
        sys.setswitchinterval(pause)
    state.close()

    assert not errors
    assert place.rows("select theme, sum(count) from counters group by theme") == [("0", 2000), ("1", 2000)]


def test_closing_twice_and_counting_afterwards_is_harmless(place: Place) -> None:
    before = set(threading.enumerate())
    state = place.open(interval=0.01)
    count(state, 2)
    assert {thread.name for thread in set(threading.enumerate()) - before} == {"catalogue-state"}
    state.close()
    assert set(threading.enumerate()) <= before
    state.close()
    state.count("search")
    state.flush()
    assert place.rows("select count from counters") == [(2,)]
    with pytest.raises(StateUnavailable):
        state.counts()


@pytest.mark.parametrize("odd", ["nul\0", "lone \ud800 surrogate", "x" * 5000, "ligne\nsuivante"])
def test_odd_texts_cannot_stop_the_flush(place: Place, odd: str) -> None:
    state = place.open()
    state.count(odd, theme=odd, lang=odd, kind=odd)
    state.zero_result(odd)
    state.report_problem(odd, "mistake")
    state.flush()
    assert state.problem is None
    [(theme,)] = place.rows("select theme from counters")
    assert isinstance(theme, str)
    assert theme.isprintable()
    assert 0 < len(theme) <= 80


def test_the_buffer_is_bounded_and_says_what_it_dropped(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    state = place.open(limit=3)
    for number in range(5):
        count(state, 2, theme=f"t{number}")
    state.count("search", theme="t0")
    state.flush()
    assert place.rows("select theme, count from counters order by theme") == [("t0", 3), ("t1", 2), ("t2", 2)]
    assert [record.getMessage() for record in caplog.records] == [
        "4 counts were dropped: more than 3 waited in memory."
    ]
    state.count("search", theme="t9")
    state.flush()
    assert place.rows("select count from counters where theme = 't9'") == [(1,)]
    assert len(caplog.records) == 1


@in_a_file
def test_an_in_memory_database_serves_all_threads(place: Place) -> None:
    state = place.open("sqlite://", interval=0.005)
    count(state, 5)
    until(lambda: state.counts() == [CountRow("search", "", "", "", 5)])


# --- reading ----------------------------------------------------------------------------------------------------


def test_cells_under_five_are_hidden_each_for_itself(place: Place) -> None:
    state = place.open()
    count(state, 4, theme="learn", lang="fr")
    count(state, 5, theme="learn", lang="nl")
    count(state, 7, theme="work", lang="nl")
    state.flush()
    rows = state.counts()
    assert [(row.theme, row.lang, row.count) for row in rows] == [
        ("learn", "fr", None), ("learn", "nl", 5), ("work", "nl", 7),
    ]  # fmt: skip
    assert shown_total(rows) == Total(12, partial=True)
    assert shown_total(rows[1:]) == Total(12, partial=False)
    assert shown_total([]) == Total(0, partial=False)


def test_hiding_looks_at_the_sum_that_is_shown_and_at_its_months(place: Place) -> None:
    state = place.open()
    for month in range(3):
        place.clock.now = MONDAY + datetime.timedelta(days=31 * month)
        count(state, 2)
    state.flush()
    first, second, third = (datetime.date(2026, month, 15) for month in (3, 4, 5))
    assert [row.count for row in state.counts()] == [6]
    assert [row.count for row in state.counts(since=first, until=third)] == [6]
    assert [row.count for row in state.counts(since=second)] == [None]
    assert [row.count for row in state.counts(until=second)] == [None]
    assert state.counts(until=first - datetime.timedelta(days=31)) == []
    assert state.sums(until=second) == {
        ("2026-03", "search", "", "", "", ""): 2,
        ("2026-04", "search", "", "", "", ""): 2,
    }


def test_what_found_nothing_and_what_was_reported_in_a_year(place: Place) -> None:
    state = place.open()
    for days in (0, 1, 2, 400, 401, 402):
        place.clock.now = MONDAY + datetime.timedelta(days=days)
        state.zero_result("fée" if days < 400 else "lutin")
        state.report_problem("a-record" if days < 400 else "another", "link")
    state.flush()
    found = state.zero_results(year=2026)
    assert [(row.query, row.days, row.last_week) for row in found] == [("fee", 3, "2026-W10")]
    assert [(row.record_id, row.count) for row in state.problem_reports(2027)] == [("another", 3)]
    assert len(state.zero_results()) == len(state.problem_reports()) == 2


@in_a_file
def test_a_database_of_days_and_hours_keeps_its_sums_by_month(place: Place) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    before = ScriptDirectory.from_config(config).get_revision("0005").down_revision
    place.file.parent.mkdir(parents=True)
    engine = create_engine(place.url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, str(before))
        for day, hour, number in (("2026-03-02", 9, 4), ("2026-03-31", 17, 3), ("2026-04-01", 9, 1)):
            values = f"('{day}', {hour}, 'search', '', 'fr', '', {number})"
            connection.exec_driver_sql(f"insert into counters values {values}")
    engine.dispose()
    state = place.open()
    assert state.problem is None
    assert state.sums() == {("2026-03", "search", "", "fr", "", ""): 7, ("2026-04", "search", "", "fr", "", ""): 1}


def test_zero_results_show_after_three_separate_days_across_weeks(place: Place) -> None:
    state = place.open()
    days = {"fée": (0, 0, 0, 0, 0), "un": (0, 1), "trois": (0, 1, 7), "cinq": (0, 1, 2, 2, 8), "heure": (6, 7, 7, 8)}
    for query, seen in days.items():
        for day in seen:
            place.clock.day(day)
            state.zero_result(query)
    state.flush()
    assert state.zero_results() == [
        ZeroResult("cinq", 4, 5),
        ZeroResult("heure", 3, None),
        ZeroResult("trois", 3, None),
    ]
    assert state.zero_results(minimum_days=4) == [ZeroResult("cinq", 4, 5)]
    assert state.zero_results(minimum_days=1) == state.zero_results()
    assert place.rows("select week, days, count from zero_results where query = 'cinq' order by week") == [
        ("2026-W10", 0b111, 4), ("2026-W11", 0b10, 1),
    ]  # fmt: skip


def test_the_iso_week_carries_its_own_year(place: Place) -> None:
    state = place.open()
    place.clock.now = datetime.datetime(2027, 1, 1, 9)  # a Friday that belongs to the last week of 2026
    state.zero_result("fée")
    state.flush()
    assert place.rows("select week, days from zero_results") == [("2026-W53", 0b10000)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Éducatrice\t de   l’ENFANCE\n", "educatrice de l'enfance"),
        ("un deux trois quatre cinq six sept huit neuf", "un deux trois quatre cinq six sept huit"),
        ("a" * 100, "a" * 80),
        ("a" * 79 + " bcd", "a" * 79),
        ("ﷺ" * 20, None),  # one sign that folds into eighteen
        ("nul\0 et\u200b rien", "nul et rien"),
        ("85.07.30-033 28", ""),
        ("appelez le ٠٤٨٥", ""),
        ("puissance ²", ""),
        ("jean@example.be", ""),
        ("jean＠example", ""),
        ("un deux trois quatre cinq six sept huit neuf 1", ""),
        ("a" * 300 + "@", ""),
        ("   ", ""),
        ("", ""),
    ],
)
def test_zero_result_queries_are_normalised_or_dropped(place: Place, typed: str, kept: str | None) -> None:
    if kept is not None:
        assert normalised_query(typed) == kept
    state = place.open()
    state.zero_result(typed)
    state.flush()
    assert state.problem is None
    assert place.rows("select query from zero_results") == ([(normalised_query(typed),)] if kept != "" else [])
    assert len(normalised_query(typed)) <= 80


def test_problem_reports_tell_record_reason_number_and_last_day(place: Place) -> None:
    state = place.open()
    state.report_problem("b-record", "shelf")
    state.report_problem("a-record", "link")
    place.clock.day(3)
    state.report_problem("a-record", "link")
    state.flush()
    assert state.problem_reports() == [
        ProblemReport("a-record", "link", 2, datetime.date(2026, 3, 5)),
        ProblemReport("b-record", "shelf", 1, datetime.date(2026, 3, 2)),
    ]


def test_an_unknown_reason_is_refused(place: Place) -> None:
    state = place.open()
    with pytest.raises(BadInput):
        state.report_problem("a-record", "boring")
    state.flush()
    assert state.problem_reports() == []


# --- when the database does not answer --------------------------------------------------------------------------


def not_a_database(place: Place) -> str:
    place.file.parent.mkdir()
    place.file.write_bytes(b"This is a letter to the mayor.\n" * 300)
    return place.url


def half_a_database(place: Place) -> str:
    """The first page of three: the header is right and the tables are not there."""
    place.open().close()
    place.run("pragma journal_mode=delete")
    place.file.write_bytes(place.file.read_bytes()[:4096])
    return place.url


def newer_revision(place: Place) -> str:
    place.open().close()
    place.run("update alembic_version set version_num = '9999'")
    return place.url


def read_only(place: Place) -> str:
    place.open().close()
    return f"sqlite:///file:{place.file}?mode=ro&uri=true"


def read_only_without_wal(place: Place) -> str:
    url = read_only(place)
    place.run("pragma journal_mode=delete")
    return url


def a_folder_in_its_place(place: Place) -> str:
    place.file.mkdir(parents=True)
    return place.url


def a_file_instead_of_its_folder(place: Place) -> str:
    place.file.parent.write_bytes(b"")
    return place.url


def absent_and_read_only(place: Place) -> str:
    place.file.parent.mkdir()
    return f"sqlite:///file:{place.file}?mode=ro&uri=true"


def not_a_url(place: Place) -> str:
    return "postgresql://u:hunter2@[nowhere"


def not_a_port(place: Place) -> str:
    return "postgresql://u@nowhere:hunter2/x"


def unknown_driver(place: Place) -> str:
    return "nosuchdatabase://u:hunter2@localhost/x"


def refused_connection(place: Place) -> str:
    pytest.importorskip("psycopg")
    return "postgresql+psycopg://u:hunter2@127.0.0.1:1/x"


BREAKS = [
    not_a_database, half_a_database, newer_revision, read_only, read_only_without_wal, a_folder_in_its_place,
    a_file_instead_of_its_folder, absent_and_read_only, not_a_url, not_a_port, unknown_driver, refused_connection,
]  # fmt: skip


def bytes_below(folder: Path) -> dict[Path, bytes]:
    """Read every file but SQLite's own side files, which reading a WAL database leaves where it may not write."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal")))
    return {path: path.read_bytes() for path in files}


@in_a_file
@pytest.mark.parametrize("break_it", BREAKS)
def test_a_database_that_cannot_be_used_stops_nothing_and_is_left_as_it_is(
    place: Place, tmp_path: Path, caplog: pytest.LogCaptureFixture, break_it: Callable[[Place], str]
) -> None:
    url = break_it(place)
    before = bytes_below(tmp_path)
    state = place.open(url)
    count(state, 3)
    state.zero_result("une question intime")
    state.flush()
    state.flush()

    assert isinstance(state.problem, StateUnavailable)
    for read in (state.counts, state.zero_results, state.problem_reports):
        with pytest.raises(StateUnavailable):
            read()
    assert [record.name for record in caplog.records] == ["catalogue.state"]
    state.close()
    state.close()
    assert bytes_below(tmp_path) == before
    assert [record.getMessage()[:17] for record in caplog.records[1:]] == ["4 counts are lost"]
    assert "intime" not in caplog.text
    assert "hunter2" not in caplog.text
    assert "Traceback" not in caplog.text


@in_a_file
def test_a_newer_database_is_named_as_such(place: Place) -> None:
    problem = place.open(newer_revision(place)).problem
    assert problem is not None
    assert "newer version" in str(problem)


@in_a_file
def test_counts_wait_for_the_database_to_come_back(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    state = place.open(a_file_instead_of_its_folder(place))
    count(state, 5)
    state.flush()
    place.file.parent.unlink()
    count(state, 1)
    state.flush()
    assert state.problem is None
    assert [row.count for row in state.counts()] == [6]
    assert [record.getMessage() for record in caplog.records] == [
        "The state database cannot be used (File exists); counts are kept in memory.",
        "The state database can be used again.",
    ]


@in_a_file
def test_a_failed_database_is_not_tried_again_at_once_but_when_closing(place: Place) -> None:
    state = place.open(a_file_instead_of_its_folder(place), retry=60)
    place.file.parent.unlink()
    count(state, 2)
    state.flush()
    assert state.problem is not None
    assert not place.file.exists()
    state.close()
    assert place.rows("select count from counters") == [(2,)]


def test_a_table_that_disappears_between_two_flushes(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    state = place.open(limit=3)
    state.flush()
    place.run("alter table problem_reports rename to elsewhere")
    count(state, 2)
    state.zero_result("une question intime")
    state.report_problem("a-record", "link")
    state.flush()
    assert state.problem is not None
    assert "intime" not in caplog.text
    assert place.rows("select count(*) from counters") == [(0,)], "a flush is all or nothing"
    other = place.open()
    with pytest.raises(StateUnavailable):
        other.problem_reports()
    assert other.counts() == []

    place.run("alter table elsewhere rename to problem_reports")
    count(state, 3)
    count(state, 1, theme="no room")
    state.flush()
    assert state.problem is None
    assert place.rows("select count from counters") == [(5,)]
    assert place.rows("select count from zero_results") == [(1,)]
    assert place.rows("select count from problem_reports") == [(1,)]


def test_what_is_counted_while_a_flush_fails_is_added_to_what_it_puts_back(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = place.open(limit=2)
    count(state, 2)

    def fail(*_: object) -> None:
        count(state, 3)
        count(state, 1, theme="still room")
        count(state, 1, theme="no room")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("catalogue.state.state._add_rows", fail)
    state.flush()
    monkeypatch.undo()
    state.flush()
    assert place.rows("select theme, count from counters order by theme") == [("", 5), ("still room", 1)]


@in_a_file
def test_another_process_that_keeps_the_lock(place: Place) -> None:
    state = place.open(f"{place.url}?timeout=0.02")
    count(state, 2)
    with closing(sqlite3.connect(place.file)) as other:
        other.execute("begin immediate")
        state.flush()
        assert state.problem is not None
        assert state.problem.params["reason"] == "database is locked"
    state.flush()
    assert state.problem is None
    assert place.rows("select count from counters") == [(2,)]


@in_a_file
def test_a_file_deleted_under_a_running_state_is_made_again(place: Place) -> None:
    state = place.open()
    count(state, 1)
    state.flush()
    place.file.unlink()
    count(state, 2)
    state.flush()
    state.flush()
    assert state.problem is None
    assert place.rows("select count from counters") == [(2,)]


@in_a_file
def test_readers_are_not_kept_waiting_by_a_writer(place: Place) -> None:
    state = place.open(f"{place.url}?timeout=0.02")
    count(state, 5)
    state.flush()
    assert place.rows("pragma journal_mode") == [("wal",)]
    with closing(sqlite3.connect(place.file)) as other:
        other.execute("begin immediate")
        other.execute("delete from counters")
        assert [row.count for row in state.counts()] == [5]


@in_a_file
def test_a_lock_is_waited_for_five_seconds(place: Place) -> None:
    found: list[object] = []

    def note(connection: sqlite3.Connection, _: object) -> None:
        found.append(connection.execute("pragma busy_timeout").fetchone()[0])

    event.listen(Engine, "connect", note)
    try:
        place.open()
    finally:
        event.remove(Engine, "connect", note)
    assert set(found) == {5000}


# --- kill -9 ----------------------------------------------------------------------------------------------------

# Each flush adds as much to counters as to problem_reports: whatever the instant of death, the two sums are equal.
WRITER = """
import sys
from catalogue.state import State
state = State.open(sys.argv[1], interval=0)
assert state.problem is None
while True:
    for number in range(40):
        state.count("search", theme=str(number))
        state.report_problem(str(number), "link")
    state.flush()
    print("flushed", flush=True)
"""

KILLED_WHILE_FLUSHING = """
import os, signal, sys
from sqlalchemy import Engine, event
from catalogue.state import State
state = State.open(sys.argv[1], interval=0)
state.count("search")
state.flush()
def die(connection, cursor, statement, *_):
    if "problem_reports" in statement:
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(Engine, "after_cursor_execute", die)
state.count("search")
state.report_problem("x", "link")
state.flush()
"""

KILLED_WHILE_MIGRATING = """
import os, signal, sys
from sqlalchemy import Engine, event
from catalogue.state import State
def die(connection, cursor, statement, *_):
    if "CREATE TABLE zero_results" in statement:
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(Engine, "after_cursor_execute", die)
State.open(sys.argv[1], interval=0)
"""


def start(script: str, place: Place) -> subprocess.Popen[str]:
    root = str(Path(__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": root}
    command = [sys.executable, "-c", script, place.url]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


@in_a_file
def test_a_process_killed_at_any_instant_leaves_whole_flushes(place: Place) -> None:
    for _ in range(4):
        with start(WRITER, place) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "flushed\n"
            time.sleep(random.uniform(0, 0.05))
            process.kill()
        state = place.open()
        assert state.problem is None
        state.close()
        assert place.rows("pragma integrity_check") == [("ok",)]
        [(counted,)] = place.rows("select sum(count) from counters")
        assert isinstance(counted, int)
        assert counted >= 40
        assert place.rows("select sum(count) from problem_reports") == [(counted,)]


def test_a_process_killed_between_two_statements_of_a_flush(place: Place) -> None:
    with start(KILLED_WHILE_FLUSHING, place) as process:
        assert process.wait(30) == -signal.SIGKILL
    state = place.open()
    assert state.problem is None
    assert place.rows("select count from counters") == [(1,)]
    assert place.rows("select count(*) from problem_reports") == [(0,)]


@in_a_file
def test_a_process_killed_between_two_tables_of_a_migration(place: Place) -> None:
    with start(KILLED_WHILE_MIGRATING, place) as process:
        assert process.wait(30) == -signal.SIGKILL
    assert place.rows("select name from sqlite_master") == []
    state = place.open()
    assert state.problem is None
    count(state, 5)
    state.flush()
    assert [row.count for row in state.counts()] == [5]


# --- migrations -------------------------------------------------------------------------------------------------


def test_migrating_an_empty_database_gives_the_declared_tables(place: Place) -> None:
    place.open().close()
    engine = create_engine(place.url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, METADATA) == []
            # compare_metadata does not look at primary keys, on which the upserts rest.
            for table in METADATA.sorted_tables:
                found = inspect(connection).get_pk_constraint(table.name)
                assert found["constrained_columns"] == [column.name for column in table.primary_key]
                assert found["name"] == f"pk_{table.name}"
    finally:
        engine.dispose()


def test_head_is_the_last_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


@in_a_file
def test_an_existing_database_opens_without_alembic(place: Place) -> None:
    place.open().close()
    script = "import sys\nfrom catalogue.state import State\nState.open(sys.argv[1], interval=0).close()\n"
    script += "print('alembic' in sys.modules, 'sqlalchemy.dialects.postgresql' in sys.modules)"
    with start(script, place) as process:
        assert process.communicate(timeout=30)[0] == "False False\n"


def test_opening_is_quiet(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        place.open().close()
        place.open().close()
    assert caplog.records == []


def test_several_states_open_one_new_database_at_once(place: Place) -> None:
    def work(_: int) -> None:
        state = place.open()
        count(state, 1)
        state.flush()

    in_threads(work, 6)
    assert [state.problem for state in place.opened] == [None] * 6
    assert place.rows("select count from counters") == [(6,)]


@in_a_file
def test_several_new_databases_are_made_at_once(place: Place, tmp_path: Path) -> None:
    in_threads(lambda number: place.open(f"sqlite:///{tmp_path}/deep/{number}/catalogue.db"), 6)
    assert [state.problem for state in place.opened] == [None] * 6
    assert [state.counts() for state in place.opened] == [[]] * 6


def test_the_upserts_are_understood_by_postgresql() -> None:
    dialect = make_url("postgresql://").get_dialect()()
    counters = str(upsert("postgresql", COUNTERS).compile(dialect=dialect))
    assert "ON CONFLICT (month, event, theme, lang, kind, publisher) DO UPDATE" in counters
    assert "SET count = (counters.count + excluded.count)" in counters
    zero_results = str(upsert("postgresql", ZERO_RESULTS).compile(dialect=dialect))
    assert "days = (zero_results.days | excluded.days)" in zero_results
