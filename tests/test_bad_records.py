"""Every file of others' bad and good records: the good come in, the bad are named, nothing stops half-way."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path

import pymarc
import pytest

from catalogue.exchange import iso2709, marc_files, xml_reading
from catalogue.exchange.entries import Broken, Entry
from catalogue.exchange.marc_letters import LATIN1, MARC8, UTF8, letters_of
from catalogue.exchange.registry import detect, open_table
from catalogue.exchange.table import NotATable

Keep = Callable[[str, bytes], Path]

# Each file: its format, how many records come in, and for each that does not words of the reason with its place.
FILES: dict[str, tuple[str, int, list[str]]] = {
    "marc/bnf_unimarc.mrc": ("unimarc", 7, []),
    "marc/sudoc_02731667X.xml": ("unimarc-xml", 0, ["“02731667X” describes a name"]),
    "marc/sudoc_02787088X.xml": ("unimarc-xml", 0, ["“02787088X” describes a name"]),
    "marc/sudoc_088884074.xml": ("unimarc-xml", 1, []),
    "marc/sudoc_092850324.xml": ("unimarc-xml", 1, []),
    "marc/sudoc_143519379.xml": ("unimarc-xml", 1, []),
    "marc/sudoc_143519380.xml": ("unimarc-xml", 1, []),
    "marc_bad/bad_eacc_encoding.dat": ("marc21", 0, ["letters of the record at byte 0 are damaged"]),
    "marc_bad/bad_indicator.dat": ("marc21", 1, []),
    "marc_bad/bad_marc8_escape.dat": ("marc21", 1, []),
    "marc_bad/bad_records.mrc": (
        "marc21",
        2,
        ["byte 127 does not fit", "byte 254 does not fit", "byte 381 does not fit", "byte 509 does not fit",
         "byte 637 is no record", "byte 764 does not fit"],
    ),
    "marc_bad/bad_subfield_code.dat": ("marc21", 1, []),
    "marc_bad/bad_tag.xml": ("marcxml", 0, ["line 2 has a field without a right tag (“42”)"]),
    "marc_bad/batch.xml": ("marcxml", 2, []),
    "marc_bad/diacritic.dat": ("marc21", 1, []),
    "marc_bad/marc8.dat": ("marc21", 1, []),
    "marc_bad/regression45.dat": ("marc21", 12, []),
    "marc_bad/testunimarc.dat": ("unimarc", 1, []),
    "marc_bad/utf8_errors.dat": ("marc21", 1, []),
    "marc_bad/utf8_invalid.mrc": ("marc21", 1, []),
    "marc_bad/utf8_with_leader_flag.dat": ("marc21", 1, []),
    "marc_bad/utf8_without_leader_flag.dat": ("marc21", 1, []),
    "ris/zotero_ris_00.ris": ("ris", 1, []),
    "ris/zotero_ris_01.ris": ("ris", 1, []),
    "ris/zotero_ris_02.ris": ("ris", 48, []),
    "ris/zotero_ris_03.ris": ("ris", 1, []),
    "ris/zotero_ris_04.ris": ("ris", 39, []),
    "ris/zotero_ris_05.ris": ("ris", 1, []),
    "oai/GetRecord.xml": ("oai_dc", 1, []),
    "oai/GetRecord_utf8test.xml": ("oai_dc", 1, []),
    "oai/ListRecords.xml": ("oai_dc", 1, ["deleted its record “oai:test.example.com:1585310” (line 7)"]),
    "oai/ListRecords2.xml": ("oai_dc", 1, ["deleted its record “oai:test.example.com:1585310” (line 7)"]),
    "oai/ListRecords4.xml": ("oai_dc", 1, ["deleted its record “” (line 7)"]),
    "oai/ListRecordsBroken.xml": ("oai_dc", 0, ["broken on line 1"]),
}  # fmt: skip

UNTITLED = {"ris/zotero_ris_04.ris": 1}
"""A letter, which has a sender and no title."""

NONE_IN = ("oai/Identify.xml", "oai/ListSets.xml", "oai/badResumptionToken.xml", "oai/noRecordsMatch.xml")


def test_no_file_of_the_test_data_is_forgotten(test_data: Path) -> None:
    files = [path for part in ("marc", "marc_bad", "ris", "oai") for path in (test_data / part).iterdir()]
    names = {path.relative_to(test_data).as_posix() for path in files if not path.name.startswith("LICENSE")}
    assert names == {*FILES, *NONE_IN}


@pytest.mark.parametrize("name", FILES)
def test_the_good_records_come_in_and_the_bad_are_named(test_data: Path, name: str) -> None:
    path = test_data / name
    format, good, reasons = FILES[name]
    assert detect(path).name == format
    with open_table(path) as table:
        rows = list(table.rows)
    faults = [row.fault % row.params for row in rows if row.fault]
    assert len(rows) - len(faults) == good
    assert len(faults) == len(reasons)
    assert all(reason in fault for reason, fault in zip(reasons, faults, strict=True)), faults
    titles = [table.columns.index(f"title.{lang}") for lang in ("fr", "nl", "en")]
    untitled = sum(not any(row.cells[at] for at in titles) for row in rows if not row.fault)
    assert untitled == UNTITLED.get(name, 0), "what has no title is refused when it is tried"


@pytest.mark.parametrize("name", NONE_IN)
def test_an_answer_without_records_says_so(test_data: Path, name: str) -> None:
    with pytest.raises(NotATable, match="no record in this file"), open_table(test_data / name):
        pass


def test_prose_in_any_letters_is_no_table_or_rows_that_say_what_is_wrong(test_data: Path) -> None:
    for path in (test_data / "encodings").iterdir():
        try:
            with open_table(path) as table:
                rows = list(table.rows)
        except NotATable:
            continue
        assert "\ufffd" not in "".join(cell for row in rows for cell in row.cells), path


# --- letters ---------------------------------------------------------------------------------------------------------


def marc(title: str, letters: str, utf8_flag: bool) -> bytes:
    """Return a record whose title is written in some letters, under a leader that says UTF-8 or not."""
    record = pymarc.Record()
    mark = "@" * 3
    record.add_field(pymarc.Field("001", data="1"))  # type: ignore[no-untyped-call]
    record.add_field(  # type: ignore[no-untyped-call]
        pymarc.Field("245", pymarc.Indicators("0", "0"), [pymarc.Subfield("a", mark + " d'ici, vu par lui")])
    )
    encoded = title.encode(letters) if letters != MARC8 else ANSEL[title]
    data = record.as_marc()
    grown = len(encoded) - len(mark)
    directory = data[24:].split(b"\x1e")[0]
    entry = directory[12:24]
    entry = entry[:3] + b"%04d" % (int(entry[3:7]) + grown) + entry[7:]
    data = data.replace(directory, directory[:12] + entry, 1).replace(mark.encode(), encoded, 1)
    leader = b"%05d" % len(data) + data[5:9] + (b"a" if utf8_flag else b" ") + data[10:24]
    return leader + data[24:]


ANSEL = {
    "Étude de la français à côté": b"\xe2Etude de la franc\xf0cais".replace(b"c\xf0c", b"\xf0c")
    + b" \xe1a c\xe3ot\xe2e"
}


@pytest.mark.parametrize("flag", [True, False], ids=["leader-says-utf8", "leader-says-not"])
@pytest.mark.parametrize("letters", [UTF8, LATIN1, MARC8])
def test_the_letters_decide_not_the_leader(keep: Keep, letters: str, flag: bool) -> None:
    title = "Étude de la français à côté"
    data = marc(title, letters, flag)
    assert letters_of(data[:-1]) == letters
    (entry,) = marc_files.entries(keep("one.mrc", data))
    assert isinstance(entry, Entry)
    assert f"{title} d'ici, vu par lui" in entry.values["title.en"]


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    def kept(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return kept


# --- what is broken ------------------------------------------------------------------------------------------------


def good(number: int) -> bytes:
    record = pymarc.Record()
    record.add_field(pymarc.Field("001", data=str(number)))  # type: ignore[no-untyped-call]
    title = pymarc.Subfield("a", f"Titel {number}")
    record.add_field(pymarc.Field("245", pymarc.Indicators("0", "0"), [title]))  # type: ignore[no-untyped-call]
    return record.as_marc()


def numbers(path: Path) -> list[str]:
    return [e.first("source.id") if isinstance(e, Entry) else "broken" for e in marc_files.entries(path)]


def test_behind_a_record_that_lost_its_end_the_next_is_found(keep: Keep) -> None:
    assert numbers(keep("a.mrc", good(1)[:-1] + good(2) + good(3))) == ["broken", "2", "3"]


def test_a_length_that_lies_costs_no_record(keep: Keep) -> None:
    assert numbers(keep("a.mrc", good(1) + b"00099" + good(2)[5:] + b"\r\n" + good(3))) == ["1", "2", "3"]


def test_a_file_that_breaks_off_says_so_at_its_end(keep: Keep) -> None:
    assert numbers(keep("a.mrc", good(1) + good(2)[:-9])) == ["1", "broken"]


def test_what_never_ends_is_not_held_in_memory(keep: Keep) -> None:
    path = keep("a.mrc", good(1) + b"x" * 3_000_000 + good(2))
    found = numbers(path)
    assert (found[0], found[-1]) == ("1", "2")
    assert set(found[1:-1]) == {"broken"}
    assert all(len(chunk.data) <= iso2709.LONGEST + (1 << 16) for chunk in iso2709.chunks(path))


def test_random_damage_neither_raises_nor_costs_the_records_around_it(keep: Keep) -> None:
    chance = random.Random(9)
    whole = b"".join(good(number) for number in range(40))
    for turn in range(60):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        entries = list(marc_files.entries(keep(f"{turn}.mrc", bytes(data))))
        assert sum(isinstance(entry, Entry) for entry in entries) >= 40 - 10
        assert all(isinstance(entry, Entry | Broken) for entry in entries)


XML = "<collection xmlns='http://www.loc.gov/MARC21/slim'>{}</collection>"
RECORD = (
    "<record><leader>     nam a22     2  4500</leader><controlfield tag='001'>{0}</controlfield>"
    "<datafield tag='245' ind1=' ' ind2=' '><subfield code='a'>Titel {0}</subfield></datafield></record>\n"
)


@pytest.mark.parametrize(
    ("text", "read", "reason"),
    [
        (XML.format(RECORD.format(1) + "<record><oops></record>\n" + RECORD.format(2)), "12", "broken on line 2"),
        (XML.format(RECORD.format(1) + "<record>&nbsp;</record>\n" + RECORD.format(2)), "12", "broken on line 2"),
        (XML.format(RECORD.format(1) + RECORD.format(2)[:-40]), "1", "broken on line"),
        (
            "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>" + XML.format("<record>&b;</record>"),
            "", "entities of its own (line 1)",
        ),
        (
            "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>" + XML.format("<record>&f;</record>"),
            "", "entities of its own (line 1)",
        ),
        ("<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'>" + XML.format("<record>&f;</record>"), "", "entities"),
        (XML.format(RECORD.format(1) + "<a>" * 100), "1", "too deep on line 2"),
        (XML.format(RECORD.format(1) + "<record>" + "x" * 3_000_000), "1", "too long on line"),
        ("<?xml version='1.0' encoding='ISO-8859-1'?>" + XML.format(RECORD.format("é")), "é", ""),
    ],
)  # fmt: skip
def test_xml_is_read_as_far_as_it_can_be_and_no_further(keep: Keep, text: str, read: str, reason: str) -> None:
    path = keep("a.xml", text.encode("latin-1"))
    entries = list(xml_reading.entries(path))
    assert "".join(e.first("source.id") for e in entries if isinstance(e, Entry)) == read
    assert all(reason in str(e) for e in entries if isinstance(e, Broken))
    assert any(isinstance(e, Broken) for e in entries) == bool(reason)


@pytest.mark.parametrize(
    ("name", "text", "titles", "reason"),
    [
        ("a.ris", "TY  - BOOK\nTI  - One\nTY  - BOOK\nTI  - Two\nER  - \n", ["Two"], "line 1 has no end"),
        ("a.ris", "junk\nTY  - BOOK\nTI  - One\nER  - \nTY  - BOOK\nTI  - Two\n", ["One"], "line 5 has no end"),
        ("a.bib", "@book{a, title={One {T}wo}}\n@book{b, title={Three\n\n@book{c, title=\"Four\",}\n",
         ["One Two", "Four"], "line 2 is not closed"),
        ("a.bib", "@string{x = \"Caf\\'e\"}\n@book{a, title = x # { na{\\\"\\i}f}, year=1999}", ["Café naïf"], ""),
        ("a.json", '[\n{"title": {"en": "One"}},\n{"title": oops},\n{"title": {"en": "Two"}}\n]', ["One", "Two"],
         "line 3"),
        ("a.json", '{"title": {"en": "One"}}\n[1]\n{"title": "Two"}\n', ["One"], "line"),
        ("a.yaml", "---\ntitle: {en: One}\n---\ntitle: [\n---\ntitle: {en: Two}\n", ["One", "Two"], "line 5"),
    ],
)  # fmt: skip
def test_text_formats_go_on_behind_what_is_broken(
    keep: Keep, name: str, text: str, titles: list[str], reason: str
) -> None:
    path = keep(name, text.encode())
    with open_table(path) as table:
        rows = list(table.rows)
    columns = [table.columns.index(f"title.{lang}") for lang in ("fr", "nl", "en")]
    said = ["".join(row.cells[at] for at in columns) for row in rows if not row.fault]
    assert said == titles
    assert all(reason in row.fault % row.params for row in rows if row.fault)
    assert any(row.fault for row in rows) == bool(reason)


def test_deep_json_and_random_bytes_are_refused_not_raised(keep: Keep) -> None:
    chance = random.Random(3)
    for name in ("a.json", "a.yaml", "a.ris", "a.bib", "a.xml", "a.mrc"):
        for data in (b"[" * 100_000, b'{"a":' * 100_000, chance.randbytes(5_000), b"@book{" * 3_000):
            try:
                with open_table(keep(name, data)) as table:
                    list(table.rows)
            except NotATable:
                continue


def test_marcxml_and_iso2709_say_the_same(keep: Keep) -> None:
    records = [record for record in pymarc.MARCReader(io.BytesIO(good(1) + good(2))) if record]
    top = b"".join(pymarc.record_to_xml(record) for record in records)  # type: ignore[no-untyped-call]
    xml = list(xml_reading.entries(keep("a.xml", b"<collection>" + top + b"</collection>")))
    assert xml == list(marc_files.entries(keep("a.mrc", good(1) + good(2))))
