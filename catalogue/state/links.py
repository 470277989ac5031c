"""What is known of web addresses, in the state database: one row for each that was ever looked at."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from catalogue.state.tables import LINKS


@dataclass(frozen=True, slots=True)
class LinkState:
    """What is known of one address; the columns of the table ``links``, which say what each is."""

    url: str
    verdict: str
    since: datetime.date
    checked: datetime.datetime
    reason: str = ""
    status: int = 0
    target: str = ""
    answered: datetime.date | None = None
    failures: int = 0
    failed: datetime.date | None = None
    vouched: datetime.date | None = None
    account: str = ""
    run: str = ""


class Links:
    """The addresses in the state database. Every method raises StateUnavailable where that cannot be used."""

    def __init__(self, transaction: Callable[[bool], AbstractContextManager[Connection]]) -> None:
        self._transaction = transaction

    def all(self, *verdicts: str) -> Mapping[str, LinkState]:
        """Return everything that is known, by address; of these verdicts alone where some are given."""
        return self._read(_SELECT.where(LINKS.c.verdict.in_(verdicts)) if verdicts else _SELECT)

    def of(self, urls: Iterable[str]) -> Mapping[str, LinkState]:
        """Return what is known of some addresses (a few), by address."""
        return self._read(_SELECT.where(LINKS.c.key.in_([_key(url) for url in urls])))

    def urls(self) -> frozenset[str]:
        """Return the addresses that were ever looked at."""
        with self._transaction(False) as connection:
            return frozenset(connection.scalars(select(LINKS.c.url)))

    def put(self, states: Iterable[LinkState]) -> None:
        """Keep what is known of addresses now, in place of what was known before."""
        rows = [{"key": _key(url), **asdict(state)} for url, state in {state.url: state for state in states}.items()]
        with self._transaction(True) as connection:
            for row in rows:
                connection.execute(LINKS.delete().where(LINKS.c.key == row["key"]))
            if rows:
                connection.execute(insert(LINKS), rows)

    def forget(self, urls: Iterable[str]) -> None:
        """Forget addresses that nothing names any more."""
        with self._transaction(True) as connection:
            for url in urls:
                connection.execute(LINKS.delete().where(LINKS.c.key == _key(url)))

    def _read(self, statement: Select[tuple[Any, ...]]) -> Mapping[str, LinkState]:
        with self._transaction(False) as connection:
            return {row.url: LinkState(**row._mapping) for row in connection.execute(statement)}


_SELECT = select(*(column for column in LINKS.columns if column.name != "key"))


def _key(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()
