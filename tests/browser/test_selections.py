"""Editorial lists at a PC, on paper and on a tablet: from the home page to a record, printed, as poster, as slides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pypdfium2
import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, StorageState, ViewportSize, expect

from tests.browser.conftest import session_of, staffed_site

PUBLIC = "https://catalogue.example.brussels"
TABLET: ViewportSize = {"width": 1180, "height": 820}
LANGS = ["fr", "nl"]
STEPS = {"fr": "L'école est finie : trouver mon premier emploi", "nl": "Klaar met school: mijn eerste job vinden"}
SELECTION = {
    "fr": "Apprendre le néerlandais quand on a peu de temps",
    "nl": "Nederlands leren als je weinig tijd hebt",
}
SLIDES = "/desk/{lang}/advise/lists/apprendre-le-neerlandais/slides"
PAGES = (
    "/{lang}/",
    "/{lang}/selections",
    "/{lang}/steps/choisir-ses-etudes",
    "/{lang}/selection/apprendre-le-neerlandais",
    "/desk/{lang}/advise/lists/",
    "/desk/{lang}/advise/lists/choisir-ses-etudes/pick",
    "/desk/{lang}/advise/lists/choisir-ses-etudes/poster",
    SLIDES,
)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A server that phones outside can reach: its QR codes lead to the public address."""
    with staffed_site({"CATALOGUE_PUBLIC_URL": PUBLIC}) as address:
        yield address


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: str) -> StorageState:
    """What the browser of an advisor keeps."""
    return session_of(browser, site, "marie")


def printed(page: Page, file: Path) -> pypdfium2.PdfDocument:
    page.pdf(path=file, format="A4", prefer_css_page_size=True)
    return pypdfium2.PdfDocument(file)


