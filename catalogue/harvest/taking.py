"""What becomes of a record that a source gives: the rules.

- What a documentalist changed here stays; what only the source changed comes in. Where both changed one field, ours
  stays, and the report says so.
- A record that is deleted there is withdrawn here, unless somebody worked on it here: then it stays, and the report
  says so. It comes back when the source gives it again.
- What was deleted here never comes back. What another record here already describes (the same ISBN, or the same
  web address and title) is left to that one.
- A value that cannot stand is left out and told; a record that cannot stand without it is refused and told.
"""

from __future__ import annotations

import datetime
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from catalogue import shapes, three_way
from catalogue.contents import Contents
from catalogue.errors import N_, Problem, Severity
from catalogue.exchange.drafting import draft_of, id_from
from catalogue.exchange.entries import Broken, Entry, own_names
from catalogue.exchange.mapping import ColumnMapping
from catalogue.exchange.matching import Known
from catalogue.exchange.sources import HarvestSource
from catalogue.exchange.terms import Recogniser
from catalogue.fields import THEMES
from catalogue.folding import fold
from catalogue.harvest.answers import Given
from catalogue.harvest.reading import entry_of
from catalogue.resource import Resource
from catalogue.sameness import isbn_key
from catalogue.state import HarvestedRecord

NEW, CHANGED, SAME, WITHDRAWN, KEPT, REFUSED = "new", "changed", "same", "withdrawn", "kept", "refused"
FATES: Mapping[str, str] = {
    NEW: N_("New"),
    CHANGED: N_("Changed"),
    SAME: N_("Nothing to do"),
    WITHDRAWN: N_("Withdrawn: deleted at the source"),
    KEPT: N_("Left as it is here"),
    REFUSED: N_("Refused"),
}
"""What can become of a record."""

_OURS = ("status", "added", "checked", "review_by", "staff_note", "source")
"""What documentalists set on records that they did not otherwise change."""

Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """What becomes of one record. ``record``: to be written; ``known``: to be remembered; ``note``: to be told."""

    fate: str
    id: str = ""
    record: Resource | None = None
    known: HarvestedRecord | None = None
    note: tuple[str, Mapping[str, object]] | None = None


@dataclass
class Taker:
    """Decides for the records of one source. ``known``: our records as they were when the run began."""

    source: HarvestSource
    recogniser: Recogniser
    known: Known
    today: datetime.date
    _given: set[str] = field(default_factory=set)  # the ids of this run's new records

    def take(self, given: Given, before: HarvestedRecord | None, contents: Contents, reserved: Container[str]) -> Taken:
        """Return what becomes of a record; ``before``: what the source said the last time."""
        if given.metadata is None:
            return self._deleted(given, before, contents)
        try:
            said = self._said(given, entry_of(given.metadata))
        except Broken as error:
            return Taken(REFUSED, note=(error.message, error.params))
        id = before.record if before else self._of_this_source(given)
        if id and id in contents.records:
            return self._update(given, said, before, contents.records[id])
        if id and (id in contents.tombstones or id in contents.redirects):
            note = N_("it was deleted here, or became part of another record: it does not come back")
            return Taken(KEPT, id, note=(note, {}))
        twin = self.known.match({key: value for key, value in said.items() if key != "source"})
        if (found := contents.records.get(twin)) and not self._is_mine(found) and _is_twin(said, found):
            note = N_("“%(id)s” already describes this: it is left to it")
            return Taken(KEPT, twin, note=(note, {"id": twin}))
        return self._create(given, said, contents, reserved)

    # --- inside ----------------------------------------------------------------------------------------------

    def _said(self, given: Given, entry: Entry) -> dict[str, Any]:
        """Return a record as the source says it, with what is said of all its records."""
        columns = list(entry.values)
        rules = {**own_names(columns).columns, **self.source.columns.columns}
        mapping = ColumnMapping({c: rule for c, rule in rules.items() if c in columns}, self.source.columns.constants)
        cells = ["\n".join(entry.values[column]) for column in columns]
        said, alike = draft_of(mapping, columns, cells, self.recogniser)
        said = {**alike, **self._of_sets(given), **said, **entry.whole}
        said.pop("id", None)
        said.setdefault("status", "draft")
        return said | {"source": {"from": self.source.mark, "id": given.identifier, "updated": given.datestamp}}

    def _of_sets(self, given: Given) -> dict[str, Any]:
        """Return what the sets tell of a record, where the source is a catalogue like this one."""
        pairs = [spec.partition(":") for spec in given.sets]
        themes = [value for name, _, value in pairs if name == "theme" and value in THEMES]
        known = self.recogniser.vocabularies.terms.get("kinds", {})
        kinds = [value for name, _, value in pairs if name == "kind" and value in known]
        return ({"themes": themes} if themes else {}) | ({"kind": kinds[0]} if kinds else {})

    def _create(self, given: Given, said: Plain, contents: Contents, reserved: Container[str]) -> Taken:
        id = id_from(said.get("title", {}), lambda id: id in contents.records or id in reserved or id in self._given)
        record, note = self._checked(id, said)
        if record is None:
            return Taken(REFUSED, note=note)
        self._given.add(id)
        dated = record if record.added else replace(record, added=self.today)
        return Taken(NEW, id, dated, self._remember(given, id, record), note)

    def _update(self, given: Given, said: Plain, before: HarvestedRecord | None, mine: Resource) -> Taken:
        theirs, note = self._checked(mine.id, said)
        if theirs is None:
            return Taken(REFUSED, mine.id, note=note)
        ours, base = _plain(mine), dict(before.said) if before else {}
        if before and before.deleted and mine.status == "withdrawn":
            ours["status"] = base.get("status", "draft")  # it was withdrawn because it was deleted there
        merged, conflicts = three_way.merge(_apart(base), _apart(ours), _apart(_plain(theirs)))
        record, problem = self._checked(mine.id, _together(merged))
        if record is None:
            return Taken(REFUSED, mine.id, note=problem)
        if conflicts and before:
            fields = ", ".join(dict.fromkeys(path.partition(".")[0] for path in conflicts))
            note = (N_("changed here and at the source, ours stays: %(fields)s"), {"fields": fields})
        known = self._remember(given, mine.id, theirs)
        return Taken(SAME if record == mine else CHANGED, mine.id, None if record == mine else record, known, note)

    def _deleted(self, given: Given, before: HarvestedRecord | None, contents: Contents) -> Taken:
        mine = contents.records.get(before.record if before else self._of_this_source(given))
        if mine is None or mine.status == "withdrawn" or not self._is_mine(mine):
            known = replace(before, datestamp=given.datestamp, deleted=True) if before else None
            return Taken(SAME, mine.id if mine else "", None, known)
        if before is None or _is_changed(before.said, mine):
            note = N_("deleted at the source, but worked on here: it stays; decide what is to become of it")
            known = replace(before, datestamp=given.datestamp, deleted=True) if before else None
            return Taken(KEPT, mine.id, None, known, (note, {}))
        gone = replace(mine, status="withdrawn")
        return Taken(WITHDRAWN, mine.id, gone, replace(before, datestamp=given.datestamp, deleted=True))

    def _checked(self, id: str, mapping: Plain) -> tuple[Resource | None, tuple[str, Mapping[str, object]] | None]:
        """Return the record of a mapping, without values that cannot stand; and what is to be told of it."""
        record, problems = Resource.examine(id, mapping, self.recogniser.vocabularies)
        if record is not None:
            return record, None
        faults = [problem for problem in problems if problem.severity is Severity.ERROR]
        first = faults[0]
        left: dict[str, Any] = {key: shapes.as_value(value) for key, value in mapping.items()}
        for path in sorted({_faulty(problem) for problem in faults}, reverse=True):
            _drop(left, path)
        record, _ = Resource.examine(id, left, self.recogniser.vocabularies)
        message = LEFT_OUT if record else REASON
        return record, (message, {"field": first.field, "reason": first.text()})

    def _remember(self, given: Given, id: str, said: Resource) -> HarvestedRecord:
        return HarvestedRecord(self.source.id, given.identifier, id, given.datestamp, _plain(said))

    def _of_this_source(self, given: Given) -> str:
        return self.known.match({"source": {"from": self.source.mark, "id": given.identifier}})

    def _is_mine(self, record: Resource) -> bool:
        return record.source is not None and record.source.from_ == self.source.mark


