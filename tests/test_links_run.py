"""Runs over links: what is remembered from day to day, one request at a time to each host, offline, cut short."""

from __future__ import annotations

import asyncio
import datetime
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

import pytest

from catalogue.links.asking import Asker, Manners
from catalogue.links.judging import judge, vouched
from catalogue.links.looking import Finding
from catalogue.links.run import Offline, Run, Stopped, site_of
from catalogue.state import LinkState, State
from tests.conftest import PROJECT
from tests.databases import Database
from tests.link_hosts import Hosts, hosts
from tests.waiting import until

DAY = datetime.datetime(2026, 3, 2, 9, 0)
PATIENT = Manners(delay=0.0, inside=True)
URL = "https://example.org/x"
DOWN = [f"http://127.0.1.{n}:9/" for n in range(1, 8)]
"""Sites of which no port listens."""


class Clock:
    """A clock that a test moves."""

    now = DAY

    def __call__(self) -> datetime.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def state(database: Database, clock: Clock) -> Iterator[State]:
    with State.open(database.url, interval=0, clock=clock) as opened:
        yield opened


@pytest.fixture
def web() -> Iterator[Hosts]:
    with hosts() as running:
        yield running


Told = Callable[[int, int], bool]


def run(
    state: State, clock: Clock, urls: Sequence[str], id: str, told: Told = lambda _done, _total: True
) -> dict[str, str]:
    """Look at the addresses; return the verdict of everything that is known."""

    async def ran() -> None:
        async with Asker(PATIENT) as asker:
            await Run(asker, state.links, clock, id, told).over(urls)

    asyncio.run(ran())
    return {url: known.verdict for url, known in state.links.all().items()}


# --- from day to day ----------------------------------------------------------------------------------------------


def days(*outcomes: str) -> list[LinkState]:
    """Return what is known after each day with these outcomes: a letter each, looked at three times a day."""
    findings = {
        "a": Finding(URL, "answers", status=200),
        "m": Finding(URL, "answers", status=200, target="https://example.org/y"),
        "4": Finding(URL, "absent", "404", 404),
        "u": Finding(URL, "unknown", "403", 403),
        "d": Finding(URL, "doubtful", "words", 200),
    }
    known: LinkState | None = None
    after = []
    for number, outcome in enumerate(outcomes):
        for hour in range(3):
            moment = DAY + datetime.timedelta(days=number, hours=hour)
            known = (
                vouched(known, URL, moment, "els") if outcome == "v" else judge(known, findings[outcome], moment, "r")
            )
        assert known
        after.append(known)
    return after


@pytest.mark.parametrize(
    ("outcomes", "verdicts"),
    [
        ("a", "answers"),
        ("44", "unknown unknown"),
        ("444", "unknown unknown broken"),
        ("4u4u4", "unknown unknown unknown unknown broken"),
        ("44a44", "unknown unknown answers unknown unknown"),
        ("444u", "unknown unknown broken broken"),
        ("444a", "unknown unknown broken answers"),
        ("uuuuuu", "unknown " * 6),
        ("dddd", "perhaps-gone " * 4),
        ("44d4", "unknown unknown perhaps-gone unknown"),
        ("ma", "moved answers"),
        ("uvu", "unknown answers answers"),
        ("dvd", "perhaps-gone answers answers"),
        ("444v444", "unknown unknown broken answers unknown unknown broken"),
        ("vm", "answers moved"),
    ],
)
def test_days_count_and_not_looks(outcomes: str, verdicts: str) -> None:
    assert [known.verdict for known in days(*outcomes)] == verdicts.split()


def test_since_when_and_when_it_last_answered() -> None:
    found = days(*"aa4444a")
    day = DAY.date()
    days_on = [day + datetime.timedelta(days=n) for n in range(7)]
    assert [known.since for known in found] == [*[day] * 2, *[days_on[2]] * 2, *[days_on[4]] * 2, days_on[6]]
    assert [known.answered for known in found] == [days_on[0], *[days_on[1]] * 5, days_on[6]]
    assert [known.failures for known in found] == [0, 0, 1, 2, 3, 4, 0]


def test_a_persons_word_holds_for_half_a_year() -> None:
    said = vouched(None, URL, DAY, "els")
    doubt = Finding(URL, "doubtful", "same", 200)
    assert (said.account, said.answered) == ("els", DAY.date())
    assert judge(said, doubt, DAY + datetime.timedelta(days=180), "r").verdict == "answers"
    assert judge(said, doubt, DAY + datetime.timedelta(days=181), "r").verdict == "perhaps-gone"


# --- over many ----------------------------------------------------------------------------------------------------


def test_a_run_over_several_days(state: State, clock: Clock, web: Hosts) -> None:
    urls = {name: web.at(path) for name, path in [("page", "/page"), ("old", "/301/to"), ("no", "/404"), ("?", "/403")]}
    for number, broken in enumerate(("unknown", "unknown", "broken")):
        clock.now = DAY + datetime.timedelta(days=number)
        found = run(state, clock, list(urls.values()), f"run {number}")
        assert found == {urls["page"]: "answers", urls["old"]: "moved", urls["no"]: broken, urls["?"]: "unknown"}
    assert state.links.all()[urls["old"]].target == web.at("/page")


