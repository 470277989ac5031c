"""A site with an account of each role, for tests of the desk over HTTP."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from argon2 import PasswordHasher
from starlette.testclient import TestClient

from catalogue.service import Catalogue
from catalogue.state import Accounts
from catalogue.web.app import create_app

PASSWORD = "fenêtre lampe gare onze"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
STAFF = {"marie": "advisor", "dirk": "documentalist", "els": "documentalist", "piet": "administrator"}
OURS = {"sec-fetch-site": "same-origin"}


def open_desk(catalogue: Catalogue) -> TestClient:
    """Return a client of the site in which nobody is signed in; ``STAFF`` have accounts."""
    catalogue.state.accounts = Accounts(catalogue.state.transaction, catalogue.now, QUICK)
    for name, role in STAFF.items():
        catalogue.state.accounts.add(name, role, PASSWORD)
    return TestClient(create_app(catalogue, watch=False), "https://centre.example", headers=OURS)


def sign_in(client: TestClient, name: str = "dirk") -> TestClient:
    """Sign in with an account of ``STAFF``."""
    client.cookies.clear()
    client.post("/desk/fr/sign-in", data={"name": name, "password": PASSWORD})
    return client


def hidden(text: str) -> Mapping[str, str]:
    """Return the hidden values of the forms of a page, as the browser sends them."""
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text):
        found[name] = value.replace("&amp;", "&").replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">")
    return found


def shown(text: str) -> str:
    """Return the words of a page without its tags, spaces collapsed."""
    body = text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())
