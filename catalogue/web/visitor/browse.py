"""Ways in without a search: a theme, an occupation, what is new."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import NotFound
from catalogue.fields import FACETS
from catalogue.query import Query
from catalogue.service import Catalogue
from catalogue.values import TEXT_LANGUAGES, Said
from catalogue.web import addresses
from catalogue.web.editorial import announced
from catalogue.web.frame import language_of, make_frame
from catalogue.web.markdown import to_html
from catalogue.web.pages import Choice, Link, NewPage, OccupationPage, ThemePage
from catalogue.web.present import Presenter
from catalogue.web.render import html

ON_THEME_PAGE = 12
NEW_SHOWN = 40
NAMES_SHOWN = 10


def theme(request: Request) -> Response:
    """A theme: its introduction, its kinds of documents, its questions, what is new in it."""
    catalogue: Catalogue = request.app.state.catalogue
    lang, frame = language_of(request), make_frame(request)
    shown = next((t for t in frame.themes if t.id == request.path_params["id"]), None)
    if shown is None:
        raise NotFound
    presenter = Presenter(catalogue, lang)
    query = Query().with_("theme", shown.id)
    results = catalogue.search(query, lang).results
    pages = catalogue.contents.frame.pages.values()
    intro = next((page for page in pages if page.kind == "theme" and shown.id in page.themes), None)
    body = intro.body.best(lang) if intro else Said("", lang)
    catalogue.state.count("theme", theme=shown.id, lang=lang)
    page = ThemePage(
        frame=frame,
        theme=shown,
        intro=to_html(body.text),
        intro_lang=body.lang,
        kinds=_kinds(presenter, query, results.facets.get("kind", {})),
        questions=presenter.questions(shown.id),
        cards=presenter.cards(catalogue.newest(ON_THEME_PAGE, lambda record: shown.id in record.themes)),
        total=results.total,
        all=addresses.search(lang, query),
        lists=announced(presenter, shown.id),
    )
    return html("theme.html", page, lang)


def _kinds(presenter: Presenter, query: Query, counts: Mapping[str, int]) -> tuple[Choice, ...]:
    order = presenter.vocabularies.order("kinds")
    kinds = sorted(counts, key=lambda kind: order.get(kind, len(order)))
    return tuple(presenter.choice(FACETS["kind"], query, kind, counts[kind]) for kind in kinds)


def occupation(request: Request) -> Response:
    """An occupation: what it is called, the centre's sheet, everything else about it."""
    catalogue: Catalogue = request.app.state.catalogue
    lang = language_of(request)
    concept, records = catalogue.occupation(request.path_params["id"])
    presenter = Presenter(catalogue, lang)
    name = concept.preferred.best(lang)
    labels = [Said(text, code) for code in TEXT_LANGUAGES for text in concept.labels.get(code, ())]
    also = tuple(said for said in labels if said.lang == name.lang and said != name)
    sheets = [r for r in records if r.kind == "factsheet"]
    related = [c for id in concept.related if (c := presenter.vocabularies.concept(id)) and c.kind == "occupation"]
    catalogue.state.count("occupation", lang=lang)
    page = OccupationPage(
        frame=make_frame(request),
        name=name,
        also=also[:NAMES_SHOWN],
        also_more=also[NAMES_SHOWN:],
        translations=tuple(concept.preferred.best(c) for c in TEXT_LANGUAGES if c != name.lang and c in concept.labels),
        sheets=presenter.cards(sheets),
        others=presenter.cards(r for r in records if r not in sheets),
        related=tuple(Link(addresses.occupation(lang, c.id), c.preferred.best(lang)) for c in related),
        search=addresses.search(lang, Query(text=name.text)),
        from_esco=any(shown.in_esco for shown in (concept, *related)),
    )
    return html("occupation.html", page, lang)


def new(request: Request) -> Response:
    """What was added last, by month."""
    catalogue: Catalogue = request.app.state.catalogue
    lang = language_of(request)
    presenter = Presenter(catalogue, lang)
    newest = [record for record in catalogue.newest(NEW_SHOWN) if record.added]
    months = groupby(newest, key=lambda record: presenter.language.month(record.added))  # type: ignore[arg-type]
    page = NewPage(make_frame(request), tuple((month, presenter.cards(records)) for month, records in months))
    return html("new.html", page, lang)
