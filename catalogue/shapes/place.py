"""Where a value stands while a file is read: the terms it may use, and where its faults are collected."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from catalogue.errors import N_, Problem, Severity
from catalogue.yamlfile import Document, KeyPath

UNKNOWN = N_("“%(value)s” is not in the list “%(vocabulary)s”; did you mean “%(near)s”?")
"""What is said of an id that a list does not have."""


class Terms(Protocol):
    """The controlled ids a value is checked against; ``ids`` is None where the list itself could not be read."""

    def ids(self, vocabulary: str) -> Container[str] | None: ...

    def known(self, vocabulary: str) -> Sequence[str]: ...


@dataclass(slots=True, eq=False)  # not frozen, which takes three times as long: every label of the thesaurus has one
class Place:
    """Where a value stands while it is read: file, key path, the terms it may use, and where faults are collected."""

    document: Document
    problems: list[Problem]
    terms: Terms | None = None
    media_root: Path | None = None
    path: KeyPath = ()

    def at(self, key: str | int) -> Place:
        """Return the place of ``key`` inside this one."""
        return Place(self.document, self.problems, self.terms, self.media_root, (*self.path, key))

    def say(self, severity: Severity, message: str, **params: object) -> None:
        """Note a problem here."""
        where = ".".join(map(str, self.path))
        self.problems.append(
            Problem(self.document.path, self.document.line(self.path), where, message, params, severity)
        )

    def fault(self, message: str, **params: object) -> None:
        """Note a fault that keeps the whole record out."""
        self.say(Severity.ERROR, message, **params)

    def doubt(self, message: str, **params: object) -> None:
        """Note a fault the record can live with."""
        self.say(Severity.WARNING, message, **params)
