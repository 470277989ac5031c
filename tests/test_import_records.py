"""Records from library systems imported: matched by identifiers, what people changed is kept unless told otherwise."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pymarc
import pytest

from catalogue.exchange.mapping import ColumnMapping
from catalogue.importing import CHECKING, RUNNING, Imports
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.state import Job
from tests.conftest import AddRecord
from tests.test_importing import imports_into, work

ALL = {"kind": "guide", "themes": "work", "status": "draft", "source.from": "sudoc"}
Send = Callable[..., Job]


@pytest.fixture
def imports(catalogue: Catalogue, settings: Settings) -> Imports:
    return imports_into(catalogue, settings.var / "imports")


def unimarc(number: str, title: str, **more: str) -> bytes:
    record = pymarc.Record(force_utf8=True)
    record.leader = pymarc.Leader("00000nkm  2200000   450 ")
    values = {"001": number, "100": "20260101d2025    m  y0frey50      ba", "200": title, **more}
    for tag, value in values.items():
        field = pymarc.Field(tag, data=value) if tag < "010" else _field(tag, value)
        record.add_field(field)  # type: ignore[no-untyped-call]
    return record.as_marc()


def _field(tag: str, value: str) -> pymarc.Field:
    code = {"856": "u", "210": "d"}.get(tag, "a")
    return pymarc.Field(tag, pymarc.Indicators(" ", " "), [pymarc.Subfield(code, value)])


@pytest.fixture
def send(imports: Imports, tmp_path: Path) -> Send:
    def sent(data: bytes, name: str = "lot.mrc", existing: str = "careful", **constants: str) -> Job:
        upload = tmp_path / "upload"
        upload.write_bytes(data)
        job = imports.receive(upload, name, "dirk")
        guessed = ColumnMapping.from_plain(job.data["mapping"])
        said = {**guessed.constants, **ALL, **constants}
        imports.map(job, dataclasses.replace(guessed, constants=said, existing=existing))
        return work(imports, imports.jobs.get(job.id), CHECKING)

    return sent


def test_what_somebody_changed_since_the_import_is_kept(catalogue: Catalogue, imports: Imports, send: Send) -> None:
    work(imports, send(unimarc("1", "Vieux titre", **{"330": "Vieux résumé", "210": "2024"})), RUNNING)
    (record,) = catalogue.contents.records.values()
    changed = dataclasses.replace(record, title=type(record.title)({"fr": "Un meilleur titre"}))
    catalogue.save(changed, account="marie")
    again = unimarc("1", "Nouveau titre", **{"330": "Nouveau résumé", "210": "2025"})
    (outcome,) = imports.outcomes(send(again))
    assert [(field, after) for field, _, after in outcome.differences] == [
        ("summary.fr", "Nouveau résumé"),
        ("year", "2025"),
    ]
    (outcome,) = imports.outcomes(send(again, existing="update"))
    assert ("title.fr", "Un meilleur titre", "Nouveau titre") in outcome.differences
    (outcome,) = imports.outcomes(send(again, existing="keep"))
    assert outcome.fate == "same"


def test_of_a_record_made_here_only_gaps_are_filled(
    add: AddRecord, catalogue: Catalogue, imports: Imports, send: Send
) -> None:
    add("mine", "title: {fr: Le mien}", "identifiers: {isbn: 978-2-07-062456-0}", "status: published")
    catalogue.refresh()
    (outcome,) = imports.outcomes(send(unimarc("9", "Le leur", **{"010": "2070624560", "330": "Un résumé"})))
    assert (outcome.id, outcome.fate) == ("mine", "change")
    assert {field for field, _, _ in outcome.differences} == {"summary.fr", "year", "source.from", "source.id"}


def test_good_records_come_in_beside_broken_ones(catalogue: Catalogue, imports: Imports, send: Send) -> None:
    bad = unimarc("2", "Cassé")
    data = unimarc("1", "Un") + bad[:28] + b"x" + bad[29:] + unimarc("3", "Trois") + unimarc("4", "Quatre")[:-5]
    job = send(data)
    assert job.data["counts"] == {"create": 2, "refuse": 2}
    reasons = [note.message % note.params for o in imports.outcomes(job, "refuse") for note in o.notes]
    assert reasons == [
        f"The directory of the record at byte {len(unimarc('1', 'Un'))} does not fit its fields.",
        f"The file breaks off in the record at byte {len(data) - len(unimarc('4', 'Quatre')) + 5}.",
    ]
    work(imports, job, RUNNING)
    assert sorted(r.title["fr"] for r in catalogue.contents.records.values()) == ["Trois", "Un"]
