"""Copies of the state database: one moment, whatever is written meanwhile; damage is seen."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from catalogue import migrations
from catalogue.errors import BadInput, StateUnavailable
from catalogue.state import State, copying
from tests.conftest import write


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "a b%.db"
    with State.open(f"sqlite:///{path}", interval=0) as state:
        state.count("search", lang="fr")
    return path


def counted(path: Path) -> int:
    with sqlite3.connect(path) as opened:
        return int(opened.execute("SELECT sum(count) FROM counters").fetchone()[0])


def test_a_copy_is_of_the_moment_it_was_begun(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with copying.snapshot(database) as take:
        with State.open(f"sqlite:///{database}", interval=0) as state:
            state.count("search", lang="fr")
        assert counted(database) == 2
        take(copy)
        take(copy)
    assert counted(copy) == 1
    assert copy.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy.db"]
    assert copying.revision(copy) == copying.revision(database) == migrations.HEAD


def test_a_file_without_tables_has_no_revision(tmp_path: Path) -> None:
    assert copying.revision(write(tmp_path / "empty.db", "")) == ""


def test_damage_is_seen(database: Path, tmp_path: Path) -> None:
    with sqlite3.connect(database) as opened:
        opened.execute("PRAGMA journal_mode=DELETE")
    data = bytearray(database.read_bytes())
    data[4096:12288] = b"\x5a" * 8192
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(data)
    for path in (damaged, write(tmp_path / "text.db", "this is no database"), tmp_path / "absent.db"):
        with pytest.raises(StateUnavailable, match="cannot be read"):
            copying.revision(path)
    with pytest.raises(StateUnavailable), copying.snapshot(tmp_path / "text.db"):
        pass


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///var/c.db", "var/c.db"),
        ("sqlite:////srv/c.db?timeout=9", "/srv/c.db"),
        ("sqlite:///C:/c.db", "C:/c.db"),
    ],
)
def test_where_the_file_is(url: str, path: str) -> None:
    assert copying.file_of(url, Path("resources")) == Path(path)


@pytest.mark.parametrize("url", ["postgresql://u:secret@h/db", "sqlite://", "sqlite:///:memory:", ""])
def test_what_is_no_file_has_other_backups(url: str) -> None:
    with pytest.raises(BadInput, match="pg_dump") as raised:
        copying.file_of(url, Path("resources"))
    assert "secret" not in str(raised.value)
