"""Handing a list over: for one person or for a group, in which language, and until when."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from catalogue.errors import N_
from catalogue.i18n import languages
from catalogue.state import HandedList
from catalogue.state.lists import MOST_ITEMS
from catalogue.web.advisor.draft import as_day
from catalogue.web.advisor.pages import Making

if TYPE_CHECKING:
    from catalogue.web.advisor.view import View

DAYS = 90
"""How long a code for one person is valid, and the most for a group."""

GROUP_DAYS = 1
"""How long a code for a group is valid unless the advisor chooses another day."""

_EMPTY = N_("There is no document on the list yet.")
_TOO_MANY = N_("A list has at most 100 documents. Take some away.")
_DAY_MISSING = N_("A phrase names a day: choose which one.")
_BAD_DAY = N_("Choose until when the group can open it: a day from today on, at most 90 days away.")


def asked(view: View) -> Making:
    """Return what the form says, with what holds where it says nothing."""
    today = view.presenter.catalogue.now().date()
    sheet = str(view.form.get("sheet", ""))
    until = view.form.get("until")
    return Making(
        recipient="group" if view.form.get("for") == "group" else "person",
        sheet=sheet if sheet in languages() else view.lang,
        until=str(until)[:20] if until else (today + datetime.timedelta(days=GROUP_DAYS)).isoformat(),
        earliest=today,
        latest=today + datetime.timedelta(days=DAYS),
    )


def problems(view: View) -> tuple[str, ...]:
    """Return what stands in the way of a code, as msgids."""
    vocabularies = view.presenter.vocabularies
    found = [
        (not view.draft.items, _EMPTY),
        (len(view.draft.items) > MOST_ITEMS, _TOO_MANY),
        (any(item.lacks_day(vocabularies) for item in view.draft.items), _DAY_MISSING),
        (not view.code and _last_day(asked(view)) is None, _BAD_DAY),
    ]
    return tuple(message for is_wrong, message in found if is_wrong)


def hand_over(view: View) -> HandedList:
    """Keep the list under a new code, or under the one it has. Raises NotFound, Expired, StateUnavailable."""
    lists, wanted = view.presenter.catalogue.state.lists, asked(view)
    items = [item.item(view.presenter.vocabularies) for item in view.draft.items]
    if view.code:
        return lists.change(view.code, items)
    origin = "group" if wanted.recipient == "group" else "advisor"
    expires = datetime.datetime.combine(_last_day(wanted) or wanted.latest, datetime.time(23, 59, 59))
    made = lists.hand_over(items, origin=origin, lang=wanted.sheet, expires=expires)
    view.presenter.catalogue.count("group" if origin == "group" else "advice", lang=wanted.sheet)
    return made


def _last_day(wanted: Making) -> datetime.date | None:
    """Return the last day a code is valid; None where the day for a group is none, past, or too far."""
    if wanted.recipient == "person":
        return wanted.latest
    day = as_day(wanted.until)
    return day if day and wanted.earliest <= day <= wanted.latest else None
