"""Providers asked over a real network: when they are busy, broken, endless, or not where they should be."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from catalogue.harvest.asking import NotAnswered, Pace, Provider
from tests.oai_providers import Says, Script, provider

PACE = Pace(agent="catalogue-harvest/1 (+https://x.be)", delay=1.0, first_wait=2.0, tries=4, inside=True)


@pytest.fixture
def script() -> Iterator[Script]:
    with provider() as running:
        yield running


def ask(script: Script, pace: Pace = PACE, times: int = 1) -> tuple[list[bytes], list[float]]:
    """Return what was answered, and how long was waited, without waiting."""
    waits: list[float] = []
    with Provider(script.url, pace, waits.append) as asked:
        return [asked.ask(verb="ListRecords", from_="2026-01-01", set="") for _ in range(times)], waits


def test_it_asks_with_its_name_and_pauses_between_two(script: Script) -> None:
    script.says = [Says("a")]
    got, waits = ask(script, times=2)
    assert got == [b"a", b"a"]
    assert script.asked[0] == {"verb": "ListRecords", "from": "2026-01-01"}
    assert script.agents == {PACE.agent}
    assert waits[0] == 0 and 0.5 < waits[1] <= 1.0


def test_it_waits_as_long_as_it_is_told_to(script: Script) -> None:
    script.says = [
        Says(status=503, headers={"Retry-After": "7"}),
        Says(status=429, headers={"Retry-After": "9"}),
        Says("a"),
    ]
    got, waits = ask(script)
    assert got == [b"a"]
    assert {7.0, 9.0} <= set(waits)


def test_it_waits_longer_from_failure_to_failure_and_gives_up(script: Script) -> None:
    script.says = [Says(status=500)]
    with pytest.raises(NotAnswered, match="500"):
        ask(script)
    assert len(script.asked) == PACE.tries
    waits: list[float] = []
    with Provider(script.url, PACE, waits.append) as asked, pytest.raises(NotAnswered):
        asked.ask(verb="Identify")
    assert [wait for wait in waits if wait >= 2] == [2.0, 4.0, 8.0]


@pytest.mark.parametrize(
    ("says", "reason", "times"),
    [
        (Says(status=404), "404", 1),
        (Says(status=403), "403", 1),
        (Says(status=503, headers={"Retry-After": "86400"}), "86400 seconds", 1),
        (Says("x", headers={"Content-Encoding": "gzip"}), "packs", 1),
        (Says("x" * 2000), "more than 0 MB", 1),
        (Says(status=302, headers={"Location": "/oai"}), "ProtocolError|broke off", 1),
        (Says(status=302, headers={"Location": "ftp://127.0.0.1/"}), "broke off|no web address", 1),
    ],
)
def test_what_asking_again_does_not_mend_is_told_at_once(script: Script, says: Says, reason: str, times: int) -> None:
    script.says = [says]
    with pytest.raises(NotAnswered, match=reason):
        ask(script, dataclasses.replace(PACE, most_bytes=1000, redirects=2))
    assert len(script.asked) <= (3 if says.status == 302 else times)


def test_the_house_is_asked_only_where_that_is_allowed(script: Script) -> None:
    script.says = [Says("a")]
    with pytest.raises(NotAnswered, match="CATALOGUE_HARVEST_INSIDE"):
        ask(script, dataclasses.replace(PACE, inside=False))
    assert not script.asked
    with Provider("http://127.0.0.1:9/oai", dataclasses.replace(PACE, tries=1)) as asked, pytest.raises(NotAnswered):
        asked.ask(verb="Identify")
    with Provider("http://[broken", dataclasses.replace(PACE, tries=1)) as asked, pytest.raises(NotAnswered):
        asked.ask(verb="Identify")
