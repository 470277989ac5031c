"""Importing tables: received, mapped, tried without writing, written as one action that can be taken back.

Each import is a job in the state database and a folder below ``var/imports``: the file as it was sent, what would
become of each row, and what went wrong when it was written.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from catalogue.contents import Contents
from catalogue.custody import centre_of
from catalogue.errors import N_, BadInput, Conflict, Unavailable
from catalogue.exchange.drafting import is_understood
from catalogue.exchange.dry_run import CHANGE, CREATE, DryRun, Note, Outcome, record_of
from catalogue.exchange.entries import own_names
from catalogue.exchange.guessing import guess
from catalogue.exchange.mapping import ColumnMapping
from catalogue.exchange.matching import Known
from catalogue.exchange.registry import detect, open_table
from catalogue.exchange.table import Row
from catalogue.exchange.targets import TARGETS
from catalogue.exchange.terms import Recogniser
from catalogue.network import unseen
from catalogue.resource import Resource
from catalogue.runner import Runner, Trade
from catalogue.state import Job, State, Version
from catalogue.writing import CHUNK, Change, Writer

KIND = "import"
MACHINES = (KIND, "harvest")
"""The kinds of actions by which records take over what others say."""

MAPPING, CHECKING, CHECKED, RUNNING, STOPPED, DONE, UNDOING, UNDONE = (
    "mapping", "checking", "checked", "running", "stopped", "done", "undoing", "undone",
)  # fmt: skip
AT_WORK = (CHECKING, RUNNING, UNDOING)

_BACK = {CHECKING: MAPPING, RUNNING: STOPPED, UNDOING: DONE}
"""Where a job stands again when its work could not go on; an undo that was cut short can be begun again."""

STATE_NAMES: Mapping[str, str] = {
    MAPPING: N_("Columns to be named"),
    CHECKING: N_("Being checked"),
    CHECKED: N_("Ready to be imported"),
    RUNNING: N_("Being imported"),
    STOPPED: N_("Stopped"),
    DONE: N_("Imported"),
    UNDOING: N_("Being undone"),
    UNDONE: N_("Undone"),
}

KEPT = datetime.timedelta(days=30)
"""How long the file and the report of an import are kept."""

SAMPLED = 500
"""Rows that are looked at to guess what columns hold."""


class Library(Protocol):
    """What records are imported into: the running catalogue, or its folder where a command works on it."""

    @property
    def contents(self) -> Contents: ...

    @property
    def writer(self) -> Writer: ...

    @property
    def state(self) -> State: ...

    def now(self) -> datetime.datetime: ...

    def change(self, record: Resource, seen: str | None = None) -> Change: ...

    def version(self, id: str) -> Version: ...

    def many(self) -> AbstractContextManager[Callable[[], None]]: ...


class Imports:
    """The imports into one library; ``runner`` does the work."""

    def __init__(self, library: Library, folder: Path, runner: Runner) -> None:
        self.library, self.folder, self.runner = library, folder, runner
        self.jobs = library.state.jobs
        steps = {CHECKING: self._check, RUNNING: self._run, UNDOING: self._undo}
        runner.learn(KIND, Trade(steps, _BACK, (RUNNING, UNDOING)))

    # --- for pages and commands ------------------------------------------------------------------------------

    def receive(self, upload: Path, name: str, account: str) -> Job:
        """Take a file over (it is moved away from ``upload``) and guess what its columns hold.

        Raises NotATable with what is wrong with it, StateUnavailable.
        """
        format = detect(upload, name)
        with open_table(upload, name) as table:
            columns = table.columns
            rows = list(islice(table.rows, SAMPLED))
            about = dict(table.about)
        if not rows:
            raise BadInput(N_("There is nothing below the names of the columns."))  # of tables; others have no names
        samples = samples_of(columns, rows)
        recalled = self.jobs.recall(columns)
        guessed = own_names(columns) if "entries" in about else self._guessed(columns, samples, name)
        if samples.get("source.id") and not samples.get("source.from") and "entries" in about:
            guessed = replace(guessed, constants={**guessed.constants, "source.from": Path(name).stem[:80] or "import"})
        mapping = _understood(recalled) or guessed
        data = {
            "name": name,
            "format": format.name,
            "about": about,
            "columns": list(columns),
            "filled": [column for column in columns if samples[column] or "entries" not in about],
            "mapping": mapping.to_plain(),
            "recalled": recalled is not None,
        }
        job = self.jobs.add(KIND, account, MAPPING, data)
        self._folder(job).mkdir(parents=True, exist_ok=True)
        shutil.move(upload, self._file(job))
        return job

    def _guessed(self, columns: Sequence[str], samples: Mapping[str, Sequence[str]], name: str) -> ColumnMapping:
        guessed, hidden = guess(columns, samples, name, self._recogniser()), unseen(self._recogniser().vocabularies)
        return replace(guessed, columns={name: rule for name, rule in guessed.columns.items() if rule.to not in hidden})

    def map(self, job: Job, mapping: ColumnMapping) -> None:
        """Keep the mapping of a file that is not being imported; what was tried with another one is forgotten."""
        if not self.jobs.update(
            job.id, only_in=(MAPPING, CHECKED), state=MAPPING, data={"mapping": mapping.to_plain()}
        ):
            raise BadInput(N_("This import has already begun."))

    def begin(self, job: Job, state: str) -> bool:
        """Let a job go into ``CHECKING``, ``RUNNING`` or ``UNDOING`` in the background, or go on with it.

        Raises Busy where another job changes files.
        """
        before = {CHECKING: (MAPPING, CHECKED), RUNNING: (CHECKED, STOPPED), UNDOING: (DONE, STOPPED)}[state]
        start = {} if state == RUNNING else {"done": 0, "total": 0}
        with self.runner.alone(job.id) if state != CHECKING else nullcontext():
            if not self.jobs.update(job.id, only_in=(*before, state), state=state, data={"problem": None}, **start):
                return False
        self.runner.put(job.id)
        return True

    def stop(self, job: Job) -> bool:
        """Let a job end where it is; what it has written stays until it is taken back."""
        if job.state == CHECKING:
            return self.jobs.update(job.id, only_in=(CHECKING,), state=MAPPING)
        return self.jobs.update(job.id, only_in=(RUNNING,), state=STOPPED)

    def drop(self, job: Job) -> None:
        """Forget an import of which nothing was written. Raises BadInput for another."""
        if job.action or job.state not in (MAPPING, CHECKED):
            raise BadInput(N_("This import has already begun."))
        self.jobs.drop(job.id)
        shutil.rmtree(self._folder(job), ignore_errors=True)

    def is_undone(self, job: Job) -> bool:
        """Whether what was imported has been taken back, here or among the actions of the history."""
        history = self.library.state.history
        return job.state != UNDOING and bool(history.still(job.action)) and history.action(job.action).undone

    def is_undoable(self, job: Job) -> bool:
        """Whether there is something of an import to be taken back."""
        return (
            job.state in (DONE, STOPPED)
            and bool(self.library.state.history.still(job.action))
            and not self.is_undone(job)
        )

    def sample(self, job: Job, count: int) -> tuple[list[Row], list[Outcome]]:
        """Return the first rows of a file, and what would become of them. Raises NotATable."""
        if not self._file(job).exists():
            raise BadInput(N_("The file of this import is no longer kept."))
        with open_table(self._file(job), job.data["name"]) as table:
            rows = list(islice(table.rows, SAMPLED))
            head = type(table)(table.columns, iter(rows[:count]), table.about)
            outcomes = list(self._dry_run(job).of(head))
        return rows, outcomes

    def outcomes(self, job: Job, fate: str = "") -> Iterator[Outcome]:
        """Yield what becomes of each row (of one fate), what went wrong in the end included."""
        failures = self._failures(job)
        for line in self._lines(job, fate if not failures else ""):
            outcome = Outcome.from_plain(line)
            if outcome.row in failures:
                outcome = Outcome(outcome.row, "refuse", outcome.id, outcome.title, (failures[outcome.row],))
            if not fate or outcome.fate == fate:
                yield outcome

    def has_report(self, job: Job) -> bool:
        """Whether what becomes of the rows is known (still)."""
        return job.state not in (MAPPING, CHECKING) and self._outcomes(job).exists()

    def tidy(self) -> None:
        """Forget the files of old imports."""
        with contextlib.suppress(Unavailable):
            for job in self.jobs.of(KIND, limit=10_000):
                if job.created < self.library.now() - KEPT and job.state not in AT_WORK:
                    shutil.rmtree(self._folder(job), ignore_errors=True)

    # --- the steps -------------------------------------------------------------------------------------------

    def _check(self, job: Job) -> None:
        counts: Counter[str] = Counter()
        doubtful = number = 0
        tell = 0.0
        target = self._outcomes(job)
        temporary = target.with_suffix(".tmp")
        with open_table(self._file(job), job.data["name"]) as table, temporary.open("w", encoding="utf-8") as file:
            for number, outcome in enumerate(self._dry_run(job).of(table), 1):
                plain = outcome.to_plain()
                if outcome.fate == CHANGE:
                    plain["seen"] = self.library.version(outcome.id).digest
                file.write(json.dumps(plain, ensure_ascii=False) + "\n")
                counts[outcome.fate] += 1
                doubtful += bool(outcome.notes) and outcome.fate in (CREATE, CHANGE)
                if self.runner.rest() and time.monotonic() > tell:
                    tell = time.monotonic() + 0.5
                    self.runner.told(job, number)
        temporary.replace(target)
        self._failed(job).unlink(missing_ok=True)
        data = {"counts": dict(counts), "doubtful": doubtful, "failed": 0}
        if self.jobs.update(job.id, only_in=(CHECKING,), state=CHECKED, done=number, total=number, data=data):
            self.jobs.remember(job.data["columns"], job.data["mapping"])

    def _run(self, job: Job) -> None:
        counts = job.data["counts"]
        history = self.library.state.history
        total, begun = counts.get(CREATE, 0) + counts.get(CHANGE, 0), history.still(job.action)
        done = job.done if begun else 0
        action = begun or history.promise([], account=job.account, kind=KIND, label=job.data["name"])
        self.jobs.update(job.id, action=action, total=total, done=done)
        wanted = islice((line for line in self._lines(job) if line["fate"] in (CREATE, CHANGE)), done, None)
        with self.library.many() as between:
            while lines := list(islice(wanted, CHUNK)):
                self._write(job, action, lines)
                done += len(lines)
                self.runner.told(job, done, total)
                between()
                self.runner.rest()
        self.jobs.update(job.id, only_in=(RUNNING,), state=DONE, data={"failed": len(self._failures(job))})

    def _write(self, job: Job, action: int, lines: Sequence[Mapping[str, Any]]) -> None:
        """Write some of the records. One that cannot be written is noted and stops no other.

        A file that is already as it should be was written before the program ended the last time.
        """
        writer = self.library.writer
        prepared = list(self._prepared(job, lines))  # which takes longest, and keeps nobody from writing
        with writer.turn():
            changes = []
            for outcome, change in prepared:
                now = writer.version(change.path)
                if now.digest == change.seen:
                    changes.append(change)
                elif now.data != change.data:
                    self._note(job, outcome, Conflict.message, {})
            writer.write(changes, account=job.account, kind=KIND, label=job.data["name"], action=action)

    def _prepared(self, job: Job, lines: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Outcome, Change]]:
        for line in lines:
            outcome = Outcome.from_plain(line)
            record, problems = record_of(outcome.id, outcome.mapping, self._recogniser())
            try:
                if record is None:  # a list of words has changed since
                    raise BadInput(problems[0].message, **problems[0].params)
                yield outcome, self.library.change(record, line.get("seen", ""))
            except (BadInput, Unavailable) as error:
                self._note(job, outcome, error.message, error.params)
            self.runner.rest()

    def _undo(self, job: Job) -> None:
        with self.library.many() as between:

            def told(done: int, total: int) -> None:
                self.runner.told(job, done, total)
                between()
                self.runner.rest()

            undone = self.library.writer.undo(job.action, job.account, resume=True, told=told)
        self.jobs.update(job.id, only_in=(UNDOING,), state=UNDONE, data={"left": list(undone.left)[:1000]})

    # --- inside ----------------------------------------------------------------------------------------------

    def _dry_run(self, job: Job) -> DryRun:
        contents = self.library.contents
        broken = {problem.path.stem for problem in contents.problems if problem.path.stem not in contents.records}
        reserved = {*contents.tombstones, *contents.redirects, *broken}
        mapping = ColumnMapping.from_plain(job.data["mapping"])
        known, centre = Known(contents.records.values()), self.centre_of(job)
        return DryRun(mapping, known, self._recogniser(), reserved, self._imported, centre)

    def centre_of(self, job: Job) -> str:
        """Return the centre of which alone the account of an import may write records; empty where of all."""
        return centre_of(job.account, self.library.state.accounts, self.library.contents.frame.vocabularies)

    def _imported(self, id: str) -> Mapping[str, Any] | None:
        """Return what the last import wrote of a record, None where none did or the history does not know."""
        history = self.library.state.history
        for revision in history.of(self.library.version(id).path):
            if revision.kind in MACHINES:
                data = history.revision(revision.id)[1].data or b""
                mapping, _ = Resource.from_bytes(data, Path(f"{id}.yaml"))
                record, _ = record_of(id, mapping, self._recogniser())
                return record.to_mapping() if record else None
        return None

    def _recogniser(self) -> Recogniser:
        vocabularies = self.library.contents.frame.vocabularies
        kept: Recogniser | None = getattr(self, "_kept", None)
        if kept is None or kept.vocabularies is not vocabularies:
            kept = self._kept = Recogniser(vocabularies)
        return kept

    def _note(self, job: Job, outcome: Outcome, message: str, params: Mapping[str, object]) -> None:
        line = [outcome.row, outcome.id, message, {key: str(value) for key, value in params.items()}]
        with self._failed(job).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _failures(self, job: Job) -> dict[int, Note]:
        try:
            lines = self._failed(job).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        return {row: Note("", id, message, params) for row, id, message, params in map(json.loads, lines)}

    def _lines(self, job: Job, fate: str = "") -> Iterator[dict[str, Any]]:
        if not self._outcomes(job).exists():
            raise BadInput(N_("The file of this import is no longer kept."))
        with self._outcomes(job).open(encoding="utf-8") as file:
            for line in file:
                if not fate or f'"fate": "{fate}"' in line[:60]:
                    yield json.loads(line)

    def _folder(self, job: Job) -> Path:
        return self.folder / job.id

    def _file(self, job: Job) -> Path:
        return self._folder(job) / "upload"

    def _outcomes(self, job: Job) -> Path:
        return self._folder(job) / "outcomes.jsonl"

    def _failed(self, job: Job) -> Path:
        return self._folder(job) / "failures.jsonl"


def samples_of(columns: Sequence[str], rows: Sequence[Row], most: int = 100) -> dict[str, list[str]]:
    """Return some cells of each column, the empty ones left out."""
    sound = [row.cells for row in rows if not row.fault]
    return {
        column: list(islice((cells[index] for cells in sound if cells[index]), most))
        for index, column in enumerate(columns)
    }


def unknown_values(
    mapping: ColumnMapping, columns: Sequence[str], rows: Sequence[Row], recogniser: Recogniser
) -> dict[str, list[str]]:
    """Return, by column, the values that mean nothing for what the column fills, the most frequent first.

    Those to which the mapping gives a meaning are among them, so that it can be seen and changed.
    """
    found: dict[str, list[str]] = {}
    for column, cells in samples_of(columns, rows, SAMPLED).items():
        rule = mapping.columns.get(column)
        target = TARGETS[rule.to] if rule else None
        if rule is None or target is None:
            continue
        divided = rule.separator if target.many else ""
        pieces = (cell.split(divided) if divided else [cell] for cell in cells)
        counts = Counter(value for piece in pieces for part in piece if (value := part.strip()))
        unknown = [v for v, _ in counts.most_common() if v in rule.values or not is_understood(target, v, recogniser)]
        if unknown:
            found[column] = unknown[:60]
    return found


def _understood(plain: Mapping[str, Any] | None) -> ColumnMapping | None:
    """Return a remembered mapping; None where it names a field that no longer exists."""
    try:
        return ColumnMapping.from_plain(plain) if plain is not None else None
    except BadInput:
        return None
