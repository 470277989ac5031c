"""Asking web servers, politely: one request at a time to each host, a pause between two, waiting when told to wait,
and only where robots.txt lets us (RFC 9309).

A request is bounded in time as a whole, whatever drips in; of a body only the beginning of a web page is read. A host
is asked at the address its name was found to have, after looking whether that is one of the public internet.
"""

from __future__ import annotations

import asyncio
import email.utils
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import httpx2

NAME, CONNECT, TIMEOUT, RESET, PROTOCOL = "name", "connect", "timeout", "reset", "protocol"
EXPIRED, CERTIFICATE, TLS = "expired", "certificate", "tls"
LOOP, ROBOTS, INSIDE, BUSY, ADDRESS = "loop", "robots", "inside", "busy", "address"
"""Why no answer came: the name is unknown, nothing listens, too slow, cut off, not HTTP; the certificate is too old or
not trusted, another fault of TLS; redirected in a circle, not welcome, not on the internet, told to wait too long, no
address at all."""

_MOST_DELAY = 10.0  # seconds: who asks for more between two requests would hold up a run for hours

UNREACHED = (NAME, CONNECT)
"""The reasons that this machine would have for every address if it were offline."""


@dataclass(frozen=True, kw_only=True)
class Manners:
    """How hosts are asked. Times in seconds, sizes in bytes. ``inside``: hosts of the house's own network too."""

    agent: str = "catalogue-links"
    delay: float = 1.0
    silence: float = 10.0  # the longest wait for the next piece of an answer
    longest: float = 30.0  # the longest a request may take as a whole
    most_wait: float = 60.0  # what a host may ask us to wait; told to wait longer, it is left for the next run
    tries: int = 3
    most_bytes: int = 262_144
    redirects: int = 10
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request gave. ``reason`` is empty where an answer came; ``text``: the beginning of a web page."""

    url: str
    status: int = 0
    kind: str = ""
    location: str = ""
    text: str = ""
    wait: float = 0.0  # what Retry-After says
    reason: str = ""

    @property
    def is_page(self) -> bool:
        """Whether it is a web page (HTML)."""
        return self.kind in ("text/html", "application/xhtml+xml")


@dataclass(slots=True)
class _Host:
    """How we stand with a host: whose turn it is, from when it may be asked again, whether it wants peace."""

    delay: float
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    busy: bool = False


@dataclass(slots=True)
class _Rules:
    """The robots.txt of a host, of http and https apart. ``missed``: why it could not be had."""

    learning: asyncio.Lock = field(default_factory=asyncio.Lock)
    robots: RobotFileParser | None = None
    missed: str = ""


class Asker:
    """Asks hosts within one event loop, as an asynchronous context manager."""

    def __init__(self, manners: Manners, tls: ssl.SSLContext | None = None) -> None:
        self.manners = manners
        self._hosts: dict[str, _Host] = {}
        self._rules: dict[str, _Rules] = {}
        self._transport = PublicOnly(tls or ssl.create_default_context(), manners.inside)
        headers = {"User-Agent": manners.agent, "Accept-Encoding": "identity", "Accept": "text/html,*/*;q=0.5"}
        self._headers = headers | {"Accept-Language": "fr,nl;q=0.9,en;q=0.5"}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.aclose()

    def visit(self) -> httpx2.AsyncClient:
        """Return what keeps the cookies of one visit: some sites lead in a circle without them."""
        limits = httpx2.Timeout(self.manners.silence)
        return httpx2.AsyncClient(transport=self._transport, headers=self._headers, timeout=limits, trust_env=False)

    async def ask(self, visit: httpx2.AsyncClient, method: str, url: str) -> Answer:
        """Send a request when it is the host's turn, unless robots.txt forbids; redirects are not followed."""
        host = self._host(url)
        if host is None:
            return Answer(url, reason=ADDRESS)
        rules = await self._learn(host, _robots_of(url))
        if rules.missed:
            return Answer(url, reason=rules.missed)
        if rules.robots and not rules.robots.can_fetch(self.manners.agent, url):
            return Answer(url, reason=ROBOTS)
        return await self._in_turn(host, visit, method, url)

    async def reaches(self, url: str) -> bool:
        """Tell whether the host of an address answers anything at all, now."""
        host = self._host(url)
        if host is None:
            return False
        answer = await self._in_turn(host, self.visit(), "HEAD", _robots_of(url))
        return answer.reason not in (*UNREACHED, BUSY)

    # --- inside ----------------------------------------------------------------------------------------------

    def _host(self, url: str) -> _Host | None:
        name = host_of(url)
        return self._hosts.setdefault(name, _Host(self.manners.delay)) if name else None

    async def _learn(self, host: _Host, url: str) -> _Rules:
        """Read robots.txt, once: without one everything is allowed, with one that cannot be had nothing is."""
        rules = self._rules.setdefault(url, _Rules())
        async with rules.learning:
            if rules.robots is None:
                answer = await self._robots(host, url)
                missed = answer.reason in (*UNREACHED, *_TLS, INSIDE, TIMEOUT)
                rules.missed = answer.reason if missed else ROBOTS if answer.status >= 500 else ""
                rules.robots = RobotFileParser()
                rules.robots.parse(answer.text.splitlines() if answer.status == 200 else [])
                asked = float(rules.robots.crawl_delay(self.manners.agent) or 0)
                host.delay = max(host.delay, min(asked, _MOST_DELAY))
        return rules

    async def _robots(self, host: _Host | None, url: str) -> Answer:
        """Return what stands at the address of a robots.txt, up to five redirects further (RFC 9309, 2.3.1.2)."""
        visit, answer = self.visit(), Answer(url)
        for _ in range(6):
            if host is None:
                break
            answer = await self._in_turn(host, visit, "GET", url)
            if not answer.location:
                break
            url, host = answer.location, self._host(answer.location)
        return answer

    async def _in_turn(self, host: _Host, visit: httpx2.AsyncClient, method: str, url: str) -> Answer:
        async with host.turn:
            for number in range(1, self.manners.tries + 1):
                if host.busy:
                    return Answer(url, reason=BUSY)
                await asyncio.sleep(host.free_at - time.monotonic())
                answer = await self._once(visit, method, url)
                host.free_at = time.monotonic() + host.delay
                if answer.status not in (429, 503):
                    return answer
                wait = answer.wait or host.delay * 2**number
                host.free_at = time.monotonic() + wait
                if wait > self.manners.most_wait:
                    break
            host.busy = answer.status == 429 or bool(answer.wait)
            return answer

    async def _once(self, visit: httpx2.AsyncClient, method: str, url: str) -> Answer:
        try:
            async with asyncio.timeout(self.manners.longest), visit.stream(method, url) as response:
                return await self._read(response, method, url)
        except (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            return Answer(url, reason=reason_of(error))

    async def _read(self, response: httpx2.Response, method: str, url: str) -> Answer:
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        next = response.next_request if response.has_redirect_location else None
        answer = Answer(url, response.status_code, kind, str(next.url) if next else "", "", wait_of(response))
        wanted = answer.is_page or kind == "text/plain"
        if method != "GET" or response.status_code != 200 or not wanted or "Content-Encoding" in response.headers:
            return answer
        body = b""
        async for piece in response.aiter_raw():
            body += piece
            if len(body) >= self.manners.most_bytes:
                break
        text = _decoded(body[: self.manners.most_bytes], response.charset_encoding)
        return Answer(url, answer.status, kind, answer.location, text, answer.wait)


def _decoded(body: bytes, charset: str | None) -> str:
    try:
        return body.decode(charset or "utf-8", "replace")
    except LookupError:  # nobody knows this encoding
        return body.decode("utf-8", "replace")


def _robots_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


_TLS = (EXPIRED, CERTIFICATE, TLS)


def host_of(url: str) -> str:
    """Return the host of an address, with its port where it has one; empty for what is no web address."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return f"{parts.hostname or ''}{port}" if parts.scheme in ("http", "https") and parts.hostname else ""


def reason_of(error: BaseException) -> str:
    """Return why a request failed."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, _Inside):
            return INSIDE
        if isinstance(cause, socket.gaierror):
            return NAME
        if isinstance(cause, ssl.SSLCertVerificationError):
            return EXPIRED if cause.verify_code == _EXPIRED else CERTIFICATE
        if isinstance(cause, ssl.SSLError):
            return TLS
    kinds = (
        ((httpx2.ConnectError, httpx2.ConnectTimeout), CONNECT),
        ((TimeoutError, httpx2.TimeoutException), TIMEOUT),
        ((httpx2.ReadError, httpx2.WriteError, httpx2.CloseError), RESET),
        ((httpx2.InvalidURL, httpx2.UnsupportedProtocol, UnicodeError), ADDRESS),
    )
    return next((reason for classes, reason in kinds if isinstance(error, classes)), PROTOCOL)


_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def wait_of(response: httpx2.Response) -> float:
    """Return the seconds that Retry-After asks for (RFC 9110, 10.2.3), 0 where it does not say."""
    said = response.headers.get("Retry-After", "")
    if said.isascii() and said.isdecimal():
        return float(said[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0


class _Inside(OSError):
    """A host that is not on the public internet."""


class PublicOnly(httpx2.AsyncBaseTransport):
    """Finds the addresses of a host itself, refuses those inside the house, and connects to what it has looked at."""

    def __init__(self, tls: ssl.SSLContext, inside: bool) -> None:
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._inner = httpx2.AsyncHTTPTransport(verify=tls, trust_env=False, limits=limits)
        self._inside = inside

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request to the first address of its host that takes it."""
        failed: Exception = httpx2.ConnectError("no address", request=request)
        for address in (await self._addresses(request.url))[:3]:
            url = request.url.copy_with(host=address)
            extensions = {**request.extensions, "sni_hostname": request.url.host}
            sent = httpx2.Request(request.method, url, headers=request.headers, extensions=extensions)
            try:
                return await self._inner.handle_async_request(sent)
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                failed = error
        raise failed

    async def aclose(self) -> None:
        """Close every connection."""
        await self._inner.aclose()

    async def _addresses(self, url: httpx2.URL) -> list[str]:
        loop = asyncio.get_running_loop()
        port = url.port or (443 if url.scheme == "https" else 80)
        found = await loop.getaddrinfo(url.raw_host.decode("ascii").strip("[]"), port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(address[0]).partition("%")[0] for *_, address in found))
        if not self._inside and not all(ipaddress.ip_address(address).is_global for address in addresses):
            raise _Inside("not a public address")
        return addresses