LEFT_OUT = N_("%(field)s was left out: %(reason)s")
REASON = N_("%(field)s: %(reason)s")


def _is_twin(said: Plain, record: Resource) -> bool:
    """Tell whether a record is about the same document: many have a link to the same front page."""
    isbn = isbn_key(said.get("identifiers", {}).get("isbn", ""))
    if isbn and record.identifiers and isbn == isbn_key(record.identifiers.isbn):
        return True
    titles = {fold(title) for title in record.title.values()}
    return any(fold(title) in titles for title in said.get("title", {}).values())


def _plain(record: Resource) -> dict[str, Any]:
    plain = shapes.as_value(record.to_mapping())
    return plain if isinstance(plain, dict) else {}


def _is_changed(said: Plain, mine: Resource) -> bool:
    """Tell whether somebody here made a record another than the source said it was."""
    ours = _plain(mine)
    return any(ours.get(key) != said.get(key) for key in {*ours, *said} - {*_OURS})


def _apart(mapping: Plain) -> dict[str, Any]:
    """Return a mapping with its holdings by where each is, so that each is merged by itself."""
    made = dict(mapping)
    if made.get("holdings"):
        made["holdings"] = {_place(holding): holding for holding in made["holdings"]}
    return made


def _together(mapping: Plain) -> dict[str, Any]:
    made = dict(mapping)
    if made.get("holdings"):
        made["holdings"] = list(made["holdings"].values())
    return made


def _place(holding: Plain) -> str:
    return str(next((holding[form] for form in ("url", "shelf", "file") if holding.get(form)), ""))


def _faulty(problem: Problem) -> tuple[str | int, ...]:
    """Return where the value stands that is to go: of a list the whole item, else the value itself."""
    parts = [int(part) if part.isdigit() else part for part in problem.field.split(".")]
    number = next((place for place, part in enumerate(parts) if isinstance(part, int)), None)
    return tuple(parts[: number + 1] if number is not None else parts)


def _drop(mapping: Any, path: tuple[str | int, ...]) -> None:
    *outer, last = path
    for part in outer:
        inside = isinstance(mapping, dict) and part in mapping
        inside = inside or (isinstance(mapping, list) and isinstance(part, int) and part < len(mapping))
        mapping = mapping[part] if inside else {}
    if isinstance(mapping, dict):
        mapping.pop(last, None)
    elif isinstance(mapping, list) and isinstance(last, int) and last < len(mapping):
        del mapping[last]
