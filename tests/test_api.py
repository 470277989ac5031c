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


def test_any_site_may_read(client: TestClient) -> None:
    assert client.get("/api/search").headers["access-control-allow-origin"] == "*"


def test_health_says_what_works(client: TestClient) -> None:
    answer = client.get("/healthz").json()
    assert answer["status"] == "ok"
    assert answer["records"] == answer["indexed"] == 2
    assert answer["wrong"] == []
