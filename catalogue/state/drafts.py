"""Unfinished edits: what somebody has typed into a form and not yet saved, kept every few seconds."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select

from catalogue.errors import BadInput
from catalogue.state.tables import DRAFTS

KEPT = datetime.timedelta(days=90)
"""How long an edit that nobody goes on with is kept."""

LONGEST = 1_000_000
"""Characters of one draft."""

Form = Sequence[tuple[str, str]]
"""What a form sends: names and values in order; a name may come more than once."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An unfinished edit of ``key`` by one person; ``seen``: digest of the file it began from, empty for a new one."""

    key: str
    at: datetime.datetime
    seen: str
    form: tuple[tuple[str, str], ...]


class Drafts:
    """The unfinished edits in the state database. Every method raises StateUnavailable where that cannot be used."""

    def __init__(
        self, transaction: Callable[[bool], AbstractContextManager[Connection]], clock: Callable[[], datetime.datetime]
    ) -> None:
        self._transaction, self._clock = transaction, clock

    def put(self, account: str, key: str, form: Form, seen: str = "") -> None:
        """Keep an edit in place of the last one of the same person and thing. Raises BadInput for one too long."""
        text = json.dumps(list(form), ensure_ascii=False)
        if len(text) > LONGEST or len(key) > 120:
            raise BadInput(field="form")
        values = {"account": account, "key": key, "at": self._clock(), "seen": seen, "form": text}
        with self._transaction(True) as connection:
            connection.execute(DRAFTS.delete().where(_is(account, key)))
            connection.execute(insert(DRAFTS), values)

    def get(self, account: str, key: str) -> Draft | None:
        """Return the edit of ``key`` by ``account``, or None."""
        with self._transaction(False) as connection:
            row = connection.execute(select(DRAFTS).where(_is(account, key))).one_or_none()
        return _draft(row) if row is not None else None

    def of(self, account: str) -> list[Draft]:
        """Return every unfinished edit of one person, the last first; those older than ``KEPT`` are forgotten."""
        mine = select(DRAFTS).where(DRAFTS.c.account == account).order_by(DRAFTS.c.at.desc())
        with self._transaction(True) as connection:
            connection.execute(DRAFTS.delete().where(DRAFTS.c.at < self._clock() - KEPT))
            return [_draft(row) for row in connection.execute(mine)]

    def holding(self, value: str) -> list[str]:
        """Return whose unfinished edits have ``value`` in a field, such as a file that is to be deleted."""
        field = DRAFTS.c.form.contains(json.dumps(value, ensure_ascii=False), autoescape=True)
        with self._transaction(False) as connection:
            return list(connection.execute(select(DRAFTS.c.account).where(field).distinct()).scalars())

    def drop(self, account: str, key: str) -> None:
        """Forget an edit: it was saved, or given up."""
        with self._transaction(True) as connection:
            connection.execute(DRAFTS.delete().where(_is(account, key)))


def _is(account: str, key: str) -> ColumnElement[bool]:
    return (DRAFTS.c.account == account) & (DRAFTS.c.key == key)


def _draft(row: Row[Any]) -> Draft:
    return Draft(row.key, row.at, row.seen, tuple((name, value) for name, value in json.loads(row.form)))
