"""``POST /api/records/lookup``: what a list shows of its records. Ids travel in the body: no log ever holds them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from catalogue.errors import BadInput
from catalogue.i18n import DEFAULT, languages
from catalogue.query import NOT_ASKED, clean
from catalogue.service import Catalogue
from catalogue.values import Said
from catalogue.web.asked import ids_in, read_json
from catalogue.web.listing import Listed, Missing, Shared, find, in_walking_order, listed, share
from catalogue.web.machine.answered import (
    ListItem,
    LookupAnswer,
    LookupQuestion,
    MissingRecord,
    SaidText,
    SharedList,
    WayToGet,
)
from catalogue.web.machine.endpoints import LOOKUP
from catalogue.web.machine.parameters import UNKNOWN_LANGUAGE
from catalogue.web.pages import Way
from catalogue.web.present import Presenter


async def lookup(request: Request) -> Response:
    """``{"ids": […≤100], "lang": "fr"}`` → ``{"records": […], "missing": […], "list": {…}}``, records as asked for."""
    catalogue: Catalogue = request.app.state.catalogue
    LOOKUP.read(request)
    asked = await read_json(request)
    unknown = next((name for name in asked if name not in LookupQuestion.__annotations__), None)
    if unknown is not None:
        raise BadInput(NOT_ASKED, field=clean(unknown)[:40])
    lang = asked.get("lang", DEFAULT)
    if not isinstance(lang, str) or lang not in languages():
        raise BadInput(UNKNOWN_LANGUAGE, field="lang", value=str(lang)[:40])
    presenter = Presenter(catalogue, lang)
    records, missing = find(catalogue, ids_in(asked))
    items = [listed(presenter, record) for record in records]
    walk = {item.id: rank for rank, item in enumerate(in_walking_order(items), 1)}
    value: LookupAnswer = {
        "records": [_item(catalogue, item, walk[item.id]) for item in items],
        "missing": [_missing(one) for one in missing],
        "list": _list(share(presenter, items)) if items else None,
    }
    return JSONResponse(value, headers={"Cache-Control": "no-store"})


def _missing(missing: Missing) -> MissingRecord:
    found: MissingRecord = {"id": missing.id, "state": missing.state}
    if missing.to:
        found["to"] = missing.to
    return found


def _item(catalogue: Catalogue, item: Listed, walk: int) -> ListItem:
    titles = [item.title, *item.other_titles]
    return {
        "id": item.id,
        "url": f"{catalogue.settings.base_url}{item.href}",
        "kind": item.kind,
        "kind_label": _said(item.kind_label),
        "title": item.title.text,
        "title_lang": item.title.lang,
        "titles": [_said(title) for title in titles],
        "when": item.when,
        "ways": [_way(way) for way in item.ways],
        "walk": walk,
        "link": item.link or None,
        "qr": item.qr or None,
    }


def _way(way: Way) -> WayToGet:
    return {
        "form": way.form,
        "href": way.href or None,
        "host": way.host or None,
        "mark": way.mark or None,
        "shelf": _said(way.shelf) if way.shelf else None,
        "colour": way.colour,
        "use": way.use or None,
        "language": _said(way.language) if way.language else None,
        "year": way.year or None,
    }


def _list(shared: Shared) -> SharedList:
    return {
        "link": shared.link or None,
        "mailto": shared.mailto,
        "text": shared.text,
        "qr": shared.qr,
        "in_qr": shared.in_qr,
    }


def _said(said: Said) -> SaidText:
    return {"text": said.text, "lang": said.lang}
