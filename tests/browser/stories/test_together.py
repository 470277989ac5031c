"""An advisor and the people beside them: an interview, a class of 24, a workshop of 15."""

from __future__ import annotations

import re
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.advising import until
from tests.browser.conftest import PASSWORD
from tests.browser.stories.person import Person, person, squeezed
from tests.browser.stories.told import INTERACTIONS, MOST, MOST_KEYS

both = pytest.mark.parametrize("lang", ["fr", "nl"])

CLASS = 24
WORKSHOP = 15
LISTED = "document.querySelectorAll('#made [name=item]').length === "


def sign_in(one: Person) -> None:
    """The cursor stands in the field of the name."""
    one.page.goto(f"{one.site}/desk/{one.lang}/advise/")
    one.type("marie")
    one.move()
    one.type(PASSWORD)
    one.press("Enter")
    one.page.wait_for_url(f"{one.site}/desk/{one.lang}/advise/")


def search(one: Person, words: str) -> None:
    """The cursor stands in the search box."""
    one.type(words)
    one.press("Enter")
    until(one.page, "document.activeElement.name === 'tick'")


def code_of(one: Person) -> str:
    one.page.wait_for_url(re.compile(r"/advise/list/[0-9]{9}$"))
    return one.page.url.rsplit("/", 1)[1]


def group_code(one: Person, words: str, count: int) -> str:
    """Make a list of the first results for a group; return its code."""
    sign_in(one)
    search(one, words)
    for number in range(count):
        if number:
            one.press("j")
        one.press("x")
    until(one.page, LISTED + str(count))
    one.select("For whom", "A group")
    one.press("Control+Enter")
    return code_of(one)


def opened(address: str) -> int:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return int(answer.status)


@both
def test_an_interview_gives_a_list_with_reasons_that_opens_at_another_pc(
    browser: Browser, staffed: str, lang: str
) -> None:
    first, second = {"fr": ("apprendre le néerlandais", "cv"), "nl": ("nederlands leren", "cv")}[lang]
    with person(browser, staffed, lang) as advisor, person(browser, staffed, lang) as visitor:
        sign_in(advisor)
        search(advisor, first)
        for key in ("n", "1", "j", "n", "4", "j", "n", "2"):
            advisor.press(key)
        advisor.press("/")
        search(advisor, second)
        for key in ("n", "7"):
            advisor.press(key)
        until(advisor.page, LISTED + "4")
        until(advisor.page, "[...document.querySelectorAll('#made [name=phrase]')].every(one => one.value)")
        advisor.press("Control+Enter")
        code = code_of(advisor)
        reasons = advisor.page.locator(".sheet-why").all_inner_texts()
        assert len(reasons) == 4
        assert advisor.keys <= MOST_KEYS
        assert advisor.interactions == INTERACTIONS["advisor"]
        visitor.open_code(code)
        expect(visitor.page.locator(".item-why")).to_have_text(reasons)
        visitor.click(visitor.page.get_by_role("button", name=visitor.word("Take into my list"), exact=True))
        expect(visitor.link(f"{visitor.word('My list')} (4)")).to_be_visible()
        assert visitor.interactions == INTERACTIONS["interviewed"] <= MOST
        visitor.may_leave()
        assert advisor.mishaps == []


@both
def test_a_pupil_in_a_class_of_24_chooses_from_the_list_of_the_class(browser: Browser, staffed: str, lang: str) -> None:
    with person(browser, staffed, lang) as teacher, person(browser, staffed, lang) as pupil:
        code = group_code(teacher, {"fr": "job étudiant", "nl": "studentenjob"}[lang], 4)
        with ThreadPoolExecutor(CLASS - 1) as others:
            assert set(others.map(opened, [f"{staffed}/{lang}/list/{code}"] * (CLASS - 1))) == {200}
        pupil.open_code(code)
        titles = pupil.page.locator(".item-title").all_inner_texts()
        assert len(titles) == 4
        pupil.choose(titles[0])
        pupil.choose(titles[2])
        pupil.open_list(2)
        paper = pupil.print()
        assert [squeezed(title) in paper for title in titles] == [True, False, True, False]
        assert pupil.interactions == INTERACTIONS["pupil"] <= MOST
        pupil.may_leave()


@pytest.mark.parametrize("lang", [pytest.param("fr", marks=pytest.mark.soak), "nl"])
def test_a_workshop_of_15_opens_one_code_from_the_wall(browser: Browser, staffed: str, lang: str) -> None:
    with ExitStack() as room:
        trainer = room.enter_context(person(browser, staffed, lang))
        group_code(trainer, "cv", 3)
        trainer.click(trainer.link(trainer.word("Show it to a group")))
        wall = trainer.page.get_by_role("heading", level=1).inner_text()
        assert trainer.interactions == INTERACTIONS["trainer"]
        for _ in range(WORKSHOP):
            participant = room.enter_context(person(browser, staffed, lang))
            participant.open_code(wall)
            expect(participant.page.locator("ol.items > li")).to_have_count(3)
            assert participant.interactions == INTERACTIONS["participant"] <= MOST
            participant.may_leave()
        assert trainer.mishaps == []
