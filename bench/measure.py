"""One size measured: every engine in a process of its own, one after the other, round after round in changing order."""

from __future__ import annotations

import json
import shutil
import statistics
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.analysed import AnalysedCorpus
from bench.corpus import Corpus
from bench.peers import PEERS, SHARED_INDEX, TOP, Answer
from bench.queries import Ask, hostile, mix
from bench.session import Job, Session, SessionProcess
from bench.statistics import percentile

ROWS = ("build", "same", "shipped", "cold", "cached", "hostile", "save", "memory")

SESSIONS = 3  # fresh processes of each engine, each with one cold pass
_WARM_PASSES = 2  # in each session
_SAVES = 12
_SAMPLED_FROM = 10_000  # from this size on, slow engines are asked a sample
_SAMPLE = 8  # every eighth query

Say = Callable[[str], None]


@dataclass
class Timings:
    """Milliseconds by the number of the query in the mix, pass after pass."""

    passes: list[Mapping[int, float]] = field(default_factory=list)

    def percentile(self, share: float, among: Collection[int] | None = None) -> float:
        """Return the percentile of each pass, and of those the median; only queries ``among`` those given."""
        return statistics.median(
            percentile([ms for number, ms in times.items() if among is None or number in among], share)
            for times in self.passes
        )

    @property
    def asked(self) -> frozenset[int]:
        """The numbers of the queries that were asked."""
        return frozenset(self.passes[0])


@dataclass
class Measured:
    """Everything measured at one size. Keys are those of ``PEERS``."""

    size: int
    analysis: float = 0.0  # seconds
    build: dict[str, float] = field(default_factory=dict)  # seconds, without the shared analysis
    megabytes: dict[str, float] = field(default_factory=dict)  # of the index on disk
    opened: dict[str, list[float]] = field(default_factory=dict)  # ms
    cold: dict[str, Timings] = field(default_factory=dict)
    warm: dict[str, Timings] = field(default_factory=dict)
    hostile: dict[str, list[float]] = field(default_factory=dict)  # ms by what was typed
    saves: dict[str, list[float]] = field(default_factory=dict)  # ms
    memory: dict[str, float] = field(default_factory=dict)  # MB
    expanded: int = 0  # queries of the mix that the thesaurus expands


class Disagreement(Exception):
    """Two engines gave different totals or counts to the same query: times would compare different things."""


