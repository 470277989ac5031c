"""``/desk/{lang}/bulk``: records chosen in a list are changed together: what, how, a preview of each, one action.

Every step is a post of one form that carries the chosen ids along; nothing is kept on the server between two steps.
The preview carries the digest of each file, so that what somebody else changed since is left as it is and named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue import network
from catalogue.bulk import DEEDS, EDITABLES, NEEDS, SENTENCES, Edit, Editable, Preview, preview, values_in
from catalogue.custody import may_change, tied_to
from catalogue.differences import Comparer, Difference
from catalogue.errors import N_, BadInput, Conflict, Unavailable
from catalogue.fields import CENTRE
from catalogue.folding import collation_key
from catalogue.inventory import Wanted
from catalogue.mass import AT_ONCE, MassChanges
from catalogue.resource import FIELDS, Resource
from catalogue.runner import Busy
from catalogue.shapes import Choice, Day, Number, Truth
from catalogue.state import Account, Job
from catalogue.values import Said
from catalogue.web import addresses
from catalogue.web.desk import work
from catalogue.web.desk.actions import after
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.session import require
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.present import Presenter
from catalogue.web.render import html

SHOWN = 50
"""Records whose difference a page of the preview shows."""

LISTED = 400
"""Terms of a vocabulary up to which all are offered; of a longer one a term is typed."""

_MARK = 16  # characters of a digest that a preview carries: enough to tell that a file changed
DEED_NAMES = {
    "add": N_("Add a value"),
    "remove": N_("Remove a value"),
    "replace": N_("Replace a value by another"),
    "set": N_("Give all of them one value"),
    "fill": N_("Give a value to those without"),
    "clear": N_("Empty the field"),
}
VALUE_NAMES = (N_("Present value"), N_("New value"))
ADDRESS_NAMES = (N_("It begins with"), N_("It is to begin with"))
MEANWHILE = N_("Somebody else changed these records in the meantime. Look at them once more: nothing was written.")


@dataclass(frozen=True)
class Choosable:
    """Something that can be changed."""

    name: str
    label: str
    lang: str


@dataclass(frozen=True, kw_only=True)
class BulkPage:
    """What every step carries along: the chosen ids, how many, the search they were found by (``back``: its page)."""

    frame: Frame
    desk: Desk
    ids: str
    count: int
    found: str
    back: str


@dataclass(frozen=True, kw_only=True)
class ChoosePage(BulkPage):
    """Which field is to change in the chosen records."""

    lists: tuple[Choosable, ...]
    singles: tuple[Choosable, ...]


@dataclass(frozen=True)
class Value:
    """A value to choose, with how many of the records have it."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class Deed:
    """Something that can be done: it asks for an old value, a new one, or both."""

    name: str
    label: str
    old: bool
    new: bool
    selected: bool


@dataclass(frozen=True, kw_only=True)
class HowPage(BulkPage):
    """What is to be done with a field. ``old_values``: what the records have; ``new_values``: what they could get,
    empty where it is typed (``new_type``: of the input). ``problem`` stands beside ``wrong``: does, old or new."""

    field: Choosable
    form: str
    deeds: tuple[Deed, ...]
    old_values: tuple[Value, ...]
    new_values: tuple[Value, ...]
    old: str
    new: str
    old_label: str
    new_label: str
    new_type: str
    problem: str
    wrong: str


@dataclass(frozen=True)
class Changing:
    """A record that would change."""

    id: str
    title: Said
    edit: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, kw_only=True)
class PreviewPage(BulkPage):
    """What a change would do: how many change, a page of them, how many stay and why, which are refused and why."""

    edit: Edit
    sentence: str
    changes: int
    shown: tuple[Changing, ...]
    page: int
    pages: int
    stays: tuple[tuple[str, int], ...]
    refused: tuple[tuple[Changing, tuple[str, ...]], ...]
    seen: str
    problem: str
    later: bool  # it takes a while, in the background


def to_records(request: Request) -> Response:
    """Lead to the list where records are chosen: there is nothing here without them."""
    require(request, "documentalist")
    return RedirectResponse(addresses.desk(language_of(request), "records"), 303)


async def bulk(request: Request) -> Response:
    """Do the step that was pressed."""
    await run_in_threadpool(require, request, "documentalist")
    async with request.form(max_files=0, max_fields=500) as form:
        return await run_in_threadpool(_step, request, form)


