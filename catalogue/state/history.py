"""The history: every version of every file of the resources folder, who made it and when, and how to take it back.

Files are the truth; the history follows them, and promises nothing it does not see on the disk. A writer first
*promises* the versions it is about to write (one transaction, with their bytes), then writes the files, then *keeps*
its promise. Whatever moment the power goes: a promise that was not kept holds all that is needed to keep it later.
"""

from __future__ import annotations

import datetime
import hashlib
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from catalogue.errors import N_, NotFound
from catalogue.state.tables import ACTIONS, REVISIONS

KIND_NAMES = {
    "start": N_("First seen"),
    "hand": N_("Changed in the folder"),
    "new": N_("New record"),
    "save": N_("Corrected"),
    "restore": N_("Brought back"),
    "weed": N_("Weeded"),
    "renew": N_("Series renewed"),
    "merge": N_("Duplicates merged"),
    "bulk": N_("Changed together"),
    "import": N_("Imported"),
    "harvest": N_("Harvested"),
    "links": N_("Links corrected"),
    "terms": N_("Lists of words changed"),
    "texts": N_("Pages changed"),
    "undo": N_("Undone"),
}
"""What can have happened to files."""


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody did at one moment, to one file or to many. ``undone``: another action took it back."""

    id: int
    at: datetime.datetime
    account: str
    kind: str
    label: str
    undoes: int
    files: int
    undone: bool


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of a file: SHA-256 of its bytes (empty: the file was gone), and the action that made it."""

    id: int
    path: str
    digest: str
    at: datetime.datetime
    account: str
    kind: str
    label: str
    action: int


