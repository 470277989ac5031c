"""Accounts of staff and their sessions. Visitors have neither.

A password is kept as an argon2id hash (RFC 9106), with the parameters that argon2-cffi recommends; where they have
changed since, the next sign-in makes a new one. A hash takes tens of milliseconds and 64 MiB on purpose: call
``sign_in``, ``add`` and ``set_password`` from a thread, never from an event loop. A session is a random token of
which only the digest is kept: who reads the database cannot take one over.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from catalogue.errors import N_, BadInput, ErrorCode, NotFound, StateUnavailable
from catalogue.state.tables import ACCOUNTS, SESSIONS

ROLE_NAMES = {
    "advisor": N_("Advisor"),
    "documentalist": N_("Documentalist"),
    "administrator": N_("Administrator"),
}
ROLES = tuple(ROLE_NAMES)
"""Each may do what those before it may."""

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
FEWEST_CHARACTERS = 5
"""How many different characters a password has at least."""

IDLE = datetime.timedelta(minutes=60)
"""A session ends so long after its last page."""

LONGEST_SESSION = datetime.timedelta(hours=8)
"""A session ends so long after sign-in, whatever is done in it."""

_SEEN_EVERY = datetime.timedelta(minutes=1)  # not a write for every page
_NAME = re.compile(r"[^\W_][\w.@-]{1,39}")
_PUBLIC = [ACCOUNTS.c[name] for name in ("name", "role", "disabled", "created", "centre")]


@dataclass(frozen=True, slots=True)
class Account:
    """Someone of the staff, under the name they sign in with. ``centre``: theirs; empty: the whole network."""

    name: str
    role: str
    disabled: bool
    created: datetime.date
    centre: str = ""

    def may(self, role: str) -> bool:
        """Tell whether they may do what ``role`` may."""
        return ROLES.index(self.role) >= ROLES.index(role)


class LastAdministrator(BadInput):
    """The one administrator who can sign in is to be disabled or to get another role. Nothing was changed."""

    status = 409
    code = ErrorCode.LAST_ADMINISTRATOR
    message = N_("“%(name)s” is the last administrator who can sign in. Make somebody else an administrator first.")


class Accounts:
    """The accounts in the state database. Every method raises StateUnavailable where that cannot be used."""

    def __init__(
        self,
        transaction: Callable[[bool], AbstractContextManager[Connection]],
        clock: Callable[[], datetime.datetime],
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._transaction, self._clock = transaction, clock
        self._hasher = hasher or PasswordHasher()

    # --- accounts --------------------------------------------------------------------------------------------

    def add(self, name: str, role: str, password: str, centre: str = "") -> Account:
        """Open an account. Raises BadInput for a name that is taken, or a name, role or password that will not do.

        ``centre``: an id that the caller knows to be a centre (``network.check_centre``).
        """
        name = _plain_name(name)
        if not _NAME.fullmatch(name):
            raise BadInput(
                N_("A name has 2 to 40 letters, digits or . - _ @, without spaces, and begins with a letter or digit."),
                field="name",
            )
        if role not in ROLES:
            raise BadInput(field="role")
        check_password(name, password)
        made = Account(name, role, False, self._clock().date(), centre)
        public = {"name": name, "role": role, "disabled": 0, "created": made.created, "centre": centre}
        values = {**public, "password": self._hash(password)}
        with self._transaction(True) as connection:
            try:
                with connection.begin_nested():
                    connection.execute(insert(ACCOUNTS), values)
            except IntegrityError:
                raise BadInput(N_("There is already an account “%(name)s”."), name=name, field="name") from None
        return made

    def disable(self, name: str) -> None:
        """Let nobody in under ``name`` any more, and end its sessions. Raises NotFound, LastAdministrator."""
        self._change(name, {"disabled": 1})

    def set_role(self, name: str, role: str) -> None:
        """Give an account another role and end its sessions. Raises NotFound, LastAdministrator, BadInput."""
        if role not in ROLES:
            raise BadInput(field="role")
        self._change(name, {"role": role})

    def set_centre(self, name: str, centre: str) -> None:
        """Give an account to a centre, or (empty) to the whole network, and end its sessions. Raises NotFound."""
        self._change(name, {"centre": centre})

    def enable(self, name: str) -> None:
        """Undo ``disable``. Raises NotFound."""
        self._change(name, {"disabled": 0})

    def set_password(self, name: str, password: str) -> None:
        """Give an account a new password and end its sessions. Raises NotFound, BadInput."""
        self.get(name)
        check_password(name, password)
        self._change(name, {"password": self._hash(password)})

    def are_none(self) -> bool:
        """Tell whether there is no account at all yet."""
        with self._transaction(False) as connection:
            return connection.execute(select(ACCOUNTS.c.name).limit(1)).one_or_none() is None

    def get(self, name: str) -> Account:
        """Return an account, disabled or not. Raises NotFound."""
        found = self._find(name)
        if found is None:
            raise NotFound(N_("There is no account “%(name)s”."), name=name)
        return found[0]

    def list(self) -> list[Account]:
        """Return all accounts by name, the disabled ones too."""
        with self._transaction(False) as connection:
            return [_account(row._mapping) for row in connection.execute(select(*_PUBLIC).order_by(ACCOUNTS.c.name))]

    # --- sessions --------------------------------------------------------------------------------------------

    def sign_in(self, name: str, password: str) -> str | None:
        """Begin a session; returns its token, or None. Unknown and disabled names take as long as any."""
        found = self._find(name)
        kept = found[1] if found else self._decoy
        if not self._matches(kept, password) or found is None or found[0].disabled:
            return None
        renewed = self._hash(password) if self._hasher.check_needs_rehash(kept) else kept
        token, now, account = secrets.token_urlsafe(32), self._clock(), found[0].name
        # Only where nobody disabled the account or changed its password meanwhile.
        same = (ACCOUNTS.c.name == account, ACCOUNTS.c.password == kept, ACCOUNTS.c.disabled == 0)
        with self._transaction(True) as connection:
            if not connection.execute(update(ACCOUNTS).where(*same), {"password": renewed}).rowcount:
                return None
            ended = or_(SESSIONS.c.created <= now - LONGEST_SESSION, SESSIONS.c.seen <= now - IDLE)
            connection.execute(SESSIONS.delete().where(ended))
            session = {"digest": _digest(token), "account": account, "created": now, "seen": now}
            connection.execute(insert(SESSIONS), session)
        return token

    def of(self, token: str) -> Account | None:
        """Return whose session ``token`` is, or None where it has ended or never was one."""
        now, digest = self._clock(), _digest(token)
        statement = (
            select(*_PUBLIC, SESSIONS.c.seen)
            .join_from(SESSIONS, ACCOUNTS)
            .where(SESSIONS.c.digest == digest, ACCOUNTS.c.disabled == 0)
            .where(SESSIONS.c.created > now - LONGEST_SESSION, SESSIONS.c.seen > now - IDLE)
        )
        with self._transaction(False) as connection:
            row = connection.execute(statement).one_or_none()
        if row is None:
            return None
        if now - row.seen >= _SEEN_EVERY:
            # A disk that takes no writes any more does not send away who reads.
            with contextlib.suppress(StateUnavailable), self._transaction(True) as connection:
                connection.execute(update(SESSIONS).where(SESSIONS.c.digest == digest), {"seen": now})
        return _account(row._mapping)

    def sign_out(self, token: str) -> None:
        """End a session; nothing happens where there is none."""
        with self._transaction(True) as connection:
            connection.execute(SESSIONS.delete().where(SESSIONS.c.digest == _digest(token)))

    # --- inside ----------------------------------------------------------------------------------------------

    def _find(self, name: str) -> tuple[Account, str] | None:
        statement = select(*_PUBLIC, ACCOUNTS.c.password).where(ACCOUNTS.c.name == _plain_name(name))
        with self._transaction(False) as connection:
            row = connection.execute(statement).one_or_none()
        return (_account(row._mapping), row.password) if row else None

    def _change(self, name: str, values: Mapping[str, object]) -> None:
        account = self.get(name).name
        with self._transaction(True) as connection:
            if "disabled" in values or "role" in values:
                self._keep_an_administrator(connection, account, values)
            connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.name == account), values)
            connection.execute(SESSIONS.delete().where(SESSIONS.c.account == account))

    def _keep_an_administrator(self, connection: Connection, account: str, values: Mapping[str, object]) -> None:
        """Raise LastAdministrator where ``values`` would leave nobody who can sign in and open accounts."""
        able = select(ACCOUNTS.c.name).where(ACCOUNTS.c.role == ROLES[-1], ACCOUNTS.c.disabled == 0)
        names = connection.execute(able.with_for_update()).scalars().all()
        stays = not values.get("disabled", 0) and values.get("role", ROLES[-1]) == ROLES[-1]
        if list(names) == [account] and not stays:
            raise LastAdministrator(name=account)

    def _hash(self, password: str) -> str:
        return self._hasher.hash(_plain_password(password))

    @cached_property
    def _decoy(self) -> str:
        return self._hash(secrets.token_urlsafe(32))

    def _matches(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, _plain_password(password))
        except (VerificationError, InvalidHashError):
            return False


def check_password(name: str, password: str) -> None:
    """Refuse a password that is short or easy to guess (NIST SP 800-63B: length, no rules of composition).

    Raises BadInput that says what would do.
    """
    plain = _plain_password(password)
    if len(plain) < SHORTEST_PASSWORD:
        message = N_("A password has at least %(count)s characters. Four words that do not belong together make one.")
        raise BadInput(message, count=SHORTEST_PASSWORD, field="password")
    if len(plain) > LONGEST_PASSWORD:
        raise BadInput(N_("A password has at most %(count)s characters."), count=LONGEST_PASSWORD, field="password")
    if len(set(plain)) < FEWEST_CHARACTERS or plain.casefold().startswith(_plain_name(name)):
        message = N_("This password is easy to guess: it repeats itself, or begins with the name of the account.")
        raise BadInput(message, field="password")


def make_password() -> str:
    """Return a password that nobody can guess (80 bits), in groups that can be read out: no 0, 1, i, l or o."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def _plain_name(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _plain_password(password: str) -> str:
    """Return ``password`` as every keyboard sends it: one form of each accented letter, no lone surrogates."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _account(values: Mapping[Any, Any]) -> Account:
    return Account(values["name"], values["role"], bool(values["disabled"]), values["created"], values["centre"])
