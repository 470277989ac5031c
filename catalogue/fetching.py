"""Reading something from the web, carefully: one request, a short wait in all, a limit of size, never inside the house.

An address is resolved once and checked, and the connection goes to what was checked, at every redirect: a name that
leads elsewhere the second time leads nowhere. No cookie, no proxy, nothing but http and https.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 2_000_000
SECONDS = 8.0
"""How long one answer may take, from the first connection to its last byte."""

USER_AGENT = "Mozilla/5.0 (compatible; documentation-centre catalogue)"


@dataclass(frozen=True)
class Answer:
    """What came: where from in the end, of which media type and character set (empty: not said), and its bytes."""

    url: str
    kind: str
    charset: str
    data: bytes


def fetch(url: str, accept: str = "*/*") -> Answer:
    """Return what is at ``url``, its first ``MOST_BYTES``.

    Raises urllib.error.HTTPError where the site refuses it (``code``: its status), OSError where nothing answers in
    time, or from inside the house.
    """
    try:
        request = urllib.request.Request(url, headers={"User-Agent": USER_AGENT, "Accept": accept})  # noqa: S310
        with _Deadline(SECONDS) as deadline, _opener(deadline).open(request, timeout=SECONDS) as answer:
            data = answer.read(MOST_BYTES)
            headers = answer.headers
            found = Answer(answer.url, headers.get_content_type(), headers.get_content_charset() or "", data)
    except urllib.error.HTTPError as error:
        error.close()
        raise
    except (http.client.HTTPException, ValueError) as error:
        raise OSError(f"no answer of HTTP: {error}") from error
    if deadline.is_over:
        raise TimeoutError("too slow")
    return found


class _Deadline:
    """Ends every connection that is open when the time is up: a site that sends a byte now and then holds nobody."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self._stop)
        self._timer.daemon = True
        self._open: list[socket.socket] = []

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._end

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, connection: socket.socket) -> None:
        self._open.append(connection)
        if self.is_over:
            raise TimeoutError("too slow")

    def _stop(self) -> None:
        for connection in self._open:
            with contextlib.suppress(OSError):
                # Of the plain socket: that of TLS would say good-bye first.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _opener(deadline: _Deadline) -> urllib.request.OpenerDirector:
    """Return what opens http and https and nothing else."""
    opener = urllib.request.OpenerDirector()
    handlers: list[urllib.request.BaseHandler] = [
        _Http(deadline),
        _Https(deadline),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.UnknownHandler(),
    ]
    for handler in handlers:
        opener.add_handler(handler)
    return opener


class _Connection(http.client.HTTPConnection):
    def __init__(self, *args: Any, deadline: _Deadline, **options: Any) -> None:
        super().__init__(*args, **options)
        self.deadline = deadline

    def connect(self) -> None:
        self.sock = _connected(self.host, self.port, self.timeout)
        self.deadline.watch(self.sock)


class _SafeConnection(http.client.HTTPSConnection):
    def __init__(self, *args: Any, deadline: _Deadline, **options: Any) -> None:
        super().__init__(*args, **options)
        self.deadline = deadline

    def connect(self) -> None:
        plain = _connected(self.host, self.port, self.timeout)
        context: Any = self._context  # type: ignore[attr-defined]
        self.sock = context.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.deadline.watch(self.sock)
        self.sock.do_handshake()


class _Http(urllib.request.HTTPHandler):
    def __init__(self, deadline: _Deadline) -> None:
        super().__init__()
        self.deadline = deadline

    def http_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(_Connection, req, deadline=self.deadline)  # type: ignore[arg-type]


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, deadline: _Deadline) -> None:
        super().__init__()
        self.deadline = deadline

    def https_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(_SafeConnection, req, deadline=self.deadline)  # type: ignore[arg-type]


def _connected(host: str, port: int, timeout: float | None) -> socket.socket:
    """Return a connection to a host of the public internet. Raises OSError for any other, and where none answers."""
    places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(place[4][0]) for place in places))
    for address in addresses:
        _refuse_inside(address)
    failed = OSError("no address")
    for address in addresses[:3]:
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            failed = error
    raise failed


def _refuse_inside(address: str) -> None:
    """Raise OSError for an address that is not on the public internet: the desk is no way into the house's network."""
    if not ipaddress.ip_address(address.partition("%")[0]).is_global:
        raise OSError("not a public address")
