"""ESCO's occupations, read from the Commission's own CSV files, one per language.

The files come from https://esco.ec.europa.eu/en/use-esco/download ("occupations_fr.csv"). Columns are found by the
names in the first line, so files of several versions of ESCO are understood.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from catalogue.errors import N_, Problem, Severity
from catalogue.exchange import gendered
from catalogue.folding import fold

OCCUPATION = re.compile(r"http://data\.europa\.eu/esco/occupation/[0-9A-Za-z-]+")
_EXAMPLE = "http://data.europa.eu/esco/occupation/00030d09-2b3a-4efd-87cc-c4ea39d27c34"
_NEEDED = ("conceptUri", "preferredLabel", "altLabels")

# The thesaurus writes the straight apostrophe; soft hyphens and marks without width only hide words from searches.
_CHARACTERS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "\u00ad": None, "\u200b": None, "\ufeff": None})

Row = Mapping[str, str]


@dataclass(frozen=True)
class Occupation:
    """An occupation of ESCO. ``code`` is its place in the hierarchy: ``2654.1.7`` is narrower than ``2654.1``."""

    uri: str
    code: str
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by language, the preferred ones first


def read(files: Mapping[str, Path], problems: list[Problem]) -> list[Occupation]:
    """Return the occupations of ``files`` (language → CSV file), those that have a French or Dutch label.

    Faults go to ``problems``: an ERROR means a file is not what it should be, a WARNING that one row is left out.
    """
    rows: dict[str, dict[str, Row]] = {}
    for lang, path in files.items():
        for uri, row in _occupations(path, problems).items():
            rows.setdefault(uri, {})[lang] = row
    _compare(rows, files, problems)
    found = [Occupation(uri, _code(by_lang), _labels(by_lang)) for uri, by_lang in rows.items()]
    return [occupation for occupation in found if occupation.labels.keys() & {"fr", "nl"}]


def _compare(rows: Mapping[str, Mapping[str, Row]], files: Mapping[str, Path], problems: list[Problem]) -> None:
    """Find the file that was given for two languages: it names every occupation alike in both."""
    for one, other in combinations(files, 2):
        both = [by_lang for by_lang in rows.values() if one in by_lang and other in by_lang]
        if len(both) > 1 and all(row[one]["preferredLabel"] == row[other]["preferredLabel"] for row in both):
            message = N_("this file has the same labels as %(other)s; one of them is in another language")
            problems.append(Problem(files[other], 0, "", message, {"other": files[one]}))


def _code(by_lang: Mapping[str, Row]) -> str:
    return next((code for row in by_lang.values() if (code := row.get("code", "").strip())), "")


def _labels(by_lang: Mapping[str, Row]) -> Mapping[str, tuple[str, ...]]:
    return {lang: labels for lang, row in by_lang.items() if (labels := labels_of(row, lang))}


def labels_of(row: Row, lang: str) -> tuple[str, ...]:
    """Return the labels of a row without repetitions, the preferred one first, two gendered forms as two labels."""
    labels: dict[str, str] = {}
    for written in re.split(r"[\n;]", f"{row['preferredLabel']}\n{row['altLabels']}"):
        for form in gendered.forms(clean(written), lang):
            if form:
                labels.setdefault(fold(form), form)
    return tuple(labels.values())


def clean(label: str) -> str:
    """Return a label with straight apostrophes, single spaces, no invisible letters and no comma at its end."""
    visible = unicodedata.normalize("NFC", label).translate(_CHARACTERS)
    return " ".join(visible.split()).strip(" ,:")


def _occupations(path: Path, problems: list[Problem]) -> dict[str, Row]:
    """Return the rows of a file that are occupations in use, by URI."""
    before = len(problems)
    found: dict[str, Row] = {}
    for line, row in _rows(path, problems):
        fault = _fault(row, found)
        if fault:
            column, message, params = fault
            problems.append(Problem(path, line, column, message, params, Severity.WARNING))
        else:
            found[row["conceptUri"].strip()] = row
    if not found and not any(problem.severity is Severity.ERROR for problem in problems[before:]):
        problems.append(Problem(path, 0, "", N_("there is no occupation in this file")))
    return found


def _fault(row: Row, found: Mapping[str, Row]) -> tuple[str, str, Mapping[str, object]] | None:
    """Return what keeps a row out: column, message and its parameters."""
    uri = row["conceptUri"].strip()
    for column, only in (("conceptType", "Occupation"), ("status", "released")):
        if row.get(column, only) != only:
            return column, N_("“%(value)s” is not one of %(words)s"), {"value": row[column], "words": only}
    if not OCCUPATION.fullmatch(uri):
        message = N_("“%(value)s” is not of the right form; right would be “%(example)s”")
        return "conceptUri", message, {"value": uri, "example": _EXAMPLE}
    if uri in found:
        return "conceptUri", N_("the id “%(id)s” stands twice in this list"), {"id": uri}
    if not clean(row["preferredLabel"]):
        return "preferredLabel", N_("“%(name)s” is missing"), {"name": "preferredLabel"}
    return None


def _rows(path: Path, problems: list[Problem]) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a CSV file by column name, each with the line it begins on."""
    reader = csv.reader(io.StringIO(_text(path, problems), newline=""), strict=True)
    line = 1
    try:
        columns = [name.strip() for name in next(reader, [])]
        missing = [name for name in _NEEDED if name not in columns]
        if missing and columns:
            message = N_("the column “%(column)s” is missing; this should be ESCO's own CSV file of occupations")
            problems.append(Problem(path, 1, "", message, {"column": missing[0]}))
            return
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(columns):
                yield line, dict(zip(columns, cells, strict=True))
            elif cells:
                message = N_("this line has %(count)s cells, the first line %(columns)s")
                params = {"count": len(cells), "columns": len(columns)}
                problems.append(Problem(path, line, "", message, params, Severity.WARNING))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(path, line, "", N_("the CSV breaks off here (%(detail)s)"), {"detail": str(error)}))


def _text(path: Path, problems: list[Problem]) -> str:
    """Return what a file holds; nothing, with the reason in ``problems``, where it cannot be read."""
    try:
        data = path.read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        problems.append(Problem(path, 0, "", N_("the file cannot be read (%(reason)s)"), {"reason": reason}))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = N_("this is not UTF-8 text; save the file with the encoding UTF-8")
        problems.append(Problem(path, line, "", message))
    return ""
