"""Where several processes share a state on PostgreSQL, one writes records; the others are told who does."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from catalogue.errors import Unavailable
from catalogue.import_commands import Folder
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.state import State
from catalogue.state.database import NAME
from catalogue.state.sole_writer import KEY
from catalogue.writing import Change
from tests.conftest import PROJECT, AddRecord
from tests.databases import Database, Server
from tests.waiting import until

ANOTHER = """
import sys, time
from catalogue.state import State
with State.open(sys.argv[1], interval=0) as state:
    state.sole_writer.hold()
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def shared(postgresql: Server) -> Database:
    return postgresql.migrated()


def test_the_second_is_told_who_writes_and_takes_over_when_that_one_ends(shared: Database) -> None:
    with State.open(shared.url, interval=0) as one, State.open(shared.url, interval=0) as two:
        one.sole_writer.hold()
        one.sole_writer.hold()
        with pytest.raises(Unavailable, match="another server") as refused:
            two.sole_writer.hold()
        assert refused.value.params["name"] == NAME
        one.close()
        two.sole_writer.hold()


def test_a_command_writes_beside_the_desk_of_its_machine_and_of_no_other(
    tmp_path: Path, centre: Path, add: AddRecord, shared: Database
) -> None:
    file = add("one")
    settings = Settings(resources=centre, index=str(tmp_path / "index"), state=shared.url, cache=tmp_path / "cache")

    def change(title: str) -> None:
        with State.open(shared.url, interval=0) as state:
            Folder(settings, state).writer.write([Change(file, title.encode(), None)], account="", kind="import")

    with State.open(shared.url, interval=0) as desk:
        desk.sole_writer.hold()
        change("of this machine")
        assert file.read_text() == "of this machine"
    elsewhere = create_engine(shared.url, connect_args={"application_name": "catalogue on elsewhere, process 1"})
    with elsewhere.connect() as connection:
        assert connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": KEY})
        with pytest.raises(Unavailable, match="another server"):
            change("of another")
    elsewhere.dispose()
    assert file.read_text() == "of this machine"


def test_a_killed_process_leaves_the_right_to_others(shared: Database) -> None:
    command = [sys.executable, "-c", ANOTHER, shared.url]
    with State.open(shared.url, interval=0) as state:
        with subprocess.Popen(command, env={"PYTHONPATH": str(PROJECT)}, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"held\n"
            with pytest.raises(Unavailable):
                state.sole_writer.hold()
            process.send_signal(signal.SIGKILL)

        def holds() -> bool:
            with suppress(Unavailable):
                state.sole_writer.hold()
                return True
            return False

        until(holds)


def test_a_connection_that_broke_is_made_again(shared: Database) -> None:
    with State.open(shared.url, interval=0) as state:
        state.sole_writer.hold()
        others = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
        shared.rows(f"{others} and datname = current_database()")
        state.sole_writer.hold()
        with State.open(shared.url, interval=0) as other, pytest.raises(Unavailable):
            other.sole_writer.hold()


def test_processes_that_share_a_file_have_its_lock(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/catalogue.db"
    with State.open(url, interval=0) as one, State.open(url, interval=0) as two:
        one.sole_writer.hold()
        two.sole_writer.hold()


def test_a_record_is_refused_while_another_writes_and_nothing_is_lost(
    tmp_path: Path, centre: Path, add: AddRecord, shared: Database
) -> None:
    file = add("one")
    with State.open(shared.url, interval=0) as other:
        other.sole_writer.hold()
        settings = Settings(resources=centre, index=str(tmp_path / "index"), state=shared.url, cache=tmp_path / "cache")
        catalogue = Catalogue.open(settings)
        try:
            before = file.read_bytes()
            with pytest.raises(Unavailable, match="another server"):
                catalogue.delete("one", account="marie")
            assert file.read_bytes() == before
            other.sole_writer.release()
            assert catalogue.delete("one", account="marie")
        finally:
            catalogue.close()
