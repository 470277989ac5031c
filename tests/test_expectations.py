"""The list of expectations can be relied on: real records, both languages, and no fall below what was reached."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.contents import Frame
from catalogue.query import Query
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store import Store
from catalogue.web.present import Presenter
from tests.conftest import PROJECT
from tests.expectations import load, misses

REACHED = 0.99
"""Just under the share that holds; a change of the search or of the content must not fall below it."""


def test_every_id_is_a_record() -> None:
    store = Store(PROJECT / "resources", Frame.load(PROJECT / "resources").vocabularies)
    store.load()
    unknown = {id for entry in load() for id in entry.expected if id not in store.records}
    assert not unknown


def test_the_list_is_large_and_speaks_both_languages() -> None:
    entries = load()
    assert len(entries) >= 120
    assert len({(entry.query, entry.lang) for entry in entries}) == len(entries)
    languages = Counter(entry.lang for entry in entries)
    assert abs(languages["fr"] - languages["nl"]) <= 0.1 * len(entries)


@pytest.fixture(scope="module")
def centre() -> Iterator[Catalogue]:
    """The example centre, with no file of it read yet."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            resources=PROJECT / "resources",
            index=f"{folder}/index",
            state=f"sqlite:///{folder}/catalogue.db",
            cache=Path(folder),
        )
        catalogue = Catalogue.open(settings)
        yield catalogue
        catalogue.close()


@pytest.mark.parametrize(
    ("word", "lang", "id"),
    [
        ("fusibles", "fr", "metier-electrician"),
        ("zekeringen", "nl", "metier-electrician"),
        ("terminus", "fr", "metier-bus-driver"),
        ("eindhalte", "nl", "metier-bus-driver"),
    ],
)
def test_a_word_that_stands_only_in_a_sheet_finds_its_record_and_page(
    centre: Catalogue, word: str, lang: str, id: str
) -> None:
    centre.file_texts.want([f"media/{id}-{lang}.pdf"])
    centre.file_texts.look()
    answer = centre.search(Query(text=word), lang)
    cards = Presenter(centre, lang).cards(answer.records, answer.plan)
    assert cards[0].id == id
    assert cards[0].inside
    assert "&page=1#reader" in cards[0].inside.href


@pytest.mark.parametrize("inside", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_what_people_expect_is_found_as_often_as_before(centre: Catalogue, inside: bool) -> None:
    if inside:  # and the texts of the files stand in nobody's way
        centre.file_texts.want(centre.contents.media)
        centre.file_texts.look()
    missed = misses(centre)
    assert 1 - len(missed) / len(load()) >= REACHED, missed
