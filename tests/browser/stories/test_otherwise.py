"""People who read, see or point otherwise, or who hold the catalogue in their hand."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.stories.person import Person, person
from tests.browser.stories.told import INTERACTIONS, MOST

both = pytest.mark.parametrize("lang", ["fr", "nl"])

MOST_MOVES = 50
"""Tab keys from the entrance to the printer: a screen reader's jumps by heading and landmark only make it fewer."""

NO_POINTER = """
for (const kind of ["pointerdown", "mousedown", "touchstart"]) {
  addEventListener(kind, () => { throw new Error("a pointer was used") }, true);
}
"""


def hears(one: Person, text: str) -> None:
    """A live region of the accessibility tree says so."""
    said = one.page.get_by_role("status").or_(one.page.locator("[aria-live=polite]")).filter(has_text=text)
    expect(said.first).to_be_attached()


@both
def test_a_blind_visitor_by_keyboard_and_accessibility_tree(browser: Browser, staffed: str, lang: str) -> None:
    query = {"fr": "infirmière", "nl": "verpleger"}[lang]
    with person(browser, staffed, lang) as one:
        one.page.add_init_script(NO_POINTER)
        one.page.goto(staffed)
        one.move_to("link", re.compile({"fr": "^Français", "nl": "^Nederlands"}[lang]))
        one.press("Enter")
        one.page.wait_for_url(f"**/{lang}/")
        one.move_to("combobox", one.word("What are you looking for?"))
        one.type(query)
        one.press("Enter")
        one.page.wait_for_url("**/search?q=*")
        expect(one.page.get_by_role("heading", level=1)).to_have_text(re.compile(rf"\d+ .*{query}"))
        one.move_to("link", one.word("Go to the content"))
        one.press("Enter")
        one.move_to("link", one.word("Go to the results"))
        one.press("Enter")
        one.move_to("link", re.compile({"fr": "infirmi", "nl": "erpleeg"}[lang]))
        one.press("Enter")
        expect(one.page.get_by_role("heading", level=1)).to_have_text(re.compile(r"infirmi|erpleeg"))
        one.move_to("link", one.word("Go to the content"))
        one.press("Enter")
        one.move_to("button", re.compile(f"^{one.word('Add to my list')}"))
        one.press("Space")
        hears(one, {"fr": "est sur votre liste", "nl": "staat op je lijst"}[lang])
        expect(one.page.get_by_role("button", pressed=True)).to_have_count(1)
        one.move_to("link", f"{one.word('My list')} (1)", key="Shift+Tab")
        one.press("Enter")
        expect(one.page.get_by_role("heading", level=1)).to_have_text(one.word("My list"))
        expect(one.page.get_by_role("main").get_by_role("list").get_by_role("heading", level=2).first).to_be_visible()
        one.move_to("button", one.word("Print"))
        one.press("Enter")
        expect(one.page.locator("html")).to_have_attribute("data-sent", "printer")
        assert "K4.11" in one.paper()
        assert one.interactions == INTERACTIONS["blind"] <= MOST
        assert one.moves <= MOST_MOVES
        one.may_leave()


@both
def test_a_newcomer_who_reads_only_arabic(browser: Browser, staffed: str, lang: str) -> None:
    """The interface has no Arabic: what they read is in Arabic, the rest is short, has an icon, and goes on paper."""
    record = "choisir-son-bureau-d-accueil"
    with person(browser, staffed, lang) as one:
        one.page.goto(staffed)
        door = one.link("العربية", exact=True)
        expect(door).to_have_attribute("lang", "ar")
        one.click(door)
        expect(one.page.get_by_role("heading", level=1)).to_have_text("العربية")
        expect(one.page.locator("header[lang=ar]")).to_have_attribute("dir", "rtl")
        expect(one.page.locator(".language-documents li").filter(has_text="B4.14")).to_be_visible()
        one.click(one.page.locator(f".language-documents a[href='/{lang}/record/{record}']"))
        one.click(one.page.locator(".record").get_by_role("button", name=one.word("Add to my list")))
        one.open_list(1)
        assert "B4.14" in one.print()
        assert one.interactions == INTERACTIONS["newcomer"] <= MOST
        one.may_leave()


@both
def test_a_low_reader_with_reading_help(browser: Browser, staffed: str, lang: str) -> None:
    question = {"fr": "Je n'ai pas de diplôme, que puis-je faire ?", "nl": "Ik heb geen diploma, wat kan ik doen?"}
    with person(browser, staffed, lang) as one:
        one.come_in()
        one.click(one.button("Reading help"))
        one.click(one.page.get_by_text(one.word("Very large"), exact=True))
        one.click(one.page.get_by_text(one.word("Show the easy text first, where there is one")))
        one.click(one.page.get_by_role("button", name=one.word("Close"), exact=True))
        one.click(one.link(question[lang]))
        card = one.card("Actiris")
        expect(card.locator(".card-easy")).to_be_visible()
        expect(card.locator(".card-summary")).to_be_hidden()
        assert one.page.evaluate("parseFloat(getComputedStyle(document.querySelector('.card-easy p')).fontSize)") >= 20
        one.choose("Actiris")
        one.open_list(1)
        assert "Actiris" in one.print()
        assert one.interactions == INTERACTIONS["low-reader"] <= MOST
        one.may_leave()


@both
def test_a_phone_of_360_pixels_opens_the_list_of_a_qr_code(browser: Browser, staffed: str, lang: str) -> None:
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 3}
    with person(browser, staffed, lang, **phone) as one:
        one.page.goto(f"{staffed}/{lang}/list#ids=actiris,metier-nurse,cefa")
        expect(one.page.locator("ol.items > li")).to_have_count(3)
        assert one.page.evaluate("document.documentElement.scrollWidth") == 360
        one.click(one.button("Take into my list"))
        one.click(one.button("Copy as text"))
        one.click(one.link("Actiris", exact=True))
        expect(one.page.get_by_role("heading", level=1)).to_have_text("Actiris")
        assert one.page.evaluate("document.documentElement.scrollWidth") == 360
        expect(one.page.get_by_role("link", name=f"{one.word('My list')} (3)")).to_be_visible()
        assert one.interactions == INTERACTIONS["phone"] <= MOST
        one.may_leave()
