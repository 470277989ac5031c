"""Everything the catalogue raises on purpose.

    CatalogueError
    ├── BadInput                  400  what was asked makes no sense; says what would
    │   └── InvalidRecord         422  a record that cannot be kept; carries every problem found
    ├── NotFound                  404
    │   ├── Gone                  410  a record that was deleted or withdrawn
    │   │   └── Expired           410  a code that was valid once
    │   └── Moved                 301  a record that lives on under another id
    ├── SignInNeeded              401  a page of the staff, and nobody is signed in
    ├── Forbidden                 403  signed in, but not allowed to do this
    │   ├── InsecureConnection    403  a page of the staff over a connection that others can read
    │   └── OfAnotherCentre       403  a record that the staff of another centre look after
    ├── Conflict                  409  a file changed since it was read
    ├── TooManyTries              429  somebody guesses codes or passwords
    ├── Unavailable               503  a part that should answer does not
    │   ├── IndexUnavailable
    │   ├── StateUnavailable
    │   └── WriteFailed                a file could not be written; the old one is intact
    └── SettingsError             500  a CATALOGUE_* variable that cannot be understood

Each class carries an HTTP status and a message: an English msgid (translated where it is shown)
with named parameters. A ``Problem`` is not raised: it is one fault in one file, collected with the others.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from pathlib import Path

Translate = Callable[[str], str]


def N_(msgid: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark ``msgid`` for extraction and return it unchanged."""
    return msgid


def untranslated(msgid: str) -> str:
    """Return ``msgid`` itself: English."""
    return msgid


class ErrorCode(StrEnum):
    """Every code that an error of ours can carry. Programs rely on them: one is added, never changed."""

    ERROR = "error"
    BAD_INPUT = "bad-input"
    INVALID_RECORD = "invalid-record"
    NOT_FOUND = "not-found"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    GONE = "gone"
    EXPIRED = "expired"
    MOVED = "moved"
    CONFLICT = "conflict"
    TOO_MANY_TRIES = "too-many-tries"
    SIGN_IN_NEEDED = "sign-in-needed"
    FORBIDDEN = "forbidden"
    INSECURE_CONNECTION = "insecure-connection"
    UNAVAILABLE = "unavailable"
    INDEX_UNAVAILABLE = "index-unavailable"
    STATE_UNAVAILABLE = "state-unavailable"
    WRITE_FAILED = "write-failed"
    SETTINGS = "settings"
    UNFIT_FILE = "unfit-file"
    NOT_A_TABLE = "not-a-table"
    TOO_BIG = "too-big"
    NOT_FETCHED = "not-fetched"
    NOT_LOOKED_UP = "not-looked-up"
    NOT_HARVESTED = "not-harvested"
    LAST_ADMINISTRATOR = "last-administrator"
    BUSY = "busy"
    OFFLINE = "offline"
    OF_ANOTHER_CENTRE = "of-another-centre"


class Severity(IntEnum):
    """How much a problem weighs."""

    ERROR = 3  # the record or file is left out
    WARNING = 2  # the record stands, one value of it is doubtful
    GAP = 1  # something a good record would have is missing


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one file: where it is, what is wrong and what would be right.

    ``message`` is an English msgid with ``%(name)s`` places that ``params`` fills.
    ``line`` counts from 1; 0 means the whole file. ``field`` is a dotted path such as ``holdings.0.url``.
    """

    path: Path
    line: int
    field: str
    message: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)
    severity: Severity = Severity.ERROR

    def text(self, translate: Translate = untranslated) -> str:
        """Return the sentence in the language of ``translate`` (a gettext function)."""
        return _printable(translate(self.message) % dict(self.params))

    def render(self, translate: Translate = untranslated, root: Path | None = None) -> str:
        """Return ``path:line: field: sentence``, the path relative to ``root`` where it lies below it."""
        shown = self.path.relative_to(root) if root and self.path.is_relative_to(root) else self.path
        place = _printable(f"{shown}:{self.line}" if self.line else f"{shown}")
        return f"{place}: {self.field}: {self.text(translate)}" if self.field else f"{place}: {self.text(translate)}"


def _printable(text: str) -> str:
    """Return ``text`` without the half characters by which Python keeps a file name that is not UTF-8."""
    return text.encode("utf-8", "replace").decode()


class CatalogueError(Exception):
    """The root: ``raise NotFound(id="x")`` fills the class's message with ``id``."""

    status = 500
    code: ErrorCode = ErrorCode.ERROR
    message = N_("It is not your fault. Try again in a moment.")

    def __init__(self, message: str | None = None, /, **params: object) -> None:
        self.message = message or type(self).message
        self.params = params
        super().__init__(self.text())

    def text(self, translate: Translate = untranslated) -> str:
        """Return the sentence in the language of ``translate`` (a gettext function)."""
        return translate(self.message) % self.params


