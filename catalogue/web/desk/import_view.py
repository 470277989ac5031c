"""What the pages of an import show: its columns and their rules, a sample, its report, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from catalogue import importing, network
from catalogue.errors import N_, Translate
from catalogue.exchange.dry_run import CHANGE, CREATE, FATES, REFUSE, SAME, Note, Outcome, leaves
from catalogue.exchange.mapping import CAREFUL, KEEP, SEPARATORS, UPDATE, ColumnMapping, Rule
from catalogue.exchange.report import Report
from catalogue.exchange.targets import TARGETS, Target
from catalogue.exchange.terms import Recogniser
from catalogue.fields import CENTRE, STATUSES, WORD_NAMES
from catalogue.i18n import Language
from catalogue.importing import Imports, samples_of, unknown_values
from catalogue.state import Job
from catalogue.vocabulary import Vocabularies
from catalogue.web import addresses
from catalogue.web.controls import Option

PER_PAGE = 50
SHOWN = 3
"""Rows shown as a sample."""

DOUBT = "doubt"
"""A part of the report: rows that are imported although something in them is doubtful."""

FOR_ALL = (
    "kind", "themes", "status", "languages", "audiences", "level", "places", "publisher", "series", "source.from",
    "staff_note", CENTRE,
)  # fmt: skip
"""What can be said of all rows."""

SEPARATOR_NAMES = {
    ";": N_("semicolon ;"),
    ",": N_("comma ,"),
    "|": N_("bar |"),
    "/": N_("slash /"),
    "\n": N_("new line"),
    "": N_("nothing: one value"),
}

DELIMITER_NAMES = {**SEPARATOR_NAMES, "\t": N_("tab"), "": ""}

_USE_NAMES = {"take": N_("May be taken along"), "read": N_("To be read here"), "ask": N_("On request")}
_STATUS_NAMES = {status: WORD_NAMES[status] for status in STATUSES}
_EASY_NAMES = {status: WORD_NAMES[status] for status in ("draft", "written", "tested")}
_WORDS = {"status": _STATUS_NAMES, "holdings.use": _USE_NAMES, "easy_status": _EASY_NAMES}


@dataclass(frozen=True)
class OptionGroup:
    """Options under one name; without a name where that is empty."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Meaning:
    """A value of the file that is not recognised, and what it is to mean."""

    name: str
    value: str
    options: tuple[Option, ...]
    meant: str


@dataclass(frozen=True)
class Column:
    """A column: its name, some of its cells, what it fills. ``hidden``: this file says nothing in it."""

    index: int
    name: str
    cells: tuple[str, ...]
    targets: tuple[OptionGroup, ...]
    separators: tuple[Option, ...]
    meanings: tuple[Meaning, ...]
    target: str
    separator: str
    hidden: bool


@dataclass(frozen=True)
class ForAll:
    """A field that all rows can have alike. ``several``: as boxes to tick; without options: a text."""

    name: str
    label: str
    options: tuple[Option, ...]
    value: str
    several: bool
    required: bool


@dataclass(frozen=True)
class NoteView:
    """Why a row is refused or doubtful, in words."""

    where: str
    value: str
    text: str


@dataclass(frozen=True)
class RowView:
    """What becomes of a row."""

    row: int
    fate: str
    fate_label: str
    title: str
    href: str
    notes: tuple[NoteView, ...]
    differences: tuple[tuple[str, str, str], ...]
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Part:
    """A part of the report with its number of rows."""

    label: str
    count: int
    href: str
    current: bool


