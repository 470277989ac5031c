"""A site with one account of each role, for tests of the desk over HTTP: quick hashes, TLS, our own forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from catalogue.importing import Imports
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.state import Accounts
from catalogue.web.app import create_app

PASSWORD = "fenêtre lampe gare onze"
STAFF = {"marie": "advisor", "dirk": "documentalist", "piet": "administrator"}
NAMES = {role: name for name, role in STAFF.items()}
ADDRESS = "https://centre.example"
OURS = {"sec-fetch-site": "same-origin", "origin": ADDRESS}
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class DeskSite:
    """The site, its catalogue, and browsers of whoever is asked for."""

    catalogue: Catalogue
    app: ASGIApp

    @classmethod
    def of(cls, catalogue: Catalogue) -> DeskSite:
        """Return a site over ``catalogue``, in which those of ``STAFF`` get accounts."""
        catalogue.state.accounts = Accounts(catalogue.state.transaction, catalogue.now, QUICK)
        for name, role in STAFF.items():
            catalogue.state.accounts.add(name, role, PASSWORD)
        return cls(catalogue, create_app(catalogue, watch=False))

    def browser(self, name: str = "", headers: Mapping[str, str] = OURS, **options: Any) -> TestClient:
        """Return a browser in which ``name`` is signed in, or nobody; ``options`` are those of TestClient.

        It does not follow where an answer leads, unless ``follow_redirects``.
        """
        opened = TestClient(self.app, ADDRESS, headers=dict(headers), **{"follow_redirects": False} | options)
        if name:
            token = self.catalogue.state.accounts.sign_in(name, PASSWORD)
            assert token
            opened.cookies.set("desk", token, domain="centre.example", path="/desk")
        return opened


@contextmanager
def desk_site(settings: Settings) -> Iterator[DeskSite]:
    """Open a catalogue, and a site over it."""
    catalogue = Catalogue.open(settings)
    try:
        yield DeskSite.of(catalogue)
    finally:
        catalogue.close()


def imports_of(site: DeskSite) -> Imports:
    """Return the imports of a site."""
    guard: Any = site.app
    imports: Imports = guard.app.state.imports
    return imports
