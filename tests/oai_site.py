"""A catalogue that others can harvest: its real application on a real port of this machine, in a thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.web.app import create_app
from tests.ports import free_port


@dataclass
class OaiSite:
    """The site while it runs."""

    catalogue: Catalogue
    app: ASGIApp
    base: str

    @property
    def url(self) -> str:
        """Where it is harvested."""
        return f"{self.base}/oai"


@contextmanager
def oai_site(settings: Settings) -> Iterator[OaiSite]:
    """Serve the catalogue of these settings."""
    catalogue, port = Catalogue.open(settings), free_port()
    app = create_app(catalogue, watch=False)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, ws="none", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield OaiSite(catalogue, app, f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join()
