"""The end of a visit in a real browser: the next person at the PC finds nothing of the last one, by no way back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.leaving import DONE, finish
from tests.browser.site import CHROMIUM, CHROMIUM_ARGS

LANGS = ("fr", "nl")
ERASED = {"fr": "Tout est effacé", "nl": "Alles is gewist"}
HELP = {"fr": "Aide à la lecture", "nl": "Leeshulp"}
LARGE = {"fr": "Très grand", "nl": "Heel groot"}
SECRET = "verzinsel-secret"
LIST = '["metier-nurse","actiris"]'
OWN = {"catalogue.visit", "catalogue.first", "catalogue.until"}


def make_a_visit(page: Page, site: str, lang: str) -> None:
    """Search, read, help oneself to large letters, keep a list: what a visitor leaves in a tab."""
    page.goto(site)
    page.get_by_role("link", name="Français" if lang == "fr" else "Nederlands").first.click()
    page.get_by_role("button", name=HELP[lang]).click()
    page.get_by_label(LARGE[lang]).check()
    page.get_by_role("combobox").fill(SECRET)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    page.goto(f"{site}/{lang}/record/metier-nurse")
    page.goto(f"{site}/{lang}/record/metier-nurse#adviser")
    page.evaluate("list => { sessionStorage['catalogue.list'] = list; localStorage['x'] = list }", LIST)
    page.goto(f"{site}/{lang}/help")
    page.get_by_role("combobox").fill(SECRET)  # typed, never sent


def shows_nothing(page: Page) -> None:
    """What the next person could see of the last one on this page."""
    assert SECRET not in page.content()
    assert SECRET not in page.title() + page.url
    assert page.evaluate("[...document.querySelectorAll('input')].every(i => !i.value.includes('secret'))")
    assert page.evaluate("localStorage.length") == 0
    assert set(page.evaluate("Object.keys(sessionStorage)")) <= OWN
    assert page.evaluate("document.documentElement.dataset.text") is None
    assert page.context.cookies() == []


def at_the_entrance(page: Page, site: str) -> None:
    page.wait_for_url(f"{site}/")
    expect(page.get_by_role("link", name="Nederlands").first).to_be_visible()
    shows_nothing(page)


@pytest.mark.parametrize("lang", LANGS)
def test_after_the_end_no_way_leads_back(page: Page, site: str, lang: str) -> None:
    make_a_visit(page, site, lang)
    finish(page, lang)
    page.wait_for_url(f"**/{lang}/end")
    expect(page.get_by_role("heading", level=1, name=ERASED[lang], exact=True)).to_be_visible()
    shows_nothing(page)
    # Forward, before anything else was opened: each entry of the visit turns into the entrance.
    for _ in range(3):
        page.go_forward()
        at_the_entrance(page, site)
    page.go_back()
    at_the_entrance(page, site)


@pytest.mark.parametrize("lang", LANGS)
def test_the_next_step_drops_the_history_of_the_visit(page: Page, site: str, lang: str) -> None:
    make_a_visit(page, site, lang)
    finish(page, lang)
    page.wait_for_url(f"**/{lang}/end")
    page.locator(".main-answer[href='/']").click()
    at_the_entrance(page, site)
    assert page.evaluate("navigation.entries().length") == 2  # the end, and the entrance
    assert not page.evaluate("navigation.canGoForward")
    page.go_back()
    page.wait_for_url(f"**/{lang}/end")
    shows_nothing(page)


@pytest.mark.parametrize("lang", LANGS)
def test_in_a_browser_that_cannot_drop_them_every_entry_becomes_the_entrance(
    context: BrowserContext, site: str, lang: str
) -> None:
    page = context.new_page()
    page.add_init_script("delete window.navigation; Object.defineProperty(window, 'navigation', { value: undefined })")
    make_a_visit(page, site, lang)
    finish(page, lang)
    page.wait_for_url(f"**/{lang}/end")
    shows_nothing(page)
    for _ in range(4):
        page.go_back()
        at_the_entrance(page, site)
    page.go_forward()
    at_the_entrance(page, site)


def test_an_entry_of_an_earlier_visit_paints_nothing(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
             const shown = document.documentElement.checkVisibility();
             if (shown) performance.mark(location.pathname);
             navigator.sendBeacon("/painted", location.pathname + " " + shown);
           });"""
    )
    painted: list[str] = []

    def paint(route: Route) -> None:
        painted.append(route.request.post_data or "")
        route.fulfill()

    page.route("**/painted", paint)
    page.goto(f"{site}/fr/record/metier-nurse")
    page.goto(f"{site}/fr/help")
    page.evaluate("sessionStorage.clear()")  # as after an end that could not drop the entries
    page.goto(f"{site}/")
    painted.clear()
    page.go_back()
    page.wait_for_url(f"{site}/")
    page.wait_for_timeout(300)
    assert "/fr/help true" not in painted
    assert "/ true" in painted


