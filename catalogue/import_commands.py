"""``catalogue import`` and ``catalogue export``: records in and out, without the site; it notices what changes."""

from __future__ import annotations

import argparse
import datetime
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from catalogue import leaving_commands
from catalogue.contents import Contents, Frame
from catalogue.errors import N_, BadInput
from catalogue.exchange import delimited, mapping
from catalogue.exchange.crosswalk import Naming
from catalogue.exchange.dry_run import FATES, REFUSE
from catalogue.exchange.entries import own_names
from catalogue.exchange.mapping import ColumnMapping
from catalogue.exchange.registry import FORMATS
from catalogue.exchange.report import Report
from catalogue.i18n import Language
from catalogue.importing import CHECKED, CHECKING, DONE, RUNNING, Imports
from catalogue.resource import Resource
from catalogue.runner import Runner
from catalogue.settings import Settings
from catalogue.state import Job, State, Version
from catalogue.store import Store
from catalogue.values import CENTRE_LANGUAGES
from catalogue.vocabulary import Vocabularies
from catalogue.writing import Change, Writer


class Folder:
    """The resources folder as records are imported into it where no site runs over it in this process."""

    def __init__(self, settings: Settings, state: State) -> None:
        self.state = state
        self._store = Store(settings.resources)
        self._frame = Frame.load(settings.resources)
        self._store.terms = self._frame.vocabularies
        self._store.load()
        lock = settings.var / "write.lock"
        alone = partial(state.sole_writer.hold, beside=True)
        self.writer = Writer(settings.resources, lock, state.history, threading.RLock(), self._taken, alone)
        self.contents = Contents.of(self._frame, self._store)

    def now(self) -> datetime.datetime:
        """Return the local time."""
        return datetime.datetime.now()

    def change(self, record: Resource, seen: str | None = None) -> Change:
        """Return what saving a record would write. Raises BadInput, WriteFailed."""
        return Change(*self._store.rendered(record), seen)

    def version(self, id: str) -> Version:
        """Return the file of a record as it is on the disk now. Raises BadInput."""
        return self.writer.version(self._store.path_of(id))

    def digest(self, record: Resource) -> str:
        """Return the digest of the file that a record was read from; empty where the file is another by now."""
        return self._store.digest(record)

    @contextmanager
    def many(self) -> Iterator[Callable[[], None]]:
        """Nothing is indexed here: the site notices what changed."""
        yield lambda: None

    def _taken(self, paths: Sequence[Path]) -> None:
        self._store.take(paths)
        self.contents = Contents.of(self._frame, self._store)


def add_import(parser: argparse.ArgumentParser, language: Language) -> None:
    """Give ``parser`` the arguments of ``catalogue import``."""
    _ = language.gettext
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="FILE",
        help=_(N_("a table, or records as libraries and reference managers write them")),
    )
    parser.add_argument(
        "--map", type=Path, metavar="YAML", help=_(N_("what its columns hold, and what all its records have alike"))
    )
    parser.add_argument("--dry-run", action="store_true", help=_(N_("only say what would change")))
    parser.add_argument("--report", type=Path, metavar="CSV", help=_(N_("write there what becomes of each row")))
    help = _(N_("a whole catalogue, as “export --all FOLDER” wrote it, into this one, which is empty"))
    parser.add_argument("--all", type=Path, metavar="FOLDER", help=help)
    parser.set_defaults(run=_import, misuse=parser.error)


def add_export(parser: argparse.ArgumentParser, language: Language) -> None:
    """Give ``parser`` the arguments of ``catalogue export``."""
    _ = language.gettext
    writable = [format.name for format in FORMATS.values() if format.write]
    lang = language.code
    parser.add_argument(
        "--lang",
        choices=CENTRE_LANGUAGES,
        default=lang if lang in CENTRE_LANGUAGES else "fr",
        help=_(N_("the language that comes first")),
    )
    parser.add_argument("--format", choices=writable, default=writable[0], help=_(N_("how it is written")))
    parser.add_argument("--output", type=Path, metavar="FILE", help=_(N_("where to; standard output by default")))
    help = _(N_("drafts and withdrawn records too; with FOLDER: everything there is, in open formats, to go elsewhere"))
    parser.add_argument("--all", type=Path, nargs="?", const=True, default=False, metavar="FOLDER", help=help)
    parser.set_defaults(run=_export, misuse=parser.error)


