"""``/`` and ``/{lang}/``: the entrance and the home page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from catalogue.query import Query
from catalogue.service import Catalogue
from catalogue.values import CENTRE_LANGUAGES
from catalogue.web import addresses
from catalogue.web.editorial import announced
from catalogue.web.frame import language_of, make_frame
from catalogue.web.pages import EntrancePage, HomePage, ThemeTile
from catalogue.web.present import Presenter
from catalogue.web.render import html
from catalogue.web.visitor.other_languages import other_languages

NEW_ON_HOME = 4


def entrance(request: Request) -> Response:
    """The neutral entrance: French and Dutch, the same size; then the other languages in which there are documents."""
    frame = make_frame(request, bar=CENTRE_LANGUAGES)
    catalogue: Catalogue = request.app.state.catalogue
    name = catalogue.contents.frame.centre.name
    names = tuple(name.best(lang) for lang in CENTRE_LANGUAGES)
    return html("entrance.html", EntrancePage(frame, names, other_languages(catalogue)), frame.lang)


def home(request: Request) -> Response:
    """Search box, themes, questions, what is new."""
    catalogue: Catalogue = request.app.state.catalogue
    lang = language_of(request)
    frame = make_frame(request)
    results = catalogue.browse(Query(per_page=1), lang).results
    counts = results.facets.get("theme", {})
    presenter, listed = Presenter(catalogue, lang), catalogue.occupations(lang)
    page = HomePage(
        frame=frame,
        tiles=tuple(ThemeTile(theme, counts.get(theme.id, 0)) for theme in frame.themes),
        questions=presenter.questions()[:8],
        all_questions=addresses.questions(lang),
        occupations=len(listed.entries),
        sectors=len(listed.sectors),
        occupations_href=addresses.occupations(lang),
        new=presenter.cards(catalogue.newest(NEW_ON_HOME)),
        total=results.total,
        lists=announced(presenter),
    )
    return html("home.html", page, lang)
