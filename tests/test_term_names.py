"""Terms by their names: found, offered while somebody types, compared so that nothing is added twice."""

from __future__ import annotations

import pytest

from catalogue.service import Catalogue
from catalogue.web import term_names


@pytest.mark.parametrize(
    ("vocabulary", "typed", "id"),
    [
        ("publishers", "Actiris", "actiris"),
        ("publishers", " ACTIRIS ", "actiris"),
        ("occupations", "Infirmière", "nurse"),
        ("occupations", "verpleegkundige", "nurse"),
        ("subjects", "nurse", ""),
        ("publishers", "No such organisation", ""),
        ("places", "Bruxelles", "brussels"),
        ("nothing", "x", ""),
    ],
)
def test_a_term_is_found_by_its_name_in_any_language(example: Catalogue, vocabulary: str, typed: str, id: str) -> None:
    assert term_names.find(example.contents.frame.vocabularies, vocabulary, typed) == id


def test_names_are_offered_while_one_types(example: Catalogue) -> None:
    vocabularies = example.contents.frame.vocabularies
    assert ("nurse", "Verpleegkundige") in [
        (id, label.capitalize()) for id, label in term_names.offered(vocabularies, "occupations", "infirm", "nl")
    ]
    assert term_names.offered(vocabularies, "occupations", "", "nl") == []
    assert len(term_names.offered(vocabularies, "occupations", "a", "fr")) == 8
    assert term_names.offered(vocabularies, "publishers", "zzzz", "fr") == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [("Actirs", "actiris"), ("Les droits sociaux, l'Atelier", "atelier-droits-sociaux"), ("VDAC", ""), ("Zz", "")],
)
def test_what_is_nearly_the_same_is_offered(example: Catalogue, typed: str, first: str) -> None:
    found = term_names.offered(example.contents.frame.vocabularies, "publishers", typed, "fr")
    assert next((id for id, _label in found), "") == first
