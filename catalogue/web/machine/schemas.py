"""JSON Schemas (draft 2020-12) of what the API answers: from the types of answers, and the declaration of records."""

from __future__ import annotations

import operator
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce, singledispatch
from typing import Annotated, Any, Literal, NotRequired, Union

from catalogue import shapes
from catalogue.errors import Translate
from catalogue.fields import RecordFields
from catalogue.shapes import Shape
from catalogue.web.machine.answered import ID, URL, PublicRecord
from catalogue.web.machine.parameters import Schema

_PLAIN: Mapping[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean", types.NoneType: "null"}
_TEXTS: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
RECORD = "Record"


def reference(name: str) -> dict[str, Any]:
    """Return what stands for a schema that has a name in the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def of_type(annotation: Any, translate: Translate) -> dict[str, Any]:
    """Return the schema of a type of an answer; types with a name of their own are referred to."""
    kind, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if kind is Annotated:
        said = [{"description": translate(one)} if isinstance(one, str) else one for one in inner[1:]]
        return reduce(operator.or_, said, of_type(inner[0], translate))
    if typing.is_typeddict(annotation):
        return reference(annotation.__name__)
    if kind is None and annotation in _PLAIN:
        return {"type": _PLAIN[annotation]}
    if annotation == PublicRecord:
        return reference(RECORD)
    if annotation is object:
        return {}
    return _BY_KIND[kind](inner, translate)


def _either(inner: tuple[Any, ...], translate: Translate) -> dict[str, Any]:
    return {"anyOf": [of_type(one, translate) for one in inner]}


_BY_KIND: Mapping[Any, Callable[[tuple[Any, ...], Translate], dict[str, Any]]] = {
    Literal: lambda inner, _: {"type": "string", "enum": list(inner)},
    NotRequired: lambda inner, translate: of_type(inner[0], translate),
    Union: _either,
    types.UnionType: _either,
    list: lambda inner, translate: {"type": "array", "items": of_type(inner[0], translate)},
    dict: lambda inner, translate: {"type": "object", "additionalProperties": of_type(inner[1], translate)},
    tuple: lambda inner, translate: {
        "type": "array",
        "prefixItems": [of_type(one, translate) for one in inner],
        "minItems": len(inner),
        "maxItems": len(inner),
    },
}


def of_answer(answer: Any, translate: Translate) -> dict[str, Any]:
    """Return the schema of a TypedDict, its description and those of its keys."""
    hints = typing.get_type_hints(answer, include_extras=True)
    properties = {name: of_type(hint, translate) for name, hint in hints.items()}
    # Not __required_keys__: where annotations are read late, that knows nothing of NotRequired.
    required = [name for name, hint in hints.items() if typing.get_origin(hint) is not NotRequired]
    return {"type": "object", "properties": properties, "required": required}


def named(answer: Any) -> Iterator[Any]:
    """Yield a TypedDict and every other that it is made of, each once."""
    waiting, seen = [answer], []
    while waiting:
        found = waiting.pop()
        if typing.is_typeddict(found):
            if found not in seen:
                seen.append(found)
                waiting += typing.get_type_hints(found).values()
        else:
            waiting += typing.get_args(found)
    yield from seen


def of_record(translate: Translate, unseen: Sequence[str] = ()) -> dict[str, Any]:
    """Return the schema of a record as visitors may see it: what ``catalogue.fields`` declares, but for staff's own.

    ``unseen``: fields that nobody is shown here.
    """
    own = {
        "id": {**of_type(Annotated[str, ID], translate), "pattern": f"^{shapes.ID.pattern}$"},
        "url": of_type(Annotated[str, URL], translate),
    }
    schema = _of_group(RecordFields, translate)
    shown = {name: about for name, about in schema["properties"].items() if name not in unseen}
    status = {"status": {**shown["status"], "enum": ["published"]}}
    required = ["id", "url", *schema["required"]]
    return {"type": "object", "properties": {**own, **shown, **status}, "required": required}


def _of_group(group: Callable[..., Any], translate: Translate) -> dict[str, Any]:
    fields = {name: field for name, field in shapes.declared(group).items() if not field.private}
    properties = {
        name: {**_of_shape(field.shape, translate), "description": translate(field.label)}
        for name, field in fields.items()
    }
    required = [name for name, field in fields.items() if field.required]
    return {"type": "object", "properties": properties, "required": required}


@singledispatch
def _of_shape(shape: Shape[Any], translate: Translate) -> dict[str, Any]:
    """Return the schema of what a shape writes."""
    raise NotImplementedError(type(shape).__name__)


@_of_shape.register
def _line(_shape: shapes.Line, _translate: Translate) -> dict[str, Any]:
    return {"type": "string"}


@_of_shape.register
def _pattern(shape: shapes.Pattern, _translate: Translate) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^(?:{shape.pattern})$", "examples": [shape.example]}


@_of_shape.register
def _address(_shape: shapes.Address, _translate: Translate) -> dict[str, Any]:
    return {"type": "string", "examples": ["https://example.brussels/"]}


@_of_shape.register
def _choice(shape: shapes.Choice, _translate: Translate) -> dict[str, Any]:
    return {"type": "string", "enum": list(shape.words)}


@_of_shape.register
def _truth(_shape: shapes.Truth, _translate: Translate) -> dict[str, Any]:
    return {"type": "boolean"}


@_of_shape.register
def _number(shape: shapes.Number, _translate: Translate) -> dict[str, Any]:
    return {"type": "integer", "minimum": shape.low, "maximum": shape.high}


@_of_shape.register
def _day(_shape: shapes.Day, _translate: Translate) -> dict[str, Any]:
    return {"type": "string", "format": "date"}


@_of_shape.register
def _moment(_shape: shapes.Moment, _translate: Translate) -> dict[str, Any]:
    # The centre's own time, without a zone: RFC 3339's "date-time" would ask for one.
    pattern = r"^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?$"
    return {"type": "string", "pattern": pattern, "examples": ["2026-12-04T14:00", "2026-12-04"]}


@_of_shape.register
def _texts(shape: shapes.Texts, _translate: Translate) -> dict[str, Any]:
    return {"anyOf": [{"type": "string"}, _TEXTS]} if shape.plain else dict(_TEXTS)


@_of_shape.register
def _files(_shape: shapes.Files, _translate: Translate) -> dict[str, Any]:
    return dict(_TEXTS)


@_of_shape.register
def _words(_shape: shapes.Words, _translate: Translate) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}


@_of_shape.register
def _many(shape: shapes.Many, translate: Translate) -> dict[str, Any]:  # type: ignore[type-arg]
    return {"type": "array", "items": _of_shape(shape.shape, translate)}


@_of_shape.register
def _group(shape: shapes.Group, translate: Translate) -> dict[str, Any]:  # type: ignore[type-arg]
    return _of_group(shape.group, translate)
