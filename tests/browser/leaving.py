"""The end of a visit, as one makes it on any page: with a list there is a question first."""

from __future__ import annotations

from playwright.sync_api import Page, expect

DONE = {"fr": "J'ai fini – tout effacer", "nl": "Ik ben klaar – alles wissen"}
ERASE = {"fr": "Effacer et terminer", "nl": "Wissen en stoppen"}


def finish(page: Page, lang: str) -> None:
    """End the visit of someone who has documents on the list, and say yes to the question what becomes of it."""
    page.get_by_role("link", name=DONE[lang]).click()
    question = page.locator(".finish")
    expect(question).to_be_visible()
    question.get_by_role("button", name=ERASE[lang]).click()
