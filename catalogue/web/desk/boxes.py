"""Small forms of the desk: boxes to fill in, each with its value as typed, its problem, what others wrote meanwhile.

A box is named by the path of its field, such as ``labels.fr``: the problems of a reading find their boxes by it.
"""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import Problem, Translate
from catalogue.query import clean
from catalogue.shapes import as_value
from catalogue.state import Account
from catalogue.values import TEXT_LANGUAGES
from catalogue.web.desk.session import require

MOST_FIELDS = 20_000
"""Fields in one form: a series of a thousand records has about ten in each row."""


@dataclass(frozen=True)
class Box:
    """One thing to fill in. ``lang``: of its text. ``kind``: ``line``, ``area``, ``number``, ``choice`` of one of the
    ``options``, ``ticks`` of several, or ``links``: several labels of the thesaurus.

    ``problem``: why what was typed cannot stay; ``theirs``: what somebody else saved there in the meantime.
    """

    name: str
    label: str
    value: str = ""
    kind: str = "line"
    lang: str = ""
    hint: str = ""
    problem: str = ""
    theirs: str = ""
    rows: int = 1
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()


Rows = tuple[tuple[Box, ...], ...]
"""The boxes of a form, those that stand side by side together."""

Show = Callable[[Request, Account], Response]
Take = Callable[[Request, Account, FormData], Response]


def endpoint(show: Show, take: Take, role: str = "documentalist") -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint of a page with a form, for those who may do what ``role`` may."""

    async def answer(request: Request) -> Response:
        account = await run_in_threadpool(require, request, role)
        if request.method != "POST":
            return await run_in_threadpool(show, request, account)
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        return await run_in_threadpool(take, request, account, form)

    return answer


def marked(rows: Rows, problems: Mapping[str, str], theirs: Mapping[str, str]) -> Rows:
    """Return boxes with their problems, and what somebody else saved there where it differs."""

    def mark(box: Box) -> Box:
        other = theirs.get(box.name, "")
        return replace(box, problem=problems.get(box.name, ""), theirs=other if other != box.value else "")

    return tuple(tuple(map(mark, row)) for row in rows)


def texts(form: FormData) -> dict[str, str]:
    """Return what was typed by name, trimmed, lines ended one way; of a name that repeats, the last."""
    return {name: _trimmed(value) for name, value in form.multi_items() if isinstance(value, str)}


def every(form: FormData, name: str) -> list[str]:
    """Return what was typed under a name that repeats, in its order, empty places left out."""
    return [text for value in form.getlist(name) if isinstance(value, str) and (text := clean(value))]


def flat(mapping: Mapping[str, Any]) -> dict[str, str]:
    """Return a mapping of an entry by the names of its boxes; lists stand one item a line."""
    found: dict[str, str] = {}
    for key, value in mapping.items():
        if isinstance(value, Mapping):
            found |= {f"{key}.{inner}": text for inner, text in flat(value).items()}
        elif isinstance(value, list | tuple):
            found[key] = "\n".join(str(as_value(item)) for item in value)
        else:
            found[key] = str(as_value(value))
    return found


def nested(values: Mapping[str, str], lists: Iterable[str] = ()) -> dict[str, Any]:
    """Return the mapping that boxes were filled in for. ``lists``: names, or their first parts, of one item a line."""
    made: dict[str, Any] = {}
    for name, text in values.items():
        *outer, last = name.split(".")
        many = name in lists or name.partition(".")[0] in lists
        place = made
        for key in outer if text.strip() else ():
            place = place.setdefault(key, {})
        if text.strip():
            place[last] = [line for raw in text.splitlines() if (line := raw.strip())] if many else text
    return made


def over(entry: Mapping[str, Any], typed: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return ``entry`` with what the boxes ``names`` hold in place of what it held there; the rest of it stays.

    A text that differs in its last line break alone is as it was.
    """
    made = copy.deepcopy(dict(entry))
    for name in names:
        *outer, last = name.split(".")
        value: Any = typed
        place = made
        for key in outer:
            value = value.get(key, {})
            if not isinstance(place.get(key), dict):
                place[key] = {}
            place = place[key]
        old, new = place.get(last), value.get(last)
        if not new:
            place.pop(last, None)
        elif not (isinstance(old, str) and _trimmed(old) == new):
            place[last] = new
    return _full(made)


def _full(value: dict[str, Any]) -> dict[str, Any]:
    """Return a mapping without what is empty in it, languages in their order."""
    full = {key: _full(item) if isinstance(item, dict) else item for key, item in value.items()}
    full = {key: item for key, item in full.items() if item not in (None, "", [], {})}
    rank = {lang: place for place, lang in enumerate(TEXT_LANGUAGES)}
    return dict(sorted(full.items(), key=lambda item: rank.get(item[0], 9))) if rank.keys() & full.keys() else full


def problems_by_box(problems: Iterable[Problem], names: Iterable[str], translate: Translate) -> dict[str, str]:
    """Return what is wrong by box; a problem without a box of its own goes to the nearest, or to the empty name."""
    known, found = set(names), cast("dict[str, str]", {})
    for problem in problems:
        name = problem.field
        while name and name not in known:
            name = name.rpartition(".")[0]
        name = name or next((box for box in names if problem.field and box.startswith(f"{problem.field}.")), "")
        found.setdefault(name, problem.text(translate))
    return found


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\0", "").splitlines()).strip("\n").strip()
