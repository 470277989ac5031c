"""``/desk/{lang}/todo/{list}``: what waits, worked through one by one; what needs nothing is put aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue import todo
from catalogue.errors import N_, NotFound
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.web import addresses
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.paging import Page, page_number
from catalogue.web.desk.session import own_page, require
from catalogue.web.desk.todo_rows import Row, Rows
from catalogue.web.desk.todo_waiting import NAMES, address, dismissal, items_of, waiting, whole
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.present import Presenter
from catalogue.web.render import html

PER_PAGE = 100


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


async def work(request: Request) -> Response:
    """Show a list, or put something on it aside (``do=aside``) or back (``do=back``)."""
    account = await run_in_threadpool(require, request, "documentalist")
    if request.method != "POST":
        return await run_in_threadpool(_page, request, account)
    async with request.form(max_files=0, max_fields=10) as form:
        values = {name: str(form.get(name, "")) for name in ("do", "key", "next")}
    return await run_in_threadpool(_put, request, account, values)


def _page(request: Request, account: Account) -> Response:
    presenter, params = Presenter(request.app.state.catalogue, language_of(request)), request.query_params
    name, lang = request.path_params["list"], presenter.lang
    label, detail = map(presenter._, NAMES[whole(name)])
    rows, found = Rows(presenter, name), waiting(presenter.catalogue, account, name)
    shown = Page.of(found.items, page_number(params.get("page", "")), PER_PAGE)
    page = TodoPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        name=whole(name),
        label=label,
        detail=detail,
        here=address(lang, name),
        parts=_parts(presenter, account, name),
        rows=tuple(rows.row(item, place) for place, item in enumerate(shown.items, shown.start)),
        count=len(found.items),
        aside=tuple(rows.row(item, 0, who) for item, who in found.aside[:PER_PAGE]),
        dismiss=dismissal(presenter, name),
        undo=params.get("aside", ""),
        merged=_undo_of(lang, params.get("merged", "")),
        previous=address(lang, name, page=str(shown.earlier)) if shown.earlier else "",
        next=address(lang, name, page=str(shown.later)) if shown.later else "",
    )
    return html("desk_todo.html", page, lang)


def _parts(presenter: Presenter, account: Account, name: str) -> tuple[Part, ...]:
    """Return the parts of a list by the field that waits, and the whole; nothing where it has none."""
    lang, of = presenter.lang, whole(name)
    items = items_of(presenter.catalogue, account, of)
    found = todo.by_field(items)
    if not found:
        return ()
    chosen, label = name.partition(".")[2], Rows(presenter, name).field
    every = Part(presenter._(N_("All")), address(lang, of), len(items), not chosen)
    return (every, *(Part(label(f), address(lang, f"{of}.{f}"), n, f == chosen) for f, n in found.items()))


def _put(request: Request, account: Account, values: Mapping[str, str]) -> Response:
    catalogue: Catalogue = request.app.state.catalogue
    name, key = request.path_params["list"], values["key"]
    of, lang = whole(name), language_of(request)
    after = own_page(values["next"], lang) if values["next"] else address(lang, name)
    if values["do"] == "back":
        catalogue.state.dismissals.take_back(of, key)
        return RedirectResponse(after, 303)
    if values["do"] != "aside" or not any(item.key == key for item in items_of(catalogue, account, of)):
        raise NotFound
    catalogue.state.dismissals.put(of, [key], account.name)
    return RedirectResponse(f"{after}{'&' if '?' in after else '?'}{urlencode({'aside': key})}", 303)


def _undo_of(lang: str, action: str) -> str:
    return addresses.desk(lang, f"actions/{action}/undo") if page_number(action) else ""
