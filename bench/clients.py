"""End to end: the real server, and as many visitors as the centre has places, who type, search and open records.

A visitor types a query letter by letter (each letter asks for suggestions), reads the results, sometimes opens one,
and begins again. Meanwhile record files are written, and the time is taken until a search over HTTP finds them.
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from bench.centre import PROJECT, write_centre, write_record
from bench.corpus import SEED, Corpus, newcomer
from bench.queries import Ask, mix
from bench.statistics import percentile

RECORDS = 2_000  # of the corpus, beside those of the example centre
CLIENTS = 65
SECONDS = 60.0

_LETTER = (0.1, 0.25)  # seconds between two letters
_READING = (2.0, 5.0)  # seconds before a page of results or a record is left
_MOST_PER_SECOND = 250  # requests of all visitors together
_SAVE_EVERY = 8.0  # seconds
_LOOK_EVERY = 0.05  # seconds between two searches for a saved record
_GIVE_UP = 30.0  # seconds until a server has to be up, a request answered, a saved record found


@dataclass
class ClientFigures:
    """What the visitors met: milliseconds by kind of request, errors, and routes that are not there."""

    clients: int
    seconds: float
    records: int
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    absent: Counter[str] = field(default_factory=Counter)
    visible: list[float] = field(default_factory=list)  # ms from the file written to the search that finds it

    @property
    def requests(self) -> int:
        """How many requests were answered."""
        return sum(map(len, self.times.values()))

    def describe(self) -> str:
        """Return the section of the report."""
        lines = [
            f"## {self.clients} visitors at once for {self.seconds:.0f} seconds, {self.records:,} records",
            "",
            "| request | answered | p50 | p95 | p99 |",
            "| --- | ---: | ---: | ---: | ---: |",
            *(_line(kind, times) for kind, times in sorted(self.times.items())),
            "",
            f"{self.requests / self.seconds:.0f} requests per second. Errors: {_counts(self.errors) or 'none'}."
            + (f" Not there yet: {_counts(self.absent)}." if self.absent else ""),
        ]
        if self.visible:
            middle, last = percentile(self.visible, 0.5), max(self.visible)
            lines += ["", f"{len(self.visible)} record files written meanwhile: found after {middle:,.0f} ms (median),"]
            lines += [f"{last:,.0f} ms at most (the folder is looked at every second; to be noticed within 2,000 ms)."]
        return "\n".join(lines)


def _line(kind: str, times: Sequence[float]) -> str:
    cells = [kind, f"{len(times):,}", *(f"{percentile(times, share):.1f}" for share in (0.5, 0.95, 0.99))]
    return "| " + " | ".join(cells) + " |"


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{what} {count}" for what, count in sorted(counter.items()))


def run(corpus: Corpus, clients: int = CLIENTS, seconds: float = SECONDS) -> ClientFigures:
    """Serve the example centre with the records of ``corpus`` added, and let the visitors in.

    Raises TimeoutError, with what the server said, where it does not start.
    """
    corpus.write()
    with tempfile.TemporaryDirectory() as folder:
        resources = Path(folder) / "resources"
        write_centre(resources, corpus)
        with _served(Path(folder)) as address:
            figures = ClientFigures(clients, seconds, records=len(list(resources.glob("records/**/*.yaml"))))
            return asyncio.run(_Crowd(resources, address, mix(corpus), figures).run())


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"RESOURCES": folder / "resources", "INDEX": folder / "index", "CACHE": folder / "cache", "PORT": port}
    settings["STATE"] = f"sqlite:///{folder}/catalogue.db"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CATALOGUE_")}
    environment = inherited | {f"CATALOGUE_{name}": str(value) for name, value in settings.items()}
    with (folder / "server.log").open("w+", encoding="utf-8") as log:
        server = subprocess.Popen([sys.executable, PROJECT / "server.py"], env=environment, stdout=log, stderr=log)
        try:
            if not _is_up(f"http://127.0.0.1:{port}", server):
                log.seek(0)
                raise TimeoutError(f"the server did not start: {log.read()}")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def _is_up(address: str, server: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers; False where it ends or takes too long."""
    deadline = time.monotonic() + 10 * _GIVE_UP  # the index is built first
    while time.monotonic() < deadline and server.poll() is None:
        try:
            httpx2.get(f"{address}/healthz", timeout=_GIVE_UP)
            return True
        except httpx2.TransportError:
            time.sleep(0.2)
    return False


