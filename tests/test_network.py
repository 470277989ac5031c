"""A network of centres to visitors and programs: what a centre's site offers, how it is widened, how it is counted."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from catalogue import network
from catalogue.errors import IndexUnavailable, SettingsError
from catalogue.query import Query
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.vocabulary import Vocabularies
from catalogue.web.app import create_app
from tests.centres import ALL, OFFERED_IN_BRUSSELS, fill, make_network
from tests.conftest import AddRecord, write


@pytest.fixture
def of_three(centre: Path, add: AddRecord) -> None:
    make_network(centre)
    fill(add)


def site(settings: Settings, centre: str = "") -> TestClient:
    return TestClient(create_app(Catalogue.open(replace(settings, centre=centre)), watch=False))


def api(client: TestClient, asked: str = "") -> dict[str, object]:
    answer = client.get(f"/api/search?per_page=100&{asked}")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def hits(client: TestClient, asked: str = "") -> set[str]:
    return {hit["id"] for hit in api(client, asked)["hits"]}  # type: ignore[attr-defined]


def counts(client: TestClient, asked: str = "") -> dict[str, int]:
    facets = api(client, asked)["facets"]
    return {value["value"]: value["count"] for value in facets["centre"]}  # type: ignore[index]


@pytest.fixture(params=["whoosh", "opensearch"])
def any_engine(request: pytest.FixtureRequest, settings: Settings, of_three: None) -> Settings:
    """Settings of the network, on each engine."""
    return settings if request.param == "whoosh" else replace(settings, index=request.getfixturevalue("opensearch"))


def test_a_centres_site_finds_what_it_offers_and_the_rest_where_asked(any_engine: Settings) -> None:
    with site(any_engine, "bruxelles") as client:
        assert hits(client) == hits(client, "q=emploi") == OFFERED_IN_BRUSSELS
        assert hits(client, "q=emploi&centre=all") == ALL
        assert hits(client, "q=emploi&centre=liege") == {"everybody", "lent", "kept"}
        assert hits(client, "centre=liege&centre=gent") == {"everybody", "lent", "kept", "ghent"}
        assert hits(client, "centre=shared") == {"everybody", "ours-too", "lent"}
        assert hits(client, "centre=paris") == set()
        assert client.get("/fr/record/kept").status_code == 200, "a default is no wall"


@pytest.mark.usefixtures("of_three")
def test_the_site_of_all_finds_everything(settings: Settings) -> None:
    with site(settings) as client:
        assert hits(client) == hits(client, "centre=all") == ALL
        assert "all" not in counts(client)
        assert "offer" not in client.get("/fr/search?q=emploi").text


@pytest.mark.parametrize("home", ["", "bruxelles"])
@pytest.mark.parametrize("asked", ["", "q=emploi", "q=emploi&centre=liege", "theme=work&centre=gent&centre=shared"])
def test_a_count_is_the_total_were_the_value_the_only_one_chosen(any_engine: Settings, home: str, asked: str) -> None:
    with site(any_engine, home) as client:
        others = "&".join(part for part in asked.split("&") if not part.startswith("centre="))
        found = counts(client, asked)
        assert {"bruxelles", "liege", "gent", "shared"} <= {*found}
        for value, count in found.items():
            assert count == api(client, f"{others}&centre={value}")["total"], value
        for value, count in ((v["value"], v["count"]) for v in api(client, asked)["facets"]["kind"]):  # type: ignore[index]
            assert count == api(client, f"{asked}&kind={value}")["total"], value


@pytest.mark.usefixtures("of_three")
def test_without_the_index_one_browses_the_same(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = Catalogue.open(replace(settings, centre="bruxelles"))
    searched = catalogue.search(Query(per_page=100), "fr")

    def broken(*_: object) -> None:
        raise IndexUnavailable

    monkeypatch.setattr(catalogue._finder, "search", broken)
    browsed = catalogue.browse(Query(per_page=100), "fr")
    assert [r.id for r in browsed.records] == [r.id for r in searched.records]
    assert browsed.results.facets["centre"] == searched.results.facets["centre"]
    catalogue.close()


@pytest.mark.usefixtures("of_three")
@pytest.mark.parametrize(
    ("lang", "line", "way"),
    [
        ("fr", "Ce que propose Bruxelles, et ce que d'autres centres partagent.", "Voir tous les centres"),
        ("nl", "Wat Brussel aanbiedt, en wat andere centra delen.", "Alle centra bekijken"),
    ],
)
def test_the_filter_is_said_in_words_and_one_link_takes_it_away(
    settings: Settings, lang: str, line: str, way: str
) -> None:
    with site(settings, "bruxelles") as client:
        for path in ("", "search?q=emploi", "theme/work", "new"):
            page = client.get(f"/{lang}/{path}").text
            assert line in page, path
            assert re.search(rf'<a href="([^"]+)"[^>]*>{way}</a>', page), path
        page = client.get(f"/{lang}/search?q=emploi").text
        (href,) = re.findall(rf'<a href="([^"]+)"[^>]*>{way}</a>', page)
        wide = client.get(href.replace("&amp;", "&")).text
        assert line not in wide
        assert all(f"/{lang}/record/{id}" in wide for id in ALL)
        assert f'class="chip" href="/{lang}/search?q=emploi"' in wide, "what was chosen is let go of as any filter"


@pytest.mark.usefixtures("of_three")
def test_what_leads_on_follows_the_centre(settings: Settings) -> None:
    with site(settings, "bruxelles") as client:
        new, feed = client.get("/fr/new").text, client.get("/fr/feed.xml").text
        for id in ALL:
            assert (f"/record/{id}" in new) == (f"/record/{id}" in feed) == (id in OFFERED_IN_BRUSSELS), id
        suggested = client.get("/api/suggest?q=emploi").json()["suggestions"]
        assert {s["url"].rpartition("/")[2] for s in suggested if s["kind"] == "title"} <= OFFERED_IN_BRUSSELS
        nothing = client.get("/fr/search?q=gand").text
        assert "/fr/search?q=gand&amp;centre=all" in nothing, "nothing here: all the centres are offered"


@pytest.mark.usefixtures("of_three")
def test_a_shelf_of_another_centre_is_none_of_this_room(settings: Settings) -> None:
    with site(settings, "bruxelles") as client:
        card = client.get("/fr/search?q=emploi&centre=liege").text
        assert re.search(r"K1\.07</span><span class=\"use\">Centre\s: Liège", card)
        record = client.get("/fr/record/kept").text
        assert re.search(r"Centre\s: Liège", record)
        assert "K1 fr" not in record
    with site(settings, "liege") as client:
        assert "K1 fr" in client.get("/fr/record/kept").text


@pytest.mark.usefixtures("of_three")
def test_programs_are_told(settings: Settings) -> None:
    with site(settings, "bruxelles") as client:
        document = client.get("/api/openapi.json").json()
        names = [p["name"] for p in document["paths"]["/api/search"]["get"]["parameters"]]
        assert "centre" in names
        assert {"centre", "shared"} <= document["components"]["schemas"]["Record"]["properties"].keys()
        assert "<code>centre</code>" in client.get("/fr/api").text
        lent = client.get("/api/records/lent").json()
        assert (lent["centre"], lent["shared"]) == ("liege", True)


def sets_of(client: TestClient, asked: str) -> list[str]:
    tree = ElementTree.fromstring(client.get(f"/oai?{asked}").text)
    return [element.text or "" for element in tree.iter("{http://www.openarchives.org/OAI/2.0/}setSpec")]


def test_harvesters_get_a_set_for_each_centre(settings: Settings, centre: Path, add: AddRecord) -> None:
    fill(add)
    catalogue = Catalogue.open(settings)
    with TestClient(create_app(catalogue, watch=False)) as client:
        assert not any(spec.startswith("centre") for spec in sets_of(client, "verb=ListSets"))
        assert not any("centre" in spec for spec in sets_of(client, "verb=ListIdentifiers&metadataPrefix=oai_dc"))
        make_network(centre)
        catalogue.refresh()
        named = [spec for spec in sets_of(client, "verb=ListSets") if spec.startswith("centre")]
        assert named == ["centre", "centre:bruxelles", "centre:liege", "centre:gent"]
        answer = client.get("/oai?verb=ListIdentifiers&metadataPrefix=oai_dc&set=centre:liege").text
        assert {id for id in ALL if f":{id}<" in answer} == {"everybody", "lent", "kept"}


# --- one centre ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("listed", [0, 1])
def test_one_centre_shows_nothing_of_it(settings: Settings, centre: Path, add: AddRecord, listed: int) -> None:
    fill(add)
    add("old", "centre: Cité des métiers, Bruxelles")
    if listed:
        write(centre / "vocabularies" / "centres.yaml", "- {id: bruxelles, labels: {fr: Bruxelles, nl: Brussel}}\n")
    catalogue = Catalogue.open(replace(settings, centre="bruxelles" if listed else ""))
    with TestClient(create_app(catalogue, watch=False)) as client:
        assert not catalogue.contents.faults()
        assert hits(client) == {*ALL, "old"}
        assert "centre" not in api(client)["facets"]  # type: ignore[operator]
        assert client.get("/api/search?centre=liege").status_code == 400
        ignored = client.get("/fr/search?centre=liege").text
        assert 'class="notice"' in ignored and "facet-centre" not in ignored and 'class="offer"' not in ignored
        record = client.get("/api/records/old").json()
        assert "centre" not in record and "shared" not in record
        assert "Cité des métiers, Bruxelles" not in client.get("/fr/record/old").text
        document = client.get("/api/openapi.json").text
        assert '"name":"centre"' not in document.replace(" ", "")
        assert "Other centres" not in document
        assert not any("centre" in spec for spec in sets_of(client, "verb=ListSets"))


# --- the setting -----------------------------------------------------------------------------------------------------


def test_an_unknown_centre_is_an_error_at_the_start(settings: Settings, centre: Path) -> None:
    with pytest.raises(SettingsError, match="no list of centres"):
        Catalogue.open(replace(settings, centre="liege"))
    make_network(centre)
    with pytest.raises(SettingsError, match="Did you mean liege"):
        Catalogue.open(replace(settings, centre="leige"))


def test_a_name_of_the_filter_is_no_centre(tmp_path: Path) -> None:
    lines = "".join(f"- {{id: {id}, labels: {{fr: X, nl: X}}}}\n" for id in ("all", "shared", "gent"))
    write(tmp_path / "centres.yaml", lines)
    vocabularies = Vocabularies.load(tmp_path)
    assert [*vocabularies.terms["centres"]] == ["gent"]
    assert {problem.params["id"] for problem in vocabularies.problems} == {"all", "shared"}


def test_what_has_no_centre_belongs_to_all(catalogue: Catalogue) -> None:
    assert network.with_default((), "") == ()
    assert network.with_default((("theme", ("work",)),), "gent") == (
        ("theme", ("work",)),
        ("centre", ("gent", "shared")),
    )
    chosen = (("centre", ("all",)),)
    assert network.with_default(chosen, "gent") == chosen
