"""``RESULTS.md``: what was measured, beside the targets of the project."""

from __future__ import annotations

import datetime
import os
import platform
import sqlite3
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.clients import ClientFigures
from bench.measure import Measured, Timings
from bench.peers import PEERS
from bench.statistics import percentile

_PACKAGES = ("whoosh3", "numpy", "tantivy", "pyroaring", "datasette")
_WORST = 8  # hostile queries that are shown

Value = Callable[[Measured], float | None]


@dataclass(frozen=True)
class Target:
    """A figure that is to stay at or below ``limit`` at one size."""

    what: str
    size: int
    limit: float
    value: Value
    unit: str = "×"


def _ratio(share: float, other: str, own: str = "catalogue", cold: bool = False) -> Value:
    def value(measured: Measured) -> float | None:
        timings = measured.cold if cold else measured.warm
        if own not in timings or other not in timings:
            return None
        return _quotient(timings[own], timings[other], share)

    return value


def _quotient(own: Timings, other: Timings, share: float) -> float:
    """Return how many times as long ``own`` takes, on the queries that both were asked."""
    both = own.asked & other.asked
    return own.percentile(share, both) / other.percentile(share, both)


def _save_ratio(measured: Measured) -> float | None:
    saves = measured.saves
    if "catalogue" not in saves or "whoosh" not in saves:
        return None
    return statistics.median(saves["catalogue"]) / statistics.median(saves["whoosh"])


def _build_ratio(measured: Measured) -> float | None:
    if "catalogue" not in measured.build or "tantivy" not in measured.build:
        return None
    return total_build(measured, "catalogue") / total_build(measured, "tantivy")


def total_build(measured: Measured, key: str) -> float:
    """Return the seconds an engine needs from texts to index: those that do not analyse are given the shared time."""
    return measured.build[key] + (0.0 if key == "catalogue" else measured.analysis)


def _hostile_ratio(measured: Measured) -> float | None:
    if not measured.hostile:
        return None
    return max(map(statistics.median, measured.hostile.values())) / measured.warm["shipped"].percentile(0.95)


def _targets() -> Iterable[Target]:
    for size, to_tantivy, to_bitmaps in ((10_000, 1.0, 1.0), (100_000, 0.75, 0.4)):
        for name, share in (("p50", 0.5), ("p95", 0.95)):
            yield Target(f"same query, {name} ÷ tantivy", size, to_tantivy, _ratio(share, "tantivy"))
            yield Target(f"same query, {name} ÷ FTS5 + bitmaps", size, to_bitmaps, _ratio(share, "sqlite-bitmaps"))
            shipped = _ratio(share, "tantivy", own="shipped")
            yield Target(f"shipped ranking, {name} ÷ tantivy's same query", size, 1.5, shipped)
        yield Target("hostile queries, the worst ÷ p95 of the ordinary mix", size, 5.0, _hostile_ratio)
    cold = _ratio(0.95, "sqlite-bitmaps", cold=True)
    yield Target("first pass from cold, p95 ÷ FTS5 + bitmaps", 100_000, 1.0, cold)
    save = lambda m: statistics.median(m.saves["catalogue"]) if "catalogue" in m.saves else None  # noqa: E731
    yield Target("one record saved → visible", 10_000, 60, save, " ms")
    yield Target("one record saved → visible ÷ whoosh's own commit", 100_000, 1.2, _save_ratio)
    yield Target("full build ÷ tantivy with the same analysis", 100_000, 3.0, _build_ratio)
    yield Target("memory of one worker", 100_000, 400, lambda m: m.memory.get("catalogue"), " MB")


TARGETS = tuple(_targets())


def write(path: Path, sizes: Sequence[Measured], clients: ClientFigures | None, absent: Sequence[str]) -> None:
    """Write the report of one run. ``absent`` says which engines could not take part, and why."""
    parts = [_head(absent), _target_table(sizes)]
    parts += [_size(measured) for measured in sizes]
    if clients:
        parts.append(clients.describe())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(filter(None, parts)) + "\n", encoding="utf-8")


