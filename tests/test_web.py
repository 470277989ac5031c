"""The visitor's pages: every page in every language, bad input, privacy. Through the real application."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from unittest.mock import patch

import pytest
from starlette.testclient import TestClient

from catalogue.fields import INDEX_FIELDS
from catalogue.i18n import languages
from catalogue.search.suggest import KINDS
from catalogue.search.weights import WEIGHTS
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.web.app import create_app
from catalogue.web.visitor.ordering import WEIGHT_NAMES
from tests.conftest import AddRecord, write

PAGES = (
    "",
    "search?q=emploi",
    "record/one",
    "theme/work",
    "occupation/nurse",
    "occupations",
    "occupations?q=verpleeg",
    "occupations?letter=z",
    "occupations/sector/health",
    "questions",
    "new",
    "help",
    "accessibility",
    "privacy",
    "how-results-are-ordered",
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
    assert answer.headers["referrer-policy"] == "same-origin"
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


@pytest.mark.parametrize("lang", LANGS)
def test_the_search_box_brings_its_script_from_here_and_the_words_it_says(client: TestClient, lang: str) -> None:
    text = client.get(f"/{lang}/").text
    scripts = re.findall(r"<script[^>]*>[^<]*</script>", text)
    assert all(script.endswith("></script>") for script in scripts)  # nothing in them
    (script,) = (script for script in scripts if "suggest" in script)
    src = re.fullmatch(r'<script type="module" src="(/static/suggest\.js\?v=\w+)"></script>', script)
    assert src
    answer = client.get(src[1])
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert "script-src 'self';" in client.get("/").headers["content-security-policy"]
    assert f'data-suggest="/api/suggest?lang={lang}"' in text
    assert re.search(r'<div class="suggestions" hidden data-none="[^"]+" data-one="[^"]+" data-many="# [^"]+">', text)
    assert set(re.findall(r'<template data-kind="(\w+)"><svg', text)) == set(KINDS)
    assert 'autocomplete="off"' in text


def test_static_files_have_a_mark_and_are_kept(client: TestClient) -> None:
    href = re.findall(r'href="(/static/style.css\?v=[^"]+)"', client.get("/fr/").text)[0]
    assert "immutable" in client.get(href).headers["cache-control"]
    assert client.get("/static/..%2fapp.py").status_code == 404


NOTICES = {
    "fr": "Ce service utilise la classification ESCO de la Commission européenne.",
    "nl": "Deze dienst maakt gebruik van de ESCO-classificatie van de Europese Commissie.",
    "en": "This service uses the ESCO classification of the European Commission.",
}


@pytest.mark.parametrize("lang", NOTICES)
def test_esco_is_named_where_its_terms_show(centre: Path, add: AddRecord, settings: Settings, lang: str) -> None:
    write(
        centre / "vocabularies" / "thesaurus" / "esco.yaml",
        "- {id: potter, kind: occupation, uri: 'http://data.europa.eu/esco/occupation/a',\n"
        f"   labels: {{fr: [potier, {', '.join(f'nom{n}' for n in range(40))}], nl: [pottenbakker], en: [potter]}}}}\n"
        "- {id: friend, kind: occupation, labels: {fr: [ami], nl: [vriend]}, related: [potter]}\n",
    )
    add("pots", "occupations: [potter]", "kind: factsheet")
    add("clay", "subjects: ['http://data.europa.eu/esco/occupation/a']")
    with TestClient(create_app(Catalogue.open(settings), watch=False)) as client:
        for path in ("occupation/potter", "occupation/friend", "record/pots", "record/clay", "search?q=pottenbakker"):
            assert client.get(f"/{lang}/{path}").text.count(NOTICES[lang]) == 1, path
        for path in ("occupation/nurse", "record/one", "record/sheet", "search?q=infirmier", "search", ""):
            assert NOTICES[lang] not in client.get(f"/{lang}/{path}").text, path
        assert NOTICES[lang] not in client.get(f"/{lang}/search?q=pottenbakker&expand=0").text


def test_a_replaced_concept_leads_to_the_one_in_use_and_its_labels_are_not_shown(
    centre: Path, add: AddRecord, settings: Settings
) -> None:
    write(
        centre / "vocabularies" / "thesaurus" / "esco.yaml",
        "- {id: esco-potter, kind: occupation, uri: 'http://data.europa.eu/esco/occupation/a',\n"
        "   labels: {fr: [tourneur de terre], nl: [draaier]}, retired: true, replaced_by: potter}\n",
    )
    write(
        centre / "vocabularies" / "thesaurus" / "own.yaml",
        "- {id: potter, kind: occupation, uri: 'http://data.europa.eu/esco/occupation/a', labels: {fr: [potier]}}\n"
        "- {id: friend, kind: occupation, labels: {fr: [ami]}, related: [esco-potter]}\n",
    )
    add("pots", "occupations: [esco-potter]")
    with TestClient(create_app(Catalogue.open(settings), watch=False)) as client:
        moved = client.get("/fr/occupation/esco-potter", follow_redirects=False)
        assert (moved.status_code, moved.headers["location"]) == (301, "/fr/occupation/potter")
        for path in ("occupation/potter", "occupation/friend", "record/pots"):
            page = client.get(f"/fr/{path}").text
            assert "potier" in page, path
            assert "tourneur" not in page, path
        assert "tourneur de terre" not in client.get("/api/suggest?q=tourneur&lang=fr").text


def test_an_occupation_with_many_names_shows_the_first_ten(centre: Path, settings: Settings) -> None:
    names = ", ".join(f"nom{n}" for n in range(41))
    path = centre / "vocabularies" / "thesaurus" / "many.yaml"
    write(path, f"- {{id: many, kind: occupation, labels: {{fr: [{names}]}}}}\n")
    with TestClient(create_app(Catalogue.open(settings), watch=False)) as client:
        first, _, more = client.get("/fr/occupation/many").text.partition('<details class="more-values">')
    assert "nom10" in first
    assert "nom11" not in first
    assert "30 autres" in more
    assert "nom40" in more


@pytest.fixture
def full_centre(centre: Path, add: AddRecord) -> None:
    """More records, and a thesaurus with neighbours."""
    write(
        centre / "vocabularies" / "thesaurus" / "care.yaml",
        "- {id: care, kind: subject, labels: {fr: [soins], nl: [zorg]}, related: [helper, nurse, grants]}\n"
        "- {id: helper, kind: occupation, labels: {fr: [aide-soignant], nl: [zorgkundige]}}\n",
    )
    add("helping", "occupations: [helper]", "title: {fr: Aider, nl: Helpen}", "kind: video")
    add("cook", "title: {fr: Cuisinier, nl: Kok}")


@pytest.mark.parametrize(
    ("lang", "typed", "meant", "nothing"),
    [("fr", "cuisinnier", "cuisinier", "rien trouvé"), ("nl", "verplegkundige", "verpleegkundige", "niets")],
)
def test_where_nothing_is_found_the_likely_words_are_shown_and_said(
    full_centre: None, client: TestClient, lang: str, typed: str, meant: str, nothing: str
) -> None:
    text = client.get(f"/{lang}/search?q={typed}").text
    said = text[text.index('class="notice meant"') :].partition("</div>")[0]
    assert nothing in said
    assert typed in said
    assert meant in said
    assert f'href="/{lang}/search?q={typed}&amp;exact=1"' in said
    assert f'value="{meant}"' in text
    assert "<mark>" in text
    assert "<title>" + meant in text
    insisted = client.get(f"/{lang}/search?q={typed}&exact=1").text
    assert 'class="notice meant"' not in insisted
    assert f'href="/{lang}/search?q={meant}&amp;exact=1"' in insisted
    assert 'class="nothing"' in insisted


def test_where_something_is_found_the_likely_words_are_only_offered(full_centre: None, client: TestClient) -> None:
    text = client.get("/fr/search?q=cuisinnier+emploi").text
    assert 'class="notice meant"' not in text
    assert 'href="/fr/record/one"' in text
    assert 'class="did-you-mean"' not in text, "no record has both words"
    text = client.get("/fr/search?q=truover+emploi").text
    offered = text[text.index('class="did-you-mean"') :].partition("</div>")[0]
    assert 'href="/fr/search?q=trouver+emploi"' in offered
    assert "<strong>trouver</strong> emploi" in offered


def test_a_correction_that_the_filters_hide_is_offered_without_them(full_centre: None, client: TestClient) -> None:
    text = client.get("/fr/search?q=cuisinnier&kind=video").text
    assert 'class="nothing"' in text
    assert 'href="/fr/search?q=cuisinier"' in text


def test_each_word_is_counted_where_no_document_has_all(full_centre: None, client: TestClient) -> None:
    text = client.get("/fr/search?q=cuisinier+xqzzw").text
    assert 'href="/fr/search?q=cuisinier"' in text
    assert re.search(r'<span class="chip none">xqzzw <span class="small">aucun résultat', text)
    assert 'class="chip none"' not in client.get("/fr/search?q=xqzzw").text


def test_an_empty_page_shows_what_less_would_find(full_centre: None, client: TestClient) -> None:
    text = client.get("/nl/search?q=kok+helpen&kind=video&theme=learn&place=brussels").text
    page = text[text.index('class="nothing"') : text.index('class="site-footer"')]
    assert re.search(r'href="/nl/search\?q=kok\+helpen"[^>]*>Zonder filters <span class="small">2 documenten', page)
    assert "Zonder de filter" not in page, "one filter less still leaves nothing"
    assert 'href="/nl/search?q=kok"' in page
    assert 'href="#adviser"' in page
    for theme in ("orient", "learn", "work", "start", "move"):
        assert f'href="/nl/theme/{theme}"' in page


@pytest.mark.parametrize(
    ("query", "label", "href"),
    [
        ("q=cuisinier&kind=video", "Sans le filtre", "q=cuisinier"),
        ("q=cuisiniers&exact=1", "Avec aussi les autres formes", "q=cuisiniers"),
        ('q="emploi trouver"', "dans n&#39;importe quel ordre", "q=emploi+trouver"),
        ("q=cuisinier -cuisinier", "Sans écarter de mots", "q=cuisinier"),
    ],
)
def test_an_empty_page_loosens_each_thing_that_was_asked(
    full_centre: None, client: TestClient, query: str, label: str, href: str
) -> None:
    text = client.get(f"/fr/search?{query}").text
    link = re.search(rf'<a href="/fr/search\?{re.escape(href)}"[^>]*>([^<]+) <span class="small">\d document', text)
    assert link
    assert label in link[1]


def test_related_searches_are_of_concepts_that_records_are_about(full_centre: None, client: TestClient) -> None:
    text = client.get("/fr/search?q=soins").text
    assert 'href="/fr/search?q=aide-soignant"' in text
    assert 'href="/fr/search?q=infirmier"' in text
    assert "bourse" not in text
    assert 'class="related"' not in client.get("/fr/search?q=cuisinier").text
    near = client.get("/nl/search?q=zorg&place=flanders").text
    assert 'href="/nl/search?q=zorgkundige"' in near[near.index('class="nothing"') :]


@pytest.mark.parametrize("lang", LANGS)
def test_the_figures_of_the_order_are_those_of_the_search(client: TestClient, lang: str) -> None:
    assert WEIGHT_NAMES.keys() == {field.name for field in dataclasses.fields(WEIGHTS)}
    text = client.get(f"/{lang}/how-results-are-ordered").text
    _, places, figures = text.split("<tbody>")
    number = languages()[lang].number
    shown = re.findall(r"<td>([^<]+)</td>", places)
    assert shown == [number(field.weight) for field in sorted(INDEX_FIELDS.values(), key=lambda f: -f.weight)]
    assert re.findall(r"<td>([^<]+)</td>", figures) == [number(getattr(WEIGHTS, name)) for name in WEIGHT_NAMES]
    assert f'href="/{lang}/how-results-are-ordered"' in client.get(f"/{lang}/search?q=emploi").text
