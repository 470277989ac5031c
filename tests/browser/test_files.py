"""The centre's files, the accounts, and a text that outlives its session, in a real browser, in both languages."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, sign_in
from tests.media_samples import SAMPLES

WORDS = {
    "fr": (
        "Ajouter un fichier",
        "Ajouter le fichier",
        "n’est pas ce que dit son nom",
        "trop grand",
        "Supprimer le fichier",
    ),
    "nl": ("Een bestand toevoegen", "Bestand toevoegen", "niet wat de naam zegt", "te groot", "Bestand verwijderen"),
}
LANGS = sorted(WORDS)

RECORD = """async () => {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm" });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.start(100);
  for (let n = 0; n < 20; n++) {
    pen.fillRect(n, n, 50, 50);
    await new Promise((done) => setTimeout(done, 50));
  }
  await new Promise((done) => { recorder.onstop = done; recorder.stop(); });
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""
"""Makes a film of a second with the browser's own encoder."""


def choose(page: Page, staffed: str, lang: str, name: str, data: bytes, folder: Path) -> None:
    page.goto(f"{staffed}/desk/{lang}/files/")
    page.get_by_text(WORDS[lang][0], exact=True).click()
    (folder / name).write_bytes(data)
    page.locator("#file").set_input_files(folder / name)


@pytest.mark.parametrize("lang", LANGS)
def test_a_film_comes_in_is_played_found_unused_and_deleted(
    desk: Page, staffed: str, lang: str, tmp_path: Path
) -> None:
    sign_in(desk, staffed, lang, "dirk", f"/desk/{lang}/files/")
    film = base64.b64decode(desk.evaluate(RECORD))
    choose(desk, staffed, lang, "film.webm", film, tmp_path)
    desk.locator("#title").fill("Een dag als slager")
    desk.get_by_role("button", name=WORDS[lang][1]).click()
    desk.wait_for_url(f"{staffed}/desk/{lang}/files/file/een-dag-als-slager.webm?done=added")
    expect(desk.get_by_role("status")).to_be_visible()
    desk.wait_for_function("document.querySelector('video').videoWidth > 0")
    desk.goto(f"{staffed}/desk/{lang}/files/?show=unused&q=slager")
    desk.locator(".files tbody a").first.click()
    desk.get_by_role("button", name=WORDS[lang][4]).click()
    expect(desk.get_by_role("status")).to_contain_text("een-dag-als-slager.webm")


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_not_taken_is_said_beside_the_file(desk: Page, staffed: str, lang: str, tmp_path: Path) -> None:
    sign_in(desk, staffed, lang, "dirk", f"/desk/{lang}/files/")
    choose(desk, staffed, lang, "archief.pdf", b"PK\x03\x04" + b"0" * 1000, tmp_path)
    desk.get_by_role("button", name=WORDS[lang][1]).click()
    expect(desk.get_by_role("alert")).to_contain_text(WORDS[lang][2])
    expect(desk.locator("#file")).to_be_focused()
    choose(desk, staffed, lang, "lang.txt", b"x" * 2_000_001, tmp_path)
    expect(desk.get_by_role("alert")).to_contain_text(WORDS[lang][3])
    desk.locator("#file").set_input_files(tmp_path / "archief.pdf")
    expect(desk.get_by_role("alert")).to_have_count(0)


def test_without_script_a_file_comes_in_and_a_refusal_is_said(browser: Browser, staffed: str, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, staffed, "nl", "dirk")
    for name, data in (("vals.pdf", b"PK"), ("Ons gebouw.jpg", SAMPLES["a.jpg"])):
        choose(page, staffed, "nl", name, data, tmp_path)
        page.get_by_role("button", name=WORDS["nl"][1]).click()
        if name == "vals.pdf":
            expect(page.get_by_role("alert")).to_contain_text(WORDS["nl"][2])
    expect(page.get_by_role("heading", level=1)).to_have_text("ons-gebouw.jpg")
    page.get_by_role("button", name=WORDS["nl"][4]).click()
    context.close()


@pytest.mark.parametrize("lang", LANGS)
def test_an_account_is_made_used_and_closed(browser: Browser, desk: Page, staffed: str, lang: str) -> None:
    sign_in(desk, staffed, lang, "piet", f"/desk/{lang}/accounts/")
    desk.locator("#name").fill(f"els-{lang}")
    desk.locator("#name").press("Enter")
    password = desk.locator(".made-password code").inner_text()
    other = browser.new_context()
    page = other.new_page()
    page.goto(f"{staffed}/desk/{lang}/")
    page.locator("#name").fill(f"els-{lang}")
    page.locator("#password").fill(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"els-{lang}")
    desk.get_by_role("link", name=f"els-{lang}").click()
    desk.locator("form[action$='/disable'] button").click()
    expect(desk.get_by_role("status")).to_be_visible()
    page.reload()
    expect(page.locator("#password")).to_be_visible()
    other.close()


@pytest.mark.parametrize("lang", LANGS)
def test_a_long_text_outlives_its_session(desk: Page, staffed: str, lang: str) -> None:
    sign_in(desk, staffed, lang, "marie", f"/desk/{lang}/advise/")
    arrived: list[str] = []
    posted = f"{staffed}/desk/{lang}/advise/"
    desk.on("request", lambda r: arrived.append(r.post_data or "") if (r.method, r.url) == ("POST", posted) else None)
    desk.context.clear_cookies()
    desk.evaluate(
        """() => {
          const form = Object.assign(document.createElement("form"), { method: "post", action: location.href });
          const text = Object.assign(document.createElement("textarea"), { name: "long", value: "é «1»\\n<b>2</b>" });
          form.append(text); document.body.append(form); form.submit();
        }"""
    )
    expect(desk.get_by_role("status")).to_be_visible()
    expect(desk.locator("#name")).to_be_focused()
    desk.keyboard.type("marie")
    desk.locator("#password").fill("not this one, no")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("alert")).to_be_visible()
    desk.locator("#password").fill(PASSWORD)
    desk.keyboard.press("Enter")
    expect(desk.locator(".carried button")).to_be_focused()
    with desk.expect_request(lambda r: (r.method, r.url) == ("POST", posted)):
        desk.keyboard.press("Enter")
    assert len(arrived) == 2
    assert arrived[0] == arrived[1] == "long=%C3%A9+%C2%AB1%C2%BB%0D%0A%3Cb%3E2%3C%2Fb%3E"


