"""``catalogue captions check``: what is wrong with captions, file by file and line by line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path

from catalogue.contents import Contents
from catalogue.errors import N_, BadInput
from catalogue.i18n import Language
from catalogue.media import captions
from catalogue.settings import Settings

Read = Callable[[Settings], Contents]


def add_to(parser: argparse.ArgumentParser, language: Language, read: Read) -> None:
    """Give ``parser`` the arguments of ``catalogue captions``; ``read`` reads the resources."""
    _ = language.gettext
    commands = parser.add_subparsers(required=True, metavar="command")
    check = commands.add_parser("check", help=_(N_("name captions that overlap, run backwards, are empty or too long")))
    help = _(N_("a WebVTT or SubRip file; without one, all captions that records name"))
    check.add_argument("files", type=Path, nargs="*", metavar="FILE", help=help)

    def run(arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
        return _check(arguments.files or _named(read(settings), settings.resources), language)

    check.set_defaults(run=run)


def _named(contents: Contents, root: Path) -> list[Path]:
    """Return the captions that records name and that are there; ``catalogue check`` names the others."""
    holdings = (holding for record in contents.records.values() for holding in record.holdings)
    named = {path for holding in holdings for path in (holding.captions or {}).values()}
    return [root / path for path in sorted(named) if (root / path).is_file()]


def _check(files: Iterable[Path], language: Language) -> int:
    checked = faults = 0
    for path in files:
        checked += 1
        for fault in _faults(path):
            faults += 1
            print(f"{path}:{fault.line}: {language.gettext(fault.message) % fault.params}")
    message = language.gettext(N_("Files of captions: %(files)s. Faults: %(faults)s."))
    print(message % {"files": language.number(checked), "faults": language.number(faults)})
    return 1 if faults else 0


def _faults(path: Path) -> list[captions.CaptionFault]:
    try:
        return captions.check(path)
    except OSError as error:
        raise BadInput(N_("There is no file “%(file)s”."), file=path) from error
