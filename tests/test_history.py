"""The history, on both databases: what another process reads of it to know which files were written."""

from __future__ import annotations

from catalogue.state import State, Version
from tests.databases import Database


def test_a_promise_and_what_comes_after_it_is_not_yet_written(database: Database) -> None:
    with State.open(database.url, interval=0) as state:
        history = state.history
        assert history.newest() == 0
        first = history.promise([Version("records/a.yaml", b"a"), Version("records/b.yaml", b"b")], account="", kind="")
        assert history.newest() == 0
        history.keep(first)
        before = history.newest()
        assert history.written(0, before) == {"records/a.yaml", "records/b.yaml"}
        promised = history.promise([Version("records/c.yaml", None)], account="", kind="")
        history.notice([Version("records/d.yaml", b"d")], "found")
        assert history.newest() == before
        history.keep(promised)
        assert history.written(before, history.newest()) == {"records/c.yaml", "records/d.yaml"}
        assert history.written(history.newest(), history.newest()) == frozenset()
