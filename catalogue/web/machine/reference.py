"""``/{lang}/api``: the description of the API for people, made of the document for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from catalogue.i18n import languages
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.machine import openapi
from catalogue.web.machine.endpoints import ENDPOINTS, ERRORS, Endpoint
from catalogue.web.machine.parameters import Schema
from catalogue.web.render import html

Words = tuple[tuple[str, str], ...]
"""The form of a value: words, each with the schema that it leads to, empty for none."""


@dataclass(frozen=True)
class Row:
    """A parameter, or a key of an answer. ``values``: those it can have, where they are few and fixed."""

    name: str
    form: Words
    about: str
    values: tuple[str, ...]
    default: str = ""
    required: bool = False


@dataclass(frozen=True)
class Section:
    """An endpoint. ``example``: an address to try, empty where one cannot simply go there."""

    id: str
    method: str
    path: str
    title: str
    about: str
    example: str
    parameters: tuple[Row, ...]
    question: Words
    answer: Words
    media: str
    tagged: bool


@dataclass(frozen=True)
class Shape:
    """A form that answers have: its keys."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Error:
    """A code, its HTTP status, what it means."""

    code: str
    status: int
    about: str


@dataclass(frozen=True)
class ReferencePage:
    """``/{lang}/api``."""

    frame: Frame
    title: str
    about: str
    document: str
    sections: tuple[Section, ...]
    shapes: tuple[Shape, ...]
    errors: tuple[Error, ...]


def reference(request: Request) -> Response:
    """Show what programs can ask, in the reader's language."""
    lang = language_of(request)
    _ = languages()[lang].gettext
    several = bool(request.app.state.catalogue.contents.frame.vocabularies.centres)
    page = ReferencePage(
        frame=make_frame(request),
        title=_(openapi.TITLE),
        about=_(openapi.ABOUT),
        document=f"/api/openapi.json?lang={lang}",
        sections=_sections(lang, several),
        shapes=_shapes(lang, several),
        errors=tuple(Error(code, status, _(about)) for code, (status, about) in ERRORS.items()),
    )
    return html("api.html", page, lang)


@cache
def _sections(lang: str, several: bool) -> tuple[Section, ...]:
    paths = openapi.document(lang, several=several)["paths"]
    return tuple(_section(endpoint, paths[endpoint.path][endpoint.method.lower()], lang) for endpoint in ENDPOINTS)


def _section(endpoint: Endpoint, told: Mapping[str, Any], lang: str) -> Section:
    parameters = [one for one in told["parameters"] if one["in"] != "header"]
    question = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    simple = endpoint.method == "GET" and "{" not in endpoint.path
    spoken = f"{'&' if endpoint.example else '?'}lang={lang}" if any(p["name"] == "lang" for p in parameters) else ""
    return Section(
        id=endpoint.name,
        method=endpoint.method,
        path=endpoint.path,
        title=told["summary"],
        about=told["description"],
        example=f"{endpoint.path}{endpoint.example}{spoken}" if simple else "",
        parameters=tuple(_row(one["name"], {**one["schema"], **one}, one["required"]) for one in parameters),
        question=tuple(_words(question)),
        answer=tuple(_words(told["responses"]["200"]["content"][endpoint.media]["schema"])),
        media=endpoint.media,
        tagged=endpoint.tagged,
    )


@cache
def _shapes(lang: str, several: bool) -> tuple[Shape, ...]:
    schemas = openapi.document(lang, several=several)["components"]["schemas"]
    return tuple(Shape(name, tuple(_rows(schema))) for name, schema in schemas.items())


def _rows(schema: Schema, before: str = "") -> Iterator[Row]:
    """Yield the keys of an object, and those of the objects in it that have no name of their own."""
    for name, value in schema["properties"].items():
        path = f"{before}{name}"
        yield _row(path, value, name in schema.get("required", ()))
        inner = value.get("items", value)
        if "properties" in inner:
            yield from _rows(inner, f"{path}{'[]' if 'items' in value else ''}.")


def _row(name: str, value: Schema, required: bool) -> Row:
    default = value.get("default", "")
    values = tuple(value.get("enum", ()))
    return Row(name, tuple(_words(value)), value.get("description", ""), values, str(default), required)


def _words(schema: Schema) -> Iterator[tuple[str, str]]:
    """Yield the form of a value as one reads it: ``Hit[]``, ``string | null``."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield name, name
    elif "anyOf" in schema:
        for number, one in enumerate(schema["anyOf"]):
            yield from [(" | ", "")] if number else []
            yield from _words(one)
    elif "items" in schema:
        yield from _words(schema["items"])
        yield "[]", ""
    elif "prefixItems" in schema:
        yield "[" + ", ".join(one["type"] for one in schema["prefixItems"]) + "]", ""
    elif isinstance(schema.get("additionalProperties"), Mapping):
        yield "{…: ", ""
        yield from _words(schema["additionalProperties"])
        yield "}", ""
    elif "type" in schema:
        kind = schema["type"]
        yield kind if isinstance(kind, str) else " | ".join(kind), ""
