"""The browser tests' fixtures: one real server, one Chromium. In CI a missing Chromium fails; elsewhere it skips."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect

from tests.browser.site import CHROMIUM, add_account, chromium, example, example_site, running

STAFF = {"marie": "advisor", "dirk": "documentalist", "piet": "administrator"}
PASSWORD = "fenêtre lampe gare onze"
"""Of every account of the staff that the tests open."""


SWEEPS = (
    "test_axe",
    "test_every_page_offers",
    "test_narrow",
    "test_no_page",
    "test_nothing_scrolls",
    "test_nothing_is",
)
"""Tests that look at every page: those of visitors in Dutch, the longer language, at each run; others in the soak."""

VISITORS = ("test_accessibility.py", "test_visitor.py", "test_suggest.py", "test_record_form.py")
"""Where they run each time: what visitors see most, and the form in which staff work most."""

_TWINS = [
    *("advise", "desk", "desk_records", "fetched", "files", "idle", "imports", "leaving", "list", "reading_help"),
    *("covers", "record_form", "report", "selections", "todo", "visit", "words_series", "centres", "player"),
]
IN_DUTCH = tuple(f"test_{name}.py" for name in _TWINS)
"""Tests that do the same in each language: in Dutch each time. The stories and the first steps are always in both."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" not in item.path.as_posix():
            continue
        item.add_marker(pytest.mark.browser)
        callspec = getattr(item, "callspec", None)
        lang = callspec.params.get("lang", "nl") if callspec else "nl"
        is_sweep = item.name.startswith(SWEEPS)
        if (is_sweep and item.path.name not in VISITORS) or (lang != "nl" and (is_sweep or item.path.name in IN_DUTCH)):
            item.add_marker(pytest.mark.soak)


expect.set_options(timeout=30_000)
"""Milliseconds, as Playwright's own patience for a page: other tests run at the same time."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        reason = f"Chromium is not at {CHROMIUM}: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of a server over a copy of the example centre."""
    with example_site() as address:
        yield address


@contextmanager
def staffed_site(
    settings: Mapping[str, str] | None = None,
    hard_cases: bool = True,
    prepare: Callable[[Path], None] = lambda _records: None,
) -> Iterator[str]:
    """Run a server with the accounts ``STAFF``; ``prepare`` gets its folder of records before; give its address."""
    with tempfile.TemporaryDirectory(prefix="catalogue-") as name:
        work = Path(name)
        resources = example(work, hard_cases)
        prepare(resources / "records")
        (work / "state").mkdir(exist_ok=True)
        for account, role in STAFF.items():
            add_account(resources, work, account, role, PASSWORD)
        with running(resources, work, settings) as address:
            yield address


@pytest.fixture(scope="session")
def staffed() -> Iterator[str]:
    """The address of a server with the accounts ``STAFF``, of which tests may sign in and out."""
    with staffed_site() as address:
        yield address


@contextmanager
def watched(context: BrowserContext, site: str) -> Iterator[Page]:
    """Open a page that notes what must never happen: script errors, requests to another host."""
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
    opened.on("request", lambda r: wrong.append(f"elsewhere: {r.url}") if not r.url.startswith(site) else None)
    yield opened
    assert not wrong


@pytest.fixture
def desk(context: BrowserContext, staffed: str) -> Iterator[Page]:
    """A page at the desk, nobody signed in."""
    with watched(context, staffed) as opened:
        yield opened


def sign_in(page: Page, staffed: str, lang: str, name: str = "marie", then: str = "") -> None:
    """Sign in on a page of the desk and stand on ``then`` (a path; default: the desk's start page)."""
    page.goto(f"{staffed}{then or f'/desk/{lang}/'}")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{staffed}{then or f'/desk/{lang}/'}")


def session_of(browser: Browser, site: str, name: str) -> StorageState:
    """Return what the browser of somebody keeps who has signed in."""
    context = browser.new_context()
    sign_in(context.new_page(), site, "fr", name)
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, site: str) -> Iterator[Page]:
    """A page that notes what must never happen: script errors, failed answers, requests to another host."""
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
    opened.on("console", lambda message: wrong.append(f"console: {message.text}") if message.type == "error" else None)
    opened.on("request", lambda r: wrong.append(f"to another host: {r.url}") if not r.url.startswith(site) else None)
    yield opened
    assert not wrong
    assert context.cookies() == []
