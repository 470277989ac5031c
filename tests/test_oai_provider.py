"""The six verbs of OAI-PMH, over a catalogue whose files change while it is asked."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree

from catalogue.contents import Contents
from catalogue.oai import dates
from catalogue.oai.markup import element, line, text
from catalogue.oai.provider import MetadataFormat, Provider, Repository, is_repository_id
from catalogue.oai.publication import Publication
from catalogue.resource import Resource
from catalogue.service import Catalogue
from tests.conftest import AddRecord, write

OAI = "{http://www.openarchives.org/OAI/2.0/}"
NOW = dates.first_second("2026-11-23T12:00:00Z")


def title_alone(record: Resource, _contents: Contents) -> str:
    return line("title", record.title.best("fr").text, xmlns="urn:t")


@dataclass
class Asked:
    """A repository over a catalogue, by a clock that is set by hand; three records a page."""

    catalogue: Catalogue
    now: float = NOW
    provider: Provider = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget everything that is not in the database."""
        formats = [MetadataFormat("t", "urn:t.xsd", "urn:t", title_alone)]
        publication = Publication(lambda: self.catalogue.contents, self.catalogue.state, lambda: self.now)
        repository = Repository("centre.example", "http://centre.example/oai", "a@b.be")
        sizes = {"ListRecords": 3, "ListIdentifiers": 3}
        self.provider = Provider(repository, publication, formats, lambda: self.catalogue.contents, sizes)

    def ask(self, verb: str, **arguments: str) -> Element:
        """Return the answer to a verb; an argument may end in ``_``."""
        pairs = [("verb", verb), *((name.rstrip("_"), value) for name, value in arguments.items())]
        root: Element = ElementTree.fromstring(self.provider.answer(pairs, int(self.now)))
        return root

    def list(self, **arguments: str) -> list[str]:
        """Return the headers of a list, all parts of it: ``id datestamp`` and a cross where it is deleted."""
        return list(self.parts(**arguments))

    def parts(self, **arguments: str) -> Iterator[str]:
        arguments = {"metadataPrefix": "t", **arguments}
        while arguments:
            root = self.ask("ListIdentifiers", **arguments)
            yield from map(said, root.iter(f"{OAI}header"))
            token = root.findtext(f".//{OAI}resumptionToken")
            arguments = {"resumptionToken": token} if token else {}

    def change(self, by: float = 60) -> None:
        """Let time go by, and see what changed in the folder."""
        self.now += by
        self.catalogue.refresh()


def said(header: Element) -> str:
    id = (header.findtext(f"{OAI}identifier") or "").removeprefix("oai:centre.example:")
    time = (header.findtext(f"{OAI}datestamp") or "")[11:19]
    return f"{id} {time}{' †' if header.get('status') == 'deleted' else ''}"


def code(root: Element) -> str:
    error = root.find(f"{OAI}error")
    return error.get("code", "") if error is not None else ""


@pytest.fixture
def asked(add: AddRecord, catalogue: Catalogue) -> Asked:
    for number in range(7):
        add(f"r-{number}", f"themes: [{'learn' if number % 2 else 'work'}]")
    catalogue.refresh()
    return Asked(catalogue)


# --- what is given -------------------------------------------------------------------------------------------------


def test_a_list_comes_in_parts_that_say_how_many_there_are(asked: Asked) -> None:
    first = asked.ask("ListRecords", metadataPrefix="t")
    token = first.find(f".//{OAI}resumptionToken")
    assert token is not None
    assert (token.get("completeListSize"), token.get("cursor")) == ("7", "0")
    assert first.findtext(f".//{OAI}metadata/{{urn:t}}title") == "r-0"
    second = asked.ask("ListRecords", resumptionToken=token.text or "")
    token = second.find(f".//{OAI}resumptionToken")
    assert token is not None and (token.get("completeListSize"), token.get("cursor")) == ("7", "3")
    last = asked.ask("ListRecords", resumptionToken=token.text or "")
    token = last.find(f".//{OAI}resumptionToken")
    assert token is not None and (token.text, token.get("cursor")) == (None, "6")
    assert asked.ask("ListRecords", metadataPrefix="t", set="theme:learn").find(f".//{OAI}resumptionToken") is None


def test_only_what_changes_gets_another_datestamp(asked: Asked, add: AddRecord) -> None:
    before = asked.list()
    add("r-3", "themes: [learn]", "staff_note: not for others")
    add("r-5", "themes: [learn]", "title: {fr: Autre}")
    asked.change()
    after = asked.list()
    assert after == [line for line in before if not line.startswith("r-5")] + ["r-5 12:01:00"]
    asked.restart()
    assert asked.list() == after


