"""The example centre is what a centre would hold: no faults, every kind and way, the right answers first."""

from __future__ import annotations

import pytest

from catalogue.contents import Contents
from catalogue.fields import THEMES
from catalogue.query import Query
from catalogue.service import Catalogue
from tests.conftest import PROJECT, ids_of


@pytest.fixture(scope="module")
def contents(example: Catalogue) -> Contents:
    return example.contents


def test_nothing_is_faulty(contents: Contents) -> None:
    assert [problem.render(root=PROJECT) for problem in contents.faults()] == []


def test_every_theme_many_kinds_and_every_way_are_there(contents: Contents) -> None:
    public = contents.public
    sheets = [record for record in public if record.series == "occupation-sheets"]
    assert len(sheets) >= 15
    assert len(public) - len(sheets) >= 40
    assert {theme for record in public for theme in record.themes} == set(THEMES)
    assert len({record.kind for record in public}) >= 10
    assert {form for record in public for form in record.forms} == {"link", "shelf", "file"}
    assert {holding.use for record in public for holding in record.holdings if holding.shelf} == {"take", "read", "ask"}
    assert any(record.kind == "event" and record.dates for record in public)
    assert any(record.kind == "organisation" and record.contact for record in public)


def test_every_sheet_is_about_a_known_occupation(contents: Contents) -> None:
    for record in contents.public:
        if record.series == "occupation-sheets":
            concepts = [contents.frame.vocabularies.concept(id) for id in record.occupations]
            assert any(concept and concept.kind == "occupation" for concept in concepts), record.id


def test_pages_name_only_records_that_are_there(contents: Contents) -> None:
    for page in contents.frame.pages.values():
        missing = [id for id in page.records if id not in contents.records]
        assert not missing, page.id


def test_lists_name_only_published_records_and_say_why_in_every_language(contents: Contents) -> None:
    lists = contents.frame.lists.values()
    assert len(lists) >= 6
    assert sum(made.kind == "steps" for made in lists) >= 3
    for made in lists:
        assert 5 <= len(made.items) <= 9, made.slug
        assert made.themes, made.slug
        for entry in made.items:
            assert entry.id in contents.records, (made.slug, entry.id)
            assert contents.records[entry.id].is_public, (made.slug, entry.id)
        for text in (made.title, made.intro, *(entry.note for entry in made.items)):
            assert text.keys() == {"fr", "nl", "en"}, (made.slug, text)


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("infirmiere", "fr", {"metier-nurse"}),
        ("verpleegkundigen", "nl", {"metier-nurse"}),
        ("emplois", "fr", {"actiris", "missions-locales"}),
        ("l’école", "fr", {"cpms-ou-clb", "mon-ecole-mon-metier"}),
        ("CREER SON ENTREPRISE", "fr", {"guichets-d-entreprises", "service-1819", "autotest-creer-son-activite"}),
        ("kapper", "nl", {"metier-hairdresser"}),
        ("poetshulp", "nl", {"metier-cleaner"}),
        ("aide soignante", "fr", {"metier-care-assistant"}),
        ("vdab", "nl", {"vdab-brussel"}),
        ("truck driver", "en", {"metier-truck-driver"}),
    ],
)
def test_what_a_person_expects_comes_first(example: Catalogue, text: str, lang: str, expected: set[str]) -> None:
    first = ids_of(example.search(Query(text=text), lang).records)[:3]
    assert expected & set(first), first
