"""The end of a visit in a real browser: the next person at the PC finds nothing of the last one, by no way back."""

from __future__ import annotations

import struct
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.site import CHROMIUM, CHROMIUM_ARGS, example, running

LANGS = ("fr", "nl")
DONE = {"fr": "J'ai fini – tout effacer", "nl": "Ik ben klaar – alles wissen"}
ERASED = {"fr": "Tout est effacé", "nl": "Alles is gewist"}
ASKED = {"fr": "Vous êtes encore là ?", "nl": "Ben je er nog?"}
STAY = {"fr": "Oui, je suis encore là", "nl": "Ja, ik ben er nog"}
SHELVES = {"fr": "Je vais aux rayons", "nl": "Ik ga naar de rekken"}
CONTINUE = {"fr": "C'est moi : je continue", "nl": "Ik ben het: ik ga verder"}
HELP = {"fr": "Aide à la lecture", "nl": "Leeshulp"}
LARGE = {"fr": "Très grand", "nl": "Heel groot"}
SECRET = "verzinsel-secret"
LIST = '["metier-nurse","actiris"]'
OWN = {"catalogue.visit", "catalogue.first", "catalogue.until"}

# Seconds in place of minutes: the pages read them from their own attributes.
SHORTENED = """
document.addEventListener("readystatechange", () => {
  const bar = document.querySelector(".visit-bar");
  if (bar) Object.assign(bar.dataset, %s);
}, { once: true });
"""


def shorten(page: Page, **seconds: float) -> None:
    times = {name: str(value) for name, value in seconds.items()}
    page.add_init_script(SHORTENED % str(times))


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
    page.get_by_role("link", name=DONE[lang]).click()
    page.wait_for_url(f"**/{lang}/end")
    expect(page.get_by_role("heading", level=1)).to_have_text(ERASED[lang])
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
    page.get_by_role("link", name=DONE[lang]).click()
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
    page.get_by_role("link", name=DONE[lang]).click()
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
    page.route("**/painted", lambda route: (painted.append(route.request.post_data or ""), route.fulfill()))
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
    page.get_by_role("link", name=DONE[lang]).click()
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
    page.get_by_role("link", name=DONE["fr"]).click()
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
    expect(page.get_by_role("status")).to_be_visible()
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
    page.add_init_script(
        "document.addEventListener('readystatechange', () => {"
        " const box = document.querySelector('.return'); if (box) box.dataset.seconds = 2 }, { once: true })"
    )
    page.goto(f"{site}/{lang}/end")
    expect(page.locator(".return")).to_contain_text("2 second")
    for _ in range(3):  # whoever moves keeps the page
        page.wait_for_timeout(1000)
        page.mouse.wheel(0, 50)
        page.keyboard.press("Shift")
    assert page.url.endswith("/end")
    at_the_entrance(page, site)
    page.goto(f"{site}/{lang}/end")
    page.locator(".return button").click()
    page.wait_for_timeout(2500)
    assert page.url.endswith("/end")
    found = page.locator(".taps button")
    assert found.count() == 3
    found.nth(1).click()
    expect(page.get_by_role("status")).to_be_visible()
    at_the_entrance(page, site)


# --- nobody moves


@pytest.mark.parametrize("lang", LANGS)
def test_whoever_is_still_there_stays(page: Page, site: str, lang: str) -> None:
    shorten(page, idle=4, warn=3)
    make_a_visit(page, site, lang)
    page.evaluate("sessionStorage.removeItem('catalogue.reading')")  # which would make it 20 minutes
    page.reload()
    page.get_by_role("combobox").focus()
    question = page.get_by_role("alertdialog", name=ASKED[lang])
    expect(question).to_be_visible()
    expect(question).to_contain_text("3 second")
    expect(page.get_by_role("button", name=STAY[lang])).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=SHELVES[lang])).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(question).to_be_hidden()
    expect(page.get_by_role("combobox")).to_be_focused()
    assert page.evaluate("sessionStorage['catalogue.list']") == LIST
    expect(question).to_be_visible()
    page.keyboard.press("Escape")  # is a yes, too
    expect(question).to_be_hidden()


