"""What a person expects to find: ``make expectations`` tells how many of ``expectations.yaml`` hold, with the misses.

Each entry is a query as visitors type it, the language of their interface, and the ids that should be among the first
three. The list is written from the content and common sense, never from what the search happens to answer.

What counts is what a visitor sees at once: where the page shows the results of a correction, those.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from catalogue import yamlfile
from catalogue.query import Query
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.web.visitor.search import meant as shown

PROJECT = Path(__file__).parent.parent
FILE = Path(__file__).parent / "expectations.yaml"
FIRST = 3


@dataclass(frozen=True)
class Expectation:
    """A query and the ids of which one at least should be among the first three."""

    query: str
    lang: str
    expected: tuple[str, ...]


def load() -> list[Expectation]:
    """Read the list. Raises ValueError where an entry has not the form ``{q: …, lang: …, expect: [ids]}``."""
    document = yamlfile.read(FILE)
    if document.problems or not isinstance(document.value, list):
        raise ValueError([problem.render() for problem in document.problems] or "not a list")
    entries = []
    for item in document.value:
        if not isinstance(item, dict) or not isinstance(item["expect"], list):
            raise ValueError(item)
        entries.append(Expectation(str(item["q"]), str(item["lang"]), tuple(map(str, item["expect"]))))
    return entries


def misses(catalogue: Catalogue) -> list[tuple[Expectation, list[str]]]:
    """Return the expectations that do not hold, with the first three ids found instead."""
    missed = []
    for entry in load():
        typed = catalogue.search(Query(text=entry.query, per_page=FIRST), entry.lang)
        found = [record.id for record in shown(typed).records]
        if not set(found) & set(entry.expected):
            missed.append((entry, found))
    return missed


def main() -> int:
    """Print the figure and the misses."""
    with tempfile.TemporaryDirectory() as folder:
        state = f"sqlite:///{folder}/catalogue.db"
        settings = Settings(resources=PROJECT / "resources", index=f"{folder}/index", state=state)
        catalogue = Catalogue.open(settings)
        catalogue.file_texts.look()  # what stands inside files counts too
        missed, total = misses(catalogue), len(load())
        catalogue.close()
    for entry, found in missed:
        wanted, seen = ", ".join(entry.expected), ", ".join(found) or "nothing"
        print(f"{entry.lang}  {entry.query!r}: expected {wanted}; found {seen}")
    print(f"{total - len(missed)} of {total} hold ({(total - len(missed)) / total:.1%})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