def _head(absent: Sequence[str]) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    lines = [
        "# What the search costs, beside other engines",
        f"{datetime.date.today().isoformat()} · {os.cpu_count()} cores, {memory:.0f} GB · {_processor()} ·"
        f" {platform.system()} · Python {platform.python_version()} · SQLite {sqlite3.sqlite_version} · {_versions()}",
        "Made by `make bench`; [README.md](README.md) says how to read it. Times in milliseconds: the percentile of"
        " each pass over the queries, and the median of the passes.",
    ]
    lines += [f"Not measured: {reason}" for reason in absent]
    return "\n\n".join(lines)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    text = info.read_text(encoding="utf-8") if info.exists() else ""
    return text.partition("model name")[2].partition("\n")[0].strip("\t :") or platform.machine()


def _versions() -> str:
    found = []
    for package in _PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def _target_table(sizes: Sequence[Measured]) -> str:
    rows = []
    for target in TARGETS:
        for measured in sizes:
            value = target.value(measured) if measured.size == target.size else None
            if value is not None:
                met = "met" if value <= target.limit else "**not met**"
                shown = f"{_number(value)}{target.unit}"
                rows.append((target.what, f"{target.size:,}", f"≤ {target.limit:g}{target.unit}", shown, met))
    return _table("## Targets", ("what", "records", "target", "measured", ""), rows)


def _size(measured: Measured) -> str:
    head = f"## {measured.size:,} records"
    if measured.expanded:
        head += f"\n\nThe thesaurus expands {measured.expanded} of the queries (shipped ranking)."
    parts = [head, _warm(measured), _cold(measured), _saves(measured), _build(measured), _memory(measured)]
    return "\n\n".join(filter(None, [*parts, _hostile(measured)]))


def _warm(measured: Measured) -> str:
    own = measured.warm.get("catalogue")
    rows = []
    for key, timings in measured.warm.items():
        compared = own is not None and key != "catalogue"
        ratios = [_number(_quotient(own, timings, s)) if own and compared else "" for s in (0.5, 0.95)]
        rows.append((PEERS[key].name, str(len(timings.asked)), *_percentiles(timings), *ratios))
    title = "### A result page, warm: total, counts of six facets, 20 highlights, every word required"
    return _table(title, ("engine", "queries", "p50", "p95", "catalogue ÷ it, p50", "p95"), rows)


def _cold(measured: Measured) -> str:
    rows = [
        (PEERS[key].name, _number(statistics.median(measured.opened[key])), *_percentiles(timings))
        for key, timings in measured.cold.items()
    ]
    return _table("### The first pass of a fresh process", ("engine", "opening", "p50", "p95"), rows)


def _saves(measured: Measured) -> str:
    rows = [
        (PEERS[key].name, _number(statistics.median(times)), _number(percentile(times, 0.95)))
        for key, times in measured.saves.items()
    ]
    return _table("### One record saved, until a search finds it", ("engine", "p50", "p95"), rows)


def _build(measured: Measured) -> str:
    rows = []
    for key, seconds in measured.build.items():
        total = total_build(measured, key)
        speed = f"{measured.size / total:,.0f}"
        rows.append((PEERS[key].name, f"{seconds:.1f}", f"{total:.1f}", speed, f"{measured.megabytes[key]:.0f}"))
    title = f"### The whole index (analysis of the texts in one process: {measured.analysis:.1f} s)"
    head = ("engine", "s, own work", "s with the analysis", "records per second", "MB on disk")
    return _table(title, head, rows)


def _memory(measured: Measured) -> str:
    rows = [(PEERS[key].name, f"{megabytes:.0f}") for key, megabytes in measured.memory.items()]
    return _table("### Memory of one process after the whole mix", ("engine", "MB"), rows)


def _hostile(measured: Measured) -> str:
    if not measured.hostile:
        return ""
    ordinary = measured.warm["shipped"].percentile(0.95)
    medians = {text: statistics.median(times) for text, times in measured.hostile.items()}
    worst = sorted(medians, key=lambda text: -medians[text])[:_WORST]
    rows = [(f"`{t[:60]}`", _number(medians[t]), _number(medians[t] / ordinary)) for t in worst]
    title = f"### Hostile queries: the worst of {len(medians)} (p95 of the ordinary mix: {_number(ordinary)})"
    return _table(title, ("query", "ms", "÷ p95"), rows)


def _percentiles(timings: Timings) -> tuple[str, str]:
    return _number(timings.percentile(0.5)), _number(timings.percentile(0.95))


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table below its title; nothing where there are no rows."""
    if not rows:
        return ""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join([title, "", *("| " + " | ".join(line) + " |" for line in lines)])
