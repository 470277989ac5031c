"""``/desk/{lang}/records/{id}/history`` and ``/desk/{lang}/history/{revision}``: every version of a file, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue.differences import Difference
from catalogue.errors import N_, Conflict, InvalidRecord, NotFound
from catalogue.shapes import ID
from catalogue.state import Version
from catalogue.state.history import Revision
from catalogue.values import Said
from catalogue.web import addresses
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.revisions import Doing, Teller, asked_id, record_id
from catalogue.web.desk.session import require
from catalogue.web.frame import Frame, make_frame
from catalogue.web.render import html

CHANGED = N_("Somebody else has changed this in the meantime. Look at it once more: nothing was written.")
NO_RECORD = N_("This version cannot be brought back: it is no record that could be read today.")


@dataclass(frozen=True)
class HistoryPage:
    """The versions of a record, the newest first. ``state``: of the record now; ``current``: id of the present one."""

    frame: Frame
    desk: Desk
    id: str
    title: Said
    state: str  # there, faulty, deleted
    edit: str
    public: str
    current: int
    versions: tuple[Doing, ...]


@dataclass(frozen=True)
class RevisionPage:
    """One version: what changed in it, and what bringing it back would change now.

    ``is_new``: there was no file before. ``status``: the version is the present one, the deletion, or can be brought
    back. ``seen``: digest of the file as it is now. ``problem``: why it could not be brought back.
    """

    frame: Frame
    desk: Desk
    path: str
    title: Said
    doing: Doing
    history: str
    raw: str
    older: str
    newer: str
    status: str  # present, gone, restorable
    seen: str
    differences: tuple[Difference, ...]
    is_new: bool
    effect: tuple[Difference, ...]
    problem: str
    problems: tuple[str, ...]


def of_record(request: Request) -> Response:
    """List the versions of a record, of one that was deleted or whose file is faulty too. Raises NotFound."""
    account = require(request, "documentalist")
    tell, id = Teller(request), request.path_params["id"]
    versions = _versions(tell, id)
    record = tell.catalogue.contents.records.get(id)
    if not versions and record is None:
        raise NotFound
    now = tell.catalogue.version(id)
    page = HistoryPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        id=id,
        title=record.title.best(tell.lang) if record else Said(id, ""),
        state="there" if record else "faulty" if now.data is not None else "deleted",
        edit=addresses.desk(tell.lang, f"records/{id}") if record else "",
        public=addresses.record(tell.lang, id) if record and record.is_public else "",
        current=next((v.id for v in versions if v.digest == now.digest), 0),
        versions=tuple(map(tell.doing, versions)),
    )
    return html("desk_history.html", page, tell.lang)


def revision(request: Request) -> Response:
    """Show one version of a file. Raises NotFound."""
    require(request, "documentalist")
    return _show(request, "", 200)


def raw(request: Request) -> Response:
    """Send the bytes of a version as plain text, whatever they are. Raises NotFound."""
    require(request, "documentalist")
    _, version = _asked(Teller(request), request)
    if version.data is None:
        raise NotFound
    return Response(version.data, media_type="text/plain; charset=utf-8")


async def restore(request: Request) -> Response:
    """Bring a version back, unless somebody changed the file since the page that asks for it was shown."""
    await run_in_threadpool(require, request, "documentalist")
    async with request.form(max_files=0, max_fields=5) as form:
        return await run_in_threadpool(_restore, request, form)


def _restore(request: Request, form: FormData) -> Response:
    account = require(request, "documentalist")
    tell = Teller(request)
    found, _version = _asked(tell, request)
    try:
        made = tell.catalogue.restore(found.id, account=account.name, seen=str(form.get("seen", "")))
    except Conflict:
        return _show(request, tell._(CHANGED), Conflict.status)
    except InvalidRecord as error:
        told = tuple(problem.text(tell._) for problem in error.problems)
        return _show(request, tell._(NO_RECORD), InvalidRecord.status, told)
    page = f"actions/{made}?done=restored" if made else f"history/{found.id}"
    return RedirectResponse(addresses.desk(tell.lang, page), 303)


def _show(request: Request, problem: str, status: int, problems: tuple[str, ...] = ()) -> Response:
    account = require(request, "documentalist")
    tell = Teller(request)
    found, version = _asked(tell, request)
    id = record_id(found.path)
    siblings = _versions(tell, id) if id else tell.catalogue.state.history.of(found.path)
    newer, older = _beside(tell, siblings, found)
    now, before = _now(tell, found), _before(tell, siblings, found)
    present = "present" if now.digest == version.digest else "restorable"
    page = RevisionPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        path=found.path,
        title=tell.name(found.path),
        doing=tell.doing(found),
        history=addresses.desk(tell.lang, f"records/{id}/history") if id else "",
        raw=addresses.desk(tell.lang, f"history/{found.id}/raw") if version.data is not None else "",
        older=older,
        newer=newer,
        status="gone" if version.data is None else present,
        seen=now.digest,
        differences=tell.comparer.files(found.path, before.data, version.data),
        is_new=before.data is None,
        effect=tell.comparer.files(found.path, now.data, version.data) if present == "restorable" else (),
        problem=problem,
        problems=problems,
    )
    return html("desk_revision.html", page, tell.lang, status)


def _beside(tell: Teller, siblings: Sequence[Revision], found: Revision) -> tuple[str, str]:
    """Return the pages of the version after this one and of the one before; empty where there is none."""
    ids = [sibling.id for sibling in siblings]
    place = ids.index(found.id) if found.id in ids else 0
    return _page(tell, ids[max(place - 1, 0) : place]), _page(tell, ids[place + 1 : place + 2])


def _asked(tell: Teller, request: Request) -> tuple[Revision, Version]:
    return tell.catalogue.state.history.revision(asked_id(request, "revision"))


def _versions(tell: Teller, id: str) -> list[Revision]:
    """Return the versions of a record in whatever folder it was, the newest first."""
    if not ID.fullmatch(id):
        raise NotFound
    history = tell.catalogue.state.history
    found = [version for path in history.named("records", id) for version in history.of(path)]
    return sorted(found, key=lambda version: version.id, reverse=True)


def _now(tell: Teller, found: Revision) -> Version:
    """Return the file as it is now, in whatever folder the record is."""
    id = record_id(found.path)
    now = tell.catalogue.version(id) if id else None
    if now is not None and now.data is not None:
        return now
    return tell.catalogue.writer.version(tell.catalogue.settings.resources / found.path)


def _before(tell: Teller, siblings: list[Revision], found: Revision) -> Version:
    """Return the version before; of a file that was moved, the one it had in its old folder."""
    before = tell.catalogue.state.history.before(found)
    older = [other for other in siblings if other.id < found.id]
    if before.data is None and older and found.digest:
        earlier = next((other for other in older if other.digest), older[0])
        return tell.catalogue.state.history.revision(earlier.id)[1]
    return before


def _page(tell: Teller, ids: list[int]) -> str:
    return addresses.desk(tell.lang, f"history/{ids[0]}") if ids else ""
