"""What a web page says of itself, and that the desk is no way into the house's network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import fetching
from catalogue.page_facts import NotFetched, fetch, read

PAGE = """<!doctype html><html lang="nl-BE"><head><meta charset="utf-8"><title>Titel | Site</title>
<meta name="description" content="Gewone beschrijving."><meta property="og:title" content="Leren &amp; werken">
<meta property="og:site_name" content="VDAB"><link rel="alternate" hreflang="fr-BE" href="/fr/page">
<link rel=canonical href="https://vdab.example/nl">
<script type="application/ld+json">{"@graph": [{"@type": "Book", "name": "Boek", "isbn": "978-2-07-036822-8"}]}</script>
</head><body></body></html>"""


def test_a_page_is_read() -> None:
    facts = read(PAGE.encode(), "https://vdab.example/nl/x")
    assert facts.title == "Leren & werken"
    assert facts.description == "Gewone beschrijving."
    assert (facts.language, facts.publisher, facts.isbn) == ("nl", "VDAB", "978-2-07-036822-8")
    assert facts.url == "https://vdab.example/nl"
    assert facts.versions == {"fr": "https://vdab.example/fr/page"}


@pytest.mark.parametrize(
    ("data", "charset", "title"),
    [
        ("<title>Été</title>".encode("latin-1"), "", "Été"),
        ("<title>Été</title>".encode("latin-1"), "iso-8859-1", "Été"),
        ("<title>Été</title>".encode("utf-16"), "utf-16", "Été"),
        ('<meta charset="windows-1252"><title>Été €</title>'.encode("cp1252"), "", "Été €"),
        ("<title>Été</title>".encode(), "no-such-charset", "Été"),
        (b"", "", ""),
    ],
)
def test_whatever_its_letters(data: bytes, charset: str, title: str) -> None:
    assert read(data, "https://a.example", charset).title == title


def test_broken_data_of_a_page_is_passed_over() -> None:
    script = b'<script type="application/ld+json">'
    page = script + b'{"name": </script>' + script + b'[1, {"name": 2}]</script>'
    assert read(page, "https://a.example").title == ""


@given(st.binary(max_size=300))
def test_no_page_breaks_it(data: bytes) -> None:
    read(b"<html lang=fr><meta name=description content=" + data, "https://a.example")


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/page")
            self.end_headers()
            return
        status = 404 if self.path == "/none" else 200
        self.send_response(status)
        self.send_header("Content-Type", "application/pdf" if self.path == "/pdf" else "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_addresses_inside_the_house_are_not_opened(web: str) -> None:
    for url in (f"{web}/page", "http://localhost/", "http://[::1]/", "http://10.0.0.1/", "http://169.254.169.254/"):
        with pytest.raises(NotFetched, match="by hand"):
            fetch(url)


def test_pages_are_fetched(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_refuse_inside", lambda address: None)  # this machine is all the web there is here
    assert fetch(f"{web}/page").title == "Leren & werken"
    assert fetch(f"{web}/moved").title == "Leren & werken"
    with pytest.raises(NotFetched, match="404"):
        fetch(f"{web}/none")
    with pytest.raises(NotFetched, match="no web page"):
        fetch(f"{web}/pdf")


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "file:///etc/passwd", "http://", "https://no-such-host.invalid/"]
)
def test_what_cannot_be_opened_is_said(url: str) -> None:
    with pytest.raises(NotFetched):
        fetch(url)
