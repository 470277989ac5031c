"""Changes of entries that a person typed: every fault of what was typed, and what is then written.

Vocabulary terms, concepts, pages and the centre are all dataclasses of declared fields; a form gives a mapping of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from catalogue import yamlfile
from catalogue.errors import N_, Problem, Severity, WriteFailed
from catalogue.shapes import Group, Number, Place, Terms, Truth, as_value, declared, read_group
from catalogue.state import Version
from catalogue.values import CENTRE_LANGUAGES
from catalogue.writing import Change

T = TypeVar("T")

MISSING = N_("This is missing.")
BOTH = N_("Write it in both languages, or in neither.")


def checked(
    group: Callable[..., T],
    mapping: Mapping[str, Any],
    terms: Terms | None = None,
    root: Path | None = None,
    **given: Any,
) -> tuple[T | None, tuple[Problem, ...]]:
    """Read what was typed into ``group``: the result (None where it cannot stand) and every problem.

    Values that are not in a list count as faults here: who types them is there to mend them.
    """
    problems: list[Problem] = []
    document = yamlfile.Document(Path("form"), as_value(mapping))
    result = read_group(group, document.value or {}, Place(document, problems, terms, root), **given)
    wrong = any(problem.severity >= Severity.WARNING for problem in problems)
    return (None if wrong else result), tuple(problems)


def in_both(mapping: Mapping[str, Any], required: Iterable[str], either: Iterable[str] = ()) -> tuple[Problem, ...]:
    """Return what lacks one of the centre's languages: ``required`` wants each, ``either`` both or neither."""
    found = []
    for name in (*required, *either):
        text: Any = mapping
        for key in name.split("."):
            text = text.get(key) or {}
        lacking = [lang for lang in CENTRE_LANGUAGES if not text.get(lang)]
        if name in required or len(lacking) == 1:
            message = MISSING if name in required else BOTH
            found += [Problem(Path("form"), 0, f"{name}.{lang}", message) for lang in lacking]
    return tuple(found)


def digest(entry: Any) -> str:
    """Return a mark of an entry as it stands in a file: another mark, another entry."""
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()[:32] if entry else ""


def plain(mapping: Mapping[str, Any], group: Any) -> dict[str, Any]:
    """Return an entry with its numbers and truth values as such: written afresh, they stand without quotation marks."""
    shapes = {key: field.shape for key, field in declared(group).items()}
    made = dict(mapping)
    for key, value in mapping.items():
        shape = shapes.get(key)
        if isinstance(shape, Group) and isinstance(value, Mapping):
            made[key] = plain(value, shape.group)
        elif isinstance(shape, Number) and isinstance(value, str) and value.isascii() and value.isdigit():
            made[key] = int(value)
        elif isinstance(shape, Truth) and value in ("true", "false"):
            made[key] = value == "true"
    return made


def rewritten(version: Version, path: Path, mapping: Mapping[str, Any], group: Any) -> Change:
    """Return the change of a file that holds one ``group``: comments and what did not change keep their bytes.

    Raises WriteFailed where the file that is there cannot be read.
    """
    try:
        data = yamlfile.rewrite(version.data or b"", plain(mapping, group), list(declared(group)))
        return Change(path, data, version.digest)
    except ValueError as error:
        raise WriteFailed(path=path, reason=str(error)) from error


def entry_of(version: Version) -> dict[str, Any]:
    """Return the mapping that a file holds; empty where there is none."""
    value = yamlfile.parse(version.data or b"", Path(version.path)).value
    return value if isinstance(value, dict) else {}
