"""``catalogue state …``: what the site remembers, taken to another database."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager

from catalogue.errors import N_
from catalogue.i18n import Language
from catalogue.settings import Settings
from catalogue.state import moving
from catalogue.terminal import print_table

Bar = Callable[[str], AbstractContextManager[Callable[[int, int], None]]]

_DONE = N_("%(rows)s rows copied. Stop the site, set %(setting)s to the second database, and start it again.")


def add_to(parser: argparse.ArgumentParser, language: Language, bar: Bar) -> None:
    """Give ``parser`` the commands on the state; ``bar`` shows progress."""
    _ = language.gettext
    commands = parser.add_subparsers(required=True, metavar="command")
    copy = commands.add_parser("copy", help=_(N_("copy everything into a new database, such as PostgreSQL, or back")))
    copy.add_argument("source", metavar="FROM", help=_(N_("the address of the database as it is")))
    copy.add_argument("target", metavar="TO", help=_(N_("the address of an empty one")))

    def run(arguments: argparse.Namespace, _settings: Settings, language: Language) -> int:
        with bar(language.gettext(N_("Copying"))) as told:
            counts = moving.copy(arguments.source, arguments.target, told)
        headings = [language.gettext(N_("Table")), language.gettext(N_("Rows"))]
        print_table(headings, [[name, str(rows)] for name, rows in counts.items()])
        params = {"rows": sum(counts.values()), "setting": "CATALOGUE_STATE"}
        print(language.gettext(_DONE) % params)
        return 0

    copy.set_defaults(run=run)
