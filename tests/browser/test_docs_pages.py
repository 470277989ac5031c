"""The documentation as it is read: axe finds nothing, nothing is wider than the screen, what is printed fits."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Literal

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from catalogue.web import documentation

OFTEN = ("fr/index.html", "nl/course.html")
"""Looked at in every run; the others in the soak."""

PATHS = [
    path if path in OFTEN else pytest.param(path, marks=pytest.mark.soak)
    for path in sorted(documentation.pages())
    if path.endswith(".html")
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pages lie on a disk: the same bytes as on the site."""
    target = tmp_path_factory.mktemp("docs")
    documentation.write(target)
    return target


@pytest.fixture
def plain(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.mark.parametrize("path", PATHS)
def test_everybody_can_read_it(plain: Page, folder: Path, path: str) -> None:
    plain.goto((folder / path).as_uri())
    screens: list[tuple[int, Literal["light", "dark"]]] = [(1280, "light"), (768, "light"), (360, "dark")]
    for width, scheme in screens:
        plain.set_viewport_size({"width": width, "height": 800})
        plain.emulate_media(color_scheme=scheme)
        wide = plain.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"at {width}"
        if width != 768:
            found = Axe().run(plain)
            assert found.violations_count == 0, f"at {width}: {found.generate_report()}"


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize(("name", "sheets"), [("visitors", 1), ("advisors", 2)])
def test_what_is_handed_out_fits_its_paper(plain: Page, folder: Path, language: str, name: str, sheets: int) -> None:
    plain.goto((folder / language / f"{name}.html").as_uri())
    printed = pypdfium2.PdfDocument(io.BytesIO(plain.pdf(prefer_css_page_size=True)))
    a4 = (pytest.approx(595, abs=1), pytest.approx(842, abs=1))  # points
    assert [printed.get_page_size(number) for number in range(len(printed))] == [a4] * sheets
