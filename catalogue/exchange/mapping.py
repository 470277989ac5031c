"""How the columns of a table fill the fields of records, and what is said of all rows alike.

A mapping is plain data: people make it in a form, or write it as YAML; it is remembered for the same columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalogue import yamlfile
from catalogue.errors import N_, BadInput
from catalogue.exchange.targets import TARGETS
from catalogue.settings import nearest

SEPARATORS = (";", ",", "|", "/", "\n", "")
"""What can stand between the values of one cell; the last: nothing, a cell is one value."""

CAREFUL, UPDATE, KEEP = "careful", "update", "keep"
"""What becomes of records that are already there: they take over what the file says, save what somebody here changed
since; or all that the file says; or stay as they are."""


@dataclass(frozen=True)
class Rule:
    """What a column fills. ``values``: what a cell says → what the record is to say (empty: nothing)."""

    to: str
    separator: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ColumnMapping:
    """The rules by column, what is said of all rows by target, and what becomes of records already there.

    A column without a rule is left out. Ids are made from titles where no column gives them.
    """

    columns: Mapping[str, Rule]
    constants: Mapping[str, str] = field(default_factory=dict)
    existing: str = CAREFUL

    def to_plain(self) -> dict[str, Any]:
        """Return the mapping as JSON and YAML hold it."""
        return {
            "columns": {
                name: {"to": rule.to, "separator": rule.separator, "values": dict(rule.values)}
                for name, rule in self.columns.items()
            },
            "constants": dict(self.constants),
            "existing": self.existing,
        }

    @classmethod
    def from_plain(cls, plain: Any) -> ColumnMapping:
        """Read a mapping back. Raises BadInput that says what is not understood.

        A rule may be the bare name of its target: ``{title: title.fr}``.
        """
        given = _group(plain, ("columns", "constants", "existing"))
        existing = given.get("existing") or CAREFUL
        if existing not in (CAREFUL, UPDATE, KEEP):
            raise BadInput(_NOT_ONE_OF, value=existing, words=f"{CAREFUL}, {UPDATE}, {KEEP}")
        constants = {str(name): str(value) for name, value in _group(given.get("constants")).items()}
        for name in constants:
            _known(name)
        columns = {str(name): _rule(rule) for name, rule in _group(given.get("columns")).items()}
        return cls(columns, constants, existing)

    def problems(
        self, columns: Sequence[str], filled: Sequence[str] | None = None
    ) -> list[tuple[str, Mapping[str, object]]]:
        """Return what keeps a table with these columns from being read by this mapping, as messages with params.

        ``filled``: the columns that say anything; all where it is not given.
        """
        missing = [name for name in self.columns if name not in columns]
        found: list[tuple[str, Mapping[str, object]]] = [
            (N_("The column “%(column)s” is not in the file."), {"column": name}) for name in missing
        ]
        targets = [rule.to for rule in self.columns.values()]
        saying = {rule.to for name, rule in self.columns.items() if filled is None or name in filled}
        given = {*saying, *self.constants}
        if not any(name.startswith("title.") for name in targets):
            found.append((N_("Say which column holds the title."), {}))
        for name in ("kind", "themes", "status"):
            if name not in given:
                message = N_("Choose a value for all rows, or a column, for “%(field)s”.")
                found.append((message, {"field": TARGETS[name].label}))
        return found


_NOT_ONE_OF = N_("“%(value)s” is not one of %(words)s")


def read(path: Path) -> ColumnMapping:
    """Read a mapping from a YAML file. Raises BadInput that says what is not understood."""
    document = yamlfile.read(path)
    if document.problems:
        raise BadInput(document.problems[0].message, **document.problems[0].params)
    return ColumnMapping.from_plain(document.value)


def _rule(plain: Any) -> Rule:
    if isinstance(plain, str):
        plain = {"to": plain}
    given = _group(plain, ("to", "separator", "values"))
    values = {str(value): str(meant) for value, meant in _group(given.get("values")).items()}
    return Rule(_known(str(given.get("to", ""))), str(given.get("separator") or ""), values)


def _known(target: str) -> str:
    if target not in TARGETS:
        message = N_("“%(value)s” is not a field of a record; did you mean “%(near)s”?")
        raise BadInput(message, value=target, near=nearest(target, list(TARGETS)))
    return target


def _group(plain: Any, keys: Sequence[str] = ()) -> Mapping[str, Any]:
    if plain in (None, ""):
        return {}
    if not isinstance(plain, Mapping):
        message = N_("“%(value)s” should be keys and values, such as “%(key)s: …”")
        raise BadInput(message, value=str(plain)[:60], key=next(iter(keys), "title"))
    for key in plain:
        if keys and key not in keys:
            raise BadInput(N_("unknown key; did you mean “%(near)s”?"), near=nearest(str(key), list(keys)))
    return plain