@pytest.fixture(scope="module")
def caching(browser: Browser) -> Iterator[Browser]:
    """A Chromium that keeps pages in its back/forward cache, even ours, as browsers of visitors may."""
    made = browser.browser_type.launch(
        executable_path=str(CHROMIUM),
        args=[*CHROMIUM_ARGS, "--enable-features=CacheControlNoStoreEnterBackForwardCache"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield made
    made.close()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("cached", [True, False], ids=["kept", "dropped"])
def test_a_page_kept_in_memory_shows_nothing_after_the_end(
    caching: Browser, site: str, lang: str, cached: bool
) -> None:
    page = caching.new_page()
    page.add_init_script("addEventListener('pageshow', e => { if (e.persisted) window.cameBack = true })")
    if cached:  # what the tabs tell each other would drop the page from the cache
        page.add_init_script("delete window.BroadcastChannel")
    make_a_visit(page, site, lang)
    # As long as the visit lasts, Back works as ever, and shows the page. (A page out of the cache is never loaded.)
    page.go_back(wait_until="commit")
    expect(page).to_have_url(f"{site}/{lang}/record/metier-nurse#adviser")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert bool(page.evaluate("window.cameBack")) == cached
    page.go_forward(wait_until="commit")
    expect(page).to_have_url(f"{site}/{lang}/help")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    # An end that cannot drop the entries of the tab, so that pages in memory stay on one side of it.
    page.evaluate("Object.defineProperty(window, 'navigation', { value: undefined })")
    finish(page, lang)
    expect(page).to_have_url(f"{site}/{lang}/end")
    for _ in range(4):
        page.go_back(wait_until="commit")
        expect(page).to_have_url(f"{site}/")
        expect(page.get_by_role("link", name="Nederlands").first).to_be_visible()
        shows_nothing(page)
    page.close()


def test_all_tabs_of_the_catalogue_end_together(page: Page, context: BrowserContext, site: str) -> None:
    make_a_visit(page, site, "fr")
    second = context.new_page()
    second.goto(f"{site}/nl/search?q={SECRET}")
    finish(page, "fr")
    page.wait_for_url("**/fr/end")
    at_the_entrance(second, site)


def test_another_site_between_two_pages_ends_nothing(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.goto(f"{site}/fr/help")
    page.evaluate("list => sessionStorage['catalogue.list'] = list", LIST)
    page.goto(site.replace("127.0.0.1", "localhost") + "/nl/privacy")  # another site, for a browser
    assert page.evaluate("sessionStorage['catalogue.list']") is None
    page.go_back()
    page.wait_for_url(f"{site}/fr/help")
    assert page.evaluate("sessionStorage['catalogue.list']") == LIST


def test_a_tab_that_is_opened_again_too_late_is_empty(page: Page, site: str) -> None:
    make_a_visit(page, site, "nl")
    page.goto(f"{site}/nl/privacy")
    page.evaluate("sessionStorage['catalogue.until'] = String(Date.now() - 1)")
    page.reload()  # as a restored tab would: the storage is there, its time is over
    at_the_entrance(page, site)


def test_without_script_the_end_says_so(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/fr/")
    expect(page.get_by_role("button", name=HELP["fr"])).to_be_hidden()
    page.get_by_role("link", name=DONE["fr"]).click()
    page.wait_for_url("**/fr/end")
    expect(page.get_by_role("heading", level=1, name="Votre visite est terminée", exact=True)).to_be_visible()
    expect(page.locator("p.no-script")).to_contain_text("Fermez cette fenêtre")
    page.get_by_role("button", name="Oui").click()
    expect(page.locator(".thanks[role=status]")).to_be_visible()
    context.close()


@pytest.mark.parametrize("lang", LANGS)
def test_where_the_tab_may_keep_nothing_pages_work(context: BrowserContext, site: str, lang: str) -> None:
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('', 'SecurityError') } })"
    )
    page.goto(f"{site}/{lang}/")
    expect(page.get_by_role("button", name=HELP[lang])).to_be_hidden()
    page.get_by_role("link", name=DONE[lang]).click()
    page.wait_for_url(f"**/{lang}/end")
    assert not wrong


@pytest.mark.parametrize("lang", LANGS)
def test_the_end_goes_to_the_entrance_after_a_rest_and_can_be_stopped(page: Page, site: str, lang: str) -> None:
    page.clock.install()
    page.goto(f"{site}/{lang}/end")
    seconds = int(page.locator(".return").get_attribute("data-seconds") or 0)
    expect(page.locator(".return")).to_contain_text(f"{seconds} second")
    for _ in range(3):  # whoever moves keeps the page
        page.clock.fast_forward((seconds - 5) * 1000)
        page.keyboard.press("Shift")
    assert page.url.endswith("/end")
    page.clock.fast_forward((seconds + 1) * 1000)
    at_the_entrance(page, site)
    page.goto(f"{site}/{lang}/end")
    page.locator(".return button").click()
    page.clock.fast_forward((seconds + 1) * 1000)
    assert page.url.endswith("/end")
    found = page.locator(".taps button")
    assert found.count() == 3
    found.nth(1).click()
    expect(page.locator(".thanks[role=status]")).to_be_visible()
    expect(page.locator(".return")).to_contain_text(f"{seconds} second")  # the page has begun to count
    page.clock.fast_forward((seconds + 1) * 1000)
    at_the_entrance(page, site)


@pytest.mark.parametrize("lang", LANGS)
def test_the_station_tells_what_is_left_in_the_tab(page: Page, site: str, lang: str) -> None:
    page.goto(f"{site}/station?lang={lang}")
    about = page.locator("[data-about]")
    assert all(text != "–" for text in about.all_inner_texts())
    expect(page.locator("[data-about=storage]")).to_have_class("good")
    expect(page.locator("[data-about=clock]")).to_have_class("good")
    page.evaluate("list => sessionStorage['catalogue.list'] = list", LIST)
    page.reload()
    expect(page.locator("[data-about=storage]")).to_have_class("bad")
    expect(page.locator("[data-about=storage]")).to_contain_text("1")


def test_the_test_sheet_is_one_page(page: Page, site: str) -> None:
    pypdfium2 = pytest.importorskip("pypdfium2")
    page.goto(f"{site}/station?lang=nl")
    sheet = pypdfium2.PdfDocument(page.pdf(format="A4"))
    assert len(sheet) == 1
    text = sheet[0].get_textpage().get_text_range()
    assert "Proefblad" in text
    assert "Kept" not in text
