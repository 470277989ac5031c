"""The API is what its document says: each endpoint, parameter, answer; a program that tries it finds no breach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from catalogue.errors import CatalogueError, ErrorCode
from catalogue.fields import FACETS, OF_A_NETWORK, RecordFields
from catalogue.i18n import languages
from catalogue.query import Query
from catalogue.service import Catalogue
from catalogue.shapes import declared
from catalogue.web.app import ROUTES, create_app
from catalogue.web.machine.endpoints import ENDPOINTS, ERRORS, RECORD, SEARCH
from catalogue.web.machine.openapi import document

LANGS = tuple(languages())
ASKED = {
    "search": ["", "?q=infirmier&lang=nl", "?theme=work&theme=learn&sort=newest&per_page=2", "?q=infrmier", "?page=9"],
    "suggest": ["?q=em", "?q=ver&lang=nl"],
    "records": ["", "?per_page=3", "?cursor=jobyourself&lang=nl"],
    "record": [""],
    "document": ["", "?lang=nl"],
}


@pytest.fixture(scope="module")
def client(example: Catalogue) -> Iterator[TestClient]:
    app = create_app(example, watch=False)
    yield TestClient(app, raise_server_exceptions=False)  # not entered: its end would close the catalogue of others


def schema_of(name: str, lang: str = "en") -> dict[str, Any]:
    """The schema of what an endpoint answers, with everything that it refers to."""
    told = document(lang)
    endpoint = next(one for one in ENDPOINTS if one.name == name)
    answer = told["paths"][endpoint.path][endpoint.method.lower()]["responses"]["200"]
    return {**answer["content"][endpoint.media]["schema"], "components": told["components"]}


@pytest.mark.parametrize("lang", LANGS)
def test_the_document_is_openapi_in_every_language(client: TestClient, lang: str) -> None:
    told = client.get(f"/api/openapi.json?lang={lang}").json()
    assert told == document(lang)
    assert told["openapi"].startswith("3.1.")
    for schema in told["components"]["schemas"].values():
        assert jsonschema_rs.meta.is_valid({**schema, "$schema": "https://json-schema.org/draft/2020-12/schema"})
    references = set(re.findall(r"'#/components/schemas/(\w+)'", str(told)))
    assert references <= told["components"]["schemas"].keys()
    assert client.get("/api/openapi.json").json() == document("en")


_ALIKE = ("Centre", "Code", "Contact", "Copies", "Dates", "E-mail", "Sector", "Source", "Status")
"""Words that are the same in two of the languages."""


def test_what_is_said_is_translated() -> None:
    def texts(value: Any, found: list[str]) -> list[str]:
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            if key in ("description", "summary", "title") and isinstance(item, str):
                found.append(item)
            elif isinstance(item, dict | list):
                texts(item, found)
        return found

    english, dutch, french = (texts(document(lang), []) for lang in ("en", "nl", "fr"))
    assert len(english) == len(dutch) == len(french) > 150
    same = {a for a, b, c in zip(english, dutch, french, strict=True) if a in (b, c)}
    assert same <= {"OK", "RFC 9110, 8.8.3", "RFC 9110, 10.2.3", "ISBN", "ISSN", "EAN", *_ALIKE}


def test_every_route_of_the_api_is_declared_and_every_declaration_has_its_route() -> None:
    served = {
        (method, route.path)
        for route in ROUTES
        if route.path.startswith("/api/")
        for method in route.methods or ()
        if method != "HEAD"
    }
    assert served == {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}


def test_the_search_is_asked_by_the_words_of_the_pages() -> None:
    """What the declaration lets pass, the query understands; and the other way round."""
    names = [parameter.name for parameter in SEARCH.parameters]
    assert Query.from_params((name, "1" if name != "sort" else "title") for name in names)[1] == ()
    assert {*FACETS, "q", "sort", "page", "per_page", "expand", "exact", "lang"} == {*names}


def test_every_error_has_a_code_of_the_list() -> None:
    waiting, seen = [CatalogueError], set[type[CatalogueError]]()
    while waiting:
        error = waiting.pop()
        seen.add(error)
        waiting += error.__subclasses__()
    assert {error.code for error in seen} | {ErrorCode.METHOD_NOT_ALLOWED} == {*ErrorCode}
    status = {error.code: error.status for error in seen if "code" in vars(error)}
    assert all(status.get(code, told) == told for code, (told, _) in ERRORS.items())


@pytest.mark.parametrize(("name", "query"), [(name, query) for name, queries in ASKED.items() for query in queries])
def test_answers_are_what_the_document_says(client: TestClient, example: Catalogue, name: str, query: str) -> None:
    endpoint = next(one for one in ENDPOINTS if one.name == name)
    validator = jsonschema_rs.validator_for(schema_of(name), validate_formats=True)
    for id in [record.id for record in example.contents.ordered] if endpoint is RECORD else [""]:
        answer = client.get(endpoint.path.replace("{id}", id) + query)
        assert answer.status_code == 200, answer.text
        assert [error.message for error in validator.iter_errors(answer.json())] == []


def test_a_record_of_every_field_is_what_the_document_says(client: TestClient) -> None:
    """Every field that visitors see is in the schema, and none of the staff's."""
    told = document("en", several=True)["components"]["schemas"]["Record"]["properties"]
    fields = declared(RecordFields)
    assert told.keys() == {"id", "url"} | {name for name, field in fields.items() if not field.private}
    assert told.keys() - document("en")["components"]["schemas"]["Record"]["properties"] == {*OF_A_NETWORK}
    assert "suspended" not in told["holdings"]["items"]["properties"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/search?colour=red", 400, "bad-input"),
        ("GET", "/api/records?cursor=NO", 400, "bad-input"),
        ("GET", "/api/records?page=2", 400, "bad-input"),
        ("GET", "/api/records/jobyourself?lang=xx", 400, "bad-input"),
        ("GET", "/api/dump.jsonl.gz?x=1", 400, "bad-input"),
        ("GET", "/api/openapi.json?lang=de", 400, "bad-input"),
        ("GET", "/api/records/nothing-here", 404, "not-found"),
        ("GET", "/api/nothing-here", 404, "not-found"),
        ("DELETE", "/api/records", 405, "method-not-allowed"),
        ("POST", "/api/search", 405, "method-not-allowed"),
    ],
)
def test_errors_are_told_in_the_language_that_is_asked_for(
    client: TestClient, method: str, path: str, status: int, code: str
) -> None:
    said = set()
    for lang in ("fr", "nl", "en"):
        spoken = path if "lang=" in path else f"{path}{'&' if '?' in path else '?'}lang={lang}"
        answer = client.request(method, spoken, headers={"accept-language": lang})
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert jsonschema_rs.is_valid({"$ref": "#/components/schemas/ErrorAnswer", **document("en")}, answer.json())
        said.add(answer.json()["error"]["message"])
    assert len(said) == 3


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_shows_all_of_it_without_anything_from_outside(client: TestClient, lang: str) -> None:
    page = client.get(f"/{lang}/api").text
    for endpoint in ENDPOINTS:
        assert f'id="{endpoint.name}"' in page
        assert all(f"<code>{parameter.name}</code>" in page for parameter in endpoint.offered(False))
    for name in document(lang)["components"]["schemas"]:
        assert f'id="{name}"' in page
    assert all(f"<code>{code}</code>" in page for code in ERRORS)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))
    assert not re.findall(r'(?:src|href)="https?://(?!example)[^"]+\.(?:js|css)', page)


