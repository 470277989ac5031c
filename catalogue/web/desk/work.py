"""``/desk/{lang}/jobs/{job}``: how far a change of very many files is; stopping it, going on, leaving it as it is.

The page can be left and come back to. What is done leads to the action in the history, where it can be undone.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue.errors import N_, NotFound, Translate
from catalogue.i18n import languages
from catalogue.mass import CHANGE, DONE, RUNNING, STOPPED, UNDO, MassChanges
from catalogue.runner import Busy
from catalogue.state import Account, Job
from catalogue.web import addresses
from catalogue.web.desk.actions import after
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.session import require
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.render import html

STATES = {
    (CHANGE, RUNNING): N_("Being changed"),
    (CHANGE, STOPPED): N_("Stopped"),
    (CHANGE, DONE): N_("Nothing was changed: somebody changed every one of these records in the meantime."),
    (UNDO, RUNNING): N_("Being undone"),
    (UNDO, STOPPED): N_("Stopped"),
    (UNDO, DONE): N_("Nothing was undone: every file was changed by somebody since."),
}


@dataclass(frozen=True)
class WorkPage:
    """A job that is at work or was stopped. ``undo``: takes back what it did so far."""

    frame: Frame
    desk: Desk
    job: Job
    here: str
    state: str
    problem: str
    active: bool  # the work goes on in this process
    undo: str


def one(request: Request) -> Response:
    """Show how far a job is; of one that is done, what it did."""
    account = require(request, "documentalist")
    return _shown(request, account, _job(request), "")


async def change(request: Request) -> Response:
    """Stop a job, go on with it, or leave it as it is."""
    account = await run_in_threadpool(require, request, "documentalist")
    async with request.form(max_files=0, max_fields=20) as form:
        act = str(form.get("act", ""))
    return await run_in_threadpool(_change, request, account, act)


def _change(request: Request, account: Account, act: str) -> Response:
    job, mass, lang = _job(request), _mass(request), language_of(request)
    if act == "stop":
        mass.stop(job)
    elif act == "leave":
        mass.leave(job)
        return RedirectResponse(addresses.desk(lang, "actions/"), 303)
    elif act == "go-on":
        try:
            mass.go_on(job)
        except Busy as error:
            return _shown(request, account, job, error.text(languages()[lang].gettext))
    return RedirectResponse(address(lang, job), 303)


def _shown(request: Request, account: Account, job: Job, problem: str) -> Response:
    lang = language_of(request)
    if job.state == DONE and job.action:
        done = "undone" if job.kind == UNDO else "changed"
        return RedirectResponse(after(lang, job.action, done, job.data["left"], job.data["of"]), 303)
    _ = languages()[lang].gettext
    changed = job.kind == CHANGE and _mass(request).history.still(job.action)
    page = WorkPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        job=job,
        here=address(lang, job),
        state=_(STATES[job.kind, job.state]),
        problem=problem or problem_of(job, _),
        active=_mass(request).runner.is_active(job),
        undo=addresses.desk(lang, f"actions/{job.action}/undo") if changed else "",
    )
    return html("desk_work.html", page, lang, Busy.status if problem else 200)


def address(lang: str, job: Job) -> str:
    """Return the page of a job."""
    return addresses.desk(lang, f"jobs/{job.id}")


def problem_of(job: Job, translate: Translate) -> str:
    """Return what stopped a job, in words; empty where nothing did."""
    problem = job.data.get("problem")
    return translate(problem[0]) % problem[1] if problem else ""


def _job(request: Request) -> Job:
    job = _mass(request).jobs.get(request.path_params["job"])
    if job.kind not in (CHANGE, UNDO):
        raise NotFound
    return job


def _mass(request: Request) -> MassChanges:
    mass: MassChanges = request.app.state.mass
    return mass
