"""What the record form fetches: files sent, dropped and chosen beside their field, names added to a list; no script."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import sign_in
from tests.media_samples import SAMPLES
from tests.pdf_samples import pdf

both = pytest.mark.parametrize("lang", ["fr", "nl"])
REFUSED = {"fr": "n’est pas ce que dit son nom", "nl": "niet wat de naam zegt"}
OTHER_KIND = {"fr": "ne peut pas être mis ici", "nl": "kan hier niet staan"}
TEXT = "Het beroep van bakker is voor wie graag vroeg opstaat en met de handen werkt, niet voor je alleen. " * 3

DROP = """([selector, name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
  document.querySelector(selector).dispatchEvent(drop);
}"""


def new_record(desk: Page, staffed: str, lang: str) -> str:
    address = f"/desk/{lang}/records/new"
    sign_in(desk, staffed, lang, "dirk", address)
    return staffed + address


def clean(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@both
def test_a_file_is_sent_from_beside_its_field_and_another_chosen(
    desk: Page, staffed: str, lang: str, tmp_path: Path
) -> None:
    new_record(desk, staffed, lang)
    desk.locator(f"[name='title.{lang}']").fill(f"Bakker worden {lang}")
    desk.locator("button[value='row:holdings:file']").click()
    field = desk.locator("[name='holdings.0.file']")
    ways = desk.locator("[data-file='holdings.0.file']")
    broken = tmp_path / "archive.pdf"
    broken.write_bytes(b"PK\x03\x04" + b"0" * 900)
    expect(ways.locator("input[type=file]")).to_be_attached()  # the script of the new page has run
    with desk.expect_file_chooser() as chooser:
        ways.locator(".file-add").press("Enter")
    chooser.value.set_files(broken)
    expect(ways.get_by_role("alert")).to_contain_text(REFUSED[lang])
    expect(ways.locator(".file-add")).to_be_focused()
    desk.evaluate(DROP, ["[data-file='holdings.0.file']", "a.srt", "1"])
    expect(ways.get_by_role("alert")).to_contain_text(OTHER_KIND[lang])
    clean(desk)
    desk.evaluate(DROP, ["[data-file='holdings.0.file']", "zomaar.txt", TEXT])
    expect(field).to_have_value(f"media/bakker-worden-{lang}.txt")
    expect(ways.get_by_role("alert")).to_be_hidden()
    expect(desk.locator(f"[name='title.{lang}']")).to_have_value(f"Bakker worden {lang}")
    field.fill("")
    ways.locator(".file-choose").press("Enter")
    dialog = desk.locator("#files-here")
    dialog.get_by_role("searchbox").fill(f"worden-{lang}")
    expect(dialog.locator("li")).to_have_count(1)
    clean(desk)
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(field).to_have_value(f"media/bakker-worden-{lang}.txt")
    expect(field).to_be_focused()


@both
def test_a_record_begins_with_a_file(desk: Page, staffed: str, lang: str, tmp_path: Path) -> None:
    new_record(desk, staffed, lang)
    document = tmp_path / f"begin-{lang}.pdf"
    document.write_bytes(pdf("Bakker, iets voor jou?", "nl", TEXT))
    desk.locator("#section-begin summary").press("Enter")
    with desk.expect_file_chooser() as chooser:
        desk.locator("[data-file='begin.file'] .file-add").press("Enter")
    chooser.value.set_files(document)
    expect(desk.locator("[name='title.nl']")).to_have_value("Bakker, iets voor jou?")
    expect(desk.locator("[name='languages'][value=nl]")).to_be_checked()
    expect(desk.locator("[name='holdings.0.file']")).to_have_value(f"media/begin-{lang}.pdf")


@both
def test_a_name_is_added_by_keyboard_and_nearly_the_same_is_shown_first(desk: Page, staffed: str, lang: str) -> None:
    new_record(desk, staffed, lang)
    field = desk.locator("[name='publisher.add']")
    field.press_sequentially("Actirs")
    expect(desk.locator(".offered:visible [role=option]").first).to_have_text("Actiris")
    field.press("ArrowDown")
    field.press("Enter")
    dialog = desk.locator("#new-term")
    expect(dialog.locator(".alike button")).to_have_text("Actiris")
    clean(desk)
    for code, name in (("fr", f"Les Boulangers {lang}"), ("nl", "")):
        dialog.locator(f"[name='labels.{code}']").fill(name)
    desk.keyboard.press("Enter")
    expect(dialog.locator("#new-term-nl-wrong")).to_be_visible()
    expect(dialog.locator("[name='labels.nl']")).to_be_focused()
    desk.keyboard.type(f"De Bakkers {lang}")
    desk.keyboard.press("Enter")
    chosen = {"fr": f"Les Boulangers {lang}", "nl": f"De Bakkers {lang}"}[lang]
    expect(desk.locator("[data-picker=publisher] .chip")).to_contain_text(chosen)
    expect(field).to_be_focused()
    desk.locator("[data-extend=series] .add-term").press("Enter")
    expect(dialog.locator("[name='labels.fr']")).to_be_focused()
    for code in ("fr", "nl"):
        dialog.locator(f"[name='labels.{code}']").fill(f"Reeks {lang}")
    desk.keyboard.press("Enter")
    expect(desk.locator("[name=series] option:checked")).to_have_text(f"Reeks {lang}")


@both
def test_without_script_file_and_name_are_fetched_on_other_pages(
    browser: Browser, staffed: str, lang: str, tmp_path: Path
) -> None:
    context: BrowserContext = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    new_record(page, staffed, lang)
    page.locator("[name='title.fr']").fill("Un boucher")
    page.locator("button[value='row:holdings:file']").click()
    page.locator("button[value='file:holdings.0.file']").click()
    (tmp_path / f"slager-{lang}.txt").write_bytes(SAMPLES["a.txt"])
    page.locator("#file").set_input_files(tmp_path / f"slager-{lang}.txt")
    page.locator("form.upload button").click()
    expect(page.locator("[name='holdings.0.file']")).to_have_value(f"media/slager-{lang}.txt")
    expect(page.locator("[name='title.fr']")).to_have_value("Un boucher")
    page.locator("[name='subjects.add']").fill("Ambachten")
    page.locator("button[value='word:subjects']").click()
    for code in ("fr", "nl"):
        page.locator(f"[name='labels.{code}']").fill(f"Ambacht {code} {lang}")
    page.locator(".entry-form button.primary").click()
    expect(page.locator("[data-picker=subjects] .chip")).to_contain_text(f"Ambacht {lang} {lang}")
    expect(page.locator("[name='title.fr']")).to_have_value("Un boucher")
    context.close()