def show(page: Page, staffed: str, lang: str, state: str) -> None:
    """Bring a page into a state."""
    paths = {"files": "files/", "missing": "files/?show=missing", "file": "files/file/metier-nurse-fr.pdf"}
    paths |= {"accounts": "accounts/", "account": "accounts/marie"}
    if state == "carried":
        sign_in(page, staffed, lang, "piet")
        page.context.clear_cookies()
        page.evaluate(
            """lang => {
              const form = document.createElement("form");
              form.method = "post"; form.action = `/desk/${lang}/advise/`;
              form.append(Object.assign(document.createElement("input"), { name: "title", value: "één" }));
              document.body.append(form); form.submit();
            }""",
            lang,
        )
        page.get_by_role("status").wait_for()
        return
    sign_in(page, staffed, lang, "piet", f"/desk/{lang}/{paths[state]}")
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")


STATES = ["files", "missing", "file", "accounts", "account", "carried"]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, staffed: str, state: str, scheme: Literal["light", "dark"]) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    show(page, staffed, "nl", state)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("state", STATES)
def test_no_page_scrolls_sideways_and_targets_are_large(browser: Browser, staffed: str, width: int, state: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    show(page, staffed, "nl", state)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, header a, main a, summary, label:has(input), input')]
        .filter(one => one.checkVisibility() && !['hidden', 'radio', 'checkbox'].includes(one.type))
        .filter(one => !one.closest('.lost'))
        .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
        .filter(([, box]) => box.height < 44).map(([html]) => html)"""
    )
    assert not small
    context.close()
