"""The history of the state database: one file per revision in ``versions``, run by Alembic inside the program.

There is no alembic.ini and nothing to type: ``State.open`` brings the database up to ``HEAD``. A new revision is a
new file, a new ``HEAD`` and the same change in the tables of ``catalogue.state``; a test compares the two. There is
no way back: taking a column away would lose what staff wrote in it.
"""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

from catalogue.errors import N_, StateUnavailable

HEAD = "0008"
"""The revision this code works with."""

NEWER = N_(
    "The database was made by a newer version of the catalogue. Install that version again, or restore the backup from "
    "before the upgrade."
)

# Alembic keeps the migration that runs in module variables: one at a time, whatever the number of databases.
_one_at_a_time = threading.Lock()


def revision(connection: Connection) -> str | None:
    """Return the revision of the database, None when it has none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(select(column("version_num")).select_from(table("alembic_version")))


def bring_up(connection: Connection) -> None:
    """Bring the database up to ``HEAD`` inside the caller's transaction, which makes it all or nothing.

    Raises StateUnavailable for a database that a newer version of the program made; nothing is changed then.
    """
    found = revision(connection)
    if found != HEAD:
        with _one_at_a_time:
            _upgrade(connection, found)


def _upgrade(connection: Connection, found: str | None) -> None:
    # Alembic takes some 0.2 s to import: only a database that is new or old pays for it.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StateUnavailable(NEWER)
    command.upgrade(config, "head")
