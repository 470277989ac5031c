"""``/desk/{lang}/duplicates/``: is it here already, asked while somebody types; and the way to all pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from catalogue.duplicates import Match
from catalogue.fields import WORD_NAMES
from catalogue.service import Catalogue
from catalogue.values import Said
from catalogue.web import addresses
from catalogue.web.desk import todo_waiting
from catalogue.web.desk.session import require
from catalogue.web.desk.todo_rows import REASONS
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.present import Presenter
from catalogue.web.render import html

MOST_FOUND = 5
_LONGEST = 2_000  # characters of one value that is asked about


@dataclass(frozen=True)
class Found:
    """A record that may be what somebody is about to add."""

    id: str
    title: Said
    status: str
    reasons: tuple[str, ...]
    href: str
    compare: str  # empty while the record that is typed has no id


@dataclass(frozen=True)
class FoundPage:
    """The answer while somebody types, as a fragment of a page."""

    frame: Frame
    found: tuple[Found, ...]
    more: int


def check(request: Request) -> Response:
    """Say which records may be the one that is typed: ``title.fr``, ``title.nl``, ``url`` (several), ``isbn``.

    ``exclude``: the id of the record that is edited. A fragment of HTML (empty where nothing is found), or JSON
    where that is accepted.
    """
    require(request, "documentalist")
    asked = request.query_params
    exclude = asked.get("exclude", "")
    typed = {
        "title": {lang: asked.get(f"title.{lang}", "")[:_LONGEST] for lang in ("fr", "nl", "en")},
        "identifiers": {"isbn": asked.get("isbn", "")[:40]},
        "holdings": [{"url": url[:_LONGEST]} for url in asked.getlist("url")[:20]],
    }
    page = alike(make_frame(request), request.app.state.catalogue, typed, exclude)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"found": [_plain(one) for one in page.found], "total": len(page.found) + page.more})
    return html("_duplicates.html", page, page.frame.lang)


def alike(frame: Frame, catalogue: Catalogue, typed: Mapping[str, Any], exclude: str) -> FoundPage:
    """Return the records that may be the one that is typed (the mapping of a file); ``exclude``: the one edited."""
    presenter = Presenter(catalogue, frame.lang)
    matches = catalogue.duplicates.of(typed, exclude)
    known = exclude if exclude in catalogue.contents.records else ""
    found = tuple(_found(presenter, match, known) for match in matches[:MOST_FOUND])
    return FoundPage(frame, found, len(matches) - len(found))


def every(request: Request) -> Response:
    """Lead to the list of pairs."""
    require(request, "documentalist")
    return RedirectResponse(todo_waiting.address(language_of(request), "duplicates"), 303)


def _found(presenter: Presenter, match: Match, exclude: str) -> Found:
    id, lang = match.record.id, presenter.lang
    return Found(
        id,
        match.record.title.best(lang),
        presenter._(WORD_NAMES[match.record.status]),
        tuple(presenter._(REASONS[reason]) for reason in match.reasons),
        addresses.desk(lang, f"records/{id}"),
        addresses.desk(lang, f"duplicates/{exclude}/{id}") if exclude else "",
    )


def _plain(found: Found) -> Mapping[str, object]:
    plain: dict[str, object] = {name: getattr(found, name) for name in ("id", "status", "reasons", "href", "compare")}
    return plain | {"title": found.title.text, "title_lang": found.title.lang}
