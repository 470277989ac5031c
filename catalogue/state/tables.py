"""The tables of the state database. ``catalogue.migrations`` creates them; a test compares the two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKey,
    Insert,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


NAME_LENGTH, ID_LENGTH, QUERY_LENGTH = 40, 80, 80

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

COUNTERS = Table(
    "counters",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("hour", SmallInteger, primary_key=True, autoincrement=False),
    Column("event", String(NAME_LENGTH), primary_key=True),
    Column("theme", String(NAME_LENGTH), primary_key=True),
    Column("lang", String(NAME_LENGTH), primary_key=True),
    Column("kind", String(NAME_LENGTH), primary_key=True),
    Column("count", Integer, nullable=False),
)

ZERO_RESULTS = Table(
    "zero_results",
    METADATA,
    Column("week", String(8), primary_key=True),  # ISO: 2026-W09
    Column("query", String(QUERY_LENGTH), primary_key=True),
    Column("days", SmallInteger, nullable=False),  # bit 0 is Monday
    Column("count", Integer, nullable=False),
)

PROBLEM_REPORTS = Table(
    "problem_reports",
    METADATA,
    Column("record_id", String(ID_LENGTH), primary_key=True),
    Column("reason", String(NAME_LENGTH), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("count", Integer, nullable=False),
)

HANDED_LISTS = Table(
    "handed_lists",
    METADATA,
    Column("code", String(9), primary_key=True),
    Column("origin", String(NAME_LENGTH), nullable=False),
    Column("lang", String(NAME_LENGTH), nullable=False),
    Column("items", Text, nullable=False),  # JSON: [[record id, why], …]
    Column("created", DateTime, nullable=False),
    Column("expires", DateTime, nullable=False, index=True),
)

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("name", String(NAME_LENGTH), primary_key=True),
    Column("role", String(NAME_LENGTH), nullable=False),
    Column("password", String(200), nullable=False),  # an argon2 hash
    Column("disabled", SmallInteger, nullable=False),
    Column("created", Date, nullable=False),
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the token in the cookie
    Column("account", String(NAME_LENGTH), ForeignKey(ACCOUNTS.c.name), nullable=False, index=True),
    Column("created", DateTime, nullable=False),
    Column("seen", DateTime, nullable=False),
)


def upsert(dialect: str, table: Table) -> Insert:
    """Return the statement that adds a row to ``table``, or its count and days to the row that has its key."""
    statement = _insert(dialect)(table)
    changed: dict[str, Any] = {"count": table.c["count"] + statement.excluded["count"]}
    if "days" in table.c:
        changed["days"] = table.c["days"].bitwise_or(statement.excluded["days"])
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed)


def _insert(dialect: str) -> type[sqlite.Insert] | type[postgresql.Insert]:
    if dialect == "sqlite":
        return sqlite.Insert
    from sqlalchemy.dialects import postgresql  # slow to import, and seldom needed

    return postgresql.Insert
