"""What importing a table would do, row by row: create, change, leave alike, refuse, and why. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalogue import shapes, yamlfile
from catalogue.errors import N_, Problem, Severity
from catalogue.exchange.drafting import Draft, draft_of, id_from
from catalogue.exchange.mapping import CAREFUL, KEEP, ColumnMapping
from catalogue.exchange.matching import Known, addresses_of
from catalogue.exchange.table import Row, Table
from catalogue.exchange.targets import ID, ONE_PER_COPY
from catalogue.exchange.terms import Recogniser
from catalogue.fields import CENTRE
from catalogue.folding import fold
from catalogue.resource import FIELDS, Resource
from catalogue.sameness import isbn_key

CREATE, CHANGE, SAME, REFUSE = "create", "change", "same", "refuse"

FATES: Mapping[str, str] = {
    CREATE: N_("New"),
    CHANGE: N_("Changed"),
    SAME: N_("Nothing to do"),
    REFUSE: N_("Refused"),
}
"""What can become of a row."""

LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Note:
    """Why a row is refused or doubtful: where (a column, or a field of the record), the value, a message."""

    where: str
    value: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would become of a row. ``differences``: field, before, after; ``mapping``: the whole record to write."""

    row: int
    fate: str
    id: str = ""
    title: str = ""
    notes: tuple[Note, ...] = ()
    differences: tuple[tuple[str, str, str], ...] = ()
    mapping: Mapping[str, Any] = field(default_factory=dict)

    def to_plain(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "row": self.row,
            "fate": self.fate,
            "id": self.id,
            "title": self.title,
            "notes": [[n.where, n.value, n.message, {k: str(v) for k, v in n.params.items()}] for n in self.notes],
            "differences": [list(difference) for difference in self.differences],
            "mapping": shapes.as_value(dict(self.mapping)),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Outcome:
        """Read it back."""
        notes = tuple(Note(*note) for note in plain["notes"])
        differences = tuple((where, before, after) for where, before, after in plain["differences"])
        return cls(plain["row"], plain["fate"], plain["id"], plain["title"], notes, differences, plain["mapping"])


OF_OTHERS = N_("This record belongs to another centre: its own staff can change it.")


@dataclass
class DryRun:
    """Goes through a table. ``reserved``: ids that are no record's and may not be given (deleted, redirected …).

    ``imported``: what the last import wrote of a record, None where none did: what is different now, people changed.
    ``centre``: the one whose records alone may be written, empty where all may.
    """

    mapping: ColumnMapping
    known: Known
    recogniser: Recogniser
    reserved: Container[str] = ()
    imported: Callable[[str], Mapping[str, Any] | None] = lambda _id: None
    centre: str = ""
    _rows_by_id: dict[str, int] = field(default_factory=dict)
    _rows_by_key: dict[str, int] = field(default_factory=dict)

    def of(self, table: Table) -> Iterator[Outcome]:
        """Yield what would become of each row."""
        columns = {rule.to: column for column, rule in reversed(list(self.mapping.columns.items()))}
        for row in table.rows:
            yield self._outcome(row, table.columns, columns)

    def _outcome(self, row: Row, names: tuple[str, ...], columns: Mapping[str, str]) -> Outcome:
        if row.fault:
            return Outcome(row.number, REFUSE, notes=(Note("", "", row.fault, row.params),))
        said, alike = draft_of(self.mapping, names, row.cells, self.recogniser)
        said |= row.whole
        title = next(iter(said.get("title", {}).values()), "")[:LONGEST_SHOWN]
        draft = _merged(alike, said)
        if twice := self._twice(draft, row.number, columns):
            return Outcome(row.number, REFUSE, title=title, notes=(twice,))
        id = self.known.match(draft)
        if id and self.mapping.existing == KEEP:
            return Outcome(row.number, SAME, id, title)
        if not id:
            id = said.get(ID) or id_from(said.get("title", {}), self._is_taken)
        if (former := self._rows_by_id.setdefault(id, row.number)) != row.number:
            note = Note(columns.get(ID, ""), id, N_("row %(row)s is about the same record"), {"row": former})
            return Outcome(row.number, REFUSE, id, title, (note,))
        if said.get("source", {}).get("id") == id:  # our own, come back from another program
            del said["source"]
            alike.pop("source", None)
        said.pop(ID, None)
        alike.pop(ID, None)
        return self._checked(row.number, id, title, said, alike, columns)

    def _checked(
        self, number: int, id: str, title: str, said: Draft, alike: Draft, columns: Mapping[str, str]
    ) -> Outcome:
        old = self.known.records.get(id)
        before = old.to_mapping() if old else {}
        if old and self.mapping.existing == CAREFUL:
            said = _left_to(said, before, self.imported(id))
        # What is said of all rows fills gaps; it never writes over what a record says already.
        wanted = _merged(_merged(alike, before), said)
        if not shapes.ID.fullmatch(id):
            message = N_("the file's name “%(id)s” should be 2 to 80 of a–z, 0–9 and -")
            return Outcome(number, REFUSE, id, title, (Note(columns.get(ID, ""), id, message, {"id": id}),))
        if not old and id in self.reserved:
            message = N_("“%(id)s” belonged to a deleted record and is never given again.")
            return Outcome(number, REFUSE, id, title, (Note(columns.get(ID, ""), id, message, {"id": id}),))
        if self.centre and not old:
            wanted = {CENTRE: self.centre, **wanted}
        record, problems = record_of(id, wanted, self.recogniser)
        notes = tuple(_note(problem, wanted, columns) for problem in problems)
        if record is None:
            return Outcome(number, REFUSE, id, title, notes)
        if record == old:
            return Outcome(number, SAME, id, title)
        if self.centre and {record.centre, old.centre if old else record.centre} != {self.centre}:
            return Outcome(number, REFUSE, id, title, (Note(columns.get(CENTRE, ""), record.centre, OF_OTHERS),))
        after = record.to_mapping()
        if old is None:
            return Outcome(number, CREATE, id, title, notes, (), after)
        return Outcome(number, CHANGE, id, title, notes, tuple(_differences(before, after)), after)

    def _is_taken(self, id: str) -> bool:
        return id in self.known.records or id in self.reserved or id in self._rows_by_id

    def _twice(self, draft: Draft, number: int, columns: Mapping[str, str]) -> Note | None:
        """Return why a row is about the same thing as one above it, by number, ISBN, or address and title."""
        source, isbn = draft.get("source", {}), isbn_key(draft.get("identifiers", {}).get("isbn", ""))
        title = fold(" ".join(draft.get("title", {}).values()))
        keys = [("source.id", f"source {source['id']}", source["id"])] if source.get("id") else []
        keys += [("identifiers.isbn", f"isbn {isbn}", isbn)] if isbn else []
        keys += [("holdings.url", f"url {address} {title}", address) for address in addresses_of(draft)]
        for target, key, value in keys:
            former = self._rows_by_key.setdefault(key, number)
            if former != number:
                return Note(
                    columns.get(target, target), value, N_("row %(row)s is about the same record"), {"row": former}
                )
        return None


def record_of(id: str, mapping: Mapping[str, Any], recogniser: Recogniser) -> tuple[Resource | None, list[Problem]]:
    """Return the record of a mapping (None where it cannot stand), with its faults and doubts."""
    document = yamlfile.Document(Path(f"{id}.yaml"), shapes.as_value(dict(mapping)))
    record, problems = Resource.from_document(document, recogniser.vocabularies)
    return record, [problem for problem in problems if problem.severity >= Severity.WARNING]


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> Draft:
    """Return ``under`` with what ``over`` says on top: languages and parts one by one.

    A holding is laid over the one of the same address, mark or file, a date over the one with the same start; others
    are added, for a row has room for one only and must not make the others go.
    """
    merged = dict(under)
    for key, value in over.items():
        old = merged.get(key)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            merged[key] = _merged(old, value)
        elif key in ("holdings", "dates") and old:
            merged[key] = _merged_items(old, value)
        else:
            merged[key] = value
    return merged


def _left_to(said: Mapping[str, Any], before: Mapping[str, Any], base: Mapping[str, Any] | None) -> Draft:
    """Return what a file may say of a record: not what people changed since the last import, nor wrote themselves.

    ``base``: as the last import wrote it; None where the record was made here: then only gaps are filled.
    """
    left: Draft = {}
    for key, value in said.items():
        now, was = before.get(key), base.get(key) if base is not None else None
        if isinstance(value, Mapping) and isinstance(now, Mapping):
            inner = _left_to(value, now, was if isinstance(was, Mapping) else None if base is None else {})
            if inner:
                left[key] = inner
        elif (not now if base is None else now == was) or now == value:
            left[key] = value
    return left


def _merged_items(old: list[Draft], new: list[Draft]) -> list[Draft]:
    made = {_place(holding): dict(holding) for holding in old}
    for holding in new:
        made[_place(holding)] = _merged(made.get(_place(holding), {}), holding)
    return list(made.values())


def _place(holding: Mapping[str, Any]) -> tuple[str, str]:
    return next(((form, str(holding[form])) for form in (*ONE_PER_COPY, "start") if holding.get(form)), ("", ""))


def _note(problem: Problem, mapping: Mapping[str, Any], columns: Mapping[str, str]) -> Note:
    """Return a record's problem as one of a row: in the words of the file where a column is to blame."""
    words = problem.field.split(".")
    value: Any = mapping
    for word in words:
        if isinstance(value, Mapping):
            value = value.get(word, "")
        elif isinstance(value, list):
            value = value[int(word)] if word.isdigit() and int(word) < len(value) else ""
    plain = [word for word in words if not word.isdigit()]
    names = [".".join(plain[: end or None]) for end in (0, -1, -2) if end > -len(plain)]
    column = next((columns[name] for name in names if name in columns), problem.field)
    shown = "" if isinstance(value, Mapping | list) else str(value)
    return Note(column, shown[:LONGEST_SHOWN], problem.message, problem.params)


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    old, new = dict(leaves(before)), dict(leaves(after))
    order = {name: rank for rank, name in enumerate(FIELDS)}
    for name in sorted(old.keys() | new.keys(), key=lambda name: (order.get(name.partition(".")[0], 99), name)):
        if old.get(name, "") != new.get(name, ""):
            yield name, old.get(name, "")[:LONGEST_SHOWN], new.get(name, "")[:LONGEST_SHOWN]


def leaves(plain: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every value of a mapping as text, under its path: ``title.fr``, ``holdings.1.url``."""
    if isinstance(plain, Mapping):
        for key, value in plain.items():
            yield from leaves(value, f"{path}.{key}" if path else str(key))
    elif isinstance(plain, list) and plain and isinstance(plain[0], Mapping):
        for number, value in enumerate(plain, 1):
            yield from leaves(value, f"{path}.{number}")
    elif isinstance(plain, list):
        yield path, " ; ".join(map(str, plain))
    else:
        yield path, str(plain)
