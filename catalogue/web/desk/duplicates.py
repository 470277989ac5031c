"""``/desk/{lang}/duplicates/``: is it here already (asked while somebody types); two records side by side; merging."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from catalogue import merging
from catalogue.duplicates import Match
from catalogue.errors import N_, BadInput, Conflict, InvalidRecord, NotFound
from catalogue.merging import BOTH, ONE, OTHER
from catalogue.resource import FIELDS, Resource
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.values import Said
from catalogue.web import addresses
from catalogue.web.desk import todo
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.session import require
from catalogue.web.desk.shown import lines
from catalogue.web.desk.todo import Strip
from catalogue.web.desk.todo_rows import REASONS, STATUSES
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.present import Presenter
from catalogue.web.render import html

MOST_FOUND = 5
_LONGEST = 2_000  # characters of one value that is asked about
_CHANGED = N_("Somebody else has changed one of the two in the meantime. Look at both again; nothing was merged.")


@dataclass(frozen=True)
class Found:
    """A record that may be what somebody is about to add."""

    id: str
    title: Said
    status: str
    reasons: tuple[str, ...]
    href: str
    compare: str  # empty while the record that is typed has no id


@dataclass(frozen=True)
class FoundPage:
    """The answer while somebody types, as a fragment of a page."""

    frame: Frame
    found: tuple[Found, ...]
    more: int


@dataclass(frozen=True)
class Side:
    """One of the two records. ``keep``: it is the one whose address stays."""

    name: str
    id: str
    title: Said
    about: tuple[str, ...]
    href: str
    digest: str
    keep: bool


@dataclass(frozen=True)
class Option:
    """What can be chosen for a field: its value, and its lines."""

    value: str
    label: str
    lines: tuple[Said, ...]
    chosen: bool


@dataclass(frozen=True)
class Row:
    """A field in which the two differ."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Line:
    """A field of the record that comes of it, or that both share."""

    label: str
    lines: tuple[Said, ...]


@dataclass(frozen=True)
class MergePage:
    """Two records side by side. ``result``: what would come of it, where that was asked."""

    frame: Frame
    desk: Desk
    strip: Strip | None
    reasons: tuple[str, ...]
    sides: tuple[Side, Side]
    rows: tuple[Row, ...]
    same: tuple[Line, ...]
    result: tuple[Line, ...]
    lists: tuple[Said, ...]  # our lists that name the one that goes
    problems: tuple[str, ...]
    here: str


# --- while typing ------------------------------------------------------------------------------------------------


def check(request: Request) -> Response:
    """Say which records may be the one that is typed: ``title.fr``, ``title.nl``, ``url`` (several), ``isbn``.

    ``exclude``: the id of the record that is edited. A fragment of HTML (empty where nothing is found), or JSON
    where that is accepted.
    """
    require(request, "documentalist")
    asked = request.query_params
    exclude = asked.get("exclude", "")
    typed = {
        "title": {lang: asked.get(f"title.{lang}", "")[:_LONGEST] for lang in ("fr", "nl", "en")},
        "identifiers": {"isbn": asked.get("isbn", "")[:40]},
        "holdings": [{"url": url[:_LONGEST]} for url in asked.getlist("url")[:20]],
    }
    page = alike(make_frame(request), request.app.state.catalogue, typed, exclude)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"found": [_plain(one) for one in page.found], "total": len(page.found) + page.more})
    return html("_duplicates.html", page, page.frame.lang)


def alike(frame: Frame, catalogue: Catalogue, typed: Mapping[str, Any], exclude: str) -> FoundPage:
    """Return the records that may be the one that is typed (the mapping of a file); ``exclude``: the one edited."""
    presenter = Presenter(catalogue, frame.lang)
    matches = catalogue.duplicates.of(typed, exclude)
    known = exclude if exclude in catalogue.contents.records else ""
    found = tuple(_found(presenter, match, known) for match in matches[:MOST_FOUND])
    return FoundPage(frame, found, len(matches) - len(found))


def every(request: Request) -> Response:
    """Lead to the list of pairs."""
    require(request, "documentalist")
    return RedirectResponse(todo.address(language_of(request), "duplicates"), 303)


def _found(presenter: Presenter, match: Match, exclude: str) -> Found:
    id, lang = match.record.id, presenter.lang
    return Found(
        id,
        match.record.title.best(lang),
        presenter._(STATUSES[match.record.status]),
        tuple(presenter._(REASONS[reason]) for reason in match.reasons),
        addresses.desk(lang, f"records/{id}"),
        addresses.desk(lang, f"duplicates/{exclude}/{id}") if exclude else "",
    )


def _plain(found: Found) -> Mapping[str, object]:
    plain: dict[str, object] = {name: getattr(found, name) for name in ("id", "status", "reasons", "href", "compare")}
    return plain | {"title": found.title.text, "title_lang": found.title.lang}


# --- side by side ------------------------------------------------------------------------------------------------


async def pair(request: Request) -> Response:
    """Show two records side by side (GET), what would come of them (``do=preview``), or merge them (``do=merge``)."""
    account = await run_in_threadpool(require, request, "documentalist")
    values: dict[str, str] = {}
    if request.method == "POST":
        async with request.form(max_files=0, max_fields=200) as form:
            values = {name: str(value) for name, value in form.multi_items()}
    return await run_in_threadpool(_answer, request, account, values)


