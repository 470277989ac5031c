"""Finding without knowing the words: letters, sectors, questions, other languages; by mouse, by keyboard, narrow."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

A_TO_Z = {"fr": "Les métiers de A à Z", "nl": "Beroepen van A tot Z"}
BY_SECTOR = {"fr": "Les métiers par secteur", "nl": "Beroepen per sector"}
HEALTH = {"fr": "Santé et soins", "nl": "Gezondheid en zorg"}
# A name that is not the preferred one, its letter, and what the occupation is called.
OTHER_NAME = {"fr": ("accoucheuse", "A", "sage-femme"), "nl": ("beenhouwer", "B", "slager")}
SHEET = {"fr": "Découvrez ce métier", "nl": "Ontdek dit beroep"}
NEW_PAGES = (
    "/",
    "/{lang}/",
    "/{lang}/theme/orient",
    "/{lang}/occupations",
    "/{lang}/occupations?q=e",
    "/{lang}/occupations/sector/construction",
    "/{lang}/occupation/nurse",
    "/{lang}/questions",
    "/languages/ar",
    "/languages/uk",
)


def arrives(page: Page, lang: str, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_role("heading", name=SHEET[lang])).to_be_visible()


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_three_clicks_by_letter(page: Page, site: str, lang: str) -> None:
    other, letter, name = OTHER_NAME[lang]
    page.goto(f"{site}/{lang}/")
    page.get_by_role("link", name=A_TO_Z[lang]).click()
    page.get_by_role("navigation", name="Lett").get_by_role("link", name=letter, exact=True).click()
    expect(page.locator(f"#letter-{letter.lower()}")).to_be_in_viewport()
    page.locator(".occupation-lines a").filter(has_text=other).first.click()
    arrives(page, lang, name)


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_three_clicks_by_sector(page: Page, site: str, lang: str) -> None:
    page.goto(f"{site}/{lang}/")
    page.get_by_role("link", name=BY_SECTOR[lang]).click()
    page.get_by_role("link", name=HEALTH[lang]).click()
    name = {"fr": "infirmier", "nl": "verpleegkundige"}[lang]
    page.locator(".occupation-lines a").filter(has_text=name).first.click()
    arrives(page, lang, name)
    page.get_by_role("link", name=HEALTH[lang]).click()  # and back into everything of the sector
    expect(page.get_by_role("heading", level=1)).to_have_text(HEALTH[lang])


def tab_to(page: Page, target: Locator, most: int = 60) -> None:
    """Press Tab until ``target`` has the focus."""
    for _ in range(most):
        if target.evaluate("link => link === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no focus after {most} tabs")


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_by_keyboard_alone(page: Page, site: str, lang: str) -> None:
    other, letter, name = OTHER_NAME[lang]
    page.goto(f"{site}/{lang}/")
    tab_to(page, page.get_by_role("link", name=A_TO_Z[lang]))
    page.keyboard.press("Enter")
    page.wait_for_url("**/occupations")
    tab_to(page, page.get_by_role("navigation", name="Lett").get_by_role("link", name=letter, exact=True))
    page.keyboard.press("Enter")
    # The focus went with the jump: what comes next is the first line under the letter.
    page.keyboard.press("Tab")
    first = page.locator(f"section[aria-labelledby=letter-{letter.lower()}] a").first
    expect(first).to_be_focused()
    tab_to(page, page.locator(".occupation-lines a").filter(has_text=other).first)
    page.keyboard.press("Enter")
    arrives(page, lang, name)


@pytest.mark.parametrize(("lang", "typed", "found"), [("fr", "verpleeg", "infirmier"), ("nl", "kundig", "zorgkundige")])
def test_the_list_narrows_while_one_types_and_leaves_no_trace(
    page: Page, site: str, lang: str, typed: str, found: str
) -> None:
    page.goto(f"{site}/{lang}/occupations")
    entries = page.evaluate("history.length")
    field = page.locator("#narrow")
    field.press_sequentially(typed)
    expect(page.locator(".occupation-lines a").filter(has_text=found).first).to_be_visible()
    expect(page.locator(".letters")).to_have_count(0)
    expect(page.locator(".narrow [role=status]")).to_contain_text(typed)
    expect(field).to_be_focused()
    field.press("Enter")
    expect(page.locator("#list")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.occupation-lines') !== null")
    assert page.evaluate("history.length") == entries
    assert page.url == f"{site}/{lang}/occupations"
    field.fill("")
    expect(page.locator(".letters")).to_be_visible()
    field.fill("xqzz")
    expect(page.locator("#found-title")).to_contain_text("xqzz")
    page.locator("#list .button").click()
    page.wait_for_url("**/search?q=xqzz")


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_without_script_the_button_narrows(browser: Browser, site: str, lang: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{lang}/occupations")
    page.locator("#narrow").fill("verpleeg")
    page.locator(".narrow button").click()
    expect(page.locator(".occupation-lines a")).not_to_have_count(0)
    expect(page.locator("#narrow")).to_have_value("verpleeg")
    context.close()


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_all_questions_are_reached_and_open_at_their_answer(page: Page, site: str, lang: str) -> None:
    page.goto(f"{site}/{lang}/")
    page.locator("a[href*='/questions#']").first.click()
    expect(page.locator("details[open] .answer")).to_have_count(1)
    expect(page.locator("details[open] .answer")).to_be_in_viewport()
    page.goto(f"{site}/{lang}/")
    page.locator(f"a[href='/{lang}/questions']").first.click()
    expect(page.locator("details.question")).to_have_count(28)


def test_arabic_is_read_from_the_right(page: Page, site: str) -> None:
    page.goto(site)
    link = page.get_by_role("link", name="العربية")
    assert link.evaluate("link => getComputedStyle(link).direction") == "rtl"
    link.click()
    header, title = page.locator("header[lang=ar]"), page.get_by_role("heading", level=1)
    assert header.evaluate("element => getComputedStyle(element).direction") == "rtl"
    # The name of the language ends where the column ends: on the right.
    ends = title.evaluate(
        "title => { const r = document.createRange(); r.selectNodeContents(title);"
        " return [r.getBoundingClientRect().right, title.parentElement.getBoundingClientRect().right]; }"
    )
    assert abs(ends[0] - ends[1]) < 3
    french = page.locator(".document-title[lang=fr]").first
    assert french.evaluate("link => getComputedStyle(link).direction") == "ltr"
    page.locator(".language-doors a[lang=nl]").click()
    page.wait_for_url("**/nl/search?language=ar")
    expect(page.locator(".card")).not_to_have_count(0)


@pytest.mark.parametrize("lang", ["fr", "nl"])
@pytest.mark.parametrize("path", NEW_PAGES)
def test_narrow_screens_and_fingers(browser: Browser, site: str, lang: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(site + path.format(lang=lang))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    small = page.eval_on_selector_all(
        ".entry, .sectors a, .letters a, .occupation-lines a, .language-doors a, .document-title, .side-doors a, "
        ".narrow input, .narrow button, .chip, .more a, .back",
        "all => all.filter(one => one.getClientRects().length && one.getBoundingClientRect().height < 47.9)"
        ".map(one => one.outerHTML)",
    )
    assert small == []
    context.close()
