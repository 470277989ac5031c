"""A documentalist at the real server who changes very many records: imports, changes together, takes back."""

from __future__ import annotations

import datetime
import re
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx2

from catalogue.state import Accounts, Job, State
from catalogue.state.history import Promise, digest_of
from tests.at_desk import hidden, shown
from tests.desk_site import PASSWORD, QUICK
from tests.test_server import Server

IMPORT = {"to.0": "source.id", "to.1": "title.fr", "all.source.from": "liste", "existing": "update"}
IMPORT |= {"all.kind": "guide", "all.themes": "work", "all.status": "published"}


PATIENCE = 300.0
"""Seconds that a server may take to begin: it reads tens of thousands of records, on a machine that does other work."""


def table(rows: int) -> bytes:
    """Return a table of two columns, number and title."""
    return ("Numéro;Titre\n" + "".join(f"{n};Brochure {n}\n" for n in range(rows))).encode()


class Hall:
    """A folder of resources, its state, and the server over it, which can be killed and started again."""

    def __init__(self, resources: Path, work: Path) -> None:
        self.resources, self.work = resources, work
        self.state_url = f"sqlite:///{work / 'state' / 'catalogue.db'}"
        with State.open(self.state_url, interval=0) as state:
            accounts = Accounts(state.transaction, _here, QUICK)
            for name in ("dirk", "els"):
                accounts.add(name, "documentalist", PASSWORD)
            self.tokens = {name: accounts.sign_in(name, PASSWORD) for name in ("dirk", "els")}
        self.server = Server(resources, work, patience=PATIENCE)

    def browser(self, name: str = "dirk") -> httpx2.Client:
        """Return a browser in which somebody is signed in."""
        headers = {"sec-fetch-site": "same-origin", "cookie": f"desk={self.tokens[name]}"}
        return httpx2.Client(base_url=f"http://127.0.0.1:{self.server.port}", headers=headers, timeout=60)

    def kill(self) -> None:
        """End the server as a power cut would end it."""
        self.server.stop(signal.SIGKILL)

    def start(self) -> None:
        """Start the server again; it goes on with what it was doing."""
        self.server = Server(self.resources, self.work, patience=PATIENCE)

    # --- what dirk does --------------------------------------------------------------------------------------

    def bring_in(self, data: bytes) -> str:
        """Send a table, say what its columns hold, wait for the dry run, begin the import; returns the job."""
        with self.browser() as dirk:
            sent = dirk.post("/desk/fr/import/", files={"file": ("liste.csv", data)})
            page = sent.headers["location"]
            checked = dirk.post(page, data={**IMPORT, "act": "check"})
            assert checked.status_code == 303, shown(checked.text)
            self.wait(page.rpartition("/")[2], "checked")
            assert dirk.post(page, data={"act": "run"}).status_code == 303
        return page.rpartition("/")[2]

    def take_back_import(self, job: str) -> None:
        """Begin to undo an import."""
        with self.browser() as dirk:
            assert dirk.post(f"/desk/fr/import/{job}", data={"act": "undo"}).status_code == 303

    def change(self, ids: str, year: int) -> str:
        """Begin to give records a year; returns the job."""
        with self.browser() as dirk:
            asked = {"ids": ids, "field": "year", "does": "set", "new": str(year), "do": "preview"}
            preview = dirk.post("/desk/fr/bulk", data=asked)
            sent = dirk.post("/desk/fr/bulk", data={**hidden(preview.text), "do": "apply"})
            assert sent.status_code == 303, preview.text
        return sent.headers["location"].rpartition("/")[2]

    def take_back(self, action: int) -> str:
        """Begin to undo an action of many files; returns the job."""
        with self.browser() as dirk:
            sent = dirk.post(f"/desk/fr/actions/{action}/undo")
        found = re.search(r"/jobs/(\w+)$", sent.headers["location"])
        assert found, sent.headers
        return found[1]

    # --- what is so ------------------------------------------------------------------------------------------

    def job(self, id: str) -> Job:
        """Return a job as the database has it, whether the server runs or not."""
        with State.open(self.state_url, interval=0) as state:
            return state.jobs.get(id)

    def wait(self, id: str, state: str, seconds: float = 900) -> Job:
        """Wait until a job stands there."""
        deadline = time.monotonic() + seconds
        while (job := self.job(id)).state != state:
            assert not job.data.get("problem"), job.data["problem"]
            assert time.monotonic() < deadline, job
            time.sleep(0.1)
        return job

    def bytes(self) -> dict[str, bytes]:
        """Return every file of the folder, leftovers of killed programs included."""
        root = self.resources
        return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}

    def history(self) -> tuple[Mapping[str, str], list[Promise]]:
        """Return the digest of the last version of each file in the history, and what was promised and not kept."""
        with State.open(self.state_url, interval=0) as state:
            return state.history.latest(), state.history.promises()

    def memory(self) -> float:
        """Return the most memory that the server had, in megabytes."""
        status = Path(f"/proc/{self.server.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the digests of files."""
    return {path: digest_of(data) for path, data in files.items()}


def _here() -> datetime.datetime:
    """Return the time of the centre: a session begun in another zone is over before it begins."""
    return datetime.datetime.now(ZoneInfo("Europe/Brussels")).replace(tzinfo=None)
