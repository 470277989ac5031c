"""Long lists a page at a time."""

from __future__ import annotations

import pytest

from catalogue.web.desk.paging import Page, page_number


@pytest.mark.parametrize(
    ("asked", "items", "number", "earlier", "later"),
    [(1, "abc", 1, 0, 2), (2, "def", 2, 1, 3), (3, "g", 3, 2, 0), (99, "g", 3, 2, 0), (0, "abc", 1, 0, 2)],
)
def test_a_page_of_seven(asked: int, items: str, number: int, earlier: int, later: int) -> None:
    page = Page.of("abcdefg", asked, 3)
    assert (page.items, page.number, page.count) == (items, number, 3)
    assert (page.start, page.earlier, page.later) == ((number - 1) * 3, earlier, later)


def test_nothing_is_one_empty_page() -> None:
    page = Page.of("", 5, 100)
    assert (page.items, page.start, page.number, page.count, page.earlier, page.later) == ("", 0, 1, 1, 0, 0)


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("", 0), ("-1", 0), ("²", 0), ("1e3", 0), ("9" * 20, 0)])
def test_the_number_in_an_address(text: str, number: int) -> None:
    assert page_number(text) == number