class BadInput(CatalogueError):
    """What was asked makes no sense. ``field`` in ``params`` names the culprit."""

    status = 400
    code = ErrorCode.BAD_INPUT
    message = N_("“%(field)s” is not understood here.")


class InvalidRecord(BadInput):
    """A record that cannot be kept, with every problem found in it."""

    status = 422
    code = ErrorCode.INVALID_RECORD
    message = N_("This record has %(count)s problems.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(count=len(self.problems))


class NotFound(CatalogueError):
    """Nothing has this address."""

    status = 404
    code = ErrorCode.NOT_FOUND
    message = N_("There is nothing at this address.")


class Gone(NotFound):
    """A record that was deleted or withdrawn; ``title`` is known only for a withdrawn one."""

    status = 410
    code = ErrorCode.GONE
    message = N_("This document is no longer in the catalogue.")


class Expired(Gone):
    """A code that was valid until ``day``."""

    code = ErrorCode.EXPIRED
    message = N_("This code was valid until %(day)s. Ask an advisor for a new one.")


class Moved(NotFound):
    """A record that lives on under another id (``to``)."""

    status = 301
    code = ErrorCode.MOVED
    message = N_("This document has moved to “%(to)s”.")

    def __init__(self, to: str) -> None:
        self.to = to
        super().__init__(to=to)


class Conflict(CatalogueError):
    """Somebody else changed a file since it was read; ``path`` is below the resources folder. Nothing was written."""

    status = 409
    code = ErrorCode.CONFLICT
    message = N_("Somebody else has changed this in the meantime.")

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(path=path)


class TooManyTries(CatalogueError):
    """Somebody guesses: what was sent was not looked at. ``seconds``: how long to wait."""

    status = 429
    code = ErrorCode.TOO_MANY_TRIES
    message = N_("Too many tries. Wait %(seconds)s seconds and try again.")


class SignInNeeded(CatalogueError):
    """A page of the staff, and nobody is signed in."""

    status = 401
    code = ErrorCode.SIGN_IN_NEEDED
    message = N_("Sign in first.")


class Forbidden(CatalogueError):
    """Signed in, but the account's role does not allow this."""

    status = 403
    code = ErrorCode.FORBIDDEN
    message = N_("Your account does not allow this. An administrator of the catalogue can help.")


class InsecureConnection(Forbidden):
    """A page of the staff over a connection that others on the network can read."""

    code = ErrorCode.INSECURE_CONNECTION
    message = N_("The desk is closed on this address: others on the network could read your password.")


class OfAnotherCentre(Forbidden):
    """A record that the staff of another ``centre`` look after, or of all of them. Nothing was written."""

    code = ErrorCode.OF_ANOTHER_CENTRE
    message = N_("“%(record)s” belongs to another centre (%(centre)s): you can read it, its own staff can change it.")


class Unavailable(CatalogueError):
    """A part that should answer does not."""

    status = 503
    code = ErrorCode.UNAVAILABLE
    message = N_("This part of the catalogue does not answer for the moment.")


class IndexUnavailable(Unavailable):
    """The search index cannot be read or written."""

    code = ErrorCode.INDEX_UNAVAILABLE
    message = N_("The search does not answer for the moment.")


class StateUnavailable(Unavailable):
    """The state database cannot be read or written."""

    code = ErrorCode.STATE_UNAVAILABLE
    message = N_("The database of the catalogue does not answer for the moment.")


class WriteFailed(Unavailable):
    """A file could not be written. The file that was there before is intact."""

    code = ErrorCode.WRITE_FAILED
    message = N_("“%(path)s” could not be written (%(reason)s). The previous version is intact.")


class SettingsError(CatalogueError):
    """A ``CATALOGUE_*`` environment variable that cannot be understood."""

    code = ErrorCode.SETTINGS
    message = N_("The settings cannot be understood.")