@dataclass(frozen=True, slots=True)
class Version:
    """The bytes that a file is to have, or has; None where there is to be no file."""

    path: str
    data: bytes | None

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, empty where there is no file."""
        return digest_of(self.data)


@dataclass(frozen=True, slots=True)
class Promise:
    """A version that was promised and perhaps not written, and the digest of the one before it."""

    action: int
    version: Version
    before: str


def digest_of(data: bytes | None) -> str:
    """Return SHA-256 of the bytes of a file as hexadecimal digits, empty where there is no file."""
    return "" if data is None else hashlib.sha256(data).hexdigest()


class History:
    """The history in the state database. Every method raises StateUnavailable where that cannot be used."""

    def __init__(
        self, transaction: Callable[[bool], AbstractContextManager[Connection]], clock: Callable[[], datetime.datetime]
    ) -> None:
        self._transaction, self._clock = transaction, clock

    # --- writing ---------------------------------------------------------------------------------------------

    def promise(
        self, versions: Sequence[Version], *, account: str, kind: str, label: str = "", undoes: int = 0, action: int = 0
    ) -> int:
        """Note what is about to be written; returns the id of the action. ``action``: one that goes on."""
        return self._note(versions, 1, action, account=account, kind=kind, label=label, undoes=undoes)

    def keep(self, action: int) -> None:
        """Note that everything promised by an action is on the disk."""
        kept = update(REVISIONS).where(_PENDING, REVISIONS.c.action == action)
        with self._transaction(True) as connection:
            connection.execute(kept, {"pending": 0})

    def drop(self, action: int, paths: Iterable[str]) -> None:
        """Take back what an action promised of these files; an action of which nothing is left goes with it."""
        mine = REVISIONS.c.action == action
        with self._transaction(True) as connection:
            for path in paths:
                connection.execute(REVISIONS.delete().where(mine, REVISIONS.c.path == path, _PENDING))
            if not connection.scalar(select(func.count()).select_from(REVISIONS).where(mine)):
                connection.execute(ACTIONS.delete().where(ACTIONS.c.id == action))

    def notice(self, versions: Sequence[Version], kind: str) -> int:
        """Note versions that were found on the disk: somebody changed the files without us."""
        return self._note(versions, 0, 0, account="", kind=kind, label="", undoes=0)

    def promises(self) -> list[Promise]:
        """Return what was promised and not kept: a program ended in the middle of writing."""
        statement = select(REVISIONS).where(_PENDING).order_by(REVISIONS.c.id)
        with self._transaction(False) as connection:
            rows = connection.execute(statement).all()
            return [Promise(row.action, _version(row), _before(connection, row.path, row.id)) for row in rows]

    # --- reading ---------------------------------------------------------------------------------------------

    def latest(self) -> dict[str, str]:
        """Return the digest of the last version of every file by path; empty for a file that is gone."""
        newest = select(func.max(REVISIONS.c.id)).group_by(REVISIONS.c.path)
        statement = select(REVISIONS.c.path, REVISIONS.c.digest).where(REVISIONS.c.id.in_(newest))
        with self._transaction(False) as connection:
            return {row.path: row.digest for row in connection.execute(statement)}

    def times(self) -> dict[str, datetime.datetime]:
        """Return when every file changed last, by path, in the centre's time."""
        statement = select(REVISIONS.c.path, func.max(ACTIONS.c.at).label("at")).join_from(REVISIONS, ACTIONS)
        with self._transaction(False) as connection:
            return {row.path: row.at for row in connection.execute(statement.group_by(REVISIONS.c.path))}

    def of(self, path: str, limit: int = 500) -> list[Revision]:
        """Return the versions of a file, the newest first."""
        statement = _REVISIONS.where(REVISIONS.c.path == path).order_by(REVISIONS.c.id.desc()).limit(limit)
        with self._transaction(False) as connection:
            return [Revision(**row._mapping) for row in connection.execute(statement)]

    def revision(self, id: int) -> tuple[Revision, Version]:
        """Return one version with its bytes. Raises NotFound."""
        with self._transaction(False) as connection:
            row = connection.execute(_REVISIONS.where(REVISIONS.c.id == id)).one_or_none()
            kept = connection.execute(select(REVISIONS).where(REVISIONS.c.id == id)).one_or_none()
        if row is None or kept is None:
            raise NotFound
        return Revision(**row._mapping), _version(kept)

    def content(self, path: str, digest: str) -> Version | None:
        """Return the version of a file that has this digest, None where the history does not know it."""
        wanted = (REVISIONS.c.path == path, REVISIONS.c.digest == digest)
        with self._transaction(False) as connection:
            row = connection.execute(select(REVISIONS).where(*wanted).limit(1)).one_or_none()
        return _version(row) if row is not None else None

    def named(self, folder: str, stem: str) -> list[str]:
        """Return the paths that a file of this stem ever had below ``folder``, the last used last."""
        path = REVISIONS.c.path
        below = [path.endswith(f"/{stem}{end}", autoescape=True) for end in (".yaml", ".yml")]
        named = path.startswith(f"{folder}/", autoescape=True) & or_(*below)
        newest = func.max(REVISIONS.c.id)
        with self._transaction(False) as connection:
            statement = select(path).where(named).group_by(path).order_by(newest)
            return list(connection.execute(statement).scalars())

    def before(self, revision: Revision) -> Version:
        """Return the version of the same file before this one."""
        with self._transaction(False) as connection:
            return _version_before(connection, revision.path, revision.id)

    def actions(self, kinds: Iterable[str] = (), limit: int = 50, before: int = 0) -> list[Action]:
        """Return what was done (of these kinds; all where none is given), the last first; ``before`` an action's id."""
        statement = _ACTIONS.order_by(ACTIONS.c.id.desc()).limit(limit)
        if before:
            statement = statement.where(ACTIONS.c.id < before)
        if kinds:
            statement = statement.where(ACTIONS.c.kind.in_(list(kinds)))
        with self._transaction(False) as connection:
            return [Action(**row._mapping) for row in connection.execute(statement)]

    def action(self, id: int) -> Action:
        """Return one action. Raises NotFound."""
        with self._transaction(False) as connection:
            row = connection.execute(_ACTIONS.where(ACTIONS.c.id == id)).one_or_none()
        if row is None:
            raise NotFound
        return Action(**row._mapping)

    def paths(self, action: int) -> frozenset[str]:
        """Return the files that an action wrote."""
        statement = select(REVISIONS.c.path).where(REVISIONS.c.action == action)
        with self._transaction(False) as connection:
            return frozenset(connection.execute(statement).scalars())

    def newest(self) -> int:
        """Return the last version that is on the disk as all those before it are; 0 where there is none."""
        promised = select(func.min(REVISIONS.c.id)).where(_PENDING).scalar_subquery()
        told = select(REVISIONS.c.id).where(REVISIONS.c.id < func.coalesce(promised, REVISIONS.c.id + 1))
        with self._transaction(False) as connection:
            return connection.scalar(told.order_by(REVISIONS.c.id.desc()).limit(1)) or 0

    def written(self, after: int, until: int) -> frozenset[str]:
        """Return the files of the versions between two, the first of these left out."""
        statement = select(REVISIONS.c.path).where(REVISIONS.c.id > after, REVISIONS.c.id <= until)
        with self._transaction(False) as connection:
            return frozenset(connection.execute(statement).scalars())

    def still(self, action: int) -> int:
        """Return the action, 0 where there is none: one of which nothing could be written goes."""
        with self._transaction(False) as connection:
            return connection.scalar(select(ACTIONS.c.id).where(ACTIONS.c.id == action)) or 0

    def undo_of(self, action: int) -> int:
        """Return the action that took this one back, 0 where none did."""
        with self._transaction(False) as connection:
            return connection.scalar(select(func.min(ACTIONS.c.id)).where(ACTIONS.c.undoes == action)) or 0

    def lone_paths(self, actions: Iterable[int]) -> dict[int, str]:
        """Return the first file of each of these actions, for those that were about one."""
        mine = REVISIONS.c.action.in_(list(actions))
        path = func.min(REVISIONS.c.path).label("path")
        statement = select(REVISIONS.c.action, path).where(mine).group_by(REVISIONS.c.action)
        with self._transaction(False) as connection:
            return {row.action: row.path for row in connection.execute(statement)}

    def changes(self, action: int, start: int = 0, limit: int | None = None) -> list[tuple[Version, Version]]:
        """Return what an action did: each file as it was before and after, in the order in which it was written.

        ``start`` and ``limit``: only some of the files.
        """
        mine = REVISIONS.c.action == action
        statement = select(REVISIONS).where(mine).order_by(REVISIONS.c.id)
        if start or limit is not None:
            paths = select(REVISIONS.c.path).where(mine).group_by(REVISIONS.c.path).order_by(func.min(REVISIONS.c.id))
            statement = statement.where(REVISIONS.c.path.in_(paths.offset(start).limit(limit)))
        with self._transaction(False) as connection:
            rows = connection.execute(statement).all()
            first: dict[str, Row[Any]] = {}
            for row in rows:
                first.setdefault(row.path, row)
            last = {row.path: row for row in rows}
            pairs = [(_version_before(connection, path, row.id), last[path]) for path, row in first.items()]
            return [(before, _version(row)) for before, row in pairs]

    # --- inside ----------------------------------------------------------------------------------------------

    def _note(self, versions: Sequence[Version], pending: int, action: int, **about: Any) -> int:
        with self._transaction(True) as connection:
            if not action:
                made = connection.execute(insert(ACTIONS).returning(ACTIONS.c.id), {"at": self._clock(), **about})
                action = int(made.scalar_one())
            rows = [
                {
                    "action": action,
                    "path": version.path,
                    "digest": version.digest,
                    "content": zlib.compress(version.data or b""),
                    "pending": pending,
                }
                for version in versions
            ]
            if rows:
                connection.execute(insert(REVISIONS), rows)
        return action


