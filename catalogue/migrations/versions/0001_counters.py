"""Counters, zero-result queries and visitors' problem reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "counters",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("hour", sa.SmallInteger, nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("theme", sa.String(40), nullable=False),
        sa.Column("lang", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", "hour", "event", "theme", "lang", "kind", name="pk_counters"),
    )
    op.create_table(
        "zero_results",
        sa.Column("week", sa.String(8), nullable=False),
        sa.Column("query", sa.String(80), nullable=False),
        sa.Column("days", sa.SmallInteger, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("week", "query", name="pk_zero_results"),
    )
    op.create_table(
        "problem_reports",
        sa.Column("record_id", sa.String(80), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("record_id", "reason", "day", name="pk_problem_reports"),
    )
