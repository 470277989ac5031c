"""Results with pictures, in a browser: switched to and opened by keyboard, wide and narrow, light and dark."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import watched

ASKED = {"fr": "infirmier", "nl": "verpleegkundige"}
WITH_PICTURES = {"fr": "Avec images", "nl": "Met afbeeldingen"}
FIRST_PAGE = {"fr": "La première page de ce document", "nl": "De eerste bladzijde van dit document"}
SHEET = "metier-nurse"  # has a PDF in each language


def until_made(page: Page, address: str) -> None:
    """Open a page until its picture is there: pictures are made in the background, right after the start."""
    for _ in range(150):
        page.goto(address)
        if page.locator(".cover img").count():
            return
        page.wait_for_timeout(200)
    pytest.fail("the picture was not made")


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_results_with_pictures_by_keyboard(browser: Browser, site: str, lang: str) -> None:
    scheme: Literal["light", "dark"] = "dark" if lang == "nl" else "light"
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce", color_scheme=scheme)
    with watched(context, site) as page:
        until_made(page, f"{site}/{lang}/record/{SHEET}")
        expect(page.get_by_role("img", name=FIRST_PAGE[lang])).to_be_visible()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.goto(f"{site}/{lang}/search?q={ASKED[lang]}")
        expect(page.locator(".cover")).to_have_count(0)
        page.get_by_role("link", name=WITH_PICTURES[lang]).focus()
        page.keyboard.press("Enter")
        chosen = page.get_by_role("link", name=WITH_PICTURES[lang])
        expect(chosen).to_have_attribute("aria-current", "true")
        sheet = page.locator(".cover-card").filter(has=page.locator("img")).first
        image = sheet.locator("img")
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("image => image.naturalWidth") >= 160
        tops = [card.bounding_box() for card in page.locator(".cover-card").all()[:3]]
        assert len({box and round(box["y"]) for box in tops}) == 1, "beside one another"
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        for width in (320, 768):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        chosen.focus()
        page.keyboard.press("Tab")
        expect(page.locator(".cover-card .card-title a").first).to_be_focused()
        sheet.locator(".cover").scroll_into_view_if_needed()
        box = sheet.locator(".cover").bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)  # it leads where the title does
        page.wait_for_url(f"{site}/{lang}/record/{SHEET}")
    context.close()
