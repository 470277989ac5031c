"""Harvesting: a run over one source at a time, page by page, each written whole; what was cut short goes on.

A run is a job in the state database. After each page it notes where it is: the token for the rest, and what became of
the records. Killed between writing and noting, it takes the same page again and finds that nothing is left to do.
The next run begins with what changed since the first answer of this one (section 3.4 of the protocol); after a page of
which something was lost, or with another set or mapping, it asks for everything again.
"""

from __future__ import annotations

import logging
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from catalogue.contents import Contents
from catalogue.errors import N_, BadInput, CatalogueError, Conflict, Severity, Unavailable, WriteFailed
from catalogue.exchange.matching import Known
from catalogue.exchange.sources import FILE, HarvestSource, load_sources
from catalogue.exchange.terms import Recogniser
from catalogue.harvest import answers
from catalogue.harvest.asking import NotAnswered, Pace, Provider
from catalogue.harvest.taking import REFUSED, Taken, Taker
from catalogue.importing import Library
from catalogue.oai import dates
from catalogue.resource import Resource
from catalogue.sole_run import SoleRun
from catalogue.state import Job
from catalogue.writing import Change

log = logging.getLogger("catalogue.harvest")

KIND = "harvest"
RUNNING, STOPPED, DONE = "running", "stopped", "done"
RUNS_KEPT = 10
"""Of each source; the last that was complete is kept whatever came after it."""

NOTES_KEPT = 200
MOST_PAGES = 100_000
"""A provider whose list never ends holds nobody for ever."""

Told = Callable[[int, int], object]


class HarvestLibrary(Library, Protocol):
    """What is harvested into: the running catalogue, or its folder where a command works on it."""

    def digest(self, record: Resource) -> str: ...


class Stopped(Exception):
    """Somebody stopped the run, or the program ends."""


def pace_of(library: HarvestLibrary, contact: str, inside: bool) -> Pace:
    """Return how sources are asked: under our name, with an address where their people find us."""
    return Pace(agent=library.contents.frame.centre.agent("harvest", contact), inside=inside)


