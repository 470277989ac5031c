"""The record form through the site: add, correct, what bad input gets, two people at once, drafts."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from catalogue.service import Catalogue
from catalogue.values import Text
from catalogue.web.desk.records.identity import new_id, next_mark
from tests.conftest import AddRecord
from tests.desk_site import DeskSite

FIELDS = {
    "kind": "website",
    "themes": "work",
    "title.fr": "Un site",
    "title.nl": "Een site",
    "summary.fr": "À quoi il sert.",
    "summary.nl": "Waarvoor het dient.",
    "holdings.0.url": "https://example.org",
}


@pytest.fixture
def site(catalogue: Catalogue) -> DeskSite:
    return DeskSite.of(catalogue)


@pytest.fixture
def desk(site: DeskSite) -> TestClient:
    return site.browser("dirk")


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found
    return found[1]


def opened(desk: TestClient, id: str, lang: str = "fr") -> str:
    answer = desk.get(f"/desk/{lang}/records/{id}")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_record_is_added_and_seen(desk: TestClient, catalogue: Catalogue, lang: str) -> None:
    answer = desk.post(f"/desk/{lang}/records/new", data={**FIELDS, "key": "new/1", "seen": "", "do": "publish"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/desk/{lang}/records/site?saved=1"
    record = catalogue.record("site")
    assert record.added == catalogue.now().date()
    (revision,) = catalogue.state.history.of("records/site.yaml")
    assert (revision.account, revision.kind) == ("dirk", "new")
    assert desk.get(f"/{lang}/record/site").status_code == 200
    page = desk.get(answer.headers["location"]).text
    assert {"fr": "Les visiteurs voient la notice", "nl": "Bezoekers zien de beschrijving"}[lang] in page


def test_a_draft_record_is_not_seen_and_is_published_later(desk: TestClient, catalogue: Catalogue) -> None:
    desk.post("/desk/fr/records/new", data={**FIELDS, "do": "draft"})
    assert desk.get("/fr/record/site").status_code == 404
    page = opened(desk, "site")
    answer = desk.post("/desk/fr/records/site", data={**FIELDS, "seen": hidden(page, "seen"), "do": "publish"})
    assert answer.status_code == 303
    assert desk.get("/fr/record/site").status_code == 200
    answer = desk.post(
        "/desk/fr/records/site", data={**FIELDS, "seen": catalogue.version("site").digest, "do": "withdraw"}
    )
    assert desk.get("/fr/record/site").status_code == 410


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(desk: TestClient, catalogue: Catalogue) -> None:
    data = {**FIELDS, "themes": "nonsense", "year": "hier", "holdings.0.url": "example", "subjects.add": "zzz"}
    answer = desk.post("/desk/nl/records/new", data={**data, "do": "publish"})
    assert answer.status_code == 422
    for value in ("hier", "zzz", "Waarvoor het dient."):
        assert value in answer.text
    for id in ("f-themes", "f-year", "f-holdings-0-url", "f-subjects"):
        assert f'href="#{id}' in answer.text, id
        assert f'id="{id}"' in answer.text, id
    assert 'id="f-year-wrong"' in answer.text
    assert "is geen webadres" in answer.text
    assert catalogue.contents.records == {}


def test_an_empty_form_says_what_is_needed(desk: TestClient) -> None:
    answer = desk.post("/desk/fr/records/new", data={"do": "publish"})
    assert answer.status_code == 422
    assert answer.text.count("c&#39;est nécessaire") == 6  # kind, themes, title: above and beside


def test_names_are_chosen_without_a_script(desk: TestClient) -> None:
    answer = desk.post("/desk/fr/records/new", data={**FIELDS, "occupations.add": "verpleegkundige", "do": "pick"})
    assert answer.status_code == 200
    assert 'name="occupations" value="nurse"' in answer.text
    data = {**FIELDS, "occupations": ["nurse"], "do": "unpick:occupations:nurse"}
    assert 'name="occupations"' not in desk.post("/desk/fr/records/new", data=data).text


def test_rows_are_added_and_removed_without_a_script(desk: TestClient) -> None:
    page = desk.post("/desk/fr/records/new", data={**FIELDS, "do": "row:holdings:shelf"}).text
    assert 'name="holdings.1.shelf"' in page
    page = desk.post("/desk/fr/records/new", data={**FIELDS, "do": "drop:holdings:0"}).text
    assert 'name="holdings.0.url"' not in page
    assert "Waarvoor het dient." in page


def test_two_people_at_once_lose_nothing(site: DeskSite, desk: TestClient, catalogue: Catalogue) -> None:
    desk.post("/desk/fr/records/new", data={**FIELDS, "do": "publish"})
    base = {**FIELDS, "status": "published", "seen": catalogue.version("site").digest, "do": "save"}
    other = site.browser("piet")
    assert (
        other.post("/desk/fr/records/site", data={**base, "title.nl": "Haar titel", "year": "2026"}).status_code == 303
    )
    answer = desk.post("/desk/fr/records/site", data={**base, "title.fr": "Mon titre", "title.nl": "Mijn titel"})
    assert answer.status_code == 409
    assert "Haar titel" in answer.text
    assert 'value="2026"' in answer.text, "what only she changed is put together with mine"
    assert catalogue.record("site").title["nl"] == "Haar titel", "nothing was written yet"
    seen = hidden(answer.text, "seen")
    assert seen == catalogue.version("site").digest
    merged = {**base, "seen": seen, "title.fr": "Mon titre", "year": "2026", "added": "2026-11-23"}
    taken = desk.post(
        "/desk/fr/records/site",
        data={**merged, "title.nl": "Mijn titel", "conflict": "title.nl", "do": "theirs:title.nl"},
    )
    assert ">Haar titel</textarea>" in taken.text
    assert desk.post("/desk/fr/records/site", data={**merged, "title.nl": "Haar titel"}).status_code == 303
    record = catalogue.record("site")
    assert (record.title["fr"], record.title["nl"], record.year) == ("Mon titre", "Haar titel", 2026)


def test_a_draft_of_an_edit_is_kept_offered_and_dropped(site: DeskSite, desk: TestClient, catalogue: Catalogue) -> None:
    desk.post("/desk/fr/records/new", data={**FIELDS, "do": "publish"})
    seen = catalogue.version("site").digest
    kept = {**FIELDS, "title.fr": "À moitié", "seen": seen, "key": "record/site"}
    answer = desk.post("/desk/fr/drafts", data=kept)
    assert answer.status_code == 200
    assert "À moitié" in answer.text, "and how it will look"
    assert "À moitié" not in opened(desk, "site")
    assert "?draft=1" in opened(desk, "site")
    assert "À moitié" in desk.get("/desk/fr/records/site?draft=1").text
    assert "À moitié" not in site.browser("piet").get("/desk/fr/records/site?draft=1").text
    desk.post("/desk/fr/records/site", data={**kept, "status": "published", "do": "save"})
    assert "?draft=1" not in opened(desk, "site")
    desk.post("/desk/fr/drafts", data={**kept, "seen": catalogue.version("site").digest})
    assert desk.post("/desk/fr/records/site", data={"do": "discard"}).status_code == 303
    assert "?draft=1" not in opened(desk, "site")


def test_a_new_record_begun_elsewhere_is_gone_on_with(desk: TestClient) -> None:
    desk.post("/desk/fr/drafts", data={**FIELDS, "title.fr": "À moitié", "key": "new/abc", "seen": ""})
    assert "À moitié" in desk.get("/desk/nl/records/new?draft=new/abc").text


def test_the_next_of_a_pile_keeps_what_they_share(desk: TestClient, catalogue: Catalogue) -> None:
    data = {**FIELDS, "year": "2026", "audiences": ["pupils"], "holdings.1.shelf": "K1.09", "holdings.1.use": "take"}
    answer = desk.post("/desk/fr/records/new", data={**data, "do": "next"})
    assert answer.headers["location"] == "/desk/fr/records/new?pile=site"
    page = desk.get(answer.headers["location"]).text
    assert 'value="K1.10"' in page
    assert 'value="2026"' in page
    assert "Un site" not in page
    page = desk.get("/desk/fr/records/new?like=site").text
    assert "Un site" in page
    assert desk.get("/desk/fr/records/new?like=nothing").status_code == 404


def test_the_next_of_a_pile_stands_where_nothing_stands(desk: TestClient, catalogue: Catalogue) -> None:
    copies = {"holdings.1.shelf": "K1.09", "holdings.1.language": "fr", "holdings.2.shelf": "K1.10"}
    answer = desk.post("/desk/fr/records/new", data={**FIELDS, **copies, "do": "next"})
    page = desk.get(answer.headers["location"]).text
    assert 'value="K1.11"' in page
    assert 'value="K1.10"' not in page


def test_the_page_is_seen_before_it_is_saved(desk: TestClient, catalogue: Catalogue) -> None:
    answer = desk.post("/desk/nl/records/new/preview", data={**FIELDS, "do": "preview"})
    assert answer.status_code == 200
    assert "<h1>Een site</h1>" in answer.text
    assert catalogue.contents.records == {}
    assert desk.post("/desk/nl/records/new/preview", data={"do": "preview"}).status_code == 422


def test_a_faulty_file_is_mended_in_the_form(desk: TestClient, catalogue: Catalogue, add: AddRecord) -> None:
    add("broken", "year: yesterday", "nonsense: x")
    catalogue.refresh()
    page = opened(desk, "broken")
    assert "yesterday" in page
    assert 'href="#f-year"' in page
    data = {**FIELDS, "status": "published", "seen": hidden(page, "seen"), "do": "save"}
    answer = desk.post("/desk/fr/records/broken", data=data)
    assert answer.status_code == 303
    assert catalogue.record("broken").title["fr"] == "Un site"


def test_advisors_do_not_write_records(site: DeskSite, catalogue: Catalogue) -> None:
    client = site.browser("marie")
    assert client.get("/desk/fr/records/new").status_code == 403
    for path in ("records/new", "records/x", "records/new/preview", "drafts"):
        assert client.post(f"/desk/fr/{path}", data={**FIELDS, "do": "publish"}).status_code == 403, path
    assert catalogue.contents.records == {}


def test_a_script_in_a_title_is_a_text(desk: TestClient) -> None:
    data = {**FIELDS, "title.fr": "<script>alert(1)</script>", "title.nl": '"><img src=x onerror=alert(1)>'}
    answer = desk.post("/desk/fr/records/new", data={**data, "do": "publish"})
    for path in (answer.headers["location"], "/fr/record/script-alert-1-script", "/nl/record/script-alert-1-script"):
        page = desk.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


@pytest.mark.parametrize(
    ("title", "id"),
    [
        ("L'Œuvre d'été à Bruxelles", "oeuvre-ete-bruxelles"),
        ("Le", "le"),
        ("!", "record"),
        ("A", "record-a"),
        ("Verpleegkundige worden in Brussel", "verpleegkundige-worden-brussel"),
        ("x" * 200, "x" * 60),
    ],
)
def test_the_id_of_a_new_record_tells_what_it_is(catalogue: Catalogue, title: str, id: str) -> None:
    assert new_id(Text({"fr": title}), catalogue.contents) == id


def test_no_id_is_given_twice(catalogue: Catalogue, add: AddRecord) -> None:
    add("one", "replaces: [one-2]")
    add("one-3")
    catalogue.refresh()
    catalogue.delete("one-3")
    assert new_id(Text({"fr": "One"}), catalogue.contents) == "one-4"


@pytest.mark.parametrize(("mark", "following"), [("B2.14", "B2.15"), ("K1.09", "K1.10"), ("B2", "B2"), ("B.x", "B.x")])
def test_the_next_shelf_mark(mark: str, following: str) -> None:
    assert next_mark(mark) == following
