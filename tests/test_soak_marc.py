"""50,000 MARC records come in while visitors search: killed twice, gone on with; none lost, none doubled."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pymarc
import pytest

from catalogue import yamlfile
from catalogue.exchange.drafting import BETWEEN
from catalogue.exchange.marc_reading import COLUMNS
from catalogue.exchange.targets import TARGETS
from tests.at_desk import shown
from tests.conftest import AddRecord
from tests.mass_site import Hall

pytestmark = pytest.mark.soak

ROWS = 50_000
BAD = (7, ROWS // 2, ROWS - 3)
"""Records whose directory is damaged."""

TEXT = "Ce guide présente les études, les métiers et les démarches à faire, avec des adresses à Bruxelles. " * 6


def record(number: int) -> bytes:
    """Return a UNIMARC record of about 1,200 bytes, every third under a leader that says nothing of UTF-8."""
    made = pymarc.Record(force_utf8=True)
    made.leader = pymarc.Leader("00000nkm  2200000   450 ")
    fields = [
        pymarc.Field("001", data=f"LOT{number}"),
        _field("010", a=f"978-2-{number:09d}"),
        _field("100", a="20260101d2025    m  y0frey50      ba"),
        _field("101", a="fre"),
        _field("200", a=f"Métiers de demain, tome {number}"),
        _field("210", c="Éditions du Parc", d="2025"),
        _field("330", a=TEXT + str(number)),
        _field("606", a="Orientation professionnelle"),
        _field("700", a=f"Durand{number}", b="Élise"),
        _field("856", u=f"https://lot.example/{number}"),
    ]
    made.add_field(*fields)  # type: ignore[no-untyped-call]
    data = made.as_marc()
    return data[:9] + (b" " if number % 3 else b"a") + data[10:]


def _field(tag: str, **subfields: str) -> pymarc.Field:
    return pymarc.Field(tag, pymarc.Indicators(" ", " "), [pymarc.Subfield(c, v) for c, v in subfields.items()])


def lot() -> Iterator[bytes]:
    for number in range(ROWS):
        data = record(number)
        yield data[:28] + b"x" + data[29:] if number in BAD else data


def mapping() -> dict[str, str]:
    """Return the form as the page offers it: every column to the field it is named after."""
    form = {f"to.{at}": name for at, name in enumerate(COLUMNS) if name in TARGETS}
    form |= {f"separator.{at}": BETWEEN for at, name in enumerate(COLUMNS) if name in TARGETS and TARGETS[name].many}
    said = {"all.kind": "guide", "all.themes": "work", "all.status": "published", "all.source.from": "lot"}
    return form | said | {"existing": "careful"}


class Watch(threading.Thread):
    """Searches all the while, and notes how long answers take, how much memory the server has, how far the job is."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(daemon=True)
        self.hall, self.over = hall, threading.Event()
        self.took: list[float] = []
        self.memory: list[float] = []
        self.start()

    def run(self) -> None:
        while not self.over.wait(0.2):
            begun = time.monotonic()
            address = f"http://127.0.0.1:{self.hall.server.port}/api/search?q=tome+{len(self.took)}"
            try:
                with urllib.request.urlopen(address, timeout=60) as answer:
                    json.load(answer)
                self.memory.append(resident(self.hall))
            except OSError:  # it was killed just now
                continue
            self.took.append(time.monotonic() - begun)


def resident(hall: Hall) -> float:
    """Return the memory that the server has now, in megabytes."""
    status = Path(f"/proc/{hall.server.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def test_fifty_thousand_marc_records_killed_twice(
    centre: Path, add: AddRecord, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def tell(text: str) -> None:
        with capsys.disabled():
            print(f"\n{text}", flush=True)

    add("mine", "title: {fr: Le mien}")
    file = tmp_path / "lot.mrc"
    with file.open("wb") as out:
        out.writelines(lot())
    hall = Hall(centre, tmp_path)
    watch, begun = Watch(hall), time.monotonic()
    with hall.browser() as dirk, file.open("rb") as sent:
        page = dirk.post("/desk/fr/import/", files={"file": ("lot.mrc", sent)}).headers["location"]
        idle = resident(hall)
        checked = dirk.post(page, data={**mapping(), "act": "check"})
        assert checked.status_code == 303, shown(checked.text)
    job = page.rpartition("/")[2]
    early = 0.0
    while (now := hall.job(job)).state == "checking":
        assert not now.data.get("problem"), now.data
        early = early or (resident(hall) if now.done > ROWS // 5 else 0.0)
        time.sleep(0.3)
    late = resident(hall)
    tell(f"{ROWS:,} tried in {time.monotonic() - begun:.0f} s; {idle:.0f} MB, {early:.0f} at 20 %, {late:.0f} at 100 %")
    assert hall.job(job).data["counts"] == {"create": ROWS - len(BAD), "refuse": len(BAD)}
    assert late - early < 60, "the dry run keeps only what it recognises doubles by"

    begun, seen = time.monotonic(), []
    with hall.browser() as dirk:
        assert dirk.post(page, data={"act": "run"}).status_code == 303
    for share in (0.2, 0.6):
        while (now := hall.job(job)).total != ROWS - len(BAD) or now.done < ROWS * share:
            seen.append(now.done)
            time.sleep(0.2)
        hall.kill()
        tell(f"killed at {now.done:,} of {now.total:,}, {time.monotonic() - begun:.0f} s")
        hall.start()
    hall.wait(job, "done", 3600)
    watch.over.set()
    watch.join()
    took = sorted(watch.took)
    tell(
        f"imported in {time.monotonic() - begun:.0f} s, {max(watch.memory):.0f} MB at the most; {len(took)} searches: "
        f"median {1000 * took[len(took) // 2]:.0f} ms, p95 {1000 * took[int(len(took) * 0.95)]:.0f} ms"
    )
    assert len(set(seen)) > 5, "there is progress"
    assert took[int(len(took) * 0.95)] < 2, "visitors wait"
    numbers = sorted(int(number.removeprefix("LOT")) for number in sources(centre))
    assert numbers == [number for number in range(ROWS) if number not in BAD]
    peak = hall.memory()
    hall.server.stop()
    hall.start()
    with urllib.request.urlopen(f"http://127.0.0.1:{hall.server.port}/api/search?q=tome+77", timeout=60) as answer:
        assert json.load(answer)["total"]
    rested = hall.memory()
    tell(f"{peak:.0f} MB while importing, {rested:.0f} MB for a server that only holds these records")
    assert peak < rested * 1.5 + 150, "importing needs little more than the records themselves"
    hall.server.stop()


def sources(centre: Path) -> Iterator[str]:
    """Yield the number of origin of every imported record."""
    for path in (centre / "records").rglob("*.yaml"):
        value = yamlfile.parse(path.read_bytes(), path).value
        source = value.get("source") if isinstance(value, dict) else None
        if isinstance(source, dict):
            yield str(source["id"])
