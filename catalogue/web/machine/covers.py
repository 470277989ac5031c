"""``/covers/{mark}-{width}.webp``: the pictures of what visitors may see.

The address holds a mark of the content: what is changed has another one. A browser could therefore keep a picture for
as long as it likes, and may not: whoever is at the PC next would find in its cache what the last visitor was shown.
Nothing is made here: a picture that is not there yet is not found, at once.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import NotFound
from catalogue.service import Catalogue


def cover(request: Request) -> Response:
    """Answer with a picture in one of its widths."""
    catalogue: Catalogue = request.app.state.catalogue
    found = catalogue.file_pictures.image(request.path_params["mark"], request.path_params["width"])
    if found is None:
        raise NotFound
    return Response(found, media_type="image/webp", headers={"Cache-Control": "no-store"})