def test_a_name_in_a_list_of_words_changes_the_records_that_use_it(asked: Asked, add: AddRecord) -> None:
    add("r-1", "publisher: vdab")
    asked.change()
    asked.list()
    publishers = asked.catalogue.settings.resources / "vocabularies" / "publishers.yaml"
    write(publishers, publishers.read_text().replace("vdab nl", "de VDAB"))
    asked.change()
    assert asked.list()[-1] == "r-1 12:02:00"
    assert asked.list(from_="2026-11-23T12:01:30Z") == ["r-1 12:02:00"]


def test_what_goes_is_said_to_be_deleted_for_ever(asked: Asked, add: AddRecord) -> None:
    asked.list()
    asked.catalogue.delete("r-0")
    add("r-1", "status: withdrawn")
    add("r-2", "status: draft")
    add("never", "status: draft")
    (asked.catalogue.settings.resources / "records" / "r-4.yaml").unlink()
    add("heir", "replaces: [r-5]")
    (asked.catalogue.settings.resources / "records" / "r-5.yaml").unlink()
    asked.change()
    gone = [f"{id} 12:01:00 †" for id in ("r-0", "r-1", "r-2", "r-4", "r-5")]
    assert sorted(asked.list(from_="2026-11-23T12:01:00Z")) == sorted([*gone, "heir 12:01:00"])
    deleted = asked.ask("GetRecord", identifier="oai:centre.example:r-0", metadataPrefix="t")
    assert deleted.find(f".//{OAI}header[@status='deleted']") is not None
    assert deleted.find(f".//{OAI}metadata") is None
    assert "r-1 12:01:00 †" in asked.list(set="theme:learn", from_="2026-11-23T12:01:00Z")
    add("r-1")
    asked.change()
    assert asked.list()[-1] == "r-1 12:02:00"


def test_those_that_never_were_given_are_told_from_tombstones_too(asked: Asked, add: AddRecord) -> None:
    """Somebody who begins to harvest learns of what was deleted before, with the day on its stone."""
    write(asked.catalogue.settings.resources / "tombstones.yaml", "- {id: long-gone, date: 2025-01-02}\n")
    add("old", "status: withdrawn")
    asked.change()
    found = asked.list()
    assert found[0] == "long-gone 00:00:00 †"
    assert any(line.startswith("old ") and line.endswith("†") for line in found)
    assert asked.ask("Identify").findtext(f".//{OAI}earliestDatestamp") == "2025-01-02T00:00:00Z"


def test_a_slip_in_a_file_deletes_nothing(asked: Asked, add: AddRecord) -> None:
    asked.list()
    path = add("r-2", "kind: nonsense")
    asked.change()
    assert not [line for line in asked.list() if line.startswith("r-2")]
    assert code(asked.ask("GetRecord", identifier="oai:centre.example:r-2", metadataPrefix="t")) == "idDoesNotExist"
    records, before = path.parent, asked.list()
    records.rename(records.with_name("away"))
    asked.change()
    assert asked.list() == before
    records.with_name("away").rename(records)
    add("r-2")
    asked.change()
    assert not [line for line in asked.list() if line.endswith("†")]
    assert len(asked.list()) == 7


# --- while records change ------------------------------------------------------------------------------------------


def test_a_harvest_misses_nothing_that_changes_meanwhile_and_repeats_nothing_that_does_not(
    asked: Asked, add: AddRecord
) -> None:
    parts = asked.parts()
    got = [next(parts) for _ in range(3)]
    add("r-0", "title: {fr: Plus tard}")  # given already
    add("r-6", "title: {fr: Plus tôt}")  # not yet
    add("a-new-one")
    (asked.catalogue.settings.resources / "records" / "r-4.yaml").unlink()
    asked.catalogue.refresh()  # within the same second
    got += list(parts)
    assert sorted(line.split()[0] for line in got) == sorted(["a-new-one", "r-0", *(f"r-{n}" for n in range(7))])
    assert "r-4 12:00:00 †" in got


