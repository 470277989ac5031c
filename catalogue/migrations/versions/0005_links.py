"""What is known of each web address: whether it answers, since when, when it last did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "links",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("verdict", sa.String(40), nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("status", sa.SmallInteger, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("checked", sa.DateTime, nullable=False),
        sa.Column("answered", sa.Date),
        sa.Column("failures", sa.SmallInteger, nullable=False),
        sa.Column("failed", sa.Date),
        sa.Column("vouched", sa.Date),
        sa.Column("account", sa.String(40), nullable=False),
        sa.Column("run", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_links"),
    )
