"""Columns into fields: guesses, values, and what is said of a mapping that cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import BadInput
from catalogue.exchange import mapping
from catalogue.exchange.drafting import draft_of, id_from, is_understood
from catalogue.exchange.guessing import guess
from catalogue.exchange.mapping import ColumnMapping, Rule
from catalogue.exchange.matching import Known
from catalogue.exchange.targets import TARGETS
from catalogue.exchange.terms import Recogniser
from catalogue.resource import Resource
from catalogue.vocabulary import Vocabularies
from tests.conftest import write


@pytest.fixture
def recogniser(centre: Path) -> Recogniser:
    return Recogniser(Vocabularies.load(centre / "vocabularies"))


@pytest.mark.parametrize(
    ("column", "cell", "target"),
    [
        ("Titre", "Le bac", "title.fr"),
        ("Titel NL", "De gids", "title.nl"),
        ("title (en)", "The guide", "title.en"),
        ("nl_titel", "De gids", "title.nl"),
        ("Résumé", "Le bac", "summary.fr"),
        ("Samenvatting (NL)", "x", "summary.nl"),
        ("Mots-clés", "a;b", "keywords.fr"),
        ("Trefwoorden_nl", "a;b", "keywords.nl"),
        ("Auteur(s)", "Peeters, A.", "authors"),
        ("Éditeur", "siep", "publisher"),
        ("Uitgever", "siep", "publisher"),
        ("Publisher", "siep", "publisher"),
        ("Année d'édition", "1998", "year"),
        ("jaar van uitgave", "1998", "year"),
        ("Langue", "fre", "languages"),
        ("Cote", "K1.02", "holdings.shelf"),
        ("Plaatskenmerk", "K1.02", "holdings.shelf"),
        ("Plaatskenmrek", "K1.02", "holdings.shelf"),
        ("Nombre d'exemplaires", "3", "holdings.copies"),
        ("URL", "https://example.org", "holdings.url"),
        ("Adresse", "https://example.org", "contact.address"),
        ("Openingsuren", "9-17", "contact.hours.fr"),
        ("ISBN", "2-211-04459-X", "identifiers.isbn"),
        ("N° de notice", "12", "source.id"),
        ("id", "12", "source.id"),
        ("id", "le-bac", "id"),
        ("title.nl", "x", "title.nl"),
        ("Nota zonder zin 77", "x", ""),
        ("status", "released", ""),
        ("statut", "brouillon", "status"),
    ],
)
def test_columns_are_guessed(recogniser: Recogniser, column: str, cell: str, target: str) -> None:
    made = guess([column], {column: [cell]}, "liste.csv", recogniser)
    assert made.columns.get(column, Rule("")).to == target


def test_the_language_of_texts_is_that_of_the_file(recogniser: Recogniser) -> None:
    cells = {"Titel": ["Het werk van een bakker met de anderen"]}
    assert guess(["Titel"], cells, "x.csv", recogniser).columns["Titel"].to == "title.nl"
    assert guess(["preferredLabel"], {"preferredLabel": ["kok"]}, "beroepen_nl.csv", recogniser).columns == {
        "preferredLabel": Rule("title.nl")
    }


def test_a_guess_makes_drafts_and_fills_nothing_twice(recogniser: Recogniser) -> None:
    cells = {"Titre": ["a"], "Intitulé": ["b"], "Mots": ["x"]}
    made = guess(list(cells), cells, "x.csv", recogniser)
    assert [rule.to for rule in made.columns.values()] == ["title.fr"]
    assert made.constants["status"] == "draft"


def drafted(recogniser: Recogniser, cells: dict[str, str], **rules: Any) -> dict[str, Any]:
    made = ColumnMapping.from_plain({"columns": {name: rules.get(name, name) for name in cells}})
    return draft_of(made, list(cells), list(cells.values()), recogniser)[0]


def test_a_row_becomes_a_nested_record(recogniser: Recogniser) -> None:
    cells = {
        "title.fr": "Le bac",
        "title.nl": "",
        "authors": "A ; B",
        "year": "cop. 1998",
        "languages": "fre,dut",
        "kind": "Brochure",
        "identifiers.isbn": "0378-5955",
        "holdings.url": "www.example.org",
        "holdings.shelf": "K1.02",
        "holdings.copies": "3",
        "added": "4/12/2025",
        "dates.start": "4.12.2026 14h00",
    }
    rules = {"authors": {"to": "authors", "separator": ";"}, "languages": {"to": "languages", "separator": ","}}
    assert drafted(recogniser, cells, **rules) == {
        "title": {"fr": "Le bac"},
        "authors": ["A", "B"],
        "year": "1998",
        "languages": ["fr", "nl"],
        "kind": "guide",
        "identifiers": {"issn": "0378-5955"},
        "holdings": [{"shelf": "K1.02", "copies": "3"}, {"url": "https://www.example.org"}],
        "added": "2025-12-04",
        "dates": [{"start": "2026-12-04T14:00"}],
    }


def test_values_are_given_a_meaning(recogniser: Recogniser) -> None:
    rule = {"to": "audiences", "separator": ";", "values": {"élèves": "pupils", "tous": ""}}
    assert drafted(recogniser, {"a": "élèves;tous;workers nl"}, a=rule) == {"audiences": ["pupils", "workers"]}


def test_labels_in_any_language_are_recognised(recogniser: Recogniser) -> None:
    occupations, sectors = TARGETS["occupations"], TARGETS["sectors"]
    assert {recogniser.id_of(occupations, label) for label in ("Infirmière", "VERPLEEGKUNDIGE", "nurse")} == {"nurse"}
    assert {recogniser.id_of(sectors, label) for label in ("health fr", "health nl", "health")} == {"health"}
    assert not recogniser.id_of(sectors, "santé")


def test_what_a_field_cannot_hold_is_known_beforehand(recogniser: Recogniser) -> None:
    assert is_understood(TARGETS["year"], "[2019]", recogniser)
    assert not is_understood(TARGETS["year"], "1765", recogniser)
    assert not is_understood(TARGETS["added"], "bientôt", recogniser)
    assert is_understood(TARGETS["staff_note"], "bientôt", recogniser)


@pytest.mark.parametrize(
    ("title", "id"),
    [
        ({"fr": "L’Été à Liège !"}, "l-ete-a-liege"),
        ({"nl": "Werk", "en": "Work"}, "werk"),
        ({"fr": "x"}, "notice-x"),
        ({"fr": "???"}, "notice"),
        ({"fr": "pris"}, "pris-3"),
        ({"fr": "a" * 90}, "a" * 60),
        ({"fr": "mot " * 40}, "-".join(["mot"] * 15)),
    ],
)
def test_ids_are_made_of_titles(title: dict[str, str], id: str) -> None:
    assert id_from(title, {"pris", "pris-2"}.__contains__) == id


def record(id: str, **fields: Any) -> Resource:
    return Resource.from_mapping(
        id, {"kind": "book", "themes": ["work"], "title": {"fr": id}, "status": "draft", **fields}
    )


def test_records_are_recognised_by_what_is_surest() -> None:
    known = Known(
        [
            record("one", source={"from": "pmb", "id": "7"}),
            record("two", identifiers={"isbn": "2-211-04459-X"}),
            record("three", holdings=[{"url": "https://www.example.org/a/"}, {"url": "http://example.org/a#nl"}]),
            record("four", holdings=[{"url": "https://shared.org"}]),
            record("five", holdings=[{"url": "http://shared.org/"}]),
        ]
    )
    assert known.match({"id": "two", "source": {"id": "7"}}) == "two"
    assert known.match({"id": "six", "source": {"id": "7"}}) == ""
    assert known.match({"source": {"id": "7"}}) == "one"
    assert known.match({"source": {"from": "koha", "id": "7"}}) == ""
    assert known.match({"identifiers": {"isbn": "978 2 211 04459 2"}}) == "two"
    assert known.match({"holdings": [{"url": "http://example.org/a?utm_source=x#top"}]}) == "three"
    assert known.match({"holdings": [{"url": "https://shared.org"}]}) == ""
    assert known.match({"title": {"fr": "one"}}) == ""


def test_a_mapping_comes_back_as_it_was() -> None:
    made = ColumnMapping({"a": Rule("authors", ";", {"x": ""})}, {"kind": "book"}, "keep")
    assert ColumnMapping.from_plain(made.to_plain()) == made


def test_a_mapping_is_read_from_yaml(tmp_path: Path) -> None:
    path = write(tmp_path / "m.yaml", "columns: {Titre: title.fr, lang: {to: languages, values: {fre: fr}}}\n")
    assert mapping.read(path).columns == {"Titre": Rule("title.fr"), "lang": Rule("languages", "", {"fre": "fr"})}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("columns: {Titre: titel.fr}", "title.fr"),
        ("colums: {}", "columns"),
        ("columns: [a]", "keys and values"),
        ("existing: erase", "update"),
        ("constants: {statut: draft}", "status"),
        ("columns: {a: b", "."),
    ],
)
def test_a_mapping_that_is_not_understood_says_why(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        mapping.read(write(tmp_path / "m.yaml", text + "\n"))


def test_what_is_missing_is_said() -> None:
    made = ColumnMapping({"gone": Rule("authors")}, {"status": "draft"})
    found = [message % params for message, params in made.problems(["Titre"])]
    assert len(found) == 4
    assert "gone" in found[0]
