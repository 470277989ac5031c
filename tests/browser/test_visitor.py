"""A visitor at one of the PCs: the main path with mouse and keyboard, on narrow screens, without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

ADVISER = {"fr": "Parler à un conseiller", "nl": "Praat met een consulent", "en": "Talk to an advisor"}
# What to type, the sheet that must come first, how its page names the ways to get it.
TASKS = {
    "fr": ("infirmière", "Infirmier, infirmière", "Comment l'obtenir"),
    "nl": ("verpleegkundigen", "Verpleegkundige", "Hoe krijg je het"),
}
EVERY_PAGE = (
    "/",
    "/{lang}/",
    "/{lang}/search?q=emploi",
    "/{lang}/search?q=infirmier&theme=orient&theme=learn&format=shelf",
    "/{lang}/search?q=xqzz",
    "/{lang}/search?q=infirmier+bruxelles+soir",
    "/{lang}/search?q=infrmier",
    "/{lang}/search?q=bousre+d'etudes",
    "/{lang}/search?q=cuisinier+astronaute",
    "/{lang}/search?q=infirmier+soir&kind=video&place=wallonia",
    "/{lang}/record/metier-nurse",
    "/{lang}/record/metier-nurse?file=2&page=2#reader",
    "/{lang}/record/actiris",
    "/{lang}/record/actiris?thanks=1",
    "/{lang}/record/atelier-choisir-ses-etudes",
    "/{lang}/theme/orient",
    "/{lang}/theme/start",
    "/{lang}/occupation/nurse",
    "/{lang}/occupation/home-nurse",
    "/{lang}/occupations",
    "/{lang}/occupations?q=verpleeg",
    "/{lang}/occupations?q=xqzz",
    "/{lang}/occupations/sector/health",
    "/{lang}/questions",
    "/languages/ar",
    "/languages/vgt",
    "/{lang}/new",
    "/{lang}/list",
    "/{lang}/code",
    "/{lang}/help",
    "/{lang}/api",
    "/{lang}/accessibility",
    "/{lang}/privacy",
    "/{lang}/how-results-are-ordered",
    "/{lang}/nowhere",
)


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_find_choose_and_learn_where_it_stands(page: Page, site: str, lang: str) -> None:
    words, title, obtain = TASKS[lang]
    page.goto(site)
    page.get_by_role("link", name="Français" if lang == "fr" else "Nederlands").first.click()
    page.get_by_role("combobox").fill(words)
    page.keyboard.press("Enter")
    first = page.locator(".card-title a").first
    expect(first).to_contain_text(title.split(",")[0])
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("heading", name=obtain)).to_be_visible()
    expect(page.locator(".get-shelf .mark").first).to_contain_text("K")


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_the_same_by_keyboard_alone(page: Page, site: str, lang: str) -> None:
    words, title, _ = TASKS[lang]
    page.goto(f"{site}/{lang}/")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "q":
            break
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.card-title') !== null"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_filters_narrow_and_widen(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/search?q=formation")
    before = page.locator(".card").count()
    choice = page.locator(".facet .choice").first
    count = int(choice.locator(".choice-count").inner_text())
    choice.click()
    expect(page.locator(".chip")).to_have_count(1)
    assert f"{count} document" in page.get_by_role("heading", level=1).inner_text()
    page.locator(".chip").click()
    expect(page.locator(".chip")).to_have_count(0)
    assert page.locator(".card").count() == before


def test_the_other_words_searched_are_shown_and_one_click_takes_them_away(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/search?q=verpleegkundige")
    also = page.locator(".also-searched")
    expect(also).to_contain_text("infirmier")
    page.locator(".only-mine").click()
    expect(page.locator(".also-searched")).to_have_count(0)


@pytest.mark.parametrize(
    ("lang", "typed", "meant"), [("fr", "infrmier", "infirmier"), ("nl", "verplegkundige", "verpleegkundige")]
)
def test_a_typing_error_is_mended_said_and_undone(page: Page, site: str, lang: str, typed: str, meant: str) -> None:
    page.goto(f"{site}/{lang}/")
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).fill(typed)
    page.keyboard.press("Enter")
    expect(page.locator(".meant")).to_contain_text(typed)
    expect(page.locator(".meant strong")).to_contain_text(meant)
    assert page.locator(".card mark").count()
    page.locator(".meant a").click()
    expect(page.locator(".meant")).to_have_count(0)
    page.locator(".did-you-mean a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(meant)
    expect(page.locator(".did-you-mean")).to_have_count(0)


def test_an_empty_page_leads_on_in_one_click(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/search?q=infirmier+soir&kind=video&place=wallonia")
    ways = page.locator(".nothing a")
    expect(ways.first).to_contain_text("Sans le filtre")
    for number in range(ways.count() - 5):  # the last are the themes
        if ways.nth(number).get_attribute("href") != "#adviser":
            ways.nth(number).click()
            assert page.locator(".card").count()
            page.go_back()


def test_why_this_order_is_answered_from_the_results(page: Page, site: str) -> None:
    page.goto(f"{site}/nl/search?q=opleiding")
    page.get_by_role("link", name="Waarom deze volgorde?").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.locator(".figures td").count() > 10


def test_switching_language_keeps_the_search(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/search?q=emploi&theme=work")
    page.get_by_role("link", name="Nederlands").click()
    assert page.url == f"{site}/nl/search?q=emploi&theme=work"
    expect(page.get_by_role("combobox")).to_have_value("emploi")
    expect(page.locator(".chip")).to_have_count(1)


def test_a_problem_is_reported_in_two_taps(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/record/actiris")
    page.locator(".problem summary").click()
    page.locator(".problem button").first.click()
    expect(page.locator(".thanks[role=status]")).to_be_visible()


@pytest.mark.parametrize("path", EVERY_PAGE)
@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_every_page_offers_someone_to_talk_to_and_fits_a_narrow_screen(
    browser: Browser, site: str, lang: str, path: str
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page = context.new_page()
    page.goto(site + path.format(lang=lang))
    if "{lang}" in path:
        expect(page.get_by_role("link", name=ADVISER[lang])).to_be_visible()
    too_wide = page.locator("html").evaluate("root => root.scrollWidth - root.clientWidth")
    assert too_wide <= 0
    context.close()


def test_the_search_works_without_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/nl/")
    page.get_by_role("searchbox").fill("kapper")
    page.get_by_role("button", name="Zoek").first.click()
    expect(page.locator(".card-title").first).to_contain_text("Kapper")
    context.close()


def test_text_at_200_percent_stays_readable(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    for path in ("/nl/", "/nl/search?q=opleiding", "/nl/record/metier-nurse"):
        page.goto(site + path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_nothing_is_left_on_the_pc(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.goto(f"{site}/fr/search?q=emploi")
    page.goto(f"{site}/fr/record/actiris")
    # The visit itself, and when it ends, until it ends: see tests/browser/test_visit.py.
    assert page.evaluate("localStorage.length") == 0
    kept = {"catalogue.visit", "catalogue.first", "catalogue.until"}
    assert set(page.evaluate("Object.keys(sessionStorage)")) <= kept
    assert page.evaluate("caches.keys()") == []
    assert context.cookies() == []
