"""What is put aside stays aside, on its own list, until it is taken back."""

from __future__ import annotations

import datetime

from catalogue.state import State
from tests.databases import Database


def test_put_aside_and_take_back(database: Database) -> None:
    now = [datetime.datetime(2026, 11, 23, 10)]
    with State.open(database.url, interval=0, clock=lambda: now[0]) as state:
        state.dismissals.put("review", ["one", "two", "one"], "dirk")
        now[0] += datetime.timedelta(minutes=1)
        state.dismissals.put("review", ["one"], "piet")
        state.dismissals.put("past", ["one"], "dirk")
    with State.open(database.url, interval=0, clock=lambda: now[0]) as state:
        found = state.dismissals.all()
        assert list(found["review"]) == ["one", "two"], "the last put aside first"
        assert (found["review"]["one"].account, found["review"]["one"].at) == ("piet", now[0])
        state.dismissals.take_back("review", "one")
        state.dismissals.take_back("review", "never there")
        found = state.dismissals.all()
        assert (set(found["review"]), set(found["past"])) == ({"two"}, {"one"})


def test_nothing_put_aside(database: Database) -> None:
    with State.open(database.url, interval=0) as state:
        state.dismissals.put("review", [], "dirk")
        assert not state.dismissals.all()
