"""Visits by nobody: what people do at the centre in some weeks, done to the real application, and written down.

Everything is drawn from one seed. The log says what was done and what the pages answered, never what was counted:
``tests/recount.py`` works the report out from it alone.
"""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Sequence
from typing import Any

from starlette.testclient import TestClient

from catalogue.service import Catalogue
from catalogue.state import Accounts
from catalogue.web.app import create_app
from tests.desk_site import OURS, PASSWORD, QUICK

LANGS = ("fr", "nl", "en")
OPENING = datetime.time(10)
_CARD = re.compile(r'class="card-title"><a href="/\w\w/record/([a-z0-9-]+)"')
_CODE = re.compile(r"[0-9]{9}$")


class Clock:
    """The time at the centre, which a test sets."""

    def __init__(self, now: datetime.datetime) -> None:
        self.now = now

    def __call__(self) -> datetime.datetime:
        return self.now


class Simulation:
    """People at ``catalogue`` from ``first`` on. ``words``: what they search; ``absent``: what they search in vain."""

    def __init__(
        self, catalogue: Catalogue, first: datetime.date, words: Sequence[str], absent: Sequence[str], seed: int = 7
    ) -> None:
        self.log: list[dict[str, Any]] = []
        self.clock = Clock(datetime.datetime.combine(first, OPENING))
        self.catalogue, self.words, self.absent = catalogue, words, absent
        self.lots = random.Random(seed)
        self.public = sorted(record.id for record in catalogue.contents.public)
        self.codes: list[str] = []
        catalogue.state.accounts = Accounts(catalogue.state.transaction, catalogue.now, QUICK)
        catalogue.now = self.clock  # type: ignore[method-assign]
        catalogue.state.accounts.add("marie", "advisor", PASSWORD)
        self.client = TestClient(
            create_app(catalogue, watch=False), "https://centre.example", headers=OURS, follow_redirects=False
        )
        self.client.post("/desk/fr/sign-in", data={"name": "marie", "password": PASSWORD})

    def run(self, days: int, visits: int) -> None:
        """Let ``days`` pass with as many ``visits`` each, and a few more or less."""
        for day in range(days):
            if day:
                self.clock.now += datetime.timedelta(days=1)
            for _ in range(max(1, visits + self.lots.randint(-1, 1))):
                self._visit()
            if day % 3 == 0:
                self._advise("group" if day % 2 else "person")

    def note(self, what: str, lang: str, **more: Any) -> None:
        """Write down that something was done today."""
        self.log.append({"day": self.clock.now.date().isoformat(), "what": what, "lang": lang, **more})

    def report(self, id: str, reason: str, lang: str = "fr") -> None:
        """Report a problem of a record."""
        self._post(f"/{lang}/record/{id}/problem", 303, data={"reason": reason})
        self.note("problem", lang, record=id, reason=reason)

    def search(self, lang: str, **params: str) -> list[str]:
        """Search, and return the ids of the records on the page."""
        page = self._get(f"/{lang}/search", **params)
        shown = _CARD.findall(page)
        asked = {name: value for name, value in params.items() if name != "page"}
        total = self.client.get("/api/search", params={**asked, "lang": lang}).json()["total"]
        self.note("search", lang, params=params, shown=shown, total=total)
        return shown

    def _visit(self) -> None:
        lang = self.lots.choices(LANGS, (5, 4, 1))[0]
        if self._may(0.2):
            self._post(f"/{lang}/count", 204, content="reading-help")
            self.note("reading-help", lang)
        for _ in range(self.lots.randint(1, 3)):
            self._look(lang)
        if self._may(0.3):
            self._list(lang)
        if self._may(0.05):
            self.report(self.lots.choice(self.public), self.lots.choice(("link", "outdated", "shelf")), lang)
        if self._may(0.8):
            self._end(lang)

    def _look(self, lang: str) -> None:
        way = self.lots.random()
        if way < 0.2:
            theme = self.lots.choice(("orient", "learn", "work"))
            self._get(f"/{lang}/theme/{theme}")
            self.note("theme", lang, theme=theme)
            return
        if way < 0.3:
            self.search(lang, q=self.lots.choice(self.absent))
            return
        narrowed = [{}, {}, {"theme": "work"}, {"theme": "learn", "kind": "website"}, {"publisher": "actiris"}]
        params = {"q": self.lots.choice(self.words), **self.lots.choice(narrowed)}
        shown = self.search(lang, **params)
        if self._may(0.1):
            self.search(lang, **params, page="2")
        for id in self.lots.sample(shown, min(len(shown), self.lots.randint(0, 2))):
            self._get(f"/{lang}/record/{id}")
            self.note("record", lang, record=id)
            if self._may(0.2):
                self._post(f"/{lang}/count", 204, content="print")
                self.note("print", lang)

    def _list(self, lang: str) -> None:
        self._post(f"/{lang}/count", 204, content="list")
        self.note("list", lang)
        if self._may(0.7):
            ids = self.lots.sample(self.public, 2)
            made = self._post(f"/{lang}/list", 201, json={"ids": ids}).json()
            self.note("code", lang)
            self._open(made["code"], self.lots.choice(LANGS))

    def _open(self, code: str, lang: str) -> None:
        self._get(f"/{lang}/list/{code}")
        self.note("opened", lang)

    def _end(self, lang: str) -> None:
        self._get(f"/{lang}/end")
        self.note("end", lang)
        if self._may(0.6):
            answer = self.lots.choices(("found", "partly", "not-found"), (5, 3, 2))[0]
            self._post(f"/{lang}/end", 303, data={"found": answer})
            self._get(f"/{lang}/end", thanks="1")
            self.note(f"end-{answer}", lang)

    def _advise(self, recipient: str) -> None:
        lang = self.lots.choice(LANGS[:2])
        until = (self.clock.now + datetime.timedelta(days=9)).date().isoformat()
        items = {"item": self.lots.sample(self.public, 2), "phrase": ["", ""], "day": ["", ""], "own": ["", ""]}
        more = {"do": "make", "sheet": lang, "for": recipient, "until": until}
        made = self._post("/desk/fr/advise/", 303, data={**items, **more})
        self.note("group" if recipient == "group" else "advice", lang)
        found = _CODE.search(made.headers["location"])
        assert found
        if self._may(0.7):
            self._open(found[0], lang)

    def _may(self, chance: float) -> bool:
        return self.lots.random() < chance

    def _get(self, path: str, **params: str) -> str:
        answer = self.client.get(path, params=params)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def _post(self, path: str, status: int, **sent: Any) -> Any:
        answer = self.client.post(path, **sent)
        assert answer.status_code == status, (path, answer.status_code, answer.text[-2000:])
        return answer
