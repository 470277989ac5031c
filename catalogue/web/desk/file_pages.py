"""What the pages of the centre's files show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.errors import CatalogueError
from catalogue.i18n import Language
from catalogue.media import KINDS, Kind
from catalogue.media.kinds import MEGABYTE
from catalogue.values import Said
from catalogue.web.desk.frame import Desk
from catalogue.web.frame import Frame


@dataclass(frozen=True)
class RecordLink:
    """A record that names a file."""

    title: Said
    href: str
    status: str


@dataclass(frozen=True)
class FileRow:
    """A file, or the name of one that is not there. ``kind`` is empty for one that would not be taken today."""

    path: str
    name: str
    href: str
    see: str
    kind: str
    label: str
    size: int
    is_there: bool
    records: tuple[RecordLink, ...]


@dataclass(frozen=True)
class Limit:
    """What is taken of a kind, and how large."""

    label: str
    endings: str
    most: str


@dataclass(frozen=True)
class UploadForm:
    """What a form that takes a file says of itself. ``most``: megabytes by ending, for the script."""

    limits: tuple[Limit, ...]
    accept: str
    most: dict[str, int]
    problem: str


def upload_form(language: Language, error: CatalogueError | None = None, kinds: Sequence[Kind] = KINDS) -> UploadForm:
    """Return what a form says that takes files of some kinds, after an ``error``."""
    limits = tuple(Limit(language.gettext(k.label), ", ".join(k.endings), language.size(k.most)) for k in kinds)
    most = {ending: kind.most // MEGABYTE for kind in kinds for ending in kind.endings}
    return UploadForm(limits, ",".join(most), most, error.text(language.gettext) if error else "")


@dataclass(frozen=True)
class FilesPage:
    """``/desk/{lang}/files/``. ``shows``, ``sorts``: name, address (and count) of each."""

    frame: Frame
    desk: Desk
    form: UploadForm
    here: str
    show: str
    shows: tuple[tuple[str, str, int], ...]
    q: str
    sort: str
    sorts: tuple[tuple[str, str], ...]
    rows: tuple[FileRow, ...]
    total: int
    previous: str
    next: str
    deleted: str


@dataclass(frozen=True)
class FilePage:
    """``/desk/{lang}/files/file/{path}``. ``public``: where visitors find it; ``done``: what was just done.

    ``faults``: what is wrong with it, line by line where it is captions.
    """

    frame: Frame
    desk: Desk
    form: UploadForm
    back: str
    file: FileRow
    changed: str
    public: str
    replace: str
    delete: str
    done: str
    ending: str
    faults: tuple[str, ...]
