"""What every section of a report asks: the year, the language, the names of things."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property

from catalogue.fields import THEMES
from catalogue.i18n import Language, languages
from catalogue.report.model import Cell, Chart, Row, Table
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.values import Said


@dataclass(frozen=True)
class Setting:
    """A year of a catalogue, told in a language."""

    catalogue: Catalogue
    year: int
    lang: str

    @cached_property
    def language(self) -> Language:
        """The language it is told in."""
        return languages()[self.lang]

    def say(self, msgid: str, **params: object) -> str:
        """Return a message in the language of the report."""
        text = self.language.gettext(msgid)
        return text % params if params else text

    @property
    def today(self) -> datetime.date:
        """The day of the report, by the centre's clock."""
        return self.catalogue.now().date()

    @property
    def until(self) -> datetime.date:
        """The day up to which the collection is looked at: the last of the year, or today."""
        return min(self.today, datetime.date(self.year, 12, 31))

    @cached_property
    def records(self) -> tuple[Resource, ...]:
        """The published records that were there by then; without a date a record is taken to have been there."""
        public = sorted(self.catalogue.contents.public, key=lambda record: record.id)
        return tuple(record for record in public if not record.added or record.added <= self.until)

    def said(self, msgid: str) -> Said:
        """Return a message as the label of a row."""
        return Said(self.say(msgid), self.lang)

    def name(self, vocabulary: str, id: str, without: str) -> Said:
        """Return the name of a term; ``without``: the message where there is none."""
        if not id:
            return self.said(without)
        return self.catalogue.contents.frame.vocabularies.label(vocabulary, id, self.lang)

    def ordered(self, vocabulary: str, ids: set[str]) -> list[str]:
        """Return ids in the order of their vocabulary, what it does not know and what is empty behind."""
        order = self.catalogue.contents.frame.vocabularies.order(vocabulary)
        return sorted(ids, key=lambda id: (not id, order.get(id, len(order)), id))

    def themes(self, also: set[str] | None = None) -> list[str]:
        """Return the themes, and behind them others that occur (the empty one: none was chosen)."""
        return [*THEMES, *sorted((also or set()) - {*THEMES}, key=lambda id: (not id, id))]

    def table(
        self,
        id: str,
        title: str,
        head: tuple[str, ...],
        rows: list[Row],
        *,
        notes: tuple[str, ...] = (),
        charts: tuple[Chart, ...] = (),
        on_page: int = 0,
    ) -> Table:
        """Return a table; title, heads and notes are messages, or are said already."""
        said = self.say
        return Table(id, said(title), tuple(map(said, notes)), tuple(map(said, head)), tuple(rows), charts, on_page)


def row(id: str, label: Said, *cells: Cell, is_total: bool = False) -> Row:
    """Return a row."""
    return Row(id, label, cells, is_total)
