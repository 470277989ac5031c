"""What monitoring is told: in words, of everything that wants somebody's attention, and of nobody."""

from __future__ import annotations

import dataclasses
import os
import shutil
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from catalogue.service import Catalogue
from catalogue.settings import Settings
from tests.conftest import AddRecord, write


def wrong(catalogue: Catalogue) -> list[str]:
    return list(catalogue.health()["wrong"])


def test_all_is_well(catalogue: Catalogue) -> None:
    assert (catalogue.health()["status"], wrong(catalogue)) == ("ok", [])


def test_an_error_is_placed_and_not_quoted(centre: Path, catalogue: Catalogue) -> None:
    write(centre / "records" / "bad.yaml", "kind: website\nthemes: [Anna Peeters]\ntitle: {fr: x}\nstatus: draft\n")
    write(centre / "records" / os.fsdecode(b"caf\xe9.yaml"), "kind: x\n")
    catalogue.refresh()
    assert "records/bad.yaml:2: an error; the file or a part of it is left out (catalogue check says more)" in wrong(
        catalogue
    )
    assert "Anna" not in str(catalogue.health())
    assert catalogue.health()["status"] == "degraded"


def test_visitors_who_find_nothing_are_not_served(
    catalogue: Catalogue, add: AddRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("one")
    catalogue.refresh()
    assert catalogue.health()["status"] == "ok"
    monkeypatch.setattr(catalogue._engine, "_damaged", True)  # as after a search that could not read it
    assert catalogue.health()["status"] == "down"
    assert wrong(catalogue) == ["the search does not answer; its index is being built again"]


def test_a_folder_that_is_gone(catalogue: Catalogue, centre: Path) -> None:
    shutil.rmtree(centre / "records")
    assert catalogue.health()["status"] == "down"
    assert wrong(catalogue)[0] == "the folder of the records is not there"
    shutil.rmtree(centre)
    assert "the folder of the records cannot be looked at (No such file or directory)" in wrong(catalogue)


def test_an_index_that_lags(catalogue: Catalogue, add: AddRecord) -> None:
    add("one")
    add("two")
    catalogue.refresh()
    catalogue._engine.remove(["two"])
    assert wrong(catalogue) == ["the index has 1 of 2 records; it is being brought up to date"]
    catalogue._indexing.behind = True
    assert wrong(catalogue) == ["the index refused changes; they are tried again"]


def test_a_disk_that_is_nearly_full(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")._replace(free=123_456_789)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert wrong(catalogue) == ["the disk of the records is nearly full: 123 MB are free"], "once for each disk"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(catalogue: Catalogue, settings: Settings) -> None:
    settings.resources.chmod(0o500)
    assert "the folder of the records cannot be written" in wrong(catalogue)


def test_a_backup_that_is_late(centre: Path, settings: Settings) -> None:
    catalogue = Catalogue.open(dataclasses.replace(settings, backup_days=2))
    assert wrong(catalogue) == ["there is no backup yet (catalogue backup)"]
    stamp = write(settings.var / "last-backup", "")
    assert wrong(catalogue) == []
    then = time.time() - 3 * 86400
    os.utime(stamp, (then, then))
    assert wrong(catalogue)[0].startswith("the last backup is of 20")
    assert catalogue.health()["status"] == "degraded"
    catalogue.close()


def test_a_database_of_a_newer_version_says_what_to_do(centre: Path, settings: Settings) -> None:
    catalogue = Catalogue.open(settings)
    with catalogue.state.transaction(write=True) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    catalogue.close()
    catalogue = Catalogue.open(settings)
    assert catalogue.health()["status"] == "degraded"
    assert "Install that version again, or restore the backup from before the upgrade." in wrong(catalogue)[0]
    catalogue.close()


def test_the_status_of_the_answer(client: TestClient, centre: Path) -> None:
    assert client.get("/healthz").status_code == client.get("/healthz?strict=1").status_code == 200
    (centre / "records").rename(centre / "gone")
    assert client.get("/healthz").status_code == client.get("/healthz?strict").status_code == 503
    assert client.get("/healthz").json()["status"] == "down"
    (centre / "gone").rename(centre / "records")
    shutil.rmtree(centre.parent / "var")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert client.get("/healthz?strict").status_code == 503
