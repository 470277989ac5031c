"""Killed at random moments: backup, restore, migration leave the old, or all of the new; the next run finishes."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from catalogue import archive, instance, migrations
from catalogue.service import Catalogue
from catalogue.state import copying
from tests.conftest import PROJECT
from tests.test_backup import rows
from tests.test_instance import files, inside

pytestmark = pytest.mark.soak

KILLS = 20


def started(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start ``catalogue`` in a folder."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("CATALOGUE_")} | {"PYTHONPATH": str(PROJECT)}
    return subprocess.Popen([sys.executable, "-m", "catalogue", *arguments], cwd=folder, env=env)


def killed(process: subprocess.Popen[bytes], at_work: Callable[[], bool], seconds: float) -> bool:
    """Kill a process within ``seconds`` after it began its work; returns whether it was still at work."""
    while process.poll() is None and not at_work():
        time.sleep(0.001)
    time.sleep(random.uniform(0, seconds))
    process.kill()
    return process.wait() == -signal.SIGKILL


def restoring(folder: Path) -> subprocess.Popen[bytes]:
    return started(folder, "restore", "b.zip", "r/site")


def told(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with capsys.disabled():
        print(f"\n{text}")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The example centre with a history, and films of 30 MB."""
    folder = tmp_path / "site"
    instance.create(folder)
    for number in range(3):
        (folder / "resources" / "media" / f"film-{number}.mp4").write_bytes(random.randbytes(10_000_000))
    Catalogue.open(inside(folder)).close()
    return folder


def worked(run: Callable[[], subprocess.Popen[bytes]], at_work: Callable[[], bool]) -> float:
    """Let a process do its work; returns the seconds that took."""
    process = run()
    while process.poll() is None and not at_work():
        time.sleep(0.001)
    begun = time.monotonic()
    assert process.wait() == 0
    return time.monotonic() - begun


def test_a_backup_killed_at_any_moment(site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, state = files(site / "resources"), rows(site / "var" / "catalogue.db")
    target, staging = tmp_path / "backups" / "b.zip", site / "var" / "cache" / "backup"
    seconds = worked(lambda: started(site, "backup", str(target)), staging.exists)
    shutil.rmtree(target.parent)
    hit = whole = 0
    for _ in range(KILLS):
        hit += killed(started(site, "backup", str(target)), staging.exists, seconds * 1.5)
        if target.exists():
            whole += 1
            with archive.opened(target) as opened:
                opened.check()
            if random.random() < 0.5:
                target.unlink()
    assert hit > KILLS // 2
    assert started(site, "backup", str(target)).wait() == 0
    with archive.opened(target) as opened:
        opened.check()
    assert [path.name for path in target.parent.iterdir()] == ["b.zip"]
    assert not staging.exists()
    assert files(site / "resources") == before
    assert rows(site / "var" / "catalogue.db") == state
    told(capsys, f"backup: {hit} of {KILLS} killed at work ({seconds:.1f} s long), {whole} whole files, none half")


def test_a_restore_killed_at_any_moment(site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert started(site, "backup", str(tmp_path / "b.zip")).wait() == 0
    target, unfinished = tmp_path / "r" / "site", tmp_path / "r" / ".site.incomplete"
    seconds = worked(lambda: restoring(tmp_path), unfinished.exists)
    shutil.rmtree(target)
    wanted, state = files(site / "resources"), rows(site / "var" / "catalogue.db")
    hit = whole = 0
    for _ in range(KILLS):
        hit += killed(restoring(tmp_path), unfinished.exists, seconds * 1.2)
        if target.exists():
            whole += 1
            assert files(target / "resources") == wanted
            assert rows(target / "var" / "catalogue.db") == state
            shutil.rmtree(target)
    assert hit > KILLS // 2
    assert restoring(tmp_path).wait() == 0
    assert files(target / "resources") == wanted
    assert rows(target / "var" / "catalogue.db") == state
    assert [path.name for path in target.parent.iterdir()] == ["site"]
    told(capsys, f"restore: {hit} of {KILLS} killed at work ({seconds:.1f} s long), {whole} whole folders, none half")


def old_database(path: Path) -> None:
    """Make a database as the second revision of the tables had it, with something in it."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "catalogue" / "migrations"))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for day in range(1, 29):
            values = ", ".join(f"('2026-02-{day:02}', {hour}, 'search', 'work', 'fr', '', 7)" for hour in range(24))
            connection.exec_driver_sql(f"INSERT INTO counters VALUES {values}")
    engine.dispose()


def test_a_migration_killed_at_any_moment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "var").mkdir()
    model, path = tmp_path / "old.db", tmp_path / "var" / "catalogue.db"
    old_database(model)
    assert copying.revision(model) == "0002"
    found = dict.fromkeys(("0002", migrations.HEAD), 0)
    counted = {"0002": (672, 4704), migrations.HEAD: (1, 4704)}  # its hours are folded into a month
    for _ in range(KILLS):
        for left in path.parent.iterdir():
            left.unlink()
        shutil.copy(model, path)
        journal = path.with_name("catalogue.db-journal")
        killed(started(tmp_path, "user", "list"), journal.exists, 0.05)
        with sqlite3.connect(path) as opened:  # rolls back what was not finished, as the next start does
            sums = opened.execute("SELECT count(*), sum(count) FROM counters").fetchone()
        assert sums == counted[copying.revision(path)]
        found[copying.revision(path)] += 1
        assert started(tmp_path, "user", "list").wait() == 0
        assert copying.revision(path) == migrations.HEAD
        assert len(rows(path)["counters"]) == 1
    assert all(found.values()), found
    told(capsys, f"migration: killed {KILLS} times; afterwards at {found}, and the next start finished it")
