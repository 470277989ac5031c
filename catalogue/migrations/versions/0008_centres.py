"""Accounts belong to a centre of the network, or (empty, as all do so far) to the whole of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column."""
    op.add_column("accounts", sa.Column("centre", sa.String(80), nullable=False, server_default=""))