_PENDING = REVISIONS.c.pending == 1
_ABOUT = (ACTIONS.c.at, ACTIONS.c.account, ACTIONS.c.kind, ACTIONS.c.label)
_REVISIONS = select(REVISIONS.c.id, REVISIONS.c.path, REVISIONS.c.digest, REVISIONS.c.action, *_ABOUT).join_from(
    REVISIONS, ACTIONS
)
_LATER = ACTIONS.alias("later")
_ACTIONS = select(
    ACTIONS.c.id,
    *_ABOUT,
    ACTIONS.c.undoes,
    select(func.count(REVISIONS.c.path.distinct()))
    .where(REVISIONS.c.action == ACTIONS.c.id)
    .scalar_subquery()
    .label("files"),
    select(_LATER.c.id).where(_LATER.c.undoes == ACTIONS.c.id).exists().label("undone"),
)


def _version(row: Row[Any]) -> Version:
    return Version(row.path, zlib.decompress(row.content) if row.digest else None)


def _before(connection: Connection, path: str, id: int) -> str:
    earlier = (REVISIONS.c.path == path, REVISIONS.c.id < id)
    statement = select(REVISIONS.c.digest).where(*earlier).order_by(REVISIONS.c.id.desc()).limit(1)
    return str(connection.scalar(statement) or "")


def _version_before(connection: Connection, path: str, id: int) -> Version:
    earlier = (REVISIONS.c.path == path, REVISIONS.c.id < id)
    found = connection.execute(select(REVISIONS).where(*earlier).order_by(REVISIONS.c.id.desc()).limit(1)).one_or_none()
    return _version(found) if found is not None else Version(path, None)
