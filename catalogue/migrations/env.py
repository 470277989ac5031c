"""What Alembic runs to migrate: the connection comes from ``migrations.bring_up``, with its transaction."""

from __future__ import annotations

import logging

from alembic import context

# Otherwise Alembic tells at level INFO which dialect it found, whenever the server logs at that level.
logging.getLogger("alembic").setLevel(logging.WARNING)

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
