"""Suggestions while typing, as a visitor meets them: by keyboard, mouse and touch, read out, without script."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

# What is typed, the occupation that comes first, what the list says of it, what is read out.
TYPED = {
    "fr": ("infirm", "infirmier", "Métier", "suggestions. Les flèches"),
    "nl": ("verplee", "verpleegkundige", "Beroep", "suggesties. Met de pijlen"),
}


def box(page: Page) -> Locator:
    return page.get_by_role("combobox")


def said(page: Page) -> Locator:
    """Where what a screen reader says of the list stands."""
    return page.locator(".search-box [aria-live=polite]")


def options(page: Page) -> Locator:
    return page.get_by_role("option")


def chosen(page: Page) -> Locator:
    """The option that Enter would choose, found as a screen reader finds it."""
    return page.locator(f"[id='{box(page).get_attribute('aria-activedescendant')}'][aria-selected=true]")


def type_(page: Page, words: str) -> None:
    box(page).press_sequentially(words)
    expect(options(page).first).to_be_visible()


@pytest.mark.parametrize("lang", TYPED)
def test_by_keyboard_alone(page: Page, site: str, lang: str) -> None:
    words, first, kind, announced = TYPED[lang]
    page.goto(f"{site}/{lang}/")
    box(page).focus()
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    type_(page, words)
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    expect(said(page)).to_contain_text(announced)
    expect(said(page)).to_contain_text(str(options(page).count()))
    expect(page.get_by_role("option", name=f"{first} , {kind}", exact=True)).to_be_visible()
    expect(options(page).first.locator("mark")).to_have_text(words)
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_contain_text(first)
    page.keyboard.press("ArrowUp")
    assert box(page).get_attribute("aria-activedescendant") is None  # back in the text
    page.keyboard.press("ArrowUp")
    assert chosen(page).get_attribute("id") == options(page).last.get_attribute("id")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(box(page)).to_have_value(words)  # what was typed stays until something is chosen
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{lang}/occupation/nurse")
    expect(page.get_by_role("heading", level=1)).to_contain_text(first)


@pytest.mark.parametrize("lang", TYPED)
def test_enter_without_a_choice_searches_what_was_typed(page: Page, site: str, lang: str) -> None:
    words = TYPED[lang][0]
    page.goto(f"{site}/{lang}/")
    type_(page, words)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{lang}/search?q={words}")


def test_escape_closes_then_empties_and_tab_leaves(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/")
    type_(page, "infirm")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    expect(box(page)).to_have_value("infirm")
    page.keyboard.press("ArrowDown")  # and the arrow opens it again
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert page.evaluate("document.activeElement.type") == "submit"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Escape")
    expect(box(page)).to_have_value("")
    expect(box(page)).to_be_focused()


def test_the_text_stays_a_text(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/")
    type_(page, "infirm")
    page.keyboard.press("ArrowDown")
    for key, place in (("Home", 0), ("End", 6), ("ArrowLeft", 5), ("ArrowRight", 6)):
        page.keyboard.press("ArrowDown")
        page.keyboard.press(key)
        assert box(page).evaluate("box => box.selectionStart") == place
        assert box(page).get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    page.keyboard.type("i")  # whoever types on no longer chooses
    assert box(page).get_attribute("aria-activedescendant") is None


def test_fewer_than_two_letters_close_the_list(page: Page, site: str) -> None:
    page.goto(f"{site}/nl/")
    type_(page, "dip")
    for _ in range(2):
        page.keyboard.press("Backspace")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box(page).press_sequentially("xqzz")
    expect(said(page)).to_have_text("Geen suggesties.")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_by_mouse_a_document_opens_and_a_subject_is_searched(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/search?q=emploi&theme=work")
    box(page).fill("")
    type_(page, "diplôme étr")
    options(page).filter(has_text="Sujet").first.click()
    page.wait_for_url("**/fr/search?q=dipl*")
    expect(page.locator(".chip")).to_have_count(0)  # what is suggested stands in the whole catalogue
    box(page).fill("")
    type_(page, "collectif alpha")
    options(page).filter(has_text="Organisme").first.click()
    page.wait_for_url("**/fr/record/collectif-alpha")


def test_a_label_in_another_language_says_which(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/")
    type_(page, "verpleegk")
    first = options(page).first
    expect(first.locator("[lang=nl]")).to_have_text("verpleegkundige")
    expect(first).to_contain_text("Néerlandais")
    expect(options(page).locator("[lang=fr]")).to_have_count(0)


def test_by_touch(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{site}/nl/")
    box(page).tap()
    type_(page, "verplee")
    sizes = [option.bounding_box() for option in options(page).all()]
    assert all(size and size["height"] >= 48 for size in sizes)
    options(page).first.tap()
    page.wait_for_url("**/nl/occupation/nurse")
    context.close()


def test_only_the_last_of_quick_letters_is_asked(page: Page, site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/suggest" in request.url else None)
    page.goto(f"{site}/fr/")
    box(page).press_sequentially("informa", delay=20)
    expect(options(page).first).to_be_visible()
    assert [url.rsplit("=")[-1] for url in asked] == ["informa"]


def test_a_slow_answer_does_not_replace_a_younger_one(page: Page, site: str) -> None:
    held: list[Route] = []
    page.route("**/api/suggest*q=inf", lambda route: held.append(route))
    page.goto(f"{site}/fr/")
    box(page).press_sequentially("inf")
    page.wait_for_timeout(400)
    assert held
    type_(page, "irmier")
    expect(options(page).first).to_contain_text("infirmier")
    before = options(page).all_inner_texts()
    held[0].fulfill(json={"query": "inf", "suggestions": [], "notice": None})
    page.wait_for_timeout(200)
    assert options(page).all_inner_texts() == before


@pytest.mark.parametrize("status", [500, 400, None])
def test_a_network_that_fails_leaves_a_plain_search_box(context: BrowserContext, site: str, status: int | None) -> None:
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.route("**/api/suggest*", lambda route: route.fulfill(status=status) if status else route.abort())
    page.goto(f"{site}/fr/")
    box(page).press_sequentially("infirm")
    page.wait_for_timeout(500)
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/fr/search?q=infirm")
    assert not wrong


def test_without_script_nothing_promises_a_list(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/fr/")
    plain = page.get_by_role("searchbox")
    assert plain.get_attribute("role") is None
    assert plain.get_attribute("aria-expanded") is None
    plain.press_sequentially("infirm")
    expect(page.locator(".suggestions")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/fr/search?q=infirm")
    context.close()


def test_nothing_is_kept_in_the_browser(page: Page, context: BrowserContext, site: str) -> None:
    page.goto(f"{site}/fr/")
    type_(page, "infirm")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/occupation/**")
    assert page.evaluate("localStorage.length") == 0
    # The visit itself, and when it ends, are known to every page.
    assert set(page.evaluate("Object.keys(sessionStorage)")) == {
        "catalogue.visit",
        "catalogue.first",
        "catalogue.until",
    }
    assert page.evaluate("indexedDB.databases()") == []
    assert page.evaluate("caches.keys()") == []
    assert context.cookies() == []
    page.go_back()
    expect(page.get_by_role("listbox")).to_be_hidden()


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
@pytest.mark.parametrize("path", ["/", "/search?q=emploi"])
def test_axe_finds_nothing_with_the_list_open(browser: Browser, site: str, lang: str, path: str) -> None:
    scheme: Literal["light", "dark"] = "dark" if lang == "nl" else "light"
    width = 320 if lang == "en" else 1280
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{site}/{lang}{path}")
    box(page).fill("")
    type_(page, "dipl")
    page.keyboard.press("ArrowDown")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    context.close()
