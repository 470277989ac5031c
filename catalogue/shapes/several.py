"""Several values: lists, and mappings that are dataclasses of declared fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from catalogue.errors import N_
from catalogue.shapes.declaration import Plain, Shape, read_group, write_group
from catalogue.shapes.place import Place
from catalogue.shapes.single import Code
from catalogue.yamlfile import Value

T = TypeVar("T")


@dataclass(frozen=True)
class Many(Generic[T]):
    """A list of values of one shape, without repetitions."""

    shape: Shape[T]

    def read(self, value: Value, place: Place) -> tuple[T, ...] | None:
        if not isinstance(value, list):
            place.fault(N_("this should be a list, such as [a, b]"))
            return None
        items = [self.shape.read(item, place.at(index)) for index, item in enumerate(value)]
        return tuple(dict.fromkeys(item for item in items if item is not None))

    def write(self, value: Sequence[T]) -> Plain:
        return [self.shape.write(item) for item in value]


@dataclass(frozen=True)
class Group(Generic[T]):
    """A mapping that is a dataclass of declared fields. ``check`` notes what the fields cannot know by themselves."""

    group: Callable[..., T]
    check: Callable[[T, Place], None] | None = None

    def read(self, value: Value, place: Place) -> T | None:
        result = read_group(self.group, value, place)
        if result is not None and self.check:
            self.check(result, place)
        # A mapping with nothing in it is as if it were absent.
        return result if result is not None and write_group(result) else None

    def write(self, value: T) -> Plain:
        return write_group(value)


def Codes(vocabulary: str, strict: bool = False) -> Many[str]:  # noqa: N802 - reads as a shape beside Code
    """Return the shape of a list of ids of one vocabulary."""
    return Many(Code(vocabulary, strict))
