"""The centre's own files, and the site's: with byte ranges, and headers that keep a file from acting as a page."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from catalogue.errors import NotFound
from catalogue.media import cues
from catalogue.service import Catalogue
from catalogue.web.render import STATIC

# Shown in the browser; everything else is handed over as a download.
_INLINE = ("application/pdf", "image/", "audio/", "video/", "text/vtt", "text/plain")

# A file cannot act as a page. Chromium's own PDF reader refuses to work in a sandbox; a PDF runs no script here.
_FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; img-src 'self'; sandbox"
_PDF_POLICY = "base-uri 'none'; frame-ancestors 'self'"

_STATIC_FILES = {path.name: path for path in STATIC.iterdir() if path.is_file()} if STATIC.is_dir() else {}
_YEAR = 365 * 24 * 3600

# Windows may know another type for scripts, with which browsers refuse to run them.
mimetypes.add_type("text/javascript", ".js")


def media(request: Request) -> Response:
    """``/media/{path}``: a file that a published record names; nothing else of the disk can be reached."""
    catalogue: Catalogue = request.app.state.catalogue
    path = catalogue.media_file(f"media/{request.path_params['path']}")
    if not path.is_file():
        raise NotFound
    return answer_with(path)


def captions(request: Request) -> Response:
    """``/captions/{path}``: captions of a published record as WebVTT in UTF-8, whatever their file is."""
    catalogue: Catalogue = request.app.state.catalogue
    path = catalogue.media_file(f"media/{request.path_params['path']}")
    if path.suffix.lower() not in (".vtt", ".srt") or not path.is_file():
        raise NotFound
    text = cues.as_webvtt(cues.decode(cues.load(path))[0])
    return Response(text, media_type="text/vtt", headers={"Cache-Control": "no-store"})


def answer_with(path: Path) -> Response:
    """Return a file of the centre, in byte ranges where they are asked for, so that it cannot act as a page."""
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    inline = kind.startswith(_INLINE) and kind != "image/svg+xml"
    answer = FileResponse(path, media_type=kind, content_disposition_type="inline" if inline else "attachment")
    answer.headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{_ascii(path.name)}"'
    answer.headers["Content-Security-Policy"] = _PDF_POLICY if kind == "application/pdf" else _FILE_POLICY
    answer.headers["Cache-Control"] = "no-store"
    return answer


def static(request: Request) -> Response:
    """``/static/{name}``: a file of the site itself. One asked for with its mark may be kept for a year."""
    path = _STATIC_FILES.get(request.path_params["name"])
    if path is None:
        raise NotFound
    marked = "v" in request.query_params
    control = f"public, max-age={_YEAR}, immutable" if marked else "no-cache"
    return FileResponse(path, headers={"Cache-Control": control})


def colours(request: Request) -> Response:
    """``/colours.css``: the colours that the centre gave its themes, as custom properties for the stylesheet."""
    catalogue: Catalogue = request.app.state.catalogue
    rules = "".join(
        f".theme-{c.theme},.shelf-{c.theme}{{--theme-ink:{c.ink};--theme-tint:{c.tint};--theme-dark:{c.dark}}}\n"
        for c in catalogue.contents.frame.centre.colours
    )
    return Response(rules, media_type="text/css", headers={"Cache-Control": "no-cache"})


def _ascii(name: str) -> str:
    return "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in name)
