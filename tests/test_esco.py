"""ESCO's CSV files as they come: BOM, line breaks in cells, columns in any order, and files that are something else."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from catalogue.errors import Problem, Severity
from catalogue.exchange import esco
from catalogue.exchange.esco import Occupation

URI = "http://data.europa.eu/esco/occupation/"
COLUMNS = ("conceptType", "conceptUri", "preferredLabel", "altLabels", "status", "code")


def sheet(path: Path, *rows: tuple[str, str, str], code: str = "1.1") -> Path:
    """Write a CSV file of (end of the URI, preferred label, other labels)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(("Occupation", URI + uri, label, others, "released", code) for uri, label, others in rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def read(**files: Path) -> tuple[list[Occupation], list[str], list[Problem]]:
    problems: list[Problem] = []
    occupations = esco.read(files, problems)
    root = next(iter(files.values())).parent
    return occupations, [problem.render(root=root) for problem in problems], problems


def test_languages_meet_by_uri_and_labels_are_clean(tmp_path: Path) -> None:
    fr = sheet(
        tmp_path / "fr.csv",
        (
            "a",
            "agent d’accueil/agente  d'accueil",
            "hôte\nagente d’accueil\nHôte\n \nagent d\u00ad'ac\u200bcueil ;guide,",
        ),
        ("b", "potier/potière", ""),
    )
    nl = sheet(tmp_path / "nl.csv", ("b", "pottenbakker", "keramist"), ("a", "onthaal\u00a0medewerker", ""))
    occupations, faults, _ = read(fr=fr, nl=nl)
    assert faults == []
    assert occupations == [
        Occupation(
            URI + "a",
            "1.1",
            {"fr": ("agent d'accueil", "agente d'accueil", "hôte", "guide"), "nl": ("onthaal medewerker",)},
        ),
        Occupation(URI + "b", "1.1", {"fr": ("potier", "potière"), "nl": ("pottenbakker", "keramist")}),
    ]


def test_a_byte_order_mark_other_columns_and_windows_lines_do_not_matter(tmp_path: Path) -> None:
    fr = tmp_path / "fr.csv"
    fr.write_bytes(
        f'\ufeffaltLabels,new,preferredLabel,conceptUri\r\n"un,\r\ndeux",x,"le ""vrai"" nom",{URI}a\r\n\r\n'.encode()
    )
    occupations, faults, _ = read(fr=fr)
    assert faults == []
    assert occupations == [Occupation(URI + "a", "", {"fr": ('le "vrai" nom', "un", "deux")})]


def test_an_occupation_may_lack_a_language_but_not_both(tmp_path: Path) -> None:
    fr = sheet(tmp_path / "fr.csv", ("a", "potier", ""))
    nl = sheet(tmp_path / "nl.csv", ("b", "bakker", ""))
    en = sheet(tmp_path / "en.csv", ("a", "potter", ""), ("c", "smith", ""))
    occupations, faults, _ = read(fr=fr, nl=nl, en=en)
    assert faults == []
    assert [dict(o.labels) for o in occupations] == [{"fr": ("potier",), "en": ("potter",)}, {"nl": ("bakker",)}]


def test_rows_that_cannot_be_used_are_named_and_the_others_stand(tmp_path: Path) -> None:
    path = tmp_path / "fr.csv"
    rows = [
        ",".join(COLUMNS),
        f"Occupation,{URI}a,potier,,released,1",
        'ISCOGroup,http://data.europa.eu/esco/isco/C1,"Direc\nteurs",,released,1',
        f"Occupation,{URI}b,ancien,,obsolete,1",
        f"Occupation,{URI}c,,d’autres noms,released,1",
        f"Occupation,{URI}a,encore,,released,1",
        "Occupation,urn:x,nom,,released,1",
        f"Occupation,{URI}d,trop,,released,1,2",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    occupations, faults, problems = read(fr=path)
    assert [o.labels for o in occupations] == [{"fr": ("potier",)}]
    assert {problem.severity for problem in problems} == {Severity.WARNING}
    right = "http://data.europa.eu/esco/occupation/00030d09-2b3a-4efd-87cc-c4ea39d27c34"
    assert faults == [
        "fr.csv:3: conceptType: “ISCOGroup” is not one of Occupation",
        "fr.csv:5: status: “obsolete” is not one of released",
        "fr.csv:6: preferredLabel: “preferredLabel” is missing",
        f"fr.csv:7: conceptUri: the id “{URI}a” stands twice in this list",
        f"fr.csv:8: conceptUri: “urn:x” is not of the right form; right would be “{right}”",
        "fr.csv:9: this line has 7 cells, the first line 6",
    ]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "there is no occupation in this file"),
        (b"\xff\xfe\x00x", "x.csv:1: this is not UTF-8 text; save the file with the encoding UTF-8"),
        ("a\nb\né".encode("latin-1"), "x.csv:3: this is not UTF-8 text; save the file with the encoding UTF-8"),
        (b"id,label\n1,x\n", "x.csv:1: the column “conceptUri” is missing; this should be ESCO's own CSV file of"),
        (b"conceptUri;preferredLabel;altLabels\n", "x.csv:1: the column “conceptUri” is missing"),
        (b"conceptUri,preferredLabel,altLabels\n", "x.csv: there is no occupation in this file"),
        (
            b'conceptUri,preferredLabel,altLabels\na,b,c\na,"b',
            "x.csv:3: the CSV breaks off here (unexpected end of data)",
        ),
        (b'conceptUri,preferredLabel,altLabels\na,"b"c,d\n', "x.csv:2: the CSV breaks off here ("),
        (b'conceptUri,preferredLabel,altLabels\n"' + b"x\n" * 99_999, "x.csv:2: the CSV breaks off here ("),
    ],
)
def test_a_file_that_is_something_else_is_an_error(tmp_path: Path, data: bytes, fault: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    occupations, faults, problems = read(fr=path)
    assert occupations == []
    assert any(fault in line for line in faults), faults
    assert max(problem.severity for problem in problems) is Severity.ERROR


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    _, faults, problems = read(fr=tmp_path / "none.csv")
    assert faults[0] == "none.csv: the file cannot be read (No such file or directory)"
    assert problems[0].severity is Severity.ERROR


def test_one_file_given_for_two_languages_is_an_error(tmp_path: Path) -> None:
    fr = sheet(tmp_path / "fr.csv", ("a", "potier", ""), ("b", "boulanger", ""))
    again = sheet(tmp_path / "nl.csv", ("a", "potier", ""), ("b", "boulanger", ""))
    _, faults, problems = read(fr=fr, nl=again)
    assert faults == [f"nl.csv: this file has the same labels as {fr}; one of them is in another language"]
    assert problems[0].severity is Severity.ERROR
