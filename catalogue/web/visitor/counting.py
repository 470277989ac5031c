"""``POST /{lang}/count``: what only the page knows: that it is printed, read aloud, that reading help is on."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from catalogue.counters import FROM_PAGES
from catalogue.errors import BadInput
from catalogue.service import Catalogue
from catalogue.web.frame import language_of

MOST_BYTES = 100
"""A name and nothing else: whatever is longer is not read."""


async def count(request: Request) -> Response:
    """Add one to the sum that the body names, as ``print``. Raises BadInput for any other text."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise BadInput(field="what")
    event = body.decode("ascii", "replace")
    if event not in FROM_PAGES:
        raise BadInput(field="what")
    catalogue: Catalogue = request.app.state.catalogue
    catalogue.count(event, lang=language_of(request))
    return Response(status_code=204)
