"""Lists that are handed over by code: a visitor's to another station, an advisor's to a visitor or a group.

A list holds ids of records and why each is there. It names nobody, neither who made it nor for whom.
"""

from __future__ import annotations

import datetime
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from catalogue.errors import BadInput, Expired, NotFound
from catalogue.state.tables import HANDED_LISTS

ORIGINS = ("visitor", "advisor", "group")
"""Who made a list, and for whom: a visitor for another station, an advisor for one person or for a group."""

CODE_DIGITS = 9
MOST_ITEMS = 100
WHY_LENGTH = 300
REMEMBERED = datetime.timedelta(days=30)
"""How long a code that has expired is still known, so that the page can say so."""

_TRIES = 20


@dataclass(frozen=True, slots=True)
class ListItem:
    """A record on a list. ``why``: the id of a ready phrase, or a sentence the advisor wrote; often nothing."""

    id: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class HandedList:
    """A list and the code that opens it; ``lang`` is the language of who it is for. Times are the centre's."""

    code: str
    origin: str
    lang: str
    items: tuple[ListItem, ...]
    created: datetime.datetime
    expires: datetime.datetime


class HandedLists:
    """The lists in the state database. Every method raises StateUnavailable where that cannot be used."""

    def __init__(
        self, transaction: Callable[[bool], AbstractContextManager[Connection]], clock: Callable[[], datetime.datetime]
    ) -> None:
        self._transaction, self._clock = transaction, clock

    def hand_over(self, items: Sequence[ListItem], *, origin: str, lang: str, expires: datetime.datetime) -> HandedList:
        """Keep a list under a new code. Raises BadInput where it is empty, too long, or of an unknown origin."""
        _check(items, origin)
        with self._transaction(True) as connection:
            self._tidy(connection)
            for _ in range(_TRIES):
                made = HandedList(_new_code(), origin, lang, tuple(items), self._clock(), expires)
                try:
                    with connection.begin_nested():
                        connection.execute(insert(HANDED_LISTS), _values(made))
                except IntegrityError:  # one code in a million is taken
                    continue
                return made
        raise BadInput(field="code")

    def change(self, code: str, items: Sequence[ListItem]) -> HandedList:
        """Give a list other items under the same code. Raises as ``get`` and ``hand_over`` do."""
        kept = self.get(code)
        _check(items, kept.origin)
        with self._transaction(True) as connection:
            connection.execute(update(HANDED_LISTS).where(HANDED_LISTS.c.code == code), {"items": _json(items)})
        return self.get(code)

    def get(self, code: str) -> HandedList:
        """Return the list a code opens. Raises NotFound for an unknown code, Expired for one that was valid once."""
        with self._transaction(False) as connection:
            row = connection.execute(select(HANDED_LISTS).where(HANDED_LISTS.c.code == code)).one_or_none()
        if row is None:
            raise NotFound
        found = _list(row)
        if found.expires <= self._clock():
            raise Expired(day=found.expires.date())
        return found

    def live(self) -> int:
        """Return how many codes are valid now."""
        with self._transaction(False) as connection:
            count = select(func.count()).select_from(HANDED_LISTS).where(HANDED_LISTS.c.expires > self._clock())
            return int(connection.execute(count).scalar_one())

    def _tidy(self, connection: Connection) -> None:
        """Empty the lists that have expired, and forget those that expired long ago."""
        now = self._clock()
        connection.execute(HANDED_LISTS.delete().where(HANDED_LISTS.c.expires < now - REMEMBERED))
        connection.execute(update(HANDED_LISTS).where(HANDED_LISTS.c.expires <= now), {"items": "[]"})


def _check(items: Sequence[ListItem], origin: str) -> None:
    if origin not in ORIGINS:
        raise BadInput(field="origin")
    ids = [item.id for item in items]
    if not 1 <= len(ids) <= MOST_ITEMS or len(set(ids)) < len(ids) or any(len(item.why) > WHY_LENGTH for item in items):
        raise BadInput(field="ids")


def _new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def _json(items: Sequence[ListItem]) -> str:
    return json.dumps([[item.id, item.why] for item in items], ensure_ascii=False)


def _values(made: HandedList) -> dict[str, object]:
    times = {"created": made.created, "expires": made.expires}
    return {"code": made.code, "origin": made.origin, "lang": made.lang, "items": _json(made.items), **times}


def _list(row: Row[tuple[object, ...]]) -> HandedList:
    values = row._mapping
    return HandedList(**{**values, "items": tuple(_items(values["items"]))})


def _items(text: str) -> Iterator[ListItem]:
    return (ListItem(id, why) for id, why in json.loads(text))