@pytest.mark.parametrize("lang", LANGS)
def test_whoever_has_gone_is_forgotten(page: Page, site: str, lang: str) -> None:
    shorten(page, idle=3, warn=1.5)
    page.goto(f"{site}/{lang}/search?q={SECRET}")
    page.goto(f"{site}/{lang}/record/metier-nurse")
    page.evaluate("list => sessionStorage['catalogue.list'] = list", LIST)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    page.mouse.move(5, 5)  # a move is no answer once the question stands there
    page.wait_for_url(f"**/{lang}/end")
    shows_nothing(page)
    page.go_forward()
    at_the_entrance(page, site)


@pytest.mark.parametrize("lang", LANGS)
def test_to_the_shelves_and_back(page: Page, site: str, lang: str) -> None:
    shorten(page, idle=4, warn=3.5, away=60)
    page.goto(f"{site}/{lang}/search?q={SECRET}")
    page.evaluate("list => sessionStorage['catalogue.list'] = list", LIST)
    page.get_by_role("button", name=SHELVES[lang]).click()
    expect(page.get_by_role("button", name=CONTINUE[lang])).to_be_focused()
    assert page.url == f"{site}/"
    assert SECRET not in page.title() + page.locator("body").inner_text()
    expect(page.get_by_role("combobox")).to_be_hidden()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.wait_for_timeout(4500)  # longer than the minutes without a move
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{lang}/search?q={SECRET}")
    expect(page.get_by_role("combobox")).to_have_value(SECRET)
    assert page.evaluate("sessionStorage['catalogue.list']") == LIST
    assert SECRET in page.title()


