"""Editorial lists: our own selections and step-by-step lists, one file of ``resources/lists`` each.

A list is shown to visitors from a day on, until a day where it has one. Its documents may stand together in the room
for a while (``display_until``): they are then not at their shelves, and the pages say so until that day is past.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from catalogue import yamlfile
from catalogue.errors import N_, Problem, Severity
from catalogue.fields import THEMES
from catalogue.parity import untranslated
from catalogue.shapes import ID, Choice, Day, Group, Many, Pattern, Place, Texts, declare, read_group
from catalogue.values import Text

KINDS = ("selection", "steps")
"""Documents on one subject, or what to do one after the other."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A record on a list, and why it stands there."""

    id: str = declare(N_("Record"), Pattern(ID.pattern, "devenir-infirmier"), required=True)
    note: Text = declare(N_("Why it is here"), Texts(), Text())


@dataclass(frozen=True, kw_only=True)
class EditorialList:
    """A list as its file has it; ``slug`` is the file's stem, ``absent`` what to say of an item without a record."""

    slug: str
    kind: str = declare(N_("Kind"), Choice(KINDS), required=True)
    title: Text = declare(N_("Title"), Texts(), Text(), required=True)
    intro: Text = declare(N_("Introduction"), Texts(), Text())
    themes: tuple[str, ...] = declare(N_("Themes"), Many(Choice(THEMES)), ())
    from_: datetime.date = declare(N_("Published from"), Day(), datetime.date.max, required=True)
    until: datetime.date | None = declare(N_("Published until"), Day(), None)
    display_until: datetime.date | None = declare(N_("On display until"), Day(), None)
    items: tuple[Entry, ...] = declare(N_("Documents"), Many(Group(Entry)), (), required=True)
    absent: Mapping[str, Problem] = field(default_factory=dict, compare=False)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of its records, in order."""
        return tuple(entry.id for entry in self.items)

    def is_public(self, today: datetime.date) -> bool:
        """Tell whether visitors see it on a day."""
        return self.from_ <= today and not self.is_over(today)

    def is_over(self, today: datetime.date) -> bool:
        """Tell whether its last day is past."""
        return self.until is not None and self.until < today

    def is_on_display(self, today: datetime.date) -> bool:
        """Tell whether its documents stand together in the room on a day, the last one included."""
        return self.display_until is not None and self.from_ <= today <= self.display_until


def load_lists(folder: Path) -> tuple[Mapping[str, EditorialList], tuple[Problem, ...]]:
    """Read every list of ``resources/lists`` by slug, the newest first, and all problems."""
    lists: list[EditorialList] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        document = yamlfile.read(path)
        found = list(document.problems)
        made = _read(document, found)
        problems += found
        if made is not None:
            lists.append(made)
    lists.sort(key=lambda made: made.from_, reverse=True)  # stable: of the same day in the order of their names
    return {made.slug: made for made in lists}, tuple(problems)


def absentees(lists: Iterable[EditorialList], published: Container[str]) -> Iterator[Problem]:
    """Yield a warning for each item whose record visitors cannot see: the public page leaves it out."""
    for made in lists:
        yield from (problem for id, problem in made.absent.items() if id not in published)


def shown(lists: Iterable[EditorialList], today: datetime.date, theme: str = "") -> list[EditorialList]:
    """Return the lists that visitors see on a day (of a theme), in their order."""
    return [made for made in lists if made.is_public(today) and (not theme or theme in made.themes)]


def display_until(lists: Iterable[EditorialList], id: str, today: datetime.date) -> datetime.date | None:
    """Return the last day on which a record is on display; None where it is at its shelf."""
    days = (made.display_until for made in lists if made.is_on_display(today) and id in made.ids)
    return max((day for day in days if day), default=None)


def _read(document: yamlfile.Document, problems: list[Problem]) -> EditorialList | None:
    """Return the list of a file; None where anything in it is an error."""
    if document.value is None:
        return None
    slug, place = document.path.stem, Place(document, problems)
    if not re.fullmatch(ID, slug):
        place.fault(N_("the file's name “%(id)s” should be 2 to 80 of a–z, 0–9 and -"), id=slug)
    made = read_group(EditorialList, document.value, place, slug=slug, absent=_absent(document))
    if made is None:
        return None
    _check(made, place)
    if any(problem.severity is Severity.ERROR for problem in problems):
        return None
    problems += untranslated(document, _texts(made))
    return made


def _check(made: EditorialList, place: Place) -> None:
    """Note what the fields cannot know by themselves."""
    for name in ("until", "display_until"):
        day = getattr(made, name)
        if day is not None and day < made.from_:
            place.at(name).fault(N_("the end comes before the start"))
    for index, id in enumerate(made.ids):
        if id in made.ids[:index]:
            place.at("items").at(index).fault(N_("the id “%(id)s” stands twice in this list"), id=id)


def _absent(document: yamlfile.Document) -> dict[str, Problem]:
    """Return, for each id named, the warning that is due while no published record has it."""
    items = document.value.get("items") if isinstance(document.value, dict) else None
    if not isinstance(items, list):
        return {}
    problems: list[Problem] = []
    place = Place(document, problems).at("items")
    named = [(index, item["id"]) for index, item in enumerate(items) if isinstance(item, dict) and "id" in item]
    for index, id in named:
        message = N_("no published record has the id “%(id)s”: visitors do not see it in this list")
        place.at(index).at("id").doubt(message, id=id)
    return {str(id): problem for (_, id), problem in zip(named, problems, strict=True)}


def _texts(made: EditorialList) -> Iterator[tuple[yamlfile.KeyPath, Text]]:
    yield ("title",), made.title
    yield ("intro",), made.intro
    for index, entry in enumerate(made.items):
        yield ("items", index, "note"), entry.note
