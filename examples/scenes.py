"""What each scene of the film shows: the real pages of the catalogue, with a ring around what is spoken of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import FloatRect, Locator, Page

_RECORD = "metier-electrician"
_LISTED = f'["{_RECORD}", "actiris"]'
_BEGUN = {"fr": "electric", "nl": "elektric"}
_WORD = {"fr": "electricien", "nl": "elektricien"}
_INSIDE = {"fr": "fusibles", "nl": "zekeringen"}  # stands in the sheet, nowhere in its record
_AT_TOP = 24
"""Pixels between the top of the picture and what is higher than it."""

Act = Callable[[Page, str, str], None]


@dataclass(frozen=True)
class Scene:
    """How to come to a picture: ``act`` goes there (page, address of the site, language); ``ring`` is a selector."""

    act: Act
    ring: str


def _at(path: str) -> Act:
    def go(page: Page, site: str, lang: str) -> None:
        page.goto(f"{site}{path.format(lang=lang, word=_WORD[lang], record=_RECORD)}")

    return go


def _suggestions(page: Page, site: str, lang: str) -> None:
    page.goto(f"{site}/{lang}/")
    page.locator("#q").press_sequentially(_BEGUN[lang])
    page.locator("[role=option]").first.wait_for()


def _inside(page: Page, site: str, lang: str) -> None:
    """Search a word that stands in a sheet only; the site may still be reading its files."""
    for _ in range(60):
        page.goto(f"{site}/{lang}/search?q={_INSIDE[lang]}")
        if page.locator(".card-inside").count():
            return
        page.wait_for_timeout(1000)


def _added(page: Page, site: str, lang: str) -> None:
    page.goto(f"{site}/{lang}/record/{_RECORD}")
    page.locator(".record-head .list-button").click()


def _listed(page: Page, site: str, lang: str) -> None:
    page.goto(f"{site}/{lang}/list")
    page.evaluate(f"sessionStorage.setItem('catalogue.list', '{_LISTED}')")
    page.reload()
    page.locator(".item").nth(1).wait_for()


SCENES: Mapping[str, Scene] = {
    "entrance": Scene(_at("/"), ".doors"),
    "home": Scene(_at("/{lang}/"), ".search-row"),
    "suggestions": Scene(_suggestions, ".suggestions"),
    "results": Scene(_at("/{lang}/search?q={word}"), ".cards > li"),
    "inside": Scene(_inside, ".card:has(.card-inside)"),
    "filters": Scene(_at("/{lang}/search?q={word}"), ".filters"),
    "record": Scene(_at("/{lang}/record/{record}"), ".obtain"),
    "add": Scene(_added, ".record-head .list-button"),
    "list": Scene(_listed, "[data-part=actions]"),
    "adviser": Scene(_at("/{lang}/"), ".talk"),
    "done": Scene(_listed, ".visit-bar [data-visit=end]"),
}
"""By the id of the scene in ``film.yaml``; the others are cards of text."""


def shoot(page: Page, site: str, lang: str, scene: Scene) -> tuple[bytes, FloatRect]:
    """Return a picture of a scene (PNG) and the box of its ring, in pixels of the page.

    Raises RuntimeError where the page does not show what the scene is about.
    """
    scene.act(page, site, lang)
    ring = page.locator(scene.ring).first
    page.evaluate("y => window.scrollTo(0, y)", _above(ring, page))
    return page.screenshot(animations="disabled", caret="hide"), _box(ring, page)


def _above(ring: Locator, page: Page) -> float:
    """Return how far to scroll for the ring to stand in the middle, or at the top where it is higher than the page."""
    page.evaluate("window.scrollTo(0, 0)")
    box, height = _box(ring, page), (page.viewport_size or {"height": 0})["height"]
    return box["y"] - max(_AT_TOP, (height - box["height"]) / 2)


def _box(ring: Locator, page: Page) -> FloatRect:
    box = ring.bounding_box()
    if box is None:
        raise RuntimeError(f"what the scene is about does not show on {page.url}")
    return box
