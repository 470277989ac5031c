"""Questions and lists of the centre stand above the results where their title is what was typed."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from catalogue.guides import MOST, Titled, closest
from catalogue.service import Catalogue
from catalogue.values import Text
from catalogue.web.app import create_app
from tests.conftest import plan

EVERY = [
    Titled("question", "diploma", Text({"fr": "Je n'ai pas de diplôme : que faire ?", "nl": "Ik heb geen diploma"})),
    Titled("selection", "dutch", Text({"fr": "Apprendre le néerlandais en peu de temps", "nl": "Nederlands leren"})),
    Titled("steps", "job", Text({"fr": "Mon premier emploi", "nl": "Mijn eerste job"})),
]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("sans diplome", ["diploma"]),
        ("geen diploma", ["diploma"]),
        ("cours de néerlandais le soir", ["dutch"]),
        ("nederlands leren", ["dutch"]),
        ("premier emploi", ["job"]),
        ("plombier", []),
        ("le la de", []),
        ("", []),
        ("dipl*", []),
    ],
)
def test_a_title_that_is_what_was_typed_is_found_in_either_language(typed: str, found: list[str]) -> None:
    assert [item.id for item in closest(plan(typed), EVERY)] == found


def test_the_closest_comes_first_and_few_are_shown() -> None:
    titles = ["Un emploi à Bruxelles", "Emploi", "Un emploi dans une commune de Bruxelles", "Un emploi de jour"]
    every = [Titled("question", str(n), Text({"fr": title})) for n, title in enumerate(titles)]
    found = closest(plan("emploi"), every)
    assert found[0].id == "1"
    assert len(found) == MOST
    long = Titled("question", "x", Text({"fr": "emploi jardin maison voiture bateau arbre cheval poisson"}))
    assert closest(plan("emploi"), [long]) == []


@pytest.mark.parametrize(
    ("lang", "typed", "words"),
    [("fr", "apprendre le néerlandais", "À lire d'abord"), ("nl", "nederlands leren", "Lees dit eerst")],
)
def test_the_results_page_says_so_on_its_first_page(example: Catalogue, lang: str, typed: str, words: str) -> None:
    client = TestClient(create_app(example, watch=False))  # not entered: the catalogue stays open
    page = client.get(f"/{lang}/search", params={"q": typed}).text.replace("&#39;", "'")
    assert words in page
    guides = page.partition("guides-title")[2].partition("</nav>")[0]
    assert f"/{lang}/selection/apprendre-le-neerlandais" in re.findall(r'href="([^"]+)"', guides)
    assert "guides-title" not in client.get(f"/{lang}/search").text
    assert "guides-title" not in client.get(f"/{lang}/search", params={"q": typed, "page": "2"}).text
