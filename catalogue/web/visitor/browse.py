"""Ways in without a search: a theme, what is new."""

from __future__ import annotations

from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import NotFound
from catalogue.folding import collation_key
from catalogue.query import Query
from catalogue.service import Catalogue
from catalogue.values import Said
from catalogue.web import addresses
from catalogue.web.editorial import announced
from catalogue.web.frame import language_of, make_frame
from catalogue.web.markdown import to_html
from catalogue.web.pages import Choice, NewPage, ThemePage
from catalogue.web.present import Presenter
from catalogue.web.render import html

ON_THEME_PAGE = 6
QUESTIONS_SHOWN = 8
NEW_SHOWN = 40

THEMES_OF_OCCUPATIONS = ("orient", "learn", "work")
"""Themes whose visitors look for an occupation."""


def theme(request: Request) -> Response:
    """A theme: its introduction, its kinds of documents, its questions, what is new in it."""
    catalogue: Catalogue = request.app.state.catalogue
    lang, frame = language_of(request), make_frame(request)
    shown = next((t for t in frame.themes if t.id == request.path_params["id"]), None)
    if shown is None:
        raise NotFound
    presenter = Presenter(catalogue, lang)
    query = Query().with_("theme", shown.id)
    results = catalogue.browse(query, lang).results
    pages = catalogue.contents.frame.pages.values()
    intro = next((page for page in pages if page.kind == "theme" and shown.id in page.themes), None)
    body = intro.body.best(lang) if intro else Said("", lang)
    catalogue.count("theme", theme=shown.id, lang=lang)
    page = ThemePage(
        frame=frame,
        theme=shown,
        intro=to_html(body.text),
        intro_lang=body.lang,
        kinds=presenter.choices("kind", query, results.facets.get("kind", {})),
        sectors=_by_label(presenter.choices("sector", query, results.facets.get("sector", {}))),
        occupations=len(catalogue.occupations(lang).entries) if shown.id in THEMES_OF_OCCUPATIONS else 0,
        occupations_href=addresses.occupations(lang),
        questions=presenter.questions(shown.id)[:QUESTIONS_SHOWN],
        all_questions=addresses.questions(lang, f"theme-{shown.id}"),
        cards=presenter.cards(catalogue.newest(ON_THEME_PAGE, lambda record: shown.id in record.themes)),
        total=results.total,
        all=addresses.search(lang, query),
        lists=announced(presenter, shown.id),
    )
    return html("theme.html", page, lang)


def _by_label(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    return tuple(sorted(choices, key=lambda choice: collation_key(choice.label.text)))


def new(request: Request) -> Response:
    """What was added last, by month."""
    catalogue: Catalogue = request.app.state.catalogue
    lang = language_of(request)
    presenter = Presenter(catalogue, lang)
    newest = [record for record in catalogue.newest(NEW_SHOWN) if record.added]
    months = groupby(newest, key=lambda record: presenter.language.month(record.added))  # type: ignore[arg-type]
    page = NewPage(make_frame(request), tuple((month, presenter.cards(records)) for month, records in months))
    return html("new.html", page, lang)
