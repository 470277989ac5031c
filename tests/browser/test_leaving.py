"""Leaving: the list is asked about first; from a document back to its results; the page of another language."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.leaving import DONE, ERASE, finish
from tests.browser.stories.person import PRINTER, squeezed
from tests.browser.test_idle import SHELVES

LANGS = ("fr", "nl")
LISTED = '["metier-nurse","actiris"]'
TITLE = {"fr": "Votre liste de 2 documents va être effacée", "nl": "Je lijst van 2 documenten wordt gewist"}
ONE = {"fr": "Votre liste de 1 document", "nl": "Je lijst van 1 document"}
BACK = {"fr": "Revenir, ne rien effacer", "nl": "Terug, niets wissen"}
PRINT = {"fr": "Imprimer ma liste", "nl": "Mijn lijst afdrukken"}
PHONE = {"fr": "L'emporter sur mon téléphone", "nl": "Meenemen op mijn telefoon"}
CODE = {"fr": "Recevoir un code", "nl": "Een code krijgen"}
RESULTS = {"fr": "Retour aux résultats", "nl": "Terug naar de resultaten"}
SKIP = {"fr": "Aller au contenu", "nl": "Naar de inhoud"}
OTHER = {"fr": "nl", "nl": "fr"}
ASKED = {"fr": "Vous êtes encore là ?", "nl": "Ben je er nog?"}


def with_a_list(page: Page, site: str, lang: str, path: str = "help", listed: str = LISTED) -> None:
    page.goto(f"{site}/{lang}/privacy")
    page.evaluate("list => sessionStorage['catalogue.list'] = list", listed)
    page.goto(f"{site}/{lang}/{path}")


def kept(page: Page) -> str | None:
    found: str | None = page.evaluate("sessionStorage.getItem('catalogue.list')")
    return found


# --- the end of a visit with a list ---


@pytest.mark.parametrize("lang", LANGS)
def test_by_keyboard_the_question_is_answered_and_taken_back(page: Page, site: str, lang: str) -> None:
    with_a_list(page, site, lang)
    done = page.get_by_role("link", name=DONE[lang])
    done.focus()
    page.keyboard.press("Enter")
    question = page.get_by_role("alertdialog", name=TITLE[lang])
    expect(question).to_be_visible()
    expect(question).to_have_accessible_description(page.locator("#finish-text").inner_text())
    for name in (PRINT, PHONE, CODE):
        expect(page.get_by_role("link", name=name[lang])).to_be_focused()
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=BACK[lang])).to_be_focused()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.keyboard.press("Enter")
    expect(question).to_be_hidden()
    expect(done).to_be_focused()
    page.keyboard.press("Enter")
    expect(question).to_be_visible()
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    assert kept(page) == LISTED
    assert page.url == f"{site}/{lang}/help"
    finish(page, lang)
    page.wait_for_url(f"**/{lang}/end")
    assert kept(page) is None


@pytest.mark.parametrize("lang", LANGS)
def test_one_document_is_told_as_one_and_an_empty_list_is_not_asked_about(page: Page, site: str, lang: str) -> None:
    with_a_list(page, site, lang, listed='["actiris"]')
    page.get_by_role("link", name=DONE[lang]).click()
    expect(page.get_by_role("alertdialog")).to_contain_text(ONE[lang])
    page.get_by_role("button", name=BACK[lang]).click()
    page.evaluate("sessionStorage.removeItem('catalogue.list')")
    page.get_by_role("link", name=DONE[lang]).click()
    page.wait_for_url(f"**/{lang}/end")


@pytest.mark.parametrize("path", ["help", "list"])
@pytest.mark.parametrize("lang", LANGS)
def test_what_is_chosen_is_done_at_the_list_and_only_once(page: Page, site: str, lang: str, path: str) -> None:
    page.add_init_script(PRINTER)
    for name, shown in ((PHONE, "#list-phone"), (CODE, "#list-elsewhere")):
        with_a_list(page, site, lang, path)
        page.get_by_role("link", name=DONE[lang]).click()
        page.get_by_role("link", name=name[lang]).click()
        expect(page.locator(shown)).to_be_visible()
        assert page.url == f"{site}/{lang}/list"
        page.reload()
        expect(page.locator("ol.items > li")).to_have_count(2)
        expect(page.locator(shown)).to_be_hidden()
    with_a_list(page, site, lang, path)
    page.get_by_role("link", name=DONE[lang]).click()
    page.get_by_role("link", name=PRINT[lang]).click()
    expect(page.locator("html")).to_have_attribute("data-sent", "printer")
    expect(page.locator(".finish")).to_be_hidden()
    assert kept(page) == LISTED
    finish(page, lang)  # and now really
    page.wait_for_url(f"**/{lang}/end")


def test_without_script_the_end_asks_nothing(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/nl/help")
    expect(page.locator(".finish")).to_be_hidden()
    page.get_by_role("link", name=DONE["nl"]).click()
    page.wait_for_url("**/nl/end")
    context.close()


@pytest.mark.parametrize("lang", LANGS)
def test_the_question_fits_a_narrow_screen(browser: Browser, site: str, lang: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 500})
    page = context.new_page()
    with_a_list(page, site, lang)
    page.get_by_role("link", name=DONE[lang]).click()
    erase = page.get_by_role("button", name=ERASE[lang])
    erase.scroll_into_view_if_needed()
    expect(erase).to_be_in_viewport()
    assert page.evaluate(
        "document.querySelector('.finish').scrollWidth <= document.querySelector('.finish').clientWidth"
    )
    assert all(
        box["height"] >= 48 for each in page.locator(".finish :is(a, button)").all() if (box := each.bounding_box())
    )
    context.close()


# --- who finds the screen may read the other language ---


@pytest.mark.parametrize("lang", [*LANGS, "en"])
def test_the_question_and_the_neutral_screen_speak_both_languages(page: Page, site: str, lang: str) -> None:
    page.clock.install()
    page.goto(f"{site}/{lang}/help")
    page.clock.fast_forward("04:30")
    voices = list(dict.fromkeys((lang, *LANGS)))
    question = page.locator(".still-here")
    expect(question).to_be_visible()
    for part in ("h2", "[data-left]", "[data-visit=stay]"):
        spoken = question.locator(part)
        langs = spoken.evaluate_all(
            "all => all.flatMap(one => one.lang ? [one.lang] : Array.from(one.querySelectorAll('[lang]'), e => e.lang))"
        )
        assert langs == voices, part
    for code in LANGS:
        expect(question.locator("h2")).to_contain_text(ASKED[code])
        expect(question.locator(f"[data-left][lang={code}]")).to_contain_text("second")
    question.locator("[data-visit=shelves]").filter(has_text=SHELVES["fr"]).click()
    screen = page.locator(".away")
    assert [each.get_attribute("lang") for each in screen.locator("[data-hour]").all()] == voices
    assert all(text.strip() for text in screen.locator("[data-hour]").all_inner_texts())
    assert page.title().count(" · ") == len(voices) - 1
    expect(screen.locator("[data-visit=continue] [lang]")).to_have_count(len(voices))


# --- from a document back to its results ---


@pytest.mark.parametrize("lang", LANGS)
def test_from_a_document_back_to_where_one_was_in_the_results(page: Page, site: str, lang: str) -> None:
    results = f"{site}/{lang}/search?theme=learn"
    page.goto(f"{site}/{lang}/")
    page.goto(results)
    last = page.locator(".card-title a").nth(8)
    last.scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    assert scrolled > 300
    last.click()
    back = page.get_by_role("link", name=RESULTS[lang])
    expect(back).to_be_visible()
    assert back.get_attribute("href") == results
    page.get_by_role("link", name=SKIP[lang]).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(back).to_be_focused()
    entries = page.evaluate("history.length")
    page.keyboard.press("Enter")
    page.wait_for_url(results)
    page.wait_for_function("y => Math.abs(scrollY - y) < 50", arg=scrolled)
    assert page.evaluate("history.length") == entries
    assert "search" not in str(page.evaluate("Object.entries(sessionStorage)"))


@pytest.mark.parametrize("lang", LANGS)
def test_the_way_back_is_a_link_that_is_there_only_from_results(page: Page, site: str, lang: str) -> None:
    page.goto(f"{site}/{lang}/theme/learn")
    page.locator(".card-title a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".to-results")).to_be_hidden()
    page.goto(f"{site}/{lang}/record/actiris", referer=f"{site}/{lang}/search?q=werk")
    back = page.get_by_role("link", name=RESULTS[lang])
    assert (box := back.bounding_box()) and box["height"] >= 48
    page.emulate_media(media="print")
    expect(back).to_be_hidden()
    page.emulate_media(media="screen")
    back.click()  # the results are not the entry before: the link leads there all the same
    page.wait_for_url(f"{site}/{lang}/search?q=werk")


@pytest.mark.parametrize(
    "address", ["http://elsewhere.example/fr/search?q=x", "{site}/desk/fr/search", "{site}/fr/searches"]
)
def test_other_pages_are_no_results(page: Page, site: str, address: str) -> None:
    page.add_init_script(f"Object.defineProperty(document, 'referrer', {{ value: {address.format(site=site)!r} }})")
    page.goto(f"{site}/fr/record/actiris")
    expect(page.locator(".to-results")).to_be_hidden()


def test_without_script_there_is_no_way_back_that_leads_nowhere(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/fr/search?q=emploi")
    page.locator(".card-title a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".to-results")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("lang", LANGS)
def test_a_subject_opens_the_documents_that_have_it(page: Page, site: str, lang: str) -> None:
    page.goto(f"{site}/{lang}/record/metier-nurse")
    subject = page.locator(".facts a[href$='?subject=health-care']")
    name = subject.inner_text()
    subject.click()
    page.wait_for_url("**/search?subject=*")
    chosen = page.locator(".results-head .chip").first
    assert name.casefold() in chosen.inner_text().casefold()
    expect(page.locator(".card a[href$='/record/metier-nurse']")).to_have_count(1)
    expect(page.locator(".facet .choice[aria-current=true]")).to_have_count(1)
    expect(page.get_by_role("combobox")).to_have_value("")


# --- the page of a language beside those of the site ---


@pytest.mark.parametrize("lang", LANGS)
def test_a_document_in_arabic_is_put_on_the_list_and_printed(browser: Browser, site: str, lang: str) -> None:
    context = browser.new_context(locale=f"{lang}-BE", reduced_motion="reduce")
    page = context.new_page()
    page.add_init_script(PRINTER)
    page.goto(site)
    page.get_by_role("link", name="العربية").click()
    page.wait_for_url("**/languages/ar")
    document = page.locator(".language-documents li").filter(has_text="B4.14")
    button = document.get_by_role("button")
    for text in ("Ajouter à ma liste", "Op mijn lijst zetten"):
        expect(button).to_contain_text(text)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#list-status")).to_contain_text("1")
    for code, name in (("fr", "Ma liste (1)"), ("nl", "Mijn lijst (1)")):
        own = page.get_by_role("banner").get_by_role("link", name=name, exact=True)
        assert (own.get_attribute("href"), own.get_attribute("lang")) == (f"/{code}/list", code)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.get_by_role("button", name="Imprimer").click()
    expect(page.locator("html")).to_have_attribute("data-sent", "printer")
    sheets = pypdfium2.PdfDocument(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    paper = squeezed("".join(sheet.get_textpage().get_text_range() for sheet in sheets))
    assert "B4.14" in paper
    assert squeezed("Ajouter à ma liste") not in paper
    page.get_by_role("link", name=DONE[lang]).click()
    expect(page.locator(".finish h2 span[lang=fr]")).to_contain_text("Votre liste de 1 document")
    expect(page.locator(".finish h2 span[lang=nl]")).to_contain_text("Je lijst van 1 document")
    context.close()


DISTANCES = """all => [...all.children].flatMap(one => {
  const side = (element, name) => element.getBoundingClientRect()[name];
  const words = one.querySelector("div");
  const first = ".document-title, .document-when > *, .document-ways > :first-child, .list-button";
  const ends = [...one.querySelectorAll(first)].map(each => side(words, "right") - side(each, "right"));
  return [...ends, Math.min(0, side(one.querySelector(".icon"), "left") - side(words, "right"))];
})"""


@pytest.mark.parametrize("code", ["ar", "fa"])
def test_what_is_written_from_the_left_stands_at_the_right(page: Page, site: str, code: str) -> None:
    page.goto(f"{site}/languages/{code}")
    distances = page.locator(".language-documents").evaluate(DISTANCES)
    assert len(distances) > 4
    assert all(abs(distance) < 3 for distance in distances)
