"""A provider on this machine that answers as it is told to, one answer after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Says:
    """One answer: a status, headers, a body."""

    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Script:
    """What the provider says from now on, and what it was asked; the last answer is given again and again."""

    url: str = ""
    says: list[Says] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)


class _Handler(BaseHTTPRequestHandler):
    script: Script

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        script = self.script
        script.asked.append(dict(parse_qsl(urlsplit(self.path).query)))
        script.agents.add(self.headers["User-Agent"])
        says = script.says.pop(0) if len(script.says) > 1 else script.says[0]
        body = says.body.encode() if isinstance(says.body, str) else says.body
        self.send_response(says.status)
        for name, value in {"Content-Length": str(len(body)), "Content-Type": "text/xml", **says.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def provider() -> Iterator[Script]:
    """Run a provider."""
    script = Script()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"script": script}))
    script.url = f"http://127.0.0.1:{server.server_address[1]}/oai"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
