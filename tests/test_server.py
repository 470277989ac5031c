"""The real process on a real port: it starts, answers, follows its files, keeps silent about its visitors, stops."""

from __future__ import annotations

import dataclasses
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.serving import listen
from catalogue.settings import Settings
from tests.browser.site import environment
from tests.conftest import PROJECT, AddRecord, write
from tests.ports import free_port
from tests.waiting import PATIENCE, until


class Server:
    """``server.py`` over a folder of resources, with its own index and state below ``work``."""

    def __init__(self, resources: Path, work: Path, *, patience: float = PATIENCE, **settings: str) -> None:
        self.port = free_port()
        self.log = work / "server.log"
        given = {f"CATALOGUE_{name.upper()}": value for name, value in settings.items()}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "error", str(PROJECT / "server.py")],
                cwd=work,
                env=environment(resources, work, self.port, given),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.wait(patience)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return str(answer.read().decode())

    def wait(self, patience: float) -> None:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.get("/healthz")
            except OSError:
                time.sleep(0.05)
            else:
                return
        pytest.fail(f"the server did not start:\n{self.log.read_text()}")

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


@pytest.fixture
def server(centre: Path, add: AddRecord, tmp_path: Path) -> Iterator[Server]:
    add("first", "title: {fr: Premier emploi, nl: Eerste werk}")
    started = Server(centre, tmp_path)
    yield started
    if started.process.poll() is None:
        started.stop()


def test_it_prints_its_address_and_answers(server: Server) -> None:
    assert f"http://127.0.0.1:{server.port}/" in server.log.read_text()
    assert "Premier" in server.get("/fr/search?q=emploi")


def test_an_answer_never_waits_for_the_word_that_its_first_packet_came(settings: Settings) -> None:
    port = free_port()
    with (
        listen(dataclasses.replace(settings, port=port))[0] as listening,
        socket.create_connection(("127.0.0.1", port), timeout=5),
        listening.accept()[0] as connection,
    ):
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_file_added_while_it_runs_is_found(server: Server, add: AddRecord) -> None:
    add("second", "title: {fr: Devenir plombier, nl: Loodgieter worden}")
    until(lambda: json.loads(server.get("/api/search?q=plombier"))["total"] == 1)


def test_a_broken_file_never_stops_it(server: Server, centre: Path) -> None:
    write(centre / "records" / "broken.yaml", "kind: [\n")
    write(centre / "vocabularies" / "themes.yaml", "- {id: work\n")
    until(lambda: json.loads(server.get("/healthz"))["status"] == "degraded")
    health = json.loads(server.get("/healthz"))
    assert any("records/broken.yaml:2" in line for line in health["wrong"])
    assert "Premier" in server.get("/fr/search?q=emploi")


def test_the_log_tells_nothing_of_visitors(server: Server) -> None:
    server.get("/fr/search?q=secretword")
    server.get("/api/suggest?q=secretword")
    server.get("/fr/record/first")
    assert server.stop() in (0, -signal.SIGTERM)
    log = server.log.read_text()
    assert "secretword" not in log
    assert "/fr/record" not in log
    assert "GET" not in log


def test_it_stops_when_asked_and_starts_again_without_indexing(server: Server, centre: Path, tmp_path: Path) -> None:
    assert server.stop(signal.SIGINT) in (0, 130, -signal.SIGINT)
    manifest = (tmp_path / "index" / "manifest.json").read_bytes()
    again = Server(centre, tmp_path)
    assert "Premier" in again.get("/fr/search?q=emploi")
    again.stop()
    assert (tmp_path / "index" / "manifest.json").read_bytes() == manifest


def test_killed_while_it_indexes_it_serves_the_next_time(centre: Path, add: AddRecord, tmp_path: Path) -> None:
    for number in range(30):
        add(f"r{number}", "title: {fr: Emploi, nl: Werk}")
    command = [sys.executable, str(PROJECT / "server.py")]
    for wait in (0.8, 1.2, 1.6):
        process = subprocess.Popen(
            command, cwd=tmp_path, env=environment(centre, tmp_path, free_port()), stdout=subprocess.DEVNULL
        )
        time.sleep(wait)
        process.kill()
        process.wait()
    server = Server(centre, tmp_path)
    assert json.loads(server.get("/api/search?q=emploi"))["total"] == 30
    server.stop()


def test_a_damaged_state_database_never_stops_a_page(centre: Path, add: AddRecord, tmp_path: Path) -> None:
    add("first", "title: {fr: Premier emploi, nl: Eerste werk}")
    write(tmp_path / "state" / "catalogue.db", "this is no database")
    server = Server(centre, tmp_path)
    assert "Premier" in server.get("/fr/search?q=emploi")
    assert json.loads(server.get("/healthz"))["status"] == "degraded"
    server.stop()
    assert (tmp_path / "state" / "catalogue.db").read_text() == "this is no database"


def test_an_unknown_setting_is_named_with_the_nearest_one(centre: Path, tmp_path: Path) -> None:
    given = environment(centre, tmp_path, free_port()) | {"CATALOGUE_PROT": "8000", "LANG": "nl_BE.UTF-8"}
    done = subprocess.run(
        [sys.executable, str(PROJECT / "server.py")],
        cwd=tmp_path,
        env=given,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert "CATALOGUE_PROT" in done.stderr
    assert "CATALOGUE_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_said_plainly(server: Server, centre: Path, tmp_path: Path) -> None:
    given = environment(centre, tmp_path / "second", server.port) | {"LANG": "fr_BE.UTF-8"}
    command = [sys.executable, str(PROJECT / "server.py")]
    done = subprocess.run(command, cwd=tmp_path, env=given, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert str(server.port) in done.stderr
    assert "CATALOGUE_PORT" in done.stderr
    assert "Traceback" not in done.stderr
