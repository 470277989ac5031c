"""What was promised and not kept is found without reading the whole history."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Index what every save asks for."""
    op.create_index("ix_revisions_pending", "revisions", ["pending"])
