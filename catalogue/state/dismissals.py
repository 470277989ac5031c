"""What staff put aside on the to-do lists: “nothing to do here”, by whom and when, and how to bring it back."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from catalogue.state.tables import DISMISSALS


@dataclass(frozen=True, slots=True)
class Dismissal:
    """One thing that was put aside."""

    list: str
    key: str
    at: datetime.datetime
    account: str


class Dismissals:
    """What was put aside, in the state database. Every method raises StateUnavailable where that cannot be used."""

    def __init__(
        self, transaction: Callable[[bool], AbstractContextManager[Connection]], clock: Callable[[], datetime.datetime]
    ) -> None:
        self._transaction, self._clock = transaction, clock

    def put(self, list: str, keys: Iterable[str], account: str) -> None:
        """Put things of a list aside; who did so before stands no more."""
        wanted = dict.fromkeys(keys)
        rows = [{"list": list, "key": key, "at": self._clock(), "account": account} for key in wanted]
        with self._transaction(True) as connection:
            for key in wanted:
                connection.execute(DISMISSALS.delete().where(DISMISSALS.c.list == list, DISMISSALS.c.key == key))
            if rows:
                connection.execute(insert(DISMISSALS), rows)

    def take_back(self, list: str, key: str) -> None:
        """Let a thing stand on its list again."""
        with self._transaction(True) as connection:
            connection.execute(DISMISSALS.delete().where(DISMISSALS.c.list == list, DISMISSALS.c.key == key))

    def all(self) -> Mapping[str, Mapping[str, Dismissal]]:
        """Return everything that is put aside, by list and key, the last put aside first."""
        found: dict[str, dict[str, Dismissal]] = defaultdict(dict)
        with self._transaction(False) as connection:
            for row in connection.execute(select(DISMISSALS).order_by(DISMISSALS.c.at.desc(), DISMISSALS.c.key)):
                found[row.list][row.key] = Dismissal(**row._mapping)
        return found
