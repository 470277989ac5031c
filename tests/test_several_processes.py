"""Several processes over one collection: one has the desk and writes, the others serve visitors beside it."""

from __future__ import annotations

import signal
import statistics
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx2
import pytest

from catalogue.state import State
from tests.conftest import AddRecord
from tests.databases import Database, Server
from tests.processes import finds, found, process
from tests.waiting import until

EDITS = 20
SEEN = 2.0
"""Seconds after which an edit shows wherever visitors look."""


@pytest.fixture
def index(request: pytest.FixtureRequest) -> str:
    """What CATALOGUE_INDEX says: a folder that all read, or a name on the cluster of the tests."""
    return "" if request.param == "whoosh" else str(request.getfixturevalue("opensearch"))


@pytest.mark.parametrize(
    ("database", "index"),
    [
        ("sqlite", "whoosh"),
        pytest.param("postgresql", "whoosh", marks=pytest.mark.soak),
        ("postgresql", "opensearch"),
    ],
    indirect=True,
)
def test_an_edit_is_seen_by_all_and_killing_one_loses_nothing(
    tmp_path: Path, centre: Path, add: AddRecord, database: Database, index: str
) -> None:
    add("one", "title: {fr: Un phare}")
    with ExitStack() as stack:
        desk, writer = stack.enter_context(process(centre, tmp_path, database, 1, index))
        web, first = stack.enter_context(process(centre, tmp_path, database, 0, index))
        other, _ = stack.enter_context(process(centre, tmp_path, database, 0, index))
        assert [found(client, "phare") for client in (desk, web, other)] == [["one"]] * 3

        add("two", "title: {fr: Une lanterne}")
        for client in (desk, web, other):
            finds(client, "lanterne", "two")
            assert client.get("/fr/record/two").status_code == 200
        (centre / "records" / "one.yaml").unlink()
        until(lambda: not found(web, "phare") and web.get("/fr/record/one").status_code == 404)

        # A list that one of them took is in the state: whoever is asked has it, whatever becomes of that one.
        handed = web.post("/nl/list", json={"ids": ["two"]}).json()["href"]

        refused = web.get("/desk/nl/")
        assert refused.status_code == 404
        assert "deze server" in refused.text
        for dying in (first, writer):
            dying.send_signal(signal.SIGKILL)
        assert found(other, "lanterne") == ["two"], "visitors are served without a desk, too"
        assert "Une lanterne" in other.get(handed).text
        again, _ = stack.enter_context(process(centre, tmp_path, database, 1, index))
        add("three", "title: {fr: Un canal}")
        for client in (again, other):
            finds(client, "canal", "three")


PASSWORD = "vier losse woorden hier"
RECORD = {"kind": "website", "themes": "work", "holdings.0.url": "https://example.org", "seen": "", "do": "publish"}


@pytest.mark.soak
def test_what_is_saved_at_the_desk_is_seen_by_the_others(
    tmp_path: Path, centre: Path, postgresql: Server, opensearch: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database, took = postgresql.migrated(), []
    with State.open(database.url, interval=0) as state:
        state.accounts.add("piet", "administrator", PASSWORD)
    with ExitStack() as stack:
        desk, _ = stack.enter_context(process(centre, tmp_path, database, 1, opensearch))
        others = [stack.enter_context(process(centre, tmp_path, database, 0, opensearch))[0] for _ in range(2)]
        desk.headers["Origin"] = str(desk.base_url).rstrip("/")
        assert desk.post("/desk/fr/sign-in", data={"name": "piet", "password": PASSWORD}).status_code == 303
        for number in range(EDITS):
            id = saved(desk, number)
            begun = time.monotonic()
            for client in others:
                finds(client, f"quokka{number}", id)
                until(partial(shows, client, id))
            took.append(time.monotonic() - begun)
    with capsys.disabled():
        print(f"\n{EDITS} saved at the desk and seen on both: median {statistics.median(took):.2f} s,")
        print(f"longest {max(took):.2f} s")
    assert max(took) < SEEN


def shows(client: httpx2.Client, id: str) -> bool:
    return client.get(f"/fr/record/{id}").status_code == 200


def saved(desk: httpx2.Client, number: int) -> str:
    """Save a new record with the form; return its id."""
    form = {"title.fr": f"Quokka{number}", "title.nl": f"Quokka{number}", "key": f"new/{number}"}
    answer = desk.post("/desk/fr/records/new", data={**RECORD, **form})
    assert answer.status_code == 303, answer.text
    return f"quokka{number}"


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
        until(lambda: web.get("/fr/record/two").status_code == 200)
        assert found(web, "lanterne") == []
        assert found(web, "phare") == ["one"]
    assert {path: path.stat().st_mtime_ns for path in index.rglob("*")} == before
    assert {path: data for path, data in records.items() if path.read_bytes() != data} == {}
