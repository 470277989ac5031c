"""Long work that goes on while people do other things, and can go on after a restart: what it is, how far it is.

And the mappings of columns that were used once, remembered for the next file with the same columns.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from catalogue.errors import NotFound
from catalogue.state.tables import JOBS, MAPPINGS


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work. ``done`` of ``total`` steps; ``action`` in the history (0: none); ``data``: what it needs."""

    id: str
    kind: str
    account: str
    created: datetime.datetime
    state: str
    done: int
    total: int
    action: int
    data: Mapping[str, Any]


class Jobs:
    """The jobs and mappings in the state database. Every method raises StateUnavailable where that cannot be used."""

    def __init__(
        self, transaction: Callable[[bool], AbstractContextManager[Connection]], clock: Callable[[], datetime.datetime]
    ) -> None:
        self._transaction, self._clock = transaction, clock

    def add(self, kind: str, account: str, state: str, data: Mapping[str, Any]) -> Job:
        """Note a new job under an id that nobody can guess."""
        made = Job(secrets.token_hex(8), kind, account, self._clock(), state, 0, 0, 0, data)
        values = {name: getattr(made, name) for name in Job.__slots__} | {"data": json.dumps(data, ensure_ascii=False)}
        with self._transaction(True) as connection:
            connection.execute(insert(JOBS), values)
        return made

    def get(self, id: str) -> Job:
        """Return a job. Raises NotFound."""
        with self._transaction(False) as connection:
            row = connection.execute(select(JOBS).where(JOBS.c.id == id)).one_or_none()
        if row is None:
            raise NotFound
        return _job(row)

    def of(self, kind: str, states: Iterable[str] = (), limit: int = 100) -> list[Job]:
        """Return the jobs of a kind (in these states; in any where none is given), the last first."""
        statement = select(JOBS).where(JOBS.c.kind == kind).order_by(JOBS.c.created.desc(), JOBS.c.id).limit(limit)
        if states:
            statement = statement.where(JOBS.c.state.in_(list(states)))
        with self._transaction(False) as connection:
            return [_job(row) for row in connection.execute(statement)]

    def update(self, id: str, *, only_in: Sequence[str] = (), **values: Any) -> bool:
        """Change a job, if it is in one of these states (any where none is given); returns whether it was.

        ``data`` is laid over what there is, key by key.
        """
        with self._transaction(True) as connection:
            row = connection.execute(select(JOBS).where(JOBS.c.id == id)).one_or_none()
            if row is None or (only_in and row.state not in only_in):
                return False
            if "data" in values:
                values["data"] = json.dumps(json.loads(row.data) | dict(values["data"]), ensure_ascii=False)
            connection.execute(update(JOBS).where(JOBS.c.id == id), values)
        return True

    def drop(self, id: str) -> None:
        """Forget a job."""
        with self._transaction(True) as connection:
            connection.execute(JOBS.delete().where(JOBS.c.id == id))

    def remember(self, columns: Sequence[str], mapping: Mapping[str, Any]) -> None:
        """Keep the mapping of a set of columns, in whatever order they come, in place of the last one."""
        values = {
            "name": _name(columns),
            "columns": json.dumps(sorted(columns), ensure_ascii=False),
            "mapping": json.dumps(mapping, ensure_ascii=False),
            "at": self._clock(),
        }
        with self._transaction(True) as connection:
            connection.execute(MAPPINGS.delete().where(MAPPINGS.c.name == values["name"]))
            connection.execute(insert(MAPPINGS), values)

    def recall(self, columns: Sequence[str]) -> Mapping[str, Any] | None:
        """Return the mapping that was last used for a set of columns, or None."""
        with self._transaction(False) as connection:
            found = connection.scalar(select(MAPPINGS.c.mapping).where(MAPPINGS.c.name == _name(columns)))
        return json.loads(found) if found else None


def _name(columns: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(sorted(columns)).encode()).hexdigest()[:40]


def _job(row: Row[Any]) -> Job:
    values = dict(row._mapping)
    return Job(**values | {"data": json.loads(values["data"])})
