"""Tables as people send them: every dialect, and everything that is no table."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from catalogue.exchange import delimited, table
from catalogue.exchange.registry import FORMATS, detect, open_table
from catalogue.exchange.table import MOST_COLUMNS, NotATable, Row

TEXT = "Titre;Année;Mots\nL’été à Liège;2019;a, b\n"

Keep = Callable[[str | bytes], Path]


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    def kept(data: str | bytes) -> Path:
        path = tmp_path / "sent"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return kept


def read(path: Path, name: str = "sent.csv") -> tuple[tuple[str, ...], list[Row], dict[str, str]]:
    with open_table(path, name) as opened:
        return opened.columns, list(opened.rows), dict(opened.about)


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("cp1252", b""),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_letters_and_delimiter_are_found_out(keep: Keep, encoding: str, mark: bytes, delimiter: str) -> None:
    line = TEXT.replace(", ", "/").replace(";", delimiter)
    columns, rows, about = read(keep(mark + line.encode(encoding)))
    assert columns == ("Titre", "Année", "Mots")
    assert rows == [Row(2, ("L’été à Liège", "2019", "a/b"))]
    assert about == {"encoding": encoding, "delimiter": delimiter}


def test_a_few_faulty_bytes_do_not_make_all_other_letters_wrong(keep: Keep) -> None:
    rows = read(keep(b"titre\n" + "été\n".encode() * 50 + b"\xff\n"))[1]
    assert rows[0].cells == ("été",)
    assert rows[-1].cells == ("\ufffd",)


def test_rows_are_numbered_as_a_spreadsheet_does(keep: Keep) -> None:
    rows = read(keep('a,b\n"one\ntwo",1\n\n,\n\0x,2\n'))[1]
    assert [(row.number, row.cells) for row in rows] == [(2, ("one\ntwo", "1")), (5, ("x", "2"))]


def test_short_rows_are_filled_and_long_ones_refused(keep: Keep) -> None:
    rows = read(keep("a,b\n1\n1,2,,\n1,2,3\n4,5\n"))[1]
    assert [row.cells for row in rows] == [("1", ""), ("1", "2"), ("1", "2"), ("4", "5")]
    assert [bool(row.fault) for row in rows] == [False, False, True, False]


def test_a_line_that_breaks_the_rules_stops_no_other(keep: Keep) -> None:
    rows = read(keep('a,b\n1,"x"y\n2,z\n'))[1]
    assert rows[0].fault
    assert rows[1].cells == ("2", "z")


def test_quotation_marks_mean_nothing_where_a_file_has_tabs_and_uses_them_as_it_likes(keep: Keep) -> None:
    rows = read(keep('a\tb\n"Le titre" suite\t1\n' + "x\ty\n" * 30), "x.tsv")[1]
    assert len(rows) == 31


def test_excel_s_own_first_line_names_the_delimiter(keep: Keep) -> None:
    columns, rows, _ = read(keep("sep=;\na;b,c\n1;2\n"))
    assert columns == ("a", "b,c")
    assert rows[0].cells == ("1", "2")


def test_columns_have_different_names(keep: Keep) -> None:
    assert read(keep("a,a,,b,,\n1,2,3,4,,\n"))[0] == ("a", "a (2)", "(3)", "b")


def archive(name: str, data: bytes = b"x", times: int = 1) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for _ in range(times):
            made.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"\n\n,,\n", "empty"),
        (archive("a.csv"), "zip"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not a table"),
        (bytes(range(1, 256)) * 9, "not a table"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (",".join(f"c{n}" for n in range(300)).encode(), "300 columns"),
        (b"https://example.org,2019\nx,y\n", "names of the columns"),
        (b"Bac en poche,1997,2-211-04459-X\n", "names of the columns"),
    ],
)
def test_what_is_no_table_is_said(keep: Keep, data: bytes, words: str) -> None:
    with pytest.raises(NotATable, match=words):
        read(keep(data))


def test_the_widest_table_is_read_and_one_more_column_is_not(keep: Keep) -> None:
    assert len(read(keep(";".join(f"c{n}" for n in range(MOST_COLUMNS)) + "\n1\n"))[0]) == MOST_COLUMNS


def test_rows_beyond_the_last_are_said_not_forgotten(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST_ROWS", 3)
    rows = read(keep("a\n1\n2\n3\n4\n5\n"))[1]
    assert [bool(row.fault) for row in rows] == [False, False, False, True]


def test_a_file_that_is_too_big_is_not_opened(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.exchange.registry.MOST_BYTES", 10)
    with pytest.raises(NotATable, match="too big"):
        detect(keep("a,b\n1,2\n3,4\n"))


def workbook(*rows: tuple[object, ...], hidden: bool = False) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    if hidden:
        sheet.sheet_state = "hidden"
        sheet.append(["secret"])
        sheet = book.create_sheet("Liste")
    for row in rows:
        sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_workbook_gives_its_values_as_a_person_would_type_them(keep: Keep) -> None:
    day = datetime.datetime(2026, 3, 1)
    data = workbook(
        ("Titre", "n", "jour", "vrai"), (), ("Été", 2026.0, day, True), ("=1+1", 9782070368228.0, None, 1.5)
    )
    columns, rows, about = read(keep(data), "x.csv")
    assert columns == ("Titre", "n", "jour", "vrai")
    assert [row.cells for row in rows] == [("Été", "2026", "2026-03-01", "true"), ("", "9782070368228", "", "1.5")]
    assert [row.number for row in rows] == [3, 4]
    assert about == {"sheet": "Sheet"}


def test_the_first_visible_sheet_counts(keep: Keep) -> None:
    assert read(keep(workbook(("a",), ("1",), hidden=True)))[0] == ("a",)


def test_a_workbook_that_unfolds_to_too_much_is_not_unfolded(keep: Keep) -> None:
    bomb = io.BytesIO(workbook(("a",), ("1",)))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as made, made.open("xl/bomb.xml", "w") as part:
        for _ in range(410):
            part.write(b"0" * 1_000_000)
    assert len(bomb.getvalue()) < 2_000_000
    with pytest.raises(NotATable, match="unfolds"):
        read(keep(bomb.getvalue()))


def test_entities_in_a_workbook_are_refused(keep: Keep) -> None:
    source = io.BytesIO(workbook(("a",), ("1",)))
    made = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/workbook.xml":
                text = b'<!DOCTYPE x [<!ENTITY e "eee">]>' + text
            new.writestr(name, text)
    with pytest.raises(NotATable, match="damaged"):
        read(keep(made.getvalue()))


@pytest.mark.parametrize("cell", ["=1+1", "+32", "-1", "@x", "\tx", "\rx"])
def test_a_formula_is_disarmed_and_comes_back(keep: Keep, cell: str) -> None:
    data = b"".join(delimited.write([["a", "b"], [cell, "x"]]))
    assert f"'{cell}" in data.decode()
    assert read(keep(data))[1][0].cells == (cell.strip(), "x")


def test_every_format_has_a_name_and_is_found_by_it() -> None:
    assert all(name == format.name and (format.read or format.write) for name, format in FORMATS.items())


def test_real_files_in_six_encodings_are_decoded(test_data: Path) -> None:
    found = {path.name: delimited.encoding_of(path)[0] for path in (test_data / "encodings").iterdir()}
    assert found["utf-8.txt"] == "utf-8"
    assert found["utf-16.be"] == "utf-16-be"
    assert found["windows-1252.txt"] == "cp1252"


def test_real_tables_are_read_whole(test_data: Path) -> None:
    counts = {"pmb/derived_notices.csv": 48, "esco/occupations_joined.csv": 3039, "esco/occupations_nl.csv": 3039}
    for name, count in counts.items():
        rows = read(test_data / name, name)[1]
        assert len(rows) == count
        assert not any(row.fault for row in rows)
