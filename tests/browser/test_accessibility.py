"""Axe on every page, in light and dark, wide and narrow: no finding at all."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.test_visitor import EVERY_PAGE


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
@pytest.mark.parametrize("path", EVERY_PAGE)
def test_axe_finds_nothing(browser: Browser, site: str, lang: str, path: str) -> None:
    scheme: Literal["light", "dark"] = "dark" if lang == "nl" else "light"
    width = 390 if lang == "en" else 1280
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(site + path.format(lang=lang))
    # What is folded away is looked at too.
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()
