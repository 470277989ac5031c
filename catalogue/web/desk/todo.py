"""``/desk/{lang}/todo/{list}``: what waits, worked through one by one; what needs nothing is put aside.

A page that an item leads to carries ``?from={list}~{place}`` and shows ``strip(request, account, id)`` by the template
``_todo_strip.html``: previous, next, back to the list, nothing to do here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue import todo
from catalogue.errors import N_, NotFound
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.state.dismissals import Dismissal
from catalogue.todo import LISTS, Item
from catalogue.web import addresses
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.session import own_page, require
from catalogue.web.desk.todo_rows import Row, Rows
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.present import Presenter
from catalogue.web.render import html

PER_PAGE = 100

# what a list is called, and what is to be done with it
NAMES: Mapping[str, tuple[str, str]] = {
    "faults": (N_("Files with an error"), N_("Visitors do not see them: mend the line that is named.")),
    "reports": (N_("Reported by visitors"), N_("Look at it, mend it, then put the report aside.")),
    "edits": (N_("My unfinished edits"), N_("Typed and not yet saved: go on, or give up.")),
    "drafts": (N_("Drafts"), N_("Finish them and publish them.")),
    "terms": (N_("Unknown terms and missing files"), N_("A word that is in no list, a file that is not there.")),
    "no-holding": (N_("No way to get it"), N_("Add a link, a shelf mark or a file, or weed.")),
    "past": (N_("Past events"), N_("Visitors no longer find them: give new dates, or weed.")),
    "review": (N_("To check again"), N_("The day by which to check them is past.")),
    "duplicates": (N_("Perhaps the same document twice"), N_("Compare the two, merge them or keep them apart.")),
    "to-dutch": (N_("To translate into Dutch"), N_("Published, with a text that has no Dutch.")),
    "to-french": (N_("To translate into French"), N_("Published, with a text that has no French.")),
    "unchecked": (N_("Never checked"), N_("Published, and nobody has noted that the content was checked.")),
    "no-results": (N_("Searched, nothing found"), N_("A word to add to a record, or a document to acquire.")),
}


@dataclass(frozen=True)
class Count:
    """A list on the desk's home."""

    name: str
    label: str
    detail: str
    href: str
    count: int


@dataclass(frozen=True)
class Part:
    """The records of a list of which one field waits."""

    label: str
    href: str
    count: int
    current: bool


@dataclass(frozen=True)
class TodoPage:
    """A list. ``aside``: what was put aside, ``undo``: the key of the last of it, ``merged``: an action."""

    frame: Frame
    desk: Desk
    name: str
    label: str
    detail: str
    here: str
    parts: tuple[Part, ...]
    rows: tuple[Row, ...]
    count: int
    aside: tuple[Row, ...]
    dismiss: str  # the words of the button that puts aside
    undo: str
    merged: str  # where the merge that was just made is taken back
    previous: str
    next: str


@dataclass(frozen=True)
class Neighbours:
    """Where an item stands on its list (``place`` from 0), and the items before and after it.

    ``item`` is None where it has left the list: it is done; ``next`` is then what came in its place.
    """

    item: Item | None
    place: int
    count: int
    previous: tuple[int, Item] | None
    next: tuple[int, Item] | None


@dataclass(frozen=True)
class Strip:
    """What ``_todo_strip.html`` prints above a page to which an item of a list led."""

    label: str
    back: str
    place: int  # from 1; 0: no longer on the list
    count: int
    details: tuple[str, ...]
    previous: str
    next: str
    action: str  # where “nothing to do here” is sent
    dismiss: str  # those words, or others where something was done
    key: str
    after: str  # where it leads then
    undo: str  # the key of what was put aside just now


# --- pages -------------------------------------------------------------------------------------------------------


def counts(catalogue: Catalogue, account: Account, presenter: Presenter) -> tuple[Count, ...]:
    """Return every list with what waits on it. Raises StateUnavailable."""
    aside = catalogue.state.dismissals.all()
    return tuple(
        Count(
            name,
            presenter._(NAMES[name][0]),
            presenter._(NAMES[name][1]),
            address(presenter.lang, name),
            len(_split(_items(catalogue, account.name, name), aside.get(name, {}))[0]),
        )
        for name in LISTS
    )


async def work(request: Request) -> Response:
    """Show a list, or put something on it aside (``do=aside``) or back (``do=back``)."""
    account = await run_in_threadpool(require, request, "documentalist")
    if request.method != "POST":
        return await run_in_threadpool(_page, request, account)
    async with request.form(max_files=0, max_fields=10) as form:
        values = {name: str(form.get(name, "")) for name in ("do", "key", "next")}
    return await run_in_threadpool(_put, request, account, values)


def address(lang: str, name: str, **asked: str) -> str:
    """Return the address of a list."""
    return addresses.desk(lang, f"todo/{quote(name)}") + (f"?{urlencode(asked)}" if asked else "")


