"""``/sitemap.xml`` and ``/robots.txt``: every public page in every language (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from itertools import islice
from xml.sax.saxutils import escape, quoteattr

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from catalogue.errors import NotFound
from catalogue.i18n import languages
from catalogue.service import Catalogue
from catalogue.web import addresses
from catalogue.web.frame import site_address
from catalogue.web.machine.conditional import ASK_AGAIN

PER_FILE = 10_000
"""Pages in one file. With three languages 30,000 addresses of at most 1,600 bytes: below 50,000 and 50 MB."""

_TEXTS = (
    "questions",
    "occupations",
    "new",
    "selections",
    "help",
    "accessibility",
    "privacy",
    "how-results-are-ordered",
    "api",
)
_NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_WITH_LANGUAGES = f'{_NAMESPACES} xmlns:xhtml="http://www.w3.org/1999/xhtml"'
_PROLOG = "<?xml version='1.0' encoding='UTF-8'?>\n"

Page = tuple[Callable[[str], str], datetime.date | None]
"""Language → path, and the day on which it changed."""


def robots(request: Request) -> Response:
    """``/robots.txt``: nothing for search engines where staff work, where one searches, in lists."""
    private = ("list", "code", "end", "search")
    closed = ["/desk/", "/api/", "/oai", "/sru", *(f"/{lang}/{name}" for lang in languages() for name in private)]
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
        "",
        f"Sitemap: {site_address(request)}/sitemap.xml",
    ]
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": ASK_AGAIN})


def sitemap(request: Request) -> Response:
    """``/sitemap.xml``: all pages; where they are too many for one file, an index of the files that have them."""
    count = sum(1 for _ in _pages(request.app.state.catalogue))
    if count <= PER_FILE:
        return _file(request, 1)
    base = site_address(request)
    numbers = range(1, -(-count // PER_FILE) + 1)
    files = "".join(f"<sitemap><loc>{escape(base)}/sitemap-{number}.xml</loc></sitemap>\n" for number in numbers)
    return _xml(iter([f"{_PROLOG}<sitemapindex {_NAMESPACES}>\n{files}</sitemapindex>\n"]))


def part(request: Request) -> Response:
    """``/sitemap-{number}.xml``: one file of many, from 1. Raises NotFound behind the last."""
    return _file(request, request.path_params["number"])


def _file(request: Request, number: int) -> Response:
    start = (number - 1) * PER_FILE
    pages = list(islice(_pages(request.app.state.catalogue), start, start + PER_FILE)) if number > 0 else []
    if not pages:
        raise NotFound
    return _xml(_urls(site_address(request), pages))


def _xml(pieces: Iterator[str]) -> Response:
    return StreamingResponse(pieces, media_type="application/xml", headers={"Cache-Control": ASK_AGAIN})


def _urls(base: str, pages: list[Page]) -> Iterator[str]:
    yield f"{_PROLOG}<urlset {_WITH_LANGUAGES}>\n"
    for path, changed in pages:
        found = {lang: f"{base}{path(lang)}" for lang in languages()}
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{lang}" href={quoteattr(url)}/>' for lang, url in found.items()
        )
        day = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
        yield "".join(f"<url><loc>{escape(url)}</loc>{day}{others}</url>\n" for url in found.values())
    yield "</urlset>\n"


def _pages(catalogue: Catalogue) -> Iterator[Page]:
    contents = catalogue.contents
    vocabularies = contents.frame.vocabularies
    yield addresses.home, None
    for name in _TEXTS:
        yield _path(addresses.page, name), None
    for id in vocabularies.terms.get("themes", {}):
        yield _path(addresses.theme, id), None
    for made in catalogue.editorial_lists():
        yield _list(made.kind, made.slug), None
    for id in contents.by_occupation:
        yield _path(addresses.occupation, id), None
    for record in sorted(contents.public, key=lambda record: record.id):
        days = [day for day in (record.added, record.checked) if day]
        yield _path(addresses.record, record.id), max(days, default=None)


def _path(address: Callable[[str, str], str], id: str) -> Callable[[str], str]:
    return lambda lang: address(lang, id)


def _list(kind: str, slug: str) -> Callable[[str], str]:
    return lambda lang: addresses.editorial_list(lang, kind, slug)
