"""A documentalist brings a table in: by keyboard, with and without script, in both languages; axe finds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import sign_in

TABLE = "Titre FR;Titel NL;Public;Résumé\nUn essai;Een proef;tout le monde;Quelque chose\nAutre essai;;;\n;;;rien\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "liste.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def look(page: Page) -> None:
    """Axe finds nothing, wide and narrow, and nothing is wider than the page."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_table_comes_in_and_goes_again(desk: Page, staffed: str, lang: str, file: Path) -> None:
    every = f"/desk/{lang}/import/"
    sign_in(desk, staffed, lang, "dirk", every)
    desk.set_input_files("#file", file)
    desk.locator(".import-file button").click()
    expect(desk.locator("#to-0")).to_have_value("title.fr")
    desk.locator("#all-kind").select_option("guide")
    desk.locator("[name='all.themes'][value=work]").check()
    # The sample follows the form.
    expect(desk.locator("#sample .fate-create")).to_have_count(2)
    desk.locator("#to-2").select_option("")
    expect(desk.locator("[name='means.2.0']")).to_have_count(0)
    desk.locator("#to-2").select_option("audiences")
    expect(desk.locator("[name='means.2.0']")).to_be_visible()
    desk.locator("[name='means.2.0']").select_option("students")
    if lang == "nl":
        look(desk)
    desk.locator("button[value=check]").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#report .fate-refuse")).to_have_count(1)
    if lang == "nl":
        look(desk)
    desk.locator("button[value=run]").click()
    expect(desk.locator("#undo")).to_be_visible()
    desk.goto(f"{staffed}{every}")
    if lang == "nl":
        look(desk)
    desk.locator("td a[href$='#undo']").first.click()
    desk.locator("#undo button").click()
    expect(desk.locator("#undo")).to_have_count(0)
    expect(desk.locator("#progress")).to_have_count(0)


def test_a_table_comes_in_without_script(browser: Browser, staffed: str, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, staffed, "nl", "dirk", "/desk/nl/import/")
    file.write_text(TABLE.replace("Public", "Doelgroep"), encoding="utf-8")  # columns that nobody has sent before
    page.set_input_files("#file", file)
    page.locator(".import-file button").click()
    page.locator("button[value=check]").click()
    expect(page.locator(".problem li")).to_have_count(2)
    page.locator("#all-kind").select_option("guide")
    page.locator("[name='all.themes'][value=work]").check()
    page.locator("button[value=check]").click()
    for _ in range(50):
        if not page.locator("#progress").count():
            break
        page.locator("#progress a").click()
    expect(page.locator("button[value=run]")).to_be_visible()
    page.locator("button[value=drop]").click()
    page.wait_for_url("**/import/")
    context.close()


def test_a_file_that_is_too_big_is_not_even_sent(desk: Page, staffed: str, tmp_path: Path) -> None:
    sign_in(desk, staffed, "fr", "dirk", "/desk/fr/import/")
    big = tmp_path / "big.csv"
    with big.open("wb") as file:
        file.truncate(510_000_000)
    sent: list[str] = []
    desk.on("request", lambda request: sent.append(request.method))
    desk.set_input_files("#file", big)
    desk.locator(".import-file button").click()
    expect(desk.locator("#file-wrong")).to_contain_text("500 Mo")
    assert "POST" not in sent