def test_a_host_has_one_request_at_a_time_and_several_hosts_go_on_together(
    state: State, clock: Clock, web: Hosts
) -> None:
    web.seen.pause = 0.03
    names = [f"127.0.0.{n}" for n in range(1, 5)]
    run(state, clock, [web.at(f"/film?{n}", host) for n in range(4) for host in names], "r")
    assert web.seen.most_at_once.pop("all") > 1
    assert web.seen.most_at_once == dict.fromkeys(names, 1)
    assert len(web.seen.asked) == 4 * (1 + 4)


def test_what_this_run_has_looked_at_is_not_asked_again(state: State, clock: Clock, web: Hosts) -> None:
    urls = [web.at(f"/film?{n}") for n in range(6)]
    with pytest.raises(Stopped):
        run(state, clock, urls, "first", lambda done, _total: done < 3)
    assert len(state.links.all()) == 3
    run(state, clock, urls, "first")
    assert [len(web.seen.methods(f"/film?{n}")) for n in range(6)] == [1] * 6
    run(state, clock, urls, "second")
    assert [len(web.seen.methods(f"/film?{n}")) for n in range(6)] == [2] * 6


def test_offline_is_not_dead(state: State, clock: Clock, web: Hosts) -> None:
    for urls in (DOWN, DOWN[:1], DOWN[:3]):
        with pytest.raises(Offline):
            run(state, clock, urls, "r")
        assert not state.links.all()


def test_the_net_that_goes_away_in_the_middle_leaves_what_was_known(state: State, clock: Clock) -> None:
    with hosts() as web:
        known = web.at("/page")
        run(state, clock, [known, web.at("/page", "127.0.0.2")], "before")
    with pytest.raises(Offline):
        run(state, clock, [known, *DOWN], "after")
    assert {known.run for known in state.links.all().values()} == {"before"}


def test_the_net_that_goes_away_while_it_is_used_is_noticed(state: State, clock: Clock) -> None:
    with ExitStack() as net:
        web = net.enter_context(hosts())

        def unplug(done: int, _total: int) -> bool:
            if done == 6:
                net.close()
            return True

        # Whatever the order of their answers: more hosts than it takes have something left when the net goes.
        sites = [web.at(f"/film?{n}", f"127.0.0.{host}") for n in range(4) for host in range(1, 9)]
        with pytest.raises(Offline):
            run(state, clock, sites, "r", unplug)
    assert {known.verdict for known in state.links.all().values()} <= {"answers", "unknown"}
    assert not {known.reason for known in state.links.of(sites).values()} & {"name", "connect"}


def test_many_dead_sites_are_dead_where_others_answer(state: State, clock: Clock, web: Hosts) -> None:
    found = run(state, clock, [*DOWN, web.at("/page")], "r")
    assert found == {**dict.fromkeys(DOWN, "unknown"), web.at("/page"): "answers"}
    assert {state.links.all()[url].reason for url in DOWN} == {"connect"}


def test_one_dead_site_looked_at_alone_is_told_from_the_net_by_one_that_answered(
    state: State, clock: Clock, web: Hosts
) -> None:
    run(state, clock, [web.at("/page")], "before")
    assert run(state, clock, DOWN[:1], "after")[DOWN[0]] == "unknown"


def test_a_host_that_wants_peace_is_left_for_the_next_run(state: State, clock: Clock, web: Hosts) -> None:
    found = run(state, clock, [web.at("/very-busy"), web.at("/page")], "r")
    assert found == {web.at("/very-busy"): "unknown"}


def test_what_is_kept_in_the_database_comes_back(state: State) -> None:
    day = DAY.date()
    whole = LinkState(URL, "moved", day, DAY, "301", 200, URL + "y", day, 2, day, day, "els", "r")
    state.links.put([whole, whole])
    assert state.links.all() == {URL: whole}
    state.links.forget([URL])
    assert not state.links.all()


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.actiris.brussels/x", "actiris.brussels"),
        ("http://127.0.0.1:80/", "127.0.0.1"),
        ("http://[::1]/", "::1"),
        ("http://localhost/", "localhost"),
    ],
)
def test_sites_that_have_nothing_to_do_with_each_other(url: str, site: str) -> None:
    assert site_of(url) == site


_PROGRAM = """
import asyncio, datetime, sys
from catalogue.links.asking import Asker, Manners
from catalogue.links.run import Run
from catalogue.state import State
async def main():
    with State.open(sys.argv[1], interval=0) as state:
        async with Asker(Manners(delay=0, inside=True)) as asker:
            await Run(asker, state.links, datetime.datetime.now, "run").over(sys.argv[2:])
asyncio.run(main())
"""


def test_a_run_that_was_killed_goes_on_where_it_was(database: Database, state: State, web: Hosts) -> None:
    web.seen.pause = 0.05
    urls = [web.at(f"/film?{n}") for n in range(20)]
    command = [sys.executable, "-c", _PROGRAM, database.url, *urls]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(PROJECT)})
    until(lambda: len(state.links.all()) >= 5)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = len(state.links.all())
    assert 5 <= before < 20
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(PROJECT)})
    assert len(state.links.all()) == 20
    asked = [len(web.seen.methods(f"/film?{n}")) for n in range(20)]
    assert sum(asked) <= 20 + 1, "only the one that was being asked is asked again"