class View:
    """Makes what pages show of one import for a reader of one language."""

    def __init__(self, imports: Imports, job: Job, language: Language) -> None:
        self.imports, self.job, self.language = imports, job, language
        self._: Translate = language.gettext
        self.vocabularies: Vocabularies = imports.library.contents.frame.vocabularies
        self.mapping = ColumnMapping.from_plain(job.data["mapping"])
        self.entries = "entries" in job.data["about"]  # records, whose columns are named as our fields
        self.words = Report(self._, () if self.entries else job.data["columns"])

    # --- columns ---------------------------------------------------------------------------------------------

    def mapped(self) -> tuple[tuple[Column, ...], tuple[RowView, ...]]:
        """Return the columns, and the first rows as they would become. Raises BadInput."""
        rows, outcomes = self.imports.sample(self.job, SHOWN)
        columns = self.job.data["columns"]
        samples = samples_of(columns, rows, SHOWN)
        unknown = unknown_values(self.mapping, columns, rows, Recogniser(self.vocabularies))
        made = tuple(
            self._column(index, name, samples[name], unknown.get(name, ())) for index, name in enumerate(columns)
        )
        return made, tuple(map(self.row, outcomes))

    def _column(self, index: int, name: str, cells: Sequence[str], unknown: Sequence[str]) -> Column:
        rule = self.mapping.columns.get(name, Rule(""))
        target = TARGETS.get(rule.to)
        separators = (
            tuple(Option(sign, self._(SEPARATOR_NAMES[sign]), sign == rule.separator) for sign in SEPARATORS)
            if target and target.many and not (self.entries and rule.to == name)
            else ()
        )
        meanings = tuple(
            Meaning(
                f"{index}.{place}",
                value,
                self._meant(target, rule.values.get(value, value)),
                rule.values.get(value, value),
            )
            for place, value in enumerate(unknown)
            if target
        )
        shown = tuple(cell if len(cell) <= 90 else f"{cell[:90]}…" for cell in cells)
        called = self.words.field(name) if self.entries else name
        hidden = self.entries and name not in self.job.data.get("filled", ())
        return Column(
            index, called, shown, self._targets(rule.to), separators, meanings, rule.to, rule.separator, hidden
        )

    def _targets(self, chosen: str) -> tuple[OptionGroup, ...]:
        groups: dict[str, list[Option]] = {"": []}
        hidden = network.unseen(self.vocabularies)
        for target in (each for each in TARGETS.values() if each.name not in hidden or each.name == chosen):
            label = self._(target.label) if target.part else ""
            text = self._(target.part or target.label)
            text = f"{text} ({target.lang.upper()})" if target.lang else text
            groups.setdefault(label, []).append(Option(target.name, text, target.name == chosen))
        return tuple(OptionGroup(label, tuple(options)) for label, options in groups.items())

    def _meant(self, target: Target, meant: str) -> tuple[Option, ...]:
        """Return the words a value can mean; none where it can be anything, or the list is too long to choose from."""
        few = (target.vocabulary or target.words) and target.vocabulary not in ("occupations", "subjects")
        return tuple(self._words(target, meant)) if few else ()

    def _words(self, target: Target, *chosen: str) -> Iterable[Option]:
        names = _WORDS.get(target.name)
        if names:
            return [Option(id, self._(label), id in chosen) for id, label in names.items()]
        if target.words and target.name != "themes":
            return [Option(id, id, id in chosen) for id in target.words]
        terms = self.vocabularies.terms.get(target.vocabulary, {}).values()
        return [
            Option(term.id, term.labels.best(self.language.code).text, term.id in chosen)
            for term in terms
            if not term.retired or term.id in chosen
        ]

    def for_all(self) -> tuple[ForAll, ...]:
        """Return what can be said of all rows, with what is said."""
        saying = self.job.data.get("filled", self.job.data["columns"])
        filled = {rule.to for name, rule in self.mapping.columns.items() if name in saying}
        made = []
        offered = self.vocabularies.centres and not self.imports.centre_of(self.job)
        for name in (name for name in FOR_ALL if name != CENTRE or offered):
            target, value = TARGETS[name], self.mapping.constants.get(name, "")
            options = tuple(self._words(target, *value.split(";"))) if target.vocabulary or target.words else ()
            label = self._(target.label)
            if target.part:
                label = self._(N_("%(what)s: %(which)s")) % {"what": label, "which": self._(target.part)}
            required = name in ("kind", "themes", "status") and name not in filled
            made.append(ForAll(name, label, options, value, name == "themes", required))
        return tuple(made)

    def existing(self) -> tuple[Option, ...]:
        """Return what can become of records that are already there."""
        labels = {
            CAREFUL: N_("They take over what the file says, but keep what somebody here wrote or changed"),
            UPDATE: N_("They take over everything the file says"),
            KEEP: N_("They stay as they are"),
        }
        return tuple(Option(value, self._(label), value == self.mapping.existing) for value, label in labels.items())

    def problems(self) -> tuple[str, ...]:
        """Return what is still to be said before the file can be tried."""
        found = self.mapping.problems(self.job.data["columns"], self.job.data.get("filled"))
        return tuple(
            self._(words) % {key: self._(str(value)) for key, value in given.items()} for words, given in found
        )

    # --- report ----------------------------------------------------------------------------------------------

    def counts(self) -> Mapping[str, int]:
        """Return how many rows there are in each part of the report."""
        data, failed = self.job.data, self.job.data.get("failed", 0)
        counts = {fate: int(data.get("counts", {}).get(fate, 0)) for fate in FATES}
        return counts | {REFUSE: counts[REFUSE] + failed, DOUBT: int(data.get("doubtful", 0))}

    def parts(self, chosen: str) -> tuple[Part, ...]:
        """Return the parts of the report; one without rows is left out."""
        counts, here = self.counts(), addresses.desk(self.language.code, f"import/{self.job.id}")
        labels = {**FATES, DOUBT: N_("Doubtful")}
        return tuple(
            Part(self._(labels[part]), counts[part], f"{here}?part={part}#report", part == chosen)
            for part in (REFUSE, DOUBT, CREATE, CHANGE, SAME)
            if counts[part] or part == chosen
        )

    def first_part(self) -> str:
        """Return the part that is to be looked at first: what went wrong, then what is doubtful."""
        counts = self.counts()
        return next((part for part in (REFUSE, DOUBT, CHANGE, CREATE, SAME) if counts[part]), SAME)

    def rows(self, part: str, page: int) -> tuple[RowView, ...]:
        """Return a page of a part of the report."""
        found = self.imports.outcomes(self.job, "" if part == DOUBT else part)
        if part == DOUBT:
            found = (outcome for outcome in found if outcome.notes and outcome.fate in (CREATE, CHANGE))
        return tuple(map(self.row, islice(found, (page - 1) * PER_PAGE, page * PER_PAGE)))

    def row(self, outcome: Outcome) -> RowView:
        """Return a row in words."""
        there = outcome.id in self.imports.library.contents.records
        return RowView(
            row=outcome.row,
            fate=outcome.fate,
            fate_label=self._(FATES[outcome.fate]),
            title=outcome.title,
            href=addresses.desk(self.language.code, f"records/{outcome.id}") if there else "",
            notes=tuple(map(self._note, outcome.notes)),
            differences=tuple((self.words.field(name), before, after) for name, before, after in outcome.differences),
            values=tuple((self.words.field(name), self._named(name, value)) for name, value in leaves(outcome.mapping)),
        )

    def _named(self, path: str, value: str) -> str:
        """Return a value as people call it: ids of lists by their labels."""
        target = TARGETS.get(".".join(part for part in path.split(".") if not part.isdigit()))
        if target and target.name in _WORDS:
            return self._(_WORDS[target.name].get(value, value))
        if target is None or not target.vocabulary:
            return value
        labels = (self.vocabularies.label(target.vocabulary, id, self.language.code) for id in value.split(" ; "))
        return " ; ".join(label.text for label in labels)

    def report(self) -> Iterable[Sequence[str]]:
        """Yield the whole report as the rows of a table."""
        return self.words.rows(self.imports.outcomes(self.job))

    def _note(self, note: Note) -> NoteView:
        return NoteView(self.words.place(note), note.value, self.words.reason(note))

    def problem(self) -> str:
        """Return what stopped the job, in words; empty where nothing did."""
        problem: Any = self.job.data.get("problem")
        return self._(problem[0]) % problem[1] if problem else ""

    def state(self) -> str:
        """Return where the job stands, in words."""
        return self._(importing.STATE_NAMES[self.job.state])


