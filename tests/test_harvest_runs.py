"""Runs over a source that answers as it is told to: what becomes of each record, and of what documentalists changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from catalogue.exchange.sources import FILE, load_sources
from catalogue.harvest.asking import Pace
from catalogue.harvest.runs import DONE, RUNNING, STOPPED, Harvests
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.state import Job
from tests.conftest import AddRecord, write
from tests.oai_providers import Says, Script, provider
from tests.test_harvest_answers import HEAD, TAIL

PACE = Pace(delay=0, first_wait=0.01, tries=3, inside=True)
IDENTIFY = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-23T12:00:00Z</responseDate>'
    "<Identify><granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify></OAI-PMH>"
)
NOTHING = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-24T12:00:00Z</responseDate>'
    '<error code="noRecordsMatch"/></OAI-PMH>'
)
EXPIRED = NOTHING.replace("noRecordsMatch", "badResumptionToken")


def dc(**said: str) -> str:
    """Return the metadata of a record; an underscore in a name stands before its language."""
    parts = []
    for name, text in said.items():
        element, _, lang = name.partition("_")
        parts.append(f"<dc:{element}{f' xml:lang={chr(34)}{lang}{chr(34)}' if lang else ''}>{text}</dc:{element}>")
    head = '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    return f"{head}{''.join(parts)}</oai_dc:dc>"


def given(id: str, **said: str) -> str:
    header = f"<identifier>oai:x:{id}</identifier><datestamp>2026-11-23T10:00:00Z</datestamp>"
    return f"<record><header>{header}</header><metadata>{dc(**said)}</metadata></record>"


def deleted(id: str) -> str:
    header = f"<identifier>oai:x:{id}</identifier><datestamp>2026-11-23T11:00:00Z</datestamp>"
    return f'<record><header status="deleted">{header}</header></record>'


def page(*records: str, token: str = "") -> Says:
    return Says(HEAD + "".join(records) + (f"<resumptionToken>{token}</resumptionToken>" if token else "") + TAIL)


@dataclass
class Place:
    """A library with one source."""

    catalogue: Catalogue
    script: Script
    harvests: Harvests
    root: Path

    def run(self, *says: Says, everything: bool = False) -> Job:
        """Harvest a source that says this."""
        self.script.says, self.script.asked = [*says], []
        job = self.harvests.work(self.harvests.begin(self.source, everything=everything).id)
        assert job.state == DONE, job.data.get("problem")
        return job

    @property
    def source(self) -> Any:
        return self.harvests.source("far")

    def record(self, title: str) -> Resource:
        (found,) = [r for r in self.catalogue.contents.records.values() if title in r.title.values()]
        return found

    def change(self, record: Resource, **values: object) -> None:
        self.catalogue.save(dataclasses.replace(record, **values))  # type: ignore[arg-type]

    def notes(self, job: Job) -> list[str]:
        return [f"{identifier}: {message % params}" for identifier, _id, message, params in job.data["notes"]]


SOURCE = """
# Ours
- id: far
  url: {url}
  mark: Far Away
  set: some
  defaults: {{kind: guide, themes: work, status: published}}
