"""``/desk/{lang}/duplicates/{a}/{b}``: two records side by side, what would come of them, and merging them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue import merging, network
from catalogue.errors import N_, BadInput, Conflict, InvalidRecord, NotFound
from catalogue.fields import WORD_NAMES
from catalogue.merging import BOTH, ONE, OTHER
from catalogue.resource import FIELDS, Resource
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.values import Said
from catalogue.web import addresses
from catalogue.web.desk import todo_waiting
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.session import require
from catalogue.web.desk.shown import lines
from catalogue.web.desk.todo_rows import REASONS
from catalogue.web.desk.todo_strip import Strip, strip
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.present import Presenter
from catalogue.web.render import html

_CHANGED = N_("Somebody else has changed one of the two in the meantime. Look at both again; nothing was merged.")


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
    return RedirectResponse(todo_waiting.address(view.presenter.lang, "duplicates", merged=str(action)), 303)


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
        key = " ".join(sorted((self.one.id, self.other.id)))
        choices = merging.choices(self.one, self.other, self.keep)
        hidden = network.unseen(self.presenter.vocabularies)
        page = MergePage(
            frame=make_frame(self.request),
            desk=make_desk(self.request, self.account),
            strip=strip(self.request, self.account, key),
            reasons=tuple(self.presenter._(REASONS[reason]) for reason in reasons),
            sides=(self._side(ONE, self.one), self._side(OTHER, self.other)),
            rows=tuple(self._row(choice) for choice in choices if choice.name not in hidden),
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
        about = [record.id, _(WORD_NAMES[record.status])]
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
        shown = network.seen(mapping, self.presenter.vocabularies)
        return tuple(Line(_(FIELDS[n].label), lines(self.presenter, n, shown[n])) for n in FIELDS if n in shown)

    def _lists(self) -> tuple[Said, ...]:
        made = self.catalogue.contents.frame.lists.values()
        return tuple(one.title.best(self.presenter.lang) for one in made if self._lost.id in one.ids)
