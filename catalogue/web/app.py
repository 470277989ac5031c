"""The application: one visible table of routes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import ASGIApp

from catalogue.errors import CatalogueError, InsecureConnection, SignInNeeded
from catalogue.i18n import languages
from catalogue.importing import Imports
from catalogue.service import Catalogue
from catalogue.web.advisor import editor, handed
from catalogue.web.desk import errors as desk_errors
from catalogue.web.desk import imports, sign_in, start
from catalogue.web.desk import lists as editorial_lists
from catalogue.web.guard import Guard
from catalogue.web.machine import api, files, lookup
from catalogue.web.throttle import Throttle
from catalogue.web.visitor import (
    browse,
    end,
    entrance,
    errors,
    lists,
    occupation,
    occupations,
    ordering,
    other_languages,
    questions,
    record,
    search,
    selections,
    station,
    texts,
)


class _Lang(Convertor[str]):
    """``{lang:lang}``: an installed interface language."""

    regex = "|".join(languages())

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("lang", _Lang())

ROUTES = [
    Route("/", entrance.entrance),
    Route("/{lang:lang}/", entrance.home),
    Route("/{lang:lang}/search", search.search),
    Route("/{lang:lang}/record/{id}.json", api.record),
    Route("/{lang:lang}/record/{id}", record.record),
    Route("/{lang:lang}/record/{id}/problem", record.report, methods=["POST"]),
    Route("/{lang:lang}/theme/{id}", browse.theme),
    Route("/{lang:lang}/occupation/{id}", occupation.occupation),
    Route("/{lang:lang}/occupations", occupations.occupations),
    Route("/{lang:lang}/occupations/sector/{id}", occupations.sector),
    Route("/{lang:lang}/questions", questions.questions),
    Route("/languages/{code}", other_languages.language),
    Route("/{lang:lang}/new", browse.new),
    Route("/{lang:lang}/list", lists.own),
    Route("/{lang:lang}/list", lists.hand_over, methods=["POST"]),
    Route("/{lang:lang}/list/{code}", lists.handed),
    Route("/{lang:lang}/code", lists.code),
    Route("/{lang:lang}/code", lists.open_code, methods=["POST"]),
    Route("/{lang:lang}/help", texts.text),
    Route("/{lang:lang}/accessibility", texts.text),
    Route("/{lang:lang}/privacy", texts.text),
    Route("/{lang:lang}/how-results-are-ordered", ordering.ordering),
    Route("/{lang:lang}/selections", selections.every),
    Route("/{lang:lang}/selection/{slug}", selections.one),
    Route("/{lang:lang}/steps/{slug}", selections.one),
    Route("/desk/{lang:lang}/advise/lists/", editorial_lists.every),
    Route("/desk/{lang:lang}/advise/lists/{slug}/pick", editorial_lists.pick),
    Route("/desk/{lang:lang}/advise/lists/{slug}/poster", editorial_lists.poster),
    Route("/desk/{lang:lang}/advise/lists/{slug}/slides", editorial_lists.slides),
    Route("/{lang:lang}/end", end.end, methods=["GET", "HEAD"]),
    Route("/{lang:lang}/end", end.say, methods=["POST"]),
    Route("/station", station.station),
    Route("/desk/", start.to_language),
    Route("/desk/{lang:lang}/", start.start),
    Route("/desk/{lang:lang}/sign-in", sign_in.sign_in, methods=["GET", "POST"]),
    Route("/desk/{lang:lang}/sign-out", sign_in.sign_out, methods=["POST"]),
    Route("/desk/{lang:lang}/password", sign_in.password, methods=["GET", "POST"]),
    Route("/desk/{lang:lang}/advise/", editor.edit, methods=["GET", "POST"]),
    Route("/desk/{lang:lang}/advise/list/{code}", handed.handed),
    Route("/desk/{lang:lang}/advise/list/{code}/change", editor.edit, methods=["GET", "POST"]),
    Route("/desk/{lang:lang}/advise/list/{code}/screen", handed.screen),
    Route("/desk/{lang:lang}/import/", imports.every),
    Route("/desk/{lang:lang}/import/", imports.receive, methods=["POST"]),
    Route("/desk/{lang:lang}/import/{job}", imports.one),
    Route("/desk/{lang:lang}/import/{job}", imports.change, methods=["POST"]),
    Route("/desk/{lang:lang}/import/{job}/report.csv", imports.report),
    Route("/media/{path:path}", files.media),
    Route("/static/{name}", files.static),
    Route("/colours.css", files.colours),
    Route("/api/search", api.search),
    Route("/api/suggest", api.suggest),
    Route("/api/records/lookup", lookup.lookup, methods=["POST"]),
    Route("/api/records/{id}", api.record),
    Route("/healthz", api.health),
]


def create_app(catalogue: Catalogue, watch: bool = True) -> ASGIApp:
    """Return the site over ``catalogue``; with ``watch`` it follows the folder while it runs, and closes at the end."""

    importer = Imports(catalogue, catalogue.settings.var / "imports")

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        if watch:
            catalogue.watch()
            importer.resume()
        yield
        importer.close()
        catalogue.close()

    app = Starlette(
        routes=ROUTES,
        lifespan=lifespan,
        exception_handlers={
            SignInNeeded: desk_errors.sign_in_needed,
            InsecureConnection: desk_errors.insecure,
            CatalogueError: errors.catalogue_error,
            HTTPException: errors.http_error,
            Exception: errors.unexpected,
        },
    )
    app.state.catalogue = catalogue
    app.state.code_throttle = Throttle()
    app.state.imports = importer
    app.state.door = sign_in.Door()
    # Around everything, so that even the page of an unexpected error carries the headers.
    return Guard(app)
