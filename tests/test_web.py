"""The visitor's pages: every page in every language, bad input, privacy. Through the real application."""

from __future__ import annotations

import re
from pathlib import Path
from unittest.mock import patch

import pytest
from starlette.testclient import TestClient

from catalogue.i18n import languages
from catalogue.service import Catalogue
from tests.conftest import AddRecord, write

PAGES = (
    "",
    "search?q=emploi",
    "record/one",
    "theme/work",
    "occupation/nurse",
    "new",
    "help",
    "accessibility",
    "privacy",
)
LANGS = tuple(languages())


@pytest.fixture(autouse=True)
def records(add: AddRecord, centre: Path) -> None:
    add("one", "title: {fr: Trouver un emploi, nl: Werk vinden}", "summary: {fr: Pour chercher., nl: Om te zoeken.}")
    add("sheet", "title: {nl: Verpleegkundige worden}", "occupations: [nurse]", "kind: factsheet")
    add("care", "title: {nl: Werken als verpleegkundige}")
    add("talk", "kind: event", "dates: [{start: 2090-12-04T14:00, end: 2090-12-04T16:00, where: Salle 1}]")
    add(
        "place",
        "kind: organisation",
        "contact: {address: Rue 1, phone: 02 000 00 00, walk_in: true}",
        "replaces: [old]",
    )
    add("film", "holdings: [{file: media/film.vtt, title: {fr: Voir, nl: Zien}}]", "kind: video")
    add("hidden", "status: draft", "holdings: [{file: media/secret.pdf}]")
    add("back", "status: withdrawn", "title: {fr: Ancien guide, nl: Oude gids}")
    bold = "<b>gras</b> [clic](javascript:alert(1)) <img src=x onerror=alert(1)>"
    add("bold", f'title: {{fr: "{bold}"}}', f'body: {{fr: "{bold}"}}', f'summary: {{fr: "emploi {bold}"}}')
    add("paper", "holdings: [{file: media/guide.pdf}]")
    write(centre / "media" / "film.vtt", "WEBVTT\n")
    write(centre / "media" / "guide.pdf", "%PDF-1.7")
    write(centre / "media" / "secret.pdf", "not for you")
    write(centre / "tombstones.yaml", "- {id: dead, date: 2026-01-01}\n")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_in_every_language(client: TestClient, lang: str, page: str) -> None:
    answer = client.get(f"/{lang}/{page}")
    assert answer.status_code == 200
    assert f'<html lang="{lang}"' in answer.text
    assert len(re.findall("<h1[ >]", answer.text)) == 1
    assert len(re.findall("<title>[^<]+</title>", answer.text)) == 1


@pytest.mark.parametrize("page", ["/", *(f"/fr/{page}" for page in PAGES), "/fr/nowhere", "/api/search", "/healthz"])
def test_no_cookie_no_other_host_nothing_kept(client: TestClient, page: str) -> None:
    answer = client.get(page)
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    assert not re.findall(r'(?:src|<link[^>]+href)="(?:https?:)?//', answer.text)
    assert not re.findall(r"<[^>]+ style=", answer.text)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("path", "status"),
    [("record/never", 404), ("record/hidden", 404), ("record/dead", 410), ("record/back", 410), ("theme/cooking", 404)]
    + [("occupation/none", 404), ("nowhere", 404), ("record/..%2F..%2Fcentre", 404), ("record/a%00b", 404)],
)
def test_what_is_not_there_is_said_in_a_page(client: TestClient, lang: str, path: str, status: int) -> None:
    answer = client.get(f"/{lang}/{path}")
    assert answer.status_code == status
    assert f'<html lang="{lang}"' in answer.text
    assert 'id="adviser"' in answer.text


def test_a_withdrawn_document_is_named(client: TestClient) -> None:
    assert "Ancien guide" in client.get("/fr/record/back").text


def test_an_old_id_leads_to_the_record_that_replaces_it(client: TestClient) -> None:
    answer = client.get("/nl/record/old", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "/nl/record/place")


def test_switching_language_keeps_place_query_and_filters(client: TestClient) -> None:
    text = client.get("/fr/search?q=emploi&theme=work&theme=learn").text
    assert 'href="/nl/search?q=emploi&amp;theme=work&amp;theme=learn"' in text
    assert 'href="/nl/record/one"' in client.get("/fr/record/one").text


def test_a_text_in_another_language_says_so(client: TestClient) -> None:
    assert '<a href="/fr/record/sheet" lang="nl">' in client.get("/fr/search").text
    assert '<h1 lang="nl">Verpleegkundige worden</h1>' in client.get("/fr/record/sheet").text


