"""Accounts of staff: who gets in, for how long, and that nobody else does."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from catalogue.errors import BadInput, NotFound, StateUnavailable
from catalogue.state import ROLES, Accounts, State
from catalogue.state.accounts import IDLE, LONGEST_SESSION, LastAdministrator, check_password, make_password
from catalogue.state.tables import METADATA
from tests.databases import Database

NOW = datetime.datetime(2026, 11, 23, 9)
PASSWORD = "fenêtre lampe gare onze"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
MINUTE = datetime.timedelta(minutes=1)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime.datetime:
        return self.now


class Counting(PasswordHasher):
    """Notes which hashes it was asked to compare with."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.compared: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.compared.append(str(hash))
        return super().verify(hash, password)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def state(database: Database, clock: Clock) -> Iterator[State]:
    with State.open(database.url, interval=0, clock=clock) as opened:
        yield opened


@pytest.fixture
def accounts(state: State, clock: Clock) -> Accounts:
    made = Accounts(state.transaction, clock, QUICK)
    made.add("marie", "advisor", PASSWORD)
    return made


def signed_in(accounts: Accounts, name: str = "marie", password: str = PASSWORD) -> str:
    token = accounts.sign_in(name, password)
    assert token is not None
    return token


# --- who gets in --------------------------------------------------------------------------------------------------


def test_the_right_password_begins_a_session_of_that_account(accounts: Accounts) -> None:
    accounts.add("piet", "administrator", PASSWORD)
    token = signed_in(accounts)
    account = accounts.of(token)
    assert account is not None
    assert (account.name, account.role, account.disabled, account.created) == ("marie", "advisor", False, NOW.date())
    assert accounts.of(signed_in(accounts, "piet")) != account
    assert accounts.of(token) == account


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("marie", PASSWORD + "."),
        ("marie", PASSWORD.upper()),
        ("marie", ""),
        ("nobody", PASSWORD),
        ("", ""),
        ("marie\0", PASSWORD),
        ("marie", "\ud800" * 12),
        ("marie' or 1=1 --", PASSWORD),
        ("marie", "x" * 100_000),
    ],
)
def test_nothing_else_does(accounts: Accounts, database: Database, name: str, password: str) -> None:
    assert accounts.sign_in(name, password) is None
    assert database.rows("select * from sessions") == []


@pytest.mark.parametrize("token", ["", "x", "\ud800", "a" * 100_000])
def test_a_token_that_was_never_given_is_nobody_s(accounts: Accounts, token: str) -> None:
    signed_in(accounts)
    assert accounts.of(token) is None


def test_keyboards_that_send_accents_and_capitals_of_names_otherwise_get_in_too(accounts: Accounts) -> None:
    decomposed = PASSWORD.replace("ê", "e\N{COMBINING CIRCUMFLEX ACCENT}")
    assert decomposed != PASSWORD
    assert accounts.sign_in(" Marie ", decomposed)


def test_an_unknown_or_disabled_name_is_compared_as_a_known_one_is(state: State, clock: Clock) -> None:
    hasher = Counting()
    accounts = Accounts(state.transaction, clock, hasher)
    accounts.add("marie", "advisor", PASSWORD)
    accounts.add("piet", "advisor", PASSWORD)
    accounts.disable("piet")
    for name in ("marie", "piet", "nobody"):
        assert accounts.sign_in(name, "wrong" * 3) is None
    assert len(hasher.compared) == 3
    parameters = [extract_parameters(hash) for hash in hasher.compared]
    assert parameters == [parameters[0]] * 3, "the same work for all three"


# --- what is kept -------------------------------------------------------------------------------------------------


def test_passwords_and_tokens_are_not_in_the_database(state: State, database: Database, clock: Clock) -> None:
    accounts = Accounts(state.transaction, clock)
    accounts.add("marie", "advisor", PASSWORD)
    token = signed_in(accounts)
    ((kept,),) = database.rows("select password from accounts")
    assert extract_parameters(str(kept)) == RFC_9106_LOW_MEMORY
    stored = repr([database.rows(f"select * from {table.name}") for table in METADATA.sorted_tables])
    assert token not in stored
    assert PASSWORD not in stored


def test_the_next_sign_in_renews_a_hash_whose_parameters_have_changed(
    accounts: Accounts, state: State, database: Database, clock: Clock
) -> None:
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    renewing = Accounts(state.transaction, clock, stronger)
    ((before,),) = database.rows("select password from accounts")
    assert renewing.sign_in("marie", "wrong password") is None
    assert database.rows("select password from accounts") == [(before,)]
    token = signed_in(renewing)
    ((after,),) = database.rows("select password from accounts")
    assert extract_parameters(str(after)).time_cost == 2
    assert renewing.of(token)
    assert signed_in(renewing)
    assert database.rows("select password from accounts") == [(after,)]


def test_accounts_and_sessions_survive_a_restart(
    accounts: Accounts, state: State, database: Database, clock: Clock
) -> None:
    token = signed_in(accounts)
    state.close()
    with State.open(database.url, interval=0, clock=clock) as again:
        account = again.accounts.of(token)
        assert account is not None
        assert account.name == "marie"
        assert again.accounts.sign_in("marie", PASSWORD)


