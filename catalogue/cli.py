"""The command line: ``catalogue serve``, ``check``, ``index``, ``stats``, ``report``, ``user`` and the others."""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from catalogue import (
    __version__,
    atomic,
    caption_commands,
    harvest_commands,
    import_commands,
    instance_commands,
    link_commands,
    report_commands,
    serving,
    skos_commands,
    state_commands,
    user_commands,
)
from catalogue.contents import Contents, Frame
from catalogue.counters import COUNTERS
from catalogue.errors import N_, CatalogueError, Problem, Severity, WriteFailed
from catalogue.exchange import esco, esco_thesaurus
from catalogue.i18n import Language, from_environment
from catalogue.search.engine import Progress as ProgressCallback
from catalogue.service import Catalogue
from catalogue.settings import PREFIX, Settings
from catalogue.state import State, shown_total
from catalogue.store import Store
from catalogue.terminal import print_table

_LEVELS = {Severity.ERROR: N_("error"), Severity.WARNING: N_("warning"), Severity.GAP: N_("to complete")}


_THIS_MACHINE = ("127.0.0.1", "0.0.0.0", "::1", "::")  # noqa: S104 - compared with, not bound to


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status: 0 when all is well, 1 when something is wrong, 2 for a misuse."""
    language = from_environment()
    parsed = _parser(language).parse_args(arguments)
    logging.basicConfig(format=_log_format(), level=logging.INFO)
    for noisy in ("alembic", "httpx2", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter shows ? in its place
            stream.reconfigure(errors="replace")
    try:
        instance_commands.enter(parsed)
        status = int(parsed.run(parsed, Settings.load(), language))
        sys.stdout.flush()
        return status
    except CatalogueError as error:
        print(f"catalogue: {error.text(language.gettext)}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # who read it has seen enough: catalogue check | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def _log_format() -> str:
    """Plain lines; with the time where neither somebody at a terminal nor systemd's journal knows it."""
    timed = "JOURNAL_STREAM" in os.environ or sys.stderr.isatty()
    return "%(levelname)s: %(message)s" if timed else "%(asctime)s %(levelname)s: %(message)s"


