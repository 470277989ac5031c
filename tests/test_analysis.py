"""The words of both languages: pairs that must be one word, words that must survive."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search import analysis

FRENCH = """
emploi/emplois infirmier/infirmière conseiller/conseillère métier/métiers école/écoles étude/études travail/travaux
travailleur/travailleuse formateur/formatrice informaticien/informaticienne cheval/chevaux bureau/bureaux
étudiant/étudiante bourse/bourses formation/formations entreprise/entreprises entrepreneur/entrepreneuse
diplôme/diplômes international/internationaux cuisinier/cuisinière vendeur/vendeuse éducateur/éducatrice
mécanicien/mécanicienne coiffeur/coiffeuse jeu/jeux orientation/orienter handicap/handicapé handicapé/handicapée
logement/logements aide/aides stage/stages stagiaire/stagiaires professionnel/professionnelle social/sociaux
accompagnement/accompagner brevet/brevets
""".split()

DUTCH = """
opleiding/opleidingen studie/studies beroep/beroepen school/scholen werkzoekende/werkzoekenden
verpleegkundige/verpleegkundigen leerling/leerlingen student/studenten cursus/cursussen diploma/diploma's
bedrijf/bedrijven zelfstandige/zelfstandigen job/jobs kok/koks huis/huizen vacature/vacatures leraar/leraren
leerkracht/leerkrachten starter/starters werknemer/werknemers stage/stages universiteit/universiteiten
hogeschool/hogescholen  werken/werk reis/reizen land/landen brief/brieven
studietoelage/studietoelagen bijdrage/bijdragen dag/dagen aanvraag/aanvragen
""".split()


@pytest.mark.parametrize("pair", FRENCH)
def test_french_forms_are_one_word(pair: str) -> None:
    one, other = pair.split("/")
    assert analysis.terms(one, "fr") == analysis.terms(other, "fr")


@pytest.mark.parametrize("pair", DUTCH)
def test_dutch_forms_are_one_word(pair: str) -> None:
    one, other = pair.split("/")
    assert analysis.terms(one, "nl") == analysis.terms(other, "nl")


@pytest.mark.parametrize(
    ("one", "other", "lang"),
    [("poste", "poster", "nl"), ("école", "économie", "fr"), ("werk", "wereld", "nl"), ("marin", "mari", "fr")],
)
def test_different_words_stay_apart(one: str, other: str, lang: str) -> None:
    assert analysis.terms(one, lang) != analysis.terms(other, lang)


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("l’école", ["ecole"]),
        ("L'ÉCOLE", ["ecole"]),
        ("aujourd’hui", ["aujourd'hui"]),
        ("jusqu'à demain", ["a", "demain"]),
        ("C++ et C#", ["c++", "et", "c#"]),
        ("permis B, imprimante 3D", ["permis", "b", "imprimante", "3d"]),
        ("l’œuvre d’art", ["oeuvre", "art"]),
        ("foto's en VDAB's", ["foto", "en", "vdab"]),
        ("arc-en-ciel", ["arc", "en", "ciel"]),
        ("créer\u00a0: oui", ["creer", "oui"]),
        ("", []),
    ],
)
def test_words_of_a_text(text: str, surfaces: list[str]) -> None:
    assert analysis.surfaces(text) == surfaces


def test_a_stop_word_of_either_language_is_never_required() -> None:
    assert analysis.terms("opleiding voor werkzoekenden", "fr") == analysis.terms("opleiding werkzoekenden", "fr")
    assert analysis.terms("formation pour adultes", "nl") == analysis.terms("formation adultes", "nl")
    assert analysis.terms("'s avonds", "nl") == analysis.terms("avond", "nl")
    assert analysis.terms("opvang tijdens een opleiding", "nl") == analysis.terms("opvang opleiding", "nl")
    assert analysis.terms("garde pendant la formation", "fr") == analysis.terms("garde formation", "fr")


def test_a_query_word_meets_the_record_s_word_in_every_language() -> None:
    assert set(analysis.terms("infirmières", "fr")) <= set(analysis.query_stems("infirmier"))
    assert set(analysis.terms("opleidingen", "nl")) <= set(analysis.query_stems("opleiding"))


@given(st.text() | st.text(alphabet="ld'’aœÉs jourhui-+c#3"))
def test_words_with_and_without_their_places_are_the_same(text: str) -> None:
    assert analysis.surfaces(text) == [word.surface for word in analysis.words(text)]


@given(st.text())
def test_words_lie_where_they_say_they_lie(text: str) -> None:
    before = 0
    for word in analysis.words(text):
        # Two words may lie on one character: ¼ reads 1/4.
        assert before <= word.start < word.end <= len(text)
        assert word.surface
        assert " " not in word.surface
        before = word.start