# --- when it ends -------------------------------------------------------------------------------------------------


def test_a_session_ends_when_nothing_is_done(accounts: Accounts, clock: Clock) -> None:
    token = signed_in(accounts)
    clock.now += IDLE - MINUTE
    assert accounts.of(token), "and this is doing something"
    clock.now += IDLE - MINUTE
    assert accounts.of(token)
    clock.now += IDLE
    assert accounts.of(token) is None


def test_a_session_ends_with_the_working_day(accounts: Accounts, clock: Clock) -> None:
    token = signed_in(accounts)
    while clock.now < NOW + LONGEST_SESSION - MINUTE:
        assert accounts.of(token)
        clock.now += IDLE / 2
    clock.now = NOW + LONGEST_SESSION
    assert accounts.of(token) is None


def test_ended_sessions_are_forgotten_by_the_next_sign_in(accounts: Accounts, database: Database, clock: Clock) -> None:
    signed_in(accounts)
    signed_in(accounts)
    clock.now += IDLE
    signed_in(accounts)
    assert database.rows("select count(*) from sessions") == [(1,)]


def test_not_every_page_is_a_write(accounts: Accounts, database: Database, clock: Clock) -> None:
    token = signed_in(accounts)
    clock.now += MINUTE / 2
    accounts.of(token)
    assert database.rows("select seen = created from sessions") == [(1,)]
    clock.now += MINUTE / 2
    accounts.of(token)
    assert database.rows("select seen = created from sessions") == [(0,)]


def test_signing_out_ends_that_session_only(accounts: Accounts) -> None:
    here, there = signed_in(accounts), signed_in(accounts)
    accounts.sign_out(here)
    accounts.sign_out(here)
    assert accounts.of(here) is None
    assert accounts.of(there)


def test_disabling_ends_all_sessions_at_once_and_lets_nobody_in(accounts: Accounts) -> None:
    accounts.add("piet", "advisor", PASSWORD)
    tokens, other = [signed_in(accounts), signed_in(accounts)], signed_in(accounts, "piet")
    accounts.disable("marie")
    assert [accounts.of(token) for token in tokens] == [None, None]
    assert accounts.sign_in("marie", PASSWORD) is None
    assert accounts.of(other)
    accounts.enable("marie")
    assert [accounts.of(token) for token in tokens] == [None, None]
    assert accounts.sign_in("marie", PASSWORD)


def test_a_new_password_ends_all_sessions_and_the_old_one_is_worth_nothing(accounts: Accounts) -> None:
    token = signed_in(accounts)
    accounts.set_password("Marie", "vier losse woorden hier")
    assert accounts.of(token) is None
    assert accounts.sign_in("marie", PASSWORD) is None
    assert accounts.sign_in("marie", "vier losse woorden hier")


def test_who_is_disabled_while_the_password_is_looked_at_does_not_get_in(accounts: Accounts, state: State) -> None:
    class Slow(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            right = super().verify(hash, password)
            accounts.disable("marie")
            return right

    slow = Accounts(state.transaction, Clock(), Slow(time_cost=1, memory_cost=8, parallelism=1))
    assert slow.sign_in("marie", PASSWORD) is None
    accounts.enable("marie")
    assert accounts.sign_in("marie", PASSWORD)


# --- what will do -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "a", "marie dupont", "-marie", "_x", "a" * 41, "a/b", "a\nb", "<b>", "a\0b"])
def test_a_name_that_will_not_do_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(BadInput) as raised:
        accounts.add(name, "advisor", PASSWORD)
    assert "2 to 40" in str(raised.value)


@pytest.mark.parametrize("name", ["jo", "Émilie", "marie.dupont", "m-d_2", "marie@centre.example", "a" * 40])
def test_names_of_people_are_taken(accounts: Accounts, name: str) -> None:
    accounts.add(name, "advisor", PASSWORD)
    assert accounts.sign_in(name, PASSWORD)
    assert accounts.sign_in(name.upper(), PASSWORD)


def test_a_name_is_given_once(accounts: Accounts) -> None:
    with pytest.raises(BadInput) as raised:
        accounts.add("MARIE", "administrator", "vier losse woorden hier")
    assert "already" in str(raised.value)
    assert accounts.get("marie").role == "advisor"
    assert accounts.sign_in("marie", PASSWORD)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "at least 12"),
        ("", "at least 12"),
        ("elf letters", "at least 12"),
        ("x" * 201, "at most 200"),
        ("abababababababab", "easy to guess"),
        ("Marie12345678", "easy to guess"),
    ],
)
def test_a_password_that_will_not_do_is_refused(accounts: Accounts, password: str, says: str) -> None:
    token = signed_in(accounts)
    with pytest.raises(BadInput) as raised:
        accounts.set_password("marie", password)
    assert says in str(raised.value)
    with pytest.raises(BadInput):
        accounts.add("mari", "advisor", password)
    assert accounts.of(token), "nothing was changed"


def test_an_unknown_role_is_refused(accounts: Accounts) -> None:
    with pytest.raises(BadInput):
        accounts.add("piet", "king", PASSWORD)
    assert [account.name for account in accounts.list()] == ["marie"]


