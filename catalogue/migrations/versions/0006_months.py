"""Counters by month: what was counted by day and hour is added up, and the days and hours are forgotten."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_KEPT = ("event", "theme", "lang", "kind")


def upgrade() -> None:
    """Make the table anew around the sums of each month."""
    old = sa.table("counters", *(sa.column(name) for name in (*_KEPT, "count")), sa.column("day", sa.Date))
    sums: Counter[tuple[str, ...]] = Counter()
    for row in op.get_bind().execute(sa.select(old)).mappings():
        sums[(f"{row['day']:%Y-%m}", *(row[name] for name in _KEPT))] += row["count"]
    op.drop_table("counters")
    new = op.create_table(
        "counters",
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("theme", sa.String(80), nullable=False),
        sa.Column("lang", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("publisher", sa.String(80), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("month", "event", "theme", "lang", "kind", "publisher", name="pk_counters"),
    )
    rows = [
        {"month": month, **dict(zip(_KEPT, names, strict=True)), "publisher": "", "count": count}
        for (month, *names), count in sorted(sums.items())
    ]
    if rows:
        op.bulk_insert(new, rows)
