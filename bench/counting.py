"""What counting costs: the same requests with it and without it, in turns, in one process.

    python -m bench.counting [ROUNDS]

Prints, for a page of results and a page of a document, the median time of a request, and the median time of its
counting measured by itself (the part that a request is slower for), in milliseconds and per cent.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from starlette.testclient import TestClient

from catalogue.query import Query
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.web.app import create_app

RESOURCES = Path(__file__).parent.parent / "resources"


def median(work: Callable[[], object], rounds: int) -> float:
    """Return the median time of ``work`` in milliseconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main(rounds: int) -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory() as folder:
        state = f"sqlite:///{folder}/state.db"
        catalogue = Catalogue.open(Settings(resources=RESOURCES, index=f"{folder}/index", state=state))
        client = TestClient(create_app(catalogue, watch=False))
        found = catalogue.search(Query(text="emploi"), "fr")
        record = found.records[0]
        ways: dict[str, tuple[str, Callable[[], object]]] = {
            "results": ("/fr/search?q=emploi", lambda: catalogue.count_search(found, "fr", found)),
            "document": (f"/fr/record/{record.id}", lambda: catalogue.count_record(record, "fr")),
        }
        for name, (path, counting) in ways.items():
            whole = median(lambda path=path: client.get(path), rounds)  # type: ignore[misc]
            part = median(counting, rounds * 10)
            print(f"{name}: request {whole:.2f} ms, counting {part:.4f} ms, {100 * part / whole:.2f} %")
        catalogue.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
