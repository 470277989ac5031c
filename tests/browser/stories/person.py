"""A person at a screen of the centre: what they do is counted, and what they find is looked for as they would.

One interaction is a click or a tap, a key that does something, or one text that is typed, however long. Reading,
scrolling and moving the focus (the tab key, the arrows) do nothing by themselves: moves are counted apart.
Things are found by role and name, as they stand in the accessibility tree, in the words of the person's language.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import pypdfium2
from playwright.sync_api import Browser, Locator, Page, expect

from catalogue.i18n import languages

Role = Literal["button", "checkbox", "combobox", "heading", "link", "list", "radio", "searchbox", "status", "textbox"]

# There is no printer in a browser without a window: what is asked of it is noted, and the test makes the PDF.
PRINTER = "window.print = () => { document.documentElement.dataset.sent = 'printer' }"
DOORS = {"fr": "Français", "nl": "Nederlands"}
ENTRANCE_BUTTONS = {"fr": "Ouvrir ma liste", "nl": "Mijn lijst openen"}


@dataclass
class Person:
    """Someone at a page of the site, who reads ``lang``."""

    page: Page
    site: str
    lang: str
    interactions: int = 0
    keys: int = 0
    moves: int = 0
    mishaps: list[str] = field(default_factory=list)

    # --- what is counted ---

    def click(self, thing: Locator) -> None:
        """Click or tap."""
        self.interactions += 1
        thing.click()

    def type(self, text: str) -> None:
        """Type a text in the field where the cursor stands."""
        self.interactions += 1
        expect(self.page.locator(":is(input, textarea):focus")).to_have_count(1)  # autofocus comes after "load"
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        """Press a key, or keys together, that does something."""
        self.interactions += 1
        self.keys += len(key.split("+"))
        self.page.keyboard.press(key)

    def select(self, field_name: str, value: str) -> None:
        """Open a list of values and take one, both by their words of the site."""
        self.interactions += 2
        self.page.get_by_label(self.word(field_name)).select_option(label=self.word(value))

    def move(self, key: str = "Tab") -> None:
        """Move the focus by a key."""
        self.moves += 1
        self.page.keyboard.press(key)

    def move_to(self, role: Role, name: str | re.Pattern[str], key: str = "Tab", most: int = 60) -> Locator:
        """Move the focus, at most ``most`` times, to what has this role and name. Raises AssertionError."""
        self.page.wait_for_load_state()  # the page's own scripts have run: nothing changes under the focus
        wanted = self.page.get_by_role(role, name=name).and_(self.page.locator(":focus"))
        for _ in range(most):
            self.move(key)
            if wanted.count():
                return wanted
        raise AssertionError(f"{role} {name!r} is not reached by {most} times {key}")

    # --- what a person sees ---

    def word(self, msgid: str) -> str:
        """Return a word of the site in the person's language."""
        return languages()[self.lang].gettext(msgid)

    def link(self, name: str, exact: bool = False) -> Locator:
        """The first link of this name."""
        return self.page.get_by_role("link", name=name, exact=exact).first

    def button(self, msgid: str) -> Locator:
        """The first button with this word of the site."""
        return self.page.get_by_role("button", name=self.word(msgid)).first

    def card(self, title: str) -> Locator:
        """What a list of documents shows of the document with this title."""
        heading = self.page.get_by_role("heading", name=title, exact=True)
        return self.page.locator("article:visible, li.item:visible").filter(has=heading).first

    # --- what most people do ---

    def come_in(self) -> None:
        """Go to the entrance, as it stands on every PC, and choose a language."""
        self.page.goto(self.site)
        self.click(self.link(DOORS[self.lang]))
        expect(self.page.locator("html")).to_have_attribute("lang", self.lang)

    def open_code(self, code: str) -> None:
        """Go to the entrance and type a code."""
        self.page.goto(self.site)
        self.click(self.page.get_by_role("textbox"))
        self.type(code)
        self.click(self.page.get_by_role("button", name=ENTRANCE_BUTTONS[self.lang]))
        opened = re.compile("|".join(self.word(text) for text in ("A list for you", "Your list")))
        expect(self.page.get_by_role("heading", level=1)).to_have_text(opened)

    def choose(self, title: str) -> None:
        """Put a document of this page on the own list."""
        chosen = self.card(title).get_by_role("button", name=self.word("Add to my list"))
        self.click(chosen)
        expect(self.page.locator("#list-status")).to_contain_text(title)

    def open_list(self, count: int) -> None:
        """Open the own list, on which ``count`` documents are."""
        self.click(self.link(f"{self.word('My list')} ({count})", exact=True))
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.word("My list"))
        expect(self.page.locator("ol.items > li")).to_have_count(count)

    def print(self) -> str:
        """Print the page; return the words on the paper, without what a line break adds or takes away."""
        self.click(self.page.get_by_role("button", name=self.word("Print"), exact=True))
        expect(self.page.locator("html")).to_have_attribute("data-sent", "printer")
        return self.paper()

    def paper(self) -> str:
        """Return the words of this page on paper, squeezed."""
        document = pypdfium2.PdfDocument(io.BytesIO(self.page.pdf(prefer_css_page_size=True)))
        return squeezed("".join(sheet.get_textpage().get_text_range() for sheet in document))

    def may_leave(self) -> None:
        """Nothing went wrong on the way and nothing was left in the browser's cookies."""
        assert self.mishaps == []
        assert self.page.context.cookies() == []


def squeezed(text: str) -> str:
    """Return a text without spaces, hyphens and what a line break adds."""
    return re.sub(r"[\s\u00ad\u0002\ufffe-]+", "", text)


@contextmanager
def person(browser: Browser, site: str, lang: str, **options: object) -> Iterator[Person]:
    """Someone at a station of their own: a browser that has seen nobody before."""
    wanted = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", "locale": f"{lang}-BE", **options}
    context = browser.new_context(**wanted)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(PRINTER)
    one = Person(page, site, lang)
    page.on("pageerror", lambda error: one.mishaps.append(f"script error: {error}"))
    page.on("request", lambda r: None if r.url.startswith((site, "blob:", "data:")) else one.mishaps.append(r.url))
    yield one
    context.close()
