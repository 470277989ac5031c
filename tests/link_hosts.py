"""Web servers on this machine that do everything a link checker has to live with, each at a path of its own.

Every address of 127.0.0.0/8 is this machine: ``https://127.0.0.5:PORT/`` is another site than ``127.0.0.6``.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PAGE = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1><p>{1}</p></body></html>"
WORDS = " ".join(f"mot{n}" for n in range(60))


@dataclass
class Seen:
    """What the servers were asked: (host, method, path) in order, with when and by whom; how many at once."""

    asked: list[tuple[str, str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    at_once: Counter[str] = field(default_factory=Counter)
    most_at_once: Counter[str] = field(default_factory=Counter)
    robots: dict[str, tuple[int, str]] = field(default_factory=dict)  # by host
    gone: set[str] = field(default_factory=set)  # paths that answer 404 from now on
    pause: float = 0.0
    giant: int = 0  # pieces of 70 kB that were taken of the giant page

    def methods(self, path: str) -> list[str]:
        """Return how a path was asked for."""
        return [method for _, method, asked in self.asked if asked == path]


@dataclass
class Hosts:
    """The servers while they run."""

    port: int
    seen: Seen

    def at(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of a path at a host."""
        return f"http://{host}:{self.port}{path}"


class _Handler(BaseHTTPRequestHandler):
    seen: Seen
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        host = self.headers["Host"].partition(":")[0]
        seen = self.seen
        seen.asked.append((host, self.command, self.path))
        seen.times.append(time.monotonic())
        seen.agents.add(self.headers["User-Agent"])
        seen.at_once[host] += 1
        for name, now in ((host, seen.at_once[host]), ("all", seen.at_once.total())):
            seen.most_at_once[name] = max(seen.most_at_once[name], now)
        time.sleep(seen.pause)
        self.close_connection = True
        with contextlib.suppress(ConnectionError):
            self._path(host, self.path.partition("?")[0])
        seen.at_once[host] -= 1

    def _path(self, host: str, path: str) -> None:
        first = path.strip("/").partition("/")[0]
        if path == "/robots.txt":
            status, text = self.seen.robots.get(host, (404, ""))
            self.send(status, text, "text/plain", **({"location": text} if status == 301 else {}))
        elif path in self.seen.gone:
            self.page(404, "Rien")
        elif first.isdecimal() and "/to" in path:
            self.redirect(int(first), path.partition("/to")[2] or "/page")
        elif first.isdecimal():
            self.page(int(first), f"Status {first}")
        elif method := getattr(self, f"at_{first or 'home'}".replace("-", "_"), None):
            method()
        else:
            self.page(404, "Page introuvable")

    # --- what there is ---------------------------------------------------------------------------------------

    def at_home(self) -> None:
        self.page(200, "Accueil", "bienvenue " + WORDS)

    def at_page(self) -> None:
        self.page(200, "Devenir infirmière", "contenu")

    def at_elsewhere(self) -> None:
        host = "127.0.0.2" if "127.0.0.1" in self.headers["Host"] else "127.0.0.1"
        self.send(302, location=f"http://{host}:{self.headers['Host'].rpartition(':')[2]}/page")

    def at_loop(self) -> None:
        self.redirect(301, "/loop/a" if self.path != "/loop/a" else "/loop/b")

    def at_endless(self) -> None:
        self.redirect(302, f"/endless/{self.path.count('x')}{self.path[8:]}x")

    def at_cookie(self) -> None:
        if "seen=1" in self.headers.get("Cookie", ""):
            self.at_page()
        else:
            self.send(302, location="/cookie", cookie="seen=1; Path=/")

    def at_gone_home(self) -> None:
        self.redirect(301, "/")

    def at_soft(self) -> None:
        self.page(200, "Oups ! Page non trouvée | Le site", WORDS)

    def at_zacht(self) -> None:
        self.page(200, "Pagina niet gevonden", WORDS)

    def at_odd_charset(self) -> None:
        self.send(200, PAGE.format("Devenir infirmière", ""), "text/html; charset=klingon")

    def at_odd_markup(self) -> None:
        self.page(200, "Devenir infirmière", "<![what is this]> <!doctype <p></")

    def at_no_head(self) -> None:
        if self.command == "HEAD":
            self.page(405, "No")
        else:
            self.at_page()

    def at_head_lies(self) -> None:
        if self.command == "HEAD":
            self.page(404, "No")
        else:
            self.at_page()

    def at_busy(self) -> None:
        if len(self.seen.methods("/busy")) == 1:
            self.send(429, retry="0")
        else:
            self.at_page()

    def at_very_busy(self) -> None:
        self.send(429, retry="7200")

    def at_reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def at_noise(self) -> None:
        self.wfile.write(b"\x00\x01 what is this\r\n\r\n")

    def at_silent(self) -> None:
        time.sleep(2)

    def at_dripping_head(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(60):
            self.wfile.write(f"X-{number}: drop\r\n".encode())
            time.sleep(0.05)

    def at_dripping_page(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        for _ in range(60 if self.command == "GET" else 0):
            self.wfile.write(b"<p>drop")
            time.sleep(0.05)

    def at_giant(self) -> None:
        """A page of a terabyte, as far as anybody reads it."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(10**12))
        self.end_headers()
        if self.command == "GET":
            with contextlib.suppress(OSError):
                for _ in range(10_000):
                    self.wfile.write(b"<p>mot " * 10_000)
                    self.seen.giant += 1

    def at_film(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "video/mp4")
        self.send_header("Content-Length", str(10**12))
        self.end_headers()

    def at_inside(self) -> None:
        self.send(302, location="http://10.0.0.1/secret")

    def at_script(self) -> None:
        self.send(302, location="javascript:alert(1)")

    # --- how it is said --------------------------------------------------------------------------------------

    def redirect(self, status: int, where: str) -> None:
        self.send(status, location=where)

    def page(self, status: int, title: str, text: str = "") -> None:
        self.send(status, PAGE.format(title, text))

    def send(self, status: int, text: str = "", kind: str = "text/html", **more: str) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind if "charset" in kind else f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        for name, header in (("location", "Location"), ("retry", "Retry-After"), ("cookie", "Set-Cookie")):
            if name in more:
                self.send_header(header, more[name])
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


class _Soft(_Handler):
    """A site that answers everything with its home page."""

    def _path(self, host: str, path: str) -> None:
        if path == "/robots.txt":
            self.send(404)
        else:
            self.at_home()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@contextmanager
def hosts(tls: ssl.SSLContext | None = None, soft: bool = False) -> Iterator[Hosts]:
    """Serve on every address of this machine until the block ends."""
    seen = Seen()
    handler = type("Handler", (_Soft if soft else _Handler,), {"seen": seen})
    server = _Server(("0.0.0.0", 0), handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Hosts(server.server_port, seen)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
