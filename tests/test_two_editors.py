"""Two people on one record, and a third who saves in between: in every order of their steps, nothing is lost silently.

Nobody ever replaces what they were not shown, and whatever was acknowledged is in the file or in the history.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from itertools import permutations
from typing import Any

import pytest
from starlette.testclient import TestClient

from catalogue.service import Catalogue
from catalogue.values import Text
from tests.conftest import AddRecord
from tests.desk_site import DeskSite

PAGE = "/desk/fr/records/one"
FIELDS = ("title.fr", "title.nl", "summary.fr")
Browsers = tuple[TestClient, TestClient]


class Form(HTMLParser):
    """What a browser would send of the form of a record: its fields by name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._text = self._select = ""
        self.feed(html.partition('id="record-form"')[2] or html.partition("<main")[2])

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in pairs}
        name = given.get("name", "")
        if tag == "textarea":
            self._text = name
            self.sent.setdefault(name, []).append("")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.sent.setdefault(self._select, []).append(given.get("value", ""))
        elif tag == "input" and name and _is_sent(given):
            self.sent.setdefault(name, []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._text:
            self.sent[self._text][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = ""
        if tag == "select":
            self._select = ""


def _is_sent(given: dict[str, str]) -> bool:
    kind = given.get("type", "text")
    return kind not in ("file", "submit", "search") and (kind not in ("checkbox", "radio") or "checked" in given)


class Editor:
    """Somebody with the form of the record open in a tab."""

    def __init__(self, client: TestClient, field: str, words: str) -> None:
        self.client, self.field, self.words = client, field, words
        self.page, self.shown, self.waits, self.acknowledged = "", "", False, False

    def open(self) -> None:
        """Open the form, and type."""
        self._see(self.client.get(PAGE).text)
        self._form[self.field] = [self.words]

    def save(self, catalogue: Catalogue) -> None:
        """Press save. What was acknowledged replaced nothing that this editor was not shown."""
        before = values(catalogue)
        answer = self.client.post(PAGE, data={**self._form, "do": "save"}, follow_redirects=False)
        self.waits = answer.status_code == 409
        if self.waits:
            assert values(catalogue) == before, "a save that is refused writes nothing"
            self._see(answer.text)
            return
        assert answer.status_code == 303
        self.acknowledged = True
        for field, now in values(catalogue).items():
            if now != before[field]:
                assert (field, now) == (self.field, self.words)
                assert before[field] in self.shown, f"{before[field]} was replaced unseen"

    def _see(self, html: str) -> None:
        self.shown += unescape(html)
        self._form = Form(html).sent


def values(catalogue: Catalogue) -> dict[str, str]:
    """Return what the file holds now."""
    record = catalogue.contents.records["one"]
    texts = {"title": record.title, "summary": record.summary or Text({})}
    return {field: texts[field.partition(".")[0]].get(field.partition(".")[2], "") for field in FIELDS}


@pytest.fixture
def browsers(catalogue: Catalogue, add: AddRecord) -> Browsers:
    add("one", "title: {fr: Avant, nl: Voor}", "summary: {fr: Résumé d'avant, nl: Tekst van voor}")
    catalogue.refresh()
    site = DeskSite.of(catalogue)
    return site.browser("dirk"), site.browser("piet")


def orders() -> Iterator[tuple[str, ...]]:
    """Yield every order in which A and B open and save, with a save of C at every place, or without."""
    for order in permutations(("open A", "save A", "open B", "save B")):
        if order.index("open A") < order.index("save A") and order.index("open B") < order.index("save B"):
            yield order
            yield from ((*order[:place], "C", *order[place:]) for place in range(5))


ORDERS = tuple(orders())


def play(catalogue: Catalogue, browsers: Browsers, order: tuple[str, ...], second: str, third: str, late: bool) -> None:
    """Play one order. ``late``: who has to confirm a merge does so when all the others are done."""
    mark = f"{ORDERS.index(order)}{second}{third}{late}"
    people = {"A": Editor(browsers[0], "title.fr", f"De A {mark}"), "B": Editor(browsers[1], second, f"De B {mark}")}
    of_third, shown_to_third = f"De C {mark}", ""
    waiting: list[Editor] = []
    for step in order:
        if step == "C":
            name, _, lang = third.partition(".")
            record, shown_to_third = catalogue.contents.records["one"], str(values(catalogue))
            text = Text({**(getattr(record, name) or {}), lang: of_third})
            changed: dict[str, Any] = {name: text}
            catalogue.save(dataclasses.replace(record, **changed), account="piet")
            continue
        does, who = step.split()
        if does == "open":
            people[who].open()
            continue
        people[who].save(catalogue)
        while people[who].waits and not late:
            people[who].save(catalogue)
        waiting += [people[who]] if people[who].waits else []
    for editor in waiting:
        while editor.waits:
            editor.save(catalogue)
    history = b"".join(
        catalogue.state.history.revision(revision.id)[1].data or b""
        for revision in catalogue.state.history.of("records/one.yaml", 12)
    ).decode()
    now = values(catalogue)
    for editor in people.values():
        assert editor.acknowledged
        other = next(each for each in people.values() if each is not editor)
        shown = other.shown + shown_to_third
        assert now[editor.field] == editor.words or (editor.words in history and editor.words in shown)
    if "C" in order:
        told = any(of_third in editor.shown for editor in people.values())
        assert now[third] == of_third or (of_third in history and told)


@pytest.mark.parametrize(
    ("part", "second", "late"),
    [(0, "title.fr", False), (1, "title.fr", True), (2, "title.nl", False), (3, "title.nl", True)],
    ids=["same field", "same field, confirmed late", "another field", "another field, confirmed late"],
)
def test_in_no_order_is_an_edit_lost_silently(
    catalogue: Catalogue, browsers: Browsers, part: int, second: str, late: bool
) -> None:
    for number, order in enumerate(ORDERS[part::4]):
        play(catalogue, browsers, order, second, FIELDS[number % 3], late)


@pytest.mark.soak
@pytest.mark.parametrize("third", FIELDS)
@pytest.mark.parametrize("second", FIELDS)
@pytest.mark.parametrize("late", [False, True])
def test_in_no_order_and_no_field(
    catalogue: Catalogue, browsers: Browsers, second: str, third: str, late: bool
) -> None:
    for order in ORDERS:
        play(catalogue, browsers, order, second, third, late)