def _page(request: Request, account: Account) -> Response:
    catalogue: Catalogue = request.app.state.catalogue
    name, presenter = _known(request.path_params["list"]), Presenter(catalogue, language_of(request))
    whole, lang = name.partition(".")[0], presenter.lang
    rows = Rows(presenter, name)
    waiting, put_aside = _split(_items(catalogue, account.name, name), catalogue.state.dismissals.all().get(whole, {}))
    pages = max(1, -(-len(waiting) // PER_PAGE))
    number = min(max(1, _number(request.query_params.get("page", "1"))), pages)
    start = (number - 1) * PER_PAGE
    page = TodoPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        name=whole,
        label=presenter._(NAMES[whole][0]),
        detail=presenter._(NAMES[whole][1]),
        here=address(lang, name),
        parts=_parts(presenter, name, _items(catalogue, account.name, whole)),
        rows=tuple(rows.row(item, start + place) for place, item in enumerate(waiting[start : start + PER_PAGE])),
        count=len(waiting),
        aside=tuple(rows.row(item, 0, found) for item, found in put_aside[:PER_PAGE]),
        dismiss=_dismiss(presenter, name),
        undo=request.query_params.get("aside", ""),
        merged=_undo_of(lang, request.query_params.get("merged", "")),
        previous=address(lang, name, page=str(number - 1)) if number > 1 else "",
        next=address(lang, name, page=str(number + 1)) if number < pages else "",
    )
    return html("desk_todo.html", page, lang)


def _put(request: Request, account: Account, values: Mapping[str, str]) -> Response:
    catalogue: Catalogue = request.app.state.catalogue
    name, lang = _known(request.path_params["list"]), language_of(request)
    whole, key = name.partition(".")[0], values["key"]
    known = any(item.key == key for item in _items(catalogue, account.name, whole))
    if values["do"] == "back":
        catalogue.state.dismissals.take_back(whole, key)
        return RedirectResponse(_after(values["next"], lang, name), 303)
    if values["do"] != "aside" or not known:
        raise NotFound
    catalogue.state.dismissals.put(whole, [key], account.name)
    after = _after(values["next"], lang, name)
    return RedirectResponse(f"{after}{'&' if '?' in after else '?'}{urlencode({'aside': key})}", 303)


# --- one after the other -----------------------------------------------------------------------------------------


def neighbours(catalogue: Catalogue, list: str, id: str, account: str = "") -> Neighbours:
    """Return where the record ``id`` (or the item with this key) stands on a list, and what is before and after it.

    ``list`` is what ``?from=`` says: the list's name, and behind ``~`` the place the item had, by which the next one
    is found when it has left the list. ``account``: whose unfinished edits. Raises NotFound for an unknown list.
    """
    name, _, was = list.partition("~")
    name = _known(name)
    aside = catalogue.state.dismissals.all().get(name.partition(".")[0], {})
    items, _put_aside = _split(_items(catalogue, account, name), aside)
    place = next((n for n, item in enumerate(items) if item.concerns(id)), -1)
    item = items[place] if place >= 0 else None
    gap = place if item else min(_number(was), len(items))
    after = place + 1 if item else gap
    return Neighbours(
        item,
        gap,
        len(items),
        (gap - 1, items[gap - 1]) if gap > 0 else None,
        (after, items[after]) if after < len(items) else None,
    )


def strip(request: Request, account: Account, id: str) -> Strip | None:
    """Return what stands above a page to which a list led (``?from=``), or None. Raises StateUnavailable."""
    came_from = request.query_params.get("from", "")
    name = came_from.partition("~")[0]
    if name.partition(".")[0] not in LISTS:
        return None
    catalogue: Catalogue = request.app.state.catalogue
    presenter = Presenter(catalogue, language_of(request))
    found, rows, lang = neighbours(catalogue, came_from, id, account.name), Rows(presenter, name), presenter.lang
    before = rows.href(found.previous[1], found.previous[0]) if found.previous else ""
    after = rows.href(found.next[1], found.next[0]) if found.next else ""
    return Strip(
        label=presenter._(NAMES[name.partition(".")[0]][0]),
        back=address(lang, name),
        place=found.place + 1 if found.item else 0,
        count=found.count,
        details=rows.row(found.item, found.place).details if found.item else (),
        previous=before,
        next=after,
        action=address(lang, name),
        key=found.item.key if found.item else "",
        after=after or address(lang, name),
        dismiss=_dismiss(presenter, name),
        undo=request.query_params.get("aside", ""),
    )


# --- inside ------------------------------------------------------------------------------------------------------


def _items(catalogue: Catalogue, account: str, name: str) -> Sequence[Item]:
    whole = name.partition(".")[0]
    if whole == "edits":
        return todo.edits(catalogue.state.drafts.of(account))
    if whole == "reports":
        return catalogue.todo.reported(catalogue.state.problem_reports())
    if whole == "no-results":
        return todo.questions(catalogue.state.zero_results())
    return catalogue.todo.items(name, catalogue.now())


def _split(
    items: Sequence[Item], aside: Mapping[str, Dismissal]
) -> tuple[Sequence[Item], Sequence[tuple[Item, Dismissal]]]:
    if not aside:
        return items, ()
    put_aside = [(item, aside[item.key]) for item in items if item.key in aside]
    return [item for item in items if item.key not in aside], put_aside


def _parts(presenter: Presenter, name: str, items: Sequence[Item]) -> tuple[Part, ...]:
    whole, _, chosen = name.partition(".")
    found = todo.by_field(items)
    if not found:
        return ()
    every = Part(presenter._(N_("All")), address(presenter.lang, whole), len(items), not chosen)
    label = Rows(presenter, name).field
    parts = (Part(label(f), address(presenter.lang, f"{whole}.{f}"), n, f == chosen) for f, n in found.items())
    return (every, *parts)


def _dismiss(presenter: Presenter, name: str) -> str:
    return presenter._(N_("Handled") if name == "reports" else N_("Nothing to do here"))


def _known(name: str) -> str:
    if name.partition(".")[0] not in LISTS:
        raise NotFound
    return name


def _after(wanted: str, lang: str, name: str) -> str:
    return own_page(wanted, lang) if wanted else address(lang, name)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


def _undo_of(lang: str, action: str) -> str:
    return addresses.desk(lang, f"actions/{action}/undo") if _number(action) else ""
