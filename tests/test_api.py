"""The JSON contract: the shape others rely on, key by key."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.conftest import AddRecord, write


@pytest.fixture(autouse=True)
def records(add: AddRecord, centre: Path) -> None:
    add(
        "devenir-infirmier",
        "kind: factsheet",
        "themes: [learn, work]",
        "title: {fr: Devenir infirmier, nl: Verpleegkundige worden}",
        "summary: {fr: Le métier., nl: Het beroep.}",
        "languages: [fr]",
        "holdings: [{shelf: K1.14, copies: 2, use: take}]",
        "added: 2026-03-01",
        "staff_note: only for us",
        "source: {from: elsewhere}",
    )
    add("autre", "title: {fr: Autre chose, nl: Iets anders}")
    write(centre / "records" / "draft.yaml", "kind: website\nthemes: [work]\ntitle: {fr: x}\nstatus: draft\n")


def test_search_has_the_agreed_shape(client: TestClient) -> None:
    answer = client.get("/api/search", params={"q": "infirmières", "lang": "nl", "per_page": 5}).json()
    assert list(answer) == ["total", "full", "page", "per_page", "query", "hits", "facets"]
    assert (answer["total"], answer["full"], answer["page"], answer["per_page"]) == (1, 1, 1, 5)
    assert answer["query"]["text"] == "infirmières"
    assert answer["query"]["corrected"] is None
    (expansion,) = answer["query"]["expansions"]
    assert expansion["term"] == "infirmières"
    assert expansion["lang"] == "fr"
    assert expansion["concept"] == "nurse"
    assert {"text": "verpleegkundige", "lang": "nl"} in expansion["also"]
    (hit,) = answer["hits"]
    assert hit | {"score": 1.0} == {
        "id": "devenir-infirmier",
        "url": "/nl/record/devenir-infirmier",
        "title": "Verpleegkundige worden",
        "title_lang": "nl",
        "summary": "Het beroep.",
        "kind": "factsheet",
        "themes": ["learn", "work"],
        "languages": ["fr"],
        "score": 1.0,
        "full": True,
        "why": hit["why"],
        "highlights": hit["highlights"],
        "inside": None,
    }
    assert hit["score"] > 0
    assert hit["why"][0].keys() == {"code", "text", "field", "term"}
    assert {"lang": "fr", "parts": [["Devenir ", False], ["infirmier", True]]} in hit["highlights"]["title"]
    assert {"value": "learn", "label": "learn nl", "count": 1, "selected": False} in answer["facets"]["theme"]


def test_the_language_of_the_interface_and_of_the_document_are_two_things(client: TestClient) -> None:
    assert client.get("/api/search?lang=nl&language=fr").json()["total"] == 1
    assert client.get("/api/search?lang=nl&language=nl").json()["total"] == 0


def test_an_unknown_value_gives_no_hits_and_stays_chosen(client: TestClient) -> None:
    answer = client.get("/api/search?theme=cooking").json()
    assert answer["total"] == 0
    assert {"value": "cooking", "label": "cooking", "count": 0, "selected": True} in answer["facets"]["theme"]


@pytest.mark.parametrize(
    ("query", "page", "per_page"),
    [("page=-1", 1, 20), ("page=900", 1, 20), ("per_page=0", 1, 1), ("per_page=5000", 1, 100), ("page=x", 1, 20)],
)
def test_numbers_are_clamped(client: TestClient, query: str, page: int, per_page: int) -> None:
    answer = client.get(f"/api/search?{query}").json()
    assert (answer["page"], answer["per_page"]) == (page, per_page)


@pytest.mark.parametrize(("query", "field"), [("colour=red", "colour"), ("lang=xx", "lang"), ("sort=price", "sort")])
def test_what_is_not_understood_is_named(client: TestClient, query: str, field: str) -> None:
    answer = client.get(f"/api/search?{query}")
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (list(error), error["code"], error["field"]) == (["code", "message", "field"], "bad-input", field)


def test_a_long_query_is_cut(client: TestClient) -> None:
    assert len(client.get("/api/search", params={"q": "emploi " * 2000}).json()["query"]["text"]) <= 200


def test_a_record_as_its_file_holds_it_without_what_is_for_staff(client: TestClient) -> None:
    answer = client.get("/api/records/devenir-infirmier").json()
    assert answer["id"] == "devenir-infirmier"
    assert answer["title"] == {"fr": "Devenir infirmier", "nl": "Verpleegkundige worden"}
    assert answer["holdings"] == [{"shelf": "K1.14", "copies": 2, "use": "take"}]
    assert answer["added"] == "2026-03-01"
    assert "staff_note" not in answer
    assert "source" not in answer
    assert client.get("/fr/record/devenir-infirmier.json").json() == answer


def test_what_visitors_may_not_see_machines_may_not_either(client: TestClient) -> None:
    answer = client.get("/api/records/draft")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not-found"


def test_suggestions_have_the_agreed_shape(client: TestClient) -> None:
    answer = client.get("/api/suggest", params={"q": "iets", "lang": "fr"}).json()
    assert answer == {
        "query": "iets",
        "suggestions": [
            {
                "text": "Iets anders",
                "parts": [["Iets", True], [" anders", False]],
                "kind": "title",
                "label": "Document",
                "lang": "nl",
                "language": "nl fr",  # the test centre calls each thing by its id and the reader's language
                "url": "/fr/record/autre",
            }
        ],
        "notice": None,
    }
    own = client.get("/api/suggest?q=DEVENIR").json()["suggestions"][0]
    assert (own["text"], own["lang"], own["language"]) == ("Devenir infirmier", "fr", None)


@pytest.mark.parametrize(
    ("typed", "kind", "label", "url"),
    [
        ("infirmi", "occupation", "Métier", "/fr/occupation/nurse"),
        ("bourse", "subject", "Sujet", "/fr/search?q=bourse+d%27%C3%A9tudes"),
        ("feuille", "title", "Document", "/fr/record/sheet"),
        ("siep", "organisation", "Organisme", "/fr/search?publisher=siep"),
    ],
)
def test_every_suggestion_leads_to_a_page_that_has_something(
    add: AddRecord, request: pytest.FixtureRequest, typed: str, kind: str, label: str, url: str
) -> None:
    add("sheet", "title: {fr: Feuille, nl: Blad}", "occupations: [nurse]", "subjects: [grants]", "publisher: siep")
    client: TestClient = request.getfixturevalue("client")
    first = client.get(f"/api/suggest?q={typed}&lang=fr").json()["suggestions"][0]
    assert (first["kind"], first["label"], first["url"]) == (kind, label, url)
    assert "Feuille" in client.get(first["url"]).text


def test_terms_of_esco_come_with_its_notice(add: AddRecord, centre: Path, request: pytest.FixtureRequest) -> None:
    add("sheet", "occupations: [welder]")
    write(
        centre / "vocabularies" / "thesaurus" / "esco.yaml",
        '- {id: welder, kind: occupation, uri: "http://data.europa.eu/esco/occupation/1", labels: {fr: [soudeur]}}\n',
    )
    client: TestClient = request.getfixturevalue("client")
    assert "ESCO" in client.get("/api/suggest?q=soud").json()["notice"]
    assert client.get("/api/suggest?q=autre").json()["notice"] is None


@pytest.mark.parametrize("query", ["theme=work", "per_page=3", "colour=red", "lang=xx"])
def test_suggestions_take_nothing_but_words_and_a_language(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/suggest?q=emploi&{query}")
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == query.split("=")[0]


def test_what_is_typed_for_suggestions_is_cut_and_cleaned_and_never_logged(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    answer = client.get("/api/suggest", params={"q": "\x00secretword " * 100}).json()
    assert len(answer["query"]) <= 200
    assert answer["query"].startswith("secretword secretword")
    assert answer["suggestions"] == []
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]
    assert "secretword" not in " ".join(ours)  # the test's own client logs what it asks
    assert client.get("/api/suggest").json()["suggestions"] == []


def test_any_site_may_read(client: TestClient) -> None:
    assert client.get("/api/search").headers["access-control-allow-origin"] == "*"


def test_health_says_what_works(client: TestClient) -> None:
    answer = client.get("/healthz").json()
    assert answer["status"] == "ok"
    assert answer["records"] == answer["indexed"] == 2
    assert answer["wrong"] == []


def test_a_correction_is_named_and_the_hits_are_those_of_what_was_typed(client: TestClient) -> None:
    answer = client.get("/api/search?q=infrmier").json()
    assert answer["query"]["text"] == "infrmier"
    assert answer["query"]["corrected"] == "infirmier"
    assert answer["full"] == 0
    assert not [hit for hit in answer["hits"] if hit["full"]]
