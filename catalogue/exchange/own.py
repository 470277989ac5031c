"""Records as we keep them ourselves, whole: JSON (RFC 8259) and YAML 1.2, out and in again without loss.

They hold what is for staff only too, as the files of ``records/`` do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from catalogue import yamlfile
from catalogue.errors import N_
from catalogue.exchange.crosswalk import Naming
from catalogue.exchange.entries import Broken, Entry, entry_table
from catalogue.exchange.flat import cell_of
from catalogue.exchange.table import NotATable, Table
from catalogue.exchange.targets import ID, TARGETS
from catalogue.resource import FIELDS, Resource
from catalogue.shapes import as_value

WHOLE = ("holdings", "dates")
"""Fields of which a record has several, each with parts: they come whole."""

COLUMNS = tuple(name for name in TARGETS if name.partition(".")[0] not in WHOLE)


def write_json(records: Iterable[Resource], _naming: Naming) -> Iterator[bytes]:
    """Yield a JSON array, one record a line, so that it can be compared and read line by line."""
    before = "[\n"
    for record in records:
        yield (before + json.dumps(plain(record), ensure_ascii=False)).encode()
        before = ",\n"
    yield b"\n]\n" if before == ",\n" else b"[]\n"


def write_yaml(records: Iterable[Resource], _naming: Naming) -> Iterator[bytes]:
    """Yield a YAML document for each record, as its own file holds it, with the id."""
    for record in records:
        yield b"---\n" + yamlfile.dump(plain(record), (ID, *FIELDS))


def plain(record: Resource) -> dict[str, Any]:
    """Return a record as JSON and YAML hold it; dates as ISO 8601 writes them."""
    made: dict[str, Any] = _plain({ID: record.id, **record.to_mapping()})
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | bool) else as_value(value)


# --- reading ---------------------------------------------------------------------------------------------------------


@contextmanager
def read_json(path: Path) -> Iterator[Table]:
    """Open a file of JSON: an array of records, one, or one a line. Raises NotATable where it is none."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    yield _table(json_entries(text))


@contextmanager
def read_yaml(path: Path) -> Iterator[Table]:
    """Open a file of YAML: one record a document. Raises NotATable where it is none."""
    yield _table(yaml_entries(path))


def _table(entries: Iterator[Entry | Broken]) -> Table:
    first = next(entries, None)
    if first is None:
        raise NotATable(N_("There is no record in this file that the catalogue can read."))

    def every() -> Iterator[Entry | Broken]:
        yield first
        yield from entries

    return entry_table(COLUMNS, every(), {"encoding": "utf-8"})


def json_entries(text: str) -> Iterator[Entry | Broken]:
    """Yield what each object says. Behind one that is broken, reading goes on at the next that is written like it."""
    decoder, at = json.JSONDecoder(), 0
    while (found := re.compile(r"[\s,\[\]]*(?=[^\s,\[\]])").match(text, at)) and found.end() < len(text):
        start = found.end()
        indent = text[text.rfind("\n", 0, start) + 1 : start]
        line = text.count("\n", 0, start) + 1
        try:
            value, at = decoder.raw_decode(text, start)
        except (ValueError, RecursionError) as error:
            yield Broken(N_("The JSON is broken on line %(line)s."), line=getattr(error, "lineno", line))
            again = re.compile(rf"\n{re.escape(indent.strip('[, '))}[ \t]*\{{").search(text, start + 1)
            if again is None:
                return
            at = again.start()
            continue
        yield entry_of(value, line)


def yaml_entries(path: Path) -> Iterator[Entry | Broken]:
    """Yield what each document says; a broken one stops no other."""
    for line, data in _documents(path):
        document = yamlfile.parse(data, path)
        if document.problems:
            problem = document.problems[0]
            detail = problem.message % problem.params
            message = N_("The YAML is broken on line %(line)s (%(detail)s).")
            yield Broken(message, line=line + max(0, problem.line - 1), detail=detail)
        else:
            items = document.value if isinstance(document.value, list) else [document.value]
            yield from (entry_of(item, line) for item in items)


def _documents(path: Path) -> Iterator[tuple[int, bytes]]:
    begun, lines = 1, list[bytes]()
    with path.open("rb") as file:
        for number, text in enumerate(file, 1):
            if text.rstrip() == b"---":
                if b"".join(lines).strip():
                    yield begun, b"".join(lines)
                begun, lines = number + 1, []
            else:
                lines.append(text)
    if b"".join(lines).strip():
        yield begun, b"".join(lines)


def entry_of(value: Any, line: int = 0) -> Entry | Broken:
    """Return what a mapping says: cells where a cell can hold it, the rest whole; unknown keys too, to be refused."""
    if not isinstance(value, Mapping):
        return Broken(N_("What stands on line %(line)s is no record."), line=line)
    if not isinstance(value.get("title", {}), Mapping):
        return Broken(N_("The title of the record on line %(line)s names no language: {fr: …}."), line=line)
    mapping = {str(key): item for key, item in value.items() if key not in ("url", "@context")}
    made = Entry()
    seen = set[str]()
    for name in COLUMNS:
        head, _, rest = name.partition(".")
        texts = cell_of(mapping.get(head), rest)
        if texts:
            made.values[name] = texts
            seen.add(head)
    made.whole = {key: item for key, item in as_value(mapping).items() if key not in seen and key != ID}  # type: ignore[union-attr]
    return made
