"""What is done with one engine, in a process of its own: build, open, answer, add, weigh."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from bench.analysed import Analysed, AnalysedCorpus, analyse
from bench.corpus import Corpus, index_document, newcomer
from bench.highlight import Highlighter
from bench.peers import Answer, Peer, make
from bench.queries import Ask
from catalogue.query import Query
from catalogue.search.explain import Explainer
from catalogue.search.words import Words

_SETTLE_SECONDS = 5

_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True)
class Job:
    """One engine, over the corpus of one size, in ``folder``."""

    key: str
    size: int
    folder: Path

    @property
    def indexes(self) -> Path:
        """Where the indexes of this size are, one folder for each engine."""
        return self.folder / f"index-{self.size}"

    @property
    def index(self) -> Path:
        """The folder of this engine's own index."""
        return self.indexes / self.key

    @property
    def copies(self) -> Path:
        """Where indexes are copied to before something is added to them."""
        return self.folder / "copies"


class Session:
    """The work inside the process. Times are wall-clock milliseconds, except where they are called seconds."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._corpus = Corpus(job.folder, job.size)
        self._highlighter = Highlighter(self._corpus)
        self._peer: Peer = make(job.key, job.indexes)
        self._is_open = False

    def build(self) -> float:
        """Build the index anew and return the seconds, the shared analysis of the texts not included."""
        items = list(AnalysedCorpus(self._job.folder, self._job.size))
        shutil.rmtree(self._job.index, ignore_errors=True)
        self._job.indexes.mkdir(exist_ok=True)
        started = time.perf_counter()
        self._peer.build(items)
        return time.perf_counter() - started

    def open(self) -> float:
        """Open the index and return how long that took."""
        started = time.perf_counter()
        self._peer.open()
        self._is_open = True
        return _since(started)

    def open_copy(self) -> None:
        """Open a copy of the index, to add to it. Raises AssertionError where it has not all records."""
        copy = self._job.copies / self._job.key
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self._job.index, copy)
        self._peer = make(self._job.key, self._job.copies)
        self.open()
        total = self._peer.answer(Ask("browse", Query(), "fr")).total
        if total != self._job.size:
            raise AssertionError(f"{self._job.key} has {total} records and not {self._job.size}")

    def answers(self, asks: Iterable[Ask]) -> list[Answer]:
        """Return the answers to all queries. Their plans stay here: a plan may hold on to its engine."""
        return [replace(self._peer.answer(ask), plan=None) for ask in asks]

    def expanded(self, asks: Iterable[Ask]) -> int:
        """Return to how many queries the thesaurus adds something."""
        plans = (self._peer.answer(ask).plan for ask in asks)
        return sum(bool(plan and (plan.expansions or plan.links)) for plan in plans)

    def times(self, asks: Iterable[Ask]) -> list[tuple[float, Answer]]:
        """Return how long each query took, the answer and the highlights of its hits, and what the answer was."""
        return [self._time(ask) for ask in asks]

    def saves(self, numbers: Sequence[int]) -> list[float]:
        """Add one new record after the other; return how long each took until a search found it.

        Raises AssertionError where it was not found.
        """
        return [self._save(number) for number in numbers]

    def memory(self) -> float:
        """Return the resident memory of this process in megabytes, once what an engine does by the way is done."""
        time.sleep(_SETTLE_SECONDS)
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def close(self) -> None:
        """Let go of the index, if it was opened."""
        if self._is_open:
            self._peer.close()

    @cached_property
    def _words(self) -> Words:
        return AnalysedCorpus(self._job.folder, self._job.size).words

    def _time(self, ask: Ask) -> tuple[float, Answer]:
        started = time.perf_counter()
        answer = self._peer.answer(ask)
        answered = _since(started)
        entries = [self._corpus[id] for id in answer.ids]  # read from the disk while the clock stands still
        for id in answer.ids:
            self._highlighter.prepare(id, ask.lang)
        started = time.perf_counter()
        if answer.plan:
            explainer = Explainer(answer.plan)
            for entry in entries:
                title, summary = (entry.best(texts, ask.lang) for texts in (entry.title, entry.summary))
                explainer.mark(title[1], title[0])
                explainer.snippet(summary[1], summary[0])
        else:
            self._highlighter.page(answer.ids, ask)
        return answered + _since(started), replace(answer, plan=None)

    def _save(self, number: int) -> float:
        entry, word = newcomer(number)
        document = index_document(entry)
        ask = Ask("saved", Query(text=word), "fr")
        known = self._words
        started = time.perf_counter()
        self._peer.add(Analysed(document) if self._peer.analyses else analyse(document, known))
        answer = self._peer.answer(ask)
        elapsed = _since(started)
        if answer.ids != (entry.id,):
            raise AssertionError(f"{self._job.key} does not find what was saved: {answer.ids}")
        return elapsed


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


_session: Session


def _begin(job: Job) -> None:
    global _session
    _session = Session(job)


def _call(method: Callable[..., _T], arguments: tuple[Any, ...]) -> _T:
    return method(_session, *arguments)


class SessionProcess:
    """A fresh process with one session in it, as seen from outside."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin, initargs=(job,))

    def do(self, method: Callable[Concatenate[Session, _P], _T], *arguments: _P.args, **_none: _P.kwargs) -> _T:
        """Call ``method`` of the session and return what it returns. Raises what it raises."""
        return self._pool.submit(_call, method, arguments).result()

    def __enter__(self) -> SessionProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.do(Session.close)
        self._pool.shutdown()
