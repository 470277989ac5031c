"""``/desk/{lang}/files/``: the centre's own files: which there are, where each is used, and how one comes in.

A script, such as that of the form for a record, sends ``POST /desk/{lang}/files/`` (multipart/form-data: ``title``,
then ``file``) with ``Accept: application/json``. It gets 201 ``{"file": "media/…", "kind", "size", "see", "page",
"next", "warning"}``, or the status of what went wrong with ``{"error": {"code", "message", "field"}}``. ``file`` is
what a holding's ``file`` takes; ``see`` shows the file to staff, ``page`` is its page here, ``next`` the same with
what was done. ``warning``: what to correct in captions that can be played all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from catalogue.custody import check
from catalogue.errors import N_, BadInput, CatalogueError
from catalogue.fields import WORD_NAMES
from catalogue.folding import fold
from catalogue.i18n import languages
from catalogue.media import KINDS, MediaFile
from catalogue.media.captions import RECODED, CaptionFault
from catalogue.media.kinds import ending_of
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.web import addresses
from catalogue.web.desk import file_faults
from catalogue.web.desk.file_listing import PER_PAGE, SHOWN, SORTS, Wanted
from catalogue.web.desk.file_pages import FilePage, FileRow, FilesPage, RecordLink, upload_form
from catalogue.web.desk.frame import make_desk
from catalogue.web.desk.paging import Page
from catalogue.web.desk.posted_file import receive
from catalogue.web.desk.session import require
from catalogue.web.frame import language_of, make_frame
from catalogue.web.machine.files import answer_with
from catalogue.web.render import html

_IN_RECORDS = N_("Records name this file: take it out of them first.")
_IN_DRAFTS = N_("An unfinished record of %(names)s names this file. Wait until it is saved or given up.")


def every(request: Request) -> Response:
    """All files, ``?show=unused`` or ``missing``, ``q`` in the name, ``sort`` and ``page``."""
    account = require(request, "documentalist")
    return _files_page(request, account)


async def upload(request: Request) -> Response:
    """Take a file in."""
    account = await run_in_threadpool(require, request, "documentalist")
    catalogue = _catalogue(request)
    try:
        async with receive(request, catalogue.media.incoming) as posted:
            incoming = posted.file()
            path = await run_in_threadpool(catalogue.media.add, incoming, posted.fields.get("title", ""))
    except CatalogueError as error:
        if _wants_json(request):
            return _refusal(request, error)
        return await run_in_threadpool(_files_page, request, account, error)
    return await run_in_threadpool(_kept, request, path, "added", incoming.faults)


def one(request: Request) -> Response:
    """A file: where it is used, and what can be done with it."""
    account = require(request, "documentalist")
    return _file_page(request, account)


def see(request: Request) -> Response:
    """The file itself, whether visitors may see it or not."""
    require(request, "documentalist")
    return answer_with(_catalogue(request).media.find(_path(request)))


async def replace(request: Request) -> Response:
    """Put another file in its place, under the same name; or one that records miss."""
    account = await run_in_threadpool(require, request, "documentalist")
    catalogue, path = _catalogue(request), _path(request)
    await run_in_threadpool(_known, catalogue, path)
    try:
        async with receive(request, catalogue.media.incoming) as posted:
            incoming = posted.file()
            check(account, catalogue.contents.naming.get(path, ()), catalogue.contents.frame.vocabularies)
            await run_in_threadpool(catalogue.media.put, incoming, path)
    except CatalogueError as error:
        if _wants_json(request):
            return _refusal(request, error)
        return await run_in_threadpool(_file_page, request, account, error)
    return await run_in_threadpool(_kept, request, path, "replaced", incoming.faults)


def delete(request: Request) -> Response:
    """Remove a file that no record names."""
    account = require(request, "documentalist")
    catalogue, path = _catalogue(request), _path(request)
    try:
        if path in catalogue.contents.naming:
            raise BadInput(_IN_RECORDS)
        if names := catalogue.state.drafts.holding(path):
            raise BadInput(_IN_DRAFTS, names=", ".join(names))
        catalogue.media.delete(path)
    except BadInput as error:
        return _file_page(request, account, error)
    return RedirectResponse(f"{addresses.desk(language_of(request), 'files/')}?deleted={quote(path)}", 303)


# --- pages --------------------------------------------------------------------------------------------------------


def _files_page(request: Request, account: Account, error: CatalogueError | None = None) -> Response:
    catalogue, language = _catalogue(request), languages()[language_of(request)]
    here = addresses.desk(language.code, "files/")
    files, naming = catalogue.media.files(), catalogue.contents.naming
    wanted = Wanted.from_params(request.query_params)
    shown = {show: wanted.among(show, files, naming) for show in SHOWN}
    paths = wanted.sorted([path for path in shown[wanted.show] if fold(wanted.q) in fold(path)], files)
    on_page = Page.of(paths, wanted.page, PER_PAGE)
    made = FilesPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        form=upload_form(language, error),
        here=here,
        show=wanted.show,
        shows=tuple((show, here + wanted.query(show=show, page=1), len(shown[show])) for show in SHOWN),
        q=wanted.q,
        sort=wanted.sort,
        sorts=tuple((sort, here + wanted.query(sort=sort, page=1)) for sort in SORTS),
        rows=tuple(_row(request, path, files.get(path), naming.get(path, ())) for path in on_page.items),
        total=len(paths),
        previous=here + wanted.query(page=on_page.earlier) if on_page.earlier else "",
        next=here + wanted.query(page=on_page.later) if on_page.later else "",
        deleted=request.query_params.get("deleted", "")[:200],
    )
    return html("desk_files.html", made, language.code, _status(error))


def _file_page(request: Request, account: Account, error: CatalogueError | None = None) -> Response:
    catalogue, path = _catalogue(request), _path(request)
    language = languages()[language_of(request)]
    _known(catalogue, path)
    file, records = catalogue.media.files().get(path), catalogue.contents.naming.get(path, ())
    made = FilePage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        form=upload_form(language, error),
        back=addresses.desk(language.code, "files/"),
        file=_row(request, path, file, records),
        changed=language.day(file.changed.date()) if file else "",
        public=addresses.media(path) if file and path in catalogue.contents.media else "",
        replace=_address(request, "replace", path),
        delete=_address(request, "delete", path),
        done=request.query_params.get("done", ""),
        ending=ending_of(path),
        faults=file_faults.of_file(catalogue, path, language),
    )
    return html("desk_file.html", made, language.code, _status(error))


def _row(request: Request, path: str, file: MediaFile | None, records: tuple[Resource, ...]) -> FileRow:
    lang = language_of(request)
    _ = languages()[lang].gettext
    kind = next((kind for kind in KINDS if ending_of(path) in kind.endings), None)
    return FileRow(
        path=path,
        name=path.removeprefix("media/"),
        href=_address(request, "file", path),
        see=_address(request, "see", path) if file else "",
        kind=kind.id if kind else "",
        label=_(kind.label) if kind else PurePosixPath(path).suffix.removeprefix(".").upper(),
        size=file.size if file else 0,
        is_there=file is not None,
        records=tuple(
            RecordLink(
                record.title.best(lang), addresses.desk(lang, f"records/{record.id}"), _(WORD_NAMES[record.status])
            )
            for record in records
        ),
    )


# --- inside -------------------------------------------------------------------------------------------------------


def _known(catalogue: Catalogue, path: str) -> None:
    """Raise NotFound unless there is such a file, or a record names it."""
    if path not in catalogue.contents.naming:
        catalogue.media.find(path)


def _kept(request: Request, path: str, done: str, faults: Sequence[CaptionFault]) -> Response:
    """Answer that a file is kept; ``faults``: of captions, as they came."""
    recoded = any(fault.message == RECODED for fault in faults)
    page = _address(request, "file", path)
    following = f"{page}?done={'recoded' if recoded else done}"
    if not _wants_json(request):
        return RedirectResponse(following, 303)
    kind = next(kind.id for kind in KINDS if ending_of(path) in kind.endings)
    made = {"file": path, "kind": kind, "size": _catalogue(request).media_size(path), "page": page, "next": following}
    warning = file_faults.warning(faults, languages()[language_of(request)])
    return JSONResponse(made | {"see": _address(request, "see", path), "warning": warning}, 201)


def _refusal(request: Request, error: CatalogueError) -> Response:
    message = error.text(languages()[language_of(request)].gettext)
    return JSONResponse({"error": {"code": error.code, "message": message, "field": "file"}}, _status(error))


def _status(error: CatalogueError | None) -> int:
    return 200 if error is None else 422 if isinstance(error, BadInput) else error.status


def _wants_json(request: Request) -> bool:
    return request.headers.get("accept", "").startswith("application/json")


def _path(request: Request) -> str:
    return f"media/{request.path_params['path']}"


def _address(request: Request, part: str, path: str) -> str:
    return addresses.desk(language_of(request), f"files/{part}/{quote(path.removeprefix('media/'))}")


def _catalogue(request: Request) -> Catalogue:
    catalogue: Catalogue = request.app.state.catalogue
    return catalogue
