"""``/covers/{mark}-{width}.webp``: the pictures of what visitors may see, kept by browsers for as long as they like.

The address holds a mark of the content: what is changed has another one. Nothing is made here: a picture that is not
there yet is not found, at once.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import NotFound
from catalogue.service import Catalogue

_YEAR = 365 * 24 * 3600


def cover(request: Request) -> Response:
    """Answer with a picture in one of its widths. ``private``: no proxy keeps it once its record is gone."""
    catalogue: Catalogue = request.app.state.catalogue
    found = catalogue.file_pictures.image(request.path_params["mark"], request.path_params["width"])
    if found is None:
        raise NotFound
    return Response(found, media_type="image/webp", headers={"Cache-Control": f"private, max-age={_YEAR}, immutable"})
