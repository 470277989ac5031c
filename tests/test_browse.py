"""Ways in without a search: occupations, sectors, themes, questions, other languages. Through the real application."""

from __future__ import annotations

import html
import re
from pathlib import Path
from unittest.mock import patch

import pytest
from starlette.testclient import TestClient

from catalogue.i18n import direction
from catalogue.web.visitor import occupations
from tests.conftest import AddRecord, write

THESAURUS = """
- id: nurse
  uri: "http://data.europa.eu/esco/occupation/nurse"
  kind: occupation
  labels: {fr: [infirmier, infirmière], nl: [verpleegkundige], en: [nurse]}
  related: [midwife, unknown-here]
  broader: [carer]
- {id: midwife, kind: occupation, labels: {fr: [sage-femme, accoucheuse], nl: [vroedvrouw], en: [midwife]}}
- {id: carer, kind: occupation, labels: {fr: [soignant], nl: [zorgverlener], en: [carer]}}
- {id: unknown-here, kind: occupation, labels: {fr: [ambulancier], nl: [ambulancier], en: [ambulance worker]}}
- {id: welder, kind: occupation, labels: {fr: [soudeur], nl: [lasser], en: [welder]}}
- {id: mason, kind: occupation, labels: {fr: [maçon], nl: [metselaar], en: [bricklayer]}}
"""
LANGUAGES = """
- {id: fr, labels: {fr: Français, nl: Frans, en: French}}
- {id: nl, labels: {fr: Néerlandais, nl: Nederlands, en: Dutch}}
- {id: en, labels: {fr: Anglais, nl: Engels, en: English}}
- {id: ar, labels: {fr: Arabe, nl: Arabisch, en: Arabic, ar: العربية}, detail: {ar: هنا الوثائق}}
- {id: uk, labels: {fr: Ukrainien, nl: Oekraïens, en: Ukrainian, uk: Українська}}
- {id: vgt, labels: {fr: Langue des signes flamande, nl: Vlaamse Gebarentaal, en: Flemish Sign Language}}
"""
KINDS = "factsheet guide website organisation event video course audio"


@pytest.fixture(autouse=True)
def records(add: AddRecord, centre: Path) -> None:
    write(centre / "vocabularies" / "thesaurus" / "all.yaml", THESAURUS)
    write(centre / "vocabularies" / "languages.yaml", LANGUAGES)
    write(
        centre / "vocabularies" / "kinds.yaml", "".join(f"- {{id: {k}, labels: {{fr: {k}}}}}\n" for k in KINDS.split())
    )
    about = "occupations: [nurse]"
    add("sheet-nl", about, "kind: factsheet", "title: {nl: De fiche}", "languages: [nl]", "sectors: [health]")
    add("sheet-fr", about, "kind: factsheet", "title: {fr: La fiche}", "languages: [fr]", "sectors: [health]")
    add("studies", about, "kind: course", "title: {fr: Un cours}")
    add("film", about, "kind: video", "title: {fr: Un film}")
    add("school", about, "kind: organisation", "title: {fr: Une école}")
    add("talk", about, "kind: event", "title: {fr: Rencontre}", "dates: [{start: 2090-12-04T14:00}]")
    add("past", about, "kind: event", "title: {fr: Passé}", "dates: [{start: 2000-12-04T14:00}]")
    gone = "dates: [{start: 2001-12-04T14:00}]"
    add("fair", "occupations: [welder]", "kind: event", "sectors: [health]", "title: {fr: Foire}", gone)
    add("links", about, "kind: website", "title: {fr: Des liens}", "themes: [learn]")
    add("midwives", "occupations: [midwife]", "kind: factsheet", "sectors: [health, construction]")
    add(
        "arabic",
        "title: {fr: Un guide, nl: Een gids}",
        "holdings: [{shelf: K1.2, language: ar}]",
        "languages: [fr, ar]",
    )
    add("signed", "title: {nl: Gebaren}", "languages: [vgt]")
    add("hidden", "languages: [uk]", "occupations: [mason]", "status: draft")
    question = (
        "kind: question\ntitle: {{fr: Question {0} ?, nl: Vraag {0}?}}\nbody: {{fr: Oui, nl: Ja}}\nthemes: [{1}]\n"
    )
    for n in range(12):
        write(centre / "pages" / f"question-{n}.yaml", question.format(n, "work, learn" if n else "learn"))


