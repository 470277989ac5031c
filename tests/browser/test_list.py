"""A visitor's own list: put together, put in order, printed, copied, taken to a phone, continued on another PC."""

from __future__ import annotations

import io
import json
import re
from typing import Literal

import pypdfium2
import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from catalogue.resource import Resource
from catalogue.service import Catalogue

EIGHT = (
    "brulingua",
    "metier-nurse",
    "actiris",
    "onderwijskiezer",
    "collectif-alpha",
    "atelier-trouver-son-cours-de-langue",
    "huis-van-het-nederlands-brussel",
    "cefa",
)
WORDS = {
    "fr": {
        "list": "Ma liste",
        "add": "Ajouter à ma liste",
        "on": "Sur ma liste",
        "added": "est sur votre liste",
        "removed": "n'est plus sur votre liste",
        "second": "est maintenant le numéro 2 sur 3",
        "off": "est retiré de votre liste",
        "back": "remis sur votre liste",
        "empty": "Votre liste est vide",
        "until": "Valable",
        "copied": "Copié.",
        "no code": "Il n'est pas possible de faire un code",
        "not fetched": "ne peuvent pas être affichés",
        "unknown": "Nous ne connaissons pas ce code",
        "no script": "qui exécute des scripts",
        "gone": "2 documents ne sont plus",
        "open": "Ouvrir ma liste",
    },
    "nl": {
        "list": "Mijn lijst",
        "add": "Op mijn lijst zetten",
        "on": "Staat op mijn lijst",
        "added": "staat op je lijst",
        "removed": "staat niet meer op je lijst",
        "second": "is nu nummer 2 van 3",
        "off": "is van je lijst gehaald",
        "back": "staat weer op je lijst",
        "empty": "Je lijst is leeg",
        "until": "eldig tot",
        "copied": "Gekopieerd.",
        "no code": "Er kan nu geen code gemaakt worden",
        "not fetched": "kunnen nu niet getoond worden",
        "unknown": "We kennen deze code niet",
        "no script": "scripts uitvoert",
        "gone": "2 documenten staan niet meer",
        "open": "Mijn lijst openen",
    },
}
both = pytest.mark.parametrize("lang", ["fr", "nl"])


def kept(page: Page) -> list[str]:
    """Return what the tab keeps: the list, and what the end of the visit needs."""
    stored = page.evaluate("JSON.stringify(sessionStorage)")
    assert set(json.loads(stored)) <= {"catalogue.list", "catalogue.visit", "catalogue.first", "catalogue.until"}
    ids: list[str] = json.loads(json.loads(stored).get("catalogue.list", "[]"))
    return ids


def fill(page: Page, site: str, lang: str, ids: tuple[str, ...] = EIGHT) -> None:
    """Open the list page with these records on the list."""
    page.goto(f"{site}/{lang}/code")
    page.evaluate("ids => sessionStorage.setItem('catalogue.list', JSON.stringify(ids))", list(ids))
    page.goto(f"{site}/{lang}/list")
    expect(page.locator(".item")).to_have_count(len(ids))


def shown(page: Page) -> list[str]:
    ids: list[str] = page.locator(".item").evaluate_all("all => all.map(one => one.dataset.id)")
    return ids


def focused(page: Page, selector: str) -> bool:
    return bool(page.evaluate("selector => document.activeElement.matches(selector)", selector))