# --- a program that tries -------------------------------------------------------------------------------------


_NOTHING_WRONG = ("/api/dump.jsonl.gz",)
"""Where nothing that is declared can be violated: any text will do."""


def tried(app: ASGIApp, examples: int) -> None:
    """Let schemathesis ask what the document allows and what it does not, and compare each answer with it."""
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        for mode in schemathesis.GenerationMode:
            if mode.is_negative and operation.path in _NOTHING_WRONG:
                continue

            @settings(
                max_examples=examples,
                derandomize=True,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: schemathesis.Case[Any]) -> None:
                case.call_and_validate()

            ask()


def staying_open(catalogue: Catalogue) -> ASGIApp:
    """The site over a catalogue of others, whose end is not told to it: it would close the catalogue."""
    app = create_app(catalogue, watch=False)

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for stage in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{stage}.complete"})

    return asked


@pytest.mark.filterwarnings("default")
def test_a_program_that_tries_finds_no_breach(example: Catalogue) -> None:
    tried(staying_open(example), 3)
    assert example.search(Query(text="emploi"), "fr").results.total, "the catalogue of the other tests is open"


@pytest.mark.soak
@pytest.mark.filterwarnings("default")
def test_a_program_that_tries_long_finds_no_breach(example: Catalogue) -> None:
    tried(staying_open(example), 100)
