"""Reading help: kept for the tab, on before anything is painted, read aloud by voices of the PC; axe in every state."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.leaving import DONE
from tests.browser.test_visit import HELP, LANGS


@pytest.mark.parametrize("lang", LANGS)
def test_reading_help_stays_on_until_the_end(page: Page, site: str, lang: str) -> None:
    page.goto(f"{site}/{lang}/")
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    before = page.evaluate(size)
    button = page.get_by_role("button", name=HELP[lang])
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")  # very large, by keyboard alone
    assert page.evaluate(size) > 1.4 * before
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    page.goto(f"{site}/{lang}/record/metier-nurse")
    assert page.evaluate(size) > 1.4 * before
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    page.get_by_role("link", name=DONE[lang]).click()
    page.wait_for_url(f"**/{lang}/end")
    assert page.evaluate(size) == before


def test_reading_help_is_on_before_anything_is_painted(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/")
    page.evaluate("""sessionStorage['catalogue.reading'] = '{"text":"larger"}'""")
    page.add_init_script(
        "new MutationObserver(() => { if (document.body && window.atBody === undefined)"
        " window.atBody = document.documentElement.dataset.text || 'none' }).observe(document, "
        "{ childList: true, subtree: true })"
    )
    page.goto(f"{site}/fr/help")
    assert page.evaluate("window.atBody") == "larger"


@pytest.mark.parametrize("damaged", ["{", "null", '"x"', "[]", '{"text": "<b>", "other": 1}'])
def test_damaged_reading_help_harms_nothing(page: Page, site: str, damaged: str) -> None:
    page.goto(f"{site}/fr/")
    page.evaluate("text => sessionStorage['catalogue.reading'] = text", damaged)
    page.goto(f"{site}/fr/help")
    page.get_by_role("button", name=HELP["fr"]).click()
    expect(page.get_by_role("heading", name=HELP["fr"])).to_be_focused()


@pytest.mark.parametrize("lang", LANGS)
def test_easy_texts_come_first_with_their_status(page: Page, site: str, lang: str) -> None:
    page.goto(f"{site}/{lang}/record/metier-nurse")
    easy, lead = page.locator("details.easy"), page.locator(".lead")
    assert easy.get_attribute("open") is None
    page.get_by_role("button", name=HELP[lang]).click()
    page.locator("[name=easy]").check()
    assert easy.bounding_box()["y"] < lead.bounding_box()["y"]  # type: ignore[index]
    expect(easy.locator(".small")).to_be_visible()
    page.goto(f"{site}/{lang}/search?easy=1")
    card = page.locator(".card").first
    expect(card.locator(".card-easy")).to_be_visible()
    expect(card.locator(".card-summary")).to_be_hidden()
    page.get_by_role("button", name=HELP[lang]).click()
    page.locator("[data-help=reset]").click()
    expect(card.locator(".card-easy")).to_be_hidden()
    expect(card.locator(".card-summary")).to_be_visible()


def test_without_a_voice_of_this_pc_nothing_is_read_aloud(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/")
    if page.evaluate("speechSynthesis.getVoices().some(v => v.localService && v.lang.startsWith('fr'))"):
        pytest.skip("this machine has a voice")
    page.get_by_role("button", name=HELP["fr"]).click()
    expect(page.locator(".read-aloud")).to_be_hidden()


# A machine that runs tests has no voice. What is tried here is what is given to the voices, and which are asked.
VOICES = """
const said = window.said = [];
const voices = [{ lang: "fr-FR", name: "remote", localService: false },
                { lang: "fr_BE", name: "near", localService: true },
                { lang: "nl-BE", name: "nabij", localService: true },
                { lang: "en-GB", name: "far", localService: false }];
window.SpeechSynthesisUtterance = function (text) { this.text = text };
let wait;
Object.defineProperty(window, "speechSynthesis", { value: Object.assign(new EventTarget(), {
  speaking: false,
  getVoices: () => voices,
  speak(u) { said.push([u.voice.name, u.text]); this.speaking = true; u.onstart();
             wait = () => { this.speaking = false; u.onend() }; },
  pause() {}, resume() {}, cancel() { this.speaking = false },
}) });
window.sayOn = () => wait();
"""


@pytest.mark.parametrize(("lang", "voice"), [("fr", "near"), ("nl", "nabij")])
def test_reading_aloud_with_voices_of_this_pc_only(page: Page, site: str, lang: str, voice: str) -> None:
    page.add_init_script(VOICES)
    page.goto(f"{site}/{lang}/record/metier-nurse")
    page.get_by_role("button", name=HELP[lang]).click()
    aloud = page.locator(".read-aloud")
    aloud.locator("[data-aloud=start]").click()
    expect(aloud.locator("[data-aloud=pause]")).to_be_focused()
    for _ in range(6):
        page.evaluate("sayOn()")
    said = page.evaluate("window.said")
    texts = [text for _, text in said]
    assert page.get_by_role("heading", level=1).inner_text() in texts
    assert len(set(texts)) == len(texts)  # nothing twice
    assert all(len(text) <= 200 for text in texts)
    assert {name for name, _ in said} <= {"near", "nabij"}
    assert said[0][0] == voice
    expect(page.locator(".being-read")).to_have_count(1)
    aloud.locator("[data-aloud=pause]").click()
    expect(aloud.locator("[data-aloud=resume]")).to_be_focused()
    aloud.locator("[data-aloud=stop]").click()
    expect(page.locator(".being-read")).to_have_count(0)
    expect(aloud.locator("[data-aloud=start]")).to_be_focused()


def test_a_voice_on_the_internet_is_not_offered(page: Page, site: str) -> None:
    page.add_init_script(VOICES)
    page.goto(f"{site}/en/help")
    page.get_by_role("button", name="Reading help").click()
    expect(page.locator(".read-aloud")).to_be_hidden()


# --- nobody is left out

STATES = {
    "panel": "document.querySelector('[aria-controls=reading-help]').click()",
    "question": "sessionStorage['catalogue.until'] = Date.now() + 50000",
    "help": "Object.assign(document.documentElement.dataset, {contrast: 'strong', text: 'larger', spacing: 'wide'})",
    "easy": "document.documentElement.dataset.easy = 'first'",
}


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_in_any_state(browser: Browser, site: str, lang: str, state: str) -> None:
    scheme: Literal["light", "dark"] = "dark" if lang == "nl" else "light"
    width = 320 if lang == "fr" else 1280
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    for path in ("", "search?q=emploi", "record/metier-nurse"):
        page.goto(f"{site}/{lang}/{path}")
        page.evaluate(STATES[state])
        if state == "question":
            expect(page.get_by_role("alertdialog")).to_be_visible()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, (path, over)
    context.close()


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
@pytest.mark.parametrize("path", ["/{lang}/end", "/{lang}/end?thanks=1", "/station?lang={lang}", "/{lang}/"])
def test_axe_finds_nothing_at_the_end(browser: Browser, site: str, lang: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(site + path.format(lang=lang))
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()
