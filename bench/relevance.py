"""How well the shipped search answers judged queries: ``make relevance``.

Every figure comes from the real application over a real resources folder, through ``/api/search``. The figure of a
row is the mean reciprocal rank of the first right answer among the first hundred hits, that of the typos the share
that was found (``judged`` says what is right). Options: one row, the ranks as JSON to compare another run with, the
worst answers.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from bench.esco_records import PROJECT, Instance, served
from bench.judged import DEPTH, Judged, everyday_jobs, mistyped, titles, titles_across
from catalogue.folding import fold
from catalogue.settings import Settings


@dataclass(frozen=True)
class Outcome:
    """The rank of the first right answer to a query, from 1 (0: none), and the time of the answer in milliseconds."""

    query: Judged
    rank: int
    milliseconds: float


# --- figures -----------------------------------------------------------------------------------------------------


def reciprocal(rank: int) -> float:
    """Return 1/``rank``; 0 for the rank 0 of what was not found."""
    return 1 / rank if rank else 0.0


def mrr(ranks: Sequence[int]) -> float:
    """Return the mean reciprocal rank (Voorhees, TREC-8, 1999) of ranks from 1, 0 where nothing was found."""
    return sum(map(reciprocal, ranks)) / len(ranks)


def success(ranks: Sequence[int], depth: int = DEPTH) -> float:
    """Return the share of ranks from 1 to ``depth``."""
    return sum(0 < rank <= depth for rank in ranks) / len(ranks)


@dataclass(frozen=True)
class Row:
    """One line of the table: what is asked, the figure made of the ranks, and what it should reach (0: no target)."""

    label: str
    queries: Callable[[Path], list[Judged]]
    target: float
    figure: Callable[[Sequence[int]], float] = mrr


ROWS = {
    "same-fr": Row("titles, French", lambda data: titles(data, "fr"), 0.72),
    "same-nl": Row("titles, Dutch", lambda data: titles(data, "nl"), 0.75),
    "fr-to-nl": Row("titles, French → Dutch records", lambda data: titles_across(data, "fr"), 0.68),
    "nl-to-fr": Row("titles, Dutch → French records", lambda data: titles_across(data, "nl"), 0.71),
    "everyday": Row("everyday jobs, across languages", everyday_jobs, 0.90),
    "typos": Row("typos found", mistyped, 0.98, success),
    "typos-strict": Row("typos found, the very word", lambda data: mistyped(data, strict=True), 0.0, success),
}
"""The judged rows of SEARCH.md's targets, by name."""


# --- asking ------------------------------------------------------------------------------------------------------


def ask(client: TestClient, query: Judged) -> Outcome:
    """Ask one query of the site."""
    params: dict[str, str | int] = {"q": query.text, "lang": query.lang, "per_page": query.depth}
    begun = time.perf_counter()
    answer = client.get("/api/search", params=params)
    milliseconds = 1000 * (time.perf_counter() - begun)
    answer.raise_for_status()
    return Outcome(query, rank(query, answer.json()), milliseconds)


def rank(query: Judged, answer: Mapping[str, Any]) -> int:
    """Return the rank of the first right answer, from 1; a right correction is an answer at rank 1. 0: none."""
    if fold(answer["query"]["corrected"] or "") in query.corrections:
        return 1
    ranks = (place for place, hit in enumerate(answer["hits"], 1) if hit["id"] in query.relevant)
    return next(ranks, 0)


def measure(names: Sequence[str], data: Path, fresh: bool, cluster: str = "") -> Iterator[tuple[str, list[Outcome]]]:
    """Yield the outcomes of each row; every centre is opened once."""
    clients: dict[Instance, TestClient] = {}
    with ExitStack() as opened:
        for name in names:
            queries = ROWS[name].queries(data)
            for instance in dict.fromkeys(query.instance for query in queries):
                if instance not in clients:
                    clients[instance] = opened.enter_context(served(instance, data, fresh, cluster))
            yield name, [ask(clients[query.instance], query) for query in queries]


# --- telling -----------------------------------------------------------------------------------------------------


def line(name: str, outcomes: Sequence[Outcome]) -> str:
    """Return the line of a row: its figure beside the target, successes, median time of an answer."""
    row, ranks = ROWS[name], [outcome.rank for outcome in outcomes]
    figure = row.figure(ranks)
    verdict = "" if not row.target else "met" if figure >= row.target else "not met"
    target = f"≥ {row.target:.2f}" if row.target else ""
    median = statistics.median(outcome.milliseconds for outcome in outcomes)
    unit = "MRR" if row.figure is mrr else "share"
    cells = (f"{name:13}{row.label:33}{len(ranks):4} {unit:6}{figure:.3f}  {target:7}", f"{verdict:8}")
    return f"{''.join(cells)}{success(ranks, 10):7.3f}{median:9.1f} ms"


HEAD = f"{'row':13}{'what':33}{'n':>4} {'':6}{'':5}  {'target':7}{'':8}{'in 10':>7}{'median':>9}"


def worst(outcomes: Sequence[Outcome], count: int) -> Iterator[str]:
    """Yield the queries answered worst, each with what it looks for (the beginning of a long list)."""
    for outcome in sorted(outcomes, key=lambda outcome: reciprocal(outcome.rank))[:count]:
        about = textwrap.shorten(outcome.query.about, 300, placeholder=" …")
        yield f"  {outcome.rank or '–':>3}  {outcome.query.text}  ⇒  {about}"


def changes(old: Mapping[str, int], outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield the queries whose rank is another than in an ``old`` run, those that lost most first."""
    now = {outcome.query.key: outcome.rank for outcome in outcomes}
    moved = [key for key in now if key in old and now[key] != old[key]]
    for key in sorted(moved, key=lambda key: reciprocal(now[key]) - reciprocal(old[key])):
        sign = "better" if reciprocal(now[key]) > reciprocal(old[key]) else "worse"
        yield f"  {sign:7}{old[key] or '–':>3} → {now[key] or '–':<3}  {key}"


def main() -> int:
    """Print the table."""
    options = _options()
    data = PROJECT / Settings.from_env().test_data
    old = json.loads(options.compare.read_text(encoding="utf-8")) if options.compare else {}
    ranks: dict[str, dict[str, int]] = {}
    print(HEAD)
    for name, outcomes in measure(options.row or list(ROWS), data, options.fresh, options.cluster):
        print(line(name, outcomes), flush=True)
        for told in (*worst(outcomes, options.worst), *changes(old.get(name, {}), outcomes)):
            print(told)
        ranks[name] = {outcome.query.key: outcome.rank for outcome in outcomes}
    if options.json:
        options.json.write_text(json.dumps(ranks, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.relevance", description=__doc__)
    parser.add_argument("--row", action="append", choices=ROWS, help="only this row (may be given again)")
    parser.add_argument("--fresh", action="store_true", help="build the indexes anew instead of using those kept")
    parser.add_argument("--cluster", default="", metavar="ADDRESS", help="ask OpenSearch: opensearch+https://HOST/NAME")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rank of every query")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="list the queries whose rank changed since FILE")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list the N queries answered worst of a row")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
