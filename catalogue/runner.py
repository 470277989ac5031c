"""Long work in the background: one thread does one job after the other, a little at a time, so that the site never
waits. What a job is and how far it is stands in the state database: whatever moment the program ends, the work goes on
from there at the next start.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from catalogue.errors import N_, CatalogueError, ErrorCode, NotFound, Unavailable
from catalogue.state import Job
from catalogue.state.jobs import Jobs

log = logging.getLogger("catalogue.jobs")

_SHARE = 0.5
"""Of the time of one processor, what a job takes at most while visitors search."""

_STRETCH = 0.02
"""Seconds of work after which a job rests."""

Pause = Callable[[float], None]
"""Is called with the seconds of processor time since the last rest."""


@dataclass(frozen=True)
class Trade:
    """How jobs of one kind are done. ``steps``: what is to be done in each state in which they are at work; ``back``:
    where they stand again when it cannot go on; ``writing``: the states in which they change files."""

    steps: Mapping[str, Callable[[Job], None]]
    back: Mapping[str, str]
    writing: tuple[str, ...]


class Interrupted(Exception):
    """Somebody stopped the job, or the program ends."""


class Busy(CatalogueError):
    """Another job changes files: one after the other, so that each can be undone by itself."""

    status = 409
    code = ErrorCode.BUSY
    message = N_("“%(label)s”, begun by %(account)s, is still under way. Wait until it is done: nothing was begun.")

    def __init__(self, job: Job) -> None:
        label = str(job.data.get("label") or job.data.get("name", ""))
        super().__init__(label=label, account=job.account or "?", job=job.id, kind=job.kind)


class Runner:
    """Does the jobs of one catalogue, whatever their kind."""

    def __init__(self, jobs: Jobs, pause: Pause | None = None) -> None:
        self.jobs = jobs
        self._pause = pause or (lambda worked: time.sleep(worked * (1 - _SHARE) / _SHARE))
        self._since = 0.0  # the processor time of the thread at work when it last rested
        self._trades: dict[str, Trade] = {}
        self._waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._active: set[str] = set()
        self._stop = threading.Event()
        self._starting = threading.Lock()
        self._one_at_a_time = threading.Lock()
        self._thread: threading.Thread | None = None

    def learn(self, kind: str, trade: Trade) -> None:
        """Do the jobs of a kind from now on."""
        self._trades[kind] = trade

    # --- beginning and ending --------------------------------------------------------------------------------

    def put(self, id: str) -> None:
        """Do a job that is in a state of work in the background, after those that wait."""
        with self._starting:
            if id in self._active:
                return
            self._active.add(id)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
                self._thread.start()
        self._waiting.put(id)

    def is_active(self, job: Job) -> bool:
        """Whether the work on a job goes on in this process; one that was cut short can be begun again."""
        return job.id in self._active

    @contextmanager
    def alone(self, own: str = "", but_for: int = 0) -> Iterator[None]:
        """Begin inside what changes very many files: one job at a time, so that each can be taken back by itself.

        ``own``: the job that is begun; ``but_for``: something small, which only a job of that action keeps waiting.
        Raises Busy.
        """
        with self._one_at_a_time:
            for kind, trade in self._trades.items():
                for job in self.jobs.of(kind, trade.writing):
                    if job.id != own and but_for in (0, job.action):
                        raise Busy(job)
            yield

    def resume(self) -> None:
        """Go on with what was being done when the program ended."""
        try:
            found = [job for kind, trade in self._trades.items() for job in self.jobs.of(kind, trade.steps)]
            for job in sorted(found, key=lambda job: job.created):
                self.put(job.id)
        except Unavailable as error:
            log.warning("jobs wait: %s", error)

    def close(self) -> None:
        """Let the work end at its next step; it goes on at the next start."""
        self._stop.set()
        self._waiting.put("")
        if self._thread:
            self._thread.join()

    # --- at work ---------------------------------------------------------------------------------------------

    def work(self, id: str) -> None:
        """Do what is to be done for a job, here and now; what stops it is noted with it."""
        job = self.jobs.get(id)
        trade = self._trades[job.kind]
        if job.state not in trade.steps:
            return
        self._since = time.thread_time()
        try:
            trade.steps[job.state](job)
        except Interrupted:
            return
        except CatalogueError as error:
            self._fall_back(job, error.message, {key: str(value) for key, value in error.params.items()})

    def told(self, job: Job, done: int, total: int = 0) -> None:
        """Note how far a job is. Raises Interrupted where it is not to go on."""
        if not self.jobs.update(job.id, only_in=(job.state,), done=done, total=total) or self._stop.is_set():
            raise Interrupted

    def rest(self) -> bool:
        """Let others have the processor, where enough was done since the last time; returns whether it was."""
        worked = time.thread_time() - self._since
        if worked < _STRETCH:
            return False
        self._pause(worked)
        self._since = time.thread_time()
        return True

    def _run(self) -> None:
        while not self._stop.is_set() and (id := self._waiting.get()):
            try:
                self.work(id)
            except CatalogueError as error:  # not even noting it was possible
                log.error("the job %s waits: %s", id, error)
            except Exception:
                log.exception("the job %s has ended", id)
                self._fail(id)
            finally:
                self._active.discard(id)

    def _fail(self, id: str) -> None:
        try:
            self._fall_back(self.jobs.get(id), CatalogueError.message, {})
        except (Unavailable, NotFound) as error:
            log.error("the job %s waits: %s", id, error)

    def _fall_back(self, job: Job, message: str, params: Mapping[str, str]) -> None:
        back = self._trades[job.kind].back.get(job.state, job.state)
        self.jobs.update(job.id, only_in=(job.state,), state=back, data={"problem": [message, params]})
