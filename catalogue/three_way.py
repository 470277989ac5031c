"""Two people who changed one thing: what both want where they agree, and where a person has to choose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Plain = Any
MISSING = ""
"""What stands in the place of a key that is not there: an empty value and none are the same in a file."""


def merge(
    base: Mapping[str, Plain], mine: Mapping[str, Plain], theirs: Mapping[str, Plain]
) -> tuple[dict[str, Plain], tuple[str, ...]]:
    """Merge two changes of ``base``; returns the mapping, and the dotted paths that both changed, each otherwise.

    A key that one side changed is as that side has it. In one that both changed mine stands, and its path is returned.
    Mappings, such as a text by language, are merged key by key; lists and all else as a whole.
    """
    merged: dict[str, Plain] = {}
    conflicts: list[str] = []
    for key in dict.fromkeys((*theirs, *mine)):
        was, one, other = (side.get(key, MISSING) for side in (base, mine, theirs))
        value, paths = _one(was, one, other)
        if value not in (MISSING, {}, []):
            merged[key] = value
        conflicts += [f"{key}.{path}" if path else key for path in paths]
    return merged, tuple(conflicts)


def _one(was: Plain, mine: Plain, theirs: Plain) -> tuple[Plain, tuple[str, ...]]:
    if mine == theirs or theirs == was:
        return mine, ()
    if mine == was:
        return theirs, ()
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        return merge(was if isinstance(was, Mapping) else {}, mine, theirs)
    return mine, ("",)


def at(mapping: Mapping[str, Plain], path: str) -> Plain:
    """Return the value at a dotted path of keys, empty where there is none."""
    value: Plain = mapping
    for key in path.split("."):
        value = value.get(key, MISSING) if isinstance(value, Mapping) else MISSING
    return value


def put(mapping: Mapping[str, Plain], path: str, value: Plain) -> dict[str, Plain]:
    """Return a mapping whose value at a dotted path of keys is ``value``; an empty value takes the key away."""
    key, _, rest = path.partition(".")
    inner = mapping.get(key, {})
    fresh = put(inner if isinstance(inner, Mapping) else {}, rest, value) if rest else value
    changed = {**mapping, key: fresh}
    return {k: v for k, v in changed.items() if v not in (MISSING, {}, [])}
