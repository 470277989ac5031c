"""The JSON interface: search and suggestions, as ``endpoints`` declares them. Open for reading from any site."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from catalogue.fields import CENTRE, FACETS
from catalogue.finding import Found
from catalogue.query import MAX_PAGE, Query
from catalogue.resource import Resource
from catalogue.search import engine
from catalogue.search.explain import Explainer, Marked
from catalogue.search.suggest import Suggestion
from catalogue.service import Catalogue
from catalogue.values import UNDETERMINED
from catalogue.web import addresses
from catalogue.web.machine import conditional
from catalogue.web.machine.answered import (
    Expansion,
    FacetValue,
    Highlight,
    Hit,
    Inside,
    Link,
    SearchAnswer,
    SuggestAnswer,
    SuggestedText,
)
from catalogue.web.machine.endpoints import SEARCH, SUGGEST
from catalogue.web.machine.records import following, url
from catalogue.web.present import ESCO_NOTICE, SUGGESTED, Presenter
from catalogue.web.within import Looking, address


def search(request: Request) -> Response:
    """``GET /api/search``: the same results as the page, with counts, reasons and highlights."""
    catalogue: Catalogue = request.app.state.catalogue
    lang = SEARCH.read(request)["lang"]
    query, _ = catalogue.asked(request.query_params.multi_items())
    found = catalogue.search(query, lang)
    value = _results(Presenter(catalogue, lang), found)
    return conditional.answer(request, value, conditional.KEEP_NOTHING, **_following(catalogue, found))


def _following(catalogue: Catalogue, found: Found) -> dict[str, str]:
    """Return the header with the address of the next page, nothing where this is the last."""
    query = found.plan.query
    if query.page * query.per_page >= found.results.total or query.page >= MAX_PAGE:
        return {}
    params = [*query.but(page=query.page + 1).to_params(), ("lang", found.plan.lang)]
    return following(url(catalogue, f"{SEARCH.path}?{urlencode(params)}"))


def suggest(request: Request) -> Response:
    """``GET /api/suggest``: what someone who has typed ``q`` so far may look for, and where each leads."""
    catalogue: Catalogue = request.app.state.catalogue
    asked = SUGGEST.read(request)
    found = catalogue.suggest(asked["q"], asked["lang"])
    presenter = Presenter(catalogue, asked["lang"])
    concepts = (one.id for one in found if one.kind in ("occupation", "subject"))
    value: SuggestAnswer = {
        "query": asked["q"],
        "suggestions": [_suggestion(presenter, suggestion) for suggestion in found],
        "notice": presenter._(ESCO_NOTICE) if presenter.any_in_esco(concepts) else None,
    }
    return JSONResponse(value)


def health(request: Request) -> Response:
    """``GET /healthz``: what works and what does not. 503 where visitors are not served, and where ``strict`` is asked
    also where anything else is wrong; else 200."""
    found = request.app.state.catalogue.health()
    fine = ("ok",) if "strict" in request.query_params else ("ok", "degraded")
    return JSONResponse(found, 200 if found["status"] in fine else 503)


def _results(presenter: Presenter, found: Found) -> SearchAnswer:
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
        "hits": [_hit(presenter, hits[record.id], record, explainer, looking) for record in found.records],
        "facets": _facets(presenter, found),
    }


def _corrected(found: Found) -> str | None:
    return found.corrections[0].found.plan.query.text if found.corrections else None


def _expansions(found: Found) -> list[Expansion]:
    return [
        {
            "term": expansion.term,
            "lang": expansion.lang,
            "also": [{"text": other.text, "lang": other.lang} for other in expansion.also],
            "concept": expansion.concept,
        }
        for expansion in found.plan.expansions
    ]


def _links(found: Found, presenter: Presenter) -> list[Link]:
    labels = [(link, presenter.label("subjects", link.concept)) for link in found.plan.links]
    return [
        {"concept": link.concept, "label": label.text, "lang": label.lang, "weight": round(link.weight, 3)}
        for link, label in labels
    ]


def _hit(presenter: Presenter, hit: engine.Hit, record: Resource, explainer: Explainer, looking: Looking) -> Hit:
    catalogue, lang = presenter.catalogue, presenter.lang
    title, summary = record.title.best(lang), record.summary.best(lang)
    reasons = explainer.reasons(catalogue.document(record))
    return {
        "id": record.id,
        "url": url(catalogue, addresses.record(lang, record.id)),
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
        "inside": _inside(presenter, looking, record),
    }


def _inside(presenter: Presenter, looking: Looking, record: Resource) -> Inside | None:
    """Return where in which file of a record the words stand that its own texts lack: a page, a second, or neither."""
    place = looking.place(record)
    if place is None:
        return None
    there = url(presenter.catalogue, address(place, record, presenter.lang))
    parts = _parts(place.text, place.lang)
    found: Inside = {"file": place.file.path, "url": there, "lang": parts["lang"], "parts": parts["parts"]}
    if place.unit == "page":
        found["page"] = place.at
    elif place.unit:
        found["second"] = place.at
    return found


def _parts(marked: Marked, lang: str) -> Highlight:
    return {"lang": lang, "parts": list(marked)}


def _suggestion(presenter: Presenter, suggestion: Suggestion) -> SuggestedText:
    lang = suggestion.lang
    foreign = lang not in (presenter.lang, UNDETERMINED)
    return {
        "text": suggestion.text,
        "parts": list(suggestion.parts),
        "kind": suggestion.kind,
        "label": presenter._(SUGGESTED[suggestion.kind]),
        "lang": lang,
        "language": presenter.label("languages", lang).text if foreign else None,
        "url": url(presenter.catalogue, _goal(presenter.lang, suggestion)),
    }


def _goal(lang: str, suggestion: Suggestion) -> str:
    if suggestion.goal == "record":
        return addresses.record(lang, suggestion.id)
    if suggestion.goal == "occupation":
        return addresses.occupation(lang, suggestion.id)
    if suggestion.goal == "publisher":
        return addresses.search(lang, Query().with_("publisher", suggestion.id))
    return addresses.search(lang, Query(text=suggestion.text))


def _facets(presenter: Presenter, found: Found) -> dict[str, list[FacetValue]]:
    query = found.plan.query
    facets: dict[str, list[FacetValue]] = {}
    for param, counts in found.results.facets.items():
        views = presenter.facets(query, {param: counts})
        view = next((view for view in views if view.param == param), None)
        choices = (*view.first, *view.more) if view else ()
        facets[param] = [
            {"value": c.value, "label": c.label.text, "count": c.count, "selected": c.selected} for c in choices
        ]
    several = presenter.vocabularies.centres
    return {param: facets.get(param, []) for param in FACETS if several or param != CENTRE}
