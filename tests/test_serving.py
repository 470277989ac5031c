"""Sockets that another opened, and a restart that nobody notices: real processes on a real port."""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue import serving
from catalogue.errors import SettingsError
from catalogue.settings import Settings
from tests.browser.site import environment
from tests.conftest import AddRecord

# What systemd does between fork and exec: the socket becomes number 3, and whose it is is said (sd_listen_fds).
_ACTIVATE = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.set_inheritable(3, True)\n"
    "os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1')\n"
    "os.execv(sys.executable, [sys.executable, *sys.argv[2:]])"
)

VISITORS = 4


def activated(listening: socket.socket, *arguments: str, cwd: Path, env: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start Python with ``arguments`` as systemd starts a service whose socket it holds."""
    number = listening.fileno()
    with (cwd / "server.log").open("ab") as log:
        command = [sys.executable, "-c", _ACTIVATE, str(number), *arguments]
        return subprocess.Popen(command, cwd=cwd, env=env, pass_fds=[number], stdout=log, stderr=subprocess.STDOUT)


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as opened:
        yield opened


@pytest.mark.parametrize("restarts", [1, pytest.param(10, marks=pytest.mark.soak)])
def test_no_request_fails_while_the_server_is_replaced(
    restarts: int,
    listening: socket.socket,
    centre: Path,
    add: AddRecord,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    add("first", "title: {fr: Premier emploi, nl: Eerste werk}")
    port, env = listening.getsockname()[1], environment(centre, tmp_path, 1)
    (tmp_path / "state").mkdir()
    done = threading.Event()
    failed: list[str] = []
    took: list[float] = []

    def visit() -> None:
        while not done.is_set():
            connection, begun = http.client.HTTPConnection("127.0.0.1", port, timeout=60), time.monotonic()
            try:
                connection.request("GET", "/api/search?q=emploi")
                assert json.loads(connection.getresponse().read())["total"] == 1
                took.append(time.monotonic() - begun)
            except (OSError, http.client.HTTPException, AssertionError) as error:
                failed.append(repr(error))
            finally:
                connection.close()

    def start() -> subprocess.Popen[bytes]:
        return activated(listening, "-m", "catalogue", "serve", cwd=tmp_path, env=env)

    def stop(server: subprocess.Popen[bytes]) -> None:
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) in (0, -signal.SIGTERM)

    def wait() -> None:
        before, deadline = len(took), time.monotonic() + 60
        while len(took) < before + 40 and time.monotonic() < deadline:
            time.sleep(0.01)

    visitors = [threading.Thread(target=visit) for _ in range(VISITORS)]
    server = start()
    for visitor in visitors:
        visitor.start()
    try:
        for _ in range(restarts):
            wait()
            stop(server)
            server = start()
        wait()
    finally:
        done.set()
        for visitor in visitors:  # the last ones are answered by the last server
            visitor.join()
        try:
            kept = _told_at_the_end(port, server)
        finally:
            stop(server)
    log = (tmp_path / "server.log").read_text()
    assert failed == [], log
    assert kept == "close", "a connection kept for later is told that there will be no later"
    assert log.count("1 records.") == restarts + 1
    assert "emploi" not in log
    with capsys.disabled() if restarts > 1 else contextlib.nullcontext():
        print(f"\n{restarts} restarts, {len(took)} requests answered, none failed; longest wait {max(took):.1f} s")


def _told_at_the_end(port: int, server: subprocess.Popen[bytes]) -> str:
    """Ask on one connection until the server that is asked to stop says that it is the last time; return how."""
    connection, asked = http.client.HTTPConnection("127.0.0.1", port, timeout=30), False
    with contextlib.closing(connection):
        while True:
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            assert answer.read()
            if told := answer.headers["connection"]:
                return told
            if not asked:
                server.send_signal(signal.SIGTERM)
                asked = True


@pytest.mark.parametrize("abstract", [False, True])
def test_who_started_it_is_told_when_it_answers(abstract: bool, centre: Path, tmp_path: Path) -> None:
    place = f"\0{tmp_path}" if abstract else str(tmp_path / "notify")
    (tmp_path / "state").mkdir()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told, socket.create_server(("127.0.0.1", 0)) as free:
        told.bind(place)
        told.settimeout(60)
        env = environment(centre, tmp_path, 1) | {"NOTIFY_SOCKET": place.replace("\0", "@")}
        server = activated(free, "-m", "catalogue", "serve", cwd=tmp_path, env=env)
        try:
            assert told.recv(100) == b"READY=1"
            connection = http.client.HTTPConnection("127.0.0.1", free.getsockname()[1], timeout=1)
            with contextlib.closing(connection):
                connection.request("GET", "/healthz")
                assert connection.getresponse().status == 200
        finally:
            server.kill()
            server.wait()


def test_only_sockets_meant_for_this_process_are_taken(
    listening: socket.socket, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(serving, "_FIRST", os.dup(listening.fileno()))
    monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
    monkeypatch.setenv("LISTEN_FDS", "1")
    (taken,) = serving.listen(settings)
    with taken:
        assert taken.getsockname() == listening.getsockname()
        assert not taken.get_inheritable()
    assert "LISTEN_FDS" not in os.environ, "what it starts is told nothing of it"
    monkeypatch.setenv("LISTEN_PID", "1")
    monkeypatch.setenv("LISTEN_FDS", "1")
    port = listening.getsockname()[1]
    with pytest.raises(SettingsError, match=f"port {port}"):
        serving.listen(dataclasses.replace(settings, port=port))
