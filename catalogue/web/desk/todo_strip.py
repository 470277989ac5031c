"""One item of a to-do list after the other: what stands above a page that an item leads to.

Such a page carries ``?from={list}~{place}`` and shows ``strip(request, account, id)`` by the template
``_todo_strip.html``: previous, next, back to the list, nothing to do here.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.todo import LISTS, Item
from catalogue.web.desk.paging import page_number
from catalogue.web.desk.todo_rows import Rows
from catalogue.web.desk.todo_waiting import NAMES, address, dismissal, waiting, whole
from catalogue.web.frame import language_of
from catalogue.web.present import Presenter


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


def neighbours(catalogue: Catalogue, list: str, id: str, account: Account) -> Neighbours:
    """Return where the record ``id`` (or the item with this key) stands on a list, and what is before and after it.

    ``list`` is what ``?from=`` says: the list's name, and behind ``~`` the place the item had, by which the next one
    is found when it has left the list. ``account``: who works on it. Raises NotFound for an unknown list.
    """
    name, _, was = list.partition("~")
    items = waiting(catalogue, account, name).items
    place = next((n for n, item in enumerate(items) if item.concerns(id)), -1)
    item = items[place] if place >= 0 else None
    gap = place if item else min(page_number(was), len(items))
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
    found, rows, lang = neighbours(catalogue, came_from, id, account), Rows(presenter, name), presenter.lang
    before = rows.href(found.previous[1], found.previous[0]) if found.previous else ""
    after = rows.href(found.next[1], found.next[0]) if found.next else ""
    return Strip(
        label=presenter._(NAMES[whole(name)][0]),
        back=address(lang, name),
        place=found.place + 1 if found.item else 0,
        count=found.count,
        details=rows.row(found.item, found.place).details if found.item else (),
        previous=before,
        next=after,
        action=address(lang, name),
        key=found.item.key if found.item else "",
        after=after or address(lang, name),
        dismiss=dismissal(presenter, name),
        undo=request.query_params.get("aside", ""),
    )
