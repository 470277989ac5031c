"""``/{lang}/questions``: all the questions visitors come with, theme by theme."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from catalogue.service import Catalogue
from catalogue.web.browsing import QuestionGroup, QuestionsPage
from catalogue.web.frame import language_of, make_frame
from catalogue.web.present import Presenter
from catalogue.web.render import html


def questions(request: Request) -> Response:
    """Every question with its answer; each stands once, under its first theme."""
    catalogue: Catalogue = request.app.state.catalogue
    lang, frame = language_of(request), make_frame(request)
    presenter = Presenter(catalogue, lang)
    asked = [page for page in catalogue.contents.frame.pages.values() if page.kind == "question"]
    groups = [
        QuestionGroup(theme, tuple(presenter.question(page) for page in asked if page.themes[:1] == (theme.id,)))
        for theme in frame.themes
    ]
    groups.append(QuestionGroup(None, tuple(presenter.question(page) for page in asked if not page.themes)))
    return html("questions.html", QuestionsPage(frame, tuple(group for group in groups if group.questions)), lang)