def test_the_screen_stays_whatever_is_pressed(page: Page, site: str) -> None:
    shorten(page, idle=4, warn=3.5, away=60)
    page.goto(f"{site}/nl/record/metier-nurse")
    page.goto(f"{site}/nl/search?q={SECRET}")
    page.evaluate("list => sessionStorage['catalogue.list'] = list", LIST)
    page.get_by_role("button", name=SHELVES["nl"]).click()
    for again in (page.reload, page.go_back, lambda: page.keyboard.press("Escape")):
        again()
        expect(page.locator(".away button")).to_have_count(2)
        expect(page.locator("main")).to_be_hidden()
        expect(page.locator(".site-header")).to_have_count(0) if page.url == f"{site}/" else None
        assert SECRET not in page.locator("body").inner_text()
    page.locator("[data-visit=continue]").click()
    page.wait_for_url(f"**/nl/search?q={SECRET}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("sessionStorage['catalogue.list']") == LIST


@pytest.mark.parametrize("lang", LANGS)
def test_nobody_comes_back_from_the_shelves(page: Page, site: str, lang: str) -> None:
    shorten(page, idle=4, warn=3.5, away=2)
    page.goto(f"{site}/{lang}/search?q={SECRET}")
    page.get_by_role("button", name=SHELVES[lang]).click()
    page.wait_for_url(f"**/{lang}/end")
    shows_nothing(page)


def test_the_next_person_at_the_screen_begins_anew(page: Page, site: str) -> None:
    shorten(page, idle=4, warn=3.5, away=60)
    page.goto(f"{site}/fr/search?q={SECRET}")
    page.get_by_role("button", name=SHELVES["fr"]).click()
    page.locator(".away [data-visit=end]").click()
    page.wait_for_url("**/fr/end")
    shows_nothing(page)


def moved_for(page: Page, seconds: float, move: str) -> None:
    for _ in range(int(seconds * 2)):
        page.wait_for_timeout(500)
        {
            "scroll": lambda: page.evaluate("scrollBy(0, 20)"),
            "keys": lambda: page.keyboard.press("Shift"),
            "pointer": lambda: page.mouse.move(_ + 10, 300),
            "focus": lambda: page.evaluate("document.querySelectorAll('a')[%d].focus()" % (_ + 5)),
        }[move]()


@pytest.mark.parametrize("move", ["scroll", "keys", "pointer", "focus"])
def test_a_move_is_a_move(page: Page, site: str, move: str) -> None:
    shorten(page, idle=2.5, warn=1)
    page.goto(f"{site}/fr/help")
    moved_for(page, 4, move)
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    expect(page.get_by_role("alertdialog")).to_be_visible()


def sound(path: Path) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(struct.pack("<h", 0) * 8000 * 5)
    return path


def test_nothing_asks_while_something_plays(page: Page, site: str, tmp_path: Path) -> None:
    shorten(page, idle=2, warn=1)
    heard = sound(tmp_path / "five-seconds.wav")
    page.route("**/media/sound.wav", lambda route: route.fulfill(path=heard, content_type="audio/wav"))
    page.goto(f"{site}/nl/help")
    page.evaluate(
        "new Promise(r => { const a = document.createElement('audio'); a.src = '/media/sound.wav';"
        " document.querySelector('main').append(a); a.onplaying = r; a.play() })"
    )
    page.wait_for_timeout(4000)
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    expect(page.get_by_role("alertdialog")).to_be_visible()  # some time after the sound has ended


def test_whoever_opens_a_document_is_reading_it(page: Page, site: str) -> None:
    shorten(page, idle=2, warn=1, reading=30)
    page.goto(f"{site}/fr/record/metier-nurse")
    link = page.locator("a[href^='/media/']").first
    link.evaluate("link => link.addEventListener('click', e => e.preventDefault())")  # opens elsewhere
    link.click()
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    page.wait_for_timeout(3500)
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # back again: from here on it counts
    expect(page.get_by_role("alertdialog")).to_be_visible()


def test_a_page_may_ask_for_longer_for_the_whole_visit(page: Page, site: str) -> None:
    shorten(page, idle=2, warn=1)
    page.add_init_script(
        "document.addEventListener('readystatechange', () => {"
        " if (location.pathname.endsWith('/help')) document.body.dataset.idleAtLeast = '45' }, { once: true })"
    )
    page.goto(f"{site}/fr/help")
    page.goto(f"{site}/fr/privacy")
    left = page.evaluate("(Number(sessionStorage['catalogue.until']) - Date.now()) / 60000")
    assert 44 < left <= 45


def test_who_reads_with_help_has_twenty_minutes(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/help")
    minutes = "(Number(sessionStorage['catalogue.until']) - Date.now()) / 60000"
    assert 4.8 < page.evaluate(minutes) <= 5
    page.get_by_role("button", name=HELP["fr"]).click()
    page.get_by_label("Fort").check()
    page.reload()
    assert 19.8 < page.evaluate(minutes) <= 20


def test_nobody_is_asked_at_an_entrance_where_nobody_was(page: Page, site: str) -> None:
    shorten(page, idle=1.5, warn=1)
    page.goto(site)
    page.wait_for_timeout(2500)
    assert page.url == f"{site}/"
    expect(page.get_by_role("alertdialog")).to_be_hidden()


def test_zero_minutes_ask_nobody(browser: Browser, tmp_path: Path) -> None:
    with running(example(tmp_path, hard_cases=False), tmp_path, {"CATALOGUE_IDLE_MINUTES": "0"}) as address:
        page = browser.new_page()
        page.goto(f"{address}/fr/help")
        page.wait_for_timeout(500)
        assert page.evaluate("sessionStorage['catalogue.until']") is None
        page.close()


# --- reading help


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
        " window.atBody = document.documentElement.dataset.text || 'none' }).observe(document, { childList: true, subtree: true })"
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
const voices = [{ lang: "fr-FR", name: "remote", localService: false }, { lang: "fr_BE", name: "near", localService: true },
                { lang: "nl-BE", name: "nabij", localService: true }, { lang: "en-GB", name: "far", localService: false }];
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


# --- what the page about a PC finds


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


# --- nobody is left out


def states() -> dict[str, str]:
    return {
        "panel": "document.querySelector('[aria-controls=reading-help]').click()",
        "question": "sessionStorage['catalogue.until'] = Date.now() + 50000",
        "contrast": "Object.assign(document.documentElement.dataset, {contrast: 'strong', text: 'larger', spacing: 'wide'})",
        "easy": "document.documentElement.dataset.easy = 'first'",
    }


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
@pytest.mark.parametrize("state", states())
def test_axe_finds_nothing_in_any_state(browser: Browser, site: str, lang: str, state: str) -> None:
    scheme = "dark" if lang == "nl" else "light"
    width = 320 if lang == "fr" else 1280
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )  # type: ignore[arg-type]
    page = context.new_page()
    for path in ("", "search?q=emploi", "record/metier-nurse"):
        page.goto(f"{site}/{lang}/{path}")
        page.evaluate(states()[state])
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
