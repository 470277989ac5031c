"""The JSON interface: search and records, as ``docs`` describe them. Open for reading from any site."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from catalogue.errors import N_, BadInput
from catalogue.fields import FACETS
from catalogue.finding import Found
from catalogue.i18n import DEFAULT, languages
from catalogue.query import MAX_TEXT, NOT_ASKED, Query, clean
from catalogue.resource import Resource
from catalogue.search.engine import Hit
from catalogue.search.explain import Explainer, Marked
from catalogue.search.suggest import Suggestion
from catalogue.service import Catalogue
from catalogue.values import UNDETERMINED
from catalogue.web import addresses
from catalogue.web.present import ESCO_NOTICE, SUGGESTED, Presenter
from catalogue.web.within import Looking, address


def search(request: Request) -> Response:
    """``GET /api/search``: the same results as the page, with counts, reasons and highlights."""
    catalogue: Catalogue = request.app.state.catalogue
    lang = _lang(request)
    query, notices = Query.from_params(request.query_params.multi_items())
    if "view" in request.query_params:  # only pages look like something
        raise BadInput(NOT_ASKED, field="view")
    if notices:
        notice = notices[0]
        raise BadInput(notice.message, field=notice.field, value=notice.value)
    return JSONResponse(_results(Presenter(catalogue, lang), catalogue.search(query, lang)))


def suggest(request: Request) -> Response:
    """``GET /api/suggest``: what someone who has typed ``q`` so far may look for, and where each leads."""
    catalogue: Catalogue = request.app.state.catalogue
    lang = _lang(request)
    unknown = next((name for name in request.query_params if name not in ("q", "lang")), None)
    if unknown is not None:
        raise BadInput(NOT_ASKED, field=clean(unknown)[:40])
    text = clean(request.query_params.get("q", ""))[:MAX_TEXT].strip()
    found = catalogue.suggest(text, lang)
    presenter = Presenter(catalogue, lang)
    concepts = (one.id for one in found if one.kind in ("occupation", "subject"))
    return JSONResponse(
        {
            "query": text,
            "suggestions": [_suggestion(presenter, suggestion) for suggestion in found],
            "notice": presenter._(ESCO_NOTICE) if presenter.any_in_esco(concepts) else None,
        }
    )


def record(request: Request) -> Response:
    """``GET /api/records/{id}``, ``/{lang}/record/{id}.json``: a record as its file holds it, without staff's notes."""
    catalogue: Catalogue = request.app.state.catalogue
    found = catalogue.record(request.path_params["id"])
    return JSONResponse(_record(catalogue, found, _lang(request)))


def health(request: Request) -> Response:
    """``GET /healthz``: what works and what does not. 503 where visitors are not served, and where ``strict`` is asked
    also where anything else is wrong; else 200."""
    found = request.app.state.catalogue.health()
    fine = ("ok",) if "strict" in request.query_params else ("ok", "degraded")
    return JSONResponse(found, 200 if found["status"] in fine else 503)


def _lang(request: Request) -> str:
    lang = request.path_params.get("lang") or request.query_params.get("lang", DEFAULT)
    if lang not in languages():
        raise BadInput(N_("“%(value)s” is not a language of this site."), field="lang", value=lang[:40])
    return lang


def _url(catalogue: Catalogue, path: str) -> str:
    return f"{catalogue.settings.base_url}{path}"