class Measurement:
    """The steps for one size, to be called in the order in which they stand."""

    def __init__(
        self, size: int, keys: Sequence[str], rows: Collection[str], folder: Path, say: Say, sessions: int = SESSIONS
    ) -> None:
        self._keys, self._rows, self._folder, self._say, self._sessions = keys, rows, folder, say, sessions
        self._corpus = Corpus(folder, size)
        self._measured = Measured(size)
        self._expected: dict[int, Answer] = {}  # by number of the query: what all engines agree on
        say("corpus")
        self._corpus.write()
        self._asks = mix(self._corpus)

    def run(self) -> Measured:
        """Measure every row that was asked for. Raises Disagreement as soon as two engines answer differently."""
        self.build()
        self.agree()
        if {"same", "shipped", "cold", "cached", "hostile"} & {*self._rows}:
            for number in range(self._sessions):
                self.pass_over(number)
        if "save" in self._rows:
            self.save()
        if "memory" in self._rows:
            self.weigh()
        return self._measured

    def _job(self, key: str) -> Job:
        return Job(key, self._measured.size, self._folder)

    def _asked(self, key: str) -> dict[int, Ask]:
        """Return the queries an engine is asked, by number: a sample where all of them would take hours."""
        sampled = PEERS[key].slow and self._measured.size >= _SAMPLED_FROM
        return {number: ask for number, ask in enumerate(self._asks) if not sampled or number % _SAMPLE == 0}

    def build(self) -> None:
        """Analyse the texts and build every index."""
        analysed = AnalysedCorpus(self._folder, self._measured.size)
        if "build" in self._rows or not analysed.is_current:
            self._say("analysis")
            analysed.write()
        self._measured.analysis = analysed.seconds
        for key in self._keys:
            if key not in SHARED_INDEX:
                self._build_one(self._job(key), analysed.digest)

    def _build_one(self, job: Job, digest: str) -> None:
        # Our own index is always new, since its code is what changes; a slow peer's is kept while the terms stay.
        again = job.key == "catalogue" or ("build" in self._rows and not PEERS[job.key].slow)
        stamp = job.index.with_suffix(".json")
        built = json.loads(stamp.read_text(encoding="utf-8")) if stamp.exists() else {}
        if again or built.get("digest") != digest:
            self._say(f"build {job.key}")
            with SessionProcess(job) as session:
                built = {"seconds": session.do(Session.build), "digest": digest}
            stamp.write_text(json.dumps(built), encoding="utf-8")
        self._measured.build[job.key] = built["seconds"]
        sizes = (path.stat().st_size for path in job.index.rglob("*") if path.is_file())
        self._measured.megabytes[job.key] = sum(sizes) / 1e6

    def agree(self) -> None:
        """Ask every engine everything once. Raises Disagreement."""
        for key in self._keys:
            self._say(f"check {key}")
            asked = self._asked(key)
            with SessionProcess(self._job(key)) as session:
                session.do(Session.open)
                if key == "shipped":  # it answers another question
                    self._measured.expanded = session.do(Session.expanded, self._asks)
                else:
                    self._check(key, zip(asked, session.do(Session.answers, list(asked.values())), strict=True))

    def _check(self, key: str, answers: Iterable[tuple[int, Answer]]) -> None:
        """Compare answers with those of the other engines: also while time is taken, since an index can go wrong."""
        for number, answer in answers:
            ask = self._asks[number]
            if len(answer.ids) != min(TOP, answer.total):
                raise Disagreement(f"{key}: {len(answer.ids)} hits of {answer.total} records")
            if key == "shipped":
                compare_shipped(ask, answer, self._expected[number])
            else:
                compare(key, ask, answer, self._expected.setdefault(number, answer))

    def pass_over(self, number: int) -> None:
        """Open every engine in a fresh process and let it answer all queries, the first time and then again."""
        turned = [*self._keys[number % len(self._keys) :], *self._keys[: number % len(self._keys)]]
        keys = [key for key in turned if number == 0 or not PEERS[key].slow]
        with ExitStack() as stack:
            sessions = {key: stack.enter_context(SessionProcess(self._job(key))) for key in keys}
            for key, session in sessions.items():
                self._say(f"round {number + 1}: cold {key}")
                self._measured.opened.setdefault(key, []).append(session.do(Session.open))
                self._time(session, self._measured.cold)
            for warm in range(_WARM_PASSES):
                for key, session in sessions.items():
                    if warm == 0 or not PEERS[key].slow:
                        self._say(f"round {number + 1}: warm {key}")
                        self._time(session, self._measured.warm)
            if "hostile" in self._rows and "shipped" in sessions:
                self._provoke(sessions["shipped"])

    def _time(self, session: SessionProcess, into: dict[str, Timings]) -> None:
        asked = self._asked(session.job.key)
        timed = dict(zip(asked, session.do(Session.times, list(asked.values())), strict=True))
        self._check(session.job.key, ((number, answer) for number, (_, answer) in timed.items()))
        into.setdefault(session.job.key, Timings()).passes.append({number: ms for number, (ms, _) in timed.items()})

    def _provoke(self, session: SessionProcess) -> None:
        self._say("hostile queries")
        asks = hostile(self._corpus)
        for ask, (ms, _) in zip(asks, session.do(Session.times, asks), strict=True):
            self._measured.hostile.setdefault(ask.query.to_query_string(), []).append(ms)

    def save(self) -> None:
        """Add new records to copies of the indexes, one engine after the other."""
        sessions: dict[str, SessionProcess] = {}
        with ExitStack() as stack:
            for key in (key for key in self._keys if key not in SHARED_INDEX):
                self._say(f"save {key}")
                sessions[key] = stack.enter_context(SessionProcess(self._job(key)))
                sessions[key].do(Session.open_copy)
            for number in range(_SAVES):
                for key, session in sessions.items():
                    self._measured.saves.setdefault(key, []).extend(session.do(Session.saves, [number]))
        shutil.rmtree(self._folder / "copies")

    def weigh(self) -> None:
        """Take the memory of one process of each engine."""
        for key in (key for key in self._keys if not PEERS[key].slow and key not in SHARED_INDEX):
            self._say(f"memory {key}")
            with SessionProcess(self._job(key)) as session:
                session.do(Session.open)
                self._check(key, enumerate(session.do(Session.answers, self._asks)))
                self._measured.memory[key] = session.do(Session.memory)


def compare(key: str, ask: Ask, answer: Answer, expected: Answer) -> None:
    facets, wanted = dict(answer.facets), dict(expected.facets)
    if (answer.total, facets) != (expected.total, wanted):
        differing = [name for name in facets if facets[name] != wanted[name]]
        raise Disagreement(
            f"{key}: {ask.query.to_query_string() or 'no words'} gives {answer.total} and not {expected.total}"
            f" records; other counts of {differing}. (Where the analysis changed: remove var/bench.)"
        )


def compare_shipped(ask: Ask, answer: Answer, required: Answer) -> None:
    """Raise Disagreement where the shipped ranking finds less than has every word: words are alternatives there."""
    if answer.total < required.total:
        raise Disagreement(
            f"shipped: {ask.query.to_query_string() or 'no words'} gives {answer.total} records, and {required.total}"
            " have every word"
        )
