"""The formats in which records come and go: one entry each, found by name or by what a file holds.

Everything that brings records in or gives them out reads ``FORMATS``: the commands, the desk, the pages of records.
Give records out by ``FORMATS["ris"].write(records, naming)``, which yields bytes; see ``crosswalk.Naming``. Whoever
gives them to visitors offers ``public_formats()`` only: tables, JSON and YAML hold what is for staff.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from catalogue.errors import N_
from catalogue.exchange import (
    bibtex,
    bibtex_reading,
    delimited,
    documents,
    dublin_core,
    iso2709,
    jsonld,
    marc_files,
    own,
    ris,
    tagged,
    workbook,
    xml_reading,
)
from catalogue.exchange.crosswalk import Crosswalk
from catalogue.exchange.documents import Writer, as_iso2709, as_marcxml, as_table
from catalogue.exchange.marc21 import MARC21
from catalogue.exchange.table import MOST_BYTES, NotATable, Table
from catalogue.exchange.unimarc import UNIMARC

Reader = Callable[[Path], AbstractContextManager[Table]]

MOST_STREAMED = 500_000_000
"""Bytes of a file whose records are read one after the other."""


@dataclass(frozen=True)
class Format:
    """A format. ``read`` opens a file as a table, lazily; ``write`` gives the bytes of records; None: not possible.

    ``crosswalk``: where our fields go in it, for formats that are not our own. ``most``: bytes that are read; 0:
    as many as of a table.
    """

    name: str
    label: str
    media_types: tuple[str, ...]
    extensions: tuple[str, ...]
    read: Reader | None
    write: Writer | None
    crosswalk: Crosswalk | None = None
    most: int = 0

    @property
    def is_public(self) -> bool:
        """Whether it holds only what visitors may see."""
        return self.crosswalk is not None and self.write is not None


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MARC, _XML = ("application/marc",), ("application/marcxml+xml", "application/xml")

FORMATS: Mapping[str, Format] = {
    format.name: format
    for format in (
        Format("csv", N_("CSV"), ("text/csv",), (".csv", ".txt"), delimited.read, as_table(delimited.write)),
        Format(
            "tsv",
            N_("TSV"),
            ("text/tab-separated-values",),
            (".tsv", ".tab"),
            delimited.read,
            as_table(delimited.write_tsv),
        ),
        Format("xlsx", N_("Excel"), (_XLSX,), (".xlsx", ".xlsm"), workbook.read, as_table(workbook.write)),
        Format("json", N_("JSON"), ("application/json",), (".json",), own.read_json, own.write_json),
        Format("yaml", N_("YAML"), ("application/yaml",), (".yaml", ".yml"), own.read_yaml, own.write_yaml),
        Format(
            "unimarc",
            N_("UNIMARC (ISO 2709)"),
            _MARC,
            (".mrc", ".iso", ".dat", ".uni"),
            marc_files.read,
            as_iso2709(UNIMARC),
            UNIMARC.crosswalk,
            MOST_STREAMED,
        ),
        Format(
            "marc21",
            N_("MARC 21 (ISO 2709)"),
            _MARC,
            (".mrc", ".marc"),
            marc_files.read,
            as_iso2709(MARC21),
            MARC21.crosswalk,
            MOST_STREAMED,
        ),
        Format(
            "unimarc-xml",
            N_("UNIMARC (MARCXML)"),
            _XML,
            (".xml",),
            xml_reading.read,
            as_marcxml(UNIMARC),
            UNIMARC.crosswalk,
            MOST_STREAMED,
        ),
        Format(
            "marcxml",
            N_("MARC 21 (MARCXML)"),
            _XML,
            (".marcxml", ".xml"),
            xml_reading.read,
            as_marcxml(MARC21),
            MARC21.crosswalk,
            MOST_STREAMED,
        ),
        Format(
            "oai_dc",
            N_("Dublin Core"),
            ("application/xml",),
            (".xml",),
            xml_reading.read,
            documents.write_oai_dc,
            dublin_core.CROSSWALK,
            MOST_STREAMED,
        ),
        Format(
            "dcterms",
            N_("Dublin Core, qualified"),
            ("application/xml",),
            (".xml",),
            xml_reading.read,
            documents.write_dcterms,
            dublin_core.CROSSWALK_QUALIFIED,
            MOST_STREAMED,
        ),
        Format(
            "ris",
            N_("RIS"),
            ("application/x-research-info-systems",),
            (".ris",),
            tagged.read,
            documents.write_ris,
            ris.CROSSWALK,
            MOST_STREAMED,
        ),
        Format(
            "bibtex",
            N_("BibTeX"),
            ("application/x-bibtex",),
            (".bib",),
            bibtex_reading.read,
            documents.write_bibtex,
            bibtex.CROSSWALK,
        ),
        Format(
            "jsonld",
            N_("JSON-LD (schema.org)"),
            ("application/ld+json",),
            (".jsonld",),
            None,
            documents.write_jsonld,
            jsonld.CROSSWALK,
        ),
    )
}


def public_formats() -> tuple[Format, ...]:
    """Return the formats in which records may go to anyone."""
    return tuple(format for format in FORMATS.values() if format.is_public)


# What a file begins with that is no table, and what to do about it.
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", N_("This is an old Excel file (.xls). Save it as .xlsx or CSV, and send that.")),
    (b"%PDF-", N_("This is a PDF, not a table. Ask whoever made it for the table itself.")),
    (b"\x1f\x8b", N_("This is a compressed archive, not a table. Unpack it, and send the table that is inside.")),
    (b"7z\xbc\xaf", N_("This is a compressed archive, not a table. Unpack it, and send the table that is inside.")),
    (b"Rar!", N_("This is a compressed archive, not a table. Unpack it, and send the table that is inside.")),
    (b"\x89PNG", NotATable.message),
    (b"\xff\xd8\xff", NotATable.message),
    (b"<!doctype html", N_("This is a web page, not a table. Export the table as CSV or Excel.")),
    (b"<html", N_("This is a web page, not a table. Export the table as CSV or Excel.")),
)


def detect(path: Path, name: str = "") -> Format:
    """Return the format of a file by what it holds; its name decides only between texts.

    Raises NotATable for anything that is no table, an empty file and one that is too big.
    """
    found = _detect(path, name)
    most = found.most or MOST_BYTES
    if path.stat().st_size > most:
        raise NotATable(N_("This file is too big: at most %(most)s MB can be read."), most=most // 1_000_000)
    return found


def _detect(path: Path, name: str) -> Format:
    with path.open("rb") as file:
        start = file.read(4096)
    bare = start.lstrip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe")
    if not bare:
        raise NotATable(N_("This file is empty."))
    if start.startswith(b"PK"):
        workbook.check(path)
        return FORMATS["xlsx"]
    for magic, message in _OTHERS:
        if bare[: len(magic)].lower() == magic.lower():
            raise NotATable(message)
    if iso2709.LEADER.match(bare) or (b"\x1e" in start and iso2709.LEADER.search(start)):
        return FORMATS["unimarc" if marc_files.is_unimarc(path) else "marc21"]
    if _is_binary(start):
        raise NotATable
    return FORMATS[_text_format(bare, Path(name or path.name).suffix.lower())]


# What a file of text has in its first lines.
_TEXTS = (
    ("ris", re.compile(rb"^\s*TY\s{1,2}- ?[A-Z]", re.MULTILINE)),
    ("bibtex", re.compile(rb"^\s*@[A-Za-z]+\s*[{(][^\n]*,\s*$", re.MULTILINE)),
    ("json", re.compile(rb"\A[\[{]\s*[\]{\"\[]")),
)


def _text_format(start: bytes, suffix: str) -> str:
    text = start.replace(b"\0", b"")  # UTF-16 without its zeros, as far as it is ASCII
    if text.startswith(b"<") or suffix == ".xml":
        marc = re.search(rb"<(\w+:)?(datafield|controlfield|leader)\b", text)
        if not marc:
            return "dcterms" if b"purl.org/dc/terms" in text else "oai_dc"
        return "marcxml" if re.search(rb"tag=[\"']245", text) else "unimarc-xml"
    held = next((name for name, pattern in _TEXTS if pattern.search(text)), "")
    by_suffix = (name for name, format in FORMATS.items() if suffix in format.extensions and format.read)
    named = next(by_suffix, "")
    return named if named and (suffix != ".txt" or not held) else held or "csv"


def _is_binary(start: bytes) -> bool:
    """Tell whether a file is no text: many control characters that neither UTF-16 nor a stray NUL explain."""
    control = sum(byte < 9 or 13 < byte < 32 for byte in start.replace(b"\0", b""))
    return control * 50 > len(start)


def open_table(path: Path, name: str = "") -> AbstractContextManager[Table]:
    """Open a file as a table, whatever its format. Raises NotATable."""
    found = detect(path, name)
    if found.read is None:
        raise NotATable
    return found.read(path)
