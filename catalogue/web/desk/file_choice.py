"""``/desk/{lang}/files/choose``: a file for a field of the record form, sent now or chosen among those that are here.

``?draft=…&field=…`` say which field of which unfinished form it is for (see ``records.errand``). With
``Accept: application/json`` it lists the files that fit ``field`` and hold ``q`` in their names:
``{"files": [{"file": "media/…", "name", "label", "size"}], "total": n}``.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from catalogue.errors import N_, BadInput, CatalogueError, NotFound
from catalogue.folding import fold
from catalogue.i18n import languages
from catalogue.media import KINDS, Incoming, Kind, MediaFile
from catalogue.media.kinds import ending_of
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.web.desk.file_listing import Wanted
from catalogue.web.desk.file_pages import UploadForm, upload_form
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.posted_file import Posted, receive
from catalogue.web.desk.records.errand import Errand
from catalogue.web.desk.session import require
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.render import html

SHOWN = 40
"""Files that are offered at once."""

_OTHER_KIND = N_("A file of this kind cannot stand here. Its name should end in one of these: %(endings)s.")


@dataclass(frozen=True)
class FileOffer:
    """A file that can be chosen."""

    file: str
    name: str
    label: str
    size: str


@dataclass(frozen=True)
class ChoosePage:
    """The page. ``back``: the form; ``query``: the errand as the end of an address; ``total``: files that are found."""

    frame: Frame
    desk: Desk
    form: UploadForm
    here: str
    errand: Errand
    back: str
    q: str
    offers: tuple[FileOffer, ...]
    total: int


def choose(request: Request) -> Response:
    """Show the files to choose from, and what sends one."""
    account = require(request, "documentalist")
    if request.headers.get("accept", "").startswith("application/json"):
        offers, total = _offers(request, request.query_params.get("field", ""))
        return JSONResponse({"files": [vars(offer) for offer in offers], "total": total})
    return _page(request, account, _errand(request))


async def bring(request: Request) -> Response:
    """Take a file in, or one that is here (``path``), and put it into the draft; then back to the form."""
    account = await run_in_threadpool(require, request, "documentalist")
    catalogue, errand = _catalogue(request), _errand(request)
    wants_json = request.headers.get("accept", "").startswith("application/json")
    try:
        async with receive(request, catalogue.media.incoming) as posted:
            await run_in_threadpool(_bring, catalogue, account, errand, posted)
    except CatalogueError as error:
        if wants_json:
            text = error.text(languages()[language_of(request)].gettext)
            return JSONResponse({"error": {"code": error.code, "message": text, "field": "file"}}, 422)
        return await run_in_threadpool(_page, request, account, errand, error)
    form = errand.form(language_of(request))
    return JSONResponse({"next": form}, 201) if wants_json else RedirectResponse(form, 303)


def _bring(catalogue: Catalogue, account: Account, errand: Errand, posted: Posted[Incoming]) -> None:
    path, kinds = posted.fields.get("path", ""), kinds_for(errand.field)
    if path:
        catalogue.media.find(path)
        return errand.bring(catalogue, account, path)
    incoming = posted.file()
    if incoming.kind not in kinds:
        raise BadInput(
            _OTHER_KIND, endings=", ".join(ending for kind in kinds for ending in kind.endings), field="file"
        )
    path = catalogue.media.add(incoming, posted.fields.get("title", ""))
    return errand.bring(catalogue, account, path, incoming.name)


def kinds_for(field: str) -> tuple[Kind, ...]:
    """Return the kinds of files that a field of the form takes: subtitles, a transcript, a picture, or a document."""
    parts = field.split(".")
    wanted = ("captions",) if {"captions", "chapters"} & set(parts) else ("text",) if "transcript" in parts else ()
    if parts[0] == "cover":
        wanted = ("picture",)
    return tuple(kind for kind in KINDS if (kind.id in wanted if wanted else kind.id != "captions"))


def _offers(request: Request, field: str) -> tuple[tuple[FileOffer, ...], int]:
    language, wanted = languages()[language_of(request)], Wanted.from_params(request.query_params)
    files, kinds = _catalogue(request).media.files(), kinds_for(field)
    labels = {ending: language.gettext(kind.label) for kind in kinds for ending in kind.endings}
    found = [path for path in files if ending_of(path) in labels and fold(wanted.q) in fold(path)]
    shown: list[MediaFile] = [files[path] for path in wanted.sorted(found, files)[:SHOWN]]
    return tuple(
        FileOffer(file.path, file.path.removeprefix("media/"), labels[ending_of(file.path)], language.size(file.size))
        for file in shown
    ), len(found)


def _page(request: Request, account: Account, errand: Errand, error: CatalogueError | None = None) -> Response:
    lang = language_of(request)
    offers, total = _offers(request, errand.field)
    page = ChoosePage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        form=upload_form(languages()[lang], error, kinds_for(errand.field)),
        here=f"{request.url.path}{errand.query()}",
        errand=errand,
        back=errand.form(lang),
        q=request.query_params.get("q", "")[:100],
        offers=offers,
        total=total,
    )
    return html("desk_choose_file.html", page, lang, 422 if error else 200)


def _errand(request: Request) -> Errand:
    errand = Errand.of(request.query_params)
    if errand is None:
        raise NotFound
    return errand


def _catalogue(request: Request) -> Catalogue:
    catalogue: Catalogue = request.app.state.catalogue
    return catalogue
