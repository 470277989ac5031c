"""What other catalogues said of their records when they were harvested last, in the state database.

It tells what a documentalist changed here from what the source changed there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from catalogue.state.tables import HARVESTED


@dataclass(frozen=True, slots=True)
class HarvestedRecord:
    """A record of a source: our id (empty: it never came in), its datestamp there, what the source said of it last."""

    source: str
    identifier: str
    record: str
    datestamp: str
    said: Mapping[str, Any]
    deleted: bool = False


class HarvestedRecords:
    """The records of other catalogues. Every method raises StateUnavailable where the database cannot be used."""

    def __init__(self, transaction: Callable[[bool], AbstractContextManager[Connection]]) -> None:
        self._transaction = transaction

    def of(self, source: str, identifiers: Iterable[str]) -> Mapping[str, HarvestedRecord]:
        """Return what is known of some records (a page of them) of a source, by identifier."""
        mine = (HARVESTED.c.source == source, HARVESTED.c.identifier.in_(list(identifiers)))
        with self._transaction(False) as connection:
            return {row.identifier: _record(row) for row in connection.execute(select(HARVESTED).where(*mine))}

    def put(self, records: Iterable[HarvestedRecord]) -> None:
        """Keep what sources say now in place of what they said before."""
        with self._transaction(True) as connection:
            for record in records:
                mine = (HARVESTED.c.source == record.source, HARVESTED.c.identifier == record.identifier)
                connection.execute(HARVESTED.delete().where(*mine))
                connection.execute(insert(HARVESTED), _row(record))

    def counts(self) -> Mapping[str, tuple[int, int]]:
        """Return by source how many records are known, and how many of them are deleted there."""
        deleted = func.sum(HARVESTED.c.deleted)
        statement = select(HARVESTED.c.source, func.count().label("known"), deleted.label("deleted"))
        with self._transaction(False) as connection:
            rows = connection.execute(statement.group_by(HARVESTED.c.source))
            return {row.source: (row.known, int(row.deleted or 0)) for row in rows}


def _row(record: HarvestedRecord) -> dict[str, Any]:
    said = json.dumps(record.said, ensure_ascii=False)
    return asdict(record) | {"said": said, "deleted": int(record.deleted)}


def _record(row: Row[Any]) -> HarvestedRecord:
    said, deleted = json.loads(row.said), bool(row.deleted)
    return HarvestedRecord(row.source, row.identifier, row.record, row.datestamp, said, deleted)
