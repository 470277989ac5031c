"""The advisors' pages in a browser: an interview's list in few keys, the sheet on paper, the code on a wall."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Literal, NamedTuple

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.advising import Advisor, advisor, read_qr, until

LANGS = ("fr", "nl")
A4 = (595, 842)  # points
MOST_KEYS = 25

QUERIES = {
    "fr": ("apprendre le néerlandais", "cv", "équivalence"),
    "nl": ("nederlands leren", "cv", "diploma buitenland"),
}
NEVER_HERE = {"fr": "Nous ne connaissons pas ce code", "nl": "Deze code kennen we niet"}

LONG_WHY = "Téléphonez avant midi et demandez la séance d’information ; apportez ce que vous avez déjà reçu."

EIGHT = (
    "hard-long-title",
    "metier-nurse",
    "huis-van-het-nederlands-brussel",
    "actiris",
    "onderwijskiezer",
    "atelier-trouver-son-cours-de-langue",
    "collectif-alpha",
    "faire-reconnaitre-un-diplome-etranger",
)


@pytest.fixture(params=LANGS)
def adviser(request: pytest.FixtureRequest, browser: Browser, staffed: str) -> Iterator[Advisor]:
    with advisor(browser, staffed, request.param) as one:
        yield one


LISTED = "[...document.querySelectorAll('#made [name=item]')].map(one => one.value).join(' ')"


def rows(page: Page) -> list[str]:
    return list(page.eval_on_selector_all("#made [name=item]", "all => all.map(one => one.value)"))


# --- by keyboard -------------------------------------------------------------------------------------------------


def test_an_interview_takes_at_most_25_keys_beside_the_queries(adviser: Advisor) -> None:
    """Three queries, five documents, a reason for each, the code: counted by what the browser itself sees."""
    page, (first, second, third) = adviser.page, QUERIES[adviser.lang]
    adviser.search(first)
    adviser.press("n", "1", "j", "n", "4")
    adviser.press("/")
    adviser.search(second)
    adviser.press("n", "b", "j", "n", "7")
    adviser.press("/")
    adviser.search(third)
    adviser.press("n", "9")
    until(page, "document.querySelectorAll('#made [name=item]').length === 5")
    expect(page.locator("#made select[name=phrase]").last).to_have_value("bring-diploma")
    adviser.press("Control+Enter")
    page.wait_for_url(re.compile(r"/advise/list/[0-9]{9}$"))
    assert len(adviser.keys) + 1 <= MOST_KEYS, adviser.keys  # Control and Enter are two
    expect(page.locator(".sheet-item")).to_have_count(5)
    expect(page.locator(".sheet-why")).to_have_count(5)


def test_five_queries_of_which_each_time_the_second_result_is_taken_are_still_25_keys(adviser: Advisor) -> None:
    page = adviser.page
    for number, words in enumerate(("cv", "stage", "job", "vdab", "erasmus")):
        if number:
            adviser.press("/")
        adviser.search(words)
        adviser.press(*(("j",) if number < 4 else ()), "n", "1")
    until(page, "document.querySelectorAll('#made [name=item]').length === 5")
    until(page, "[...document.querySelectorAll('#made [name=phrase]')].every(s => s.value === 'start-here')")
    adviser.press("Control+Enter")
    page.wait_for_url(re.compile(r"/advise/list/[0-9]{9}$"))
    assert len(adviser.keys) + 1 <= MOST_KEYS, adviser.keys


def test_moving_ticking_and_unticking_by_keys(adviser: Advisor) -> None:
    page = adviser.page
    adviser.search("cv")
    ids = page.eval_on_selector_all("[name=tick]", "all => all.map(one => one.value)")
    adviser.press("x", "ArrowDown", "Space", "j", "x", "k", "x")
    until(page, f"{LISTED} === '{ids[0]} {ids[2]}'")
    assert page.evaluate("document.activeElement.value") == ids[1]
    expect(page.locator("#advise-said")).to_have_text(re.compile("^2 "))


def test_single_keys_can_be_switched_off_for_the_tab(adviser: Advisor) -> None:
    page = adviser.page
    page.locator("#single-keys").uncheck()
    page.locator("#advise-q").focus()
    adviser.search("cv")
    adviser.press("x", "n", "/", "j")
    assert not page.locator("dialog").is_visible()
    assert page.locator("[name=tick]:checked").count() == 0
    adviser.press("Space")  # what the browser itself does stays
    until(page, "document.querySelectorAll('#made [name=item]').length === 1")
    page.reload()
    expect(page.locator("#single-keys")).not_to_be_checked()


def test_keys_typed_into_a_field_are_text(adviser: Advisor) -> None:
    page = adviser.page
    adviser.search("cv")
    adviser.press("n", "0")
    until(page, "document.activeElement.name === 'own'")
    page.keyboard.type("xjn/ k")
    adviser.press("Escape")
    assert page.evaluate("document.activeElement.name") == "tick"
    assert page.locator("#made [name=own]").input_value() == "xjn/ k"
    assert len(rows(page)) == 1


def test_order_changes_under_the_hand_that_changes_it(adviser: Advisor) -> None:
    page = adviser.page
    adviser.search("cv")
    adviser.press("x", "j", "x", "j", "x")
    until(page, "document.querySelectorAll('#made [name=item]').length === 3")
    before = rows(page)
    page.locator(f"#up-{before[2]}").focus()
    adviser.press("Enter")
    until(page, f"document.querySelectorAll('#made [name=item]')[1].value === '{before[2]}'")
    expect(page.locator(f"#up-{before[2]}")).to_be_focused()
    adviser.press("Enter")
    until(page, f"document.querySelectorAll('#made [name=item]')[0].value === '{before[2]}'")
    assert rows(page) == [before[2], before[0], before[1]]
    expect(page.locator(f"#down-{before[2]}")).to_be_focused()  # up is no longer possible


def test_a_list_outlives_a_wrong_click_until_its_code_is_made(adviser: Advisor) -> None:
    page = adviser.page
    adviser.search("cv")
    adviser.press("n", "2")
    until(page, "document.querySelector('#made [name=phrase]')?.value === 'read-first'")
    chosen = rows(page)
    page.goto(f"{adviser.site}/desk/{adviser.lang}/")
    adviser.go("")
    until(page, "document.querySelectorAll('#made [name=item]').length === 1")
    assert rows(page) == chosen
    expect(page.locator("#made [name=phrase]")).to_have_value("read-first")
    adviser.press("Control+Enter")
    page.wait_for_url(re.compile(r"/advise/list/[0-9]{9}$"))
    adviser.go("")
    expect(page.locator("#made-title .made-count")).to_have_text("0")


# --- without script ----------------------------------------------------------------------------------------------


def test_everything_works_without_script(browser: Browser, staffed: str) -> None:
    with advisor(browser, staffed, "nl", java_script_enabled=False) as one:
        page = one.page
        page.fill("#advise-q", "cv")
        page.locator(".advise-search button").click()
        page.locator("[name=tick]").nth(0).check()
        page.locator("[name=tick]").nth(2).check()
        page.fill("#advise-q", "nederlands")
        page.locator(".advise-search button").click()
        page.locator("[name=tick]").nth(0).check()
        page.locator("button[value=list]").click()
        chosen = rows_without_script(page)
        assert len(chosen) == 3
        page.locator(f"#down-{chosen[0]}").click()
        assert rows_without_script(page) == [chosen[1], chosen[0], chosen[2]]
        page.locator("[name=phrase]").first.select_option("free")
        page.locator("#make").click()
        expect(page.locator(".big-code")).to_have_text(re.compile(r"^\d{3}\s\d{3}\s\d{3}$"))
        expect(page.locator(".sheet-why")).to_have_text(["Gratis"])


def rows_without_script(page: Page) -> list[str]:
    return [str(one.get_attribute("value")) for one in page.locator("#made [name=item]").all()]


# --- what can go wrong -------------------------------------------------------------------------------------------


def test_a_phrase_that_names_a_day_wants_one(adviser: Advisor) -> None:
    page = adviser.page
    adviser.search("cv")
    adviser.press("n", "8")
    until(page, "document.activeElement.name === 'day'")
    adviser.press("Control+Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[name=day]")).to_have_attribute("aria-invalid", "true")
    page.locator("[name=day]").fill("2026-12-04")
    page.locator("#make").click()
    day = {"fr": "Avant le vendredi 4 décembre 2026", "nl": "Vóór vrijdag 4 december 2026"}[adviser.lang]
    expect(page.locator(".sheet-why")).to_have_text(day)


def test_signed_out_meanwhile_the_list_stays_on_the_page(adviser: Advisor) -> None:
    page = adviser.page
    adviser.search("cv")
    adviser.press("x")
    until(page, "document.querySelectorAll('#made [name=item]').length === 1")
    page.context.clear_cookies()
    adviser.press("j", "x")
    expect(page.locator(".from-script")).to_be_visible()
    assert len(rows(page)) == 1
    assert page.locator("[name=tick]:checked").count() == 2


def test_a_code_is_opened_however_it_is_typed_and_an_unknown_one_is_said_kindly(adviser: Advisor) -> None:
    page, code = adviser.page, adviser.make("actiris", "onderwijskiezer")
    adviser.go("")
    other = str((int(code) + 1) % 10**9).zfill(9)
    page.fill("#code", other)
    page.locator("button[value=open]").click()
    expect(page.get_by_role("alert")).to_contain_text(NEVER_HERE[adviser.lang])
    expect(page.locator("#code")).to_have_value(other)
    page.fill("#code", f"{code[:3]}-{code[3:6]} {code[6:]}")
    adviser.press("Enter")
    page.wait_for_url(f"**/list/{code}")
    page.locator("button[value=take-over]").click()
    page.wait_for_selector("#made")
    assert rows(page) == ["actiris", "onderwijskiezer"]
    page.locator("#make").click()
    page.wait_for_url(re.compile(r"/advise/list/[0-9]{9}$"))
    assert not page.url.endswith(code)


def test_a_list_is_changed_under_the_same_code(adviser: Advisor) -> None:
    page, code = adviser.page, adviser.make("actiris", "onderwijskiezer")
    adviser.go(f"list/{code}/change")
    page.locator("#made button[value='remove:actiris']").click()
    until(page, "document.querySelectorAll('#made [name=item]').length === 1")
    page.locator("#make").click()
    page.wait_for_url(f"**/advise/list/{code}")
    expect(page.locator(".sheet-item")).to_have_count(1)


# --- on paper ----------------------------------------------------------------------------------------------------


class Printed(NamedTuple):
    """A page of paper: its size in points, its words, what it looks like at 216 dots per inch."""

    size: tuple[int, int]
    text: str
    picture: Image.Image


def printed(page: Page, folder: Path) -> list[Printed]:
    path = folder / "sheet.pdf"
    page.pdf(path=path, prefer_css_page_size=True)
    with closing(pypdfium2.PdfDocument(path)) as document:
        sheets = []
        for sheet in document:
            width, height = sheet.get_size()
            text = sheet.get_textpage().get_text_range()
            sheets.append(Printed((round(width), round(height)), text, sheet.render(scale=3).to_pil()))
        return sheets


def flat(text: str) -> str:
    return re.sub(r"[\s\x02\xad-]+", "", text)


@pytest.mark.parametrize("lang", [*LANGS, "en"])
def test_eight_documents_stand_on_one_page_uncut_and_its_code_is_read(
    browser: Browser, staffed: str, lang: str, tmp_path: Path
) -> None:
    with advisor(browser, staffed, lang) as one:
        one.go(f"list/{one.make(*EIGHT, why=LONG_WHY)}")
        page = one.page
        said = [".sheet-head span", ".sheet-code", ".sheet-link", ".sheet-name", ".sheet-other span", ".sheet-why"]
        said += [".sheet-where p", ".sheet-walk li"]
        texts = page.locator(", ".join(said)).all_text_contents()
        code, link = page.locator(".big-code").inner_text(), page.locator(".handed-link a").get_attribute("href")
        sheets = printed(page, tmp_path)
        assert len(sheets) == 1
        assert sheets[0].size == A4
        words = flat(sheets[0].text)
        assert page.locator(".sheet-item").count() == 8
        assert [text for text in texts if flat(text) not in words] == []
        assert flat(code) in words
        assert read_qr(sheets[0].picture) == link
        assert link == f"{staffed}/{lang}/list/{flat(code)}"


def test_the_titles_of_both_languages_and_the_shelves_in_walking_order_are_printed(adviser: Advisor) -> None:
    page = adviser.page
    adviser.go(f"list/{adviser.make('actiris', 'metier-nurse', 'huis-van-het-nederlands-brussel')}")
    nurse = page.locator(".sheet-item").nth(1)
    assert {one.get_attribute("lang") for one in nurse.locator(".sheet-what [lang]").all()} >= {"fr", "nl"}
    marks = page.locator(".sheet-walk .sheet-mark").all_inner_texts()
    shelves = re.findall(r"^- \{id: (\w+)", Path("resources/vocabularies/shelves.yaml").read_text("utf-8"), re.M)
    assert len(marks) == 3
    assert marks == sorted(marks, key=lambda mark: shelves.index(mark.split(".")[0]))


def test_the_headings_are_the_readers_and_small_beside_them_the_centres(browser: Browser, staffed: str) -> None:
    with advisor(browser, staffed, "en") as one:
        one.go(f"list/{one.make('actiris')}")
        title = one.page.locator(".sheet-title")
        assert [span.get_attribute("lang") for span in title.locator("span").all()] == ["en", "fr", "nl"]


# --- on a wall ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080), (1024, 768)])
def test_a_room_reads_the_code_from_eight_metres(adviser: Advisor, width: int, height: int) -> None:
    """On a screen two metres wide, digits of 4 cm are read from 8 m; these are at least 15 cm. Nothing scrolls."""
    page = adviser.page
    page.set_viewport_size({"width": width, "height": height})
    code = adviser.make("actiris")
    adviser.go(f"list/{code}/screen")
    digits = page.locator(".screen-code").evaluate("one => parseFloat(getComputedStyle(one).fontSize) * 0.7")
    step = page.locator(".screen-step > :first-child").first.evaluate(
        "one => parseFloat(getComputedStyle(one).fontSize) * 0.7"
    )
    assert digits / width * 200 >= 15
    assert step / width * 200 >= 3
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        width,
        height,
    ]
    picture = Image.open(io.BytesIO(page.screenshot()))
    assert read_qr(picture).endswith(f"/{adviser.lang}/list/{code}")
    assert page.locator("main a:visible").count() == 1


# --- for everyone ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", [*LANGS, "en"])
def test_axe_finds_nothing_in_any_state(
    browser: Browser, staffed: str, lang: str, scheme: Literal["light", "dark"]
) -> None:
    width = 390 if lang == "en" else 1280
    with advisor(browser, staffed, lang, color_scheme=scheme, viewport={"width": width, "height": 800}) as one:
        page = one.page
        axe(page, "start")
        one.search("cv")
        one.press("n")
        axe(page, "phrases")
        one.press("8")
        until(page, "document.activeElement.name === 'day'")
        page.locator("#for").select_option("group")
        page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
        axe(page, "list and filters")
        one.press("Control+Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        axe(page, "a day is missing")
        code = one.make(*EIGHT)
        for path in (f"list/{code}", f"list/{code}/change", f"list/{code}/screen"):
            one.go(path)
            axe(page, path)


def axe(page: Page, state: str) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{state}: {found.generate_report()}"


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_is_wider_than_the_screen_and_targets_are_large(adviser: Advisor, width: int) -> None:
    page, code = adviser.page, adviser.make(*EIGHT)
    page.set_viewport_size({"width": width, "height": 800})
    adviser.search("cv")
    adviser.press("n", "8")
    until(page, "document.activeElement.name === 'day'")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    small = page.eval_on_selector_all(
        ".advise button:not([hidden]), .advise select, .tick",
        "all => all.filter(one => one.offsetParent && one.offsetHeight < 48).map(one => one.outerHTML.slice(0, 80))",
    )
    assert small == []
    for path in (f"list/{code}", f"list/{code}/screen"):
        adviser.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") == width
