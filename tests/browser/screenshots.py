"""Pictures of every state of every page: ``python -m tests.browser.screenshots [FOLDER] [--only WORD …]``.

They are for people to look at (``make screenshots``); nothing is compared. What a program can see is checked on the
way and printed: a page that scrolls sideways, an answer with an unexpected status, an error in the console.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

from tests.browser.site import chromium, example_site

FOLDER = Path("screenshots")


@dataclass(frozen=True)
class State:
    """A page in one state. ``path`` stands below the language, unless it begins with a slash."""

    name: str
    path: str
    status: int = 200
    main: bool = False  # pictured in every look, and in English too
    before: Callable[[Page], None] | None = None  # what is done on the page before the picture


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    name: str
    width: int
    height: int = 800
    scheme: Literal["light", "dark"] = "light"
    contrast: Literal["more", "no-preference"] = "no-preference"
    forced: Literal["active", "none"] = "none"
    media: Literal["screen", "print"] = "screen"
    text_size: int = 100
    every: bool = False  # every state, not the main ones only


def open_all(page: Page) -> None:
    """Open everything that opens."""
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")


def tab(times: int) -> Callable[[Page], None]:
    """Return what presses the tab key so often."""

    def press(page: Page) -> None:
        for _ in range(times):
            page.keyboard.press("Tab")

    return press


def typing(words: str) -> Callable[[Page], None]:
    """Return what types into the search box, waits for the suggestions and goes to the second."""

    def press(page: Page) -> None:
        if not page.locator("#q").is_visible():  # on paper there is none
            return
        page.locator("#q").fill("")
        page.locator("#q").press_sequentially(words)
        page.locator("[role=option]").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")

    return press


LISTED = ["brulingua", "metier-nurse", "actiris", "onderwijskiezer", "collectif-alpha", "hard-long-title", "cefa"]


def listing(press: str = "") -> Callable[[Page], None]:
    """Return what puts documents on the list of the tab, shows it, and presses a button of the page."""

    def fill(page: Page) -> None:
        page.evaluate("ids => sessionStorage.setItem('catalogue.list', JSON.stringify(ids))", LISTED)
        page.reload()
        page.locator(".item").first.wait_for(state="attached")
        if press and page.locator(f"[data-do={press}]").first.is_visible():
            page.locator(f"[data-do={press}]").first.click()
        page.evaluate("sessionStorage.clear()")

    return fill


STATES = (
    State("entrance", "/", main=True),
    State("home", "", main=True),
    State("results", "search?q=verpleegkundige", main=True),
    State("results-all", "search"),
    State("results-last-page", "search?page=99"),
    State("results-filters", "search?q=brussel&theme=learn&theme=work&language=nl&format=shelf", main=True),
    State("results-open", "search?q=verpleegkundige&theme=orient", before=open_all),
    State("results-partial", "search?q=infirmier+bruxelles+soir"),
    State("results-only-partial", "search?q=cuisinier+astronaute"),
    State("results-long", "search?q=beroepskeuzevoorlichting"),
    State("results-mended", "search?q=verplegkundige", main=True),
    State("results-did-you-mean", "search?q=soliciteren+brief"),
    State("results-insisted", "search?q=verplegkundige&exact=1"),
    State("results-none", "search?q=zzzxq&theme=work"),
    State("results-none-filters", "search?q=verpleegkundige+avond&kind=video&place=wallonia"),
    State("results-none-words", "search?q=xqzz", main=True),
    State("results-notice", "search?q=cv&colour=blue"),
    State("record-link", "record/onderwijskiezer"),
    State("record-sheet", "record/metier-nurse", main=True),
    State("record-sheet-open", "record/metier-nurse", before=open_all),
    State("record-event", "record/atelier-trouver-son-cours-de-langue"),
    State("record-organisation", "record/collectif-alpha"),
    State("record-thanks", "record/onderwijskiezer?thanks=1"),
    State("record-long", "record/hard-long-title", main=True),
    State("record-bare", "record/hard-bare"),
    State("record-contact", "record/hard-organisation"),
    State("record-dates", "record/hard-event"),
    State("record-file", "record/hard-video"),
    *(State(f"theme-{id}", f"theme/{id}", main=id == "learn") for id in ("orient", "learn", "work", "start", "move")),
    State("occupation", "occupation/nurse", main=True),
    State("occupations", "occupations", main=True),
    State("occupations-narrowed", "occupations?q=kundige"),
    State("occupations-none", "occupations?q=xqzz"),
    State("sector", "occupations/sector/health"),
    State("questions", "questions"),
    State("language-rtl", "/languages/ar", main=True),
    State("steps", "steps/choisir-ses-etudes", main=True),
    State("selection", "selection/apprendre-le-neerlandais"),
    State("selections", "selections"),
    State("desk-lists", "/desk/nl/advise/lists/"),
    State("desk-pick", "/desk/nl/advise/lists/choisir-ses-etudes/pick", main=True),
    State("desk-poster", "/desk/nl/advise/lists/choisir-ses-etudes/poster", main=True),
    State("desk-slides", "/desk/nl/advise/lists/choisir-ses-etudes/slides"),
    State("new", "new"),
    State("list", "list", main=True, before=listing()),
    State("list-empty", "list"),
    State("list-phone", "list", before=listing("phone")),
    State("list-elsewhere", "list", before=listing("elsewhere")),
    State("list-removed", "list", before=listing("remove")),
    State("list-handed", "list#ids=brulingua,cefa"),
    State("code", "code"),
    State("code-unknown", "list/000000000", 404),
    State("help", "help"),
    State("question", "questions#question-aide-cv"),
    State("accessibility", "accessibility"),
    State("privacy", "privacy"),
    State("api", "api", main=True),
    State("ordering", "how-results-are-ordered", main=True),
    State("end", "end", main=True),
    State("station", "/station"),
    State("error-404", "nowhere", 404, main=True),
    State("error-410", "record/hard-withdrawn", 410),
    State("error-405", "record/onderwijskiezer/problem", 405),
    State("suggestions", "", main=True, before=typing("dipl")),
    State("suggestions-results", "search?q=werk", before=typing("verplee")),
    State("focus-home", "", before=tab(7)),
    State("focus-results", "search?q=cv", before=tab(8)),
)

LOOKS = (
    Look("320", 320, 640, every=True),
    Look("390", 390, 844, every=True),
    Look("820", 820, 1180, every=True),
    Look("1280", 1280, 800, every=True),
    Look("1920", 1920, 1080),
    Look("dark-390", 390, 844, scheme="dark"),
    Look("dark-1280", 1280, scheme="dark", every=True),
    Look("contrast-1280", 1280, contrast="more"),
    Look("contrast-dark-1280", 1280, contrast="more", scheme="dark"),
    Look("forced-1280", 1280, forced="active"),
    Look("forced-dark-390", 390, 844, forced="active", scheme="dark"),
    Look("print", 794, 1123, media="print"),
    Look("text-200-390", 390, 844, text_size=200),
    Look("text-200-1280", 1280, text_size=200),
)


def languages(state: State, look: Look) -> tuple[str, ...]:
    """Return the languages in which a state is pictured in a look."""
    if state.path.startswith("/") or not look.every:
        return ("nl",)
    return ("fr", "nl", "en") if state.main else ("fr", "nl")


def picture(browser: Browser, site: str, look: Look, states: tuple[State, ...], folder: Path) -> Iterator[str]:
    """Write the pictures of one look into ``folder``; yield what is wrong."""
    context = browser.new_context(
        viewport={"width": look.width, "height": look.height},
        color_scheme=look.scheme,
        contrast=look.contrast,
        forced_colors=look.forced,
        reduced_motion="reduce",
        locale="nl-BE",
    )
    page = context.new_page()
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text) if message.type == "error" else None)
    page.emulate_media(media=look.media)
    for state in states:
        for lang in languages(state, look):
            where = f"{look.name}: {state.name} ({lang})"
            console.clear()
            response = page.goto(f"{site}{state.path}" if state.path.startswith("/") else f"{site}/{lang}/{state.path}")
            if response is None or response.status != state.status:
                yield f"{where}: answered {response.status if response else 'nothing'}"
            if state.before:
                state.before(page)
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if over > 0:
                yield f"{where}: scrolls sideways by {over} px"
            # Chromium itself reports an answer with an error status there.
            yield from (f"{where}: {text}" for text in console if state.status == 200)
            page.screenshot(path=folder / f"{state.name}.{lang}.png", full_page=True, animations="disabled")
    context.close()


def take(site: str, folder: Path, only: tuple[str, ...] = ()) -> list[str]:
    """Write every picture into ``folder/<look>/<state>.<language>.png``; return what is wrong.

    ``only``: words of which the name of a look and state, as in ``dark-1280/home``, must hold one.
    """
    problems: list[str] = []
    for text_size, looks in groupby(LOOKS, key=lambda look: look.text_size):
        with chromium(text_size=text_size) as browser:
            for look in looks:
                states = tuple(
                    state
                    for state in STATES
                    if (look.every or state.main)
                    and (not only or any(word in f"{look.name}/{state.name}" for word in only))
                )
                if states:
                    place = folder / look.name
                    place.mkdir(parents=True, exist_ok=True)
                    problems += picture(browser, site, look, states, place)
    return problems


def main(arguments: list[str]) -> int:
    """Take the pictures; the exit code is 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--only", action="append", default=[], help="take these only: a word of LOOK/STATE; repeats")
    parser.add_argument("--site", help="an address of a server that runs already, without a slash at its end")
    parsed = parser.parse_args(arguments)
    if parsed.site:
        problems = take(parsed.site, parsed.folder, tuple(parsed.only))
    else:
        with example_site() as site:
            problems = take(site, parsed.folder, tuple(parsed.only))
    for problem in problems:
        print(problem)
    print(f"{sum(1 for _ in parsed.folder.rglob('*.png'))} pictures in {parsed.folder}, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