def _record(catalogue: Catalogue, found: Resource, lang: str) -> dict[str, Any]:
    mapping = found.to_mapping(public_only=True)
    return {"id": found.id, "url": _url(catalogue, addresses.record(lang, found.id)), **_jsonable(mapping)}


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _jsonable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_jsonable(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _results(presenter: Presenter, found: Found) -> dict[str, Any]:
    query, results = found.plan.query, found.results
    hits = {hit.id: hit for hit in results.hits}
    explainer = Explainer(found.plan)
    looking = Looking(presenter.catalogue, explainer, presenter.lang)
    return {
        "total": results.total,
        "full": results.full,
        "page": query.page,
        "per_page": query.per_page,
        "query": {
            "text": query.text,
            "corrected": _corrected(found),
            "expansions": _expansions(found),
            "links": _links(found, presenter),
        },
        "hits": [
            _hit(presenter, hits[record.id], record, explainer) | {"inside": _inside(presenter, looking, record)}
            for record in found.records
        ],
        "facets": _facets(presenter, found),
    }


def _corrected(found: Found) -> str | None:
    return found.corrections[0].found.plan.query.text if found.corrections else None


def _expansions(found: Found) -> list[dict[str, Any]]:
    return [
        {
            "term": expansion.term,
            "lang": expansion.lang,
            "also": [{"text": other.text, "lang": other.lang} for other in expansion.also],
            "concept": expansion.concept,
        }
        for expansion in found.plan.expansions
    ]


def _links(found: Found, presenter: Presenter) -> list[dict[str, Any]]:
    labels = [(link, presenter.label("subjects", link.concept)) for link in found.plan.links]
    return [
        {"concept": link.concept, "label": label.text, "lang": label.lang, "weight": round(link.weight, 3)}
        for link, label in labels
    ]


def _hit(presenter: Presenter, hit: Hit, record: Resource, explainer: Explainer) -> dict[str, Any]:
    catalogue, lang = presenter.catalogue, presenter.lang
    title, summary = record.title.best(lang), record.summary.best(lang)
    reasons = explainer.reasons(catalogue.document(record))
    return {
        "id": record.id,
        "url": _url(catalogue, addresses.record(lang, record.id)),
        "title": title.text,
        "title_lang": title.lang,
        "summary": summary.text,
        "kind": record.kind,
        "themes": list(record.themes),
        "languages": list(record.document_languages),
        "score": round(hit.score, 6),
        "full": hit.full,
        "why": [{"code": r.code, "text": presenter.reason(r), "field": r.field, "term": r.term} for r in reasons],
        "highlights": {
            "title": [_parts(explainer.mark(text, code), code) for code, text in record.title.items()],
            "summary": [_parts(explainer.snippet(summary.text, summary.lang), summary.lang)],
        },
    }


def _inside(presenter: Presenter, looking: Looking, record: Resource) -> dict[str, Any] | None:
    """Return where in which file of a record the words stand that its own texts lack: a page, a second, or neither."""
    place = looking.place(record)
    if place is None:
        return None
    at = {place.unit: place.at} if place.unit else {}
    url = _url(presenter.catalogue, address(place, record, presenter.lang))
    return {"file": place.file.path, **at, "url": url, **_parts(place.text, place.lang)}


def _parts(marked: Marked, lang: str) -> dict[str, Any]:
    return {"lang": lang, "parts": [[text, found] for text, found in marked]}


def _suggestion(presenter: Presenter, suggestion: Suggestion) -> dict[str, Any]:
    lang = suggestion.lang
    foreign = lang not in (presenter.lang, UNDETERMINED)
    return {
        "text": suggestion.text,
        "parts": [[piece, typed] for piece, typed in suggestion.parts],
        "kind": suggestion.kind,
        "label": presenter._(SUGGESTED[suggestion.kind]),
        "lang": lang,
        "language": presenter.label("languages", lang).text if foreign else None,
        "url": _url(presenter.catalogue, _goal(presenter.lang, suggestion)),
    }


def _goal(lang: str, suggestion: Suggestion) -> str:
    if suggestion.goal == "record":
        return addresses.record(lang, suggestion.id)
    if suggestion.goal == "occupation":
        return addresses.occupation(lang, suggestion.id)
    if suggestion.goal == "publisher":
        return addresses.search(lang, Query().with_("publisher", suggestion.id))
    return addresses.search(lang, Query(text=suggestion.text))


def _facets(presenter: Presenter, found: Found) -> dict[str, list[dict[str, Any]]]:
    query = found.plan.query
    facets = {}
    for param, counts in found.results.facets.items():
        views = presenter.facets(query, {param: counts})
        view = next((view for view in views if view.param == param), None)
        choices = (*view.first, *view.more) if view else ()
        facets[param] = [
            {"value": c.value, "label": c.label.text, "count": c.count, "selected": c.selected} for c in choices
        ]
    return {param: facets.get(param, []) for param in FACETS}
