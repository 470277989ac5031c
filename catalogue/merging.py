"""Two records made one: what can be chosen for each field, and the record that comes of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalogue import shapes, yamlfile
from catalogue.errors import N_, BadInput, WriteFailed
from catalogue.resource import FIELDS, Resource
from catalogue.sameness import url_key
from catalogue.state.history import digest_of
from catalogue.writing import Change

ONE, OTHER, BOTH = "one", "other", "both"
"""What can be chosen for a field: as the one record has it, as the other has it, or both together."""

_OURS = "replaces"  # worked out, never chosen: every id that ever led here goes on doing so
_WHOLE = ("source", "cover")  # half of one and half of the other would be neither
_NAMING = ("items", "records")  # the keys under which lists and pages name records
_BEST = {"status": ("published", "draft", "withdrawn")}
_FIRST, _LAST = ("added", "review_by"), ("checked",)


@dataclass(frozen=True, slots=True)
class Choice:
    """A field in which two records differ, with their plain values (None: absent), what can be chosen, what is wise."""

    name: str
    one: Any
    other: Any
    options: tuple[str, ...]
    default: str

    def value(self, wanted: str, preferred: str) -> Any:
        """Return what comes of a choice; of both together, what ``preferred`` says comes first and stands."""
        if wanted == BOTH:
            first, second = (self.one, self.other) if preferred == ONE else (self.other, self.one)
            return _ways(first, second) if self.name == "holdings" else _together(first, second)
        return self.one if wanted == ONE else self.other


def survivor(one: Resource, other: Resource) -> str:
    """Return the id that had better stay: the published one, else the older one, whose address more people know."""
    return min((one, other), key=lambda r: (not r.is_public, r.added or datetime.date.max, r.id)).id


def choices(one: Resource, other: Resource, keep: str) -> tuple[Choice, ...]:
    """Return the fields in which two records differ. ``keep``: the id that stays, whose values are preferred."""
    a, b = one.to_mapping(), other.to_mapping()
    names = [name for name in FIELDS if name != _OURS and a.get(name) != b.get(name)]
    return tuple(_choice(name, a.get(name), b.get(name), ONE if keep == one.id else OTHER) for name in names)


def merged(
    one: Resource, other: Resource, keep: str, chosen: Mapping[str, str], terms: shapes.Terms | None = None
) -> Resource:
    """Return the record that stays under the id ``keep``; a field that was not chosen is as ``choices`` proposes.

    It replaces the other one, and everything that either replaced. Raises BadInput for an id that is neither's or a
    choice that the field does not have, InvalidRecord where the values do not go together.
    """
    if keep not in (one.id, other.id) or one.id == other.id:
        raise BadInput(field="keep")
    stays, lost = (one, other) if keep == one.id else (other, one)
    mapping = stays.to_mapping()
    for choice in choices(one, other, keep):
        wanted = chosen.get(choice.name) or choice.default
        if wanted not in choice.options:
            raise BadInput(N_("“%(value)s” cannot be chosen for “%(field)s”."), value=wanted, field=choice.name)
        mapping[choice.name] = choice.value(wanted, ONE if keep == one.id else OTHER)
    earlier = dict.fromkeys((*stays.replaces, lost.id, *lost.replaces))
    mapping[_OURS] = [id for id in earlier if id != keep]
    return Resource.from_mapping(keep, {name: value for name, value in mapping.items() if value is not None}, terms)


def renaming(paths: Iterable[Path], old: str, new: str) -> list[Change]:
    """Return the changes by which editorial lists and pages name the record ``new`` where they name ``old``.

    A list that names both names it once. Raises WriteFailed for a file that cannot be read or written.
    """
    changes = []
    for path in paths:
        try:
            before = path.read_bytes()
            after = _renamed(path, before, old, new)
        except (OSError, ValueError) as error:
            raise WriteFailed(path=path, reason=str(error)) from error
        if after != before:
            changes.append(Change(path, after, digest_of(before)))
    return changes


def _renamed(path: Path, data: bytes, old: str, new: str) -> bytes:
    value = yamlfile.parse(data, path).value
    if not isinstance(value, dict):
        return data
    fresh = {key: _named_anew(item, old, new) if key in _NAMING else item for key, item in value.items()}
    return data if fresh == value else yamlfile.rewrite(data, fresh, list(value))


def _named_anew(items: Any, old: str, new: str) -> Any:
    named = [_id(item) for item in items] if isinstance(items, list) else []
    if old not in named:
        return items
    kept = [item for item, id in zip(items, named, strict=True) if id != old or new not in named]
    return [item if _id(item) != old else {**item, "id": new} if isinstance(item, dict) else new for item in kept]


def _id(item: Any) -> Any:
    return item.get("id") if isinstance(item, dict) else item


def _choice(name: str, one: Any, other: Any, preferred: str) -> Choice:
    together = type(one) is type(other) and isinstance(one, list | dict) and name not in _WHOLE
    together = together and not (_together(one, other) == one and _together(other, one) == other)
    options = (ONE, OTHER, BOTH) if together else (ONE, OTHER)
    return Choice(name, one, other, options, _default(name, one, other, options, preferred))


def _default(name: str, one: Any, other: Any, options: tuple[str, ...], preferred: str) -> str:
    if one is None or other is None:
        return OTHER if one is None else ONE
    if name in _BEST:
        return min((ONE, OTHER), key=lambda side: _BEST[name].index(one if side == ONE else other))
    if name in _FIRST or name in _LAST:
        return ONE if (one < other) == (name in _FIRST) else OTHER
    return BOTH if BOTH in options else preferred


def _ways(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return all ways to get a document; one that both have in two spellings once, completed by the second."""
    found = {_way(holding): holding for holding in second}
    own = {_way(holding) for holding in first}
    return [found.get(_way(h), {}) | h for h in first] + [h for way, h in found.items() if way not in own]


def _way(holding: Mapping[str, Any]) -> tuple[Any, ...]:
    return url_key(holding.get("url", "")) or holding.get("url"), holding.get("shelf"), holding.get("file")


def _together(first: Any, second: Any) -> Any:
    """Return what the first says, completed by the second: every item of lists, every key of mappings."""
    if isinstance(first, list) and isinstance(second, list):
        return first + [item for item in second if item not in first]
    if isinstance(first, dict) and isinstance(second, dict):
        return first | {key: _together(first[key], item) if key in first else item for key, item in second.items()}
    return first