def headings(text: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", found).strip() for found in re.findall(r"<h2[^>]*>(.*?)</h2>", text, re.S)]


# --- from A to Z -------------------------------------------------------------------------------------------------


def test_the_list_counts_occupations_with_documents_and_marks_empty_letters(client: TestClient) -> None:
    text = client.get("/fr/occupations").text
    assert "2 métiers" in text
    assert 'href="#letter-i"' in text
    assert 'href="#letter-m"' not in text  # the bricklayer is a draft's
    assert re.search(r'<span class="none">M<', text)
    assert re.search(r"accoucheuse</span>.*voir.:.*sage-femme", text)
    assert "classification ESCO" in text


@pytest.mark.parametrize(("lang", "typed"), [("fr", "infirmière"), ("nl", "infirmière"), ("nl", "kundig")])
def test_the_field_narrows_without_script(client: TestClient, lang: str, typed: str) -> None:
    text = client.get(f"/{lang}/occupations", params={"q": typed}).text
    assert f'href="/{lang}/occupation/nurse"' in text
    assert f'href="/{lang}/occupation/midwife"' not in text
    assert 'class="letters"' not in text


@pytest.mark.parametrize("typed", ["xqzz", "<b>x</b>", "%00", "a" * 900])
def test_what_no_name_has_leads_to_the_whole_catalogue(client: TestClient, typed: str) -> None:
    answer = client.get("/fr/occupations", params={"q": typed})
    assert answer.status_code == 200
    assert "Aucun métier" in answer.text
    assert 'href="/fr/search?q=' in answer.text
    assert "<b>" not in answer.text


def test_a_long_list_has_a_page_for_each_letter(client: TestClient) -> None:
    with patch.object(occupations, "ON_ONE_PAGE", 2):
        first = client.get("/fr/occupations").text
        chosen = client.get("/fr/occupations?letter=s").text
        unknown = client.get("/fr/occupations?letter=%3Cb%3E").text
    assert 'href="/fr/occupations?letter=s#names"' in first
    assert re.findall(r'<h3 id="letter-(\w)"', first) == ["a"] == re.findall(r'<h3 id="letter-(\w)"', unknown)
    assert re.findall(r'<h3 id="letter-(\w)"', chosen) == ["s"]
    assert 'aria-current="page">S<' in chosen


def test_a_centre_without_occupations_says_so(client: TestClient, centre: Path) -> None:
    for path in (centre / "records").glob("*.yaml"):
        path.unlink()
    client.app.app.state.catalogue.refresh()  # type: ignore[attr-defined]
    assert "0 métiers" in client.get("/fr/occupations").text.replace("0 métier ", "0 métiers ")
    assert "/fr/occupations" not in client.get("/fr/").text
    assert client.get("/fr/occupations?letter=a").status_code == 200


# --- sectors -----------------------------------------------------------------------------------------------------


def test_a_sector_gathers_its_occupations_and_documents(client: TestClient) -> None:
    text = client.get("/fr/occupations/sector/health").text
    assert "2 métiers dans ce secteur" in text
    assert "/fr/search?kind=factsheet&amp;sector=health" in text
    assert 'href="/fr/occupations/sector/construction"' in text
    assert 'href="/fr/occupations/sector/health"' not in text[text.index('id="others-title"') :]


def test_an_unknown_sector_is_not_found(client: TestClient) -> None:
    assert client.get("/fr/occupations/sector/nowhere").status_code == 404
    assert client.get("/fr/occupations/sector/%3Cb%3E").status_code == 404


SECTORS = """
- {id: health, labels: {fr: Santé, nl: Zorg}}
- {id: food, labels: {fr: Alimentation, nl: Voeding}}
- {id: art, labels: {fr: Édition, nl: "Élan en kunst"}}
- {id: construction, labels: {fr: Construction, nl: Bouw}}
"""


@pytest.fixture
def of_four_sectors(centre: Path, add: AddRecord) -> None:
    write(centre / "vocabularies" / "sectors.yaml", SECTORS)
    add("all", "occupations: [mason]", "sectors: [food, art, health, construction]", "themes: [work]")


@pytest.mark.parametrize(
    ("lang", "order"),
    [
        ("fr", ["Alimentation", "Construction", "Édition", "Santé"]),
        ("nl", ["Bouw", "Élan en kunst", "Voeding", "Zorg"]),
    ],
)
def test_sectors_stand_in_the_alphabetical_order_of_the_reader_s_language(
    of_four_sectors: None, client: TestClient, lang: str, order: list[str]
) -> None:
    for page in ("occupations", "theme/work"):
        text = client.get(f"/{lang}/{page}").text
        found = re.findall(r"<span>(.*?)</span>", text.split('<ul class="sectors">')[1].split("</ul>")[0])
        assert [html.unescape(name) for name in found] == order, page


@pytest.mark.parametrize("address", ["/fr/occupations", "/nl/occupations", "/nl/occupations/sector/health"])
def test_an_occupation_with_nothing_but_a_past_event_is_not_listed(client: TestClient, address: str) -> None:
    text = client.get(address).text
    assert "/occupation/nurse" in text
    assert "/occupation/welder" not in text


# --- one occupation ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "first", "second", "sheets"),
    [("fr", "La fiche", "De fiche", "Découvrez ce métier"), ("nl", "De fiche", "La fiche", "Ontdek dit beroep")],
)
def test_an_occupation_groups_what_there_is_in_both_languages(
    client: TestClient, lang: str, first: str, second: str, sheets: str
) -> None:
    text = client.get(f"/{lang}/occupation/nurse").text
    assert text.index(first) < text.index(second)  # what one can read comes first
    groups = re.findall(r'<section class="group-(\w+)"', text)
    assert groups == ["sheets", "learn", "watch", "contacts", "events"]
    assert headings(text[text.index("<main") :])[0] == sheets
    assert "Passé" not in text
    assert text.index("Des liens") > text.index("Un cours")  # a course before a website about learning
    assert f'href="/{lang}/occupations/sector/health"' in text


