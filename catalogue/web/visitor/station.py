"""``/station``: what one of the centre's PCs has, for the person who looks after it."""

from __future__ import annotations

import time
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

import catalogue
from catalogue.i18n import languages
from catalogue.service import Catalogue
from catalogue.web.frame import Switch, language_of, make_frame
from catalogue.web.pages import StationPage
from catalogue.web.render import html


def station(request: Request) -> Response:
    """Show what the server knows of this PC; the page's script adds what only the browser knows.

    The language is that of ``?lang=``, else what the browser prefers, as at the entrance.
    """
    opened: Catalogue = request.app.state.catalogue
    wanted = request.query_params.get("lang", "")
    lang = wanted if wanted in languages() else language_of(request)
    switches = tuple(Switch(c, language.name, f"/station?lang={c}", c == lang) for c, language in languages().items())
    page = StationPage(
        frame=replace(make_frame(request, lang=lang), switches=switches),
        version=catalogue.__version__,
        reached_by=f"{request.url.scheme}://{request.url.netloc}",
        base_url=opened.settings.base_url,
        server_time=round(time.time() * 1000),
    )
    return html("station.html", page, lang)