def mapping_of(form: Sequence[tuple[str, str]], columns: Sequence[str]) -> ColumnMapping:
    """Return the mapping that a form says. Raises BadInput for what no form of ours sends."""
    said: dict[str, list[str]] = {}
    for name, value in form:
        said.setdefault(name, []).append(value)

    def one(name: str) -> str:
        return next(iter(said.get(name, ())), "").replace("\r\n", "\n")

    rules: dict[str, Any] = {}
    for index, column in enumerate(columns):
        target = one(f"to.{index}")
        if target:
            rules[column] = {"to": target, "separator": one(f"separator.{index}"), "values": _meanings(said, index)}
    constants = {name: value for name in FOR_ALL if (value := ";".join(filter(None, said.get(f"all.{name}", ()))))}
    return ColumnMapping.from_plain({"columns": rules, "constants": constants, "existing": one("existing")})


def _meanings(said: Mapping[str, Sequence[str]], index: int) -> dict[str, str]:
    """Return the values of a column that mean something else than they say."""
    start = f"was.{index}."
    values = {name.removeprefix("was."): was[0] for name, was in said.items() if name.startswith(start)}
    pairs = ((was, said.get(f"means.{place}", [was])[0].strip()) for place, was in values.items())
    return {was: means for was, means in pairs if means != was}