def test_a_token_outlives_a_restart_and_a_lost_database(asked: Asked) -> None:
    parts = asked.parts()
    got = [next(parts) for _ in range(3)]
    asked.restart()
    got += list(parts)
    assert len(got) == 7
    token = asked.ask("ListIdentifiers", metadataPrefix="t").findtext(f".//{OAI}resumptionToken") or ""
    with asked.catalogue.state.transaction(True) as connection:
        for table in ("datestamps", "revisions"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    asked.now += 60
    asked.restart()
    assert len(asked.list(metadataPrefix="t")) == 7
    assert len(list(asked.ask("ListIdentifiers", resumptionToken=token).iter(f"{OAI}header"))) == 3


def test_a_clock_that_was_put_back_loses_no_change(asked: Asked, add: AddRecord) -> None:
    asked.list()
    asked.now -= 3600
    add("r-0", "title: {fr: Autre}")
    asked.catalogue.refresh()
    assert asked.list()[-1] == "r-0 12:00:00"


def test_the_first_datestamps_are_those_of_the_history(asked: Asked) -> None:
    """An old catalogue that is harvested for the first time did not change all at once."""
    with asked.catalogue.state.transaction(True) as connection:
        connection.exec_driver_sql("UPDATE actions SET at = '2026-01-15 10:00:00.000000'")
    dated = asked.ask("ListIdentifiers", metadataPrefix="t").findtext(f".//{OAI}datestamp")
    assert dated == "2026-01-15T09:00:00Z"  # ten o'clock in Brussels


# --- what is asked -------------------------------------------------------------------------------------------------


BAD = "badArgument"
WRONG: list[tuple[dict[str, str], str]] = [
    ({"verb": "Nonsense"}, "badVerb"),
    ({"verb": ""}, "badVerb"),
    ({"verb": "Identify", "nonsense": "1"}, "badArgument"),
    ({"verb": "GetRecord", "metadataPrefix": "t"}, "badArgument"),
    ({"verb": "GetRecord", "identifier": "", "metadataPrefix": "t"}, "badArgument"),
    ({"verb": "GetRecord", "identifier": "oai:centre.example:no", "metadataPrefix": "t"}, "idDoesNotExist"),
    ({"verb": "GetRecord", "identifier": "r-0", "metadataPrefix": "t"}, "idDoesNotExist"),
    ({"verb": "GetRecord", "identifier": "oai:centre.example:r-0", "metadataPrefix": "x"}, "cannotDisseminateFormat"),
    ({"verb": "ListMetadataFormats", "identifier": "oai:centre.example:no"}, "idDoesNotExist"),
    ({"verb": "ListMetadataFormats", "identifier": "oai:centre.example:lost"}, "noMetadataFormats"),
    ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
    ({"verb": "ListRecords"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "x"}, "cannotDisseminateFormat"),
    ({"verb": "ListRecords", "metadataPrefix": "t", "resumptionToken": "x"}, "badArgument"),
    ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
    ({"verb": "ListRecords", "resumptionToken": "é"}, "badResumptionToken"),
    ({"verb": "ListRecords", "resumptionToken": "W10"}, "badResumptionToken"),
    ({"verb": "ListRecords", "metadataPrefix": "t", "from": "2026-02-30"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "t", "from": "2026-02"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "t", "from": "0000-01-01"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "t", "from": ""}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "t", "until": "2026-02-01T10:00Z"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "t", "from": "2026-01-01", "until": "2026-01-01T00:00:00Z"}, BAD),
    ({"verb": "ListRecords", "metadataPrefix": "t", "from": "2026-02-02", "until": "2026-02-01"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "t", "set": "a b"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "t", "set": "theme:nothing"}, "noRecordsMatch"),
    ({"verb": "ListRecords", "metadataPrefix": "t", "set": "theme:%"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "t", "set": "them_:work"}, "noRecordsMatch"),
    ({"verb": "ListRecords", "metadataPrefix": "t", "until": "1980-01-01"}, "noRecordsMatch"),
    ({"verb": "ListRecords", "metadataPrefix": "t", "from": "2999-01-01"}, "noRecordsMatch"),
    ({"verb": "ListRecords", "metadataPrefix": "t", "from": "2026-11-23", "until": "2026-11-23"}, ""),
    ({"verb": "ListRecords", "metadataPrefix": "t", "set": "theme"}, ""),
    ({"verb": "ListRecords", "metadataPrefix": "t", "set": "kind:website", "until": "2026-11-23"}, ""),
]  # fmt: skip


def test_what_cannot_be_answered_is_told_by_its_code(asked: Asked, add: AddRecord) -> None:
    add("another")
    write(asked.catalogue.settings.resources / "tombstones.yaml", "- {id: lost, date: 2026-11-23}\n")
    asked.catalogue.refresh()
    for arguments, expected in WRONG:
        root: Element = ElementTree.fromstring(asked.provider.answer(arguments.items(), NOW))
        assert (arguments, code(root)) == (arguments, expected)
        request = root.find(f"{OAI}request")
        assert request is not None and request.text == "http://centre.example/oai"
        assert request.attrib == ({} if expected in ("badVerb", "badArgument") else arguments)
        assert root.findtext(f"{OAI}responseDate") == "2026-11-23T12:00:00Z"


