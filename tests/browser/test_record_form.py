"""The record form in a browser: a real leaflet in few interactions, nothing typed is lost, everything by keyboard."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, sign_in
from tests.browser.stories.person import Person, person

both = pytest.mark.parametrize("lang", ["fr", "nl"])
MOST = 25
"""Interactions from the sign-in page until a visitor finds a leaflet (issue 6)."""
MOST_OF_A_PILE = 12

TITLES = {"fr": "Les métiers de la neige à Bruxelles", "nl": "Sneeuwberoepen in Brussel"}
WORDS = {
    "fr": {
        "found": "neige",
        "kept": "Gardé à",
        "saved": "Les visiteurs voient la notice",
        "conflict": "Quelqu'un d'autre",
    },
    "nl": {"found": "sneeuwberoepen", "kept": "Bewaard om", "saved": "Bezoekers zien de", "conflict": "Iemand anders"},
}


def fill(one: Person, name: str, text: str) -> None:
    """Click into a field and type: two interactions are one click and one text, as the stories count."""
    one.interactions += 1
    one.page.locator(f"[name='{name}']").fill(text)


def tick(one: Person, name: str, value: str) -> None:
    one.click(one.page.locator(f"[name='{name}'][value='{value}']"))


def pick(one: Person, name: str, text: str) -> None:
    """Type the beginning of a name and take the first that is offered."""
    field = one.page.locator(f"[name='{name}.add']")
    one.interactions += 1
    field.press_sequentially(text)
    expect(one.page.locator(".offered [role=option]:visible").first).to_be_visible()
    one.press("Enter")
    expect(one.page.locator(f"[type=hidden][name='{name}']")).to_have_count(1)


def leaflet(one: Person, lang: str, title: str = "") -> None:
    for code in ("fr", "nl"):
        fill(one, f"title.{code}", title or TITLES[code])
        fill(one, f"summary.{code}", f"{TITLES[code]} – {code}")
    tick(one, "themes", "work")


@both
def test_a_leaflet_from_sign_in_until_a_visitor_finds_it(browser: Browser, staffed: str, lang: str) -> None:
    with person(browser, staffed, lang) as dirk, person(browser, staffed, lang) as visitor:
        page = dirk.page
        page.goto(f"{staffed}/desk/{lang}/")
        dirk.type("dirk")
        dirk.press("Tab")
        dirk.type(PASSWORD)
        dirk.press("Enter")
        dirk.click(page.locator(".desk-tasks a[href$='records/new']"))
        dirk.interactions += 1
        page.locator("[name=kind]").select_option("guide")
        leaflet(dirk, lang)
        fill(dirk, "holdings.0.shelf", "K1.99")
        dirk.interactions += 1
        page.locator("[name='holdings.0.use']").select_option("take")
        fill(dirk, "holdings.1.url", "https://example.org/neige")
        pick(dirk, "publisher", "actir")
        tick(dirk, "audiences", "jobseekers")
        tick(dirk, "languages", "fr")
        tick(dirk, "languages", "nl")
        dirk.click(page.locator("button[value=publish]"))
        expect(page.get_by_role("status").first).to_contain_text(WORDS[lang]["saved"])
        id = page.url.split("/records/")[1].split("?")[0]
        visitor.page.goto(f"{staffed}/{lang}/")
        visitor.page.locator("#q").click()
        visitor.type(WORDS[lang]["found"])
        visitor.press("Enter")
        visitor.page.wait_for_url("**/search?**")
        expect(visitor.page.locator(".card-title").first).to_have_text(TITLES[lang])
        assert dirk.interactions + visitor.interactions + 1 <= MOST, (dirk.interactions, visitor.interactions)
        # and away again, so that the next run finds the house as it was
        page.locator("button[value=withdraw]").click()
        expect(page.locator("#f-status")).to_have_value("withdrawn")
        assert id


@both
def test_the_second_brochure_of_a_pile(browser: Browser, staffed: str, lang: str) -> None:
    with person(browser, staffed, lang) as dirk:
        sign_in(dirk.page, staffed, lang, "dirk", f"/desk/{lang}/records/new")
        page = dirk.page
        page.locator("[name=kind]").select_option("guide")
        leaflet(dirk, lang, "Pile un")
        first = {"fr": 71, "nl": 81}[lang]  # on the shelf of one language there is nothing of the other
        fill(dirk, "holdings.0.shelf", f"K1.{first}")
        pick(dirk, "publisher", "actir")
        dirk.click(page.locator("button[value=next]"))
        page.wait_for_url("**/records/new?pile=**")
        dirk.interactions = 0
        expect(page.locator("[name='holdings.0.shelf']")).to_have_value(f"K1.{first + 1}")
        expect(page.locator("[type=hidden][name=publisher]")).to_have_value("actiris")
        for code in ("fr", "nl"):
            fill(dirk, f"title.{code}", "Pile deux")
            fill(dirk, f"summary.{code}", "Deux.")
        dirk.click(page.locator("button[value=next]"))
        page.wait_for_url("**/records/new?pile=pile-deux**")
        assert dirk.interactions <= MOST_OF_A_PILE


@both
def test_what_is_typed_is_kept_when_the_tab_dies(browser: Browser, staffed: str, lang: str) -> None:
    with person(browser, staffed, lang) as dirk:
        page = dirk.page
        sign_in(page, staffed, lang, "dirk", f"/desk/{lang}/records/metier-nurse")
        summary = page.locator("[name='summary.nl']")
        before = summary.input_value()
        summary.fill("Een zin die niemand opsloeg")
        expect(page.locator("#draft-said")).to_contain_text(WORDS[lang]["kept"])
        expect(page.locator(".small-card[lang=nl]")).to_contain_text("Een zin die niemand")
        page.close(run_before_unload=False)
        again = dirk.page.context.new_page()
        again.goto(f"{staffed}/desk/{lang}/records/metier-nurse")
        expect(again.locator("[name='summary.nl']")).to_have_value(before)
        again.locator("a[href='?draft=1']").click()
        expect(again.locator("[name='summary.nl']")).to_have_value("Een zin die niemand opsloeg")
        again.goto(f"{staffed}/desk/{lang}/records/metier-nurse")
        again.locator("button[value=discard]").click()
        expect(again.locator(".unfinished")).to_have_count(0)


@both
def test_two_browsers_on_one_record(browser: Browser, staffed: str, lang: str) -> None:
    with person(browser, staffed, lang) as dirk, person(browser, staffed, lang) as piet:
        path = f"/desk/{lang}/records/metier-baker"
        for one, name in ((dirk, "dirk"), (piet, "piet")):
            sign_in(one.page, staffed, lang, name, path)
        number = dirk.page.locator("[name='year']").input_value() or "2020"
        piet.page.locator("[name='title.en']").fill(f"Teacher {lang}")
        piet.page.locator("[name='year']").fill(str(int(number) + 1))
        piet.page.locator(".save-buttons .primary").click()
        expect(piet.page.get_by_role("status").first).to_contain_text(WORDS[lang]["saved"])
        dirk.page.locator("[name='year']").fill(str(int(number) + 2))
        dirk.page.locator(".save-buttons .primary").click()
        expect(dirk.page.get_by_role("alert").first).to_contain_text(WORDS[lang]["conflict"])
        expect(dirk.page.locator("[name='title.en']")).to_have_value(f"Teacher {lang}")
        expect(dirk.page.locator("[name='year']")).to_have_value(str(int(number) + 2))
        dirk.page.locator("button[value='theirs:year']").click()
        expect(dirk.page.locator("[name='year']")).to_have_value(str(int(number) + 1))
        dirk.page.locator(".save-buttons .primary").click()
        expect(dirk.page.get_by_role("status").first).to_contain_text(WORDS[lang]["saved"])


def test_names_by_keyboard_alone(browser: Browser, staffed: str) -> None:
    with person(browser, staffed, "nl") as dirk:
        page = dirk.page
        sign_in(page, staffed, "nl", "dirk", "/desk/nl/records/new")
        field = page.locator("[name='occupations.add']")
        field.focus()
        for text in ("verpleegk", "leraar"):
            page.keyboard.type(text)
            expect(page.locator(".offered [role=option]:visible").first).to_be_visible()
            page.keyboard.press("ArrowDown")
            page.keyboard.press("ArrowUp")
            page.keyboard.press("Enter")
            expect(field).to_have_value("")
        chips = page.locator("[data-picker=occupations] .chip")
        expect(chips).to_have_count(2)
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        expect(chips).to_have_count(1)
        expect(field).to_be_focused()
        page.keyboard.type("zzzz")
        expect(page.locator(".offered .none:visible")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".offered:visible")).to_have_count(0)


@pytest.mark.parametrize("path", ["records/new", "records/metier-nurse"])
@pytest.mark.parametrize("width", [1280, pytest.param(768, marks=pytest.mark.soak)])
def test_axe_finds_nothing_in_the_form(browser: Browser, staffed: str, path: str, width: int) -> None:
    with person(browser, staffed, "nl") as dirk:
        page: Page = dirk.page
        page.set_viewport_size({"width": width, "height": 800})
        sign_in(page, staffed, "nl", "dirk", f"/desk/nl/{path}")
        page.locator("[name='subjects.add']").press_sequentially("le")
        expect(page.locator(".offered [role=option]:visible").first).to_be_visible()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        if path == "records/new":
            page.locator("button[value=publish]").click()
            page.wait_for_load_state()
            expect(page.get_by_role("alert")).to_be_visible()
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide
        assert re.search("records", page.url)
