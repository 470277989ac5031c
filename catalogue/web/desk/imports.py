"""``/desk/{lang}/import/``: send a file, say what its columns hold, look at what would happen, import it, undo it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from catalogue.errors import BadInput, CatalogueError, NotFound
from catalogue.exchange import delimited
from catalogue.exchange.registry import FORMATS, MOST_STREAMED
from catalogue.i18n import Language, languages
from catalogue.importing import (
    AT_WORK,
    CHECKED,
    CHECKING,
    DONE,
    KEPT,
    KIND,
    MAPPING,
    RUNNING,
    STATE_NAMES,
    STOPPED,
    UNDOING,
    UNDONE,
    Imports,
)
from catalogue.runner import Busy
from catalogue.state import Account, Job
from catalogue.web import addresses
from catalogue.web.controls import Option
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.import_view import (
    DELIMITER_NAMES,
    PER_PAGE,
    Column,
    ForAll,
    Part,
    RowView,
    View,
    mapping_of,
)
from catalogue.web.desk.posted_file import receive as receive_file
from catalogue.web.desk.session import require
from catalogue.web.desk.work_file import WorkFile
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.render import html


@dataclass(frozen=True)
class PastImport:
    """An import that was begun: where it stands, by whom it was begun and when."""

    name: str
    href: str
    state: str
    when: str
    account: str
    done: int
    undoable: bool


@dataclass(frozen=True)
class ImportsPage:
    """The form for a file, and the imports before. ``problem``: why the last file was not taken."""

    frame: Frame
    desk: Desk
    problem: str
    most: int
    accept: str
    days: int
    imports: tuple[PastImport, ...]


@dataclass(frozen=True)
class ImportPage:
    """One import. What it shows depends on where it stands."""

    frame: Frame
    desk: Desk
    job: Job
    here: str
    every: str
    state: str
    about: str
    problem: str
    active: bool  # the work goes on in this process
    problems: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    sample: tuple[RowView, ...] = ()
    for_all: tuple[ForAll, ...] = ()
    existing: tuple[Option, ...] = ()
    parts: tuple[Part, ...] = ()
    rows: tuple[RowView, ...] = ()
    wanted: int = 0
    undoable: bool = False
    undone: bool = False
    earlier: str = ""
    later: str = ""


def every(request: Request) -> Response:
    """The form for a file, and the imports before."""
    return _every(request, require(request, "documentalist"), "", 200)


async def receive(request: Request) -> Response:
    """Take a file; lead to its columns."""
    account = await run_in_threadpool(require, request, "documentalist")
    imports = _imports(request)
    try:
        async with receive_file(
            request, lambda name, size: WorkFile(imports.folder, name, size, MOST_STREAMED)
        ) as posted:
            file = posted.file()
            job = await run_in_threadpool(lambda: imports.receive(file.complete(), file.name, account.name))
    except BadInput as error:
        return await run_in_threadpool(_every, request, account, error.text(_language(request).gettext), error.status)
    return RedirectResponse(_here(request, job), 303)


def one(request: Request) -> Response:
    """One import: its columns, how far it is, its report, or what it did."""
    account = require(request, "documentalist")
    return _one(request, account, _job(request), ())


async def change(request: Request) -> Response:
    """Do what a button of the page of an import says."""
    account = await run_in_threadpool(require, request, "documentalist")
    async with request.form(max_files=0, max_fields=20_000) as form:
        pairs = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    return await run_in_threadpool(_change, request, account, pairs)


def report(request: Request) -> Response:
    """The report of an import as CSV."""
    require(request, "documentalist")
    view = View(_imports(request), _job(request), _language(request))
    if not view.imports.has_report(view.job):
        raise NotFound
    name = re.sub(r"[^\w.-]+", "-", view.job.data["name"].rpartition(".")[0] or "import")
    return StreamingResponse(
        delimited.write(view.report()),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{name}-report.csv')}"},
    )


def _change(request: Request, account: Account, form: Sequence[tuple[str, str]]) -> Response:
    imports, job = _imports(request), _job(request)
    act = next((value for name, value in form if name == "act"), "")
    if act in ("sample", "check"):
        imports.map(job, mapping_of(form, job.data["columns"]))
        job = imports.jobs.get(job.id)
        if act == "check" and (problems := View(imports, job, _language(request)).problems()):
            return _one(request, account, job, problems)
    try:
        return _begun(request, imports, job, act)
    except Busy as error:
        return _one(request, account, job, (), error.text(_language(request).gettext))


def _begun(request: Request, imports: Imports, job: Job, act: str) -> Response:
    if act == "check":
        imports.begin(job, CHECKING)
    elif act == "map":
        imports.map(job, View(imports, job, _language(request)).mapping)
    elif act == "run":
        imports.begin(job, RUNNING)
    elif act == "stop":
        imports.stop(job)
    elif act == "undo":
        imports.begin(job, UNDOING)
    elif act == "drop":
        imports.drop(job)
        return RedirectResponse(addresses.desk(language_of(request), "import/"), 303)
    elif act == "go-on" and job.state in AT_WORK:
        imports.begin(job, job.state)
    return RedirectResponse(_here(request, job), 303)


def _every(request: Request, account: Account, problem: str, status: int) -> Response:
    language, imports = _language(request), _imports(request)
    page = ImportsPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        problem=problem,
        most=MOST_STREAMED,
        accept=",".join(dict.fromkeys(end for format in FORMATS.values() if format.read for end in format.extensions)),
        days=KEPT.days,
        imports=tuple(_past(imports, job, language) for job in imports.jobs.of(KIND)),
    )
    return html("desk_imports.html", page, language.code, status)


def _past(imports: Imports, job: Job, language: Language) -> PastImport:
    undone = imports.is_undone(job)
    state = UNDONE if undone else job.state
    return PastImport(
        name=job.data["name"],
        href=addresses.desk(language.code, f"import/{job.id}"),
        state=language.gettext(STATE_NAMES[state]),
        when=f"{language.day(job.created.date())}, {language.time(job.created)}",
        account=job.account,
        done=job.done if job.state in (RUNNING, DONE, STOPPED) else 0,
        undoable=imports.is_undoable(job),
    )


def _one(request: Request, account: Account, job: Job, problems: tuple[str, ...], busy: str = "") -> Response:
    imports, language = _imports(request), _language(request)
    view = View(imports, job, language)
    undone = imports.is_undone(job)
    page = ImportPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        job=job,
        here=_here(request, job),
        every=addresses.desk(language.code, "import/"),
        state=view.state(),
        about=_about(job, language),
        problem=busy or view.problem(),
        active=imports.runner.is_active(job),
        problems=problems,
        undoable=imports.is_undoable(job),
        undone=undone,
        wanted=sum(view.counts()[fate] for fate in ("create", "change")),
    )
    parts = _mapping_parts(view) if job.state == MAPPING else _report_parts(request, view)
    status = Busy.status if busy else 422 if problems else 200
    return html("desk_import.html", replace(page, **parts), language.code, status)


def _mapping_parts(view: View) -> dict[str, Any]:
    try:
        columns, sample = view.mapped()
    except CatalogueError as error:
        return {"problem": error.text(view.language.gettext)}
    return {"columns": columns, "sample": sample, "for_all": view.for_all(), "existing": view.existing()}


def _report_parts(request: Request, view: View) -> dict[str, Any]:
    if view.job.state not in (CHECKED, DONE, STOPPED, UNDONE) or not view.imports.has_report(view.job):
        return {}
    asked, number = request.query_params.get("part", ""), request.query_params.get("page", "1")
    part = asked if asked in view.counts() else view.first_part()
    page = max(1, int(number)) if number.isdecimal() and len(number) < 7 else 1
    here = f"?part={part}&page="
    return {
        "parts": view.parts(part),
        "rows": view.rows(part, page),
        "earlier": f"{here}{page - 1}#report" if page > 1 else "",
        "later": f"{here}{page + 1}#report" if page * PER_PAGE < view.counts()[part] else "",
    }


def _about(job: Job, language: Language) -> str:
    """Return how the file was read, for who wonders about its letters: ``CSV · utf-8 · ;``."""
    about = job.data.get("about", {})
    named = DELIMITER_NAMES.get(about.get("delimiter", ""), "")
    delimiter = language.gettext(named) if named else ""
    format = FORMATS[job.data["format"]]
    words = (language.gettext(format.label), about.get("encoding", "").upper(), delimiter, about.get("sheet"))
    return " · ".join(filter(None, words))


def _job(request: Request) -> Job:
    job = _imports(request).jobs.get(request.path_params["job"])
    if job.kind != KIND:
        raise NotFound
    return job


def _here(request: Request, job: Job) -> str:
    return addresses.desk(language_of(request), f"import/{job.id}")


def _language(request: Request) -> Language:
    return languages()[language_of(request)]


def _imports(request: Request) -> Imports:
    imports: Imports = request.app.state.imports
    return imports
