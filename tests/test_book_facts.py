"""What open catalogues know of a book: their two shapes of answers, broken ones, and what is asked over a real wire."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import fetching
from catalogue.book_facts import NotLookedUp, look_up, read
from tests.web_samples import BOMB, EMPTY_SRU, OPEN_LIBRARY, SRU, Web, web_server

ISBN = "9782070368228"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setattr(fetching, "_refuse_inside", lambda address: None)  # this machine is all the web there is here
    with web_server() as opened:
        yield opened


def test_a_record_of_a_national_library_is_read() -> None:
    facts = read(SRU.encode(), "catalogue.bnf.fr")
    assert facts
    assert facts.title == "Le guide des métiers de la santé : 2024"
    assert facts.authors == ("Albert Camus", "J. R. R. Tolkien", "Onisep")
    assert (facts.publisher, facts.year, facts.source) == ("Onisep", "2024", "catalogue.bnf.fr")
    assert facts.languages == ("fre", "français")
    assert facts.subjects == ("Infirmières -- Guides pratiques et mémentos", "Infirmières")


def test_a_book_of_open_library_is_read() -> None:
    facts = read(json.dumps(OPEN_LIBRARY).encode(), "openlibrary.org")
    assert facts
    assert facts.title == "Verpleegkundige worden : een gids"
    assert (facts.authors, facts.publisher, facts.year) == (("An Peeters",), "Lannoo", "2019")
    assert (facts.languages, facts.subjects) == (("dut",), ("Verpleegkundige",))


@pytest.mark.parametrize("data", [EMPTY_SRU.encode(), b"{}", b'{"ISBN:1": {"title": "  "}}'])
def test_nothing_is_known(data: bytes) -> None:
    assert read(data) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><body>Erreur</body></html>",
        b"<html><br></html>",
        SRU.encode()[:900],
        BOMB.encode(),
        b'{"ISBN:1": ',
        b'{"ISBN:1": [1]}',
        b'{"a": 1}',
        b"[]",
        b"{" * 100_000,
        EMPTY_SRU.replace("records>", "diagnostics>").encode(),
    ],
)
def test_what_is_no_answer_is_an_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(data)


@given(st.recursive(st.none() | st.text(max_size=9) | st.integers(), lambda inner: st.lists(inner, max_size=3)))
def test_odd_values_of_a_book_are_passed_over(value: object) -> None:
    keys = ("subtitle", "authors", "publishers", "publish_date", "languages", "subjects")
    facts = read(json.dumps({"ISBN:1": {"title": "Un livre", **dict.fromkeys(keys, value)}}).encode())
    assert facts
    assert facts.title.startswith("Un livre")


@pytest.mark.parametrize("year", ["DL 2013", "2013-2014", "cop. 2013", "[2013?]", "May 5, 2013"])
def test_the_year_is_found_in_what_is_written(year: str) -> None:
    facts = read(json.dumps({"ISBN:1": {"title": "x", "publish_date": year}}).encode())
    assert facts
    assert facts.year == "2013"


def test_the_first_source_that_knows_counts(web: Web) -> None:
    sources = [web.address(f"/{name}?n={{isbn}}") for name in ("nothing", "sru", "books")]
    facts = look_up(ISBN, sources)
    assert facts
    assert facts.title.startswith("Le guide")
    assert f"/sru?n={ISBN}" in web.asked
    facts = look_up(ISBN, [web.address("/status-500"), web.address("/page"), web.address("/books?{isbn}")])
    assert facts
    assert facts.title.startswith("Verpleegkundige")


def test_nobody_knows_and_nobody_answers_are_two_things(web: Web) -> None:
    assert look_up(ISBN, [web.address("/status-500"), web.address("/nothing")]) is None
    for sources in ([web.address("/status-500"), web.address("/cut")], ["https://no-such-host.invalid/{isbn}"], ["x"]):
        with pytest.raises(NotLookedUp):
            look_up(ISBN, sources)


def test_the_house_is_not_asked() -> None:
    with web_server() as web, pytest.raises(NotLookedUp):
        look_up(ISBN, [web.address("/sru?{isbn}")])
    assert web.asked == []


def test_a_source_that_drips_is_left(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.6)
    began = time.monotonic()
    for path in ("/drip-body", "/drip-head"):
        with pytest.raises(NotLookedUp):
            look_up(ISBN, [web.address(path)])
    assert time.monotonic() - began < 10, "each would go on for twenty seconds and more"
