"""The example files: sheets in both languages that say what their sources say, a film with captions without a fault."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest

from catalogue.contents import Contents
from catalogue.fields import Holding
from catalogue.media import captions, cues
from catalogue.media.documents import pdf_pages, read_pdf
from catalogue.media.duration import duration
from catalogue.service import Catalogue
from examples import film
from examples.scenes import SCENES
from examples.sheets import LANGUAGES, Sheet, read_sheets, render, typeset
from tests.conftest import PROJECT

MEDIA = PROJECT / "resources" / "media"
SHEETS = read_sheets()
SCRIPT = film.read_script()
EACH = pytest.mark.parametrize(
    ("sheet", "lang"), [(sheet, lang) for sheet in SHEETS for lang in LANGUAGES], ids=lambda v: getattr(v, "record", v)
)


@pytest.fixture(scope="module")
def contents(example: Catalogue) -> Contents:
    return example.contents


def shape(value: Any) -> Any:
    """What a sheet is made of, without its words."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items()}
    return [shape(part) for part in value] if isinstance(value, list) else type(value)


def said(value: Any) -> Iterator[str]:
    """The texts of a sheet, as they are printed."""
    if isinstance(value, str):
        yield re.sub(r"\s+", " ", typeset(value.replace("*", "")))
    else:
        for part in value.values() if isinstance(value, dict) else value:
            yield from said(part)


def tags(path: Path) -> list[str]:
    """The structure types of a PDF in the order of reading (ISO 32000-1, 14.8.4)."""
    document = pdfium.PdfDocument(path)
    found: list[str] = []
    for page in document:
        tree = raw.FPDF_StructTree_GetForPage(page)
        for number in range(raw.FPDF_StructTree_CountChildren(tree)):
            found += _types(raw.FPDF_StructTree_GetChildAtIndex(tree, number))
        raw.FPDF_StructTree_Close(tree)
    document.close()
    return found


def _types(element: Any) -> Iterator[str]:
    if not element:  # content that is marked, not an element
        return
    size = raw.FPDF_StructElement_GetType(element, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDF_StructElement_GetType(element, buffer, size)
    yield buffer.raw.decode("utf-16-le").strip("\0")
    for number in range(raw.FPDF_StructElement_CountChildren(element)):
        yield from _types(raw.FPDF_StructElement_GetChildAtIndex(element, number))


def test_there_are_enough_and_they_are_small() -> None:
    assert len(SHEETS) >= 12
    assert sum(path.stat().st_size for path in MEDIA.rglob("*") if path.is_file()) < 6_000_000


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.record)
def test_a_sheet_says_as_much_in_every_language(sheet: Sheet) -> None:
    first, *others = (shape(sheet.texts[lang]) for lang in LANGUAGES)
    assert all(other == first for other in others)


@EACH
def test_a_sheet_belongs_to_a_published_record(contents: Contents, sheet: Sheet, lang: str) -> None:
    record = contents.records[sheet.record]
    assert record.is_public
    (holding,) = (holding for holding in record.holdings if holding.file == f"media/{sheet.name(lang)}")
    assert holding.language == lang


@EACH
def test_a_sheet_is_tagged_and_says_what_its_source_says(sheet: Sheet, lang: str) -> None:
    path = MEDIA / sheet.name(lang)
    title, language, _text = read_pdf(path, 0)
    assert title.startswith(sheet.texts[lang]["title"])
    assert language == lang
    found = tags(path)
    assert found.count("H1") == 1
    assert found.count("H2") >= 8
    assert {"P", "L", "LI", "H3"} <= set(found)
    document = pdfium.PdfDocument(path)
    assert raw.FPDFCatalog_IsTagged(document)
    assert len(list(document.get_toc())) >= 8
    document.close()
    pages = list(pdf_pages(path, 10))
    assert len(pages) == 2
    printed = re.sub(r"[\s\u00ad-]+", "", " ".join(pages))
    missing = [text for text in said(sheet.texts[lang]) if re.sub(r"[\s-]+", "", text) not in printed]
    assert not missing, "make examples"


def test_a_foreign_word_is_marked_as_such_and_nothing_gets_in_as_markup() -> None:
    (sheet,) = (sheet for sheet in SHEETS if sheet.record == "metier-electrician")
    assert '<i lang="nl">duaal leren</i>' in render(sheet, "fr")
    hostile = Sheet("x", {"fr": {**sheet.texts["fr"], "title": "<script>"}})
    assert "<script>" not in render(hostile, "fr")


@pytest.fixture(scope="module")
def shown(contents: Contents) -> dict[str, Holding]:
    """The holdings with the film, by language."""
    record = contents.records[film.NAME]
    assert record.is_public
    return {holding.language: holding for holding in record.holdings}


def test_the_film_lasts_as_its_script_and_shows_every_scene() -> None:
    assert 60 <= SCRIPT.scenes[-1]["end"] <= 90
    ids = [scene["id"] for scene in SCRIPT.scenes]
    assert set(SCENES) <= set(ids)
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_film_has_captions_without_a_fault_chapters_and_a_text(shown: dict[str, Holding], lang: str) -> None:
    holding = shown[lang]
    root = PROJECT / "resources"
    assert duration(root / holding.file) == pytest.approx(SCRIPT.scenes[-1]["end"], abs=0.3)
    made = {"captions": film.captions, "chapters": film.chapters, "transcript": film.transcript}
    for part, make in made.items():
        for other in LANGUAGES:
            path = root / getattr(holding, part)[other]
            assert path.read_text(encoding="utf-8") == make(SCRIPT, other), "make examples"
            if part != "transcript":
                assert captions.check(path) == []
    read = {other: cues.read(root / holding.captions[other]) for other in LANGUAGES}
    times = {other: [(cue.start, cue.end) for cue in found] for other, found in read.items()}
    assert times["fr"] == times["nl"], "who changes the language loses nothing"
    assert all(before.end == after.start for before, after in pairwise(read["fr"])), "nothing is left without captions"
