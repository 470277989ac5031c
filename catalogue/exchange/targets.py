"""What a column of a table can fill: every field of a record that a cell can hold, by a name such as ``title.fr``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.errors import N_
from catalogue.fields import THEMES, RecordFields
from catalogue.shapes import Choice, Code, Day, Field, Files, Group, Many, Moment, Number, Prose, Texts, Words, declared
from catalogue.values import TEXT_LANGUAGES

ID = "id"
ONE_PER_COPY = ("shelf", "url", "file")
"""Of a holding: each of these makes one of its own; what else is said of holdings goes with those of the same row."""


@dataclass(frozen=True)
class Target:
    """A place in a record. ``many``: it takes a list, so that a cell is divided by a separator.

    ``label`` and ``part`` are msgids: the field, and what within it; ``words``: the only values there are.
    """

    name: str
    label: str
    shape: Any
    part: str = ""
    lang: str = ""
    many: bool = False

    @property
    def vocabulary(self) -> str:
        """The list its values come from; empty where they do not."""
        if isinstance(self.shape, Code):
            return self.shape.vocabulary
        return "themes" if self.name == "themes" else ""

    @property
    def words(self) -> tuple[str, ...]:
        """The only values there are; empty where there are others."""
        return self.shape.words if isinstance(self.shape, Choice) else ()

    @property
    def is_number(self) -> bool:
        """Whether it takes a whole number."""
        return isinstance(self.shape, Number)

    @property
    def is_day(self) -> bool:
        """Whether it takes a date, with or without a time."""
        return isinstance(self.shape, Day | Moment)


def _targets() -> Iterator[Target]:
    yield Target(ID, N_("Id"), None)
    for name, field in declared(RecordFields).items():
        yield from _of_field(name, field.label, field)


def _of_field(name: str, label: str, field: Field, part: str = "", many: bool = False) -> Iterator[Target]:
    shape = field.shape
    if isinstance(shape, Many) and isinstance(shape.shape, Group):
        yield from _of_group(name, label, shape.shape, many=name == "holdings")
    elif isinstance(shape, Group):
        yield from _of_group(name, label, shape, many=False)
    elif isinstance(shape, Texts | Prose | Words):
        if isinstance(shape, Texts) and shape.plain:
            yield Target(name, label, None, part)
        for lang in TEXT_LANGUAGES:
            yield Target(f"{name}.{lang}", label, None, part, lang, isinstance(shape, Words))
    elif isinstance(shape, Many):
        yield Target(name, label, shape.shape, part, many=True)
    elif not isinstance(shape, Files):
        yield Target(name, label, shape, part, many=many)


def _of_group(name: str, label: str, group: Group[Any], many: bool) -> Iterator[Target]:
    for key, field in declared(group.group).items():
        if not (name == "holdings" and key == "title"):
            yield from _of_field(f"{name}.{key}", label, field, field.label, many)


TARGETS: Mapping[str, Target] = {target.name: target for target in _targets()}
"""Every target by name, in the order of a record file."""

assert TARGETS["themes"].words == THEMES
