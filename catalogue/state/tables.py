"""The tables of the state database. ``catalogue.migrations`` creates them; a test compares the two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Insert,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)
from sqlalchemy.dialects import sqlite

from catalogue.counters import DIMENSIONS

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


NAME_LENGTH, ID_LENGTH, QUERY_LENGTH, PATH_LENGTH = 40, 80, 80, 300

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
    Column("month", String(7), primary_key=True),  # 2026-03
    Column("event", String(NAME_LENGTH), primary_key=True),  # a name of catalogue.counters
    *(Column(name, String(ID_LENGTH), primary_key=True) for name in DIMENSIONS),
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
    Column("centre", String(ID_LENGTH), nullable=False, server_default=""),  # empty: the whole network
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the token in the cookie
    Column("account", String(NAME_LENGTH), ForeignKey(ACCOUNTS.c.name), nullable=False, index=True),
    Column("created", DateTime, nullable=False),
    Column("seen", DateTime, nullable=False),
)

ACTIONS = Table(
    "actions",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", DateTime, nullable=False, index=True),
    Column("account", String(NAME_LENGTH), nullable=False),  # empty: a file changed by hand, or a command
    Column("kind", String(NAME_LENGTH), nullable=False),
    Column("label", Text, nullable=False),
    Column("undoes", Integer, nullable=False),  # the action that this one took back; 0: none
)

REVISIONS = Table(
    "revisions",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("action", Integer, ForeignKey(ACTIONS.c.id), nullable=False, index=True),
    Column("path", String(PATH_LENGTH), nullable=False),  # below the resources folder, with "/"
    Column("digest", String(64), nullable=False),  # SHA-256 of the file's bytes; empty: the file is gone
    Column("content", LargeBinary, nullable=False),  # the bytes, zlib
    Column("pending", SmallInteger, nullable=False, index=True),  # 1: promised, and not yet seen on the disk
    Index("ix_revisions_path_id", "path", "id"),
)

DRAFTS = Table(
    "drafts",
    METADATA,
    Column("account", String(NAME_LENGTH), primary_key=True),
    Column("key", String(120), primary_key=True),  # what is edited: record/ID, new/RANDOM, page/ID
    Column("at", DateTime, nullable=False),
    Column("seen", String(64), nullable=False),  # digest of the file the draft began from
    Column("form", Text, nullable=False),  # JSON: [[name, value], …] as the form sends them
)

JOBS = Table(
    "jobs",
    METADATA,
    Column("id", String(NAME_LENGTH), primary_key=True),
    Column("kind", String(NAME_LENGTH), nullable=False),
    Column("account", String(NAME_LENGTH), nullable=False),
    Column("created", DateTime, nullable=False),
    Column("state", String(NAME_LENGTH), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("action", Integer, nullable=False),  # in the history; 0: none yet
    Column("data", Text, nullable=False),  # JSON: what the job needs to go on
)

MAPPINGS = Table(
    "mappings",
    METADATA,
    Column("name", String(NAME_LENGTH), primary_key=True),
    Column("columns", Text, nullable=False),  # JSON: the names of the columns it is for
    Column("mapping", Text, nullable=False),  # JSON
    Column("at", DateTime, nullable=False),
)

DISMISSALS = Table(
    "dismissals",
    METADATA,
    Column("list", String(NAME_LENGTH), primary_key=True),  # which to-do list
    Column("key", String(200), primary_key=True),  # what on it needs nothing more
    Column("at", DateTime, nullable=False),
    Column("account", String(NAME_LENGTH), nullable=False),
)

LINKS = Table(
    "links",
    METADATA,
    Column("key", String(64), primary_key=True),  # SHA-256 of the address
    Column("url", Text, nullable=False),
    Column("verdict", String(NAME_LENGTH), nullable=False),
    Column("since", Date, nullable=False),  # the first day of this verdict
    Column("reason", String(NAME_LENGTH), nullable=False),  # why, where it does not simply answer
    Column("status", SmallInteger, nullable=False),  # the last HTTP status; 0: nothing answered
    Column("target", Text, nullable=False),  # where it leads for good; empty: nowhere else
    Column("checked", DateTime, nullable=False),
    Column("answered", Date),  # the last day it answered; null: never seen to
    Column("failures", SmallInteger, nullable=False),  # separate days without an answer that is one, in a row
    Column("failed", Date),  # the last of them
    Column("vouched", Date),  # the day somebody said that it works
    Column("account", String(NAME_LENGTH), nullable=False),  # who said so; empty: nobody
    Column("run", String(NAME_LENGTH), nullable=False),  # the job that looked last
)

DATESTAMPS = Table(
    "datestamps",
    METADATA,
    Column("record", String(ID_LENGTH), primary_key=True),
    Column("moment", BigInteger, nullable=False),  # of its last change, in microseconds since 1970, no two alike
    Column("state", String(NAME_LENGTH), nullable=False),  # given, gone or hidden
    Column("digest", String(64), nullable=False),  # of what is given of it
    Column("sets", Text, nullable=False),  # that it is in, or was last, with a space before and behind each
    Index("ix_datestamps_moment", "moment", unique=True),
)

HARVESTED = Table(
    "harvested",
    METADATA,
    Column("source", String(NAME_LENGTH), primary_key=True),
    Column("identifier", String(PATH_LENGTH), primary_key=True),  # as the source names it
    Column("record", String(ID_LENGTH), nullable=False, index=True),
    Column("datestamp", String(NAME_LENGTH), nullable=False),  # as the source gives it
    Column("said", Text, nullable=False),  # JSON: the record as the source said it last
    Column("deleted", SmallInteger, nullable=False),  # 1: the source deleted it since
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
