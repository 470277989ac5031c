"""A list while it is made: the same form always gives the same list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData, UploadFile

from catalogue.service import Catalogue
from catalogue.state import ListItem
from catalogue.vocabulary import Vocabularies
from catalogue.web.advisor.draft import Draft, DraftItem, read

IDS = st.lists(st.sampled_from(["aa", "bb", "cc", "dd", "ee", "ff"]), unique=True)


@pytest.fixture(scope="module")
def vocabularies(example: Catalogue) -> Vocabularies:
    return example.contents.frame.vocabularies


def draft(*ids: str) -> Draft:
    return Draft(tuple(DraftItem(id) for id in ids))


def row(id: str, phrase: str = "", day: str = "", own: str = "") -> list[tuple[str, str | UploadFile]]:
    return [("item", id), ("phrase", phrase), ("day", day), ("own", own)]


@pytest.mark.parametrize(
    ("shown", "ticked", "expected"),
    [
        ((), (), ("aa", "bb")),
        (("bb", "cc"), ("bb",), ("aa", "bb")),
        (("bb", "cc"), (), ("aa",)),
        (("bb", "cc"), ("cc", "bb"), ("aa", "bb", "cc")),
        ((), ("cc", "cc", "aa"), ("aa", "bb", "cc")),
    ],
)
def test_ticks_come_last_and_what_was_unticked_goes(
    shown: tuple[str, ...], ticked: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert draft("aa", "bb").synchronised(shown, ticked).ids == expected


@given(IDS, IDS, IDS)
def test_the_same_ticks_a_second_time_change_nothing(items: list[str], shown: list[str], ticked: list[str]) -> None:
    once = draft(*items).synchronised(shown, ticked)
    assert once.synchronised(shown, ticked) == once
    assert set(ticked) <= set(once.ids)
    assert len(set(once.ids)) == len(once.ids)


@pytest.mark.parametrize(
    ("id", "by", "expected"),
    [
        ("bb", -1, ("bb", "aa", "cc")),
        ("bb", 1, ("aa", "cc", "bb")),
        ("aa", -1, ("aa", "bb", "cc")),
        ("cc", 1, ("aa", "bb", "cc")),
        ("zz", 1, ("aa", "bb", "cc")),
    ],
)
def test_moving_stays_within_the_list(id: str, by: int, expected: tuple[str, ...]) -> None:
    assert draft("aa", "bb", "cc").moved(id, by).ids == expected


def test_a_form_is_read_row_by_row(vocabularies: Vocabularies) -> None:
    form = FormData(
        [
            *row("aa", "free"),
            *row("bb", "before-date", "2026-12-04"),
            *row("cc", "own", own=" Demandez\x00 au  guichet "),
            *row("dd", "no-such-phrase"),
            *row("../etc", "free"),
            *row("aa", "start-here"),
            ("tick", "ee"),
            ("tick", "<b>"),
        ]
    )
    made = read(form, vocabularies)
    assert made.ids == ("aa", "bb", "cc", "dd", "ee")
    assert [item.item(vocabularies) for item in made.items] == [
        ListItem("aa", "start-here"),
        ListItem("bb", "before-date 2026-12-04"),
        ListItem("cc", "Demandez au guichet"),
        ListItem("dd"),
        ListItem("ee"),
    ]


def test_own_words_are_cut_where_lists_cut_them(vocabularies: Vocabularies) -> None:
    made = read(FormData(row("aa", "own", own="x" * 400)), vocabularies)
    assert made.items[0].own == "x" * 300


@pytest.mark.parametrize(("day", "lacks"), [("", True), ("2026-13-40", True), ("demain", True), ("2026-12-04", False)])
def test_a_phrase_that_names_a_day_lacks_it_until_it_is_one(vocabularies: Vocabularies, day: str, lacks: bool) -> None:
    assert DraftItem("aa", "before-date", day).lacks_day(vocabularies) is lacks
    assert not DraftItem("aa", "free", day).lacks_day(vocabularies)


@pytest.mark.parametrize("why", ["", "free", "before-date 2026-12-04", "Demandez au guichet"])
def test_a_kept_item_can_be_changed_and_kept_again(vocabularies: Vocabularies, why: str) -> None:
    item = ListItem("aa", why)
    assert DraftItem.of(item, vocabularies).item(vocabularies) == item
