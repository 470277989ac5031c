"""What others harvest here, when each record changed last; and what is harvested elsewhere, as its source said it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "datestamps",
        sa.Column("record", sa.String(80), nullable=False),
        sa.Column("moment", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("sets", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("record", name="pk_datestamps"),
    )
    op.create_index("ix_datestamps_moment", "datestamps", ["moment"], unique=True)
    op.create_table(
        "harvested",
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("identifier", sa.String(300), nullable=False),
        sa.Column("record", sa.String(80), nullable=False),
        sa.Column("datestamp", sa.String(40), nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("deleted", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint("source", "identifier", name="pk_harvested"),
    )
    op.create_index("ix_harvested_record", "harvested", ["record"])