class Harvests:
    """The runs into one library. ``folder`` holds the lock that keeps two from running at once."""

    def __init__(
        self,
        library: HarvestLibrary,
        resources: Path,
        folder: Path,
        pace: Callable[[], Pace],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.library, self.jobs = library, library.state.jobs
        self._file, self._pace, self._tls = resources / FILE, pace, tls
        self._sole = SoleRun(folder, "harvest", N_("Another harvest is under way already."))
        self._beginning = threading.Lock()

    # --- for pages and commands ------------------------------------------------------------------------------

    @property
    def sources(self) -> Mapping[str, HarvestSource]:
        """The sources by id, as the file has them now; a faulty one is left out."""
        return load_sources(self._file)[0]

    def source(self, id: str) -> HarvestSource:
        """Return one source. Raises BadInput."""
        sources = self.sources
        if id not in sources:
            raise BadInput(N_("There is no source “%(id)s”; there are: %(ids)s"), id=id, ids=", ".join(sources) or "–")
        return sources[id]

    def runs(self, source: str) -> list[Job]:
        """Return the runs over a source, the last first."""
        return [job for job in self.jobs.of(KIND, limit=10_000) if job.data["source"] == source]

    @property
    def is_active(self) -> bool:
        """Whether a run goes on, here or in another process; one that was cut short can be gone on with."""
        return self._sole.is_active

    def begin(self, source: HarvestSource, account: str = "", everything: bool = False) -> Job:
        """Return the run over a source that is to go on, or a new one."""
        with self._beginning:
            runs = self.runs(source.id)
            last = next(iter(runs), None)
            if last and last.state != DONE and last.data["fingerprint"] == source.fingerprint and not everything:
                self.jobs.update(last.id, state=RUNNING, data={"problem": None})
                return self.jobs.get(last.id)
            for job in runs:
                self.jobs.update(job.id, only_in=(RUNNING,), state=STOPPED)
            since = "" if everything else _since(source, runs)
            data = {"source": source.id, "fingerprint": source.fingerprint, "since": since, "counts": {}, "notes": []}
            return self.jobs.add(KIND, account, RUNNING, data)

    def start(self, source: HarvestSource, account: str) -> Job:
        """Begin a run, or go on with one, in the background."""
        job = self.begin(source, account)
        self._sole.start(self._work)
        return job

    def resume(self) -> None:
        """Go on with what was being harvested when the program ended."""
        try:
            if self.jobs.of(KIND, (RUNNING,), limit=1):
                self._sole.start(self._work)
        except Unavailable as error:
            log.warning("harvesting waits: %s", error)

    def stop(self, source: str) -> None:
        """Let a run end where it is; what came in stays, and the next run goes on from there."""
        for job in self.runs(source):
            self.jobs.update(job.id, only_in=(RUNNING,), state=STOPPED)

    def close(self) -> None:
        """Let the work end at its next step; it goes on at the next start."""
        self._sole.close()

    def work(self, id: str, told: Told = lambda _done, _total: None) -> Job:
        """Do a run here and now. Raises Unavailable where another process is at it; a problem is noted with the job."""
        with self._sole.alone(0.5):
            try:
                self._run(self.jobs.get(id), told)
            except Stopped:
                return self.jobs.get(id)
            except CatalogueError as error:
                self._fail(id, error.message, error.params)
        return self.jobs.get(id)

    # --- a run -----------------------------------------------------------------------------------------------

    def _run(self, job: Job, told: Told) -> None:
        source = self.source(job.data["source"])
        contents = self.library.contents
        recogniser = Recogniser(contents.frame.vocabularies)
        taker = Taker(source, recogniser, Known(contents.records.values()), self.library.now().date())
        with Provider(source.url, self._pace(), self._rest, self._tls) as provider, self.library.many() as between:
            for page in self._pages(job, source, provider):
                job = self._take(self.jobs.get(job.id), source, page, taker)
                told(job.done, job.total)
                between()
        self.jobs.update(job.id, only_in=(RUNNING,), state=DONE, data={"token": "", "problem": None})
        self._tidy(source.id)

    def _pages(self, job: Job, source: HarvestSource, provider: Provider) -> Iterator[answers.AnswerPage]:
        """Yield the pages of a list, from where the run was. What is yielded is noted before the next is asked for."""
        token = job.data.get("token", "")
        for _ in range(MOST_PAGES):
            page = self._page(job, source, provider, token)
            if page.error == answers.BAD_TOKEN and token:  # it was not kept there: the list begins again
                token = ""
                continue
            if page.error not in ("", answers.NO_RECORDS):
                message = N_("The source answers %(code)s: %(said)s")
                raise NotAnswered(message, code=page.error, said=page.said)
            yield page
            if not page.token:
                if not page.is_whole:
                    raise NotAnswered(N_("An answer of the source breaks off, and nothing tells where the rest is."))
                return
            if page.token == token:
                raise NotAnswered(N_("The source gives the same part of its list again and again."))
            token = page.token
        raise NotAnswered(N_("The list of the source does not end."))

    def _page(self, job: Job, source: HarvestSource, provider: Provider, token: str) -> answers.AnswerPage:
        if token:
            return answers.read(provider.ask(verb="ListRecords", resumptionToken=token))
        since = job.data["since"]
        if since and answers.identify(provider.ask(verb="Identify")) == dates.DAY:
            since = since[:10]
        asked = {"metadataPrefix": source.prefix, "set": source.set, "from_": since}
        return answers.read(provider.ask(verb="ListRecords", **asked))

    def _take(self, job: Job, source: HarvestSource, page: answers.AnswerPage, taker: Taker) -> Job:
        """Write a page, remember what it said, note how far the run is."""
        harvested, history = self.library.state.harvested, self.library.state.history
        before = harvested.of(source.id, (given.identifier for given in page.records))
        changes: list[Change] = []
        with self.library.writer.turn():
            contents = self.library.contents
            broken = {problem.path.stem for problem in contents.problems if problem.severity is Severity.ERROR}
            reserved = {*contents.tombstones, *contents.redirects, *broken}
            taken = []
            for given in page.records:
                outcome = taker.take(given, before.get(given.identifier), contents, reserved)
                taken.append((given.identifier, self._prepared(outcome, contents, changes)))
            # All pages of a run are one action of the history, so that one undo takes it back; each is written whole.
            action = self.library.writer.write(
                changes, account=job.account, kind=KIND, label=source.mark, action=history.still(job.action)
            )
        harvested.put(outcome.known for _, outcome in taken if outcome.known)
        return self._note(job, page, taken, action)

    def _prepared(self, outcome: Taken, contents: Contents, changes: list[Change]) -> Taken:
        """Add to ``changes`` what a record writes; returns what becomes of it then."""
        if outcome.record is None:
            return outcome
        try:
            mine = contents.records.get(outcome.id)
            change = self.library.change(outcome.record, self.library.digest(mine) if mine else "")
            if self.library.version(outcome.id).digest != change.seen:
                raise Conflict(outcome.id)
        except (BadInput, WriteFailed, Conflict) as error:
            return Taken(REFUSED, outcome.id, note=(error.message, _texts(error.params)))
        changes.append(change)
        return outcome

    def _note(self, job: Job, page: answers.AnswerPage, taken: Sequence[tuple[str, Taken]], action: int) -> Job:
        counts = Counter(job.data["counts"]) + Counter(outcome.fate for _, outcome in taken)
        lost = [fault for fault in page.faults if fault.where]
        counts[REFUSED] += len(lost)
        notes = [*job.data["notes"]]
        notes += [[fault.where, "", fault.message, _texts(fault.params)] for fault in page.faults]
        notes += [[identifier, o.id, o.note[0], _texts(o.note[1])] for identifier, o in taken if o.note]
        data = {
            "token": page.token,
            "counts": {fate: count for fate, count in counts.items() if count},
            "notes": notes[:NOTES_KEPT],
            "more": job.data.get("more", 0) + len(notes[NOTES_KEPT:]),
            "pages": job.data.get("pages", 0) + 1,
            # Of what somebody changed this very moment the next run asks again, as of what broke off.
            "lost": job.data.get("lost", False)
            or not page.is_whole
            or any(note[2] == Conflict.message for note in notes),
            "response": job.data.get("response") or page.response_date,
        }
        done = job.done + len(page.records) + len(lost)
        total = max(page.size, job.total, done)
        if not self.jobs.update(job.id, only_in=(RUNNING,), data=data, done=done, total=total, action=action):
            raise Stopped
        if self._sole.ended.is_set():
            raise Stopped
        return self.jobs.get(job.id)

    # --- inside ----------------------------------------------------------------------------------------------

    def _rest(self, seconds: float) -> None:
        if self._sole.ended.wait(seconds) if seconds else self._sole.ended.is_set():
            raise Stopped

    def _fail(self, id: str, message: str, params: Mapping[str, object]) -> None:
        problem = [message, _texts(params)]
        self.jobs.update(id, only_in=(RUNNING,), state=STOPPED, data={"problem": problem})

    def _tidy(self, source: str) -> None:
        """Forget old runs."""
        runs = self.runs(source)
        complete = next((job for job in runs if job.state == DONE), None)
        for job in runs[RUNS_KEPT:]:
            if job is not complete:
                self.jobs.drop(job.id)

    def _work(self) -> None:
        """Do all runs that are to be done, one after the other."""
        try:
            while not self._sole.ended.is_set() and (waiting := self.jobs.of(KIND, (RUNNING,))):
                self.work(waiting[-1].id)
        except CatalogueError as error:  # another process is at it, or the state does not answer
            log.warning("harvesting waits: %s", error)
        except Exception:
            log.exception("harvesting has ended")
            for job in self.jobs.of(KIND, (RUNNING,)):
                self._fail(job.id, CatalogueError.message, {})


def _since(source: HarvestSource, runs: Sequence[Job]) -> str:
    """Return from when on the next run asks: the first answer of the last that was complete; empty: everything."""
    last = next((job for job in runs if job.state == DONE and not job.data.get("lost")), None)
    if last is None or last.data["fingerprint"] != source.fingerprint:
        return ""
    date = str(last.data.get("response") or "")
    return date if dates.granularity(date) == dates.SECONDS else str(last.data["since"])


def _texts(params: Mapping[str, object]) -> dict[str, str]:
    return {key: str(value) for key, value in params.items()}