class _Crowd:
    """The visitors and the one who writes records."""

    def __init__(self, resources: Path, address: str, asks: Sequence[Ask], figures: ClientFigures) -> None:
        self._resources, self._address, self._figures = resources, address, figures
        self._asks = [ask for ask in asks if ask.words]
        self._left = int(_MOST_PER_SECOND * figures.seconds)
        self._http: httpx2.AsyncClient
        self._end = 0.0

    async def run(self) -> ClientFigures:
        limits = httpx2.Limits(max_connections=self._figures.clients + 1)
        async with httpx2.AsyncClient(base_url=self._address, limits=limits, timeout=_GIVE_UP) as self._http:
            self._end = time.monotonic() + self._figures.seconds
            visitors = (self._visit(random.Random(SEED + number)) for number in range(self._figures.clients))
            await asyncio.gather(self._write(), *visitors)
        return self._figures

    @property
    def _open(self) -> bool:
        return time.monotonic() < self._end and self._left > 0

    async def _visit(self, chance: random.Random) -> None:
        await asyncio.sleep(chance.uniform(0, _READING[1]))  # nobody comes in at the same instant
        while self._open:
            ask = chance.choice(self._asks)
            await self._type(ask, chance)
            await self._get("results page", f"/{ask.lang}/search", q=ask.query.text)
            await asyncio.sleep(chance.uniform(*_READING))
            if self._open and chance.random() < 0.6:
                await self._open_one(ask, chance)

    async def _type(self, ask: Ask, chance: random.Random) -> None:
        for length in range(1, len(ask.query.text) + 1):
            if not self._open:
                return
            await self._get("suggestions", "/api/suggest", q=ask.query.text[:length], lang=ask.lang)
            await asyncio.sleep(chance.uniform(*_LETTER))

    async def _open_one(self, ask: Ask, chance: random.Random) -> None:
        found = await self._get("/api/search", "/api/search", q=ask.query.text, lang=ask.lang)
        hits = found.json()["hits"] if found else []
        if hits:
            await self._get("record page", f"/{ask.lang}/record/{chance.choice(hits)['id']}")
            await asyncio.sleep(chance.uniform(*_READING))

    async def _write(self) -> None:
        number = 0
        await asyncio.sleep(min(_SAVE_EVERY, self._figures.seconds) / 2)
        while self._open:
            entry, word = newcomer(number)
            await asyncio.to_thread(write_record, self._resources, entry)
            await self._until_found(entry.id, word)
            number += 1
            await asyncio.sleep(_SAVE_EVERY)

    async def _until_found(self, id: str, word: str) -> None:
        started = time.perf_counter()
        while time.perf_counter() - started < _GIVE_UP:
            found = await self._get("looking for a saved record", "/api/search", q=word)
            if found and id in [hit["id"] for hit in found.json()["hits"]]:
                self._figures.visible.append((time.perf_counter() - started) * 1000)
                return
            await asyncio.sleep(_LOOK_EVERY)
        self._figures.errors["saved record not found"] += 1

    async def _get(self, kind: str, path: str, **params: Any) -> httpx2.Response | None:
        """Ask for one page and take note of the time; None where there was no good answer."""
        self._left -= 1
        started = time.perf_counter()
        try:
            answer = await self._http.get(path, params=params)
        except httpx2.HTTPError as error:
            self._figures.errors[f"{kind}: {type(error).__name__}"] += 1
            return None
        if answer.status_code == 404 and kind == "suggestions":
            self._figures.absent[path] += 1
            return None
        if answer.status_code != 200:
            self._figures.errors[f"{kind}: {answer.status_code}"] += 1
            return None
        self._figures.times[kind].append((time.perf_counter() - started) * 1000)
        return answer