def tab_to(page: Page, selector: str, most: int = 80) -> None:
    for _ in range(most):
        if focused(page, selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by the tab key")


# --- add, order, remove ---


@both
def test_add_put_in_order_and_remove(page: Page, site: str, lang: str) -> None:
    words = WORDS[lang]
    page.goto(f"{site}/{lang}/search?q=brussel")
    buttons = page.locator(".card button.list-button")
    for number in range(3):
        buttons.nth(number).click()
    expect(page.locator(".list-link")).to_have_text(f"{words['list']} (3)")
    expect(page.locator("#list-status")).to_contain_text(words["added"])
    expect(buttons.first).to_have_attribute("aria-pressed", "true")
    expect(buttons.first).to_contain_text(words["on"])
    ids = kept(page)
    assert len(ids) == 3
    buttons.nth(1).click()
    expect(page.locator("#list-status")).to_contain_text(words["removed"])
    assert kept(page) == [ids[0], ids[2]]
    buttons.nth(1).click()
    page.locator(".list-link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["list"])
    expect(page.locator(".item")).to_have_count(3)
    order = shown(page)
    assert order == kept(page) == [ids[0], ids[2], ids[1]]
    said = page.locator("[data-part=said]")
    page.locator(".item [data-do=down]").first.click()
    expect(said).to_contain_text(words["second"])
    assert shown(page) == kept(page) == [order[1], order[0], order[2]]
    page.locator(".item [data-do=remove]").last.click()
    expect(said).to_contain_text(words["off"])
    assert shown(page) == kept(page) == [order[1], order[0]]
    page.locator("[data-do=undo]").click()
    expect(page.locator(".item")).to_have_count(3)
    expect(said).to_contain_text(words["back"])
    page.locator("[data-do=empty]").click()
    expect(said).to_contain_text(words["empty"])
    expect(page.locator(".list-empty")).to_be_visible()
    assert page.evaluate("sessionStorage['catalogue.list']") in (None, "[]")
    expect(page.locator(".list-link")).to_have_text(f"{words['list']} (0)")
    page.locator("[data-do=undo]").click()
    expect(page.locator(".item")).to_have_count(3)
    page.reload()
    expect(page.locator(".item")).to_have_count(3)


@both
def test_after_adding_the_next_tab_leads_to_the_list(page: Page, site: str, lang: str) -> None:
    page.goto(f"{site}/{lang}/search?q=brussel")
    button = page.locator(".card button.list-button").nth(2)
    button.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    onward = page.locator(".list-onward")
    expect(onward).to_be_focused()
    expect(onward).to_have_text(f"{WORDS[lang]['list']} (1)")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")  # taken off again: nothing to go to
    expect(onward).to_have_count(0)
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".item")).to_have_count(1)


@both
def test_the_whole_of_it_by_keyboard(page: Page, site: str, lang: str) -> None:
    page.goto(f"{site}/{lang}/record/metier-nurse")
    tab_to(page, "button.list-button")
    page.keyboard.press("Space")
    assert kept(page) == ["metier-nurse"]
    fill(page, site, lang, ("metier-nurse", "actiris", "cefa"))
    tab_to(page, "[data-id=metier-nurse] [data-do=up]")
    page.keyboard.press("Enter")  # it cannot go up: nothing happens
    assert kept(page)[0] == "metier-nurse"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert kept(page) == ["actiris", "metier-nurse", "cefa"]
    assert focused(page, "[data-id=metier-nurse] [data-do=down]")
    page.keyboard.press("Enter")
    assert kept(page) == ["actiris", "cefa", "metier-nurse"]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert kept(page) == ["actiris", "cefa"]
    assert focused(page, "[data-do=undo]")
    page.keyboard.press("Enter")
    expect(page.locator(".item")).to_have_count(3)
    assert focused(page, "h1")
    tab_to(page, "[data-do=phone]")
    page.keyboard.press("Enter")
    assert focused(page, "#list-phone")


