"""Very many records: killed at random moments of imports, changes and undos; 10,000 rows while visitors search."""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue import yamlfile
from tests.browser.site import environment
from tests.conftest import AddRecord, write
from tests.mass_site import Hall, digests, table
from tests.ports import free_port

pytestmark = pytest.mark.soak

KILLS = 60
ROWS = 300
MAPPING = """
columns: {Numéro: source.id, Titre: title.fr}
constants: {kind: guide, themes: work, status: draft, source.from: liste}
"""


# --- kill -9 -----------------------------------------------------------------------------------------------------


class Fate:
    """Kills the server at random moments of what it does, and looks at what it left behind."""

    def __init__(self, hall: Hall, chance: random.Random) -> None:
        self.hall, self.chance = hall, chance
        self.kills = self.unkept = 0

    def until(self, id: str, state: str, done: Callable[[dict[str, bytes]], int]) -> None:
        """Kill the server again and again until a job stands at ``state``; ``done`` counts what it did in the files."""
        while self.hall.job(id).state != state:
            time.sleep(self.chance.uniform(0, 0.7))
            before = self.hall.job(id).done
            self.hall.kill()
            self.kills += 1
            self._look(before, done)
            self.hall.start()
        self.hall.wait(id, state)

    def _look(self, acknowledged: int, done: Callable[[dict[str, bytes]], int]) -> None:
        files = {path: data for path, data in self.hall.bytes().items() if not path.endswith(".tmp")}
        for path, data in files.items():
            if path.endswith(".yaml"):
                assert not yamlfile.parse(data, Path(path)).problems, path
        assert done(files) >= acknowledged, "what was acknowledged is missing"
        latest, promises = self.hall.history()
        promised = {promise.version.path: promise for promise in promises}
        self.unkept += bool(promised)
        now = digests(files)
        for path in {*latest, *now}:
            expected = {latest.get(path, "")}
            if path in promised:
                expected |= {promised[path].before}
            assert now.get(path, "") in expected, f"the history does not match {path}"


