"""A list while an advisor makes it. It lives in the form of the page only: nothing is stored before a code is made.

The form repeats ``item``, ``phrase``, ``day`` and ``own`` once for each document, in order. Beside them ``shown`` names
the results on the page and ``tick`` those that are chosen. So the same form always gives the same list, and whatever is
pressed next, no tick is lost.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import FormData

from catalogue.query import clean
from catalogue.state.lists import WHY_LENGTH, ListItem
from catalogue.vocabulary import Vocabularies, is_id
from catalogue.web import phrases

OWN = "own"
"""What ``phrase`` holds where the advisor writes by themselves."""


@dataclass(frozen=True)
class DraftItem:
    """A document on the list, and the reason as far as it is filled in. ``day`` is an ISO date, or what was typed."""

    id: str
    phrase: str = ""
    day: str = ""
    own: str = ""

    @classmethod
    def of(cls, item: ListItem, vocabularies: Vocabularies) -> DraftItem:
        """Return an item of a list that was handed over, ready to be changed."""
        phrase, day = phrases.parsed(vocabularies, item.why)
        if phrase or not item.why:
            return cls(item.id, phrase, day.isoformat() if day else "")
        return cls(item.id, OWN, own=item.why)

    def lacks_day(self, vocabularies: Vocabularies) -> bool:
        """Tell whether the phrase names a day and none was given."""
        return phrases.is_dated(vocabularies, self.phrase) and as_day(self.day) is None

    def item(self, vocabularies: Vocabularies) -> ListItem:
        """Return the item as lists keep it."""
        if self.phrase == OWN:
            return ListItem(self.id, self.own)
        dated = phrases.is_dated(vocabularies, self.phrase)
        return ListItem(self.id, phrases.kept(self.phrase, as_day(self.day) if dated else None))


@dataclass(frozen=True)
class Draft:
    """The documents chosen so far, each once."""

    items: tuple[DraftItem, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the documents, in order."""
        return tuple(item.id for item in self.items)

    def synchronised(self, shown: Iterable[str], ticked: Sequence[str]) -> Draft:
        """Return the list after the ticks of a page: what was unticked is gone, what was ticked comes last."""
        gone = set(shown) - set(ticked)
        held = tuple(item for item in self.items if item.id not in gone)
        ids = {item.id for item in held}
        return Draft((*held, *(DraftItem(id) for id in dict.fromkeys(ticked) if id not in ids)))

    def without(self, id: str) -> Draft:
        """Return the list without a document."""
        return Draft(tuple(item for item in self.items if item.id != id))

    def moved(self, id: str, by: int) -> Draft:
        """Return the list with a document ``by`` places further down (up where negative)."""
        if id not in self.ids:
            return self
        items = list(self.items)
        at = self.ids.index(id)
        items.insert(max(0, min(len(items) - 1, at + by)), items.pop(at))
        return Draft(tuple(items))


def read(form: FormData, vocabularies: Vocabularies) -> Draft:
    """Return the list that a form holds. What is no id is left out; an unknown phrase counts as none."""
    columns = (_texts(form, name) for name in ("item", "phrase", "day", "own"))
    items = {row[0]: DraftItem(*row) for row in zip(*columns, strict=False) if is_id(row[0])}
    known = {OWN, *vocabularies.terms.get(phrases.VOCABULARY, {})}
    draft = Draft(
        tuple(
            replace(item, phrase=item.phrase if item.phrase in known else "", own=item.own[:WHY_LENGTH])
            for item in items.values()
        )
    )
    return draft.synchronised(_texts(form, "shown"), [id for id in _texts(form, "tick") if is_id(id)])


def as_day(text: str) -> datetime.date | None:
    """Return an ISO date, or None."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _texts(form: FormData, name: str) -> list[str]:
    return [clean(value) for value in form.getlist(name) if isinstance(value, str)]