def test_an_occupation_leads_to_those_around_it_and_to_everything(client: TestClient) -> None:
    text = client.get("/fr/occupation/nurse").text
    assert text.index("/fr/occupation/midwife") < text.index("/fr/occupation/unknown-here")  # documents first
    assert "Plus général" in headings(text) and "/fr/occupation/carer" in text
    assert re.search(r"Chercher tout sur «\s*infirmier\s*» \(\d+ documents\)", text)
    assert "Plus précis" in headings(client.get("/fr/occupation/carer").text)


def test_an_occupation_without_documents_says_so_and_leads_on(client: TestClient) -> None:
    answer = client.get("/nl/occupation/carer")
    assert answer.status_code == 200
    assert "We hebben geen document dat alleen over dit beroep gaat" in answer.text


def test_many_documents_are_folded_away(client: TestClient, add: AddRecord) -> None:
    for n in range(30):
        add(f"many-{n:02}", "occupations: [nurse]", "kind: organisation", f"title: {{fr: Adresse {n:02}}}")
    client.app.app.state.catalogue.refresh()  # type: ignore[attr-defined]
    text = client.get("/fr/occupation/nurse").text
    assert len(re.findall("<article", text)) == 37
    assert re.search(r"<summary>\s*25 ", text)


# --- themes, home, questions -------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_the_home_and_the_themes_lead_to_occupations_and_sectors(client: TestClient, lang: str) -> None:
    home = client.get(f"/{lang}/").text
    assert f'href="/{lang}/occupations"' in home and f'href="/{lang}/occupations#sectors"' in home
    work, start = client.get(f"/{lang}/theme/work").text, client.get(f"/{lang}/theme/start").text
    assert f'href="/{lang}/occupations"' in work and f'href="/{lang}/occupations"' not in start
    assert f"/{lang}/search?theme=work&amp;sector=health" in work


