"""The state goes from SQLite to PostgreSQL and back without losing a row, or not at all."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from catalogue.cli import main
from catalogue.errors import BadInput, StateUnavailable
from catalogue.state import ListItem, State, Version, moving
from catalogue.state.datestamps import GIVEN, SECOND, Datestamp
from catalogue.state.harvested import HarvestedRecord
from catalogue.state.tables import METADATA
from tests.conftest import PROJECT
from tests.databases import Database, Server

NOW = datetime.datetime(2026, 11, 23, 10)


def in_file(folder: Path, name: str) -> Database:
    return Database(f"sqlite:///{folder / name}.db")


def lived_in(database: Database, revisions: int = 3) -> Database:
    """Fill the database as a few weeks of a centre do."""
    with State.open(database.url, interval=0, clock=lambda: NOW) as state:
        state.count("search", theme="learn", lang="fr")
        state.zero_result("fée")
        state.report_problem("a-record", "link")
        state.accounts.add("marie", "advisor", "fenêtre lampe gare onze")
        assert state.accounts.sign_in("marie", "fenêtre lampe gare onze")
        state.lists.hand_over([ListItem("a")], origin="visitor", lang="nl", expires=NOW + datetime.timedelta(days=1))
        for number in range(revisions):
            version = Version(f"records/é{number}.yaml", bytes(range(256)))
            made = state.history.promise([version], account="marie", kind="save", label="Un métier")
            state.history.keep(made)
        state.drafts.put("marie", "record/one", [("title.fr", "Un métier \0 …")])
        state.dismissals.put("review", ["one"], "marie")
        state.jobs.add("import", "marie", "running", {"rows": 3})
        state.datestamps.put([Datestamp("one", 1_795_000_000 * SECOND, GIVEN, "ab" * 32, ("theme", "theme:learn"))])
        state.harvested.put([HarvestedRecord("first", "oai:first:1", "one", "2026-11-23", {"title": "Un métier"})])
    return database


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with State.open(database.url, interval=0) as state, state.transaction() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(table.select().order_by(*table.primary_key))]
            for table in METADATA.sorted_tables
        }


def test_there_and_back(tmp_path: Path, postgresql: Server) -> None:
    before, there, back = lived_in(in_file(tmp_path, "before")), postgresql.empty(), in_file(tmp_path, "back")
    told: list[tuple[int, int]] = []
    counts = moving.copy(before.url, there.url, lambda done, total: told.append((done, total)))
    moving.copy(there.url, back.url)
    kept = everything(before)
    assert everything(there) == everything(back) == kept
    assert counts == {name: len(rows) for name, rows in kept.items()}
    assert told[-1] == (sum(counts.values()),) * 2
    empty = {name for name, count in counts.items() if not count}
    assert empty <= {"links", "mappings"}, "every other table has a row in this test"


def test_what_is_written_afterwards_has_numbers_of_its_own(tmp_path: Path, postgresql: Server) -> None:
    there = postgresql.empty()
    moving.copy(lived_in(in_file(tmp_path, "before")).url, there.url)
    with State.open(there.url, interval=0) as state:
        made = state.history.promise([Version("records/new.yaml", b"new")], account="", kind="save", label="New")
        assert made == 4
        assert state.accounts.sign_in("marie", "fenêtre lampe gare onze")


def test_a_database_in_use_is_left_as_it_is(tmp_path: Path, database: Database) -> None:
    source = lived_in(in_file(tmp_path, "source"))
    lived_in(database, revisions=1)
    kept = everything(database)
    with pytest.raises(BadInput, match="not empty"):
        moving.copy(source.url, database.url)
    with pytest.raises(BadInput, match="same"):
        moving.copy(source.url, source.url)
    assert everything(database) == kept


KILLED = """
import os, signal, sys
from catalogue.state import moving
moving.copy(sys.argv[1], sys.argv[2], lambda done, total: done > total / 2 and os.kill(os.getpid(), signal.SIGKILL))
"""


def test_killed_half_way_the_new_database_is_empty_and_takes_all_of_it_the_next_time(
    tmp_path: Path, database: Database
) -> None:
    source = lived_in(in_file(tmp_path, "source"))
    command = [sys.executable, "-c", KILLED, source.url, database.url]
    died = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(PROJECT)})
    assert died.returncode == -signal.SIGKILL
    assert not any(everything(database).values())
    moving.copy(source.url, database.url)
    assert everything(database) == everything(source)


@pytest.mark.parametrize("url", ["postgresql+psycopg://u:hunter2@127.0.0.1:1/x", "nosuch://u:hunter2@h/x", "no url"])
def test_a_database_that_does_not_answer_is_said_without_its_password(tmp_path: Path, url: str) -> None:
    source = lived_in(in_file(tmp_path, "source"))
    for pair in ((source.url, url), (url, source.url)):
        with pytest.raises(StateUnavailable) as caught:
            moving.copy(*pair)
        assert "hunter2" not in caught.value.text()


def test_the_command_says_what_was_copied_and_what_to_do(
    tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "nl_BE.UTF-8")
    assert main(["state", "copy", lived_in(in_file(tmp_path, "source")).url, database.url]) == 0
    said = capsys.readouterr().out
    assert "CATALOGUE_STATE" in said
    assert "actions" in said
    assert main(["state", "copy", in_file(tmp_path, "source").url, database.url]) == 1
