"""``catalogue export --all FOLDER`` and ``catalogue import --all FOLDER``: leaving with everything, and arriving."""

from __future__ import annotations

from pathlib import Path

from catalogue import arriving, leaving
from catalogue.errors import N_
from catalogue.i18n import Language
from catalogue.settings import Settings


def leave(folder: Path, settings: Settings, language: Language) -> int:
    """Write everything into a folder and say what it is; returns the exit status."""
    left = leaving.export_all(settings, folder)
    message = language.gettext(
        N_(
            "%(records)s records and all the rest, %(count)s files (%(size)s), are in “%(folder)s”, read back and "
            "found whole. README says what each file is.\n"
            "Drafts and notes of the staff are in it: give it only to those who may read them."
        )
    )
    count, size = language.number(len(left.manifest.files)), language.size(left.manifest.size)
    print(message % {"records": language.number(left.records), "count": count, "size": size, "folder": folder})
    return 0


def arrive(folder: Path, settings: Settings, language: Language) -> int:
    """Take an export into this installation and say so; returns the exit status."""
    done = arriving.import_all(settings, folder)
    message = language.gettext(
        N_(
            "The catalogue of %(made)s is here: %(count)s files, each exactly as it was, with its history.\n"
            "Accounts do not come along: catalogue user add NAME --role administrator"
        )
    )
    print(message % {"made": done.manifest.made, "count": language.number(len(done.manifest.files))})
    if done.aside:
        print(language.gettext(N_("What was in its place is in “%(folder)s” now.")) % {"folder": done.aside})
    return 0
