"""Nobody moves any more: the question, the shelves, the end; and what counts as a move."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api._generated import Clock

from tests.browser.site import example, running
from tests.browser.test_visit import HELP, LANGS, LIST, SECRET, at_the_entrance, make_a_visit, shows_nothing

ASKED = {"fr": "Vous êtes encore là ?", "nl": "Ben je er nog?"}
STAY = {"fr": "Oui, je suis encore là", "nl": "Ja, ik ben er nog"}
SHELVES = {"fr": "Je vais aux rayons", "nl": "Ik ga naar de rekken"}
CONTINUE = {"fr": "C'est moi : je continue", "nl": "Ik ben het: ik ga verder"}

# Minutes pass at once: the browser's own clock is set on. A visit ends after 5 minutes, and one is asked at 4.


@pytest.fixture(autouse=True)
def clock(page: Page) -> Clock:
    page.clock.install()
    return page.clock


@pytest.mark.parametrize("lang", LANGS)
def test_whoever_is_still_there_stays(page: Page, site: str, clock: Clock, lang: str) -> None:
    make_a_visit(page, site, lang)
    page.evaluate("sessionStorage.removeItem('catalogue.reading')")  # which would make it 20 minutes
    page.reload()
    page.get_by_role("combobox").focus()
    question = page.get_by_role("alertdialog", name=ASKED[lang])
    clock.fast_forward("03:58")
    expect(question).to_be_hidden()
    clock.run_for(3_000)
    expect(question).to_be_visible()
    expect(question).to_contain_text("60 second")
    expect(page.get_by_role("button", name=STAY[lang])).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=SHELVES[lang])).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(question).to_be_hidden()
    expect(page.get_by_role("combobox")).to_be_focused()
    assert page.evaluate("sessionStorage['catalogue.list']") == LIST
    clock.fast_forward("04:05")
    expect(question).to_be_visible()
    page.keyboard.press("Escape")  # is a yes, too
    expect(question).to_be_hidden()


@pytest.mark.parametrize("lang", LANGS)
def test_whoever_has_gone_is_forgotten(page: Page, site: str, clock: Clock, lang: str) -> None:
    page.goto(f"{site}/{lang}/search?q={SECRET}")
    page.goto(f"{site}/{lang}/record/metier-nurse")
    page.evaluate("list => sessionStorage['catalogue.list'] = list", LIST)
    clock.fast_forward("04:30")
    expect(page.get_by_role("alertdialog")).to_be_visible()
    page.mouse.move(5, 5)  # a move is no answer once the question stands there
    clock.fast_forward("00:31")
    page.wait_for_url(f"**/{lang}/end")
    shows_nothing(page)
    page.go_forward()
    at_the_entrance(page, site)


@pytest.mark.parametrize("lang", LANGS)
def test_to_the_shelves_and_back(page: Page, site: str, clock: Clock, lang: str) -> None:
    page.goto(f"{site}/{lang}/search?q={SECRET}")
    page.evaluate("list => sessionStorage['catalogue.list'] = list", LIST)
    clock.fast_forward("04:30")
    page.get_by_role("button", name=SHELVES[lang]).click()
    expect(page.get_by_role("button", name=CONTINUE[lang])).to_be_focused()
    assert page.url == f"{site}/"
    assert SECRET not in page.title() + page.locator("body").inner_text()
    expect(page.get_by_role("combobox")).to_be_hidden()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    clock.fast_forward("10:00")  # longer than the minutes without a move
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{lang}/search?q={SECRET}")
    expect(page.get_by_role("combobox")).to_have_value(SECRET)
    assert page.evaluate("sessionStorage['catalogue.list']") == LIST
    assert SECRET in page.title()


def test_the_screen_stays_whatever_is_pressed(page: Page, site: str, clock: Clock) -> None:
    page.goto(f"{site}/nl/record/metier-nurse")
    page.goto(f"{site}/nl/search?q={SECRET}")
    page.evaluate("list => sessionStorage['catalogue.list'] = list", LIST)
    clock.fast_forward("04:30")
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
def test_nobody_comes_back_from_the_shelves(page: Page, site: str, clock: Clock, lang: str) -> None:
    page.goto(f"{site}/{lang}/search?q={SECRET}")
    clock.fast_forward("04:30")
    page.get_by_role("button", name=SHELVES[lang]).click()
    expect(page.get_by_role("button", name=CONTINUE[lang])).to_be_focused()
    clock.fast_forward("15:01")
    page.wait_for_url(f"**/{lang}/end")
    shows_nothing(page)


def test_the_next_person_at_the_screen_begins_anew(page: Page, site: str, clock: Clock) -> None:
    page.goto(f"{site}/fr/search?q={SECRET}")
    clock.fast_forward("04:30")
    page.get_by_role("button", name=SHELVES["fr"]).click()
    page.locator(".away [data-visit=end]").click()
    page.wait_for_url("**/fr/end")
    shows_nothing(page)


def move_once(page: Page, move: str, step: int) -> None:
    if move == "scroll":
        page.evaluate("new Promise(done => { addEventListener('scroll', done, { once: true }); scrollBy(0, 20) })")
    elif move == "keys":
        page.keyboard.press("Shift")
    elif move == "pointer":
        page.mouse.move(step + 10, 300)
    else:
        page.evaluate("number => document.querySelectorAll('a')[number].focus()", step + 5)


@pytest.mark.parametrize("move", ["scroll", "keys", "pointer", "focus"])
def test_a_move_is_a_move(page: Page, site: str, clock: Clock, move: str) -> None:
    page.goto(f"{site}/fr/help")
    for step in range(4):
        clock.fast_forward("03:00")
        move_once(page, move, step)
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    clock.fast_forward("04:05")
    expect(page.get_by_role("alertdialog")).to_be_visible()


def sound(path: Path) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(struct.pack("<h", 0) * 8000 * 5)
    return path


def test_nothing_asks_while_something_plays(page: Page, site: str, clock: Clock, tmp_path: Path) -> None:
    heard = sound(tmp_path / "five-seconds.wav")
    page.route("**/media/sound.wav", lambda route: route.fulfill(path=heard, content_type="audio/wav"))
    page.goto(f"{site}/nl/help")
    page.evaluate(
        "new Promise(r => { const a = document.createElement('audio'); a.src = '/media/sound.wav';"
        " document.querySelector('main').append(a); a.onplaying = r; a.play() })"
    )
    for _minute in range(6):
        clock.fast_forward("01:00")
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    page.evaluate("document.querySelector('audio').pause()")
    clock.fast_forward("04:05")
    expect(page.get_by_role("alertdialog")).to_be_visible()


def test_whoever_opens_a_document_is_reading_it(page: Page, site: str, clock: Clock) -> None:
    page.goto(f"{site}/fr/record/utiliser-le-catalogue")
    link = page.locator("a[href^='/media/']:visible").first
    link.evaluate("link => link.addEventListener('click', e => e.preventDefault())")  # opens elsewhere
    link.click()
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    clock.fast_forward("33:00")
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # back again: from here on it counts
    clock.fast_forward("04:05")
    expect(page.get_by_role("alertdialog")).to_be_visible()


def test_a_page_may_ask_for_longer_for_the_whole_visit(page: Page, site: str) -> None:
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


def test_nobody_is_asked_at_an_entrance_where_nobody_was(page: Page, site: str, clock: Clock) -> None:
    page.goto(site)
    clock.fast_forward("04:30")
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    clock.fast_forward("01:00")
    assert page.url == f"{site}/"
    expect(page.get_by_role("alertdialog")).to_be_hidden()


@pytest.mark.soak
def test_zero_minutes_ask_nobody(browser: Browser, tmp_path: Path) -> None:
    with running(example(tmp_path, hard_cases=False), tmp_path, {"CATALOGUE_IDLE_MINUTES": "0"}) as address:
        page = browser.new_page()
        page.goto(f"{address}/fr/help")
        page.wait_for_timeout(500)
        assert page.evaluate("sessionStorage['catalogue.until']") is None
        page.close()