def naming_of(settings: Settings, vocabularies: Vocabularies, lang: str) -> Naming:
    """Return how records are named to others: by the addresses of the site, rooted where it does not know its own."""
    base = settings.address
    return Naming.of(vocabularies, lang, lambda id: f"{base}/{lang}/record/{id}", lambda path: f"{base}/{quote(path)}")


def _import(arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    if bool(arguments.all) == bool(arguments.file):
        arguments.misuse(language.gettext(N_("Name a file, or --all and the folder of an export.")))
    if arguments.all:
        return leaving_commands.arrive(arguments.all, settings, language)
    wanted = mapping.read(arguments.map) if arguments.map else ColumnMapping({})
    with State.open(settings.state, interval=0) as state:
        runner = Runner(state.jobs, pause=lambda _worked: None)
        imports = Imports(Folder(settings, state), settings.var / "imports", runner)
        job = _received(imports, arguments.file)
        try:
            if "entries" in job.data["about"] and not wanted.columns:
                own = own_names(job.data["columns"])
                wanted = ColumnMapping(own.columns, {**own.constants, **wanted.constants}, wanted.existing)
            if missing := wanted.problems(job.data["columns"], job.data["filled"]):
                raise BadInput(missing[0][0], **missing[0][1])
            imports.map(job, wanted)
            job = _worked(imports, job, CHECKING)
            if not arguments.dry_run and job.state == CHECKED:
                job = _worked(imports, job, RUNNING)
            return _tell(imports, job, arguments.report, language)
        finally:
            if not imports.jobs.get(job.id).action:
                imports.drop(job)


def _received(imports: Imports, file: Path) -> Job:
    if not file.is_file():
        raise BadInput(N_("There is no file “%(file)s”."), file=file)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "upload"
        shutil.copyfile(file, copy)
        return imports.receive(copy, file.name, "")


def _worked(imports: Imports, job: Job, state: str) -> Job:
    """Do a step here and now. Raises BadInput with what stopped it."""
    imports.jobs.update(job.id, state=state)
    imports.runner.work(job.id)
    job = imports.jobs.get(job.id)
    if problem := job.data.get("problem"):
        raise BadInput(problem[0], **problem[1])
    return job


def _tell(imports: Imports, job: Job, target: Path | None, language: Language) -> int:
    """Print why rows are refused and how many there are of each fate; returns the exit status."""
    report = Report(language.gettext, () if "entries" in job.data["about"] else job.data["columns"])
    if target:
        with target.open("wb") as file:
            file.writelines(delimited.write(report.rows(imports.outcomes(job))))
    counts = dict.fromkeys(FATES, 0)
    for outcome in imports.outcomes(job):
        counts[outcome.fate] += 1
        for note in outcome.notes if outcome.fate == REFUSE else ():
            place = f"{report.place(note)}: " if note.where else ""
            print(f"{job.data['name']}:{outcome.row}: {place}{report.reason(note)}")
    for fate, label in FATES.items():
        print(f"{language.gettext(label)}: {language.number(counts[fate])}")
    if job.state != DONE:
        print(language.gettext(N_("Nothing was written.")))
    return 1 if counts[REFUSE] else 0


def _export(arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    if isinstance(arguments.all, Path):
        if arguments.output:
            arguments.misuse(language.gettext(N_("Name --output for a table, or the folder of --all for everything.")))
        return leaving_commands.leave(arguments.all, settings, language)
    store = Store(settings.resources)
    vocabularies = store.terms = Frame.load(settings.resources).vocabularies
    store.load()
    kept = [record for record in store.records.values() if arguments.all or record.is_public]
    write = FORMATS[arguments.format].write
    assert write, "only formats that can be written are offered"
    lines = write(sorted(kept, key=lambda record: record.id), naming_of(settings, vocabularies, arguments.lang))
    if arguments.output:
        with arguments.output.open("wb") as file:
            file.writelines(lines)
    else:
        sys.stdout.buffer.writelines(lines)
    return 0
