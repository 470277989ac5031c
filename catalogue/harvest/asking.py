"""Asking a provider: one request at a time, with a pause between two; waiting when told to wait (RFC 9110, 10.2.3), and
longer from try to try when it fails. Everything is bounded: time, size, redirects, tries. Hosts inside the house's own
network are asked only where the settings say so.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx2

from catalogue.errors import N_, ErrorCode, Unavailable
from catalogue.links.asking import ADDRESS, CERTIFICATE, CONNECT, EXPIRED, INSIDE, NAME, PublicOnly, reason_of, wait_of

REASONS: Mapping[str, str] = {
    NAME: N_("There is no such site on the internet."),
    CONNECT: N_("Nothing answers at this address."),
    INSIDE: N_("This address is inside the house’s own network; %(setting)s allows that."),
    EXPIRED: N_("The certificate of the site has expired."),
    CERTIFICATE: N_("The certificate of the site is not trusted."),
    ADDRESS: N_("This is no web address."),
}
FAILED = N_("The source could not be asked: the connection broke off, or it took too long (%(reason)s).")
FINAL = (INSIDE, EXPIRED, CERTIFICATE, ADDRESS)
"""What does not become otherwise by asking again."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How a provider is asked. Times in seconds, sizes in bytes."""

    agent: str = "catalogue-harvest"
    delay: float = 1.0
    silence: float = 60.0  # the longest wait for the next piece of an answer
    longest: float = 300.0  # the longest an answer may take as a whole
    most_wait: float = 600.0  # what a provider may ask us to wait; told to wait longer, the run goes on another time
    first_wait: float = 2.0  # after a failure; twice as long after the next
    tries: int = 5
    most_bytes: int = 32_000_000
    redirects: int = 5
    inside: bool = False


class NotAnswered(Unavailable):
    """A provider that gives no answer; the message says why."""

    code = ErrorCode.NOT_HARVESTED
    message = FAILED


class _Again(Exception):
    """It may go better after some seconds."""

    def __init__(self, problem: NotAnswered, wait: float = 0.0) -> None:
        self.problem, self.wait = problem, wait
        super().__init__(str(problem))


class Provider:
    """One provider, as a context manager. ``rest`` waits so many seconds; what it raises ends the asking there."""

    def __init__(
        self, url: str, pace: Pace, rest: Callable[[float], None] = time.sleep, tls: ssl.SSLContext | None = None
    ) -> None:
        self.url, self._pace, self._rest = url, pace, rest
        self._free_at = 0.0
        self._loop = asyncio.Runner()
        headers = {"User-Agent": pace.agent, "Accept": "text/xml, application/xml", "Accept-Encoding": "identity"}
        self._client = httpx2.AsyncClient(
            transport=PublicOnly(tls or ssl.create_default_context(), pace.inside),
            headers=headers,
            timeout=httpx2.Timeout(pace.silence),
            follow_redirects=True,
            max_redirects=pace.redirects,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.run(self._client.aclose())
        self._loop.close()

    def ask(self, **arguments: str) -> bytes:
        """Return what it answers; an argument may end in ``_``. Raises NotAnswered."""
        asked = {name.rstrip("_"): value for name, value in arguments.items() if value}
        for number in range(1, self._pace.tries + 1):
            self._rest(max(0.0, self._free_at - time.monotonic()))
            try:
                return self._loop.run(self._once(asked))
            except _Again as again:
                wait = again.wait or self._pace.first_wait * 2 ** (number - 1)
                if number == self._pace.tries or wait > self._pace.most_wait:
                    raise again.problem from None
                self._rest(wait)
            finally:
                self._free_at = time.monotonic() + self._pace.delay
        raise NotAnswered(reason="")

    async def _once(self, asked: Mapping[str, str]) -> bytes:
        try:
            async with asyncio.timeout(self._pace.longest), self._client.stream("GET", self.url, params=asked) as got:
                self._judge(got)
                return await self._body(got)
        except (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            reason = reason_of(error)
            problem = NotAnswered(REASONS.get(reason, FAILED), reason=reason, setting="CATALOGUE_HARVEST_INSIDE=1")
            if reason in FINAL or isinstance(error, httpx2.TooManyRedirects):
                raise problem from error
            raise _Again(problem) from error

    def _judge(self, answer: httpx2.Response) -> None:
        """Raise where an answer is none."""
        status, wait = answer.status_code, wait_of(answer)
        if status == 200:
            return
        if status in (429, 503):
            message = N_("The source asks to be left alone for %(seconds)s seconds (%(status)s).")
            problem = NotAnswered(message, seconds=round(wait), status=status) if wait else self._refused(status)
            raise _Again(problem, wait)
        if status >= 500 or status == 408:
            raise _Again(self._refused(status))
        raise self._refused(status)

    def _refused(self, status: int) -> NotAnswered:
        return NotAnswered(N_("The source answers with the fault %(status)s of HTTP."), status=status)

    async def _body(self, answer: httpx2.Response) -> bytes:
        if "Content-Encoding" in answer.headers:
            raise NotAnswered(N_("The source packs its answers, which was not asked for."))
        body = bytearray()
        async for piece in answer.aiter_raw():
            body += piece
            if len(body) > self._pace.most_bytes:
                message = N_("One answer of the source has more than %(most)s MB.")
                raise NotAnswered(message, most=self._pace.most_bytes // 1_000_000)
        return bytes(body)