def test_kills_during_imports_changes_and_undos_lose_nothing(
    centre: Path, add: AddRecord, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add("mine", "title: {fr: Le mien} # a comment")
    hall = Hall(centre, tmp_path)
    fate = Fate(hall, random.Random(3))
    before = hall.bytes()
    ids = " ".join(f"brochure-{n}" for n in range(ROWS))

    def records(files: dict[str, bytes]) -> int:
        return sum(path.startswith("records/brochure-") for path in files)

    def dated(files: dict[str, bytes]) -> int:
        return sum(b"\nyear: 2026" in data for data in files.values())

    rounds = 0
    while fate.kills < KILLS:
        rounds += 1
        brought = hall.bring_in(table(ROWS))
        fate.until(brought, "done", records)
        files = hall.bytes()
        numbers = [yamlfile.parse(files[f"records/{id}.yaml"], Path(id)).value["source"]["id"] for id in ids.split()]  # type: ignore[index,call-overload]
        assert sorted(int(str(number)) for number in numbers) == list(range(ROWS)), "every row exactly once"
        assert files.keys() == before.keys() | {f"records/{id}.yaml" for id in ids.split()}
        changed = hall.change(ids, 2026)
        fate.until(changed, "done", dated)
        assert dated(hall.bytes()) == ROWS
        undone = hall.take_back(hall.job(changed).action)
        fate.until(undone, "done", lambda files: ROWS - dated(files))
        assert digests(hall.bytes()) == digests(files), "the change is undone byte by byte"
        hall.take_back_import(brought)
        fate.until(brought, "undone", lambda files: ROWS - records(files))
        assert hall.bytes() == before, "the import is undone byte by byte"
        latest, promises = hall.history()
        assert ({p: d for p, d in latest.items() if d}, promises) == (digests(before), [])
    hall.kill()
    with capsys.disabled():
        print(f"\n{fate.kills} kills in {rounds} rounds, {fate.unkept} between a promise and its being kept")


# --- ten thousand rows, and visitors ---------------------------------------------------------------------------------


class Visitors(threading.Thread):
    """Search, one after the other, with a little pause, and note how long each answer took."""

    def __init__(self, hall: Hall) -> None:
        super().__init__()
        self._hall, self._ended = hall, threading.Event()
        self.took: list[float] = []
        self.start()

    def run(self) -> None:
        texts = ["brochure", "emploi", "infirmier", "loopbaan", "Brochure 7", "travail", "bro*"]
        for number in range(10**9):
            if self._ended.wait(0.05):
                return
            begun = time.monotonic()
            text = texts[number % len(texts)].replace(" ", "+")
            address = f"http://127.0.0.1:{self._hall.server.port}/api/search?q={text}+-x{number}"  # never asked before
            with urllib.request.urlopen(address, timeout=60) as answer:
                assert "full" in json.load(answer)
            self.took.append(time.monotonic() - begun)

    def figures(self) -> str:
        self._ended.set()
        self.join()
        took = sorted(self.took)
        assert took[int(len(took) * 0.95)] < 1, "visitors wait"
        middle, late, last = (1000 * each for each in (statistics.median(took), took[int(len(took) * 0.95)], took[-1]))
        return f"{len(took)} searches: median {middle:.0f} ms, p95 {late:.0f} ms, longest {last:.0f} ms"


def test_ten_thousand_rows_come_in_are_changed_and_go_while_visitors_search(
    centre: Path, add: AddRecord, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = 10_000
    add("mine", "title: {fr: Un emploi, nl: Een loopbaan}")
    hall = Hall(centre, tmp_path)
    before = hall.bytes()

    def measured(name: str, work: Callable[[], object]) -> None:
        visitors, begun = Visitors(hall), time.monotonic()
        work()
        took = time.monotonic() - begun
        figures = f"{took:.0f} s, {rows / took:.0f} rows/s, {hall.memory():.0f} MB; {visitors.figures()}"
        with capsys.disabled():
            print(f"\n{name}: {figures}", flush=True)

    ids = " ".join(f"brochure-{n}" for n in range(rows))
    jobs: dict[str, str] = {}

    def bring_in() -> None:
        jobs["import"] = hall.bring_in(table(rows))
        hall.wait(jobs["import"], "done")

    def change() -> None:
        jobs["change"] = hall.change(ids, 2026)
        hall.wait(jobs["change"], "done")

    def take_back() -> None:
        hall.wait(hall.take_back(hall.job(jobs["change"]).action), "done")

    def take_back_import() -> None:
        hall.take_back_import(jobs["import"])
        hall.wait(jobs["import"], "undone")

    measured("nothing else", lambda: time.sleep(20))
    measured("import", bring_in)
    files = hall.bytes()
    assert len(files) == len(before) + rows
    measured("at rest", lambda: time.sleep(20))
    measured("change", change)
    assert sum(b"\nyear: 2026" in data for data in hall.bytes().values()) == rows
    measured("undo of the change", take_back)
    assert hall.bytes() == files
    measured("undo of the import", take_back_import)
    assert hall.bytes() == before
    hall.server.stop()


def test_of_fifty_thousand_rows_a_dry_run_finds_the_bad_one(
    centre: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = table(50_000).splitlines()
    rows[31_000] = rows[31_000].split(b";")[0] + b";"
    file = tmp_path / "liste.csv"
    file.write_bytes(b"\n".join(rows))
    mapping = write(tmp_path / "map.yaml", MAPPING)
    arguments = [sys.executable, "-m", "catalogue", "import", str(file), "--map", str(mapping), "--dry-run"]
    begun = time.monotonic()
    with subprocess.Popen(
        arguments, cwd=tmp_path, env=environment(centre, tmp_path, free_port()), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    bad = [line for line in said.splitlines() if line.startswith("liste.csv:")]
    assert [line.partition(": ")[0] for line in bad] == ["liste.csv:31001"], said
    assert any(re.search(r"49\D?999$", line) for line in said.splitlines()), said
    assert used.ru_maxrss < 300 * 1024, "kilobytes"
    assert not list((centre / "records").iterdir())
    with capsys.disabled():
        print(f"\n50,000 rows tried in {time.monotonic() - begun:.0f} s, {used.ru_maxrss / 1024:.0f} MB:\n{said}")
