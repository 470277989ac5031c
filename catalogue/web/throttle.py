"""Slows those who guess codes or passwords, and nobody else.

A client that failed a few times waits before its next attempt is looked at, longer after each failure; what it sends
meanwhile queues behind. A client that did not fail never waits: a right code or password is never locked out, whatever
others do. What is remembered of a client is a keyed hash of its address, in memory, for minutes.
"""

from __future__ import annotations

import hashlib
import math
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

import anyio
from starlette.requests import HTTPConnection

from catalogue.errors import TooManyTries

FREE = 5  # failures that cost nothing: people mistype
FIRST_WAIT = 0.5  # seconds, doubled by each further failure
LONGEST_WAIT = 15.0
LONGEST_QUEUE = 30.0
HALF_LIFE = 60.0  # seconds after which half of the failures are forgotten
ALARM = 300.0  # failures of all clients together, from which on one failure is enough to wait
ALARM_WAIT = 2.0
MOST_CLIENTS = 10_000


@dataclass(slots=True)
class _Client:
    failures: float = 0.0
    seen: float = 0.0
    free_at: float = 0.0  # when its next attempt is looked at

    def decayed(self, now: float) -> float:
        return float(self.failures * 0.5 ** ((now - self.seen) / HALF_LIFE))


class Throttle:
    """Remembers who failed how often. For one kind of guessing, used from one event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._key = clock, secrets.token_bytes(16)
        self._clients: dict[bytes, _Client] = {}
        self._all = _Client()

    def wait(self, connection: HTTPConnection) -> float:
        """Take a place in the queue of a client; returns the seconds until its turn, mostly 0.

        Raises TooManyTries where the queue is too long: what it sends is then not looked at.
        """
        client = self._clients.get(self._name(connection))
        if client is None:
            return 0.0
        now = self._clock()
        turn = max(now, client.free_at)
        if turn - now > LONGEST_QUEUE:
            raise TooManyTries(seconds=math.ceil(turn - now))
        client.free_at = turn + self._pause(client, now)
        return client.free_at - now

    async def turn(self, connection: HTTPConnection) -> None:
        """Sleep until it is a client's turn. Raises as ``wait`` does."""
        seconds = self.wait(connection)
        if seconds:
            await anyio.sleep(seconds)

    def failed(self, connection: HTTPConnection) -> None:
        """Take note of a wrong code or password."""
        now = self._clock()
        if len(self._clients) >= MOST_CLIENTS:
            self._clients = {name: c for name, c in self._clients.items() if c.decayed(now) >= 0.5}
        for one in (self._all, self._clients.setdefault(self._name(connection), _Client())):
            one.failures, one.seen = one.decayed(now) + 1, now

    def _pause(self, client: _Client, now: float) -> float:
        failures = client.decayed(now)
        if failures < FREE:
            return ALARM_WAIT if failures >= 0.5 and self._all.decayed(now) > ALARM else 0.0
        return float(min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - FREE)))

    def _name(self, connection: HTTPConnection) -> bytes:
        host = connection.client.host if connection.client else ""
        return hashlib.blake2b(host.encode(), key=self._key, digest_size=16).digest()
