"""``/{lang}/search``: the results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import N_
from catalogue.fields import FACETS, SORTS
from catalogue.finding import Found
from catalogue.query import VIEWS, Notice, Query
from catalogue.search.engine import Plan
from catalogue.service import Catalogue
from catalogue.values import Said
from catalogue.web import addresses
from catalogue.web.covers import with_covers
from catalogue.web.frame import language_of, make_frame
from catalogue.web.pages import Choice, ExpansionView, SearchPage
from catalogue.web.present import Presenter
from catalogue.web.render import html
from catalogue.web.visitor import further

MORE_VALUES = 40
"""So many values of a filter unfold at most: of subjects there may be thousands."""


VIEW_NAMES: Mapping[str, str] = {"list": N_("As a list"), "covers": N_("With pictures")}


def search(request: Request) -> Response:
    """Answer the query in the address."""
    catalogue: Catalogue = request.app.state.catalogue
    lang = language_of(request)
    query, notices = catalogue.asked(request.query_params.multi_items())
    found = catalogue.search(query, lang)
    if query.page == 1:  # further pages of its results are the same search
        catalogue.count_search(found, lang, meant(found))
    return html("search.html", _page(request, catalogue, found, notices), lang)


def meant(typed: Found) -> Found:
    """Return what to show: where no document has a word that was typed and a correction finds some, the correction.

    The page says so. Whoever asks for the words exactly as they are typed gets just that.
    """
    query, results = typed.plan.query, typed.results
    is_nothing = not results.total or (not results.full and len(typed.plan.parts) == 1)
    if not is_nothing or query.exact or not typed.corrections:
        return typed
    first = typed.corrections[0].found
    return first if first.plan.query.filters == query.filters else typed


def _page(request: Request, catalogue: Catalogue, typed: Found, notices: tuple[Notice, ...]) -> SearchPage:
    lang, found = language_of(request), meant(typed)
    query, results = found.plan.query, found.results
    presenter = Presenter(catalogue, lang)
    concepts = catalogue.related(found.plan)
    cards = presenter.cards(found.records, found.plan)
    return SearchPage(
        frame=make_frame(request, query),
        typed="" if found is typed else typed.plan.query.text,
        insist=addresses.search(lang, typed.plan.query.but(exact=True)),
        corrections=further.corrections(presenter, (c for c in typed.corrections if c.found is not found)),
        total=results.total,
        full=results.full,
        cards=with_covers(presenter, cards) if query.view == "covers" else cards,
        line=_line(found),
        facets=presenter.facets(query, results.facets, most=MORE_VALUES),
        chosen=_chosen(presenter, query, found),
        clear=addresses.search(lang, Query(text=query.text, view=query.view)),
        expansions=_expansions(found),
        close=tuple(presenter.label("subjects", link.concept) for link in found.plan.links),
        unexpanded=addresses.search(lang, query.but(expand=False)),
        sorts=_sorts(presenter, query),
        views=_views(presenter, query),
        pager=presenter.pager(query, results.total),
        notices=tuple(presenter._(n.message) % {"field": n.field, "value": n.value} for n in notices),
        words=() if results.full else further.words(presenter, found),
        less=() if results.total else further.less(presenter, found.plan),
        guides=further.guides(presenter, found.plan) if query.page == 1 else (),
        related=further.related(presenter, concepts),
        from_esco=presenter.any_in_esco((*_searched(found.plan), *(c.id for c in concepts))),
    )


def _line(found: Found) -> int | None:
    """Return how many cards of this page stand before the end of the leading matches; None where no line is drawn."""
    leading = sum(hit.leading for hit in found.results.hits)
    return leading if leading < len(found.results.hits) else None


def _chosen(presenter: Presenter, query: Query, found: Found) -> tuple[Choice, ...]:
    counts = found.results.facets
    choices = (
        (FACETS[param], presenter.choice(FACETS[param], query, value, counts.get(param, {}).get(value, 0)))
        for param, values in query.filters
        for value in values
    )
    return tuple(replace(choice, label=presenter.standing(facet, choice.value)) for facet, choice in choices)


def _expansions(found: Found) -> tuple[ExpansionView, ...]:
    return tuple(
        ExpansionView(expansion.term, tuple(Said(other.text, other.lang) for other in expansion.also))
        for expansion in found.plan.expansions
    )


def _searched(plan: Plan) -> Iterator[str]:
    """Yield the concepts whose labels were searched beside the words typed."""
    yield from (expansion.concept for expansion in plan.expansions)
    yield from (link.concept for link in plan.links)


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


def _views(presenter: Presenter, query: Query) -> tuple[Choice, ...]:
    """Return the ways to show this very page of results."""

    def view(name: str) -> Choice:
        label, href = (
            presenter._(VIEW_NAMES[name]),
            addresses.search(presenter.lang, query.but(view=name, page=query.page)),
        )
        return Choice(name, Said(label, presenter.lang), 0, name == query.view, href)

    return tuple(map(view, VIEWS))
