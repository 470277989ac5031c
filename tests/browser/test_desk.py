"""The desk: signing in and out, one's own password; by keyboard alone; axe finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PASSWORD, sign_in
from tests.browser.site import CHROMIUM, CHROMIUM_ARGS, example_site

WORDS = {
    "fr": ("Se connecter", "Se déconnecter", "Bonjour, marie", "ne vont pas ensemble", "déconnecté", "Mot de passe"),
    "nl": ("Aanmelden", "Afmelden", "Dag marie", "horen niet bij elkaar", "afgemeld", "Wachtwoord"),
}
LANGS = sorted(WORDS)


@pytest.mark.parametrize("lang", LANGS)
def test_sign_in_work_and_sign_out(desk: Page, staffed: str, lang: str) -> None:
    signing_in, signing_out, hello, _, done, password = WORDS[lang]
    desk.goto(f"{staffed}/desk/{lang}/")
    expect(desk.get_by_role("heading", level=1)).to_have_text(signing_in)
    expect(desk.locator("#name")).to_be_focused()
    desk.keyboard.type("Marie")
    desk.get_by_label(password, exact=True).fill(PASSWORD)
    desk.get_by_role("button", name=signing_in).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text(hello)
    (cookie,) = desk.context.cookies()
    assert (cookie.get("path"), cookie.get("httpOnly"), cookie.get("sameSite")) == ("/desk", True, "Strict")
    assert cookie.get("expires") == -1, "it goes with the browser"
    desk.get_by_role("button", name=signing_out).click()
    expect(desk.get_by_role("status")).to_contain_text(done)
    assert desk.context.cookies() == []
    desk.go_back()
    expect(desk.get_by_role("heading", level=1)).to_have_text(signing_in)


@pytest.mark.parametrize("lang", LANGS)
def test_a_wrong_password_is_said_kindly_and_what_was_typed_is_kept(desk: Page, staffed: str, lang: str) -> None:
    desk.goto(f"{staffed}/desk/{lang}/password")
    desk.locator("#name").fill("marie")
    desk.locator("#password").fill("not this one, sorry")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("alert")).to_contain_text(WORDS[lang][3])
    expect(desk.locator("#name")).to_have_value("marie")
    expect(desk.locator("#password")).to_have_value("")
    expect(desk.locator("#password")).to_be_focused()
    desk.keyboard.type(PASSWORD)
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"{staffed}/desk/{lang}/password")


@pytest.mark.parametrize("lang", LANGS)
def test_the_whole_way_by_keyboard(desk: Page, staffed: str, lang: str) -> None:
    signing_in, signing_out, hello, *_ = WORDS[lang]
    desk.goto(f"{staffed}/desk/{lang}/")
    expect(desk.locator("#name")).to_be_focused()
    desk.keyboard.type("marie")
    desk.keyboard.press("Tab")
    desk.keyboard.type(PASSWORD)
    desk.keyboard.press("Tab")
    desk.keyboard.press("Space")
    expect(desk.locator("#password")).to_have_attribute("type", "text")
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.textContent").strip() == signing_in
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text(hello)
    for _ in range(20):
        desk.keyboard.press("Tab")
        if desk.evaluate("document.activeElement.textContent").strip() == signing_out:
            break
        focus = desk.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert focus == "solid", "the focus is seen"
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text(signing_in)


@pytest.mark.parametrize("lang", LANGS)
def test_a_new_password_signs_out_everywhere_else(browser: Browser, desk: Page, staffed: str, lang: str) -> None:
    elsewhere = browser.new_context()
    other = elsewhere.new_page()
    sign_in(other, staffed, lang, "piet")
    sign_in(desk, staffed, lang, "piet", f"/desk/{lang}/password")

    def change(current: str, new: str, again: str) -> None:
        for field, value in (("current", current), ("new", new), ("again", again)):
            desk.locator(f"#{field}").fill(value)
        desk.keyboard.press("Enter")

    for field, words in (("new", (PASSWORD, "kort", "kort")), ("again", (PASSWORD, "vier losse woorden hier", "x"))):
        change(*words)
        expect(desk.get_by_role("alert")).to_have_count(1)
        expect(desk.locator(f"#{field}")).to_be_focused()
        expect(desk.locator(f"#{field}")).to_have_attribute("aria-invalid", "true")
    change("not my password", "vier losse woorden hier", "vier losse woorden hier")
    expect(desk.locator("#current")).to_have_attribute("aria-invalid", "true")
    change(PASSWORD, "vier losse woorden hier", "vier losse woorden hier")
    expect(desk.get_by_role("status")).to_be_visible()
    other.reload()
    expect(other.get_by_role("heading", level=1)).to_have_text(WORDS[lang][0])
    elsewhere.close()
    desk.goto(f"{staffed}/desk/{lang}/password")
    change("vier losse woorden hier", PASSWORD, PASSWORD)  # for the tests that follow
    expect(desk.get_by_role("status")).to_be_visible()


def test_without_script_it_all_works(browser: Browser, staffed: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, staffed, "fr")
    page.locator(".signed-in button").click()
    expect(page.get_by_role("status")).to_be_visible()
    context.close()


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
@pytest.mark.parametrize("state", ["sign-in", "wrong", "out", "start", "password", "refused", "missing"])
def test_axe_finds_nothing(browser: Browser, staffed: str, lang: str, state: str) -> None:
    scheme: Literal["light", "dark"] = "dark" if lang == "nl" else "light"
    width = 390 if lang == "en" else 1280
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    show(page, staffed, lang, state)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()


def show(page: Page, staffed: str, lang: str, state: str) -> None:
    """Bring a page of the desk into a state."""
    if state in ("start", "password", "refused", "missing"):
        sign_in(page, staffed, lang)
        page.goto(f"{staffed}/desk/{lang}/{'' if state == 'start' else state.replace('refused', 'password')}")
        if state == "refused":
            page.locator("#new").fill("kort")
            page.locator("form.desk-form").evaluate("form => { form.noValidate = true; form.requestSubmit() }")
            page.get_by_role("alert").wait_for()
        return
    page.goto(f"{staffed}/desk/{lang}/sign-in{'?out=1' if state == 'out' else ''}")
    if state == "wrong":
        page.locator("#name").fill("marie")
        page.locator("#password").fill("not this one, sorry")
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for()


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
@pytest.mark.parametrize("state", ["sign-in", "wrong", "start", "refused"])
def test_no_page_scrolls_sideways_and_targets_are_large(browser: Browser, staffed: str, width: int, state: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    show(page, staffed, "nl", state)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, header a, main a.button, input:not(.visually-hidden)')]
        .filter(one => one.checkVisibility() && one.type !== 'hidden' && one.type !== 'checkbox')
        .map(one => [one.outerHTML.slice(0, 60), one.getBoundingClientRect()])
        .filter(([, box]) => Math.min(box.width, box.height) < 44).map(([html]) => html)"""
    )
    assert not small
    context.close()


