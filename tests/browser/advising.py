"""What the browser tests of the advisors' pages share: an advisor who is signed in, and what a phone reads."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import sign_in


@dataclass
class Advisor:
    """An advisor at a page, who counts the keys pressed. Text that is typed into a search box counts apart."""

    page: Page
    site: str
    lang: str
    keys: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.keys.append(key)
            self.page.keyboard.press(key)

    def search(self, words: str) -> None:
        """Type words in the search field, where the cursor is by itself, and search."""
        expect(self.page.locator("#advise-q")).to_be_focused()  # a slow browser sets autofocus after "load"
        self.page.keyboard.type(words)
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            self.press("Enter")
        until(self.page, "document.activeElement.name === 'tick'")

    def go(self, path: str) -> None:
        """Open a page below /desk/{lang}/advise/."""
        self.page.goto(f"{self.site}/desk/{self.lang}/advise/{path}")

    def make(self, *ids: str, why: str = "") -> str:
        """Make a list of these documents by the form alone, as a page without script does; return its code."""
        form = [("do", "make"), ("sheet", self.lang)]
        for id in ids:
            form += [("item", id), ("phrase", "own" if why else ""), ("day", ""), ("own", why)]
        answer = self.page.request.post(
            f"{self.site}/desk/{self.lang}/advise/",
            data=urlencode(form),
            headers={"content-type": "application/x-www-form-urlencoded", "origin": self.site},
        )
        return answer.url.rsplit("/", 1)[1]


def until(page: Page, expression: str, seconds: float = 10) -> None:
    """Wait until an expression is true on the page. (Playwright's own wait_for_function is refused by our CSP.)"""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        focused = "document.activeElement.outerHTML.slice(0, 300)"
        assert time.monotonic() < end, f"never true: {expression} (at {page.url}, on {page.evaluate(focused)})"
        page.wait_for_timeout(20)


@contextmanager
def advisor(browser: Browser, site: str, lang: str, **options: object) -> Iterator[Advisor]:
    """An advisor in a browser of their own."""
    wanted = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", "locale": f"{lang}-BE", **options}
    context = browser.new_context(**wanted)  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, site, lang, then=f"/desk/{lang}/advise/")
    yield Advisor(page, site, lang)
    context.close()


def read_qr(picture: Image.Image) -> str:
    """Return what a phone reads in a picture."""
    found = zxingcpp.read_barcodes(picture)
    assert len(found) == 1, f"{len(found)} codes"
    return str(found[0].text)