"""


@pytest.fixture
def place(centre: Path, add: AddRecord, settings: Any, tmp_path: Path) -> Iterator[Place]:
    add("own", "title: {fr: Le nôtre}", 'identifiers: {isbn: "978-2-07-036822-8"}')
    catalogue = Catalogue.open(settings)
    with provider() as script:
        write(centre / FILE, SOURCE.format(url=script.url))
        yield Place(catalogue, script, Harvests(catalogue, centre, tmp_path / "var", lambda: PACE), centre)
    catalogue.close()


def test_records_come_in_with_their_mark_and_what_is_said_of_all(place: Place) -> None:
    job = place.run(
        page(
            given("1", title_fr="Un", description_fr="Résumé", subject="soins"), given("2", title_nl="Twee"), token="t"
        ),
        page(given("3", title_fr="Trois", identifier="https://elsewhere.example/3")),
    )
    assert job.data["counts"] == {"new": 3}
    assert place.script.asked == [
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "some"},
        {"verb": "ListRecords", "resumptionToken": "t"},
    ]
    one = place.record("Un")
    assert (one.id, one.kind, one.themes, one.status) == ("un", "guide", ("work",), "published")
    assert one.summary == {"fr": "Résumé"} and one.added
    assert one.source and (one.source.from_, one.source.id) == ("Far Away", "oai:x:1")
    assert place.record("Trois").holdings[0].url == "https://elsewhere.example/3"
    undone = place.catalogue.undo(job.action, account="")
    assert len(undone.back) == 3  # both pages are one action
    assert set(place.catalogue.contents.records) == {"own"}


def test_the_next_run_asks_for_what_changed_since_the_first_answer(place: Place) -> None:
    place.run(page(given("1", title_fr="Un")))
    job = place.run(Says(IDENTIFY), Says(NOTHING))
    assert place.script.asked[1]["from"] == "2026-11-23T12:00:00Z"
    assert job.data["counts"] == {}
    place.run(Says(IDENTIFY.replace("Thh:mm:ssZ", "")), page(given("1", title_fr="Un")))
    assert place.script.asked[1]["from"] == "2026-11-24"
    text = (place.root / FILE).read_text()
    write(place.root / FILE, text.replace("kind: guide", "kind: website"))
    job = place.run(page(given("1", title_fr="Un")))
    assert "from" not in place.script.asked[0]
    assert (place.record("Un").kind, job.data["counts"]) == ("website", {"changed": 1})
    place.run(page(given("1", title_fr="Un")), everything=True)
    assert "from" not in place.script.asked[0]


def test_what_a_documentalist_changed_stays_and_the_rest_follows_the_source(place: Place) -> None:
    place.run(page(given("1", title_fr="Un", description_fr="Ancien", identifier="https://a.example/")))
    mine = place.record("Un")
    shelf = dataclasses.replace(mine.holdings[0], url="", shelf="K1.2")
    place.change(
        mine, summary=type(mine.summary)({"fr": "Le mien"}), holdings=(*mine.holdings, shelf), themes=("learn",)
    )
    new = given("1", title_fr="Un bis", description_fr="Nouveau", identifier="https://b.example/", date="2025")
    job = place.run(page(new), everything=True)
    after = place.record("Un bis")
    assert (after.id, after.summary["fr"], after.year, after.themes) == (mine.id, "Le mien", 2025, ("learn",))
    assert {holding.url or holding.shelf for holding in after.holdings} == {"https://b.example/", "K1.2"}
    assert place.notes(job) == ["oai:x:1: changed here and at the source, ours stays: summary"]
    assert place.run(page(new), everything=True).data["counts"] == {"same": 1}


def test_what_the_source_deletes_is_withdrawn_unless_somebody_worked_on_it(place: Place) -> None:
    place.run(page(given("1", title_fr="Un"), given("2", title_fr="Deux"), given("3", title_fr="Trois")))
    place.change(place.record("Deux"), audiences=("pupils",))
    job = place.run(page(deleted("1"), deleted("2"), deleted("never")), everything=True)
    assert job.data["counts"] == {"withdrawn": 1, "kept": 1, "same": 1}
    assert (place.record("Un").status, place.record("Deux").status) == ("withdrawn", "published")
    assert place.notes(job) == [
        "oai:x:2: deleted at the source, but worked on here: it stays; decide what is to become of it"
    ]
    assert place.catalogue.state.harvested.counts() == {"far": (3, 2)}
    place.run(page(given("1", title_fr="Un de retour")), everything=True)
    assert place.record("Un de retour").status == "published"


def test_what_was_deleted_here_and_what_is_here_already_does_not_come_in(place: Place) -> None:
    place.run(page(given("1", title_fr="Un"), given("2", title_fr="Deux")))
    place.catalogue.delete(place.record("Un").id)
    place.change(place.record("Deux"), status="withdrawn")
    job = place.run(
        page(
            given("1", title_fr="Un"),
            given("2", title_fr="Deux bis"),
            given("3", title_fr="Autre", identifier="urn:isbn:9782070368228"),
        ),
        everything=True,
    )
    assert job.data["counts"] == {"kept": 2, "changed": 1}
    assert place.record("Deux bis").status == "withdrawn"
    assert [line.partition(": ")[0] for line in place.notes(job)] == ["oai:x:1", "oai:x:3"]
    assert "own" in place.notes(job)[1]


def test_what_cannot_stand_is_left_out_or_refused_and_told(place: Place) -> None:
    text = (place.root / FILE).read_text()
    write(place.root / FILE, text.replace("kind: guide", "kind: nonsense"))
    job = place.run(page(given("1", title_fr="Un")))
    assert job.data["counts"] == {"refused": 1} and "nonsense" in place.notes(job)[0]
    write(place.root / FILE, text)
    broken = given("4", title_fr="Quatre").replace("<identifier>oai:x:4</identifier>", "")
    job = place.run(page(given("1", title_fr="Un", date="3000"), given("2"), broken, given("5", title_fr="Cinq")))
    assert job.data["counts"] == {"new": 2, "refused": 2}
    assert job.done == 4


def test_a_page_that_breaks_off_is_told_and_everything_is_asked_again_the_next_time(place: Place) -> None:
    cut = page(given("1", title_fr="Un"), given("2", title_fr="Deux & trois"), token="t")
    job = place.run(cut, page(given("3", title_fr="Trois")))
    assert job.data["counts"] == {"new": 2}
    assert "breaks off" in place.notes(job)[0]
    place.run(page(given("2", title_fr="Deux")))
    assert "from" not in place.script.asked[0]


def test_a_run_that_was_cut_short_goes_on_where_it_was(place: Place) -> None:
    place.script.says = [page(given("1", title_fr="Un"), token="t"), Says(status=500)]
    job = place.harvests.work(place.harvests.begin(place.source).id)
    assert (job.state, job.data["token"]) == (STOPPED, "t")
    assert "500" in job.data["problem"][0] % job.data["problem"][1]
    again = place.run(page(given("2", title_fr="Deux")))
    assert again.id == job.id
    assert place.script.asked == [{"verb": "ListRecords", "resumptionToken": "t"}]
    assert again.data["counts"] == {"new": 2}
    assert len(place.catalogue.undo(again.action, account="").back) == 2


def test_a_token_that_was_forgotten_there_begins_the_list_again(place: Place) -> None:
    place.script.says = [page(given("1", title_fr="Un"), token="t"), Says(status=404)]
    place.harvests.work(place.harvests.begin(place.source).id)
    job = place.run(Says(EXPIRED), page(given("1", title_fr="Un"), given("2", title_fr="Deux")))
    assert job.data["counts"] == {"new": 2, "same": 1}
    assert len(place.catalogue.contents.records) == 3


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ([Says("<html/>")], "not OAI-PMH"),
        ([Says(NOTHING.replace("noRecordsMatch", "cannotDisseminateFormat"))], "cannotDisseminateFormat"),
        ([page(given("1", title_fr="Un"), token="t")], "again and again"),
        ([Says(page(given("1", title_fr="Un")).body[:-60])], "breaks off"),
    ],
)
def test_a_source_that_does_not_play_by_the_rules_is_told(place: Place, says: list[Says], reason: str) -> None:
    place.script.says = says
    job = place.harvests.work(place.harvests.begin(place.source).id)
    message, params = job.data["problem"]
    assert job.state == STOPPED and reason in message % params


def test_one_run_at_a_time_and_each_can_be_stopped(place: Place) -> None:
    job = place.harvests.begin(place.source)
    assert place.harvests.begin(place.source).id == job.id and job.state == RUNNING
    place.harvests.stop("far")
    assert place.harvests.runs("far")[0].state == STOPPED
    for _ in range(14):
        place.run(page(given("1", title_fr="Un")), everything=True)
    assert len(place.harvests.runs("far")) <= 12


def test_sources_are_read_with_what_is_wrong_in_them(centre: Path) -> None:
    assert load_sources(centre / FILE) == ({}, ())
    write(
        centre / FILE,
        "- {id: one, url: https://a.example/oai, mark: A, defaults: {kind: guide}}\n"
        "- {id: one, url: https://b.example/oai, mark: B}\n"
        "- {id: two, url: nowhere, mark: C}\n"
        "- {id: three, url: https://c.example/oai, mark: C, defaults: {kid: guide}}\n"
        "- {id: four, url: https://c.example/oai, mark: C, mapping: [a]}\n",
    )
    sources, problems = load_sources(centre / FILE)
    assert list(sources) == ["one"]
    assert {problem.line for problem in problems} == {2, 3, 4, 5}
    write(centre / FILE, "one: {}\n")
    assert load_sources(centre / FILE)[0] == {} and load_sources(centre / FILE)[1]
