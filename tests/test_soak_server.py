"""The real server under the worst a day can bring: killed while it commits, and saved to while 65 people search."""

from __future__ import annotations

import http.client
import json
import random
import shutil
import statistics
import threading
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PROJECT, write
from tests.test_server import Server

pytestmark = pytest.mark.soak

KILLS = 30
VISIBLE = 5.0  # seconds
CLIENTS = 65
QUERIES = (
    "emploi;infirmière;opleiding;loopbaanbegeleiding;permis de travail;formation gratuite;werken met kinderen;emp*"
)


@pytest.fixture
def resources(tmp_path: Path) -> Path:
    """A copy of the example centre."""
    return Path(shutil.copytree(PROJECT / "resources", tmp_path / "resources"))


def save(resources: Path, id: str, word: str) -> None:
    """Write a record, or replace it, as an editor does: beside it first, then in its place."""
    lines = (
        "kind: website",
        "themes: [work]",
        f"title: {{fr: Xylophone {word}, nl: Xylofoon {word}}}",
        "summary: {fr: Un texte, nl: Een tekst}",
        "publisher: centre",
        'holdings: [{url: "https://example.org"}]',
        "status: published",
    )
    half = write(resources / "records" / f"{id}.half", "\n".join(lines) + "\n")
    half.replace(half.with_suffix(".yaml"))


def total(server: Server, text: str) -> int:
    return int(json.loads(server.get(f"/api/search?q={urllib.parse.quote(text)}"))["full"])


def until(server: Server, text: str, expected: int) -> float:
    """Wait until a search finds what it should; return how long that took."""
    begun = time.monotonic()
    while (found := total(server, text)) != expected:
        assert time.monotonic() - begun < VISIBLE, f"{text}: {found} instead of {expected}"
        time.sleep(0.02)
    return time.monotonic() - begun


# --- kill -9 -----------------------------------------------------------------------------------------------------


class Writer(threading.Thread):
    """Writes records until it is stopped: new ones, and one that is replaced again and again."""

    def __init__(self, resources: Path, turn: int) -> None:
        super().__init__()
        self._resources, self._turn, self._stopped = resources, turn, threading.Event()
        self.written = 0

    def run(self) -> None:
        while not self._stopped.wait(random.uniform(0.05, 0.3)):
            save(self._resources, f"soak-{self._turn}-{self.written}", f"quokka quokka{self._turn}x{self.written}")
            self.written += 1
            save(self._resources, "soak-changing", self.version)

    def stop(self) -> None:
        self._stopped.set()
        self.join()

    @property
    def version(self) -> str:
        return f"v{self._turn}x{self.written}"


def wait_for_a_commit(index: Path) -> None:
    """Return as soon as a file appears or leaves in the index, then a little later."""
    before = set(index.rglob("*"))
    deadline = time.monotonic() + 3
    while set(index.rglob("*")) == before and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(random.uniform(0, 0.03))


def test_killed_thirty_times_while_it_commits_it_serves_the_old_state_or_the_new_one(
    resources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = Server(resources, tmp_path)
    written, rebuilt = 0, 0
    starts, delays = [], []
    for turn in range(KILLS):
        generation = (tmp_path / "index" / "manifest.json").read_bytes()
        writer = Writer(resources, turn)
        writer.start()
        time.sleep(random.uniform(0.2, 1.5))
        if turn % 3:
            wait_for_a_commit(tmp_path / "index")
        server.process.kill()
        server.process.wait()
        writer.stop()
        written += writer.written
        begun = time.monotonic()
        server = Server(resources, tmp_path)  # fails where it does not start
        starts.append(time.monotonic() - begun)
        rebuilt += (tmp_path / "index" / "manifest.json").read_bytes() != generation
        health = json.loads(server.get("/healthz"))
        assert health["status"] == "ok", health
        assert total(server, "emploi") > 10
        delays.append(until(server, "quokka", written))
        if writer.written:
            delays.append(until(server, f"quokka{turn}x{writer.written - 1}", 1))
            delays.append(until(server, writer.version, 1))
            assert total(server, "xylophone") == written + 1, "each version replaced the one before"
    assert server.stop() in (0, -15)
    with capsys.disabled():
        print(f"\n{KILLS} kills, {written} records written, {rebuilt} indexes built again")
        print(f"start: median {statistics.median(starts):.2f} s, longest {max(starts):.2f} s")
        print(f"written before the kill and found after the start: longest {max(delays):.2f} s")


# --- 65 people ---------------------------------------------------------------------------------------------------


class Visitor(threading.Thread):
    """Searches with pauses as people make them, and remembers how long each answer took and what went wrong."""

    def __init__(self, port: int, seed: int, done: threading.Event) -> None:
        super().__init__()
        self._port, self._lots, self._done = port, random.Random(seed), done
        self.took: list[float] = []
        self.failures: list[object] = []

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        while not self._done.wait(self._lots.uniform(1, 3)):
            text = urllib.parse.quote(self._lots.choice(QUERIES.split(";")))
            path = self._lots.choice((f"/fr/search?q={text}", f"/api/search?q={text}", f"/api/suggest?q={text[:4]}"))
            begun = time.monotonic()
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                body = answer.read()
            except OSError as error:
                self.failures.append((path, error))
                connection.close()
                continue
            self.took.append(time.monotonic() - begun)
            if answer.status != 200 or not body:
                self.failures.append((path, answer.status))
        connection.close()


@pytest.fixture
def visited(resources: Path, tmp_path: Path) -> Iterator[tuple[Server, list[Visitor]]]:
    server, done = Server(resources, tmp_path), threading.Event()
    visitors = [Visitor(server.port, seed, done) for seed in range(CLIENTS)]
    for visitor in visitors:
        visitor.start()
    yield server, visitors
    done.set()
    for visitor in visitors:
        visitor.join()
    server.stop()


def test_while_65_people_search_every_saved_record_shows_and_no_request_fails(
    visited: tuple[Server, list[Visitor]], resources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server, visitors = visited
    delays = []
    for number in range(25):
        save(resources, f"soak-{number}", f"quokka quokka{number}")
        delays.append(until(server, f"quokka{number}", 1))
        assert total(server, "quokka") == number + 1
    took = sorted(each for visitor in visitors for each in visitor.took)
    assert [failure for visitor in visitors for failure in visitor.failures] == []
    assert len(took) > 5 * CLIENTS
    with capsys.disabled():
        print(f"\n{len(took)} requests of {CLIENTS} people: median {statistics.median(took) * 1000:.0f} ms,")
        print(f"p95 {took[int(len(took) * 0.95)] * 1000:.0f} ms, longest {took[-1] * 1000:.0f} ms")
        print(f"saved and found: median {statistics.median(delays):.2f} s, longest {max(delays):.2f} s")
