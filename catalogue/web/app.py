"""The application: one visible table of routes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from catalogue.dump import Dump
from catalogue.errors import N_, CatalogueError, InsecureConnection, NotFound, SignInNeeded
from catalogue.harvest.runs import Harvests, pace_of
from catalogue.i18n import languages
from catalogue.importing import Imports
from catalogue.links.checks import LinkChecks, manners_of
from catalogue.mass import MassChanges
from catalogue.oai.publication import Publication
from catalogue.runner import Runner
from catalogue.service import Catalogue
from catalogue.web import documentation
from catalogue.web.advisor import editor, handed
from catalogue.web.desk import (
    accounts,
    actions,
    all_series,
    bulk,
    claim,
    duplicates,
    export,
    file_choice,
    harvest,
    history,
    imports,
    inventory,
    labels,
    links,
    merge,
    report,
    series,
    sign_in,
    start,
    todo,
    word,
    words,
    work,
)
from catalogue.web.desk import errors as desk_errors
from catalogue.web.desk import files as desk_files
from catalogue.web.desk import lists as editorial_lists
from catalogue.web.desk import texts as desk_texts
from catalogue.web.desk.boxes import endpoint
from catalogue.web.desk.records import form as record_form
from catalogue.web.guard import Guard
from catalogue.web.machine import (
    api,
    covers,
    files,
    formats,
    lookup,
    oai,
    openapi,
    opensearch,
    records,
    reference,
    sitemap,
    sru,
)
from catalogue.web.machine import feed as atom
from catalogue.web.throttle import Throttle
from catalogue.web.visitor import (
    browse,
    counting,
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

BOTH = ["GET", "POST"]

ROUTES = [
    Route("/", entrance.entrance),
    Route("/{lang:lang}/", entrance.home),
    Route("/{lang:lang}/search", search.search),
    Route("/{lang:lang}/record/{id}.json", records.beside_page),
    *formats.routes("/{lang:lang}/record/{id}"),
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
    Route("/{lang:lang}/count", counting.count, methods=["POST"]),
    Route("/station", station.station),
    Route("/desk/", start.to_language),
    Route("/desk/{lang:lang}/", start.start),
    Route("/desk/{lang:lang}/sign-in", sign_in.sign_in, methods=["GET", "POST"]),
    Route("/desk/{lang:lang}/sign-out", sign_in.sign_out, methods=["POST"]),
    Route("/desk/{lang:lang}/password", sign_in.password, methods=["GET", "POST"]),
    Route("/desk/{lang:lang}/todo/{list}", todo.work, methods=["GET", "POST"]),
    Route("/desk/{lang:lang}/duplicates/", duplicates.every),
    Route("/desk/{lang:lang}/duplicates/check", duplicates.check),
    Route("/desk/{lang:lang}/duplicates/{a}/{b}", merge.pair, methods=["GET", "POST"]),
    Route("/desk/{lang:lang}/series/", all_series.every),
    Route("/desk/{lang:lang}/series/{series}", endpoint(series.show, series.take), methods=BOTH),
    Route("/desk/{lang:lang}/series/{series}/claim", claim.claim),
    Route("/desk/{lang:lang}/labels", labels.labels),
    Route("/desk/{lang:lang}/links/", endpoint(links.show, links.take), methods=BOTH),
    Route("/desk/{lang:lang}/links/moved/{host}", endpoint(links.show_moved, links.take_moved), methods=BOTH),
    Route("/desk/{lang:lang}/words/", words.every),
    Route("/desk/{lang:lang}/words/labels", words.labels),
    Route("/desk/{lang:lang}/words/{vocabulary}/", words.one),
    Route("/desk/{lang:lang}/words/{vocabulary}/new", endpoint(word.show, word.take), methods=BOTH),
    Route("/desk/{lang:lang}/words/{vocabulary}/{id}", endpoint(word.show, word.take), methods=BOTH),
    Route("/desk/{lang:lang}/texts/", desk_texts.every),
    Route("/desk/{lang:lang}/texts/new", endpoint(desk_texts.show, desk_texts.take), methods=BOTH),
    Route("/desk/{lang:lang}/texts/{page}", endpoint(desk_texts.show, desk_texts.take), methods=BOTH),
    Route("/desk/{lang:lang}/centre", endpoint(desk_texts.show_centre, desk_texts.take_centre), methods=BOTH),
    Route("/desk/{lang:lang}/advise/", editor.edit, methods=["GET", "POST"]),
    Route("/desk/{lang:lang}/advise/list/{code}", handed.handed),
    Route("/desk/{lang:lang}/advise/list/{code}/change", editor.edit, methods=["GET", "POST"]),
    Route("/desk/{lang:lang}/advise/list/{code}/screen", handed.screen),
    Route("/desk/{lang:lang}/records/new", record_form.new),
    Route("/desk/{lang:lang}/records/new", record_form.send, methods=["POST"]),
    Route("/desk/{lang:lang}/records/new/preview", record_form.preview, methods=["POST"]),
    Route("/desk/{lang:lang}/records/{id}", record_form.change),
    Route("/desk/{lang:lang}/records/{id}", record_form.send, methods=["POST"]),
    Route("/desk/{lang:lang}/records/{id}/preview", record_form.preview, methods=["POST"]),
    Route("/desk/{lang:lang}/drafts", record_form.keep_draft, methods=["POST"]),
    Route("/desk/{lang:lang}/terms", record_form.terms),
    Route("/desk/{lang:lang}/records", inventory.records),
    Route("/desk/{lang:lang}/records/{id}/history", history.of_record),
    Route("/desk/{lang:lang}/history/{revision:int}", history.revision),
    Route("/desk/{lang:lang}/history/{revision:int}/raw", history.raw),
    Route("/desk/{lang:lang}/history/{revision:int}/restore", history.restore, methods=["POST"]),
    Route("/desk/{lang:lang}/actions/", actions.every),
    Route("/desk/{lang:lang}/actions/{action:int}", actions.one),
    Route("/desk/{lang:lang}/actions/{action:int}/undo", actions.undo, methods=["POST"]),
    Route("/desk/{lang:lang}/jobs/{job}", work.one),
    Route("/desk/{lang:lang}/jobs/{job}", work.change, methods=["POST"]),
    Route("/desk/{lang:lang}/bulk", bulk.to_records),
    Route("/desk/{lang:lang}/bulk", bulk.bulk, methods=["POST"]),
    Route("/desk/{lang:lang}/export", export.chosen, methods=["POST"]),
    Route("/desk/{lang:lang}/files/", desk_files.every),
    Route("/desk/{lang:lang}/files/", desk_files.upload, methods=["POST"]),
    Route("/desk/{lang:lang}/files/choose", file_choice.choose),
    Route("/desk/{lang:lang}/files/choose", file_choice.bring, methods=["POST"]),
    Route("/desk/{lang:lang}/files/file/{path:path}", desk_files.one),
    Route("/desk/{lang:lang}/files/see/{path:path}", desk_files.see),
    Route("/desk/{lang:lang}/files/replace/{path:path}", desk_files.replace, methods=["POST"]),
    Route("/desk/{lang:lang}/files/delete/{path:path}", desk_files.delete, methods=["POST"]),
    Route("/desk/{lang:lang}/harvest/", endpoint(harvest.show, harvest.take), methods=BOTH),
    Route("/desk/{lang:lang}/accounts/", accounts.every),
    Route("/desk/{lang:lang}/accounts/", accounts.add, methods=["POST"]),
    Route("/desk/{lang:lang}/accounts/{name}", accounts.one),
    Route("/desk/{lang:lang}/accounts/{name}/{change}", accounts.change, methods=["POST"]),
    Route("/desk/{lang:lang}/report/", report.newest),
    Route("/desk/{lang:lang}/report/{year:int}", report.year),
    Route("/desk/{lang:lang}/report/{year:int}/tables.zip", report.tables),
    Route("/desk/{lang:lang}/report/{year:int}/{table}.csv", report.table),
    Route("/desk/{lang:lang}/import/", imports.every),
    Route("/desk/{lang:lang}/import/", imports.receive, methods=["POST"]),
    Route("/desk/{lang:lang}/import/{job}", imports.one),
    Route("/desk/{lang:lang}/import/{job}", imports.change, methods=["POST"]),
    Route("/desk/{lang:lang}/import/{job}/report.csv", imports.report),
    Route("/media/{path:path}", files.media),
    Route("/captions/{path:path}", files.captions),
    Route("/covers/{mark}-{width:int}.webp", covers.cover),
    Route("/docs/", documentation.first),
    Route("/docs/{path:path}", documentation.page),
    Route("/static/{name}", files.static),
    Route("/colours.css", files.colours),
    Route("/api/search", api.search),
    Route("/api/suggest", api.suggest),
    Route("/api/records", records.records),
    Route("/api/records/lookup", lookup.lookup, methods=["POST"]),
    Route("/api/records/{id}", records.record),
    Route("/api/dump.jsonl.gz", records.dump),
    Route("/api/openapi.json", openapi.openapi),
    Route("/{lang:lang}/api", reference.reference),
    Route(oai.PATH, oai.oai, methods=BOTH),
    Route("/sru", sru.sru),
    Route("/{lang:lang}/feed.xml", atom.feed),
    Route("/opensearch.xml", opensearch.description),
    Route("/robots.txt", sitemap.robots),
    Route("/sitemap.xml", sitemap.sitemap),
    Route("/sitemap-{number:int}.xml", sitemap.part),
    Route("/healthz", api.health),
]


def _no_desk(request: Request) -> Response:
    raise NotFound(
        N_("Staff do not work on this server: it is for visitors only. Your administrator knows where the desk is.")
    )


_VISITORS = [
    *(route for route in ROUTES if not route.path.startswith("/desk")),
    Route("/desk{rest:path}", _no_desk),
]
"""Of a process without a desk (``CATALOGUE_DESK=0``)."""


def create_app(catalogue: Catalogue, watch: bool = True) -> ASGIApp:
    """Return the site over ``catalogue``; with ``watch`` it follows the folder while it runs, and closes at the end."""

    runner = Runner(catalogue.state.jobs)
    importer = Imports(catalogue, catalogue.settings.var / "imports", runner)
    mass = MassChanges(catalogue, catalogue.settings.var / "jobs", runner)
    contact = catalogue.settings.links_contact
    checks = LinkChecks(catalogue, catalogue.settings.var, lambda: manners_of(catalogue, contact))

    inside, at = bool(catalogue.settings.harvest_inside), catalogue.settings
    harvests = Harvests(catalogue, at.resources, at.var, lambda: pace_of(catalogue, contact, inside))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        if watch:
            catalogue.watch()
        if watch and catalogue.settings.desk:
            runner.resume()
            importer.tidy()
            checks.resume()
            harvests.resume()
        yield
        runner.close()
        checks.close()
        harvests.close()
        catalogue.close()

    app = Starlette(
        routes=ROUTES if catalogue.settings.desk else _VISITORS,
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
    app.state.harvests = harvests
    app.state.imports = importer
    app.state.links = checks
    app.state.mass = mass
    app.state.publication = Publication(lambda: catalogue.contents, catalogue.state)
    line = partial(records.as_line, catalogue)
    app.state.dump = Dump(catalogue.settings.cache / "dump", lambda: catalogue.contents, line)
    app.state.door = sign_in.Door()
    # Around everything, so that even the page of an unexpected error carries the headers.
    return Guard(app)
