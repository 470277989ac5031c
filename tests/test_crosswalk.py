"""What we write, read by the programs of others: every record, in every bibliographic format."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from xml.etree import ElementTree

import bibtexparser
import pymarc
import pytest
import rispy

from catalogue.contents import Frame
from catalogue.exchange.bibtex import to_bibtex
from catalogue.exchange.crosswalk import Naming
from catalogue.exchange.dublin_core import DC, oai_dc_xml, to_qualified, to_simple
from catalogue.exchange.jsonld import to_jsonld
from catalogue.exchange.marc import MARCXML, to_marcxml
from catalogue.exchange.marc21 import to_marc21
from catalogue.exchange.ris import to_ris
from catalogue.exchange.unimarc import to_unimarc
from catalogue.resource import Resource
from catalogue.store import Store
from tests.conftest import PROJECT

FOLDER = PROJECT / "resources"


@pytest.fixture(scope="module")
def frame() -> Frame:
    return Frame.load(FOLDER)


@pytest.fixture(scope="module")
def records(frame: Frame) -> list[Resource]:
    store = Store(FOLDER)
    store.terms = frame.vocabularies
    store.load()
    return sorted((record for record in store.records.values() if record.is_public), key=lambda record: record.id)


@pytest.fixture(scope="module")
def naming(frame: Frame) -> Naming:
    return Naming.of(
        frame.vocabularies, "fr", "https://catalogue.example/fr/record/{}".format, "https://catalogue.example/{}".format
    )


@pytest.mark.parametrize(("write", "title"), [(to_marc21, "245"), (to_unimarc, "200")])
def test_pymarc_reads_every_record_back(
    write: Callable[[Resource, Naming], pymarc.Record], title: str, records: list[Resource], naming: Naming
) -> None:
    sent = b"".join(write(record, naming).as_marc() for record in records)
    read = list(pymarc.MARCReader(io.BytesIO(sent), to_unicode=True, force_utf8=True))
    assert [each and each["001"].data for each in read] == [record.id for record in records]
    for record, each in zip(records, read, strict=True):
        assert each and each[title]["a"] in record.title.values()


def test_pymarc_reads_marcxml(records: list[Resource], naming: Naming) -> None:
    top = ElementTree.Element(f"{{{MARCXML}}}collection")
    sent = [to_marc21(record, naming) for record in records]
    top.extend(to_marcxml(each) for each in sent)
    read = pymarc.parse_xml_to_array(io.BytesIO(ElementTree.tostring(top)))  # type: ignore[no-untyped-call]
    assert [[str(field) for field in each.fields] for each in read] == [
        [str(field) for field in each.fields] for each in sent
    ]


def test_dublin_core_has_the_permalink_first_and_both_languages(records: list[Resource], naming: Naming) -> None:
    for record in records:
        top = ElementTree.fromstring(ElementTree.tostring(oai_dc_xml(to_simple(record, naming))))
        assert top.findtext(f"{{{DC}}}identifier") == f"https://catalogue.example/fr/record/{record.id}"
        assert {each.text for each in top.findall(f"{{{DC}}}title")} == set(record.title.values())
        assert {said.element for said in to_qualified(record, naming)} >= {"title", "identifier", "type", "audience"}


def test_a_reference_manager_reads_ris(records: list[Resource], naming: Naming) -> None:
    read = rispy.loads("".join(to_ris(record, naming) for record in records))
    assert [each["id"] for each in read] == [record.id for record in records]
    assert all(each["title"] in record.title.values() for each, record in zip(read, records, strict=True))


def test_a_reference_manager_reads_bibtex(records: list[Resource], naming: Naming) -> None:
    text = "".join(to_bibtex(record, naming) for record in records)
    read = bibtexparser.loads(
        text, bibtexparser.bparser.BibTexParser(common_strings=True, ignore_nonstandard_types=False)
    )
    assert [each["ID"] for each in read.entries] == [record.id for record in records]


def test_json_ld_is_json_and_says_what_it_is(records: list[Resource], naming: Naming) -> None:
    for record in records:
        made = json.loads(json.dumps(to_jsonld(record, naming)))
        assert made["@id"].endswith(f"/record/{record.id}")
        assert {each["@value"] for each in made["name"]} == set(record.title.values())