def test_each_role_may_do_what_those_before_it_may(accounts: Accounts) -> None:
    may = {}
    for role in ROLES:
        account = accounts.add(f"a-{role}", role, PASSWORD)
        may[role] = [other for other in ROLES if account.may(other)]
    assert may == {
        "advisor": ["advisor"],
        "documentalist": ["advisor", "documentalist"],
        "administrator": ["advisor", "documentalist", "administrator"],
    }


def test_an_account_that_is_not_there_is_named(accounts: Accounts) -> None:
    for change in (accounts.disable, accounts.enable, accounts.get, lambda n: accounts.set_password(n, PASSWORD)):
        with pytest.raises(NotFound) as raised:
            change("piet")
        assert "piet" in str(raised.value)


@pytest.mark.parametrize("change", ["disable", "role"])
def test_the_last_administrator_who_can_sign_in_stays(accounts: Accounts, change: str) -> None:
    def lose(name: str) -> None:
        if change == "disable":
            accounts.disable(name)
        else:
            accounts.set_role(name, "documentalist")

    accounts.add("piet", "administrator", PASSWORD)
    accounts.add("anna", "administrator", PASSWORD)
    lose("anna")
    token = signed_in(accounts, "piet")
    with pytest.raises(LastAdministrator) as raised:
        lose("Piet")
    assert "piet" in str(raised.value)
    assert accounts.of(token), "nothing was changed"
    accounts.set_role("piet", "administrator")
    accounts.set_role("marie", "administrator")
    lose("piet")
    with pytest.raises(LastAdministrator):
        lose("marie")


def test_a_disabled_administrator_is_nobody_to_count_on(accounts: Accounts) -> None:
    accounts.add("piet", "administrator", PASSWORD)
    accounts.add("anna", "administrator", PASSWORD)
    accounts.disable("anna")
    with pytest.raises(LastAdministrator):
        accounts.disable("piet")
    accounts.disable("anna")
    accounts.disable("marie")
    accounts.enable("anna")
    accounts.disable("piet")


def test_another_role_ends_all_sessions(accounts: Accounts) -> None:
    token = signed_in(accounts)
    accounts.set_role("marie", "documentalist")
    assert accounts.of(token) is None
    assert accounts.get("marie").role == "documentalist"
    with pytest.raises(BadInput):
        accounts.set_role("marie", "king")
    with pytest.raises(NotFound):
        accounts.set_role("nobody", "advisor")


def test_made_passwords_will_do_and_differ(accounts: Accounts) -> None:
    made = {make_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        check_password("marie", password)


def test_whether_there_is_any_account(state: State, clock: Clock) -> None:
    empty = Accounts(state.transaction, clock, QUICK)
    assert empty.are_none()
    empty.add("marie", "advisor", PASSWORD)
    empty.disable("marie")
    assert not empty.are_none()


def test_the_list_shows_everyone_and_no_hash(accounts: Accounts) -> None:
    accounts.add("anna", "documentalist", PASSWORD)
    accounts.disable("marie")
    assert [(a.name, a.role, a.disabled) for a in accounts.list()] == [
        ("anna", "documentalist", False),
        ("marie", "advisor", True),
    ]
    assert "argon2" not in repr(accounts.list())


# --- without a database -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_is_signed_in_stays_so_when_the_disk_takes_no_more_writes(
    accounts: Accounts, state: State, database: Database, clock: Clock
) -> None:
    token = signed_in(accounts)
    state.close()
    with State.open(database.url, interval=0, clock=clock) as again:
        with again.transaction(True) as connection:
            full = "begin select raise(abort, 'database or disk is full'); end"
            connection.exec_driver_sql(f"create trigger full before update on sessions {full}")
        clock.now += 2 * MINUTE
        assert again.accounts.of(token)


def test_without_a_database_every_way_says_so(tmp_path: Path) -> None:
    (tmp_path / "catalogue.db").write_bytes(b"no database at all, but a file of some length " * 40)
    with State.open(f"sqlite:///{tmp_path}/catalogue.db", interval=0) as broken:
        accounts = broken.accounts
        for ask in (
            accounts.list,
            lambda: accounts.of("token"),
            lambda: accounts.sign_in("marie", PASSWORD),
            lambda: accounts.sign_out("token"),
            lambda: accounts.add("marie", "advisor", PASSWORD),
            lambda: accounts.disable("marie"),
        ):
            with pytest.raises(StateUnavailable):
                ask()


def test_an_account_belongs_to_a_centre_or_to_the_network(accounts: Accounts) -> None:
    assert accounts.get("marie").centre == ""
    assert accounts.add("lise", "documentalist", PASSWORD, "liege").centre == "liege"
    token = accounts.sign_in("lise", PASSWORD)
    assert token
    found = accounts.of(token)
    assert found and found.centre == "liege"
    accounts.set_centre("Lise", "gent")
    assert accounts.of(token) is None, "it signs in again"
    assert [account.centre for account in accounts.list()] == ["gent", ""]
    with pytest.raises(NotFound):
        accounts.set_centre("nobody", "gent")
