"""Lists handed over by code: kept as they were, for as long as was said, and never in the name of anybody."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect

from catalogue.errors import BadInput, Expired, NotFound, StateUnavailable
from catalogue.state import ListItem, State
from catalogue.state import lists as lists_module
from catalogue.state.tables import HANDED_LISTS
from tests.databases import Database

NOW = datetime.datetime(2026, 11, 23, 10)
ITEMS = (ListItem("devenir-infirmier", "start-here"), ListItem("le-forem", "Demandez l’équivalence d’abord"))


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def state(database: Database, clock: Clock) -> Iterator[State]:
    with State.open(database.url, interval=0, clock=clock) as opened:
        yield opened


def tomorrow() -> datetime.datetime:
    return NOW + datetime.timedelta(days=1)


def test_a_list_is_opened_by_its_code_after_a_restart_too(state: State, database: Database, clock: Clock) -> None:
    made = state.lists.hand_over(ITEMS, origin="advisor", lang="fr", expires=tomorrow())
    assert len(made.code) == 9
    assert made.code.isdigit()
    assert state.lists.get(made.code) == made
    assert made.items == ITEMS
    with State.open(database.url, interval=0, clock=clock) as again:
        assert again.lists.get(made.code) == made


def test_codes_are_all_different_and_far_apart(state: State) -> None:
    made = [state.lists.hand_over(ITEMS, origin="visitor", lang="nl", expires=tomorrow()).code for _ in range(50)]
    assert len(set(made)) == 50
    assert state.lists.live() == 50
    assert max(map(int, made)) - min(map(int, made)) > 10**8


def test_a_code_that_is_taken_is_not_given_twice(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["000000007", "000000007", "000000008"])
    monkeypatch.setattr(lists_module, "_new_code", lambda: next(drawn))
    first, second = (state.lists.hand_over(ITEMS[n:], origin="visitor", lang="fr", expires=tomorrow()) for n in (0, 1))
    assert (first.code, second.code) == ("000000007", "000000008")
    assert state.lists.get(first.code).items == ITEMS


def test_an_expired_code_says_so_for_a_month_and_keeps_nothing(state: State, clock: Clock) -> None:
    made = state.lists.hand_over(ITEMS, origin="visitor", lang="fr", expires=tomorrow())
    clock.now = tomorrow()
    with pytest.raises(Expired) as raised:
        state.lists.get(made.code)
    assert raised.value.params == {"day": tomorrow().date()}
    state.lists.hand_over(ITEMS, origin="visitor", lang="fr", expires=tomorrow() + datetime.timedelta(days=90))
    with state.transaction() as connection:
        kept = connection.execute(HANDED_LISTS.select().where(HANDED_LISTS.c.code == made.code)).one()
    assert kept.items == "[]"
    clock.now += datetime.timedelta(days=31)
    state.lists.hand_over(ITEMS, origin="visitor", lang="fr", expires=clock.now + datetime.timedelta(hours=1))
    with pytest.raises(NotFound) as gone:
        state.lists.get(made.code)
    assert not isinstance(gone.value, Expired)


def test_a_list_can_be_given_other_items(state: State) -> None:
    made = state.lists.hand_over(ITEMS, origin="group", lang="fr", expires=tomorrow())
    changed = state.lists.change(made.code, ITEMS[:1])
    assert changed.items == ITEMS[:1]
    assert changed.expires == made.expires
    with pytest.raises(NotFound):
        state.lists.change("000000000", ITEMS)


@pytest.mark.parametrize(
    ("items", "origin"),
    [
        ((), "visitor"),
        (ITEMS, "somebody"),
        ((*ITEMS, ITEMS[0]), "visitor"),
        (tuple(ListItem(f"r{n}") for n in range(101)), "visitor"),
        ((ListItem("a", "x" * 301),), "advisor"),
    ],
)
def test_what_is_no_list_is_refused(state: State, items: tuple[ListItem, ...], origin: str) -> None:
    with pytest.raises(BadInput):
        state.lists.hand_over(items, origin=origin, lang="fr", expires=tomorrow())
    assert state.lists.live() == 0


def test_no_column_could_name_anybody(state: State) -> None:
    with state.transaction() as connection:
        columns = {column["name"] for column in inspect(connection).get_columns("handed_lists")}
    assert columns == {"code", "origin", "lang", "items", "created", "expires"}


def test_without_a_database_every_way_says_so(tmp_path: Path) -> None:
    (tmp_path / "catalogue.db").write_bytes(b"no database at all, but a file of some length " * 40)
    with State.open(f"sqlite:///{tmp_path}/catalogue.db", interval=0) as broken:
        with pytest.raises(StateUnavailable):
            broken.lists.get("123456789")
        with pytest.raises(StateUnavailable):
            broken.lists.hand_over(ITEMS, origin="visitor", lang="fr", expires=tomorrow())