def test_every_question_is_reached_from_the_home_and_the_themes(client: TestClient) -> None:
    assert 'href="/fr/questions"' in client.get("/fr/").text
    assert 'href="/fr/questions#theme-learn"' in client.get("/fr/theme/learn").text
    assert 'href="/fr/questions"' in client.get("/fr/help").text
    text = client.get("/fr/questions").text
    assert len(re.findall(r'<details class="question">', text)) == 12  # each once
    assert 'id="theme-learn"' in text and 'id="question-11"' in text


# --- other languages ---------------------------------------------------------------------------------------------


def test_the_entrance_names_other_languages_in_their_own_script(client: TestClient) -> None:
    text = client.get("/").text
    assert '<a href="/languages/ar" lang="ar" dir="rtl">العربية</a>' in text
    assert '<a href="/languages/vgt" lang="nl" dir="ltr">Vlaamse Gebarentaal</a>' in text
    assert "/languages/uk" not in text  # only a draft
    assert "/languages/fr" not in text


def test_the_page_of_a_language_speaks_it_and_opens_onto_the_site(client: TestClient) -> None:
    text = client.get("/languages/ar").text
    assert re.search(r'<header lang="ar" dir="rtl">\s*<h1>العربية</h1>\s*<p class="lead">هنا الوثائق</p>', text)
    assert 'href="/fr/record/arabic" lang="fr"' in text and 'href="/nl/record/arabic" lang="nl"' in text
    assert "K1.2" in text
    for lang in ("fr", "nl", "en"):
        assert f'href="/{lang}/search?language=ar" lang="{lang}"' in text


DONE = {"fr": "J'ai fini", "nl": "Ik ben klaar", "en": "I have finished"}


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_the_bar_of_a_language_speaks_that_of_the_page_before(client: TestClient, lang: str) -> None:
    text = client.get("/languages/ar", headers={"referer": f"http://testserver/{lang}/help?x=1"}).text
    assert f'<html lang="{lang}">' in text
    (bar,) = re.findall(r'<section class="visit-bar".*?</a>', text, re.DOTALL)
    said = [code for code, words in DONE.items() if words in html.unescape(bar)]
    assert said == [lang]
    assert re.findall(r'class="list-link" href="(.*?)"', text) == [f"/{lang}/list"]


@pytest.mark.parametrize("before", ["", "http://testserver/", "http://elsewhere/fr/help", "http://[", "x"])
@pytest.mark.parametrize(("browser", "first"), [("nl-BE", "nl"), ("fr", "fr"), ("en", "fr"), ("ar", "fr")])
def test_without_one_it_speaks_both(client: TestClient, before: str, browser: str, first: str) -> None:
    text = client.get("/languages/ar", headers={"referer": before, "accept-language": browser}).text
    (bar,) = re.findall(r'<section class="visit-bar".*?</a>', text, re.DOTALL)
    both = [first, "nl" if first == "fr" else "fr"]
    assert re.findall(r'<span class="voice" lang="(..)">(?:J|I)', bar) == both
    assert re.findall(r'class="list-link" href="/(..)/list"', text) == both
    assert 'data-list="arabic"' in text


@pytest.mark.parametrize("code", ["uk", "fr", "xx", "%3Cb%3E"])
def test_a_language_without_documents_has_no_page(client: TestClient, code: str) -> None:
    assert client.get(f"/languages/{code}").status_code == 404


def test_directions() -> None:
    assert [direction(code) for code in ("ar", "fa", "uk", "vgt", "", "../x")] == ["rtl", "rtl", *["ltr"] * 4]
