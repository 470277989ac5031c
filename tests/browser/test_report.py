"""What only the page knows is told in one word; the report of the year, read, drawn and printed."""

from __future__ import annotations

import datetime
from pathlib import Path

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request

from tests.browser.conftest import sign_in

LANGS = ("fr", "nl")


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_tells_what_happened_in_it_and_nothing_else(page: Page, site: str, lang: str) -> None:
    told: list[Request] = []
    page.on("request", lambda request: told.append(request) if request.url.endswith("/count") else None)
    page.goto(f"{site}/{lang}/search?q=cv")
    buttons = page.locator("button[data-list]")
    buttons.nth(0).click()
    buttons.nth(1).click()  # the list goes on: it was begun once
    page.locator("[aria-controls=reading-help]").click()
    page.locator("#reading-help input[name=text][value=large]").check(force=True)
    page.locator("#reading-help input[name=contrast][value=strong]").check(force=True)
    page.pdf()  # what the printing dialog asks first
    page.wait_for_timeout(200)
    assert [request.post_data for request in told] == ["list", "reading-help", "print"]
    for request in told:
        assert request.url == f"{site}/{lang}/count"
        assert "cookie" not in request.all_headers()


@pytest.mark.parametrize("lang", LANGS)
def test_the_year_is_read_and_printed(desk: Page, staffed: str, lang: str, tmp_path: Path) -> None:
    year = datetime.date.today().year
    sign_in(desk, staffed, lang, "marie", f"/desk/{lang}/report/{year}")
    for width in (1280, 320):
        desk.set_viewport_size({"width": width, "height": 800})
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(desk)
        assert found.violations_count == 0, found.generate_report()
    desk.emulate_media(color_scheme="dark")
    found = Axe().run(desk)
    assert found.violations_count == 0, found.generate_report()
    pdf = tmp_path / "year.pdf"
    desk.pdf(path=str(pdf), prefer_css_page_size=True)
    paper = pypdfium2.PdfDocument(pdf)
    assert 5 < len(paper) < 20
    assert [round(side) for side in paper[0].get_size()] == pytest.approx([595, 842], abs=2), "A4, in points"
    text = "\n".join(sheet.get_textpage().get_text_bounded() for sheet in paper)
    assert "CSV" not in text, "what is only to press is not on paper"
    assert {"fr": "Ce qu'on ne peut pas savoir", "nl": "Wat we niet kunnen weten"}[lang] in text.replace("’", "'")
