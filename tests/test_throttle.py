"""Guessing is slowed; whoever did not guess never waits."""

from __future__ import annotations

import pytest
from starlette.requests import HTTPConnection

from catalogue.errors import TooManyTries
from catalogue.web import throttle as module
from catalogue.web.throttle import ALARM, FREE, LONGEST_QUEUE, LONGEST_WAIT, Throttle


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def client(host: str) -> HTTPConnection:
    return HTTPConnection({"type": "http", "client": (host, 1), "headers": []})


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_who_never_failed_never_waits(clock: Clock) -> None:
    throttle = Throttle(clock)
    for _ in range(1000):
        throttle.failed(client("10.0.0.1"))
    assert throttle.wait(client("10.0.0.2")) == 0


def test_a_few_mistakes_cost_nothing(clock: Clock) -> None:
    throttle = Throttle(clock)
    for _ in range(FREE - 1):
        throttle.failed(client("a"))
        assert throttle.wait(client("a")) == 0


def test_each_failure_costs_more_and_time_forgives(clock: Clock) -> None:
    throttle, waits = Throttle(clock), []
    for _ in range(12):
        throttle.failed(client("a"))
        waits.append(throttle.wait(client("a")))
        clock.now += waits[-1]
    assert waits == sorted(waits)
    assert 0 < waits[FREE] < waits[-1] <= LONGEST_WAIT
    clock.now += 600
    assert throttle.wait(client("a")) == 0


def test_ten_thousand_guesses_are_mostly_not_looked_at(clock: Clock) -> None:
    throttle, looked_at = Throttle(clock), 0
    for _ in range(10_000):  # a hundred at once, as fast as it can
        clock.now += 0.01
        try:
            throttle.wait(client("guesser"))
        except TooManyTries:
            continue
        looked_at += 1
        throttle.failed(client("guesser"))
    assert looked_at < 60, "in a hundred seconds"
    with pytest.raises(TooManyTries) as raised:
        throttle.wait(client("guesser"))
    assert int(str(raised.value.params["seconds"])) >= LONGEST_QUEUE


def test_many_who_guess_a_little_wait_too_but_not_the_others(clock: Clock) -> None:
    throttle = Throttle(clock)
    for number in range(int(ALARM) + 10):
        throttle.failed(client(f"10.1.{number // 250}.{number % 250}"))
    assert throttle.wait(client("10.1.0.1")) > 0
    assert throttle.wait(client("10.2.0.1")) == 0


def test_what_is_remembered_is_bounded_and_names_nobody(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CLIENTS", 50)
    throttle = Throttle(clock)
    for number in range(500):
        throttle.failed(client(f"host-{number}"))
        clock.now += 30
    assert len(throttle._clients) <= 51
    assert not any(b"host" in name for name in throttle._clients)
