"""THE declaration of the API: one value per endpoint; it reads what is asked, and the document is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from catalogue.errors import N_, BadInput, ErrorCode, Gone, IndexUnavailable, NotFound, Unavailable
from catalogue.fields import CENTRE, FACETS, SORTS
from catalogue.i18n import SOURCE
from catalogue.query import DEFAULT_SORT, MAX_PAGE, MAX_PER_PAGE, NO_ORDER
from catalogue.web.machine import parameters
from catalogue.web.machine.answered import (
    LookupAnswer,
    LookupQuestion,
    PublicRecord,
    RecordsAnswer,
    SearchAnswer,
    SuggestAnswer,
)
from catalogue.web.machine.parameters import ID_IN_PATH, LANG, Bounded, OneOf, Parameter, RecordId, Several, Words

ERRORS: Mapping[ErrorCode, tuple[int, str]] = {
    ErrorCode.BAD_INPUT: (BadInput.status, N_("What was asked is not understood; “field” names the parameter.")),
    ErrorCode.NOT_FOUND: (NotFound.status, N_("There is nothing at this address.")),
    ErrorCode.METHOD_NOT_ALLOWED: (405, N_("This address is asked in another way.")),
    ErrorCode.GONE: (Gone.status, N_("This document is no longer in the catalogue.")),
    ErrorCode.ERROR: (500, N_("A fault of ours. It is noted; ask again later.")),
    ErrorCode.INDEX_UNAVAILABLE: (IndexUnavailable.status, N_("The search does not answer for the moment.")),
    ErrorCode.UNAVAILABLE: (Unavailable.status, N_("It is not ready; “Retry-After” says when to ask again.")),
}
"""Every error that the API answers with: its code, which never changes, its status, and what it means."""


@dataclass(frozen=True)
class Endpoint:
    """One thing that can be asked. ``summary`` and ``about`` are msgids; ``answer``: the type of the JSON, None for
    another ``media``; ``question``: the type of the JSON in the body of a POST; ``tagged``: it has an ETag;
    ``example``: what a try of it asks."""

    name: str
    path: str
    summary: str
    about: str
    answer: Any
    parameters: tuple[Parameter, ...] = (LANG,)
    errors: tuple[ErrorCode, ...] = ()
    method: str = "GET"
    question: Any = None
    media: str = "application/json"
    tagged: bool = True
    moves: bool = False
    example: str = ""

    def read(self, request: Request) -> dict[str, Any]:
        """Return the value of every parameter of the query by name. Raises BadInput for what cannot be asked."""
        centres = request.app.state.catalogue.contents.frame.vocabularies.centres
        return parameters.read(self.offered(bool(centres)), request.query_params.multi_items())

    def offered(self, several: bool) -> tuple[Parameter, ...]:
        """Return its parameters; one asks for centres only where there are ``several``."""
        return tuple(parameter for parameter in self.parameters if several or parameter.name != CENTRE)


_PER_PAGE = Parameter(
    "per_page",
    N_("How many records at a time, from 1 to 100; what is beyond is that bound."),
    Bounded(1, MAX_PER_PAGE, 20),
)
_FLAG_ABOUT = {
    "expand": N_("0: only the words typed, without what means the same in the other language."),
    "exact": N_("1: the words exactly as they are typed, without their other forms."),
}
_CENTRE_ABOUT = N_(
    "The centre that holds it. “shared”: what all centres offer; “all”: what any centre has. Where none is chosen, the "
    "site of one centre answers what that centre offers, the site of all centres answers everything."
)
SEARCH = Endpoint(
    "search",
    "/api/search",
    N_("Search"),
    N_(
        "The same results as on the page, with how many each filter would give, and why each record is there. "
        "Of a filter given more than once one of the values must be there; of several filters, all. The ids of their "
        "values are in “facets” of every answer; an unknown one finds nothing."
    ),
    SearchAnswer,
    (
        Parameter("q", N_("What is searched, as one types it; cut at 200 characters."), Words()),
        LANG,
        *(
            Parameter(facet.param, _CENTRE_ABOUT if facet.param == CENTRE else facet.label, Several(facet.fixed))
            for facet in FACETS.values()
        ),
        Parameter("sort", N_("The order of the results."), OneOf(tuple(SORTS), DEFAULT_SORT, NO_ORDER)),
        Parameter("page", N_("Which page, from 1; the last one where a later one is asked."), Bounded(1, MAX_PAGE, 1)),
        _PER_PAGE,
        *(Parameter(name, about, Words()) for name, about in _FLAG_ABOUT.items()),
    ),
    (ErrorCode.BAD_INPUT, ErrorCode.INDEX_UNAVAILABLE),
    example="?q=infirmier",
)
SUGGEST = Endpoint(
    "suggest",
    "/api/suggest",
    N_("Suggestions while typing"),
    N_("What somebody who has typed “q” so far may look for, and where each leads. It is kept nowhere."),
    SuggestAnswer,
    (Parameter("q", N_("What is typed so far."), Words()), LANG),
    (ErrorCode.BAD_INPUT,),
    tagged=False,
    example="?q=infi",
)
RECORDS = Endpoint(
    "records",
    "/api/records",
    N_("All records"),
    N_(
        "Every public record, ordered by id, some at a time. Ask “next” until it is null: whatever comes, changes or "
        "goes meanwhile, you miss none of the others and see none twice."
    ),
    RecordsAnswer,
    (
        Parameter("cursor", N_("The id after which to go on."), RecordId()),
        _PER_PAGE,
        LANG,
    ),
    (ErrorCode.BAD_INPUT,),
)
RECORD = Endpoint(
    "record",
    "/api/records/{id}",
    N_("One record"),
    N_("A record as its file holds it, without what is for the staff. One that moved is answered by a 301."),
    PublicRecord,
    (ID_IN_PATH, LANG),
    (ErrorCode.BAD_INPUT, ErrorCode.NOT_FOUND, ErrorCode.GONE),
    moves=True,
)
LOOKUP = Endpoint(
    "lookup",
    "/api/records/lookup",
    N_("Records of a list"),
    N_("What a list shows of its records. It changes nothing; ids are in the body, so that no log holds them."),
    LookupAnswer,
    (),
    (ErrorCode.BAD_INPUT,),
    method="POST",
    question=LookupQuestion,
    tagged=False,
)
DUMP = Endpoint(
    "dump",
    "/api/dump.jsonl.gz",
    N_("Everything at once"),
    N_("All public records as “/api/records/{id}” gives them, one a line (JSON Lines), by id, compressed (gzip)."),
    None,
    (),
    (ErrorCode.BAD_INPUT, ErrorCode.UNAVAILABLE),
    media="application/gzip",
)
DOCUMENT = Endpoint(
    "document",
    "/api/openapi.json",
    N_("This description, for programs"),
    N_("All of this as an OpenAPI 3.1 document, in the language that is asked for."),
    dict[str, object],
    (parameters.language(SOURCE),),
    (ErrorCode.BAD_INPUT,),
)

ENDPOINTS = (SEARCH, SUGGEST, RECORDS, RECORD, LOOKUP, DUMP, DOCUMENT)