def codes(document: pypdfium2.PdfDocument) -> list[str]:
    """Return what the QR codes of a document say, at the resolution of a plain office printer's scan."""
    pictures = [document[index].render(scale=200 / 72).to_pil() for index in range(len(document))]
    return [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("lang", LANGS)
def test_from_the_home_page_to_the_first_step_and_back_in_the_other_language(page: Page, site: str, lang: str) -> None:
    page.goto(f"{site}/{lang}/")
    page.get_by_role("link", name=STEPS[lang]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(STEPS[lang])
    assert page.locator(".entries > li").count() == 7
    other = "nl" if lang == "fr" else "fr"
    page.get_by_role("link", name="Nederlands" if other == "nl" else "Français", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(STEPS[other])
    page.locator(".entries .card-title a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Actiris")


@pytest.mark.parametrize("lang", LANGS)
def test_every_list_opens_from_the_page_of_all_by_keyboard(page: Page, site: str, lang: str) -> None:
    page.goto(f"{site}/{lang}/selections")
    assert page.locator(".editorial-link").count() == 8
    link = page.get_by_role("link", name=SELECTION[lang])
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/selection/apprendre-le-neerlandais")
    expect(page.locator(".entry-note").first).to_be_visible()


@pytest.mark.parametrize("lang", LANGS)
def test_a_list_on_paper_is_one_page_that_leads_a_phone_to_it(page: Page, site: str, lang: str, tmp_path: Path) -> None:
    path = f"/{lang}/steps/choisir-ses-etudes"
    page.goto(site + path)
    document = printed(page, tmp_path / "list.pdf")
    assert len(document) == 1
    text = document[0].get_textpage().get_text_range()
    for words in ("K2.02", "K2.03", "L4.02", f"{PUBLIC}{path}"):
        assert words in text, text
    assert codes(document) == [f"{PUBLIC}{path}"]


@pytest.mark.parametrize("lang", LANGS)
def test_each_of_our_lists_fits_one_sheet(page: Page, site: str, lang: str, tmp_path: Path) -> None:
    page.goto(f"{site}/{lang}/selections")
    paths = page.eval_on_selector_all(".list-link", "all => all.map(link => link.getAttribute('href'))")
    for number, path in enumerate(paths):
        page.goto(site + path)
        assert len(printed(page, tmp_path / f"{number}.pdf")) == 1, path


@pytest.mark.parametrize("lang", LANGS)
def test_what_to_fetch_is_printed_in_walking_order(
    browser: Browser, site: str, signed_in: StorageState, lang: str, tmp_path: Path
) -> None:
    page = browser.new_context(storage_state=signed_in).new_page()
    page.goto(f"{site}/desk/{lang}/advise/lists/choisir-ses-etudes/pick")
    document = printed(page, tmp_path / "pick.pdf")
    text = "".join(document[index].get_textpage().get_text_range() for index in range(len(document)))
    page.context.close()
    places = [text.index(mark) for mark in ("P6.01", "P6.72", "K2.02", "K2.73", "L1.01", "L3.70", "L4.02")]
    assert places == sorted(places)


@pytest.mark.parametrize(("paper", "width"), [("a4", 210), ("a3", 297)])
@pytest.mark.parametrize("lang", LANGS)
def test_a_poster_fills_one_sheet_and_its_codes_lead_to_both_languages(
    browser: Browser, site: str, signed_in: StorageState, lang: str, paper: str, width: int, tmp_path: Path
) -> None:
    page = browser.new_context(storage_state=signed_in).new_page()
    page.goto(f"{site}/desk/{lang}/advise/lists/premiers-pas-a-bruxelles/poster?paper={paper}")
    document = printed(page, tmp_path / "poster.pdf")
    assert len(document) == 1
    assert round(document[0].get_width() / 72 * 25.4) == width
    assert sorted(codes(document)) == [f"{PUBLIC}/{each}/steps/premiers-pas-a-bruxelles" for each in LANGS]
    text = document[0].get_textpage().get_text_range()
    assert "Nieuw in" in text
    assert "Nouveau" in text
    page.context.close()


# --- slides ----------------------------------------------------------------------------------------------------


def moving(
    browser: Browser, signed_in: StorageState, motion: Literal["reduce", "no-preference"] = "no-preference"
) -> Page:
    """Return a page whose clock the test winds, on a tablet."""
    context = browser.new_context(viewport=TABLET, reduced_motion=motion, storage_state=signed_in)
    opened = context.new_page()
    opened.clock.install()
    return opened


@pytest.mark.parametrize("lang", LANGS)
def test_slides_change_by_themselves_until_somebody_pauses_them(
    browser: Browser, site: str, signed_in: StorageState, lang: str
) -> None:
    page = moving(browser, signed_in)
    page.goto(site + SLIDES.format(lang=lang))
    count = page.locator("[data-count]")
    expect(count).to_have_text("1 / 7")
    expect(page.locator(".slide:visible .slide-half")).to_have_count(2)
    page.clock.fast_forward(15_500)
    expect(count).to_have_text("2 / 7")
    page.get_by_role("button", name="Pause" if lang == "fr" else "Pauze").click()
    page.clock.fast_forward(60_000)
    expect(count).to_have_text("2 / 7")
    # The button that took its place has the focus: the same key goes on.
    page.keyboard.press("Enter")
    page.clock.fast_forward(15_500)
    expect(count).to_have_text("3 / 7")
    page.context.close()


@pytest.mark.parametrize("lang", LANGS)
def test_slides_by_keyboard_go_round_and_stop_changing(
    browser: Browser, site: str, signed_in: StorageState, lang: str
) -> None:
    page = moving(browser, signed_in)
    page.goto(site + SLIDES.format(lang=lang))
    for key, shown in (("ArrowLeft", 7), ("ArrowRight", 1), ("PageDown", 2), ("End", 7), ("Home", 1)):
        page.keyboard.press(key)
        expect(page.locator("[data-count]")).to_have_text(f"{shown} / 7")
    page.clock.fast_forward(60_000)
    expect(page.locator("[data-count]")).to_have_text("1 / 7")
    page.context.close()


@pytest.mark.parametrize("lang", LANGS)
def test_with_reduced_motion_slides_never_change_by_themselves(
    browser: Browser, site: str, signed_in: StorageState, lang: str
) -> None:
    page = moving(browser, signed_in, "reduce")
    page.goto(site + SLIDES.format(lang=lang))
    expect(page.locator("[data-pause], [data-play]")).to_have_count(2)
    expect(page.locator("[data-pause]:visible, [data-play]:visible")).to_have_count(0)
    page.clock.fast_forward(120_000)
    expect(page.locator("[data-count]")).to_have_text("1 / 7")
    page.get_by_role("button", name="Suivant" if lang == "fr" else "Volgende").click()
    expect(page.locator("[data-count]")).to_have_text("2 / 7")
    page.context.close()


@pytest.mark.parametrize("lang", LANGS)
def test_slides_ask_nothing_of_the_server_while_they_run(
    browser: Browser, site: str, signed_in: StorageState, lang: str
) -> None:
    page = moving(browser, signed_in)
    page.goto(site + SLIDES.format(lang=lang), wait_until="networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for _ in range(8):
        page.clock.fast_forward(15_500)
    expect(page.locator("[data-count]")).to_have_text("2 / 7")
    assert asked == []
    page.context.close()


def test_without_script_slides_stand_one_below_the_other(browser: Browser, site: str, signed_in: StorageState) -> None:
    context = browser.new_context(java_script_enabled=False, storage_state=signed_in)
    page = context.new_page()
    page.goto(site + SLIDES.format(lang="nl"))
    assert page.locator(".slide:visible").count() == 7
    assert page.locator(".slides-tools").is_hidden()
    context.close()


# --- for everybody ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(browser: Browser, site: str, signed_in: StorageState, lang: str, path: str) -> None:
    scheme: Literal["light", "dark"] = "dark" if lang == "nl" else "light"
    context = browser.new_context(
        color_scheme=scheme, viewport=TABLET, reduced_motion="reduce", storage_state=signed_in
    )
    page = context.new_page()
    page.goto(site + path.format(lang=lang))
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_at_320_px_and_targets_are_large(
    browser: Browser, site: str, signed_in: StorageState, path: str
) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, reduced_motion="reduce", storage_state=signed_in
    )
    page = context.new_page()
    page.goto(site + path.format(lang="nl"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    small = page.eval_on_selector_all(
        "main a.button, main button, main .editorial-link",
        "all => all.filter(e => e.offsetParent && e.getBoundingClientRect().height < 47.5).map(e => e.textContent)",
    )
    assert small == []
    context.close()
