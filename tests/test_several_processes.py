"""Several processes over one collection: one has the desk and writes, the others serve visitors beside it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2

from tests.browser.site import environment
from tests.conftest import AddRecord
from tests.databases import Database
from tests.ports import free_port

PATIENCE = 20.0
"""Seconds; on an idle machine an edit is seen everywhere within two."""


@contextmanager
def process(
    centre: Path, work: Path, database: Database, desk: int
) -> Iterator[tuple[httpx2.Client, subprocess.Popen[bytes]]]:
    """Run one server; the folders are shared, the cache is its own."""
    port = free_port()
    given = environment(centre, work, port) | {
        "CATALOGUE_STATE": database.url,
        "CATALOGUE_DESK": str(desk),
        "CATALOGUE_CACHE": str(work / f"cache-{port}"),
    }
    command = [sys.executable, "-m", "catalogue", "serve"]
    with subprocess.Popen(command, env=given, cwd=work, stdout=subprocess.DEVNULL) as running:
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
                until(lambda: answers(client), 60)
                yield client, running
        finally:
            running.kill()


def answers(client: httpx2.Client) -> bool:
    try:
        return client.get("/healthz").status_code == 200
    except httpx2.TransportError:
        return False


def until(condition: Callable[[], bool], seconds: float) -> None:
    """Wait for something."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() < begun + seconds, "it never happened"
        time.sleep(0.02)


def found(client: httpx2.Client, word: str) -> list[str]:
    return [hit["id"] for hit in client.get("/api/search", params={"q": word}).json()["hits"]]


def finds(client: httpx2.Client, word: str, id: str) -> None:
    """Wait until a server finds a record by a word."""
    until(lambda: found(client, word) == [id], PATIENCE)


def test_an_edit_is_seen_by_all_and_killing_one_loses_nothing(
    tmp_path: Path, centre: Path, add: AddRecord, database: Database
) -> None:
    add("one", "title: {fr: Un phare}")
    with ExitStack() as stack:
        desk, writer = stack.enter_context(process(centre, tmp_path, database, 1))
        web, first = stack.enter_context(process(centre, tmp_path, database, 0))
        other, _ = stack.enter_context(process(centre, tmp_path, database, 0))
        assert [found(client, "phare") for client in (desk, web, other)] == [["one"]] * 3

        add("two", "title: {fr: Une lanterne}")
        for client in (desk, web, other):
            finds(client, "lanterne", "two")
            assert client.get("/fr/record/two").status_code == 200
        (centre / "records" / "one.yaml").unlink()
        until(lambda: not found(web, "phare") and web.get("/fr/record/one").status_code == 404, PATIENCE)

        refused = web.get("/desk/nl/")
        assert refused.status_code == 404
        assert "deze server" in refused.text
        for dying in (first, writer):
            dying.send_signal(signal.SIGKILL)
        assert found(other, "lanterne") == ["two"], "visitors are served without a desk, too"
        again, _ = stack.enter_context(process(centre, tmp_path, database, 1))
        add("three", "title: {fr: Un canal}")
        for client in (again, other):
            finds(client, "canal", "three")


def test_a_process_for_visitors_writes_into_no_folder(
    tmp_path: Path, centre: Path, add: AddRecord, database: Database
) -> None:
    add("one", "title: {fr: Un phare}")
    with process(centre, tmp_path, database, 1):
        pass
    index = tmp_path / "index"
    before = {path: path.stat().st_mtime_ns for path in index.rglob("*")}
    records = {path: path.read_bytes() for path in centre.rglob("*.yaml")}
    with process(centre, tmp_path, database, 0) as (web, _):
        add("two", "title: {fr: Une lanterne}")
        until(lambda: web.get("/fr/record/two").status_code == 200, PATIENCE)
        assert found(web, "lanterne") == []
        assert found(web, "phare") == ["one"]
    assert {path: path.stat().st_mtime_ns for path in index.rglob("*")} == before
    assert {path: data for path, data in records.items() if path.read_bytes() != data} == {}
