"""Checking links in the background of the site, or by a command: one run at a time on a machine, resumed after its end.

Each run is a job in the state database: begun by a person, by the timer (``catalogue links``), or again at the start of
the site where it was cut short.
"""

from __future__ import annotations

import asyncio
import datetime
import logging
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from catalogue.contents import Contents
from catalogue.errors import N_, CatalogueError, Unavailable
from catalogue.links.asking import Asker, Manners
from catalogue.links.collected import Use, collected
from catalogue.links.run import Run, Stopped
from catalogue.sole_run import SoleRun
from catalogue.state import Job, State

log = logging.getLogger("catalogue.links")

KIND = "links"
RUNNING, STOPPED, DONE = "running", "stopped", "done"
RUNS_KEPT = 30
FORGOTTEN_AFTER = datetime.timedelta(days=30)
"""How long what is known of an address is kept when nothing names it any more: an undo may bring it back."""

_TELL = 0.5  # seconds between two notes of how far a run is


class Library(Protocol):
    """What has links: the running catalogue, or what a command reads."""

    @property
    def contents(self) -> Contents: ...

    @property
    def state(self) -> State: ...

    def now(self) -> datetime.datetime: ...


def manners_of(library: Library, contact: str = "") -> Manners:
    """Return how we ask: under our name, with an address where the owner of a site finds us."""
    return Manners(agent=library.contents.frame.centre.agent("links", contact))


class LinkChecks:
    """The runs over the links of one library. ``folder`` holds the lock that keeps two from running at once."""

    def __init__(
        self,
        library: Library,
        folder: Path,
        manners: Callable[[], Manners],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.library, self.manners = library, manners
        self.jobs = library.state.jobs
        self._tls = tls
        self._sole = SoleRun(folder, "links", N_("The links are being checked already."))
        self._beginning = threading.Lock()
        self._named: tuple[Contents, datetime.date, Mapping[str, tuple[Use, ...]]] | None = None

    @property
    def named(self) -> Mapping[str, tuple[Use, ...]]:
        """Every web address of the collection as it is now, with where it stands."""
        kept, contents, today = self._named, self.library.contents, self.library.now().date()
        if kept is None or kept[0] is not contents or kept[1] != today:
            kept = self._named = (contents, today, collected(contents, today))
        return kept[2]

    @property
    def is_active(self) -> bool:
        """Whether a run goes on, here or in another process; one that was cut short can be gone on with."""
        return self._sole.is_active

    def begin(self, account: str, urls: Sequence[str] = ()) -> Job:
        """Return the run that is not finished, or a new one: over ``urls``, or over every link of the collection."""
        with self._beginning:
            unfinished = self.jobs.of(KIND, (RUNNING,), limit=1)
            return unfinished[0] if unfinished else self.jobs.add(KIND, account, RUNNING, {"urls": list(urls)})

    def start(self, account: str, urls: Sequence[str] = (), wait: float = 0.0) -> Job:
        """Begin a run, or go on with the one that is not finished, in the background; ``wait`` seconds for its end."""
        job = self.begin(account, urls)
        self._sole.start(lambda: self._work(job.id)).join(wait)
        return self.jobs.get(job.id)

    def resume(self) -> None:
        """Go on with a run that was cut short when the program ended."""
        try:
            if job := self.running():
                self.start(job.account)
        except Unavailable as error:
            log.warning("checking links waits: %s", error)

    def running(self) -> Job | None:
        """Return the run that is not finished."""
        return next(iter(self.jobs.of(KIND, (RUNNING,), limit=1)), None)

    def last(self, *states: str) -> Job | None:
        """Return the last run over every link that ended; in one of these states where some are given."""
        return next((job for job in self.jobs.of(KIND, states or (DONE, STOPPED)) if not job.data["urls"]), None)

    def stop(self, job: Job) -> bool:
        """Let a run end where it is; what was found stays."""
        return self.jobs.update(job.id, only_in=(RUNNING,), state=STOPPED)

    def close(self) -> None:
        """Let the work end at its next step; it goes on at the next start."""
        self._sole.close()

    def work(self, id: str, told: Callable[[int, int], object] = lambda _done, _total: None) -> Job:
        """Do a run here and now. Raises Unavailable where another process is at it; a problem is noted with the job."""
        with self._sole.alone(0.5):
            job = self.jobs.get(id)
            try:
                asyncio.run(self._run(job, told))
            except Stopped:
                return self.jobs.get(id)
            except CatalogueError as error:
                params = {key: str(value) for key, value in error.params.items()}
                self.jobs.update(id, only_in=(RUNNING,), state=STOPPED, data={"problem": [error.message, params]})
        return self.jobs.get(id)

    async def _run(self, job: Job, told: Callable[[int, int], object]) -> None:
        named = self.named
        next_note = 0.0

        def noted(done: int, total: int) -> bool:
            nonlocal next_note
            told(done, total)
            if time.monotonic() < next_note and done < total:
                return not self._sole.ended.is_set()
            next_note = time.monotonic() + _TELL
            is_wanted = self.jobs.update(job.id, only_in=(RUNNING,), done=done, total=total)
            return is_wanted and not self._sole.ended.is_set()

        async with Asker(self.manners(), self._tls) as asker:
            run = Run(asker, self.library.state.links, self.library.now, job.id, noted)
            await run.over(job.data["urls"] or named)
        self.jobs.update(job.id, only_in=(RUNNING,), state=DONE, data={"problem": None})
        if not job.data["urls"]:
            self._tidy(set(named))

    def _tidy(self, named: set[str]) -> None:
        """Forget old runs, and what nothing names any more."""
        links, before = self.library.state.links, self.library.now() - FORGOTTEN_AFTER
        links.forget(url for url, state in links.all().items() if url not in named and state.checked < before)
        for job in self.jobs.of(KIND, (DONE, STOPPED), limit=1000)[RUNS_KEPT:]:
            self.jobs.drop(job.id)

    def _work(self, id: str) -> None:
        try:
            self.work(id)
        except CatalogueError as error:  # another process is at it, or the state does not answer
            log.warning("checking links waits: %s", error)
        except Exception:
            log.exception("checking links has ended")
            self.jobs.update(id, only_in=(RUNNING,), state=STOPPED, data={"problem": [CatalogueError.message, {}]})
