"""One edit: the mapping that a form holds, what is wrong with it, and what saving it does."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue import network, shapes, three_way
from catalogue.errors import N_, InvalidRecord, NotFound, Problem, Severity
from catalogue.fields import CENTRE
from catalogue.resource import FIELDS, Resource
from catalogue.service import Catalogue
from catalogue.state import Version
from catalogue.values import Text
from catalogue.web import forms
from catalogue.web.desk.records.identity import new_id, next_mark
from catalogue.web.desk.records.sections import KEPT_IN_A_PILE

Plain = Any


@dataclass(frozen=True)
class Edit:
    """What a form holds. ``id`` is empty for a new record; ``seen`` is the digest of the file it began from.

    ``conflicts``: dotted paths that somebody else changed too, and otherwise; ``theirs``: the mapping they saved.
    """

    id: str
    seen: str
    mapping: Mapping[str, Plain]
    sent: forms.Sent | None = None
    problems: tuple[Problem, ...] = ()
    conflicts: tuple[str, ...] = ()
    theirs: Mapping[str, Plain] = dataclasses.field(default_factory=dict)

    def but(self, **changes: Any) -> Edit:
        """Return this edit with something changed."""
        return dataclasses.replace(self, **changes)


def of_file(catalogue: Catalogue, id: str) -> Edit:
    """Return the edit that begins from a record's file, faulty or not. Raises NotFound where there is none."""
    version = catalogue.version(id)
    if version.data is None:
        raise NotFound
    mapping, problems = read(version, catalogue)
    return Edit(id, version.digest, mapping, problems=problems)


def read(version: Version, catalogue: Catalogue) -> tuple[dict[str, Plain], tuple[Problem, ...]]:
    """Return the mapping in a version of a record file, as far as it can be read, and its faults."""
    root, terms = catalogue.settings.resources, catalogue.contents.frame.vocabularies
    mapping, problems = Resource.from_bytes(version.data or b"", root / version.path, terms, root)
    return mapping, tuple(problem for problem in problems if problem.severity is Severity.ERROR)


def of_form(catalogue: Catalogue, id: str, pairs: forms.Pairs) -> Edit:
    """Return the edit that a form sent. Names typed into pickers are replaced by what they name."""
    sent = forms.Sent(pairs)
    vocabularies = catalogue.contents.frame.vocabularies
    resolved, problems = forms.resolve(FIELDS, sent, vocabularies)
    mapping = {**forms.gather(FIELDS, resolved), **_not_in_the_form(catalogue, id)}
    return Edit(id, sent.one("seen"), mapping, resolved, problems)


def _not_in_the_form(catalogue: Catalogue, id: str) -> Mapping[str, Plain]:
    """Return what the file of a record says in fields that no form shows here: it stays."""
    hidden = network.unseen(catalogue.contents.frame.vocabularies)
    if not id or not hidden:
        return {}
    version = catalogue.version(id)
    there, _ = read(version, catalogue) if version.data is not None else ({}, ())
    return {name: there[name] for name in hidden if name in there}


def for_centre(edit: Edit, centre: str) -> Edit:
    """Return an edit of a new record as one of a centre; of one that is there, as it is: it stays whose it is."""
    return edit if edit.id or not centre else edit.but(mapping={**edit.mapping, CENTRE: centre})


def copied(catalogue: Catalogue, id: str) -> Mapping[str, Plain]:
    """Return what a new record takes over from another one as a whole: everything but what is its own alone."""
    mapping = _mapping(catalogue, id)
    for own in ("replaces", "source", "identifiers", "added", "checked", "review_by", "staff_note", "status"):
        mapping.pop(own, None)
    return mapping


def piled(catalogue: Catalogue, id: str) -> Mapping[str, Plain]:
    """Return what the next record of a pile takes over from the last: whose it is, for whom, and the next place."""
    mapping = _mapping(catalogue, id)
    kept = {name: mapping[name] for name in KEPT_IN_A_PILE if name in mapping}
    shelves = [holding for holding in mapping.get("holdings", ()) if "shelf" in holding]
    if shelves:
        kept["holdings"] = [{**_but(shelves[0], "title"), "shelf": _next_free(catalogue, shelves[0]["shelf"])}]
    return kept


