"""``/desk/{lang}/export``: the records chosen in the list, or all that were found, as a file in any format."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from catalogue.errors import N_, BadInput
from catalogue.exchange.registry import FORMATS, Format
from catalogue.inventory import Wanted
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.web.desk.session import require
from catalogue.web.frame import language_of
from catalogue.web.machine.formats import naming_of


async def chosen(request: Request) -> Response:
    """Send the records as a file; nothing is kept on the server."""
    await run_in_threadpool(require, request, "documentalist")
    async with request.form(max_files=0, max_fields=20_000) as form:
        return await run_in_threadpool(_file, request, form)


def _file(request: Request, form: FormData) -> Response:
    catalogue: Catalogue = request.app.state.catalogue
    lang = language_of(request)
    format = _format(str(form.get("format", "")))
    assert format.write, "only formats that can be written are offered"
    day = catalogue.now().date()
    return StreamingResponse(
        format.write(_records(catalogue, form), naming_of(request, lang)),
        media_type=format.media_types[0],
        headers={"Content-Disposition": f'attachment; filename="records-{day}{format.extensions[0]}"'},
    )


def _format(name: str) -> Format:
    found = FORMATS.get(name)
    if found is None or found.write is None:
        raise BadInput(N_("“%(value)s” is no format in which records can be written."), value=name[:40])
    return found


def _records(catalogue: Catalogue, form: FormData) -> Sequence[Resource]:
    """Return the records whose boxes are ticked; all that the search finds where none is."""
    contents = catalogue.contents
    ticked = [contents.records[id] for id in map(str, form.getlist("id")) if id in contents.records]
    wanted = Wanted.from_params(dict(parse_qsl(str(form.get("found", "")).lstrip("?"))))
    return ticked or catalogue.inventory.find(contents, wanted, catalogue.now().date())
