"""``/desk/{lang}/records/new`` and ``/desk/{lang}/records/{id}``: the record form.

Every button of the form sends the whole of it; ``do`` says which one was pressed. Without a script the same buttons do
the same. While somebody types, a script keeps what stands in the form as a draft: at most a few seconds are ever lost.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from catalogue import three_way
from catalogue.custody import tied_to
from catalogue.errors import BadInput, Conflict, InvalidRecord, Unavailable
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.web import addresses, forms, term_names
from catalogue.web.desk.records import beginning, editing, errand
from catalogue.web.desk.records.editing import Edit
from catalogue.web.desk.records.errand import BEGIN_FILE, BEGIN_NAME, Errand
from catalogue.web.desk.records.pictured import previewed
from catalogue.web.desk.records.view import View
from catalogue.web.desk.session import require
from catalogue.web.frame import language_of, make_frame
from catalogue.web.present import Presenter
from catalogue.web.render import html
from catalogue.web.visitor.record import record_page

MOST_FIELDS = 2_000


def new(request: Request) -> Response:
    """Show an empty form, one that begins from another record (``like``, ``pile``), or a draft to go on with."""
    account = require(request, "documentalist")
    catalogue, asked = _catalogue(request), request.query_params
    key = asked.get("draft") or f"new/{secrets.token_hex(8)}"
    mapping: dict[str, Any] = {"holdings": [{"shelf": ""}, {"url": ""}]}
    if "like" in asked:
        mapping = dict(editing.copied(catalogue, asked["like"]))
    elif "pile" in asked:
        mapping = dict(editing.piled(catalogue, asked["pile"]))
    tied = tied_to(account, catalogue.contents.frame.vocabularies)
    edit = editing.for_centre(Edit("", "", mapping), tied)
    draft = catalogue.state.drafts.get(account.name, key) if "draft" in asked else None
    if draft:
        edit = editing.for_centre(editing.of_form(catalogue, "", draft.form), tied)
    view = View(request, account)
    if draft and edit.sent and edit.sent.one(BEGIN_FILE):
        return _begun(view, edit, key)
    return view.page(edit, key)


def change(request: Request) -> Response:
    """Show the form of a record, and offer the draft of it that this person has not finished."""
    account = require(request, "documentalist")
    catalogue, id = _catalogue(request), request.path_params["id"]
    if id in catalogue.contents.redirects:
        return RedirectResponse(
            addresses.desk(language_of(request), f"records/{catalogue.contents.redirects[id]}"), 303
        )
    key = f"record/{id}"
    edit = editing.of_file(catalogue, id)
    draft = catalogue.state.drafts.get(account.name, key)
    if draft and "draft" in request.query_params:
        edit = editing.of_form(catalogue, id, draft.form).but(seen=draft.seen)
        if edit.sent and (open_paths := edit.sent.all("conflict")):
            edit = editing.still_open(catalogue, edit, open_paths)
        draft = None
    return View(request, account).page(edit, key, draft=draft)


async def send(request: Request) -> Response:
    """Do what a button of the form says."""
    await run_in_threadpool(require, request, "documentalist")
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return await run_in_threadpool(_sent, request, form)


async def keep_draft(request: Request) -> Response:
    """Keep what stands in the form; answer what is missing in it and how it will look, as a part of the page."""
    await run_in_threadpool(require, request, "documentalist")
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return await run_in_threadpool(_kept, request, form)


async def preview(request: Request) -> Response:
    """Show the page of the record as visitors would see it, from what stands in the form."""
    await run_in_threadpool(require, request, "documentalist")
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return await run_in_threadpool(_previewed, request, form)


def terms(request: Request) -> Response:
    """Offer the terms of a vocabulary while somebody types the name of one."""
    require(request, "documentalist")
    asked = request.query_params
    vocabularies = _catalogue(request).contents.frame.vocabularies
    vocabulary, text = asked.get("vocabulary", "")[:80], asked.get("q", "")[:200]
    found = term_names.offered(vocabularies, vocabulary, text, language_of(request))
    same = term_names.find(vocabularies, vocabulary, text)
    return JSONResponse([{"id": id, "label": label, "same": id == same} for id, label in found])


# --- inside --------------------------------------------------------------------------------------------------------


def _sent(request: Request, form: FormData) -> Response:
    account = require(request, "documentalist")
    catalogue, id = _catalogue(request), request.path_params.get("id", "")
    edit = _edit(catalogue, account, id, _pairs(form))
    view, key, do = View(request, account), _key(form, id), str(form.get("do", ""))
    if do == "discard":
        catalogue.state.drafts.drop(account.name, key)
        return RedirectResponse(addresses.desk(view.lang, f"records/{id}" if id else "records/new"), 303)
    if do in _SAVES:
        return _save(view, edit, key, do)
    if do == "begin":
        return _begun(view, edit, key)
    what, _, name = do.partition(":")
    if what in ("file", "choose", "word") and (
        away := Errand.of({"draft": key, "field": name, "from": view.came_from})
    ):
        return RedirectResponse(errand.leave(catalogue, account, away, _pairs(form), view.lang, what), 303)
    if edit.sent and (open_paths := edit.sent.all("conflict")):
        taken = do.removeprefix("theirs:") if do.startswith("theirs:") else ""
        edit = editing.still_open(catalogue, edit, open_paths, taken if taken in open_paths else "")
    return view.page(_rearranged(edit, do), key)


def _begun(view: View, edit: Edit, key: str) -> Response:
    """Return the form with what is found at a web address, by a number or in a file, filled in where nothing stood."""
    sent = edit.sent or forms.Sent(())
    asked = beginning.Asked(*(sent.one(name) for name in ("begin.url", "begin.number", BEGIN_FILE, BEGIN_NAME)))
    try:
        begun = beginning.begin(view.catalogue, edit.mapping, asked, view.translate)
    except BadInput as error:
        return view.page(edit, key, status=422, said=error.text(view.translate), begin=asked)
    typed = [(f"{name}.{forms.ADD}", text) for name, text in begun.typed.items() if not sent.one(f"{name}.{forms.ADD}")]
    edit = edit.but(mapping=begun.mapping, sent=forms.Sent([*sent.pairs, *typed]))
    return view.page(edit, key, said=" ".join(begun.missed), told=" ".join(begun.told))


_SAVES = {"save": "", "publish": "published", "draft": "draft", "withdraw": "withdrawn", "next": "published"}
"""The buttons that save, and the status that they give a record; empty: as the form says."""


def _save(view: View, edit: Edit, key: str, do: str) -> Response:
    catalogue = view.catalogue
    if _SAVES[do]:
        edit = edit.but(mapping={**edit.mapping, "status": _SAVES[do]})
    try:
        record = editing.save(catalogue, edit, view.account.name, catalogue.now().date())
    except InvalidRecord as error:
        return view.page(edit.but(problems=error.problems), key, status=422)
    except Conflict:
        return view.page(editing.merged(catalogue, edit), key, status=409)
    except BadInput as error:
        return view.page(edit, key, status=422, said=error.text(view.translate))
    except Unavailable as error:  # a full disk, a database that does not answer: what was typed stays
        return view.page(edit, key, status=error.status, said=error.text(view.translate))
    catalogue.state.drafts.drop(view.account.name, key)
    if do == "next":
        return RedirectResponse(addresses.desk(view.lang, f"records/new?pile={record.id}"), 303)
    came = f"&from={view.came_from}" if view.came_from else ""
    return RedirectResponse(addresses.desk(view.lang, f"records/{record.id}?saved=1{came}"), 303)


def _rearranged(edit: Edit, do: str) -> Edit:
    """Return an edit with a row more or less, a value less, or theirs in the place of mine."""
    what, _, rest = do.partition(":")
    name, _, value = rest.partition(":")
    there = three_way.at(edit.mapping, name)
    if what == "row":
        return edit.but(mapping=three_way.put(edit.mapping, name, [*(there or []), {value: ""} if value else {}]))
    if what == "drop" and isinstance(there, list) and value.isdecimal():
        return edit.but(mapping=three_way.put(edit.mapping, name, [v for n, v in enumerate(there) if n != int(value)]))
    if what == "unpick":
        left = [v for v in there if v != value] if isinstance(there, list) else ""
        return edit.but(mapping=three_way.put(edit.mapping, name, left))
    return edit


def _kept(request: Request, form: FormData) -> Response:
    account = require(request, "documentalist")
    catalogue = _catalogue(request)
    key = str(form.get("key", ""))
    id = key.removeprefix("record/") if key.startswith("record/") else ""
    pairs = _pairs(form)
    kept = [(name, value) for name, value in pairs if name != "do"]
    catalogue.state.drafts.put(account.name, key, kept, str(form.get("seen", "")))
    return View(request, account).side(_edit(catalogue, account, id, pairs))


def _previewed(request: Request, form: FormData) -> Response:
    account = require(request, "documentalist")
    catalogue, id = _catalogue(request), request.path_params.get("id", "")
    edit = _edit(catalogue, account, id, _pairs(form))
    try:
        record = editing.made(catalogue, edit)
    except InvalidRecord as error:
        return View(request, account).page(edit.but(problems=error.problems), _key(form, id), status=422)
    page = record_page(make_frame(request), catalogue, record)
    page = previewed(page, Presenter(catalogue, page.frame.lang), record)
    return html("desk_preview.html", page, page.frame.lang)


def _edit(catalogue: Catalogue, account: Account, id: str, pairs: Sequence[tuple[str, str]]) -> Edit:
    """Return what a form sent; a new record is of the centre of who writes for one only."""
    tied = tied_to(account, catalogue.contents.frame.vocabularies)
    return editing.for_centre(editing.of_form(catalogue, id, pairs), tied)


def _pairs(form: FormData) -> Sequence[tuple[str, str]]:
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


def _key(form: FormData, id: str) -> str:
    return f"record/{id}" if id else str(form.get("key", ""))[:120]


def _catalogue(request: Request) -> Catalogue:
    catalogue: Catalogue = request.app.state.catalogue
    return catalogue
