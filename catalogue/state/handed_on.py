"""The history as it is handed on to another installation: plain rows, nobody's name in them, ids of its own there."""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from catalogue.errors import N_, BadInput
from catalogue.state.history import digest_of
from catalogue.state.tables import ACTIONS, REVISIONS

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Done:
    """An action. ``by``: who did it, as a number that stands for one account in the whole history; 0: nobody's."""

    id: int
    at: datetime.datetime
    by: int
    kind: str
    label: str
    undoes: int


@dataclass(frozen=True, slots=True)
class Wrote:
    """A version that an action made of a file; ``data`` None: the file was gone."""

    action: int
    path: str
    data: bytes | None


class HandedOn:
    """The history of a state database, read and written whole. Every method raises StateUnavailable."""

    def __init__(self, transaction: Callable[[bool], AbstractContextManager[Connection]]) -> None:
        self._transaction = transaction

    def mark(self) -> int:
        """Return where the history ends: while nobody may write, it is that of the files as they are."""
        with self._transaction(False) as connection:
            return connection.scalar(select(func.max(REVISIONS.c.id))) or 0

    def actions(self, mark: int) -> Iterator[Done]:
        """Yield what was done until ``mark``, in order; what nothing is known of any more is left out."""
        kept = select(REVISIONS.c.action).where(REVISIONS.c.id <= mark, REVISIONS.c.pending == 0)
        statement = select(ACTIONS).where(ACTIONS.c.id.in_(kept)).order_by(ACTIONS.c.id)
        numbers: dict[str, int] = {"": 0}
        with self._transaction(False) as connection:
            for row in connection.execution_options(yield_per=_BATCH).execute(statement):
                by = numbers.setdefault(row.account, len(numbers))
                yield Done(row.id, row.at, by, row.kind, row.label, row.undoes)

    def versions(self, mark: int) -> Iterator[Wrote]:
        """Yield every version of every file until ``mark``, in order."""
        statement = select(REVISIONS).where(REVISIONS.c.id <= mark, REVISIONS.c.pending == 0).order_by(REVISIONS.c.id)
        with self._transaction(False) as connection:
            for row in connection.execution_options(yield_per=_BATCH).execute(statement):
                yield Wrote(row.action, row.path, zlib.decompress(row.content) if row.digest else None)

    def is_begun(self) -> bool:
        """Tell whether anything was done here but look at the folder for the first time."""
        with self._transaction(False) as connection:
            return bool(connection.scalar(select(func.count()).where(ACTIONS.c.kind != "start")))

    @contextmanager
    def taking(self, actions: Iterable[Done], versions: Iterable[Wrote]) -> Iterator[None]:
        """Let this be the history, instead of the first look at the folder; what fails inside leaves it as it was.

        Raises BadInput for a version of an action that is not there, and what reading the rows raises.
        """
        with self._transaction(True) as connection:
            connection.execute(REVISIONS.delete())
            connection.execute(ACTIONS.delete())
            ids = {0: 0}
            for done in actions:
                row = {"at": done.at, "account": f"staff-{done.by}" if done.by else "", "kind": done.kind}
                row |= {"label": done.label, "undoes": ids.get(done.undoes, 0)}
                made = connection.execute(insert(ACTIONS).returning(ACTIONS.c.id), row)
                ids[done.id] = int(made.scalar_one())
            rows: list[dict[str, object]] = []
            for wrote in versions:
                if not wrote.action or wrote.action not in ids:
                    raise BadInput(N_("The history names something that was never done."), field="history")
                rows.append(_row(wrote, ids[wrote.action]))
                if len(rows) == _BATCH:
                    connection.execute(insert(REVISIONS), rows)
                    rows.clear()
            if rows:
                connection.execute(insert(REVISIONS), rows)
            yield


def _row(wrote: Wrote, action: int) -> dict[str, object]:
    content = zlib.compress(wrote.data or b"")
    return {"action": action, "path": wrote.path, "digest": digest_of(wrote.data), "content": content, "pending": 0}
