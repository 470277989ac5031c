"""``/desk/{lang}/actions/``: what was done, to one file or to many, and how to take it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue.errors import N_, BadInput
from catalogue.mass import RUNNING, STOPPED, MassChanges
from catalogue.state import Job
from catalogue.state.history import KIND_NAMES
from catalogue.values import Said
from catalogue.web import addresses
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.revisions import ChangedFile, Doing, Teller, asked_id
from catalogue.web.desk.session import require
from catalogue.web.frame import Frame, make_frame
from catalogue.web.render import html

ACTIONS_A_PAGE = 50
FILES_A_PAGE = 20
MOST_NAMED = 20
"""Files left as they were that a page names; of more it says how many."""

_NOT_TO_UNDO = ("start",)
_DONE = {
    "changed": N_("The change is made."),
    "restored": N_("The version is back."),
    "undone": N_("It is undone."),
}


@dataclass(frozen=True)
class Unfinished:
    """A change of very many files that is under way or was stopped: ``done`` of ``total``."""

    href: str
    label: str
    who: str
    state: str
    done: int
    total: int


@dataclass(frozen=True)
class ActionsPage:
    """What was done, the last first. ``kinds``: (id, name) to narrow by; ``further``: the page of what came before.
    ``unfinished``: what is being done, or was stopped."""

    frame: Frame
    desk: Desk
    kinds: tuple[tuple[str, str], ...]
    kind: str
    actions: tuple[Doing, ...]
    further: str
    first: str
    unfinished: tuple[Unfinished, ...]


@dataclass(frozen=True)
class ActionPage:
    """One action and its files. ``done``: what has just happened; ``left``: files it left as they were, by name."""

    frame: Frame
    desk: Desk
    doing: Doing
    undo: str  # empty where it cannot be undone
    undoes: str  # the action that this one took back
    files: tuple[ChangedFile, ...]
    start: int
    previous: str
    next: str
    done: str
    left: tuple[Said, ...]
    left_more: int


def every(request: Request) -> Response:
    """List what was done, ``?kind=`` only of one kind, ``?before=`` an earlier page."""
    account = require(request, "documentalist")
    tell = Teller(request)
    kind = request.query_params.get("kind", "")
    kind = kind if kind in KIND_NAMES else ""
    before = _number(request.query_params.get("before", ""))
    found = tell.catalogue.state.history.actions([kind] if kind else (), ACTIONS_A_PAGE + 1, before)
    alone = tell.catalogue.state.history.lone_paths(action.id for action in found if action.files == 1)
    here = addresses.desk(tell.lang, "actions/")
    query = {"kind": kind} if kind else {}
    last = found[ACTIONS_A_PAGE - 1].id if len(found) > ACTIONS_A_PAGE else 0
    page = ActionsPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        kinds=tuple((id, tell._(name)) for id, name in KIND_NAMES.items()),
        kind=kind,
        actions=tuple(tell.doing(action, alone.get(action.id, "")) for action in found[:ACTIONS_A_PAGE]),
        further=f"{here}?{urlencode({**query, 'before': last})}" if last else "",
        first=f"{here}?{urlencode(query)}" if before else "",
        unfinished=tuple(_unfinished(request, tell)),
    )
    return html("desk_actions.html", page, tell.lang)


def one(request: Request) -> Response:
    """Show what an action did to its files, ``?start=`` from which on. Raises NotFound."""
    account = require(request, "documentalist")
    tell, history = Teller(request), request.app.state.catalogue.state.history
    action = history.action(asked_id(request, "action"))
    start = min(_number(request.query_params.get("start", "")), max(action.files - 1, 0))
    pairs = history.changes(action.id, start, FILES_A_PAGE)
    left = [path for path in request.query_params.get("left", "").split(",") if path]
    here = addresses.desk(tell.lang, f"actions/{action.id}")
    undoable = action.kind not in _NOT_TO_UNDO and not action.undone
    page = ActionPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        doing=tell.doing(action),
        undo=f"{here}/undo" if undoable else "",
        undoes=addresses.desk(tell.lang, f"actions/{action.undoes}") if action.undoes else "",
        files=tuple(tell.changed(before, after) for before, after in pairs),
        start=start,
        previous=f"{here}?start={max(start - FILES_A_PAGE, 0)}" if start else "",
        next=f"{here}?start={start + FILES_A_PAGE}" if start + FILES_A_PAGE < action.files else "",
        done=tell._(_DONE[done]) if (done := request.query_params.get("done", "")) in _DONE else "",
        left=tuple(map(tell.name, left[:MOST_NAMED])),
        left_more=max(_number(request.query_params.get("of", "")) - min(len(left), MOST_NAMED), 0),
    )
    return html("desk_action.html", page, tell.lang)


def _unfinished(request: Request, tell: Teller) -> Iterator[Unfinished]:
    names = {RUNNING: N_("Under way"), STOPPED: N_("Stopped")}
    for job in request.app.state.mass.unfinished():
        kind, label = tell._(KIND_NAMES[job.kind]), job.data["label"]
        yield Unfinished(
            href=addresses.desk(tell.lang, f"jobs/{job.id}"),
            label=f"{kind}: {label}" if label else kind,
            who=job.account,
            state=tell._(names[job.state]),
            done=job.done,
            total=job.total,
        )


async def undo(request: Request) -> Response:
    """Take an action back, and show the action that did so. Raises NotFound, BadInput where it was done before."""
    await run_in_threadpool(require, request, "documentalist")
    return await run_in_threadpool(_undo, request)  # of one of many files, a job does so: its page follows


def _undo(request: Request) -> Response:
    account = require(request, "documentalist")
    tell, action = Teller(request), asked_id(request, "action")
    mass: MassChanges = request.app.state.mass
    undone = mass.undo(action, account=account.name)
    if isinstance(undone, Job):
        return RedirectResponse(addresses.desk(tell.lang, f"jobs/{undone.id}"), 303)
    if not undone.back:
        raise BadInput(N_("Nothing was undone: every file was changed by somebody since."), field="action")
    return RedirectResponse(after(tell.lang, undone.action, "undone", undone.left), 303)


def after(lang: str, action: int, done: str, left: Sequence[str] = (), of: int = 0) -> str:
    """Return the page of an action that was just done (a key of ``_DONE``), naming the paths of files it left.

    ``of``: how many it left, where not all are named.
    """
    told = {"left": ",".join(left[:MOST_NAMED]), "of": max(of, len(left))} if left else {}
    return addresses.desk(lang, f"actions/{action}?{urlencode({'done': done, **told})}")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
