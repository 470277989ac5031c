"""What the tests share: a small centre of files, catalogues over it, real data where it is there."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from catalogue.fields import FACETS, INDEX_FIELDS
from catalogue.query import Query
from catalogue.resource import Resource
from catalogue.search import parser
from catalogue.search.document import IndexDocument
from catalogue.search.engine import Plan
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.web.app import create_app
from tests import databases
from tests.opensearch import cluster
from tests.waiting import PATIENCE

PROJECT = Path(__file__).parent.parent
NOW = datetime.datetime(2026, 11, 22, 12, 0)

_VOCABULARIES = {
    "themes": "orient learn work start move",
    "kinds": "factsheet guide website organisation event video",
    "audiences": "pupils jobseekers workers",
    "levels": "none bachelor master",
    "languages": "fr nl en ar",
    "places": "brussels flanders",
    "sectors": "health construction",
    "publishers": "actiris vdab siep",
    "series": "sheets",
    "shelves": "K1 W2",
}


def term(id: str) -> str:
    """Return one vocabulary entry with a label in each language."""
    return f"- {{id: {id}, labels: {{fr: {id} fr, nl: {id} nl, en: {id} en}}}}\n"


def write(path: Path, text: str) -> Path:
    """Write a file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[databases.Server]:
    """A PostgreSQL server of the tests' own, begun when the first test wants it."""
    with databases.server() as running:
        yield running


@pytest.fixture(params=databases.KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[databases.Database]:
    """A state database, empty: what is written of it holds for both kinds."""
    if request.param == "sqlite":
        yield databases.Database(f"sqlite:///{tmp_path / 'var' / 'catalogue.db'}")
        return
    server = request.getfixturevalue("postgresql")
    made = server.migrated()
    yield made
    server.drop(made)


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    """A centre's folder: vocabularies with short ids, a thesaurus of two concepts, no record yet."""
    return make_centre(tmp_path / "resources")


def make_centre(root: Path) -> Path:
    """Write the folder of ``centre``."""
    for name, ids in _VOCABULARIES.items():
        write(root / "vocabularies" / f"{name}.yaml", "".join(map(term, ids.split())))
    write(
        root / "vocabularies" / "thesaurus" / "all.yaml",
        "- {id: nurse, kind: occupation, labels: {fr: [infirmier, infirmière], nl: [verpleegkundige], en: [nurse]}}\n"
        "- {id: grants, kind: subject, labels: {fr: [bourse d'études], nl: [studietoelage], en: [study grant]}}\n",
    )
    write(root / "centre.yaml", "name: {fr: Le Centre, nl: Het Centrum, en: The Centre}\n")
    for page in ("help", "accessibility", "privacy"):
        write(root / "pages" / f"{page}.yaml", "title: {fr: Titre, nl: Titel}\nbody: {fr: Texte, nl: Tekst}\n")
    (root / "records").mkdir()
    return root


AddRecord = Callable[..., Path]


@pytest.fixture
def add(centre: Path) -> AddRecord:
    """``add("id", "title: {fr: …}", …)`` writes a record file; what a line does not say has a plain default."""
    return record_writer(centre)


def record_writer(centre: Path) -> AddRecord:
    """Return ``add`` for a centre's folder."""

    def added(id: str, *lines: str, folder: str = "") -> Path:
        given = {line.split(":")[0] for line in lines}
        defaults = {
            "kind": "website",
            "themes": "[work]",
            "title": f"{{fr: {id}, nl: {id}}}",
            "holdings": '[{url: "https://example.org"}]',
            "status": "published",
        }
        text = "".join(f"{key}: {value}\n" for key, value in defaults.items() if key not in given)
        return write(centre / "records" / folder / f"{id}.yaml", text + "".join(f"{line}\n" for line in lines))

    return added


@pytest.fixture
def settings(centre: Path, tmp_path: Path) -> Settings:
    """Settings with everything below the test's own folder."""
    state = f"sqlite:///{tmp_path / 'var' / 'catalogue.db'}"
    return Settings(resources=centre, index=str(tmp_path / "index"), state=state, cache=tmp_path / "cache")


@pytest.fixture
def catalogue(settings: Settings) -> Iterator[Catalogue]:
    """A catalogue over the centre's folder as the test left it before asking for this."""
    opened = Catalogue.open(settings)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """A catalogue over the example centre, for tests that only read."""
    folder = tmp_path_factory.mktemp("example")
    state = f"sqlite:///{folder}/catalogue.db"
    opened = Catalogue.open(Settings(resources=PROJECT / "resources", index=str(folder / "index"), state=state))
    yield opened
    opened.close()


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """A client of the site over the centre's folder as it is when first asked."""
    app = create_app(Catalogue.open(settings), watch=False)
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def real_data_folder() -> Path:
    """Return where the folder of real data is, or would be."""
    folder = Settings.from_env().test_data
    return folder if folder.is_absolute() else PROJECT / folder


@pytest.fixture(scope="session")
def opensearch_port() -> int:
    """The port of the first node of the cluster of the tests, which may still be starting; skipped without one."""
    place = Settings.from_env().test_opensearch
    if not place:
        pytest.skip("no cluster of OpenSearch (CATALOGUE_TEST_OPENSEARCH, see tests/opensearch)")
    port = int(place.rpartition(":")[2])
    cluster.wait(port)
    return port


@pytest.fixture
def opensearch(opensearch_port: int, request: pytest.FixtureRequest) -> Iterator[str]:
    """What CATALOGUE_INDEX says of an index of its own on the cluster of the tests.

    A test with ``nodes`` kills some: it has the cluster alone, and leaves it healed.
    """
    name = f"test-{uuid.uuid4().hex}"
    alone = "nodes" in request.fixturenames
    with cluster.used(opensearch_port, alone=alone), pytest.MonkeyPatch.context() as patient:
        if not request.node.get_closest_marker("soak"):  # the other tests keep the nodes busy
            patient.setattr("catalogue.search.opensearch.cluster.READING", PATIENCE)
        yield cluster.address(opensearch_port, name)
        cluster.remove(opensearch_port, name)


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real data; tests that need it are skipped where it is absent."""
    folder = real_data_folder()
    if not folder.is_dir():
        pytest.skip(f"the real data is not at {folder} (CATALOGUE_TEST_DATA)")
    return folder


def document(id: str, **texts: str) -> IndexDocument:
    """Return an index document: ``title_fr="…"`` and the like; facets as in ``theme="work learn"``."""
    fields: dict[str, list[tuple[str, str]]] = {}
    facets: dict[str, tuple[str, ...]] = {}
    for key, value in texts.items():
        name, _, lang = key.partition("_")
        if lang:
            fields.setdefault(name, []).append((lang, value))
        elif name != "newest":
            facets[name] = tuple(value.split())
    title = texts.get("title_fr") or texts.get("title_nl") or id
    return IndexDocument(
        id=id,
        texts={name: tuple(fields.get(name, ())) for name in INDEX_FIELDS},
        facets={param: facets.get(param, ()) for param in FACETS},
        newest=texts.get("newest", "2026-01-01"),
        titles=dict.fromkeys(("fr", "nl", "en"), title.lower()),
    )


def plan(text: str, lang: str = "fr", **query: object) -> Plan:
    """Return a plan without expansions."""
    asked = Query(text=text, **query)  # type: ignore[arg-type]
    parsed = parser.parse(text)
    return Plan(asked, parsed.parts, parsed.excluded, (), lang, NOW)


def ids_of(records: tuple[Resource, ...]) -> list[str]:
    """Return the ids of records."""
    return [record.id for record in records]
