"""The layers of DESIGN, read from the code itself: imports go downward only, and each foreign library stays at home."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import PROJECT

# From the ground up: a module may import from its own layer and from those below it.
LAYERS = (
    ("errors", "folding", "values"),
    ("atomic", "counters", "i18n", "media", "settings"),
    ("archive", "instance", "linked", "manifest", "yamlfile"),
    ("parity", "shapes"),
    ("vocabulary", "fields"),
    ("resource", "centre", "network", "page", "editorial", "query", "references"),
    ("migrations", "store", "state", "contents", "search", "sameness", "exchange"),
    (
        "backup",
        "arriving",
        "book_facts",
        "bulk",
        "custody",
        "differences",
        "dump",
        "duplicates",
        "edits",
        "exported",
        "fetching",
        "file_facts",
        "finding",
        "guides",
        "inside",
        "inventory",
        "leaving",
        "merging",
        "oai",
        "occupations",
        "page_facts",
        "pasted",
        "renewal",
        "textdiff",
        "three_way",
        "todo",
        "wordlists",
        "writing",
    ),
    ("health", "indexing"),
    ("answers",),
    ("service",),
    ("runner", "sole_run"),
    ("harvest", "importing", "links", "mass", "report", "sru"),
    ("web", "terminal", "serving"),
    (
        "caption_commands",
        "cli",
        "harvest_commands",
        "import_commands",
        "instance_commands",
        "leaving_commands",
        "link_commands",
        "report_commands",
        "skos_commands",
        "state_commands",
        "user_commands",
        "__main__",
    ),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}

# Who alone may import a library, by its top-level name.
AT_HOME = {
    "whoosh": {"catalogue/search/embedded"},
    "opensearchpy": {"catalogue/search/opensearch"},
    "yaml": {"catalogue/yamlfile.py"},
    "ruamel": {"catalogue/yamlfile.py"},
    "starlette": {"catalogue/web"},
    "jinja2": {"catalogue/web"},
    "uvicorn": {"catalogue/serving.py"},
    "sqlite3": {"catalogue/state/copying.py"},
    "sqlalchemy": {"catalogue/state", "catalogue/migrations"},
    "alembic": {"catalogue/migrations"},
    "babel": {"catalogue/i18n.py"},
    "snowballstemmer": {"catalogue/search/analysis.py"},
    "numpy": {"catalogue/search"},
    "rapidfuzz": {
        "catalogue/exchange/guessing.py",
        "catalogue/sameness.py",
        "catalogue/search/spelling.py",
        "catalogue/settings.py",
    },
    "markdown_it": {"catalogue/web/documentation.py", "catalogue/web/markdown.py"},
    "segno": {"catalogue/web/qr.py"},
    "argon2": {"catalogue/state/accounts.py"},
    "filelock": {"catalogue/atomic.py"},
    "httpx2": {"catalogue/harvest/asking.py", "catalogue/links/asking.py"},
    "openpyxl": {"catalogue/exchange/workbook.py"},
    "pymarc": {"catalogue/exchange"},
    "rdflib": {"catalogue/exchange/skos.py"},
    "pypdfium2": {"catalogue/media/documents.py"},
    "defusedxml": {"catalogue/book_facts.py", "catalogue/harvest/answers.py"},
    "PIL": {"catalogue/inside/picturing.py", "catalogue/media/documents.py"},
    "webvtt": {"catalogue/media/cues.py"},
    "python_multipart": {"catalogue/web/desk/posted_file.py"},
}

# The same for the benchmark, whose engines are installed only there.
BENCH_AT_HOME = {
    "tantivy": {"bench/peers/tantivy.py"},
    "pyroaring": {"bench/peers/sqlite_bitmaps.py"},
    "sqlite3": {"bench/peers/sqlite.py", "bench/report.py"},
    "datasette": {"bench/peers/datasette.py"},
    "whoosh": {"bench/peers/whoosh.py"},
    "httpx2": {"bench/clients.py", "bench/peers/datasette.py"},
}

MODULES = sorted((PROJECT / "catalogue").rglob("*.py"))
BENCH = sorted((PROJECT / "bench").rglob("*.py"))


@cache
def imported(path: Path) -> frozenset[str]:
    return frozenset(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(dotted: str) -> str:
    """Return the part of the package that a dotted name belongs to: ``catalogue.web.app`` → ``web``."""
    pieces = dotted.split(".")
    return pieces[1] if len(pieces) > 1 else ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_imports_go_downward(path: Path) -> None:
    own = path.relative_to(PROJECT / "catalogue").with_suffix("").parts[0]
    if own == "__init__":
        return
    used = {part(name) for name in imported(path) if name.startswith("catalogue.")} & RANK.keys()
    upward = {name for name in used if RANK[name] > RANK[own]}
    assert not upward, f"{own} imports {upward} from above"


def users(library: str, modules: list[Path]) -> set[str]:
    return {p.relative_to(PROJECT).as_posix() for p in modules if library in {n.split(".")[0] for n in imported(p)}}


@pytest.mark.parametrize("library", sorted(BENCH_AT_HOME))
def test_the_benchmark_asks_each_engine_in_one_place(library: str) -> None:
    assert users(library, BENCH) == BENCH_AT_HOME[library]


def test_the_catalogue_knows_neither_benchmark_nor_tests() -> None:
    assert not users("bench", MODULES) | users("tests", MODULES) | users("tests", BENCH)
    assert not users("examples", MODULES) | users("examples", BENCH)


def test_the_benchmark_asks_our_own_engine_in_one_place() -> None:
    engine = "catalogue.search.embedded"
    asking = [path.name for path in BENCH if any(name.startswith(engine) for name in imported(path))]
    assert asking == ["catalogue.py"]


@pytest.mark.parametrize("library", sorted(AT_HOME))
def test_a_library_stays_at_home(library: str) -> None:
    found = users(library, MODULES)
    strays = {
        user for user in found if not any(user == home or user.startswith(f"{home}/") for home in AT_HOME[library])
    }
    assert found
    assert not strays


def test_the_web_asks_the_service_never_an_engine_or_a_file() -> None:
    forbidden = ("catalogue.search.embedded", "catalogue.store", "catalogue.yamlfile")
    for path in (PROJECT / "catalogue" / "web").rglob("*.py"):
        assert not [name for name in imported(path) if name.startswith(forbidden)], path


def test_there_is_no_junk_drawer() -> None:
    assert not [path for path in MODULES if path.stem in ("utils", "helpers", "misc", "common")]
