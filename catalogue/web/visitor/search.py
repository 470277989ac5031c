"""``/{lang}/search``: the results."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import N_
from catalogue.fields import FACETS, SORTS
from catalogue.query import Notice, Query
from catalogue.service import Catalogue, Found
from catalogue.values import Said
from catalogue.web import addresses
from catalogue.web.frame import language_of, make_frame
from catalogue.web.pages import Choice, ExpansionView, Link, SearchPage
from catalogue.web.present import Presenter
from catalogue.web.render import html


def search(request: Request) -> Response:
    """Answer the query in the address."""
    catalogue: Catalogue = request.app.state.catalogue
    lang = language_of(request)
    query, notices = Query.from_params(request.query_params.multi_items())
    found = catalogue.search(query, lang)
    catalogue.count_search(found, lang)
    return html("search.html", _page(request, catalogue, found, notices), lang)


def _page(request: Request, catalogue: Catalogue, found: Found, notices: tuple[Notice, ...]) -> SearchPage:
    lang, query, results = language_of(request), found.plan.query, found.results
    presenter = Presenter(catalogue, lang)
    return SearchPage(
        frame=make_frame(request, query),
        total=results.total,
        full=results.full,
        cards=presenter.cards(found.records, found.plan),
        line=_line(found),
        facets=presenter.facets(query, results.facets),
        chosen=_chosen(presenter, query, found),
        clear=addresses.search(lang, Query(text=query.text)),
        expansions=_expansions(found),
        unexpanded=addresses.search(lang, query.but(expand=False)),
        sorts=_sorts(presenter, query),
        pager=presenter.pager(query, results.total),
        notices=tuple(presenter._(n.message) % {"field": n.field, "value": n.value} for n in notices),
        near=_near(presenter, catalogue, found) if not results.total else (),
    )


def _line(found: Found) -> int | None:
    """Return how many cards of this page stand before the end of the full matches; None where no line is drawn."""
    full = sum(hit.full for hit in found.results.hits)
    return full if full < len(found.results.hits) else None


def _chosen(presenter: Presenter, query: Query, found: Found) -> tuple[Choice, ...]:
    counts = found.results.facets
    return tuple(
        presenter.choice(FACETS[param], query, value, counts.get(param, {}).get(value, 0))
        for param, values in query.filters
        for value in values
    )


def _expansions(found: Found) -> tuple[ExpansionView, ...]:
    return tuple(
        ExpansionView(expansion.term, tuple(Said(other.text, other.lang) for other in expansion.also))
        for expansion in found.plan.expansions
    )


def _sorts(presenter: Presenter, query: Query) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            sort.id,
            Said(presenter._(sort.label), presenter.lang),
            0,
            sort.id == query.sort,
            addresses.search(presenter.lang, query.but(sort=sort.id)),
        )
        for sort in SORTS.values()
    )


def _near(presenter: Presenter, catalogue: Catalogue, found: Found) -> tuple[Link, ...]:
    """Return the same query with less that does have results: without filters, without each filter, looser words."""
    query, lang = found.plan.query, presenter.lang
    looser = [query.without(param) for param, _ in query.filters]
    if len(query.filters) > 1:
        looser.append(query.but(filters=()))
    if query.exact:
        looser.append(query.but(exact=False))
    if '"' in query.text or "-" in query.text:
        looser.append(query.but(text=query.text.replace('"', " ").replace("-", " ").strip()))
    links = []
    for other in dict.fromkeys(looser):
        total = catalogue.search(other, lang).results.total
        if total:
            links.append(Link(addresses.search(lang, other), Said(_words(presenter, other, total), lang)))
    return tuple(links)


def _words(presenter: Presenter, query: Query, total: int) -> str:
    named = [presenter.value_label(FACETS[p], value).text for p, values in query.filters for value in values]
    words = [presenter._(N_("“%(text)s”")) % {"text": query.text}] if query.text else []
    asked = " · ".join([*words, *named]) or presenter._(N_("the whole catalogue"))
    number = presenter.language.number(total)
    return presenter.language.ngettext("%(asked)s: %(number)s document", "%(asked)s: %(number)s documents", total) % {
        "asked": asked,
        "number": number,
    }
