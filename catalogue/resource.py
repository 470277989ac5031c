"""A record: what a file of ``records/`` says of one document, checked and typed."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalogue import shapes, yamlfile
from catalogue.errors import N_, InvalidRecord, Problem, Severity
from catalogue.fields import RecordFields
from catalogue.parity import untranslated
from catalogue.values import Said, Text

__all__ = ["FIELDS", "Resource", "Said", "Text"]

FIELDS = shapes.declared(RecordFields)
"""The declared fields by name, in file order."""


@dataclass(frozen=True, kw_only=True)
class Resource(RecordFields):
    """One record. ``id`` is the file's stem: the permalink, never reused."""

    id: str

    @classmethod
    def from_document(
        cls, document: yamlfile.Document, terms: shapes.Terms | None = None, media_root: Path | None = None
    ) -> tuple[Resource | None, tuple[Problem, ...]]:
        """Read a record file that was parsed. Returns the record (None when it cannot stand) and ALL its problems."""
        problems = list(document.problems)
        place = shapes.Place(document, problems, terms, media_root)
        id = document.path.stem
        if not re.fullmatch(shapes.ID, id):
            place.fault(N_("the file's name “%(id)s” should be 2 to 80 of a–z, 0–9 and -"), id=id)
        resource = None
        if document.value is not None:
            resource = shapes.read_group(cls, document.value, place, id=id)
        elif not document.problems:
            place.fault(N_("the file is empty"))
        if any(problem.severity is Severity.ERROR for problem in problems):
            resource = None
        if resource is not None:
            problems += resource.gaps(document)
        return resource, tuple(problems)

    @classmethod
    def from_mapping(
        cls, id: str, mapping: Mapping[str, Any], terms: shapes.Terms | None = None, media_root: Path | None = None
    ) -> Resource:
        """Make a record of a mapping of plain values, as forms and imports give them.

        Raises InvalidRecord with every problem found when the record cannot stand.
        """
        resource, problems = cls.examine(id, mapping, terms, media_root)
        if resource is None:
            raise InvalidRecord(problems)
        return resource

    @classmethod
    def examine(
        cls, id: str, mapping: Mapping[str, Any], terms: shapes.Terms | None = None, media_root: Path | None = None
    ) -> tuple[Resource | None, tuple[Problem, ...]]:
        """Return the record that a mapping makes (None when it cannot stand) and ALL its problems, gaps too."""
        document = yamlfile.Document(Path(f"{id}.yaml"), shapes.as_value(mapping))
        return cls.from_document(document, terms, media_root)

    @classmethod
    def from_bytes(
        cls, data: bytes, path: Path, terms: shapes.Terms | None = None, media_root: Path | None = None
    ) -> tuple[dict[str, Any], tuple[Problem, ...]]:
        """Return the mapping of known fields in a record file as far as it can be read, and the file's problems."""
        document = yamlfile.parse(data, path)
        _, problems = cls.from_document(document, terms, media_root)
        mapping = document.value if isinstance(document.value, dict) else {}
        return {key: value for key, value in mapping.items() if key in FIELDS}, problems

    def to_mapping(self, public_only: bool = False) -> dict[str, Any]:
        """Return the plain mapping of a record file; without staff's own fields where ``public_only``."""
        shown = dataclasses.replace(self, holdings=self.offered) if public_only else self
        return shapes.write_group(shown, public_only)

    @property
    def is_public(self) -> bool:
        """Whether visitors can see it."""
        return self.status == "published"

    def is_past(self, now: datetime.datetime) -> bool:
        """Tell whether its last date is over: it has then left the results."""
        return bool(self.expires and self.expires <= now)

    def gaps(self, document: yamlfile.Document) -> Iterator[Problem]:
        """Yield what a good published record would have and this one lacks: values, ways to get it, translations."""
        if not self.is_public:
            return
        for name, field in FIELDS.items():
            if field.expected and not getattr(self, name):
                yield self._gap(document, name, N_("a published record should have this"))
        if not (self.holdings or self.dates or self.contact):
            yield self._gap(document, "holdings", N_("nothing says how to get this document"))
        yield from untranslated(document, ((_path(name), text) for name, text in self._texts() if "und" not in text))

    def _texts(self) -> Iterator[tuple[str, Mapping[str, object]]]:
        for name, field in FIELDS.items():
            value = getattr(self, name)
            if isinstance(field.shape, shapes.Texts | shapes.Words) and value:
                yield name, value
        for index, holding in enumerate(self.holdings):
            if holding.title:
                yield f"holdings.{index}.title", holding.title
        for index, occasion in enumerate(self.dates):
            if occasion.where:
                yield f"dates.{index}.where", occasion.where
        if self.contact:
            yield from ((f"contact.{n}", t) for n in ("address", "hours") if (t := getattr(self.contact, n)))
        if self.cover:
            yield "cover.alt", self.cover.alt

    def _gap(self, document: yamlfile.Document, name: str, message: str, **params: object) -> Problem:
        return Problem(document.path, document.line(_path(name)), name, message, params, Severity.GAP)


def _path(name: str) -> yamlfile.KeyPath:
    return tuple(int(part) if part.isdigit() else part for part in name.split("."))
