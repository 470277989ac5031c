"""Every record of the catalogue out in each format and in again: what comes back, and exactly what is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from catalogue.contents import Frame
from catalogue.exchange.crosswalk import Naming
from catalogue.exchange.dry_run import DryRun
from catalogue.exchange.entries import own_names
from catalogue.exchange.mapping import ColumnMapping, Rule
from catalogue.exchange.matching import Known
from catalogue.exchange.registry import FORMATS, detect, open_table
from catalogue.exchange.terms import Recogniser
from catalogue.resource import FIELDS, Resource
from catalogue.shapes import as_value
from catalogue.store import Store
from tests.conftest import PROJECT

FOLDER = PROJECT / "resources"
HOST = "https://catalogue.example"
NEEDED = {"kind": "guide", "themes": "work", "status": "draft"}
TABLES = ("csv", "tsv", "xlsx")
FLAT = frozenset(("holdings", "dates", "cover"))
"""What a row of a table has too little room for."""

STAFF = frozenset(("source", "review_by", "status", "staff_note"))
"""What goes to nobody but staff."""


class Library:
    def __init__(self) -> None:
        self.frame = Frame.load(FOLDER)
        store = Store(FOLDER)
        store.terms = self.frame.vocabularies
        store.load()
        self.records = sorted((r for r in store.records.values() if r.is_public), key=lambda record: record.id)
        self.recogniser = Recogniser(self.frame.vocabularies)
        self.naming = Naming.of(self.frame.vocabularies, "fr", f"{HOST}/fr/record/{{}}".format, f"{HOST}/{{}}".format)


@pytest.fixture(scope="module")
def library() -> Library:
    return Library()


def sent_and_read(library: Library, name: str, tmp_path: Path) -> Iterator[tuple[Resource, dict[str, Any]]]:
    """Yield each record with what came back of it into an empty catalogue, as plain values."""
    format = FORMATS[name]
    assert format.write
    file = tmp_path / f"records{format.extensions[0]}"
    with file.open("wb") as out:
        out.writelines(format.write(library.records, library.naming))
    assert detect(file).read is format.read
    with open_table(file) as table:
        made = own_names(table.columns)
        rules = {**made.columns}
        if name in TABLES:
            rules = {column: Rule(column, "|" if rule.separator else "") for column, rule in rules.items()}
        if "source.id" in table.columns and "id" not in table.columns:
            rules["source.id"] = Rule("id")
        mapping = ColumnMapping(rules, NEEDED)
        outcomes = list(DryRun(mapping, Known(()), library.recogniser).of(table))
    assert len(outcomes) == len(library.records)
    for record, outcome in zip(library.records, outcomes, strict=True):
        assert outcome.fate == "create", (record.id, [note.message % note.params for note in outcome.notes])
        back = Resource.from_mapping(outcome.id, outcome.mapping)
        yield record, {"id": outcome.id, **back.to_mapping()}


def plain(record: Resource) -> dict[str, Any]:
    return {"id": record.id, **record.to_mapping()}


def at(mapping: Mapping[str, Any], path: str) -> Any:
    value: Any = mapping
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return as_value(value) if value else ""


def with_addresses(holdings: Any) -> Any:
    """Return holdings as MARC holds them: a file by its address, without what only its player needs."""
    return [
        {
            **{
                key: value
                for key, value in holding.items()
                if key not in ("file", "captions", "transcript", "chapters")
            },
            **({"url": f"{HOST}/{holding['file']}"} if "file" in holding else {}),
        }
        for holding in holdings
        if "suspended" not in holding
    ]


@pytest.mark.parametrize("name", ["json", "yaml"])
def test_our_own_formats_lose_nothing(library: Library, name: str, tmp_path: Path) -> None:
    for record, back in sent_and_read(library, name, tmp_path):
        assert back == plain(record)


@pytest.mark.parametrize("name", TABLES)
def test_tables_lose_only_what_a_row_has_no_room_for(library: Library, name: str, tmp_path: Path) -> None:
    differing = set()
    for record, back in sent_and_read(library, name, tmp_path):
        sent = plain(record)
        differing |= {key for key in sent.keys() | back.keys() if at(sent, key) != at(back, key)}
    assert differing <= FLAT


# How a field comes back that is neither lost nor whole: a predicate of what was sent and what came back.
PART_MARC = {"holdings": lambda sent, back: as_value(with_addresses(sent or [])) == (back or [])}


def _one_of(sent: Any, back: Any) -> bool:
    return set(back.values()) <= set(sent.values()) and len(back) >= 1


def _kept_words(sent: Any, back: Any) -> bool:
    return all(set(words) <= set((back or {}).get(lang, ())) for lang, words in (sent or {}).items())


def _addresses(sent: Any, back: Any) -> bool:
    return [h["url"] for h in back or ()] == list(
        dict.fromkeys(h.get("url") or f"{HOST}/{h['file']}" for h in sent or () if "shelf" not in h)
    )


def _shared_kind(_sent: Any, back: Any) -> bool:
    return bool(back)


def _first_address(sent: Any, back: Any) -> bool:
    return len(back or ()) == 1


def _some_words(sent: Any, back: Any) -> bool:
    first = next(iter((sent or {}).values()), ())
    return any({word.replace(",", " ") for word in first} <= set(words) for words in (back or {"": ()}).values())


def _addresses_and_marks(sent: Any, back: Any) -> bool:
    urls = [h.get("url") for h in back or () if "url" in h]
    return urls == list(dict.fromkeys(h.get("url") or f"{HOST}/{h['file']}" for h in sent or () if "shelf" not in h))


PARTS: Mapping[str, Mapping[str, Any]] = {
    "unimarc": PART_MARC,
    "marc21": PART_MARC,
    "unimarc-xml": PART_MARC,
    "marcxml": PART_MARC,
    "oai_dc": {"keywords": _kept_words, "holdings": _addresses},
    "dcterms": {"keywords": _kept_words, "holdings": _addresses},
    "ris": {
        "title": _one_of,
        "summary": _one_of,
        "keywords": _some_words,
        "kind": _shared_kind,
        "holdings": _addresses_and_marks,
    },
    "bibtex": {
        "title": _one_of,
        "summary": _one_of,
        "keywords": _some_words,
        "kind": _shared_kind,
        "holdings": _first_address,
    },
}


@pytest.mark.parametrize("name", list(PARTS))
def test_a_crosswalk_loses_exactly_what_it_says(library: Library, name: str, tmp_path: Path) -> None:
    crosswalk = FORMATS[name].crosswalk
    assert crosswalk
    parts, lost = PARTS[name], set(crosswalk.lost) | STAFF
    paths = ["id", *(path for path in FIELDS if path != "identifiers")]
    paths += [f"identifiers.{part}" for part in ("isbn", "issn", "ean", "publisher_ref")]
    differing = set()
    used = set()
    for record, back in sent_and_read(library, name, tmp_path):
        sent = plain(record)
        for path in paths:
            one, other = at(sent, path), at(back, path)
            used |= {path} if one else set()
            if path in parts:
                assert parts[path](one, other), (record.id, path, one, other)
            elif one != other:
                differing.add(path)
                assert path in lost, (record.id, path, one, other)
    said_to_be_lost = {path for path in lost & used if path not in STAFF and path not in parts}
    assert said_to_be_lost <= differing, "the crosswalk says that something is lost which comes back"
    assert {crossing.field for crossing in crosswalk.crossings} | lost >= set(paths), "a field is forgotten"