def _step(request: Request, form: FormData) -> Response:
    step = _Step(request, form)
    does, _, value = str(form.get("do", "")).partition(":")
    if not step.records:
        back = step.about["back"]
        return RedirectResponse(f"{back}{'&' if '?' in back else '?'}none=1", 303)
    if does == "field" and value in EDITABLES:
        return step.how(EDITABLES[value])
    if does in ("preview", "page", "apply"):
        try:
            edit = step.edit()
        except BadInput as error:
            return step.how(EDITABLES.get(str(form.get("field", ""))), error)
        if does == "apply":
            return step.apply(edit)
        return step.preview(edit, int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1)
    return step.choose()


class _Step:
    """One step, for the records that the form carries."""

    def __init__(self, request: Request, form: FormData) -> None:
        self.request, self.form = request, form
        self.account: Account = require(request, "documentalist")
        self.presenter = Presenter(request.app.state.catalogue, language_of(request))
        self.catalogue, self.lang, self._ = self.presenter.catalogue, self.presenter.lang, self.presenter._
        self.records = self._chosen()
        self.ids = " ".join(record.id for record in self.records)
        found = self._found().to_query_string()
        self.about: dict[str, Any] = {
            "frame": make_frame(request),
            "desk": make_desk(request, self.account),
            "ids": self.ids,
            "count": len(self.records),
            "found": found,
            "back": addresses.desk(self.lang, "records") + found,
        }

    def choose(self) -> Response:
        """Ask which field is to change."""
        every = [(editable, self._choosable(editable)) for editable in self._editables()]
        page = ChoosePage(
            **self.about,
            lists=tuple(label for editable, label in every if editable.form == "list"),
            singles=tuple(label for editable, label in every if editable.form != "list"),
        )
        return html("desk_bulk.html", page, self.lang)

    def how(self, editable: Editable | None, error: BadInput | None = None) -> Response:
        """Ask what is to be done with the field, and with which values."""
        if editable is None:
            return self.choose()
        old, new = (str(self.form.get(name, "")) for name in ("old", "new"))
        old_name, new_name = ADDRESS_NAMES if editable.form == "addresses" else VALUE_NAMES
        kind = {Number: "number", Day: "date"}.get(type(editable.shape), "text")
        page = HowPage(
            **self.about,
            field=self._choosable(editable),
            form=editable.form,
            deeds=tuple(self._deeds(editable)),
            old_values=tuple(self._old_values(editable, old)),
            new_values=tuple(self._new_values(editable, new)),
            old=old,
            new=new,
            old_label=self._(old_name),
            new_label=self._(new_name),
            new_type=kind,
            problem=error.text(self._) if error else "",
            wrong=str(error.params.get("field", "")) if error else "",
        )
        return html("desk_bulk_how.html", page, self.lang, 422 if error else 200)

    def edit(self) -> Edit:
        """Return the change that the form asks for. Raises BadInput."""
        field, does, old, new = (str(self.form.get(name, "")) for name in ("field", "does", "old", "new"))
        return Edit.asked(field, does, old, new, self.presenter.vocabularies)

    def preview(self, edit: Edit, number: int = 1, problem: str = "") -> Response:
        """Show what the change would do."""
        seen = preview(edit, self.records, self.presenter.vocabularies, self._may_change)
        pages = max(1, -(-len(seen.changes) // SHOWN))
        number = min(max(number, 1), pages)
        comparer = Comparer(self.presenter.vocabularies, self.presenter.language)
        part = seen.changes[(number - 1) * SHOWN : number * SHOWN]
        page = PreviewPage(
            **self.about,
            edit=edit,
            sentence=self.sentence(edit),
            changes=len(seen.changes),
            shown=tuple(self._changing(before, comparer.records(before, after)) for before, after in part),
            page=number,
            pages=pages,
            stays=tuple((self._(reason), count) for reason, count in seen.stays.items()),
            refused=tuple(
                (self._changing(record, ()), tuple(problem.text(self._) for problem in problems))
                for record, problems in seen.refused
            ),
            seen=" ".join(f"{id}:{mark}" for id, mark in self._seen(seen, again=bool(problem)).items()),
            problem=problem,
            later=len(seen.changes) > AT_ONCE,
        )
        return html("desk_bulk_preview.html", page, self.lang, Conflict.status if problem else 200)

    def apply(self, edit: Edit) -> Response:
        """Make the change where the files are still as they were in the preview; name those that are not."""
        marks = self._marks()
        wanted = preview(edit, self.records, self.presenter.vocabularies, self._may_change)
        digests = {before.id: self.catalogue.digest(before) for before, _ in wanted.changes}
        seen = {id: digest for id, digest in digests.items() if digest and marks.get(id) == digest[:_MARK]}
        left = self._paths(id for id in marks if id not in seen)
        mass: MassChanges = self.request.app.state.mass
        try:
            made = mass.change(edit, seen, account=self.account.name, label=self.sentence(edit), left=left)
        except (Busy, Unavailable) as error:  # another is at work, or the disk is full: what was asked for stays
            return self.preview(edit, problem=error.text(self._))
        if isinstance(made, Job):
            return RedirectResponse(work.address(self.lang, made), 303)
        if not made.action:
            return self.preview(edit, problem=self._(MEANWHILE))
        return RedirectResponse(after(self.lang, made.action, "changed", made.left), 303)

    def sentence(self, edit: Edit) -> str:
        """Return in one sentence what the change does."""
        editable = EDITABLES[edit.field]
        label = self._(editable.label) + (f" ({editable.lang})" if editable.lang else "")
        old, new = (self._value(editable, value) for value in (edit.old, edit.new))
        return self._(SENTENCES[edit.does]) % {"field": label, "old": old, "new": new}

    # --- inside ----------------------------------------------------------------------------------------------

    def _may_change(self, record: Resource) -> bool:
        return may_change(self.account, record, self.presenter.vocabularies)

    def _found(self) -> Wanted:
        return Wanted.from_params(dict(parse_qsl(str(self.form.get("found", "")).lstrip("?"))))

    def _chosen(self) -> list[Resource]:
        """Return the records chosen: all that a search finds, or those that were ticked or carried along."""
        contents = self.catalogue.contents
        if self.form.get("do") == "found":
            return self.catalogue.inventory.find(contents, self._found(), self.catalogue.now().date())
        ticked = [str(id) for id in self.form.getlist("id")]
        ids = dict.fromkeys([*str(self.form.get("ids", "")).split(), *ticked])
        return [contents.records[id] for id in ids if id in contents.records]

    def _editables(self) -> Iterable[Editable]:
        """Yield what can be changed: whose a record is, by who may write those of all centres."""
        hidden = network.unseen(self.presenter.vocabularies)
        tied = tied_to(self.account, self.presenter.vocabularies)
        return (e for e in EDITABLES.values() if e.name not in hidden and not (tied and e.name == CENTRE))

    def _choosable(self, editable: Editable) -> Choosable:
        return Choosable(editable.name, self._(editable.label), editable.lang)

    def _deeds(self, editable: Editable) -> Iterable[Deed]:
        required = editable.name in FIELDS and FIELDS[editable.name].required
        names = [name for name in DEEDS[editable.form] if not (required and name == "clear")]
        chosen = str(self.form.get("does", ""))
        for name in names:
            selected = name == (chosen if chosen in names else names[0])
            yield Deed(name, self._(DEED_NAMES[name]), "old" in NEEDS[name], "new" in NEEDS[name], selected)

    def _old_values(self, editable: Editable, chosen: str) -> Iterable[Value]:
        for value, count in values_in(editable, self.records).items() if editable.form != "addresses" else ():
            yield Value(value, self._value(editable, value), count, value == chosen)

    def _new_values(self, editable: Editable, chosen: str) -> Iterable[Value]:
        shape = editable.shape
        ids: Sequence[str] = shape.words if isinstance(shape, Choice) else ("true",) if isinstance(shape, Truth) else ()
        if editable.vocabulary:
            ids = self.presenter.vocabularies.known(editable.vocabulary)
        labels = {id: self._value(editable, id) for id in ids} if len(ids) <= LISTED else {}
        ordered: Mapping[str, str] = labels
        if editable.vocabulary in ("subjects", "occupations", "publishers"):
            ordered = dict(sorted(labels.items(), key=lambda item: collation_key(item[1])))
        return (Value(id, label, 0, id == chosen) for id, label in ordered.items())

    def _value(self, editable: Editable, value: str) -> str:
        return Comparer(self.presenter.vocabularies, self.presenter.language).value(editable.shape, value).text

    def _changing(self, record: Resource, differences: tuple[Difference, ...]) -> Changing:
        edit = addresses.desk(self.lang, f"records/{record.id}")
        return Changing(record.id, record.title.best(self.lang), edit, differences)

    def _marks(self) -> dict[str, str]:
        """Return the beginning of the digest of each file as a preview has shown it."""
        return dict(pair.rpartition(":")[::2] for pair in str(self.form.get("seen", "")).split())

    def _seen(self, shown: Preview, again: bool) -> dict[str, str]:
        """Return the marks that a preview carries on: who turns its pages has seen what the first one showed."""
        fresh = {before.id: self.catalogue.digest(before)[:_MARK] for before, _ in shown.changes}
        return fresh if again or self.form.get("do") == "preview" else {**fresh, **self._marks()}

    def _paths(self, ids: Iterable[str]) -> tuple[str, ...]:
        known = self.catalogue.contents.records
        return tuple(f"records/{id}.yaml" for id in dict.fromkeys(ids) if id in known)
