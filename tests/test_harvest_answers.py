"""What providers answer, good and broken: good records come in, the others are named with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.harvest import answers
from catalogue.harvest.answers import AnswerPage
from catalogue.harvest.asking import NotAnswered

HEAD = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-23T12:00:00Z</responseDate>'
    "<request>http://x/oai</request><ListRecords>"
)
TAIL = "</ListRecords></OAI-PMH>"
TOKEN = '<resumptionToken completeListSize="9">a&amp;b</resumptionToken>'


def record(id: str = "oai:x:1", inside: str = "<dc><title>T</title></dc>", stamp: str = "2026-01-02") -> str:
    header = f"<header><identifier>{id}</identifier><datestamp>{stamp}</datestamp></header>"
    return f"<record>{header}<metadata>{inside}</metadata></record>\n"


def page(*parts: str) -> AnswerPage:
    return answers.read((HEAD + "".join(parts) + TAIL).encode("utf-8", "surrogateescape"))


def ids(found: AnswerPage) -> list[str]:
    return [given.identifier for given in found.records]


def told(found: AnswerPage) -> list[str]:
    return [f"{fault.where}: {fault.message % fault.params}" for fault in found.faults]


@pytest.mark.parametrize(
    ("name", "good", "faults"),
    [
        ("ListRecords", 2, 0),
        ("ListRecords2", 2, 0),
        ("ListRecords4", 1, 1),
    ],
)
def test_the_answers_of_real_providers_are_read(test_data: Path, name: str, good: int, faults: int) -> None:
    found = answers.read((test_data / "oai" / f"{name}.xml").read_bytes())
    assert (len(found.records), len(found.faults)) == (good, faults)
    assert [given.metadata is None for given in found.records] == [False] if faults else [True, False]
    assert told(found) == ["#1: this record has no identifier"] * faults


def test_their_errors_are_told_by_the_code_of_the_protocol(test_data: Path) -> None:
    for code in ("badResumptionToken", "noRecordsMatch"):
        found = answers.read((test_data / "oai" / f"{code}.xml").read_bytes())
        assert (found.error, found.records) == (code, ())
    assert "invalid" in answers.read((test_data / "oai" / "badResumptionToken.xml").read_bytes()).said


def test_what_is_no_answer_is_refused_with_the_reason(test_data: Path) -> None:
    refused = [(test_data / "oai" / "ListRecordsBroken.xml").read_bytes(), b"", b"<html><body>Not here</body></html>"]
    refused += [(test_data / "oai" / "Identify.xml").read_bytes(), b'<?xml version="1.0" encoding="klingon"?><a/>']
    for data in refused:
        with pytest.raises(NotAnswered, match="not OAI-PMH"):
            answers.read(data)
    with pytest.raises(NotAnswered, match="not OAI-PMH"):
        answers.identify((test_data / "oai" / "ListRecords.xml").read_bytes())


def test_how_finely_a_provider_dates_is_asked(test_data: Path) -> None:
    data = (test_data / "oai" / "Identify.xml").read_bytes()
    assert answers.identify(data) == "YYYY-MM-DD"
    assert answers.identify(data.replace(b">YYYY-MM-DD<", b">YYYY-MM-DDThh:mm:ssZ<")) == "YYYY-MM-DDThh:mm:ssZ"


def test_a_faulty_record_is_named_and_the_others_come_in() -> None:
    found = page(
        record("oai:x:1"),
        record(""),
        record("oai:x:3", stamp="yesterday"),
        record("oai:x:4", inside=""),
        record("oai:x:5", inside="<dc/><dc/>"),
        record("x" * 301),
        record("oai:x:7", stamp="2026-01-02T03:04:05Z"),
        TOKEN,
    )
    assert ids(found) == ["oai:x:1", "oai:x:7"]
    assert [line.partition(":")[0] for line in told(found)] == ["#2", "oai", "oai", "oai", "x" * 300]
    assert "“yesterday”" in told(found)[1]
    assert (found.token, found.size, found.is_whole, found.response_date) == ("a&b", 9, True, "2026-11-23T12:00:00Z")


@pytest.mark.parametrize("dirt", ["\x0b", "\udce9", "&#1;", "&#xFFFE;"])
def test_characters_that_xml_cannot_hold_are_taken_out_and_told(dirt: str) -> None:
    found = page(record(inside=f"<dc><title>Caf{dirt} – é &#233;</title></dc>"), TOKEN)
    assert found.is_whole and found.token == "a&b"
    assert [fault.message for fault in found.faults] == [answers.MENDED]
    (given,) = found.records
    assert given.metadata is not None
    assert given.metadata[0].text == ("Café – é é" if dirt == "\udce9" else "Caf – é é")


def test_a_page_that_breaks_off_gives_what_stands_before_and_the_way_to_the_rest() -> None:
    found = page(record("oai:x:1"), record("oai:x:2", inside="<dc><title>R & D</title></dc>"), record("oai:x:3"), TOKEN)
    assert (ids(found), found.is_whole, found.token) == (["oai:x:1"], False, "a&b")
    assert "line 2" in told(found)[0]
    cut = answers.read((HEAD + record("oai:x:1") + record("oai:x:2")[:80]).encode())
    assert (ids(cut), cut.is_whole, cut.token) == (["oai:x:1"], False, "")


@pytest.mark.parametrize(
    "data",
    [
        '<!DOCTYPE x [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]><OAI-PMH>&b;</OAI-PMH>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><OAI-PMH/>',
        "<a>" * 100_000,
    ],
)
def test_what_is_dangerous_is_not_read(data: str) -> None:
    with pytest.raises(NotAnswered):
        answers.read(data.encode())


def test_other_encodings_are_read_as_they_say() -> None:
    text = HEAD + record(inside="<dc><title>é</title></dc>") + TAIL
    for encoding in ("utf-16", "iso-8859-1"):
        data = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
        (given,) = answers.read(data).records
        assert given.metadata is not None and given.metadata[0].text == "é"
