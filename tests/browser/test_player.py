"""The player in a browser: a film opened at its second, by keyboard, with captions in the reader's language."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.conftest import watched
from tests.browser.site import CHROMIUM, CHROMIUM_ARGS, example, running
from tests.conftest import real_data_folder

FILM = Path(__file__).parent.parent / "films" / "film.webm"
SAID = {
    "fr": ("Bonjour à tous", "Une formation courte", "Au revoir"),
    "nl": ("Goeiedag iedereen", "Een korte opleiding", "Tot ziens"),
}
TIMES = ("00:01.000 --> 00:05.000", "00:20.000 --> 00:24.000", "00:30.000 --> 00:35.000")
RECORD = """kind: video
themes: [learn]
title: {fr: Un film, nl: Een film}
holdings:
  - {file: media/film.webm, language: fr, captions: {fr: media/f.fr.vtt, nl: media/f.nl.vtt},
     chapters: {fr: media/c.vtt}}
status: published
"""
REAL = {
    "keyboard.vtt": (
        "kind: video\nthemes: [learn]\ntitle: {fr: Sans les mains, nl: Zonder handen}\nstatus: published\n"
        "holdings: [{file: media/film.webm, language: fr, captions: {fr: media/keyboard.vtt}}]\n",
        "captions/keyboard.fr.vtt",
    ),
    "report.pdf": (
        "kind: guide\nthemes: [learn]\ntitle: {fr: Un rapport, nl: Een verslag}\nstatus: published\n"
        "holdings: [{file: media/report.pdf}]\n",
        "pdf/nl_Verslag_Publieke_werkgroep_URI_1.pdf",
    ),
}
"""Of the real data: the file, a record that has it, where it is."""
PLAY = {"fr": "Lecture", "nl": "Afspelen"}
SUBTITLES = {"fr": "Sous-titres", "nl": "Ondertitels"}


@pytest.fixture(scope="module")
def cinema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    work = tmp_path_factory.mktemp("cinema")
    resources = example(work, hard_cases=False)
    media = resources / "media"
    shutil.copy(FILM, media)
    for lang, said in SAID.items():
        cues = "\n\n".join(f"{time}\n{text}" for time, text in zip(TIMES, said, strict=True))
        (media / f"f.{lang}.vtt").write_text(f"WEBVTT\n\n{cues}\n", encoding="utf-8")
    (media / "c.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:18.000\nDébut\n\n00:18.000 --> 00:40.000\nFormations\n")
    (resources / "records" / "a-film.yaml").write_text(RECORD, encoding="utf-8")
    data = real_data_folder()
    for name, (record, source) in REAL.items() if data.is_dir() else ():
        shutil.copy(data / source, media / name)
        (resources / "records" / f"real-{Path(name).stem}.yaml").write_text(record, encoding="utf-8")
    with running(resources, work) as address:
        yield address


def media(page: Page, what: str) -> object:
    return page.evaluate(f"document.querySelector('#player video').{what}")


def now(page: Page) -> float:
    return float(str(media(page, "currentTime")))


def until(page: Page, condition: str) -> None:
    """Wait for what a script says, which the policy of the page does not let ``wait_for_function`` do."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(condition)


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_film_at_its_second_by_keyboard(browser: Browser, cinema: str, lang: str) -> None:
    scheme: Literal["light", "dark"] = "dark" if lang == "nl" else "light"
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce", color_scheme=scheme)
    with watched(context, cinema) as page:
        page.goto(f"{cinema}/{lang}/record/a-film?file=1&t=21#player")
        box = page.locator("#player")
        expect(box).to_be_focused()
        until(page, "document.querySelector('#player video').readyState >= 1")
        assert (media(page, "paused"), round(now(page))) == (True, 21), "nothing plays by itself"
        line = box.locator(".player-text [aria-current]:visible")
        expect(line).to_contain_text(SAID[lang][1])
        shown = page.evaluate("Array.from(document.querySelector('video').textTracks).map(t => [t.language, t.mode])")
        assert ["nl", "showing" if lang == "nl" else "disabled"] in shown
        assert ["fr", "disabled"] in shown
        expect(box.get_by_role("combobox", name=SUBTITLES[lang], exact=True)).to_have_value(
            "nl" if lang == "nl" else ""
        )
        page.keyboard.press("l")
        page.keyboard.press("ArrowRight")
        until(page, "!document.querySelector('video').seeking")
        assert round(now(page)) == 36
        expect(line).to_contain_text(SAID[lang][2])
        page.keyboard.press("j")
        page.keyboard.press("ArrowLeft")
        until(page, "!document.querySelector('video').seeking")
        assert round(now(page)) == 21
        page.keyboard.press(" ")
        until(page, "!document.querySelector('video').paused")
        page.keyboard.press("k")
        until(page, "document.querySelector('video').paused")
        box.get_by_role("button", name=PLAY[lang]).focus()
        page.keyboard.press(" ")  # presses the button, once
        until(page, "!document.querySelector('video').paused")
        box.locator(".player-text a:visible").first.click()
        until(page, "Math.floor(document.querySelector('video').currentTime) === 1")
        expect(line).to_contain_text(SAID[lang][0])
        page.keyboard.press("k")
        box.get_by_role("combobox", name=SUBTITLES[lang], exact=True).select_option("fr")
        assert media(page, "textTracks[0].mode") == ("showing" if lang == "fr" else "disabled")
        page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_without_script_a_line_opens_the_film_at_its_second(browser: Browser, cinema: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    with watched(context, cinema) as page:
        page.goto(f"{cinema}/nl/record/a-film")
        expect(page.locator(".player-bar")).to_be_hidden()
        page.get_by_role("link", name=SAID["nl"][2]).click()
        assert page.url == f"{cinema}/nl/record/a-film?file=1&t=30#player"
        expect(page.locator("#player video")).to_have_attribute("src", "/media/film.webm#t=30")
        expect(page.get_by_role("link", name=SAID["nl"][2])).to_have_attribute("aria-current", "true")
    context.close()


def tab_to(page: Page, selector: str) -> None:
    for _ in range(80):
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
        page.keyboard.press("Tab")
    pytest.fail(selector)


def search_until_read(page: Page, address: str, record: str) -> None:
    """Open a page of results until it has found something inside a file of a record: files are read in turn."""
    for _ in range(100):
        page.goto(address)
        if page.locator(f".card-inside a[href*='/{record}?']").count():
            return
        page.wait_for_timeout(200)
    pytest.fail(f"nothing was found inside a file of {record}: {address}")


def viewer(page: Page) -> Frame:
    """Return Chromium's reader of PDFs, which comes a moment after the address."""
    for _ in range(100):
        for frame in page.frames:
            if frame.url.startswith("chrome-extension:"):
                return frame
        page.wait_for_timeout(50)
    pytest.fail("Chromium shows no PDF")


@pytest.mark.parametrize(("lang", "typed"), [("fr", "souris cassées"), ("nl", "souris cassée")])
def test_the_second_or_the_page_of_a_word_is_two_steps_away_by_keyboard(
    browser: Browser, cinema: str, test_data: Path, lang: str, typed: str
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    with watched(context, cinema) as page:
        search_until_read(page, f"{cinema}/{lang}/search?q={typed}", "real-keyboard")
        page.goto(f"{cinema}/{lang}/")
        tab_to(page, "[role=combobox]")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")  # the first step
        page.wait_for_url("**/search?*")
        assert page.locator(".card-inside").all_inner_texts()[0].count("00:21") == 1
        tab_to(page, ".card-inside a")
        page.keyboard.press("Enter")  # the second
        page.wait_for_url("**/record/real-keyboard?file=1&t=21#player")
        expect(page.locator("#player")).to_be_focused()
        until(page, "document.querySelector('#player video').readyState >= 1")
        assert (media(page, "paused"), int(now(page))) == (True, 21)
        expect(page.locator(".player-text [aria-current]:visible")).to_contain_text("souris cassée")
    context.close()
    # With the browser's own reader of PDFs, which is not watched: it is made of requests to itself.
    whole = browser.browser_type.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGS)
    reader = whole.new_page()
    search_until_read(reader, f"{cinema}/{lang}/search?q=kunstobjecten", "real-report")
    tab_to(reader, ".card-inside a")
    reader.keyboard.press("Enter")
    reader.wait_for_url(f"{cinema}/{lang}/record/real-report?file=1&page=4#reader")
    expect(viewer(reader).locator("#pageSelector")).to_have_value("4")
    whole.close()
