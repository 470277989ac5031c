"""``python -m bench``: measure the search beside other engines and write the report (``make bench`` runs all of it)."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bench import clients, report
from bench.corpus import Corpus
from bench.measure import ROWS, Measured, Measurement, Say
from bench.peers import PEERS, SHARED_INDEX, missing

_FOLDER = Path("var/bench")
_SIZES = (2_000, 10_000, 100_000)
_ALL_ROWS = (*ROWS, "clients")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what was asked for; print progress, and where the report is."""
    asked = _parser().parse_args(arguments)
    started = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - started:6.0f} s  {what}", flush=True)

    if asked.what == "clients":
        print(clients.run(Corpus(_FOLDER, clients.RECORDS), asked.clients, asked.seconds).describe())
        return
    absent = {key: reason for key in asked.engines if (reason := missing(key))}
    for key, reason in absent.items():
        say(f"without {key}: {reason}")
    wanted = [key for key in PEERS if key == "catalogue" or key in asked.engines]
    keys = [key for key in wanted if key not in absent and _is_needed(key, asked.rows)]
    reasons = [f"{PEERS[key].name} ({reason})" for key, reason in absent.items()]
    measured: list[Measured] = []
    for size in asked.sizes:
        measured.append(Measurement(size, keys, asked.rows, _FOLDER, partial(_say_of, say, size)).run())
        report.write(asked.out, measured, None, reasons)  # a run that is broken off leaves what it has
    if "clients" in asked.rows:
        say("visitors")
        visited = clients.run(Corpus(_FOLDER, clients.RECORDS), asked.clients, asked.seconds)
        report.write(asked.out, measured, visited, reasons)
    say(f"written: {asked.out}")


def _say_of(say: Say, size: int, what: str) -> None:
    say(f"{size:,} records: {what}")


def _is_needed(key: str, rows: Sequence[str]) -> bool:
    """Tell whether an engine has a part in the rows: our own further ways of answering have rows of their own."""
    return key not in SHARED_INDEX or key in rows or (key == "shipped" and "hostile" in rows)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("all", "clients"), default="all")
    parser.add_argument("--sizes", type=lambda text: [int(part) for part in text.split(",")], default=_SIZES)
    parser.add_argument("--rows", type=_some(_ALL_ROWS), default=_ALL_ROWS, help=", ".join(_ALL_ROWS))
    parser.add_argument("--engines", type=_some(tuple(PEERS)), default=tuple(PEERS), help=", ".join(PEERS))
    parser.add_argument("--out", type=Path, default=_FOLDER / "RESULTS.md", help="the report (%(default)s)")
    parser.add_argument("--clients", type=int, default=clients.CLIENTS, help="visitors at once (%(default)s)")
    parser.add_argument("--seconds", type=float, default=clients.SECONDS, help="how long they stay (%(default)s)")
    return parser


class _some:  # noqa: N801 - a type of argument
    """Reads ``a,b``: names among those known, in the order in which those are declared."""

    def __init__(self, known: Sequence[str]) -> None:
        self._known = known

    def __call__(self, text: str) -> list[str]:
        given = text.split(",")
        unknown = [name for name in given if name not in self._known]
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not among {', '.join(self._known)}")
        return [name for name in self._known if name in given]


if __name__ == "__main__":
    main()
