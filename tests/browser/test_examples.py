"""The example files can be made again: every sheet is printed on two pages, every scene of the film is there."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Browser

from catalogue.media.documents import read_pdf
from examples.scenes import SCENES, shoot
from examples.sheets import LANGUAGES, print_sheet, read_sheets

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sheet_is_printed_on_two_pages(browser: Browser, tmp_path: Path, lang: str) -> None:
    for sheet in read_sheets():
        path = tmp_path / sheet.name(lang)
        path.write_bytes(print_sheet(browser, sheet, lang))
        document = pdfium.PdfDocument(path)
        assert len(document) == 2, sheet.record
        document.close()
        title, language, _text = read_pdf(path, 0)
        assert (title.split(" – ")[0], language) == (sheet.texts[lang]["title"], lang)
        assert print_sheet(browser, sheet, lang) == path.read_bytes(), "the same text makes the same file"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_of_the_film_shows_what_it_speaks_of(browser: Browser, site: str, scene: str, lang: str) -> None:
    page = browser.new_page(viewport={"width": 933, "height": 420})
    png, ring = shoot(page, site, lang, SCENES[scene])
    page.close()
    assert png.startswith(b"\x89PNG")
    assert 0 <= ring["y"] < 420
    assert 0 <= ring["x"] < 933
