"""Sheets of any list of records: walking order, posters, slides. The ids may come from anywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalogue.errors import N_
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.values import Text
from catalogue.web import sheets
from catalogue.web.present import Presenter
from catalogue.web.walk import walk_to
from tests.conftest import AddRecord


@pytest.fixture
def presenter(add: AddRecord, catalogue: Catalogue) -> Presenter:
    add(
        "both",
        "holdings: [{url: 'https://publisher.example/doc'}, {shelf: W2.1, use: ask}]",
        "summary: {fr: Un, nl: Een}",
    )
    add("plain", "holdings: [{shelf: K1.2}]")
    catalogue.refresh()
    return Presenter(catalogue, "nl")


def test_the_walk_goes_by_shelf_then_by_number(presenter: Presenter) -> None:
    marks = ["W2.10", "Z9.1", "K1.2.1", "W2.9", "K1.2", "K1.10", "W2", "K1.2b", "K1.x"]
    walked = sorted(marks, key=lambda mark: walk_to(presenter, mark))
    assert walked == ["K1.x", "K1.2", "K1.2b", "K1.2.1", "K1.10", "W2", "W2.9", "W2.10", "Z9.1"]


def test_any_ids_make_a_pick_list_each_once(presenter: Presenter) -> None:
    made = sheets.pick_list(presenter, ["both", "nowhere", "plain", "both"])
    assert [fetch.way.mark for fetch in made.fetches] == ["K1.2", "W2.1"]
    assert (made.elsewhere, made.missing) == ((), ("nowhere",))
    assert sheets.pick_list(presenter, []) == sheets.PickList((), (), ())


def test_both_languages_the_readers_own_first(presenter: Presenter) -> None:
    assert [half.lang for half in sheets.in_both(presenter)] == ["nl", "fr"]
    assert [half.lang for half in sheets.in_both(Presenter(presenter.catalogue, "fr"))] == ["fr", "nl"]
    assert [half.lang for half in sheets.in_both(Presenter(presenter.catalogue, "en"))] == ["fr", "nl"]


def test_a_slide_says_the_note_else_the_summary(presenter: Presenter) -> None:
    (told,) = sheets.slides(presenter, ["both"], {"both": Text({"fr": "Ceci", "nl": "Dit"})})
    (untold,) = sheets.slides(presenter, ["both"], {})
    assert [half.note.text for half in told.halves] == ["Dit", "Ceci"]
    assert [half.note.text for half in untold.halves] == ["Een", "Un"]
    assert [half.use.text for half in told.halves] == ["Te vragen aan het onthaal", "À demander à l'accueil"]
    assert told.hosts == ("publisher.example",)


def test_a_phone_is_led_to_the_public_site_else_to_the_publisher(presenter: Presenter, settings: Settings) -> None:
    catalogue = presenter.catalogue
    both, plain = catalogue.record("both"), catalogue.record("plain")
    assert sheets.phone_address(presenter, both) == "https://publisher.example/doc"
    assert sheets.phone_address(presenter, plain) == ""
    catalogue.settings = replace(settings, public_url="https://public.example")
    assert sheets.phone_address(presenter, plain) == "https://public.example/nl/record/plain"


def test_a_poster_of_any_list(presenter: Presenter) -> None:
    halves = sheets.poster(
        presenter,
        N_("Step by step"),
        Text({"fr": "A", "nl": "B"}),
        Text(),
        lambda lang: f"https://public.example/{lang}",
    )
    assert [(half.title.text, half.kind.text, half.address) for half in halves] == [
        ("B", "Stap voor stap", "public.example/nl"),
        ("A", "Pas à pas", "public.example/fr"),
    ]
