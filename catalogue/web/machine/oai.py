"""``/oai``: the catalogue for harvesters, by OAI-PMH 2.0."""

from __future__ import annotations

import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from catalogue.contents import Contents
from catalogue.errors import Unavailable
from catalogue.exchange.crosswalk import Naming
from catalogue.i18n import DEFAULT
from catalogue.oai import formats
from catalogue.oai.provider import Provider, Repository, is_repository_id
from catalogue.service import Catalogue
from catalogue.web import addresses
from catalogue.web.frame import site_address

PATH = "/oai"
RETRY_AFTER = 60
"""Seconds after which a harvester is to come back while the database does not answer."""

_MOST_FIELDS, _LONGEST_FIELD = 20, 10_000


async def oai(request: Request) -> Response:
    """``/oai``, GET or POST: one of the six verbs."""
    pairs = request.query_params.multi_items()
    if request.method == "POST":
        form = await request.form(max_files=0, max_fields=_MOST_FIELDS, max_part_size=_LONGEST_FIELD)
        pairs = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    return await run_in_threadpool(_answer, request, pairs)


def _answer(request: Request, pairs: Iterable[tuple[str, str]]) -> Response:
    now = int(time.time())  # before anything is looked at: what changes from here on comes with the next harvest
    catalogue: Catalogue = request.app.state.catalogue
    base = site_address(request)

    def naming(contents: Contents) -> Naming:
        vocabularies = contents.frame.vocabularies
        return Naming.of(
            vocabularies,
            DEFAULT,
            lambda id: base + addresses.record(DEFAULT, id),
            lambda path: base + addresses.media(path),
        )

    repository = Repository(repository_id(catalogue, base), base + PATH, _email(catalogue, base))
    provider = Provider(repository, request.app.state.publication, formats.of(naming), lambda: catalogue.contents)
    try:
        return Response(provider.answer(pairs, now), media_type="text/xml")
    except Unavailable as error:
        return PlainTextResponse(error.text(), 503, {"Retry-After": str(RETRY_AFTER)})


def repository_id(catalogue: Catalogue, base: str) -> str:
    """Return what the catalogue is called in identifiers: as set, else like its address or the centre's website."""
    hosts = (urlsplit(url).hostname or "" for url in (base, catalogue.contents.frame.centre.website))
    named = (catalogue.settings.oai_repository, *(host.removeprefix("www.") for host in hosts))
    return next(filter(is_repository_id, named), "catalogue.example")


def _email(catalogue: Catalogue, base: str) -> str:
    """Return whom harvesters write to: the centre, else whoever looks after the site by the custom of RFC 2142."""
    centre = catalogue.contents.frame.centre
    return centre.contact.email or f"webmaster@{repository_id(catalogue, base)}"
