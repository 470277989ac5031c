"""Serving the site: the sockets it listens on, and a stop in which nobody who asked is left without an answer."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Sequence
from typing import Any

import uvicorn

from catalogue.errors import N_, SettingsError
from catalogue.settings import PREFIX, Settings

_FIRST = 3
"""The first socket that systemd hands over: sd_listen_fds(3)."""

_LAST_ARRIVALS = 0.3
"""Seconds in which a connection that was just taken may still send its request before the server stops."""


def listen(settings: Settings) -> list[socket.socket]:
    """Take the port before anything else is done, or the sockets that systemd (or its like) opened for this process.

    Raises SettingsError where someone else has the port.
    """
    sockets = _handed_over() or [_opened(settings)]
    for listening in sockets:
        if listening.family in (socket.AF_INET, socket.AF_INET6):
            # The connections take this over: otherwise the second packet of an answer, its body, waits 40 ms for the
            # reader's word that the first has come. asyncio does so only for sockets that it made itself.
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sockets


def run(app: Callable[..., Any], sockets: Sequence[socket.socket]) -> None:
    """Serve ``app`` until the process is asked to stop (SIGTERM, SIGINT, Ctrl+C)."""
    # No access log: an address holds what was searched, and nobody is to know who searched it. What uvicorn says
    # itself goes where all the rest goes.
    config = uvicorn.Config(
        app, access_log=False, log_config=None, log_level="warning", server_header=False, timeout_graceful_shutdown=5
    )
    _Server(config).run(sockets=list(sockets))


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and tell systemd so."""
        await super().startup(sockets)
        if self.started:
            _tell("READY=1")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections, let those just taken send their request, answer, stop.

        Where systemd holds the socket, who comes meanwhile waits for the next process and notices nothing.
        """
        for server in self.servers:
            server.close()
        # Who keeps a connection for the next request learns that there will be none on it.
        self.server_state.default_headers = [*self.server_state.default_headers, (b"connection", b"close")]
        await asyncio.sleep(_LAST_ARRIVALS)
        await super().shutdown(sockets)


def _tell(state: str) -> None:
    """Tell systemd about this process where it wants to know (``Type=notify``): sd_notify(3)."""
    address = os.environ.get("NOTIFY_SOCKET")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as telling:
            telling.sendto(state.encode(), f"\0{address[1:]}" if address.startswith("@") else address)


def _opened(settings: Settings) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        raise SettingsError(
            N_("Nobody can be served at %(host)s port %(port)s (%(reason)s). Stop the other program, or set %(name)s."),
            host=settings.host,
            port=settings.port,
            reason=error.strerror or str(error),
            name=f"{PREFIX}PORT",
        ) from error


def _handed_over() -> list[socket.socket]:
    """Return the sockets of systemd's socket activation, none where it was not used for this very process."""
    pid, count = os.environ.pop("LISTEN_PID", ""), os.environ.pop("LISTEN_FDS", "")
    if pid != str(os.getpid()) or not count.isdigit():
        return []
    sockets = [socket.socket(fileno=number) for number in range(_FIRST, _FIRST + int(count))]
    for handed in sockets:
        handed.set_inheritable(False)
    return sockets
