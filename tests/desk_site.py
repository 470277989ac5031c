"""A site with one account of each role, for tests of the desk over HTTP: quick hashes, TLS, our own forms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from argon2 import PasswordHasher
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.state import Accounts
from catalogue.web.app import create_app

PASSWORD = "fenêtre lampe gare onze"
NAMES = {"advisor": "marie", "documentalist": "dirk", "administrator": "piet"}
OURS = {"sec-fetch-site": "same-origin", "origin": "https://centre.example"}
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class DeskSite:
    """The site, its catalogue, and browsers of whoever is asked for."""

    catalogue: Catalogue
    app: ASGIApp

    def browser(self, role: str = "", headers: dict[str, str] | None = None) -> TestClient:
        """Return a browser in which somebody of ``role`` is signed in, or nobody."""
        opened = TestClient(
            self.app, "https://centre.example", headers=OURS if headers is None else headers, follow_redirects=False
        )
        if role:
            token = self.catalogue.state.accounts.sign_in(NAMES[role], PASSWORD)
            assert token
            opened.cookies.set("desk", token, domain="centre.example", path="/desk")
        return opened


@contextmanager
def desk_site(settings: Settings) -> Iterator[DeskSite]:
    """Open a site with the accounts of ``NAMES``."""
    catalogue = Catalogue.open(settings)
    catalogue.state.accounts = Accounts(catalogue.state.transaction, catalogue.now, QUICK)
    for role, name in NAMES.items():
        catalogue.state.accounts.add(name, role, PASSWORD)
    try:
        yield DeskSite(catalogue, create_app(catalogue, watch=False))
    finally:
        catalogue.close()
