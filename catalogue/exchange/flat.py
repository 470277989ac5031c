"""Records as the rows of a table whose columns are named as importing knows them: what goes out can come back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from catalogue.exchange.targets import ID, TARGETS
from catalogue.resource import Resource
from catalogue.shapes import as_value

SEPARATOR = " | "
"""Between the values of one cell."""

# What is said of one holding among several cannot stand beside all of them; copies and use go with the shelf marks.
_LEFT_OUT = {"holdings.language", "holdings.year"}


def rows(records: Iterable[Resource]) -> Iterator[Sequence[str]]:
    """Yield the names of the columns that any record fills, then a row for each record."""
    flat = [(record.id, flattened(record.to_mapping())) for record in records]
    used = [name for name in TARGETS if name == ID or any(name in values for _, values in flat)]
    yield used
    for id, values in flat:
        yield [id if name == ID else values.get(name, "") for name in used]


def flattened(mapping: Mapping[str, Any]) -> dict[str, str]:
    """Return the mapping of a record as one text by target; of several dates the first, of holdings all addresses."""
    flat: dict[str, str] = {}
    for name in TARGETS:
        head, _, rest = name.partition(".")
        value: Any = mapping.get(head)
        if head == "holdings":
            shelved = [holding for holding in value or () if rest not in ("copies", "use") or holding.get("shelf")]
            cells = [str(holding.get(rest, "")) for holding in shelved]
            # One for each mark, also where one says nothing: they go together by their order.
            text = SEPARATOR.join(cells if rest in ("copies", "use") and any(cells) else filter(None, cells))
        else:
            text = _text(value[0] if head == "dates" and value else value, rest)
        if text and name not in _LEFT_OUT:
            flat[name] = text
    return flat


def _text(value: Any, path: str) -> str:
    return SEPARATOR.join(cell_of(value, path))


def cell_of(value: Any, path: str) -> list[str]:
    """Return what stands at a dotted path below a field's value, as texts; nothing for what is none."""
    for key in filter(None, path.split(".")):
        value = value.get(key) if isinstance(value, Mapping) else None
    if isinstance(value, Mapping) or value is None:
        return []
    if isinstance(value, list):
        return [] if any(isinstance(item, Mapping | list) for item in value) else [str(item) for item in value]
    text = str(as_value(value)).strip()
    return [text] if text else []
