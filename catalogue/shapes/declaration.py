"""How a field is declared, and how a mapping is read into a dataclass of such fields and written again."""

from __future__ import annotations

import dataclasses
import datetime
import keyword
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, TypeVar

from catalogue.errors import N_, Severity
from catalogue.settings import nearest
from catalogue.shapes.place import Place
from catalogue.yamlfile import Value

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
MISSING = N_("“%(name)s” is missing")
"""What is said of a required field that is not there."""

Plain = Any
"""What ``yamlfile.rewrite`` takes: str, int, bool, date, list, dict."""


class Shape(Protocol[T_co]):
    """How a value is read and written. ``read`` returns None after it noted why it could not read."""

    def read(self, value: Value, place: Place) -> T_co | None: ...

    def write(self, value: Any) -> Plain: ...


@dataclass(frozen=True)
class Field:
    """The declaration of one field: everything that reads, checks, indexes, shows or exports it looks here."""

    label: str
    shape: Shape[Any]
    required: bool = False  # without it the record does not load
    expected: bool = False  # without it a published record has a gap
    index: str | None = None  # the index field its words are searched in
    private: bool = False  # for staff only


def declare(label: str, shape: Shape[Any], default: Any = "", **options: Any) -> Any:
    """Give a dataclass attribute its shape, label and other traits (the options of ``Field``)."""
    return dataclasses.field(default=default, metadata={"field": Field(label, shape, **options)})


@cache
def declared(group: Any) -> Mapping[str, Field]:
    """Return the declared fields of a dataclass by name, in their order."""
    return {f.name.rstrip("_"): f.metadata["field"] for f in dataclasses.fields(group) if "field" in f.metadata}


def read_group(group: Callable[..., T], value: Value, place: Place, **given: Any) -> T | None:
    """Read a mapping into the dataclass ``group``; ``given`` are attributes that do not come from the file.

    Returns None when a required field is absent or anything in the mapping is an ERROR; every problem is noted.
    """
    fields = declared(group)
    if not isinstance(value, dict):
        place.fault(N_("this should be a list of keys and values, such as “%(key)s: …”"), key=next(iter(fields)))
        return None
    before = len(place.problems)
    read: dict[str, Any] = {}
    for key, item in value.items():
        field = fields.get(key)
        if field is None:
            place.at(key).fault(N_("unknown key; did you mean “%(near)s”?"), near=nearest(key, list(fields)))
        elif item not in ("", [], {}):
            result = field.shape.read(item, place.at(key))
            if result is not None:
                read[_attribute(key)] = result
    for name, field in fields.items():
        if field.required and not read.get(_attribute(name)) and not _faulty_since(before, place, name):
            place.fault(MISSING, name=name)
    if any(p.severity is Severity.ERROR for p in place.problems[before:]):
        return None
    return group(**given, **read)


def _attribute(key: str) -> str:
    """Return the attribute that holds ``key``: ``from`` is a word of Python's own, kept as ``from_``."""
    return f"{key}_" if keyword.iskeyword(key) else key


def _faulty_since(before: int, place: Place, name: str) -> bool:
    where = ".".join(map(str, (*place.path, name)))
    return any(p.field == where or p.field.startswith(f"{where}.") for p in place.problems[before:])


def write_group(value: Any, public_only: bool = False) -> dict[str, Plain]:
    """Return the mapping that ``read_group`` would read back as ``value``; empty fields are left out."""
    written: dict[str, Plain] = {}
    for name, field in declared(value.__class__).items():
        item = getattr(value, _attribute(name))
        if not item:
            continue
        if not (public_only and field.private):
            written[name] = field.shape.write(item)
    return written


def as_value(plain: Plain) -> Value:
    """Return a plain value as a file would give it back: every scalar a string, empty values as empty strings."""
    if isinstance(plain, Mapping):
        return {str(key): as_value(item) for key, item in plain.items()}
    if isinstance(plain, list | tuple):
        return [as_value(item) for item in plain]
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, datetime.date):
        return plain.isoformat()
    return "" if plain is None else str(plain)
