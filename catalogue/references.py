"""Where a record (or the centre) names the terms of a vocabulary: read from the declaration of its fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from catalogue.shapes import Code, Files, Group, Many, Shape, ShelfMark, declared
from catalogue.values import Text

T = TypeVar("T")


def named(value: Any) -> frozenset[tuple[str, str]]:
    """Return (vocabulary, id) of every term that a record, or another dataclass of declared fields, names."""
    return frozenset(pair for name, field in _fields(value) for pair in _found(field.shape, getattr(value, name)))


def renamed(value: T, vocabulary: str, new: Mapping[str, str]) -> T:
    """Return ``value`` with the ids of ``vocabulary`` replaced as ``new`` says, none twice in a list."""
    changed = {
        name: _renamed(field.shape, item, vocabulary, new)
        for name, field in _fields(value)
        if (item := getattr(value, name))
    }
    return dataclasses.replace(value, **changed)  # type: ignore[type-var]


def _fields(value: Any) -> Iterator[tuple[str, Any]]:
    fields = declared(value.__class__)
    names = {f.name.rstrip("_"): f.name for f in dataclasses.fields(value)}
    return ((names[name], field) for name, field in fields.items())


def _found(shape: Shape[Any], value: Any) -> Iterator[tuple[str, str]]:
    if not value:
        return
    if isinstance(shape, ShelfMark):
        yield "shelves", value.partition(".")[0]
    elif isinstance(shape, Code):
        yield shape.vocabulary, value
    elif isinstance(shape, Files):
        yield from (("languages", lang) for lang in value)
    elif isinstance(shape, Many):
        for item in value:
            yield from _found(shape.shape, item)
    elif isinstance(shape, Group):
        yield from named(value)


def _renamed(shape: Shape[Any], value: Any, vocabulary: str, new: Mapping[str, str]) -> Any:
    if isinstance(shape, ShelfMark) and vocabulary == "shelves":
        shelf, point, rest = value.partition(".")
        return f"{new.get(shelf, shelf)}{point}{rest}"
    if isinstance(shape, Code) and shape.vocabulary == vocabulary:
        return new.get(value, value)
    if isinstance(shape, Files) and vocabulary == "languages":
        return Text({new.get(lang, lang): file for lang, file in value.items()})
    if isinstance(shape, Many):
        items = [_renamed(shape.shape, item, vocabulary, new) for item in value]
        return tuple(item for place, item in enumerate(items) if item not in items[:place])
    return renamed(value, vocabulary, new) if isinstance(shape, Group) else value
