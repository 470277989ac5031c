"""People who come alone and find, choose and take home in few steps."""

from __future__ import annotations

import io
import re

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser.stories.person import person, squeezed
from tests.browser.stories.told import INTERACTIONS, MOST

both = pytest.mark.parametrize("lang", ["fr", "nl"])


@both
def test_a_mother_who_reads_little_dutch_takes_part_time_dutch_lessons_home(
    browser: Browser, staffed: str, lang: str
) -> None:
    selection = {
        "fr": "Apprendre le néerlandais quand on a peu de temps",
        "nl": "Nederlands leren als je weinig tijd hebt",
    }
    house = {
        "fr": "Maison du néerlandais de Bruxelles (Huis van het Nederlands Brussel)",
        "nl": "Huis van het Nederlands Brussel",
    }
    daytime = {"fr": "quand les enfants sont à l'école", "nl": "als de kinderen op school zijn"}
    with person(browser, staffed, lang) as mother:
        mother.come_in()
        mother.click(mother.link(selection[lang]))
        lessons = mother.page.locator("li.entry").filter(has_text=daytime[lang])
        expect(lessons.get_by_role("heading")).to_have_text("CVO Brussel")
        mother.choose("CVO Brussel")
        mother.choose("Ligo Brusselleer")
        mother.choose(house[lang])
        mother.open_list(3)
        paper = mother.print()
        for words in ("CVO Brussel", "L6.50", "Ligo Brusselleer", "L7.01", *house.values(), "Ma liste", "Mijn lijst"):
            assert squeezed(words) in paper
        assert mother.interactions == INTERACTIONS["mother"] <= MOST
        mother.may_leave()


@both
def test_a_worker_who_wants_another_trade_takes_two_addresses_on_a_phone(
    browser: Browser, staffed: str, lang: str
) -> None:
    words = {"fr": "reconversion", "nl": "omscholen"}[lang]
    with person(browser, staffed, lang) as worker:
        worker.come_in()
        worker.click(worker.page.get_by_role("combobox"))
        worker.type(words)
        worker.press("Enter")
        worker.choose("Bruxelles Formation")
        worker.choose("VDAB Brussel")
        worker.open_list(2)
        worker.click(worker.button("On my phone"))
        picture = Image.open(io.BytesIO(worker.page.locator(".big-qr").screenshot()))
        (code,) = zxingcpp.read_barcodes(picture)
        assert str(code.text).startswith("mailto:?subject=")
        assert "vdab.be" in str(code.text)
        assert worker.interactions == INTERACTIONS["worker"] <= MOST
        worker.may_leave()


@both
def test_a_student_finds_how_to_study_abroad(browser: Browser, staffed: str, lang: str) -> None:
    theme = {"fr": "Bouger", "nl": "Bewegen"}[lang]
    question = {"fr": "Je veux étudier à l'étranger", "nl": "Ik wil in het buitenland studeren"}[lang]
    guide = {
        "fr": "40 questions pour partir à l'étranger",
        "nl": "Veertig vragen over een verblijf in het buitenland (in het Frans)",
    }
    with person(browser, staffed, lang) as student:
        student.come_in()
        student.click(student.page.get_by_role("main").get_by_role("link", name=theme).first)
        student.click(student.link(question))
        expect(student.page.get_by_text("Erasmus+").first).to_be_visible()
        student.choose(guide[lang])
        student.choose("Europass")
        student.open_list(2)
        paper = student.print()
        assert squeezed(guide["fr"]) in paper
        assert "B3.01" in paper
        assert student.interactions == INTERACTIONS["student"] <= MOST
        student.may_leave()


@both
def test_someone_without_a_diploma_finds_the_proof_of_what_they_can(browser: Browser, staffed: str, lang: str) -> None:
    question = {"fr": "Je n'ai pas de diplôme, que puis-je faire ?", "nl": "Ik heb geen diploma, wat kan ik doen?"}
    record = "Consortium de validation des compétences"
    with person(browser, staffed, lang) as one:
        one.come_in()
        one.click(one.link(question[lang]))
        one.click(one.page.get_by_role("main").get_by_role("link", name=record).first)
        expect(one.page.get_by_role("heading", level=1)).to_contain_text(record)
        expect(one.page.locator(".plate").first).to_contain_text("L11.01")
        one.click(one.page.locator(".record").get_by_role("button", name=one.word("Add to my list")))
        one.open_list(1)
        assert "L11.01" in one.print()
        assert one.interactions == INTERACTIONS["no-diploma"] <= MOST
        one.may_leave()


@both
def test_someone_goes_on_at_another_pc_and_prints_there(browser: Browser, staffed: str, lang: str) -> None:
    question = {"fr": "Qui peut m'aider à faire mon CV ?", "nl": "Wie helpt me met mijn cv?"}[lang]
    with person(browser, staffed, lang) as here, person(browser, staffed, lang) as there:
        here.come_in()
        here.click(here.link(question))
        here.choose("Europass")
        here.open_list(1)
        here.click(here.button("Continue on another PC"))
        shown = here.page.locator("#list-elsewhere .big-code")
        expect(shown).to_have_text(re.compile(r"^\d{3}\s\d{3}\s\d{3}$"))
        digits = shown.inner_text()
        there.open_code(digits)
        assert "Europass" in there.print()
        assert here.interactions + there.interactions == INTERACTIONS["elsewhere"] <= MOST
        here.may_leave()
        there.may_leave()


@both
def test_after_the_end_of_a_visit_the_next_person_finds_nothing(browser: Browser, staffed: str, lang: str) -> None:
    with person(browser, staffed, lang) as first:
        first.come_in()
        first.click(first.page.get_by_role("combobox"))
        first.type("faillite")
        first.press("Enter")
        first.page.wait_for_url("**/search?q=faillite")
        first.click(first.page.get_by_role("button", name=first.word("Add to my list")).first)
        first.click(first.link(first.word("I have finished – erase everything")))
        expect(first.page.get_by_role("alertdialog")).to_contain_text("1 document")
        first.click(first.button("Erase and finish"))
        first.page.wait_for_url(f"**/{lang}/end")
        assert first.interactions == INTERACTIONS["leaving"] <= MOST
        for _ in range(4):
            first.page.go_back(wait_until="commit")
            first.page.wait_for_timeout(200)
            assert "faillite" not in first.page.content() + first.page.url + first.page.title()
        first.page.goto(f"{staffed}/{lang}/list")
        assert first.page.evaluate("sessionStorage.getItem('catalogue.list')") is None
        expect(first.page.locator(".list-empty")).to_be_visible()
        first.may_leave()
