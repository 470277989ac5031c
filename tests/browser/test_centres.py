"""A network of centres in a browser: what one offers is widened by one press of a key, and comes back by another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.site import running
from tests.centres import ALL, OFFERED_IN_BRUSSELS, fill, make_network
from tests.conftest import make_centre, record_writer

LANGS = {
    "fr": (
        "Ce que propose Bruxelles, et ce que d'autres centres partagent.",
        "Voir tous les centres",
        "Tous les centres",
    ),
    "nl": ("Wat Brussel aanbiedt, en wat andere centra delen", "Alle centra bekijken", "Alle centra"),
}


@pytest.fixture(scope="module")
def brussels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site of one of three centres."""
    folder = tmp_path_factory.mktemp("centres")
    root = make_centre(folder / "resources")
    make_network(root)
    fill(record_writer(root))
    with running(root, folder, {"CATALOGUE_CENTRE": "bruxelles"}) as address:
        yield address


@pytest.mark.parametrize("lang", LANGS)
def test_one_press_shows_all_centres_and_one_brings_back_ones_own(browser: Browser, brussels: str, lang: str) -> None:
    line, way, every = LANGS[lang]
    context = browser.new_context(viewport={"width": 320, "height": 800}, color_scheme="dark", reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{brussels}/{lang}/search?q=emploi")
    cards = page.locator(".cards .card")
    expect(page.get_by_text(line)).to_be_visible()
    expect(cards).to_have_count(len(OFFERED_IN_BRUSSELS))
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    link = page.get_by_role("link", name=way)
    box = link.bounding_box()
    assert box and box["height"] >= 48
    link.focus()
    page.keyboard.press("Enter")
    expect(cards).to_have_count(len(ALL))
    expect(page.get_by_text(line)).to_have_count(0)
    page.locator(".chips a.chip", has_text=every).focus()
    page.keyboard.press("Enter")
    expect(cards).to_have_count(len(OFFERED_IN_BRUSSELS))
    context.close()
