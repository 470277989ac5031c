"""How versions, actions and differences are said to staff: shared by the pages of the history and of bulk changes."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import PurePosixPath

from starlette.requests import Request

from catalogue.differences import Comparer, Difference
from catalogue.errors import N_, NotFound
from catalogue.service import Catalogue
from catalogue.shapes import ID
from catalogue.state import Version
from catalogue.state.history import KIND_NAMES, Action, Revision
from catalogue.values import Said
from catalogue.web import addresses
from catalogue.web.frame import language_of
from catalogue.web.present import Presenter

NOBODY = N_("without an account")
FILE_NAMES = {
    "records": N_("Record"),
    "vocabularies": N_("List of words"),
    "pages": N_("Page"),
    "lists": N_("List"),
    "media": N_("File"),
    "centre.yaml": N_("The centre"),
    "tombstones.yaml": N_("Deleted records"),
}
"""What a file of the resources folder is, by the first part of its path."""


@dataclass(frozen=True)
class Doing:
    """Who did what, and when. ``subject``: the file, where it was only one; ``files`` is 0 for a single version."""

    href: str
    id: int
    when: str
    who: str
    kind: str
    icon: str
    label: str
    subject: Said
    files: int
    undone: bool


@dataclass(frozen=True)
class ChangedFile:
    """A file of an action: what it is, its name, what became of it, what differs."""

    path: str
    sort: str
    name: Said
    history: str
    edit: str  # empty where there is no record to edit
    became: str  # new, gone, changed
    differences: tuple[Difference, ...]


_ICONS = {
    "start": "file",
    "hand": "file",
    "new": "add",
    "restore": "back",
    "undo": "back",
    "weed": "erase",
    "bulk": "list",
    "merge": "copy",
    "import": "down",
    "harvest": "down",
    "renew": "new",
}


class Teller:
    """Tells the history to one reader."""

    def __init__(self, request: Request) -> None:
        self.catalogue: Catalogue = request.app.state.catalogue
        self.presenter = Presenter(self.catalogue, language_of(request))
        self.lang, self.language, self._ = self.presenter.lang, self.presenter.language, self.presenter._
        self.comparer = Comparer(self.presenter.vocabularies, self.language)

    def moment(self, at: datetime.datetime) -> str:
        """Return ``4 december 2026, 14:05``."""
        return f"{self.language.day(at.date())}, {self.language.time(at)}"

    def doing(self, done: Action | Revision, path: str = "") -> Doing:
        """Return a line of the history; ``path``: of the file, where it was only one."""
        whole = isinstance(done, Action)
        page = f"actions/{done.id}" if whole else f"history/{done.id}"
        return Doing(
            href=addresses.desk(self.lang, page),
            id=done.id,
            when=self.moment(done.at),
            who=done.account or self._(NOBODY),
            kind=self._(KIND_NAMES.get(done.kind, done.kind)),
            icon=_ICONS.get(done.kind, "check"),
            label=self._label(done),
            subject=self.name(path) if path else Said("", self.lang),
            files=done.files if isinstance(done, Action) else 0,
            undone=isinstance(done, Action) and done.undone,
        )

    def _label(self, done: Action | Revision) -> str:
        """Return what an action is called; that of a version brought back is when the version was made."""
        if done.kind != "restore":
            return done.label
        try:
            return self._(N_("as it was on %(when)s")) % {
                "when": self.moment(datetime.datetime.fromisoformat(done.label))
            }
        except ValueError:
            return done.label

    def name(self, path: str) -> Said:
        """Return what a file is called: the title of a record where it is known, else its path."""
        record = self.catalogue.contents.records.get(record_id(path))
        return record.title.best(self.lang) if record and path.startswith("records/") else Said(path, "")

    def changed(self, before: Version, after: Version) -> ChangedFile:
        """Return what became of a file."""
        path, id = after.path, record_id(after.path)
        there = bool(id) and id in self.catalogue.contents.records
        return ChangedFile(
            path=path,
            sort=self._(FILE_NAMES.get(path.split("/")[0], path)),
            name=self.name(path),
            history=addresses.desk(self.lang, f"records/{id}/history") if id else "",
            edit=addresses.desk(self.lang, f"records/{id}") if there else "",
            became="new" if before.data is None else "gone" if after.data is None else "changed",
            differences=self.comparer.files(path, before.data, after.data),
        )


def asked_id(request: Request, name: str) -> int:
    """Return the number of a revision or action in an address. Raises NotFound for one that no database could hold."""
    number: int = request.path_params[name]
    if number >= 2**31:
        raise NotFound
    return number


def record_id(path: str) -> str:
    """Return the id of the record that a file of the folder ``records`` holds, empty for any other."""
    stem = PurePosixPath(path).stem
    return stem if path.startswith("records/") and ID.fullmatch(stem) else ""