def _next_free(catalogue: Catalogue, mark: str) -> str:
    """Return the first shelf mark behind one that no document has."""
    taken = {holding.shelf for record in catalogue.contents.records.values() for holding in record.holdings}
    following = next_mark(mark)
    while following in taken and following != (after := next_mark(following)):
        following = after
    return following


def _but(mapping: Mapping[str, Plain], *names: str) -> dict[str, Plain]:
    return {name: value for name, value in mapping.items() if name not in names}


def _mapping(catalogue: Catalogue, id: str) -> dict[str, Plain]:
    record = catalogue.contents.records.get(id)
    if record is None:
        raise NotFound
    mapping: dict[str, Plain] = shapes.as_value(record.to_mapping())  # type: ignore[assignment]
    return mapping


def made(catalogue: Catalogue, edit: Edit) -> Resource:
    """Return the record an edit makes. Raises InvalidRecord with everything that is wrong in it."""
    terms, root = catalogue.contents.frame.vocabularies, catalogue.settings.resources
    id = edit.id or new_id(_title(edit), catalogue.contents)
    mapping = {"status": "draft", **edit.mapping}
    try:
        record = Resource.from_mapping(id, mapping, terms, root)
    except InvalidRecord as error:
        raise InvalidRecord((*edit.problems, *map(_beside, error.problems))) from error
    if edit.problems:
        raise InvalidRecord(edit.problems)
    return record


def _beside(problem: Problem) -> Problem:
    """Return a problem with what is missing as one that stands beside the field that is to be filled in."""
    if problem.message != shapes.MISSING:
        return problem
    path = ".".join(part for part in (problem.field, str(problem.params["name"])) if part)
    return dataclasses.replace(problem, field=path, message=N_("this is needed"))


def gaps(record: Resource, catalogue: Catalogue) -> tuple[Problem, ...]:
    """Return what a record lacks or what is doubtful in it, as if it were published."""
    public = dataclasses.replace(record, status="published").to_mapping()
    return Resource.examine(record.id, public, catalogue.contents.frame.vocabularies, catalogue.settings.resources)[1]


def _title(edit: Edit) -> Text:
    title = edit.mapping.get("title")
    return Text(title if isinstance(title, dict) else {"fr": str(title or "")})


def save(catalogue: Catalogue, edit: Edit, account: str, today: datetime.date) -> Resource:
    """Save an edit; returns the record. A new one is dated.

    Raises InvalidRecord, Conflict (see ``merged``), and as ``Catalogue.save`` does.
    """
    record = made(catalogue, edit)
    if not edit.id and not record.added:
        record = dataclasses.replace(record, added=today)
    catalogue.save(record, account=account, seen=edit.seen)
    return record


def still_open(catalogue: Catalogue, edit: Edit, paths: Sequence[str], taken: str = "") -> Edit:
    """Return an edit in which the conflicts at ``paths`` wait for a choice; at ``taken`` theirs was chosen."""
    theirs, _ = read(catalogue.version(edit.id), catalogue)
    mapping = three_way.put(edit.mapping, taken, three_way.at(theirs, taken)) if taken else edit.mapping
    return edit.but(mapping=mapping, theirs=theirs, conflicts=tuple(path for path in paths if path != taken))


def merged(catalogue: Catalogue, edit: Edit) -> Edit:
    """Return an edit put together with what somebody else saved since: it now begins from theirs."""
    version = catalogue.version(edit.id)
    theirs, problems = read(version, catalogue)
    began = catalogue.state.history.content(version.path, edit.seen)
    base = read(began, catalogue)[0] if began else {}
    mapping, conflicts = three_way.merge(base, edit.mapping, theirs)
    return edit.but(seen=version.digest, mapping=mapping, problems=problems, conflicts=conflicts, theirs=theirs)
