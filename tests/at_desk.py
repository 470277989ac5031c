"""A documentalist at the desk of a small centre, for tests of the desk's pages."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from starlette.testclient import TestClient

from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.state import Accounts
from catalogue.web.app import create_app

PASSWORD = "fenêtre lampe gare onze"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
OURS = {"sec-fetch-site": "same-origin"}


class Desk:
    """A documentalist at the desk of a small centre."""

    def __init__(self, catalogue: Catalogue, role: str = "documentalist") -> None:
        self.catalogue = catalogue
        catalogue.state.accounts.add(role, role, PASSWORD)
        app = create_app(catalogue, watch=False)
        self.client = TestClient(app, "https://centre.example", headers=OURS)
        self.client.post("/desk/fr/sign-in", data={"name": role, "password": PASSWORD})

    def get(self, page: str, lang: str = "fr") -> str:
        answer = self.client.get(f"/desk/{lang}/{page}")
        assert answer.status_code == 200, answer.status_code
        return html.unescape(answer.text)

    def seen(self, page: str) -> str:
        found = re.search(r'name="seen" value="([^"]*)"', self.get(page))
        assert found
        return found[1]

    def post(self, page: str, lang: str = "fr", status: int = 303, **form: Any) -> str:
        """Send a form; return where one is led, or the page."""
        form = {"seen": self.seen(page) if "seen" not in form else form.pop("seen")} | {
            name.replace("__", "."): value for name, value in form.items()
        }
        answer = self.client.post(f"/desk/{lang}/{page}", data=form, follow_redirects=False)
        assert answer.status_code == status, (answer.status_code, html.unescape(answer.text)[-3000:])
        return answer.headers["location"] if status == 303 else html.unescape(answer.text)

    def file(self, name: str) -> str:
        return (self.catalogue.settings.resources / name).read_text(encoding="utf-8")

    def undo(self, location: str) -> None:
        action = int(location.rpartition("done=")[2])
        assert not self.catalogue.writer.undo(action, "dirk").left


@contextmanager
def at_desk(settings: Settings) -> Iterator[Desk]:
    """Open a catalogue, and give a documentalist who is signed in."""
    catalogue = Catalogue.open(settings)
    catalogue.state.accounts = Accounts(catalogue.state.transaction, catalogue.now, QUICK)
    yield Desk(catalogue)
    catalogue.close()


def folder(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.yaml")}
