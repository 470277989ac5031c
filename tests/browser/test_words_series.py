"""Words, texts and series at a PC: by keyboard, on paper, without script; axe finds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.conftest import session_of, staffed_site

LANGS = ["fr", "nl"]
RENEW = {"fr": "Renouveler 28 notices", "nl": "28 beschrijvingen vernieuwen"}
NEW_LABEL = {"fr": "Actiris (Bruxelles)", "nl": "Actiris (Brussel)"}
PAGES = (
    "words/",
    "words/publishers/",
    "words/publishers/actiris",
    "words/subjects/job-search",
    "words/shelves/new",
    "texts/",
    "texts/question-job-etudiant",
    "centre",
    "series/",
    "series/centre-sheets",
    "series/centre-sheets/claim?edition=2027",
    "labels?series=centre-sheets",
)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A server of our own: what is changed here is no other test's concern."""
    with staffed_site() as address:
        yield address


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: str) -> StorageState:
    """What the browser of a documentalist keeps."""
    return session_of(browser, site, "dirk")


@pytest.fixture
def desk(browser: Browser, site: str, signed_in: StorageState) -> Iterator[Page]:
    context = browser.new_context(
        storage_state=signed_in, viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
    page.on("request", lambda r: wrong.append(f"elsewhere: {r.url}") if not r.url.startswith(site) else None)
    yield page
    context.close()
    assert not wrong


@pytest.mark.parametrize("lang", LANGS)
def test_a_name_is_corrected_by_keyboard_and_visitors_read_it(desk: Page, site: str, lang: str) -> None:
    desk.goto(f"{site}/desk/{lang}/words/publishers/?q=actiris")
    desk.locator("table a").first.focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/words/publishers/actiris")
    desk.locator(f'[name="labels.{lang}"]').focus()
    desk.keyboard.press("ControlOrMeta+a")
    desk.keyboard.type(NEW_LABEL[lang])
    desk.keyboard.press("Enter")
    desk.wait_for_url("**?done=*")
    expect(desk.get_by_role("status")).to_contain_text("Bewaard" if lang == "nl" else "enregistré")
    desk.goto(f"{site}/{lang}/record/actiris")
    expect(desk.locator("main")).to_contain_text(NEW_LABEL[lang])


def test_a_neighbour_is_offered_while_it_is_typed(desk: Page, site: str) -> None:
    desk.goto(f"{site}/desk/nl/words/subjects/job-search")
    last = desk.locator('[name="related"]').last
    before = desk.locator('[name="related"]').count()
    last.focus()
    desk.keyboard.type("studietoe")
    expect(desk.locator("datalist option").first).to_be_attached()
    assert "studietoelage" in " ".join(desk.eval_on_selector_all("datalist option", "all => all.map(o => o.value)"))
    assert desk.locator('[name="related"]').count() == before + 1, "there is always an empty place"


def test_a_merge_reaches_the_records(desk: Page, site: str) -> None:
    desk.goto(f"{site}/desk/nl/words/audiences/jobseekers")
    desk.locator("#into").select_option("workers")
    desk.locator('[value="merge"]').click()
    expect(desk.locator(".lead")).to_contain_text("beschrijvingen veranderen")
    desk.locator('[value="merge"]').click()
    desk.wait_for_url("**/audiences/workers?done=*")
    desk.goto(f"{site}/desk/nl/words/audiences/jobseekers")
    expect(desk.locator(".notice")).to_be_visible()
    expect(desk.locator("main")).to_contain_text("0 beschrijvingen")


@pytest.mark.parametrize("lang", LANGS)
def test_a_text_is_seen_as_readers_see_it_before_it_is_saved(desk: Page, site: str, lang: str) -> None:
    desk.goto(f"{site}/desk/{lang}/texts/help")
    mark = f"Nouveau {lang}"
    for code in ("fr", "nl"):
        desk.locator(f'[name="body.{code}"]').fill(f"**{mark}**\n\n- een")
    desk.locator('[value="preview"]').click()
    expect(desk.locator("#preview [lang=fr] strong")).to_have_text(mark)
    expect(desk.locator("#preview [lang=nl] strong")).to_have_text(mark)
    desk.locator('[value="save"]').click()
    desk.wait_for_url("**?done=*")
    desk.goto(f"{site}/{lang}/help")
    expect(desk.locator("main strong").first).to_have_text(mark)


@pytest.mark.parametrize("lang", LANGS)
def test_a_series_is_renewed_in_three_steps_without_script(
    browser: Browser, site: str, signed_in: StorageState, lang: str
) -> None:
    context = browser.new_context(storage_state=signed_in, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/desk/{lang}/series/centre-sheets")
    year = {"fr": "2031", "nl": "2032"}[lang]
    page.locator("#edition").fill(year)
    page.locator('[value="all"]').click()
    page.locator('[value="preview"]').click()
    page.get_by_role("button", name=RENEW[lang]).first.click()
    page.wait_for_url("**?done=*")
    expect(page.locator("main")).to_contain_text(year)
    assert page.locator(".renew .now").all_inner_texts() == [year] * 28
    context.close()


def test_labels_fill_a_sheet_of_stickers(desk: Page, site: str, tmp_path: Path) -> None:
    desk.goto(f"{site}/desk/nl/labels?id=metier-cook&id=metier-nurse&start=24")
    desk.pdf(path=tmp_path / "labels.pdf", prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(tmp_path / "labels.pdf")
    assert len(document) == 2
    width, height = document[0].get_size()
    assert (round(width), round(height)) == (595, 842)
    first = document[0].get_textpage()
    mark = next(first.get_rect(n) for n in range(first.count_rects()))
    # The last of 24 labels of 70 × 37 mm: 140 mm from the left, 259.5 mm from the top.
    assert 140 < mark[0] / 72 * 25.4 < 160
    assert mark[3] / 72 * 25.4 < 297 - 259.5


@pytest.mark.parametrize("written", LANGS)
def test_a_letter_is_printed_alone_in_its_language(desk: Page, site: str, tmp_path: Path, written: str) -> None:
    desk.goto(f"{site}/desk/nl/series/centre-workshops/claim?edition=2027&in={written}")
    desk.pdf(path=tmp_path / "letter.pdf", prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(tmp_path / "letter.pdf")
    text = document[0].get_textpage().get_text_range()
    assert len(document) == 1
    assert ("Geachte" if written == "nl" else "Madame, Monsieur") in text
    assert "2027" in text and not re.search(r"afdrukken|Tonen", text)


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    browser: Browser, site: str, signed_in: StorageState, path: str
) -> None:
    context = browser.new_context(
        storage_state=signed_in, color_scheme="dark", viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{site}/desk/nl/{path}")
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


@pytest.mark.parametrize("state", ["wrong", "pasted", "preview", "merge"])
def test_axe_finds_nothing_in_what_a_form_answers(desk: Page, site: str, state: str) -> None:
    if state == "wrong":
        desk.goto(f"{site}/desk/nl/words/publishers/new")
        desk.locator('[name="url"]').fill("x")
        desk.locator('[value="save"]').click()
    elif state == "merge":
        desk.goto(f"{site}/desk/nl/words/subjects/job-search")
        desk.locator("#into").fill("studietoelage")
        desk.locator('[value="merge"]').click()
    else:
        desk.goto(f"{site}/desk/nl/series/centre-sheets")
        desk.locator("details.paste summary").click()
        desk.locator("#text").fill("O2.12\t2040\t30\nNiets\t2040")
        desk.locator('[value="paste"]').click()
        expect(desk.locator("#pasted li")).to_have_count(1)
        if state == "preview":
            desk.locator('[value="preview"]').click()
            expect(desk.locator("ins").first).to_be_visible()
    found = Axe().run(desk)
    assert found.violations_count == 0, found.generate_report()
