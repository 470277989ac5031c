"""Changing very many records, and taking very large actions back: as jobs, a little at a time.

A change of the records of a list is noted with what it does and the digest of each file as it was previewed. What is
another file by then is left and named. A job that was cut short finds in the history what it had written.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalogue import atomic
from catalogue.bulk import Edit
from catalogue.errors import N_, BadInput, InvalidRecord
from catalogue.resource import Resource
from catalogue.runner import Runner, Trade
from catalogue.service import Catalogue
from catalogue.state import Job
from catalogue.writing import CHUNK, Change, Undone

CHANGE, UNDO = "bulk", "undo"
"""The kinds of jobs."""

RUNNING, STOPPED, DONE = "running", "stopped", "done"

AT_ONCE = 40
"""Records up to which a change is made while one waits; more are a job."""

NAMED = 1000
"""Records left as they are, of which a job remembers the names."""


@dataclass(frozen=True, slots=True)
class Made:
    """A change that was made: the action in the history (0: nothing was changed), and the files of the records left."""

    action: int
    left: tuple[str, ...]


class MassChanges:
    """The changes of very many files of one catalogue. ``folder``: where they keep what they are about."""

    def __init__(self, catalogue: Catalogue, folder: Path, runner: Runner) -> None:
        self.catalogue, self.folder, self.runner = catalogue, folder, runner
        self.jobs, self.history = catalogue.state.jobs, catalogue.state.history
        back = {RUNNING: STOPPED}
        runner.learn(CHANGE, Trade({RUNNING: self._change}, back, (RUNNING,)))
        runner.learn(UNDO, Trade({RUNNING: self._undo}, back, (RUNNING,)))

    # --- for pages -------------------------------------------------------------------------------------------

    def change(
        self, edit: Edit, seen: Mapping[str, str], *, account: str, label: str, left: Sequence[str] = ()
    ) -> Job | Made:
        """Change records: few here and now, many in the background.

        ``seen``: by id, the digest of the file of each as it was previewed; ``left``: files of others of which it is
        to be said that they were left. Raises Busy, WriteFailed, StateUnavailable, Unavailable.
        """
        if len(seen) <= AT_ONCE:
            action, more = self._write(edit, list(seen.items()), account, label, 0)
            return Made(action, (*left, *more))
        lines = "".join(f"{id} {digest}\n" for id, digest in seen.items())
        data = {"label": label, "edit": dataclasses.asdict(edit), "left": list(left)[:NAMED], "of": len(left)}
        with self.runner.alone():
            job = self.jobs.add(CHANGE, account, STOPPED, data)
            atomic.write_bytes(self._file(job), lines.encode())
            self.jobs.update(job.id, state=RUNNING, total=len(seen))
        self.runner.put(job.id)
        return job

    def undo(self, action: int, *, account: str) -> Job | Undone:
        """Take an action back: one of few files here and now, one of many in the background.

        Raises Busy, BadInput for one that was taken back already, NotFound, and as ``Writer.undo``.
        """
        found = self.history.action(action)
        if found.undone:
            raise BadInput(N_("This was already undone."), field="action")
        with self.runner.alone(but_for=action if found.files <= AT_ONCE else 0):
            for job in self.jobs.of(CHANGE, (STOPPED,)):  # it would go on with what is no more
                if job.action == action:
                    self._forget(job)
            if found.files <= AT_ONCE:
                return self.catalogue.undo(action, account=account)
            job = self.jobs.add(UNDO, account, RUNNING, {"label": found.label, "undoes": action})
            self.jobs.update(job.id, total=found.files)
        self.runner.put(job.id)
        return job

    def go_on(self, job: Job) -> None:
        """Go on with a job that was stopped or cut short. Raises Busy where another is at work."""
        with self.runner.alone(job.id):
            self.jobs.update(job.id, only_in=(STOPPED, RUNNING), state=RUNNING, data={"problem": None})
        self.runner.put(job.id)

    def stop(self, job: Job) -> None:
        """Let a job end where it is; what it has written stays until it is taken back."""
        self.jobs.update(job.id, only_in=(RUNNING,), state=STOPPED)

    def leave(self, job: Job) -> None:
        """Let a stopped job be as far as it came: what it wrote stands, and is undone as any action."""
        if job.state == STOPPED:
            self._forget(job)

    def unfinished(self) -> list[Job]:
        """Return the jobs at work, and those that were stopped."""
        return [job for kind in (CHANGE, UNDO) for job in self.jobs.of(kind, (RUNNING, STOPPED))]

    # --- the steps -------------------------------------------------------------------------------------------

    def _change(self, job: Job) -> None:
        edit, pairs = Edit(**job.data["edit"]), self._pairs(job)
        left, of = list(job.data["left"]), int(job.data["of"])
        account, label = job.account, job.data["label"]
        action = self.history.still(job.action) or self.history.promise([], account=account, kind=CHANGE, label=label)
        self.jobs.update(job.id, action=action)
        written = {Path(path).stem for path in self.history.paths(action)}
        with self.catalogue.many() as between:
            for start in range(0, len(pairs), CHUNK):
                part = [pair for pair in pairs[start : start + CHUNK] if pair[0] not in written]
                _, more = self._write(edit, part, account, label, action, self.runner.rest)
                left, of = [*left, *more][:NAMED], of + len(more)
                self.runner.told(job, min(start + CHUNK, len(pairs)), len(pairs))
                between()
                self.runner.rest()
        if not self.history.paths(action):
            self.history.drop(action, ())
            action = 0
        self.jobs.update(job.id, only_in=(RUNNING,), state=DONE, action=action, data={"left": left, "of": of})
        shutil.rmtree(self._file(job).parent, ignore_errors=True)

    def _undo(self, job: Job) -> None:
        with self.catalogue.many() as between:

            def told(done: int, total: int) -> None:
                self.runner.told(job, done, total)
                between()
                self.runner.rest()

            undone = self.catalogue.undo(job.data["undoes"], account=job.account, resume=True, told=told)
        data = {"left": list(undone.left[:NAMED]), "of": len(undone.left)}
        self.jobs.update(job.id, only_in=(RUNNING,), state=DONE, action=undone.action, data=data)

    def _write(
        self,
        edit: Edit,
        pairs: Sequence[tuple[str, str]],
        account: str,
        label: str,
        action: int,
        rest: Callable[[], object] = lambda: None,
    ) -> tuple[int, list[str]]:
        """Change some records whose files are as they were seen; returns the action, and the files of the others."""
        ready: dict[str, Change] = {}
        for id, digest in pairs:  # before the turn, so that others wait for the writing only
            change = self._ready(edit, id, digest)
            if change:
                ready[id] = change
            rest()
        writer = self.catalogue.writer
        with writer.turn():
            still = {id: change for id, change in ready.items() if writer.version(change.path).digest == change.seen}
            made = writer.write(list(still.values()), account=account, kind=CHANGE, label=label, action=action)
        return made, [f"records/{id}.yaml" for id, _ in pairs if id not in still]

    def _ready(self, edit: Edit, id: str, digest: str) -> Change | None:
        """Return what is to be written of a record; None where it is another by now."""
        contents = self.catalogue.contents
        record = contents.records.get(id)
        if record is None or {self.catalogue.digest(record), self.catalogue.version(id).digest} != {digest}:
            return None
        try:
            changed = Resource.from_mapping(id, edit.on(record), contents.frame.vocabularies)
        except InvalidRecord:  # a list of words has changed since
            return None
        return self.catalogue.change(changed, digest)

    def _pairs(self, job: Job) -> list[tuple[str, str]]:
        try:
            lines = self._file(job).read_text("ascii").splitlines()
        except FileNotFoundError as error:
            raise BadInput(N_("What was to be changed is no longer known. Choose the records again.")) from error
        return [(id, digest) for id, digest in map(str.split, lines)]

    def _forget(self, job: Job) -> None:
        self.jobs.drop(job.id)
        shutil.rmtree(self._file(job).parent, ignore_errors=True)

    def _file(self, job: Job) -> Path:
        return self.folder / job.id / "records"
