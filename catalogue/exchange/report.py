"""What importing does, in words: field names, reasons, and the whole report as a table."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from catalogue.errors import N_, Translate
from catalogue.exchange.dry_run import FATES, Note, Outcome
from catalogue.exchange.targets import TARGETS


class Report:
    """Says what became of rows in the language of ``translate``. ``columns``: names that are said as they are."""

    def __init__(self, translate: Translate, columns: Container[str]) -> None:
        self._, self._columns = translate, columns

    def field(self, path: str) -> str:
        """Return the name of a field: ``holdings.1.url`` → ``How to get it: Web address``."""
        name = ".".join(part for part in path.split(".") if not part.isdigit())
        target = TARGETS.get(name)
        if target is None:
            return path
        label = f"{self._(target.label)}: {self._(target.part)}" if target.part else self._(target.label)
        return f"{label} ({target.lang.upper()})" if target.lang else label

    def place(self, note: Note) -> str:
        """Return where a note belongs: the column of the file, else the field of the record."""
        return note.where if note.where in self._columns else self.field(note.where)

    def reason(self, note: Note) -> str:
        """Return the sentence of a note."""
        return self._(note.message) % dict(note.params)

    def rows(self, outcomes: Iterable[Outcome]) -> Iterator[Sequence[str]]:
        """Yield the report as the rows of a table, its header first: a row for each note and each difference."""
        names = (N_("Row"), N_("What"), N_("Id"), N_("Title"), N_("Column"), N_("Value"), N_("Why"))
        yield [self._(name) for name in names]
        for outcome in outcomes:
            start = [str(outcome.row), self._(FATES[outcome.fate]), outcome.id, outcome.title]
            for note in outcome.notes:
                yield [*start, self.place(note), note.value, self.reason(note)]
            for name, before, after in outcome.differences:
                yield [*start, self.field(name), after, f"{before} → {after}"]
            if not outcome.notes and not outcome.differences:
                yield [*start, "", "", ""]
