"""Server processes over one collection, as tests of several run them: one with the desk, others for visitors."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from tests.browser.site import environment
from tests.databases import Database
from tests.ports import free_port
from tests.waiting import until


def started(
    centre: Path, work: Path, database: Database, desk: int, port: int, index: str = ""
) -> subprocess.Popen[bytes]:
    """Start one process; the folders are shared, the cache is its own. ``index``: another than the folder's."""
    given = environment(centre, work, port) | {
        "CATALOGUE_STATE": database.url,
        "CATALOGUE_DESK": str(desk),
        "CATALOGUE_CACHE": str(work / f"cache-{port}"),
    }
    given |= {"CATALOGUE_INDEX": index} if index else {}
    command = [sys.executable, "-m", "catalogue", "serve"]
    return subprocess.Popen(command, env=given, cwd=work, stdout=subprocess.DEVNULL)


@contextmanager
def process(
    centre: Path, work: Path, database: Database, desk: int, index: str = ""
) -> Iterator[tuple[httpx2.Client, subprocess.Popen[bytes]]]:
    """Run one process until the block ends, and give somebody who asks it; as ``started``."""
    port = free_port()
    with started(centre, work, database, desk, port, index) as running:
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
                until(lambda: answers(client))
                yield client, running
        finally:
            running.kill()


def answers(client: httpx2.Client) -> bool:
    """Tell whether visitors are served."""
    try:
        return client.get("/healthz").status_code == 200
    except httpx2.TransportError:
        return False


def found(client: httpx2.Client, word: str) -> list[str]:
    """Return the ids that a search finds."""
    return [hit["id"] for hit in client.get("/api/search", params={"q": word}).json()["hits"]]


def finds(client: httpx2.Client, word: str, id: str) -> None:
    """Wait until a server finds a record by a word."""
    until(lambda: found(client, word) == [id])
