"""The page of a list that is being made: what was found, what is chosen, what is still to be said."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import N_, Gone
from catalogue.fields import FACETS
from catalogue.finding import Found
from catalogue.query import Query
from catalogue.web import addresses, codes, phrases
from catalogue.web.advisor import making
from catalogue.web.advisor.draft import Draft, DraftItem
from catalogue.web.advisor.pages import EditorPage, Result, Row
from catalogue.web.desk.frame import make_desk
from catalogue.web.desk.session import account_of
from catalogue.web.frame import Switch, make_frame
from catalogue.web.listing import record_of
from catalogue.web.pages import Card
from catalogue.web.present import Presenter
from catalogue.web.render import html
from catalogue.web.visitor.search import meant

_ASKED = ("q", "page", *FACETS)


class View:
    """One state of the page. ``code``: of the list that is changed, empty for a new one."""

    def __init__(self, request: Request, form: FormData, draft: Draft, code: str = "") -> None:
        self.request, self.form, self.draft, self.code = request, form, draft, code
        self.lang: str = request.path_params["lang"]
        self.presenter = Presenter(request.app.state.catalogue, self.lang)

    @cached_property
    def query(self) -> Query:
        """What is searched."""
        asked = [(k, v) for k, v in self.form.multi_items() if k in _ASKED and isinstance(v, str)]
        return self.presenter.catalogue.asked(asked)[0]

    def answer(self, page: int | None = None, problems: Sequence[str] = (), status: int = 200) -> Response:
        """Return the page, at another page of the results where ``page`` says so; ``problems`` are msgids."""
        if page is not None:
            self.query = self.query.but(page=page)
        return html("advise.html", self._page(problems=tuple(map(self.presenter._, problems))), self.lang, status)

    def with_code(self, typed: str, problem: str, status: int) -> Response:
        """Return the page with a code that opens nothing still in its field, and why."""
        return html("advise.html", self._page(typed_code=typed, code_problem=problem), self.lang, status)

    def _page(self, problems: tuple[str, ...] = (), typed_code: str = "", code_problem: str = "") -> EditorPage:
        typed = bool(self.query.text or self.query.filters)
        searched = self.presenter.catalogue.search(self.query, self.lang) if typed else None
        found = meant(searched) if searched else None
        query = found.plan.query if found else self.query
        total = found.results.total if found else 0
        last = -(-total // query.per_page)
        return EditorPage(
            frame=make_frame(self.request),
            desk=make_desk(self.request, account_of(self.request)),
            action=addresses.desk(self.lang, f"advise/list/{self.code}/change" if self.code else "advise/"),
            code=codes.shown(self.code),
            query=self.query.but(page=query.page),
            searched=query.text if found is not searched else "",
            asked=typed,
            total=total,
            results=self._results(found) if found else (),
            facets=self.presenter.facets(self.query, found.results.facets) if found else (),
            previous=query.page - 1,
            next=query.page + 1 if query.page < last else 0,
            rows=tuple(self._row(item, bool(problems)) for item in self.draft.items),
            said=self._said(),
            phrases=phrases.offered(self.presenter.vocabularies, self.lang),
            languages=self._languages(),
            making=making.asked(self),
            problems=problems,
            typed_code=typed_code,
            code_problem=code_problem,
        )

    def _results(self, found: Found) -> tuple[Result, ...]:
        cards: tuple[Card, ...] = self.presenter.cards(found.records, found.plan)
        return tuple(Result(card, card.id in self.draft.ids) for card in cards)

    def _row(self, item: DraftItem, is_checked: bool) -> Row:
        record = record_of(self.presenter.catalogue, item.id)
        title = record.title.best(self.lang) if record else None
        missing = is_checked and item.lacks_day(self.presenter.vocabularies)
        problem = "" if record else self.presenter._(Gone.message)
        return Row(
            id=item.id,
            title=title or self.presenter.label("", item.id),
            phrase=item.phrase,
            day=item.day,
            own=item.own,
            problem=problem or (self.presenter._(N_("Choose the day.")) if missing else ""),
        )

    def _said(self) -> str:
        count = len(self.draft.items)
        message = self.presenter.language.ngettext(
            "%(count)s document on the list", "%(count)s documents on the list", count
        )
        return message % {"count": count}

    def _languages(self) -> tuple[Switch, ...]:
        chosen = making.asked(self).sheet
        return tuple(Switch(s.lang, s.name, s.href, s.lang == chosen) for s in make_frame(self.request).switches)