def test_an_argument_twice_is_refused_and_so_is_no_verb_and_a_token_of_another_list(asked: Asked) -> None:
    def told(*pairs: tuple[str, str]) -> str:
        return code(ElementTree.fromstring(asked.provider.answer(pairs, NOW)))

    token = asked.ask("ListIdentifiers", metadataPrefix="t").findtext(f".//{OAI}resumptionToken") or ""
    assert told() == told(("verb", "Identify"), ("verb", "Identify")) == "badVerb"
    assert told(("verb", "ListSets"), ("set", "a"), ("set", "b")) == "badArgument"
    prefixes = [("metadataPrefix", "t")] * 2
    assert told(("verb", "ListRecords"), *prefixes) == "badArgument"
    assert told(("verb", "ListRecords"), ("resumptionToken", token)) == "badResumptionToken"
    assert told(("verb", "ListIdentifiers"), ("resumptionToken", token[:-4])) == "badResumptionToken"


def test_it_says_who_it_is_and_what_it_has(asked: Asked) -> None:
    asked.ask("ListRecords", metadataPrefix="t")
    about = asked.ask("Identify").find(f"{OAI}Identify")
    assert about is not None
    assert [child.tag.removeprefix(OAI) for child in about] == [
        "repositoryName", "baseURL", "protocolVersion", "adminEmail", "earliestDatestamp", "deletedRecord",
        "granularity", "description",
    ]  # fmt: skip
    assert about.findtext(f"{OAI}repositoryName") == "Le Centre – Het Centrum"
    specs = [spec.text for spec in asked.ask("ListSets").iter(f"{OAI}setSpec")]
    assert specs[:3] == ["theme", "theme:orient", "theme:learn"]
    assert specs[6:8] == ["kind", "kind:factsheet"]
    formats = asked.ask("ListMetadataFormats", identifier="oai:centre.example:r-0")
    assert formats.findtext(f".//{OAI}metadataNamespace") == "urn:t"
    header = asked.ask("GetRecord", identifier="oai:centre.example:r-1", metadataPrefix="t").find(f".//{OAI}header")
    assert header is not None
    assert [child.tag.removeprefix(OAI) for child in header] == ["identifier", "datestamp", "setSpec", "setSpec"]
    assert [spec.text for spec in header.iter(f"{OAI}setSpec")] == ["theme:learn", "kind:website"]


# --- the small parts -----------------------------------------------------------------------------------------------


def test_markup_holds_what_xml_can_and_nothing_else() -> None:
    assert text("a<b>&\x00\x08\ufffe\ud800é") == "a&lt;b&gt;&amp;é"
    assert element("a", from_='"<&\x01', xml__lang="fr") == '<a from=\'"&lt;&amp;\' xml:lang="fr"/>'


def test_dates_are_days_or_seconds_of_utc() -> None:
    assert dates.written(dates.first_second("2026-03-01")) == "2026-03-01T00:00:00Z"
    assert dates.written(dates.last_second("2026-03-01")) == "2026-03-01T23:59:59Z"
    assert dates.written(dates.last_second("2026-03-01T10:11:12Z")) == "2026-03-01T10:11:12Z"
    for wrong in ("2026-3-1", "2026-03-01T10:11Z", "2026-13-01", "２０２６-03-01", "2026-03-01T25:00:00Z"):
        with pytest.raises(ValueError, match=r".*"):
            dates.first_second(wrong)


@pytest.mark.parametrize(
    ("name", "fits"),
    [("centre.example", True), ("a-b.c2.be", True), ("localhost", False), ("127.0.0.1", False), ("", False)],
)
def test_a_repository_is_called_like_a_domain(name: str, fits: bool) -> None:
    assert is_repository_id(name) is fits


def test_the_clock_of_a_catalogue_without_a_zone_is_utc(asked: Asked) -> None:
    write(asked.catalogue.settings.resources / "centre.yaml", "name: {fr: C}\ntimezone: Nowhere/Land\n")
    asked.catalogue.refresh()
    with asked.catalogue.state.transaction(True) as connection:
        connection.exec_driver_sql("UPDATE actions SET at = '2026-01-15 10:00:00.000000'")
    dated = asked.ask("ListIdentifiers", metadataPrefix="t").findtext(f".//{OAI}datestamp")
    assert dated == "2026-01-15T10:00:00Z"
    assert datetime.datetime.fromisoformat(dated)