def test_what_was_searched_beside_the_words_is_shown_and_switched_off(client: TestClient) -> None:
    answer = client.get("/fr/search?q=infirmière").text
    assert '<span class="term" lang="nl">verpleegkundige</span>' in answer
    assert 'href="/fr/search?q=infirmi%C3%A8re&amp;expand=0"' in answer
    assert 'href="/fr/record/care"' in answer
    assert 'href="/fr/record/care"' not in client.get("/fr/search?q=infirmière&expand=0").text


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "a" * 10_000,
        "q=%00%00",
        "page=-1",
        "page=99999999999",
        "theme=cooking",
        "foo=bar",
        "sort=price",
        "q=%ff%fe",
    ]
    + ["q=%22", "q=" + "(" * 400, "theme=" + "&theme=".join("abcdefghij"), "q=<script>alert(1)</script>", "per_page=0"],
)
def test_no_query_breaks_the_page(client: TestClient, query: str) -> None:
    answer = client.get(f"/fr/search?{query}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "Traceback" not in answer.text


def test_an_unknown_parameter_is_noticed_on_the_page_and_refused_in_the_api(client: TestClient) -> None:
    assert 'class="notice"' in client.get("/fr/search?colour=red").text
    answer = client.get("/api/search?colour=red")
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "code": "bad-input",
        "message": answer.json()["error"]["message"],
        "field": "colour",
    }


def test_markup_in_a_record_is_shown_as_text(client: TestClient, add: AddRecord) -> None:
    for path in ("/fr/search?q=emploi", "/fr/record/bold", "/fr/new"):
        text = client.get(path).text
        assert "<b>gras</b>" not in text
        assert 'href="javascript' not in text


def test_a_problem_is_reported_in_one_tap(client: TestClient) -> None:
    answer = client.post("/nl/record/one/problem", data={"reason": "link"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/nl/record/one?thanks=1#problem")
    assert 'role="status"' in client.get("/nl/record/one?thanks=1").text


@pytest.mark.parametrize(("reason", "status"), [("", 400), ("spam", 400)])
def test_only_the_known_reasons_are_taken(client: TestClient, reason: str, status: int) -> None:
    assert client.post("/fr/record/one/problem", data={"reason": reason}).status_code == status
    assert client.post("/fr/record/never/problem", data={"reason": "link"}).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://testserver"}, 303),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({}, 303),
    ],
)
def test_posts_from_other_sites_are_refused(client: TestClient, headers: dict[str, str], status: int) -> None:
    answer = client.post("/fr/record/one/problem", data={"reason": "link"}, headers=headers, follow_redirects=False)
    assert answer.status_code == status


def test_a_pdf_may_open_in_the_browser_s_own_reader(client: TestClient) -> None:
    answer = client.get("/media/guide.pdf")
    assert answer.headers["content-disposition"].startswith("inline")
    # Chromium's reader refuses to work in a sandbox.
    assert "sandbox" not in answer.headers["content-security-policy"]


def test_files_of_published_records_are_served_in_ranges(client: TestClient) -> None:
    answer = client.get("/media/film.vtt", headers={"range": "bytes=0-2"})
    assert (answer.status_code, answer.content) == (206, b"WEB")
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["secret.pdf", "../centre.yaml", "..%2fcentre.yaml", "nothing", "film.vtt/../secret.pdf"]
)
def test_no_other_file_is_reached(client: TestClient, path: str) -> None:
    assert client.get(f"/media/{path}").status_code == 404


def test_an_unexpected_error_is_a_page_without_a_trace(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with patch.object(Catalogue, "search", side_effect=RuntimeError("secret detail")):
        answer = client.get("/nl/search?q=my-secret-query")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert '<html lang="nl"' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "my-secret-query" not in caplog.text


def test_the_page_of_a_method_that_is_not_served(client: TestClient) -> None:
    assert client.post("/fr/search").status_code == 405


def test_the_error_page_speaks_the_browser_s_language_outside_a_language(client: TestClient) -> None:
    assert '<html lang="nl"' in client.get("/nowhere", headers={"accept-language": "nl-BE,nl;q=0.9"}).text
    assert '<html lang="fr"' in client.get("/nowhere", headers={"accept-language": "xx"}).text


def test_static_files_have_a_mark_and_are_kept(client: TestClient) -> None:
    href = re.findall(r'href="(/static/style.css\?v=[^"]+)"', client.get("/fr/").text)[0]
    assert "immutable" in client.get(href).headers["cache-control"]
    assert client.get("/static/..%2fapp.py").status_code == 404
