"""``/desk/{lang}/advise/``: search, tick, order, say why, and make a code of it.

One form holds everything, so every button answers with the whole page; a script only replaces parts of it in place.
The same page changes a list that has a code (``…/list/{code}/change``).
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue.errors import N_, CatalogueError, Expired, NotFound
from catalogue.state import HandedList
from catalogue.web import addresses, codes
from catalogue.web.advisor import making
from catalogue.web.advisor.draft import Draft, DraftItem, read
from catalogue.web.advisor.view import View
from catalogue.web.desk.session import require
from catalogue.web.present import Presenter

_UNKNOWN = N_("We do not know this code. It has nine digits: look at it once more.")
_EXPIRED_MEANWHILE = N_("The code of this list has just expired. The list is still here: make a new code for it.")


async def edit(request: Request) -> Response:
    """Show the page, or do what was pressed on it."""
    await run_in_threadpool(require, request, "advisor")
    async with request.form() as form:  # closed again: a form can bring files nobody asked for
        return await _edit(request, form)


async def _edit(request: Request, form: FormData) -> Response:
    does, code = str(form.get("do", "")), request.path_params.get("code", "")
    if does == "open":
        return await _open(request, str(form.get("code", ""))[:40])
    if does == "take-over":  # a new list with the documents of another: a visitor's, or one of an earlier talk
        kept = await codes.open_list(request, str(form.get("from", "")))
        return await run_in_threadpool(_begin, request, kept)
    if code and request.method == "GET":
        kept = await codes.open_list(request, code)
        return await run_in_threadpool(_begin, request, kept, code)
    return await run_in_threadpool(_answer, request, form)


async def _open(request: Request, typed: str) -> Response:
    """Open the list of a code that was typed. A code that opens nothing is kept in its field, with the reason."""
    try:
        found = await codes.open_list(request, typed)
    except CatalogueError as error:
        view = View(request, FormData(), Draft())
        message = view.presenter._(_UNKNOWN) if type(error) is NotFound else error.text(view.presenter._)
        return await run_in_threadpool(view.with_code, typed, message, error.status)
    return RedirectResponse(addresses.desk(request.path_params["lang"], f"advise/list/{found.code}"), 303)


def _begin(request: Request, kept: HandedList, code: str = "") -> Response:
    presenter = Presenter(request.app.state.catalogue, request.path_params["lang"])
    draft = Draft(tuple(DraftItem.of(item, presenter.vocabularies) for item in kept.items))
    return View(request, FormData({"sheet": kept.lang}), draft, code).answer()


def _answer(request: Request, form: FormData) -> Response:
    code = request.path_params.get("code", "")
    presenter = Presenter(request.app.state.catalogue, request.path_params["lang"])
    does, _, value = str(form.get("do", "")).partition(":")
    view = View(request, form, _after(does, value, read(form, presenter.vocabularies)), code)
    if does == "page" and value.isdecimal():
        return view.answer(page=int(value[:6]))
    return _make(view) if does == "make" else view.answer(page=1 if does == "search" else None)


def _after(does: str, value: str, draft: Draft) -> Draft:
    """Return the list after a button was pressed."""
    if does == "clear":
        return Draft()
    if does == "remove":
        return draft.without(value)
    return draft.moved(value, {"up": -1, "down": 1}[does]) if does in ("up", "down") else draft


def _make(view: View) -> Response:
    """Make the code (or change what it opens) and show it; say what is missing where that cannot be done yet."""
    problems = making.problems(view)
    if problems:
        return view.answer(problems=problems, status=422)
    try:
        made = making.hand_over(view)
    except (Expired, NotFound):
        return View(view.request, view.form, view.draft).answer(problems=(_EXPIRED_MEANWHILE,), status=410)
    return RedirectResponse(addresses.desk(view.lang, f"advise/list/{made.code}"), 303)
