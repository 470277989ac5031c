"""The documentalist's records: found, changed together, undone, brought back; by keyboard; axe finds nothing."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import sign_in

WORDS = {
    "fr": {
        "search": "Rechercher",
        "together": "Modifier ensemble les notices choisies",
        "for whom": "Pour qui",
        "look": "Voir ce qui changerait",
        "done": "La modification est faite",
        "undo": "Annuler cela",
        "undone": "C'est annulé",
        "restore": "Rétablir cette version",
        "restored": "La version est rétablie",
    },
    "nl": {
        "search": "Zoeken",
        "together": "Gekozen beschrijvingen samen wijzigen",
        "for whom": "Voor wie",
        "look": "Bekijk wat er zou veranderen",
        "done": "De wijziging is gebeurd",
        "undo": "Ongedaan maken",
        "undone": "Het is ongedaan gemaakt",
        "restore": "Deze versie terugzetten",
        "restored": "De versie is teruggezet",
    },
}
APPLY = {"fr": re.compile("^Modifier ce(s|tte) "), "nl": re.compile("^Deze .*beschrijvingen? wijzigen")}
LANGS = sorted(WORDS)


def change_together(page: Page, lang: str) -> None:
    """Search, choose three, give them one more audience; stand on the page of what was done."""
    words = WORDS[lang]
    page.locator("#find-q").fill("actiris")
    page.keyboard.press("Enter")
    page.wait_for_url("**/records?q=actiris*")
    for row in range(3):
        page.locator('[name="id"]').nth(row).check()
    expect(page.get_by_role("button", name=f"{words['together']} (3)")).to_be_visible()
    page.get_by_role("button", name=f"{words['together']} (3)").click()
    page.get_by_role("button", name=words["for whom"], exact=True).click()
    expect(page.locator('[data-value="old"]')).to_be_hidden()
    page.locator("#new").select_option("undocumented")
    page.get_by_role("button", name=words["look"]).click()
    expect(page.locator("main ins").first).to_be_visible()
    page.get_by_role("button", name=APPLY[lang]).click()
    expect(page.get_by_role("status")).to_contain_text(words["done"])


@pytest.mark.parametrize("lang", LANGS)
def test_change_together_and_undo(desk: Page, staffed: str, lang: str) -> None:
    sign_in(desk, staffed, lang, "dirk", f"/desk/{lang}/records")
    change_together(desk, lang)
    desk.get_by_role("button", name=WORDS[lang]["undo"]).click()
    expect(desk.get_by_role("status")).to_contain_text(WORDS[lang]["undone"])


@pytest.mark.parametrize("lang", LANGS)
def test_bring_a_version_back(desk: Page, staffed: str, lang: str) -> None:
    sign_in(desk, staffed, lang, "dirk", f"/desk/{lang}/records")
    change_together(desk, lang)
    desk.locator(".changed-files a[href$='/history']").first.click()
    desk.locator(".doings a").nth(1).click()
    desk.get_by_role("button", name=WORDS[lang]["restore"]).click()
    expect(desk.get_by_role("status")).to_contain_text(WORDS[lang]["restored"])
    desk.goto(f"{staffed}/desk/{lang}/actions/?kind=bulk")
    desk.locator(".doings a").first.click()
    desk.get_by_role("button", name=WORDS[lang]["undo"]).click()
    # One of the three was brought back by itself: it is left, and named.
    expect(desk.get_by_role("alert").locator("li")).to_have_count(1)


def test_by_keyboard_alone(desk: Page, staffed: str) -> None:
    sign_in(desk, staffed, "nl", "dirk", "/desk/nl/records?q=actiris")

    def go_to(selector: str) -> None:
        for _ in range(120):
            desk.keyboard.press("Tab")
            if desk.evaluate("selector => document.activeElement.matches(selector)", selector):
                assert desk.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
                return
        raise AssertionError(f"{selector} is not reached")

    def press(selector: str) -> None:
        go_to(selector)
        with desk.expect_navigation():
            desk.keyboard.press("Enter")

    go_to("[data-all]")
    desk.keyboard.press("Space")
    assert desk.locator('[name="id"]:not(:checked)').count() == 0
    press('[value="choose"]')
    press('[value="field:review_by"]')
    go_to('[name="does"]')
    go_to("#new")
    desk.locator("#new").fill("2027-10-02")
    press('[value="preview"]')
    press('[value="apply"]')
    expect(desk.get_by_role("status")).to_contain_text("De wijziging is gebeurd")
    press('form[action$="/undo"] button')
    expect(desk.get_by_role("status")).to_contain_text("ongedaan gemaakt")


def test_shift_chooses_all_between(desk: Page, staffed: str) -> None:
    sign_in(desk, staffed, "fr", "dirk", "/desk/fr/records")
    rows = desk.locator('[name="id"]')
    rows.nth(2).click()
    rows.nth(6).click(modifiers=["Shift"])
    expect(desk.locator('[name="id"]:checked')).to_have_count(5)
    expect(desk.locator("[data-count]")).to_have_text(" (5)")


def test_without_script_it_all_works(browser: Browser, staffed: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, staffed, "fr", "dirk", "/desk/fr/records?q=actiris")
    page.locator('[name="id"]').first.check()
    page.locator('[value="choose"]').click()
    page.locator('[value="field:year"]').click()
    page.locator('[name="does"][value="set"]').check()
    page.locator("#new").fill("2031")
    page.locator('[value="preview"]').click()
    page.locator('[value="apply"]').click()
    expect(page.get_by_role("status")).to_be_visible()
    page.locator('form[action$="/undo"] button').click()
    expect(page.get_by_role("status")).to_be_visible()
    context.close()


STATES = ("records", "nothing", "choose", "how", "wrong", "preview", "done", "history", "version", "actions")


def show(page: Page, staffed: str, lang: str, state: str) -> None:
    """Bring a page of the records into a state."""
    below = f"{staffed}/desk/{lang}"
    sign_in(page, staffed, lang, "dirk", f"/desk/{lang}/records?kind=organisation")
    paths = {"nothing": "records?q=xyzxyz", "history": "records/actiris/history", "actions": "actions/"}
    if state in paths:
        page.goto(f"{below}/{paths[state]}")
    elif state == "version":
        page.goto(f"{below}/records/actiris/history")
        page.locator(".doings a").last.click()
    elif state != "records":
        page.locator('[name="id"]').nth(1).check()
        page.locator('[value="choose"]').click()
    if state in ("how", "wrong", "preview", "done"):
        page.locator('[value="field:year"]').click()
        page.locator('[name="does"]').last.check()
        page.locator('[name="does"]').first.check()
    if state == "wrong":
        page.locator('[value="preview"]').click()
        page.get_by_role("alert").wait_for()
    if state in ("preview", "done"):
        page.locator("#new").fill("2030" if page.locator("main").inner_text().find("2030") < 0 else "2031")
        page.locator('[value="preview"]').click()
    if state == "done":
        page.locator('[value="apply"]').click()
        page.get_by_role("status").wait_for()
        page.locator('form[action$="/undo"] button').click()
        page.get_by_role("status").wait_for()


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(browser: Browser, staffed: str, lang: str, state: str) -> None:
    scheme: Literal["light", "dark"] = "dark" if lang == "nl" else "light"
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    show(page, staffed, lang, state)
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()


@pytest.mark.parametrize("width", [320, 768])
def test_no_page_scrolls_sideways(browser: Browser, staffed: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    for state in STATES:
        page.context.clear_cookies()
        show(page, staffed, "nl", state)
        page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), state
        small = page.evaluate(
            """() => [...document.querySelectorAll('main button, main a.button, main select, .cell-choose label')]
            .filter(one => one.checkVisibility()).map(one => [one.outerHTML.slice(0, 60), one.getBoundingClientRect()])
            .filter(([, box]) => Math.min(box.width, box.height) < 44).map(([html]) => html)"""
        )
        assert not small, state
    context.close()