def test_back_shows_the_list_as_it_is_now(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/search?q=emploi")
    page.locator(".card button.list-button").first.click()
    (id,) = kept(page)
    page.goto(f"{site}/fr/record/{id}")
    page.locator(".record button.list-button").click()
    page.go_back()
    expect(page.locator(f"button[data-list={id}]")).to_have_attribute("aria-pressed", "false")


def test_an_occupation_has_the_button_on_every_card(page: Page, site: str) -> None:
    page.goto(f"{site}/nl/occupation/nurse")
    assert page.locator(".card").count() == page.locator(".card button.list-button:visible").count() > 0


@both
@pytest.mark.parametrize(
    "damaged", ["{", "null", '"x"', "[1,null,{}]", '{"a":1}', '["../x","<b>","actiris","actiris"]', "x" * 100_000]
)
def test_damaged_storage_does_no_harm(page: Page, site: str, lang: str, damaged: str) -> None:
    page.goto(f"{site}/{lang}/code")
    page.evaluate("text => sessionStorage.setItem('catalogue.list', text)", damaged)
    page.goto(f"{site}/{lang}/list")
    sound = ["actiris"] if "actiris" in damaged else []
    expect(page.locator(".list-link")).to_contain_text(f"({len(sound)})")
    expect(page.locator(".item")).to_have_count(len(sound))
    page.goto(f"{site}/{lang}/record/brulingua")
    page.locator(".record button.list-button").click()
    assert kept(page) == [*sound, "brulingua"]


@both
def test_a_full_list_says_so(page: Page, site: str, lang: str) -> None:
    page.goto(f"{site}/{lang}/code")
    ids = [f"id-{number}" for number in range(100)]
    page.evaluate("ids => sessionStorage.setItem('catalogue.list', JSON.stringify(ids))", ids)
    page.goto(f"{site}/{lang}/record/actiris")
    page.locator(".record button.list-button").click()
    expect(page.locator("#list-status")).to_contain_text("100")
    assert kept(page) == ids


@both
def test_documents_that_left_the_catalogue_are_taken_off_and_said(page: Page, site: str, lang: str) -> None:
    page.goto(f"{site}/{lang}/code")
    page.evaluate('sessionStorage.setItem(\'catalogue.list\', \'["nowhere", "actiris", "hard-withdrawn"]\')')
    page.goto(f"{site}/{lang}/list")
    expect(page.locator("[data-part=said]")).to_contain_text(WORDS[lang]["gone"])
    assert kept(page) == shown(page) == ["actiris"]


@both
def test_without_script_the_page_says_so_and_nothing_is_promised(browser: Browser, site: str, lang: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{lang}/list")
    expect(page.locator(".lead").first).to_contain_text(WORDS[lang]["no script"])
    page.goto(f"{site}/{lang}/record/actiris")
    assert page.locator(".list-button").count() > 1
    assert not [one for one in page.locator(".list-link, .list-button").all() if one.is_visible()]
    context.close()


# --- on paper ---


def texts(record: Resource) -> list[str]:
    return [record.title[code] for code in ("fr", "nl") if code in record.title]


def squeezed(text: str) -> str:
    """Return a text without what a line break adds or takes away."""
    return re.sub(r"[\s\u00ad\ufffe-]+", "", text)


def barcodes(page: pypdfium2.PdfPage) -> list[str]:
    return [str(code.text) for code in zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil())]


def assert_nothing_is_cut(page: pypdfium2.PdfPage) -> None:
    width, height = page.get_size()
    text = page.get_textpage()
    for index in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(index)
        assert 0 <= left <= right <= width
        assert 0 <= bottom <= top <= height


@both
def test_eight_documents_on_one_sheet(page: Page, site: str, lang: str, example: Catalogue) -> None:
    fill(page, site, lang)
    sheet = pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    assert len(sheet) == 1
    assert_nothing_is_cut(sheet[0])
    text = squeezed(sheet[0].get_textpage().get_text_range())
    records = [example.contents.records[id] for id in EIGHT]
    for record in records:
        for expected in [*texts(record), *(holding.shelf for holding in record.holdings if holding.shelf)]:
            assert squeezed(expected) in text, expected
    assert squeezed({"fr": "À emporter", "nl": "Mag je meenemen"}[lang]) in text
    assert squeezed("Mijn lijst") in text
    assert squeezed("Ma liste") in text
    codes = barcodes(sheet[0])
    links = {next((h.url for h in record.holdings if h.url), "") for record in records} - {""}
    assert set(codes) >= links
    (mail,) = [code for code in codes if code not in links]
    assert mail.startswith("mailto:?subject=")
    # As one walks: P at the entrance first, then K, then L; what stands on no shelf comes last.
    marks = re.findall(r"[PKL]\d+\.\d+", text)
    assert [mark[0] for mark in marks] == sorted((mark[0] for mark in marks), key="PKL".index)


@both
def test_long_titles_are_not_cut_and_no_document_is_torn(page: Page, site: str, lang: str) -> None:
    fill(page, site, lang, ("hard-long-title", *EIGHT, "hard-event", "hard-video", "hard-organisation", "hard-bare"))
    title = page.locator(".item-title").first.inner_text()
    sheet = pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    pages = [squeezed(one.get_textpage().get_text_range()) for one in sheet]
    assert squeezed(title) in "".join(pages)
    for one in sheet:
        assert_nothing_is_cut(one)


@both
def test_a_record_prints_without_what_only_a_screen_can(page: Page, site: str, lang: str) -> None:
    page.goto(f"{site}/{lang}/record/metier-nurse")
    sheet = pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    text = squeezed("".join(one.get_textpage().get_text_range() for one in sheet))
    assert "K4.11" in text
    assert squeezed(WORDS[lang]["add"]) not in text
    assert f"/{lang}/record/metiernurse" in text


# --- along ---


@both
def test_copy_as_text(browser: Browser, site: str, lang: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    fill(page, site, lang, ("actiris", "brulingua"))
    page.locator("[data-do=copy]").click()
    expect(page.locator("[data-part=said]")).to_contain_text(WORDS[lang]["copied"])
    text = page.evaluate("navigator.clipboard.readText()")
    assert WORDS[lang]["list"] in text
    assert "https://www.actiris.brussels" in text or "actiris" in text
    assert "Brulingua" in text
    # Over plain http inside the centre there is no such interface.
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.locator("[data-do=copy]").click()
    expect(page.locator("[data-part=said]")).to_contain_text(WORDS[lang]["copied"])
    context.close()


@both
def test_the_code_on_the_screen_is_read_by_a_phone(page: Page, site: str, lang: str) -> None:
    fill(page, site, lang, EIGHT[:3])
    page.locator("[data-do=phone]").click()
    picture = Image.open(io.BytesIO(page.locator(".big-qr").screenshot()))
    (code,) = zxingcpp.read_barcodes(picture)
    assert str(code.text).startswith("mailto:?subject=")
    page.locator(".item [data-do=remove]").first.click()
    expect(page.locator("#list-phone")).to_be_hidden()  # it would show a list that is no more


@both
def test_a_list_opens_on_another_station(page: Page, browser: Browser, site: str, lang: str) -> None:
    fill(page, site, lang, ("actiris", "cefa"))
    page.locator("[data-do=elsewhere]").click()
    expect(page.locator("[data-part=until]")).to_contain_text(WORDS[lang]["until"])
    code = page.locator("#list-elsewhere [data-part=code]").inner_text()
    assert re.fullmatch(r"\d{3}\s\d{3}\s\d{3}", code)
    assert focused(page, "#list-elsewhere")
    other = browser.new_context()
    station = other.new_page()
    station.goto(site)
    station.get_by_label("code").fill(code)
    station.get_by_role("button", name=WORDS[lang]["open"]).click()
    expect(station.locator(".item")).to_have_count(2)
    station.locator("[data-do=take]").click()
    assert kept(station) == ["actiris", "cefa"]
    station.locator(".list-link").click()
    expect(station.locator(".item")).to_have_count(2)
    assert other.cookies() == []
    other.close()


@both
def test_a_wrong_code_is_answered_where_it_was_typed(context: BrowserContext, site: str, lang: str) -> None:
    page = context.new_page()
    page.goto(f"{site}/{lang}/list")
    page.locator("#code:visible").fill("000-000.000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(WORDS[lang]["unknown"])
    expect(page.locator("#code")).to_be_focused()
    expect(page.locator("#code")).to_have_value("000-000.000")


@both
def test_without_the_server_the_list_stays_and_the_page_says_so(context: BrowserContext, site: str, lang: str) -> None:
    page = context.new_page()
    fill(page, site, lang, ("actiris", "cefa"))
    context.set_offline(True)
    page.locator("[data-do=elsewhere]").click()
    expect(page.locator("[data-part=problem]")).to_contain_text(WORDS[lang]["no code"])
    page.locator(".item [data-do=remove]").first.click()
    page.locator("[data-do=undo]").click()
    expect(page.locator("[data-part=failed]")).to_contain_text(WORDS[lang]["not fetched"])
    assert kept(page) == ["actiris", "cefa"]
    context.set_offline(False)
    page.locator("[data-do=again]").click()
    expect(page.locator(".item")).to_have_count(2)


@both
def test_a_list_in_the_address_is_offered_not_forced(page: Page, site: str, lang: str) -> None:
    fill(page, site, lang, ("actiris",))
    page.goto(f"{site}/{lang}/code")
    page.goto(f"{site}/{lang}/list#ids=cefa,brulingua,%3Cb%3E")
    expect(page.locator(".item")).to_have_count(2)
    assert kept(page) == ["actiris"]
    expect(page.locator(".item-tools").first).to_be_hidden()
    page.locator("[data-do=take]").click()
    expect(page.locator(".item")).to_have_count(3)
    assert kept(page) == ["actiris", "cefa", "brulingua"]
    assert page.url == f"{site}/{lang}/list"


# --- for everyone ---


def states(page: Page, site: str, lang: str) -> list[tuple[str, Locator]]:
    fill(page, site, lang, (*EIGHT, "hard-long-title"))
    return [(name, page.locator(f"[data-do={name}]").first) for name in ("phone", "elsewhere", "remove", "empty")]


@both
@pytest.mark.parametrize("width", [320, 1280])
def test_every_state_is_accessible_and_fits(browser: Browser, site: str, lang: str, width: int) -> None:
    scheme: Literal["light", "dark"] = "dark" if lang == "nl" else "light"
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    for name, button in states(page, site, lang):
        button.click()
        page.wait_for_timeout(300)
        look_over(page, name)
        if width == 320 and name == "phone":
            sizes = page.locator(".item-tools button, .list-actions button").evaluate_all(
                "all => all.map(one => one.getBoundingClientRect()).filter(r => r.width).map(r => [r.width, r.height])"
            )
            assert min(map(min, sizes)) >= 48
    for path in ("list#ids=brulingua,cefa", "code", "list/000000000"):
        page.goto(f"{site}/{lang}/{path}")
        page.wait_for_timeout(300)
        look_over(page, path)
    context.close()


def look_over(page: Page, where: str) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{where}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), where
