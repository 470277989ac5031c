"""A new entry of a list of words that is wanted in the record form: by its dialog, or on an errand away from it.

The page of words saves it in both cases. The dialog asks with ``Accept: application/json``: 201 ``{"id", "label"}``,
or 422 ``{"problems": {box: sentence}}``.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from catalogue.errors import NotFound
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.web import term_names
from catalogue.web.desk.records.errand import Errand
from catalogue.web.frame import language_of

OFFERED = 5
"""Entries that are alike and shown beside a new one."""


def wants_json(request: Request) -> bool:
    """Tell whether the dialog of the record form asks."""
    return request.headers.get("accept", "").startswith("application/json")


def refused(problems: Mapping[str, str]) -> Response:
    """Return what is wrong with an entry, by box."""
    return JSONResponse({"problems": dict(problems)}, 422)


def fetched(request: Request, account: Account, vocabulary: str, id: str) -> Response | None:
    """Return the answer to who needs a new entry in a record form; None where nobody does."""
    catalogue, lang = _catalogue(request), language_of(request)
    if wants_json(request):
        label = catalogue.contents.frame.vocabularies.label(vocabulary, id, lang).text
        return JSONResponse({"id": id, "label": label}, 201)
    errand = Errand.of(request.query_params)
    if errand is None:
        return None
    errand.bring(catalogue, account, id)
    return RedirectResponse(errand.form(lang), 303)


def use(request: Request, account: Account, id: str) -> Response:
    """Take an entry that is there already back to the record form. Raises NotFound."""
    vocabulary, errand = request.path_params["vocabulary"], Errand.of(request.query_params)
    if errand is None or id not in _catalogue(request).contents.frame.vocabularies.known(vocabulary):
        raise NotFound
    errand.bring(_catalogue(request), account, id)
    return RedirectResponse(errand.form(language_of(request)), 303)


def begun(request: Request) -> dict[str, str]:
    """Return the boxes of a new entry with the name that was typed in the record form."""
    label = request.query_params.get("label", "")[:200].strip()
    return {f"labels.{language_of(request)}": label} if label else {}


def alike(request: Request, vocabulary: str, values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return ids and labels of entries that are called nearly as what stands in the boxes."""
    vocabularies, lang = _catalogue(request).contents.frame.vocabularies, language_of(request)
    names = [name for code in ("fr", "nl") if (name := values.get(f"labels.{code}", "").partition("\n")[0])]
    found = (one for name in names for one in term_names.offered(vocabularies, vocabulary, name, lang, OFFERED))
    return tuple(dict.fromkeys(found))[:OFFERED]


def back(request: Request) -> str:
    """Return the record form that an entry is added for; empty where it is for none."""
    errand = Errand.of(request.query_params)
    return errand.form(language_of(request)) if errand else ""


def errand_query(request: Request) -> str:
    """Return the errand as the end of an address; empty where there is none."""
    errand = Errand.of(request.query_params)
    return errand.query() if errand else ""


def _catalogue(request: Request) -> Catalogue:
    catalogue: Catalogue = request.app.state.catalogue
    return catalogue