# --- as it is reached from the centre's PCs: plain HTTP, and a name --------------------------------------------------


@pytest.fixture(scope="module")
def from_afar(browser: Browser) -> Iterator[tuple[str, BrowserContext]]:
    """A site reached by a name, as from another PC: the browser trusts the connection less than it does localhost."""
    rules = "--host-resolver-rules=MAP pc.example 127.0.0.1"
    other = browser.browser_type.launch(executable_path=str(CHROMIUM), args=[*CHROMIUM_ARGS, rules])
    with example_site(settings={"CATALOGUE_BASE_URL": "https://catalogue.example"}) as site:
        yield site.replace("127.0.0.1", "pc.example"), other.new_context()
    other.close()


@pytest.mark.parametrize("lang", LANGS)
def test_the_desk_is_closed_over_plain_http_and_says_where_it_is_open(
    from_afar: tuple[str, BrowserContext], lang: str
) -> None:
    site, context = from_afar
    page = context.new_page()
    for path in ("", "sign-in", "password"):
        answer = page.goto(f"{site}/desk/{lang}/{path}")
        assert answer is not None
        assert answer.status == 403
        address = f"https://catalogue.example/desk/{lang}/"
        expect(page.get_by_role("link", name=address)).to_have_attribute("href", address)
        expect(page.locator("main")).to_contain_text("CATALOGUE_BASE_URL=https://catalogue.example")
        expect(page.locator("main")).to_contain_text("X-Forwarded-Proto")
        assert page.locator("input").count() == 0
    assert context.cookies() == []
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.close()


@pytest.mark.parametrize("lang", LANGS)
def test_a_visitor_s_form_is_taken_over_plain_http(from_afar: tuple[str, BrowserContext], lang: str) -> None:
    site, context = from_afar
    page = context.new_page()
    page.goto(f"{site}/{lang}/record/actiris")
    page.locator("details:has(form)").evaluate_all("all => all.forEach(one => one.open = true)")
    page.locator("form[action$='/problem'] button").first.click()
    page.wait_for_url("**/record/actiris?thanks=1*")
    assert context.cookies() == []
    page.close()
