"""The to-do lists and two records side by side, worked by mouse and by keyboard alone; axe finds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import sign_in, staffed_site, watched

WORDS = {
    "fr": (
        "À traduire en néerlandais",
        "Rien à faire ici",
        "Remettre",
        "Fusionner",
        "de côté",
    ),
    "nl": ("Te vertalen naar het Nederlands", "Hier is niets nodig", "Terugzetten", "Samenvoegen", "Opzij"),
}
LANGS = sorted(WORDS)

_RECORDS = {
    "same-{}-a": "title: {{fr: Le guide {0} du job, nl: De gids {0}}}\nadded: 2024-01-01\nstatus: published\n",
    "same-{}-b": "title: {{fr: Le guide {0} du job}}\nyear: 2026\nkeywords: {{fr: [job]}}\nstatus: draft\n",
    "pair-{}-a": "title: {{fr: Une affiche {0} pour tous}}\nstatus: published\n",
    "pair-{}-b": "title: {{fr: Une affiche {0} pour tous}}\nstatus: draft\n",
    "only-{}": "title: {{fr: Seulement {0} en français}}\nstatus: published\n",
}


@pytest.fixture(scope="module")
def busy() -> Iterator[str]:
    """The address of a site with records to translate and documents that are there twice, a set for each language."""
    with staffed_site(hard_cases=False, prepare=_add_records) as address:
        yield address


def _add_records(folder: Path) -> None:
    for word in ("koala", "zebra", "panda"):
        for id, text in _RECORDS.items():
            ways = f"holdings: [{{url: 'https://{word}.example/{id[:4]}'}}]\n"
            path = folder / f"{id.format(word)}.yaml"
            path.write_text(f"kind: guide\nthemes: [work]\n{ways}{text.format(word)}", encoding="utf-8")


@pytest.fixture
def desk(context: BrowserContext, busy: str) -> Iterator[Page]:
    """A page at the desk of that site."""
    with watched(context, busy) as opened:
        yield opened


@pytest.mark.parametrize("lang", LANGS)
def test_put_aside_and_back(desk: Page, busy: str, lang: str) -> None:
    name, aside, back, *_, done = WORDS[lang]
    sign_in(desk, busy, lang, "dirk")
    desk.get_by_role("link", name=name).click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text(name)
    row = desk.locator(".todo-rows > li", has_text="Seulement panda")
    row.get_by_role("button", name=aside).click()
    expect(desk.get_by_role("status")).to_contain_text(done)
    expect(desk.locator("main > .todo-rows", has_text="Seulement panda")).to_have_count(0)
    desk.locator("form.done").get_by_role("button", name=back).click()
    expect(desk.locator("main > .todo-rows", has_text="Seulement panda")).to_have_count(1)


@pytest.mark.parametrize("lang", LANGS)
def test_two_become_one(desk: Page, busy: str, lang: str) -> None:
    word = {"fr": "koala", "nl": "zebra"}[lang]
    *_, merge, _ = WORDS[lang]
    sign_in(desk, busy, lang, "dirk", f"/desk/{lang}/todo/duplicates")
    desk.locator(f'.title a[href*="same-{word}-a"]').click()
    expect(desk.locator(".todo-strip a[rel]").first).to_be_visible()
    desk.locator('[name="choose.year"][value="one"]').check()
    desk.locator('button[value="preview"]').click()
    preview = desk.locator(".merge-preview")
    expect(preview).to_contain_text(f"same-{word}-b")
    expect(preview).not_to_contain_text("2026")
    expect(preview).to_be_in_viewport()
    desk.get_by_role("button", name=merge).click()
    expect(desk.get_by_role("status")).to_be_visible()
    desk.goto(f"{busy}/{lang}/record/same-{word}-b")
    expect(desk).to_have_url(re.compile(f"/{lang}/record/same-{word}-a$"))
    titles = {"fr": f"Le guide {word} du job", "nl": f"De gids {word}"}
    expect(desk.get_by_role("heading", level=1)).to_contain_text(titles[lang])


@pytest.mark.parametrize("lang", LANGS)
def test_by_keyboard_alone(desk: Page, busy: str, lang: str) -> None:
    sign_in(desk, busy, lang, "dirk", f"/desk/{lang}/duplicates/pair-panda-a/pair-panda-b?from=duplicates~0")
    seen: list[str] = []
    for _ in range(40):
        desk.keyboard.press("Tab")
        seen.append(desk.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
        focus = desk.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert focus == "solid", f"the focus is seen on {seen[-1]}"
        if seen[-1] == "choose.status":
            break
    assert "keep" in seen
    before = desk.locator('[name="choose.status"]:checked').get_attribute("value")
    desk.keyboard.press("ArrowDown")
    assert desk.locator('[name="choose.status"]:checked').get_attribute("value") != before
    desk.keyboard.press("Tab")  # what is the same in both, folded
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.locator(".merge-preview")).to_be_visible()


PAGES = {
    "home": "",
    "list": "todo/to-dutch",
    "aside": "todo/unchecked",
    "pair": "duplicates/pair-panda-a/pair-panda-b?from=duplicates~0",
    "typing": "duplicates/check?title.fr=Une+affiche+panda+pour+tous&exclude=pair-panda-a",
}


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_where_there_is_much_to_do(browser: Browser, busy: str, width: int) -> None:
    context = browser.new_context(
        color_scheme="dark" if width == 320 else "light",
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
    )
    page = context.new_page()
    sign_in(page, busy, "nl", "dirk", "/desk/nl/todo/unchecked")
    page.locator('.todo-rows button[value="aside"]').first.click()
    for name, path in PAGES.items():
        page.goto(f"{busy}/desk/nl/{path}")
        page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways"
        if name == "typing":  # a part of a page
            continue
        small = page.eval_on_selector_all(
            "main button, main .button, main summary",
            "all => all.filter(one => one.getBoundingClientRect().height < 47.5).map(one => one.textContent)",
        )
        assert not small, name
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    context.close()
