"""``/oai`` as a client of others sees it: oaipmh-scythe harvests all of it, while records change."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from defusedxml import ElementTree
from oaipmh_scythe import Scythe
from oaipmh_scythe.exceptions import NoRecordsMatch
from oaipmh_scythe.models import Record
from starlette.testclient import TestClient

from catalogue.errors import StateUnavailable
from catalogue.exchange.dublin_core import DC, OAI_DC
from catalogue.exchange.marc import MARCXML
from catalogue.settings import Settings
from tests.conftest import AddRecord, write
from tests.oai_site import OaiSite, oai_site

COUNT = 250
NAMESPACES = {"oai_dc": OAI_DC, "marcxml": MARCXML}


@pytest.fixture
def site(settings: Settings, add: AddRecord, centre: Path) -> Iterator[OaiSite]:
    write(centre / "centre.yaml", "name: {fr: Le Centre, nl: Het Centrum}\nwebsite: https://www.centre.example/fr\n")
    for number in range(COUNT):
        add(f"r-{number:03}", f"themes: [{'learn' if number % 2 else 'work'}]", "staff_note: secret")
    add("draft", "status: draft")
    with oai_site(settings) as running:
        yield running


def without_time(document: str) -> str:
    return re.sub("<responseDate>.*?</responseDate>", "", document)


def harvested(client: Scythe, **arguments: Any) -> Iterator[Record]:
    for record in client.list_records(**arguments):
        assert isinstance(record, Record)
        yield record


def id_of(record: Record) -> str:
    return str(record.header.identifier).removeprefix("oai:centre.example:")


@pytest.mark.parametrize("prefix", sorted(NAMESPACES))
def test_a_client_gets_everything_while_records_change(site: OaiSite, add: AddRecord, prefix: str) -> None:
    with Scythe(site.url) as client:
        records = harvested(client, metadata_prefix=prefix)
        got = [next(records) for _ in range(120)]  # two parts of a hundred are on their way
        add("r-010", "title: {fr: Changé}")  # given already
        add("r-240", "title: {fr: Changé}")  # to come
        add("new")
        site.catalogue.refresh()
        site.catalogue.delete("r-245")
        site.catalogue.delete("r-005")
        got += list(records)
        counts = Counter(map(id_of, got))
        assert counts.keys() == {"new", *(f"r-{number:03}" for number in range(COUNT))}
        assert {id for id, count in counts.items() if count > 1} == {"r-010", "r-005"}
        last = {id_of(record): record for record in got}
        assert {id for id, record in last.items() if record.deleted} == {"r-005", "r-245"}
        assert all(NAMESPACES[prefix] in record.raw for record in got if not record.deleted)
        assert "Chang" in last["r-010"].raw and "Chang" in last["r-240"].raw
        assert "secret" not in "".join(record.raw for record in got)
        since = max(str(record.header.datestamp) for record in got)
        with pytest.raises(NoRecordsMatch):
            list(harvested(client, metadata_prefix=prefix, from_="2999-01-01T00:00:00Z"))
        assert {id_of(r) for r in harvested(client, metadata_prefix=prefix, from_=since)} <= counts.keys()


def test_a_client_is_told_what_there_is(site: OaiSite) -> None:
    with Scythe(site.url) as client:
        about: Any = client.identify()
        assert (about.repositoryName, about.adminEmail) == ("Le Centre – Het Centrum", "webmaster@centre.example")
        assert about.deletedRecord == "persistent"
        assert [vars(format)["metadataPrefix"] for format in client.list_metadata_formats()] == ["oai_dc", "marcxml"]
        assert "kind:website" in [vars(found)["setSpec"] for found in client.list_sets()]
        learn = list(client.list_identifiers(metadata_prefix="oai_dc", set_="theme:learn"))
        assert len(learn) == COUNT // 2
        record: Any = client.get_record(identifier="oai:centre.example:r-000", metadata_prefix="oai_dc")
        assert f"{site.base}/fr/record/r-000" in record.metadata["identifier"]


def test_a_post_is_answered_like_a_get_and_neither_is_kept(site: OaiSite) -> None:
    pairs = {"verb": "GetRecord", "identifier": "oai:centre.example:r-000", "metadataPrefix": "oai_dc"}
    client = TestClient(site.app, site.base)
    got, posted = client.get("/oai", params=pairs), client.post("/oai", data=pairs)
    assert got.headers["content-type"] == "text/xml; charset=utf-8"
    assert without_time(got.text) == without_time(posted.text)
    assert ElementTree.fromstring(got.content).findtext(f".//{{{DC}}}title") == "r-000"
    assert client.post("/oai", data=pairs, headers={"origin": "https://evil.example"}).status_code == 403
    assert "badVerb" in client.get("/oai").text
    assert "badVerb" in client.post("/oai", content=b"\xff\xfe", headers={"content-type": "text/plain"}).text
    assert client.post("/oai", data={f"a{n}": "" for n in range(99)}).status_code == 400


def test_without_its_database_it_asks_to_come_back_later(site: OaiSite) -> None:
    with patch.object(site.catalogue.state.datestamps, "within", side_effect=StateUnavailable):
        answer = TestClient(site.app, site.base).get("/oai?verb=ListRecords&metadataPrefix=oai_dc")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


def test_identifiers_are_made_of_the_setting_or_an_address_that_is_a_name(settings: Settings, add: AddRecord) -> None:
    add("one")
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"oai_repository": "fixed.example", "public_url": "https://other.example"}, "oai:fixed.example:one"),
        ({"public_url": "https://www.other.example"}, "oai:other.example:one"),
        ({"base_url": "http://10.0.0.1:8000"}, "oai:catalogue.example:one"),
    )
    for given, expected in cases:
        with oai_site(dataclasses.replace(settings, **given)) as site:
            answer = TestClient(site.app, site.base).get("/oai?verb=ListIdentifiers&metadataPrefix=oai_dc")
            assert f"<identifier>{expected}</identifier>" in answer.text