def _answer(request: Request, account: Account, values: Mapping[str, str]) -> Response:
    view = _View(request, account, values)
    do = values.get("do", "")
    if do not in ("preview", "merge"):
        return view.answer()
    try:
        result = view.result()
        if do == "preview":
            return view.answer(result)
        action = view.merge(result)
    except Conflict:
        return view.fresh().answer(problems=(view.presenter._(_CHANGED),), status=409)
    except InvalidRecord as error:
        said = tuple(problem.text(view.presenter._) for problem in error.problems)
        return view.answer(problems=said, status=422)
    except BadInput as error:
        return view.answer(problems=(error.text(view.presenter._),), status=422)
    return RedirectResponse(todo.address(view.presenter.lang, "duplicates", merged=str(action)), 303)


class _View:
    """Two records, and what somebody has chosen of them."""

    def __init__(self, request: Request, account: Account, values: Mapping[str, str]) -> None:
        self.request, self.account, self.values = request, account, values
        self.catalogue: Catalogue = request.app.state.catalogue
        self.presenter = Presenter(self.catalogue, language_of(request))
        self.one, self.other = (self._record(request.path_params[name]) for name in ("a", "b"))
        if self.one.id == self.other.id:
            raise NotFound
        self.keep = values.get("keep") or merging.survivor(self.one, self.other)

    def fresh(self) -> _View:
        """Return the same as it is now; what was chosen stays."""
        kept = {name: value for name, value in self.values.items() if not name.startswith("seen.")}
        return _View(self.request, self.account, kept)

    def result(self) -> Resource:
        """Return the record that would come of it. Raises BadInput, InvalidRecord."""
        chosen = {name: self.values[f"choose.{name}"] for name in FIELDS if f"choose.{name}" in self.values}
        terms = self.catalogue.contents.frame.vocabularies
        return merging.merged(self.one, self.other, self.keep, chosen, terms)

    def merge(self, result: Resource) -> int:
        """Write it. Raises Conflict where one of the files is not as it was shown."""
        seen = {id: self.values.get(f"seen.{id}", "") for id in (self.one.id, self.other.id)}
        label = f"{self._lost.id} → {self.keep}"
        return self.catalogue.merge(result, self._lost.id, account=self.account.name, label=label, seen=seen)

    def answer(self, result: Resource | None = None, problems: tuple[str, ...] = (), status: int = 200) -> Response:
        """Print the page."""
        found = self.catalogue.duplicates.of(self.one)
        reasons = next((match.reasons for match in found if match.record.id == self.other.id), ())
        strip = todo.strip(self.request, self.account, " ".join(sorted((self.one.id, self.other.id))))
        page = MergePage(
            frame=make_frame(self.request),
            desk=make_desk(self.request, self.account),
            strip=strip,
            reasons=tuple(self.presenter._(REASONS[reason]) for reason in reasons),
            sides=(self._side(ONE, self.one), self._side(OTHER, self.other)),
            rows=tuple(map(self._row, merging.choices(self.one, self.other, self.keep))),
            same=self._same(),
            result=self._lines(result.to_mapping()) if result else (),
            lists=self._lists() if result else (),
            problems=problems,
            here=f"{self.request.url.path}{'?' if self.request.url.query else ''}{self.request.url.query}",
        )
        return html("desk_merge.html", page, self.presenter.lang, status)

    @property
    def _lost(self) -> Resource:
        return self.other if self.keep == self.one.id else self.one

    def _record(self, id: str) -> Resource:
        record = self.catalogue.contents.records.get(id)
        if record is None:
            raise NotFound
        return record

    def _side(self, name: str, record: Resource) -> Side:
        _, day = self.presenter._, self.presenter.language.day
        about = [record.id, _(STATUSES[record.status])]
        about += [_(N_("added on %(day)s")) % {"day": day(record.added)}] if record.added else []
        # As it was when the choice was made; a page that is shown anew asks what was seen first.
        digest = self.values.get(f"seen.{record.id}") or self.catalogue.version(record.id).digest
        href = addresses.desk(self.presenter.lang, f"records/{record.id}")
        title = record.title.best(self.presenter.lang)
        return Side(name, record.id, title, tuple(about), href, digest, record.id == self.keep)

    def _row(self, choice: merging.Choice) -> Row:
        chosen = self.values.get(f"choose.{choice.name}") or choice.default
        labels = {ONE: N_("The first"), OTHER: N_("The second"), BOTH: N_("Both together")}
        preferred = ONE if self.keep == self.one.id else OTHER
        options = []
        for name in choice.options:
            said = lines(self.presenter, choice.name, choice.value(name, preferred))
            options.append(Option(name, self.presenter._(labels[name]), said, name == chosen))
        return Row(choice.name, self.presenter._(FIELDS[choice.name].label), tuple(options))

    def _same(self) -> tuple[Line, ...]:
        other = self.other.to_mapping()
        return self._lines({n: value for n, value in self.one.to_mapping().items() if other.get(n) == value})

    def _lines(self, mapping: Mapping[str, object]) -> tuple[Line, ...]:
        _ = self.presenter._
        return tuple(Line(_(FIELDS[n].label), lines(self.presenter, n, mapping[n])) for n in FIELDS if n in mapping)

    def _lists(self) -> tuple[Said, ...]:
        made = self.catalogue.contents.frame.lists.values()
        return tuple(one.title.best(self.presenter.lang) for one in made if self._lost.id in one.ids)
