"""Results with pictures, in a browser: switched to and opened by keyboard, without script, narrow, in the dark."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import watched
from tests.browser.site import example, running
from tests.media_samples import picture

SHEET = Path(__file__).parents[2] / "resources" / "media" / "metier-nurse-nl.pdf"
WITH_PICTURES = {"fr": "Avec images", "nl": "Met afbeeldingen"}
FIRST_PAGE = {"fr": "La première page de ce document", "nl": "De eerste bladzijde van dit document"}
RECORD = """kind: guide
themes: [learn]
title: {fr: Zythologie pratique, nl: Zythologie in de praktijk}
holdings: [{file: media/sheet.pdf}]
status: published
"""


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    work = tmp_path_factory.mktemp("gallery")
    resources = example(work, hard_cases=True)
    shutil.copy(SHEET, resources / "media" / "sheet.pdf")
    (resources / "media" / "photo.jpg").write_bytes(picture("JPEG", (500, 300)))
    (resources / "records" / "sheet.yaml").write_text(RECORD, encoding="utf-8")
    own = RECORD.replace("praktijk}", "foto's}") + "cover: {file: media/photo.jpg, alt: {fr: Un verre, nl: Een glas}}\n"
    (resources / "records" / "photo.yaml").write_text(own, encoding="utf-8")
    (resources / "records" / "bare.yaml").write_text(RECORD.replace("file: media/sheet.pdf", "shelf: B2.14"))
    with running(resources, work) as address:
        yield address


def with_pictures(page: Page, address: str, number: int) -> None:
    """Open a page until its pictures are there: they are made in the background, right after the start."""
    for _ in range(100):
        page.goto(address)
        if page.locator(".cover img").count() == number:
            return
        page.wait_for_timeout(200)
    pytest.fail("the pictures were not made")


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_results_with_pictures_by_keyboard(browser: Browser, gallery: str, lang: str) -> None:
    scheme = {"fr": "light", "nl": "dark"}[lang]
    context = browser.new_context(
        viewport={"width": 1280, "height": 900},
        reduced_motion="reduce",
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    with watched(context, gallery) as page:
        with_pictures(page, f"{gallery}/{lang}/search?q=zythologie&view=covers", 2)
        page.goto(f"{gallery}/{lang}/search?q=zythologie")
        expect(page.locator(".cover")).to_have_count(0)
        page.get_by_role("link", name=WITH_PICTURES[lang]).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=WITH_PICTURES[lang])).to_have_attribute("aria-current", "true")
        cards = page.locator(".cover-card")
        expect(cards).to_have_count(3)
        for image in page.locator(".cover img").all():
            image.scroll_into_view_if_needed()
            expect(image).to_have_js_property("complete", True)
            assert image.evaluate("image => image.naturalWidth") > 0
        rows = {round(card.bounding_box()["y"]) for card in cards.all()}  # type: ignore[index]
        assert len(rows) == 1, "beside one another"
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        for width in (320, 768):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        card = cards.filter(has=page.locator("img")).first
        link = card.get_by_role("link").first
        page.locator(".views a").last.focus()
        page.keyboard.press("Tab")
        expect(page.locator(".cover-card").first.get_by_role("link").first).to_be_focused()
        href = link.get_attribute("href")
        card.locator(".cover").scroll_into_view_if_needed()
        box = card.locator(".cover").bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)  # it leads where the title does
        page.wait_for_url(f"{gallery}{href}")
        expect(page.get_by_role("img", name="Un verre" if lang == "fr" else "Een glas")).to_have_count(
            1 if href == f"/{lang}/record/photo" else 0
        )
        page.goto(f"{gallery}/{lang}/record/sheet")
        expect(page.get_by_role("img", name=FIRST_PAGE[lang])).to_be_visible()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    context.close()
