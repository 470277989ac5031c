"""Several processes behind a real proxy, each restarted and killed in its turn: no request of anybody fails."""

from __future__ import annotations

import itertools
import signal
import socket
import ssl
import statistics
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.browser.site import environment
from tests.conftest import AddRecord
from tests.databases import Database, Server
from tests.ports import free_port
from tests.processes import answers, started
from tests.proxies import proxy
from tests.test_serving import activated
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.soak

ASKING = 6
ROUNDS = 4
"""Of these every second ends a process with SIGKILL, the others with SIGTERM, as systemctl restart does."""


class Visitor(threading.Thread):
    """Asks for one page after the other and notes what is not as it should be."""

    def __init__(self, address: str, trust: ssl.SSLContext, seed: int, done: threading.Event, posts: bool) -> None:
        super().__init__()
        self._address, self._trust, self._done, self._posts = address, trust, done, posts
        self._first = seed  # not all the same page at once
        self.took: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.failed: list[str] = []

    def run(self) -> None:
        with httpx2.Client(base_url=self._address, verify=self._trust, timeout=60) as client:
            for turn in itertools.count(self._first):
                if self._done.is_set():
                    return
                self._ask(client, turn)

    def _ask(self, client: httpx2.Client, turn: int) -> None:
        asked = [
            ("GET", "/api/search?q=emploi", "first"),
            ("GET", "/nl/record/first", "Eerste werk"),
            ("GET", "/desk/nl/sign-in", "<form"),
            ("GET", "/fr/", "<form"),
        ]
        if self._posts:
            asked.append(("POST", "/nl/list", '"code"'))
        method, path, expected = asked[turn % len(asked)]
        begun = time.monotonic()
        try:
            answer = client.request(method, path, json={"ids": ["first"]} if method == "POST" else None)
        except httpx2.TransportError as error:
            self.failed.append(f"{method} {path}: {error!r}")
            return
        self.took.append(time.monotonic() - begun)
        self.statuses[f"{method} {answer.status_code}"] += 1
        if answer.status_code not in (200, 201) or expected not in answer.text:
            self.failed.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")


@contextmanager
def visiting(address: str, trust: ssl.SSLContext, posts: bool) -> Iterator[list[Visitor]]:
    done = threading.Event()
    visitors = [Visitor(address, trust, seed, done, posts) for seed in range(ASKING)]
    for visitor in visitors:
        visitor.start()
    try:
        yield visitors
    finally:
        done.set()
        for visitor in visitors:
            visitor.join()


def end(running: subprocess.Popen[bytes], how: signal.Signals) -> None:
    running.send_signal(how)
    assert running.wait(20) in (0, -how)


# Caddy sends a second time only what it may by the rules of HTTP: no POST that a killed process had begun to answer.
@pytest.mark.parametrize(("kind", "posts"), [("nginx", True), ("caddy", False)])
def test_each_process_is_restarted_and_killed_and_no_request_fails(
    kind: str,
    posts: bool,
    tmp_path: Path,
    centre: Path,
    add: AddRecord,
    postgresql: Server,
    capsys: pytest.CaptureFixture[str],
) -> None:
    add("first", "title: {fr: Premier emploi, nl: Eerste werk}")
    database = postgresql.migrated()
    ports = [free_port(), free_port()]
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as held:  # as systemd holds it: catalogue.socket
        desk_port = held.getsockname()[1]
        desk = begin_desk(held, centre, tmp_path, database)
        wait(desk_port)
        webs = [started(centre, tmp_path, database, 0, port) for port in ports]
        try:
            for port in ports:
                wait(port)
            places = [f"127.0.0.1:{port}" for port in ports]
            with (
                proxy(kind, tmp_path / "proxy", places, f"127.0.0.1:{desk_port}") as (address, trust),
                visiting(address, trust, posts) as visitors,
            ):
                for turn in range(ROUNDS):
                    how = signal.SIGKILL if turn % 2 else signal.SIGTERM
                    for number, port in enumerate(ports):
                        time.sleep(1)
                        end(webs[number], how)
                        time.sleep(1)  # one less for a while
                        webs[number] = started(centre, tmp_path, database, 0, port)
                        wait(port)
                    time.sleep(1)
                    end(desk, how)
                    desk = begin_desk(held, centre, tmp_path, database)
                    wait(desk_port)
                time.sleep(1)
        finally:
            for running in (desk, *webs):
                running.kill()
                running.wait()
    tell(kind, visitors, capsys)
    assert [failure for visitor in visitors for failure in visitor.failed] == []
    assert sum(len(visitor.took) for visitor in visitors) > 100 * ROUNDS
    assert "emploi" not in (tmp_path / "proxy" / "proxy.log").read_text()


def begin_desk(held: socket.socket, centre: Path, work: Path, database: Database) -> subprocess.Popen[bytes]:
    env = environment(centre, work, 1) | {"CATALOGUE_STATE": database.url, "CATALOGUE_BASE_URL": "https://localhost"}
    return activated(held, "-m", "catalogue", "serve", cwd=work, env=env)


def wait(port: int) -> None:
    """Wait until the process at a port answers, as systemd does: not through the proxy."""
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
        until(lambda: answers(client))


def tell(kind: str, visitors: list[Visitor], capsys: pytest.CaptureFixture[str]) -> None:
    took = sorted(each for visitor in visitors for each in visitor.took)
    failed = sum(len(visitor.failed) for visitor in visitors)
    statuses = sum((visitor.statuses for visitor in visitors), Counter[str]())
    with capsys.disabled():
        print(f"\n{kind}: 3 processes, {3 * ROUNDS} restarts, half of them by kill -9; {len(took)} requests")
        print(f"{failed} failed; {dict(statuses)}; median {statistics.median(took) * 1000:.0f} ms,")
        print(f"p99 {took[int(len(took) * 0.99)] * 1000:.0f} ms, longest {took[-1]:.1f} s")
