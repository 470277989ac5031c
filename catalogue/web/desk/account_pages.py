"""What the pages of the accounts show."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.web.desk.frame import Desk
from catalogue.web.frame import Frame


@dataclass(frozen=True)
class AccountRow:
    """Someone who may sign in, or might."""

    name: str
    href: str
    role: str
    disabled: bool
    since: str
    own: bool
    centre: str = ""  # empty where there is one centre


@dataclass(frozen=True)
class RoleChoice:
    """A role, what it may, whether it is chosen."""

    id: str
    label: str
    detail: str
    chosen: bool


@dataclass(frozen=True)
class CentreChoice:
    """A centre whose records somebody may change; without an id: those of the whole network."""

    id: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class AccountsPage:
    """All accounts, and the form for one more. ``problems``: by field; ``made``: a password, shown this once."""

    frame: Frame
    desk: Desk
    rows: tuple[AccountRow, ...]
    roles: tuple[RoleChoice, ...]
    centres: tuple[CentreChoice, ...]
    action: str
    name: str
    shortest: int
    problems: dict[str, str]
    done: str
    made: str


@dataclass(frozen=True)
class AccountPage:
    """One account, and what can be changed of it. ``problems``: by field, or under ``account``."""

    frame: Frame
    desk: Desk
    back: str
    account: AccountRow
    roles: tuple[RoleChoice, ...]
    centres: tuple[CentreChoice, ...]
    change: str
    shortest: int
    problems: dict[str, str]
    done: str
    made: str
