"""``/{lang}/record/{id}.xml`` and its like: one record in the formats of libraries and reference managers."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from catalogue.exchange.crosswalk import Naming
from catalogue.exchange.registry import FORMATS
from catalogue.service import Catalogue
from catalogue.web import addresses
from catalogue.web.frame import language_of, site_address

ENDINGS: Mapping[str, str] = {
    "xml": "oai_dc",
    "dcterms": "dcterms",
    "marcxml": "marcxml",
    "mrc": "marc21",
    "unimarc": "unimarc",
    "unimarcxml": "unimarc-xml",
    "ris": "ris",
    "bib": "bibtex",
    "jsonld": "jsonld",
}
"""The ending of an address → the format; DESIGN, section 3, fixes ``xml`` and ``ris``."""

SHOWN = ("text/", "application/xml", "application/marcxml+xml", "application/ld+json")
"""Types that a browser shows; others go to the program of the visitor as a file."""


def routes(record: str) -> list[Route]:
    """Return a route for each ending behind the path of a record."""
    return [Route(f"{record}.{ending}", one) for ending in ENDINGS]


def one(request: Request) -> Response:
    """One public record in the format that the ending of the address names; in the language of the address first."""
    catalogue: Catalogue = request.app.state.catalogue
    found = catalogue.record(request.path_params["id"])
    format = FORMATS[ENDINGS[request.url.path.rpartition(".")[2]]]
    assert format.write, "only formats that can be written have an address"
    data = b"".join(format.write([found], naming_of(request, language_of(request))))
    answer = Response(data, media_type=format.media_types[0])
    ending = format.extensions[0]
    disposition = "inline" if answer.headers["content-type"].startswith(SHOWN) else "attachment"
    answer.headers["Content-Disposition"] = f'{disposition}; filename="{found.id}{ending}"'
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def naming_of(request: Request, lang: str) -> Naming:
    """Return how records are named to who asks: by the address the site is told it has, else by that of the request."""
    catalogue: Catalogue = request.app.state.catalogue
    base = site_address(request)
    return Naming.of(
        catalogue.contents.frame.vocabularies,
        lang,
        lambda id: f"{base}{addresses.record(lang, id)}",
        lambda path: f"{base}/{quote(path)}",
    )