def _parser(language: Language) -> argparse.ArgumentParser:
    _ = language.gettext
    settings_title = _(N_("Settings (in catalogue.env, or as environment variables):"))
    settings = "\n".join(f"  {PREFIX}{f.name.upper()}: {f.metadata['help']} [{f.default}]" for f in fields(Settings))
    parser = argparse.ArgumentParser(
        prog="catalogue",
        description=_(N_("A bilingual catalogue for a career-guidance documentation centre.")),
        epilog=f"{settings_title}\n{settings}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="command")

    serve = commands.add_parser("serve", help=_(N_("check the records, bring the index up to date, serve the site")))
    serve.set_defaults(run=_serve)

    check = commands.add_parser("check", help=_(N_("list what is wrong in the resources folder")))
    check.add_argument("--gaps", action="store_true", help=_(N_("also list what is missing or not translated")))
    check.set_defaults(run=_check)

    index = commands.add_parser("index", help=_(N_("build the whole search index anew")))
    index.set_defaults(run=_index)

    links = commands.add_parser("links", help=_(N_("ask every web address whether it still answers")))
    link_commands.add_to(links, language, _read, _progress)

    captions = commands.add_parser("captions", help=_(N_("subtitles of films and recordings")))
    caption_commands.add_to(captions, language, _read)

    stats = commands.add_parser("stats", help=_(N_("show what was counted: searches, records opened, no results")))
    stats.add_argument("--content", action="store_true", help=_(N_("count the records instead")))
    stats.set_defaults(run=_stats)

    report_commands.add_to(commands.add_parser("report", help=_(N_("the year for the label"))), language)
    bring = commands.add_parser("import", help=_(N_("bring in records; the site can take it back")))
    import_commands.add_import(bring, language)
    give = commands.add_parser(
        "export", help=_(N_("write the records in a format of tables, libraries or reference managers"))
    )
    import_commands.add_export(give, language)
    harvest = commands.add_parser("harvest", help=_(N_("take over records of other catalogues by OAI-PMH")))
    harvest_commands.add_to(harvest, language, _progress)
    docs = commands.add_parser("docs", help=_(N_("write the documentation into a folder, to be read without the site")))
    docs.add_argument("folder", type=Path, metavar="FOLDER")
    docs.set_defaults(run=_docs)
    state_commands.add_to(
        commands.add_parser("state", help=_(N_("the database of what the site remembers"))), language, _progress
    )
    user_commands.add_to(commands.add_parser("user", help=_(N_("accounts of the staff"))), language)
    _add_thesaurus(commands.add_parser("thesaurus", help=_(N_("bring in a classification of others"))), language)
    instance_commands.add_to(parser, commands, language)
    return parser


def _add_thesaurus(parser: argparse.ArgumentParser, language: Language) -> None:
    _ = language.gettext
    commands = parser.add_subparsers(required=True, metavar="command")
    esco = commands.add_parser(
        "import-esco", help=_(N_("write ESCO's occupations to vocabularies/thesaurus/esco.yaml"))
    )
    for lang, required in (("fr", True), ("nl", True), ("en", False)):
        help = _(N_("ESCO's CSV file of occupations in this language"))
        esco.add_argument(f"--{lang}", type=Path, metavar="CSV", required=required, help=help)
    esco.add_argument("--dry-run", action="store_true", help=_(N_("only say what would change")))
    esco.set_defaults(run=_import_esco)
    skos_commands.add_to(commands, language)


def _serve(_arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    from catalogue.web.app import create_app  # the other commands do not wait for the site

    sockets = serving.listen(settings)
    with _progress(language.gettext(N_("Indexing"))) as progress:
        catalogue = Catalogue.open(settings, progress)
    host = "localhost" if settings.host in _THIS_MACHINE else settings.host
    shown = settings.base_url or f"http://{host}:{settings.port}"
    count = len(catalogue.contents.public)
    message = language.gettext(N_("%(count)s records. The catalogue is at %(address)s (stop it with Ctrl+C)."))
    print(message % {"count": count, "address": f"{shown}/"}, flush=True)
    serving.run(create_app(catalogue), sockets)
    return 0


def _check(arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    contents = _read(settings)
    least = Severity.GAP if arguments.gaps else Severity.WARNING
    for problem in contents.faults(least):
        level = language.gettext(_LEVELS[problem.severity])
        print(f"{problem.render(language.gettext, settings.resources.parent)} [{level}]")
    weights = Counter(problem.severity for problem in contents.problems)
    message = language.gettext(
        N_("%(records)s records: %(errors)s errors, %(warnings)s warnings, %(gaps)s to complete.")
    )
    params = {"errors": weights[Severity.ERROR], "warnings": weights[Severity.WARNING], "gaps": weights[Severity.GAP]}
    print(message % {"records": len(contents.records), **params})
    return 1 if contents.faults() else 0


def _read(settings: Settings) -> Contents:
    frame = Frame.load(settings.resources)
    store = Store(settings.resources, frame.vocabularies)
    store.load()
    return Contents.of(frame, store)


def _index(_arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    with _progress(language.gettext(N_("Indexing"))) as progress:
        catalogue = Catalogue.open(settings, progress, rebuild=True)
    count = len(catalogue.contents.public)
    catalogue.close()
    print(language.gettext(N_("%(count)s records are in the index.")) % {"count": count})
    return 0


def _docs(arguments: argparse.Namespace, _settings: Settings, language: Language) -> int:
    from catalogue.web import documentation

    try:
        count = documentation.write(arguments.folder)
    except OSError as error:
        raise WriteFailed(path=arguments.folder, reason=error.strerror or str(error)) from error
    message = language.ngettext("%(count)s file in %(folder)s", "%(count)s files in %(folder)s", count)
    print(message % {"count": count, "folder": arguments.folder})
    return 0


def _stats(arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    if arguments.content:
        return _content_stats(_read(settings), language)
    _ = language.gettext
    with State.open(settings.state, interval=0) as state:
        rows = [row for row in state.counts() if row.event != "listed"]  # whose documents lead: in the year's report
        table = [
            (_(COUNTERS[r.event].label), r.theme, r.lang, r.kind, "<5" if r.count is None else language.number(r.count))
            for r in rows
            if r.event in COUNTERS
        ]
        print_table((_(N_("event")), _(N_("theme")), _(N_("language")), _(N_("kind")), _(N_("count"))), table)
        total = shown_total(rows)
        at_least = "≥ " if total.partial else ""
        print(_(N_("Together: %(count)s")) % {"count": at_least + language.number(total.count)})
        print("\n" + _(N_("Searched without result on three days or more:")))
        print_table((_(N_("query")), _(N_("days"))), [(found.query, str(found.days)) for found in state.zero_results()])
        print("\n" + _(N_("Problems reported by visitors:")))
        reports = [(r.record_id, r.reason, str(r.count), str(r.last_day)) for r in state.problem_reports()]
        print_table((_(N_("record")), _(N_("problem")), _(N_("count")), _(N_("last day"))), reports)
    return 0


def _content_stats(contents: Contents, language: Language) -> int:
    _ = language.gettext
    records = contents.public
    counts: list[tuple[str, Counter[str]]] = [
        (N_("Themes"), Counter(theme for r in records for theme in r.themes)),
        (N_("Kind"), Counter(r.kind for r in records)),
        (N_("How to get it"), Counter(form for r in records for form in r.forms)),
        (N_("Languages"), Counter(lang for r in records for lang in r.document_languages)),
        (N_("Series"), Counter(r.series for r in records if r.series)),
    ]
    totals = [
        (N_("Published records"), len(records)),
        (N_("Organisations"), len({r.publisher for r in records if r.publisher})),
        (N_("Easy to read"), sum(bool(r.easy) for r in records)),
        (N_("Thesaurus concepts"), sum(not c.retired for c in contents.frame.vocabularies.concepts.values())),
    ]
    for label, total in totals:
        print(f"{_(label)}: {total}")
    for label, counter in counts:
        print(f"{_(label)}: {', '.join(f'{value} {count}' for value, count in counter.most_common())}")
    return 0


def _import_esco(arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    _ = language.gettext
    files = {lang: path for lang in ("fr", "nl", "en") if (path := getattr(arguments, lang))}
    target = settings.resources / "vocabularies" / "thesaurus" / "esco.yaml"
    problems: list[Problem] = []
    occupations = esco.read(files, problems)
    with atomic.lock(settings.var / "thesaurus.lock"):  # not that of the records: writing takes seconds
        found = esco_thesaurus.prepare(occupations, target, problems)
        for problem in problems:
            print(f"{problem.render(_, settings.resources.parent)} [{_(_LEVELS[problem.severity])}]")
        if any(problem.severity is Severity.ERROR for problem in problems):
            print(_(N_("Nothing was written.")))
            return 1
        if not arguments.dry_run:
            esco_thesaurus.write(target, found.concepts)
    if arguments.dry_run:
        for concept in found.concepts:
            if (fate := found.fates[concept.id]) != esco_thesaurus.UNCHANGED:
                print(f"{' → '.join(filter(None, (concept.id, concept.replaced_by)))}: {_(fate)}")
        print(_(N_("Nothing was written.")))
    for fate, count in found.counts.items():
        print(f"{_(fate)}: {language.number(count)}")
    return 0


class _Speed(ProgressColumn):
    """Records per second."""

    def render(self, task: Task) -> Text:
        """Return the speed of a task, nothing before it is known."""
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


class _progress:  # noqa: N801 - a context manager used like a function
    """A bar: what is done, how many there are, how many a second, the time left; nothing where no terminal shows it."""

    def __init__(self, label: str) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Speed(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._label = label

    def __enter__(self) -> ProgressCallback:
        self._bar.start()
        task = self._bar.add_task(self._label, total=None)
        return lambda done, total: self._bar.update(task, completed=done, total=total)

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


if __name__ == "__main__":
    sys.exit(main())
