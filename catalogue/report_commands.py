"""``catalogue report``: the year for the label, as tables and as a page."""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from catalogue import atomic
from catalogue.errors import N_
from catalogue.i18n import Language, languages
from catalogue.report import files
from catalogue.report.making import make_report
from catalogue.report.model import Report
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.terminal import print_table

DEFAULT = "fr"


def add_to(parser: argparse.ArgumentParser, language: Language) -> None:
    """Give ``parser`` the arguments of ``catalogue report``."""
    _ = language.gettext
    parser.add_argument("year", type=int, metavar="YEAR", help=_(N_("the year, such as 2026")))
    parser.add_argument("--csv", type=Path, metavar="FOLDER", help=_(N_("write every table there")))
    parser.add_argument("--html", type=Path, metavar="FILE", help=_(N_("write the whole report there as one page")))
    own = language.code if language.code in languages() else DEFAULT
    parser.add_argument("--lang", choices=[*languages()], default=own, help=_(N_("the language it is told in")))
    parser.set_defaults(run=_report)


def _report(arguments: argparse.Namespace, settings: Settings, _language: Language) -> int:
    # An index of its own: that of the settings belongs to the process that serves the site.
    with tempfile.TemporaryDirectory(prefix="catalogue-report-") as folder:
        catalogue = Catalogue.open(replace(settings, index=folder))
        try:
            report = make_report(catalogue, arguments.year, arguments.lang)
            if arguments.html:
                from catalogue.web.desk.report import document  # who wants no page does not wait for the site

                atomic.write_bytes(arguments.html, document(catalogue, report).encode())
        finally:
            catalogue.close()
    if arguments.csv:
        files.write_folder(report, arguments.csv)
    if not (arguments.csv or arguments.html):
        _print(report)
    return 0


def _print(report: Report) -> None:
    for section in report.sections:
        print(f"\n=== {section.title}\n")
        for text in section.texts:
            print(text)
        for table in section.tables:
            if not table.on_paper:
                continue
            print(f"\n--- {table.title}\n")
            print_table(table.head, [(row.label.text, *map(files.plain, row.cells)) for row in table.on_paper])
