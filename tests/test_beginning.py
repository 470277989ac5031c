"""Beginning a record from its web address, its number or its file: through the site, and with sources that answer."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from catalogue import fetching, page_facts
from catalogue.page_facts import Facts
from catalogue.settings import Settings
from catalogue.web.desk.records.numbers import identified, is_ean, is_isbn
from tests.at_desk import Desk, at_desk
from tests.pdf_samples import pdf
from tests.web_samples import Web, web_server

ISBN = "978-2-07-036822-8"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setattr(fetching, "_refuse_inside", lambda address: None)  # this machine is all the web there is here
    with web_server() as opened:
        yield opened


def asking(settings: Settings, web: Web, *paths: str) -> AbstractContextManager[Desk]:
    """Open a desk that looks books up at these paths of the web."""
    return at_desk(dataclasses.replace(settings, isbn_sources=" ".join(map(web.address, paths))))


@pytest.fixture
def desk(settings: Settings, web: Web) -> Iterator[Desk]:
    with asking(settings, web, "/sru?n={isbn}", "/books?n={isbn}") as opened:
        yield opened


def begun(desk: Desk, lang: str = "fr", status: int = 200, **sent: str) -> str:
    return desk.post("records/new", lang, status, seen="", do="begin", **sent)


def values(page: str, name: str) -> list[str]:
    """Return what stands in the fields of a name: texts, and boxes that are ticked."""
    found = re.findall(rf'name="{re.escape(name)}"[^>]*>([^<]+)</textarea>', page)
    found += re.findall(rf'<input[^>]*name="{re.escape(name)}" value="([^"]+)"(?![^>]*type="checkbox")', page)
    return [value for value in found if f'type="checkbox" name="{name}" value="{value}">' not in page]


@pytest.mark.parametrize(("lang", "told"), [("fr", "Trouvé sur 127.0.0.1"), ("nl", "Gevonden op 127.0.0.1")])
def test_a_book_is_looked_up(desk: Desk, web: Web, lang: str, told: str) -> None:
    page = begun(desk, lang, begin__number=ISBN)
    assert told in page
    assert values(page, "title.fr") == ["Le guide des métiers de la santé : 2024"]
    assert values(page, "identifiers.isbn") == [ISBN]
    assert values(page, "year") == ["2024"]
    assert values(page, "publisher.offered") == ["Onisep"], "no list has it yet: it can be added"
    assert '<option value="book" selected>' in page
    assert "Albert Camus\nJ. R. R. Tolkien\nOnisep</textarea>" in page
    assert "/sru?n=9782070368228" in web.asked


def test_what_was_written_stays(desk: Desk) -> None:
    page = begun(desk, title__fr="Mon titre", year="1999", publisher__add="Moi", begin__number=ISBN)
    assert values(page, "title.fr") == ["Mon titre"]
    assert values(page, "year") == ["1999"]
    assert values(page, "publisher.offered") == ["Moi"]
    assert "Le guide des métiers" not in page


def test_a_known_publisher_and_language_are_chosen(settings: Settings, web: Web) -> None:
    lists = settings.resources / "vocabularies"
    (lists / "publishers.yaml").write_text("- {id: lan, labels: {fr: Lannoo, nl: Lannoo}}\n", encoding="utf-8")
    (lists / "languages.yaml").write_text("- {id: nl, labels: {fr: Néerlandais, nl: Nederlands}}\n", encoding="utf-8")
    with asking(settings, web, "/books") as desk:
        page = begun(desk, begin__number=ISBN)
    assert values(page, "title.nl") == ["Verpleegkundige worden : een gids"]
    assert values(page, "publisher.offered") == []
    assert '<option value="lan" selected>' in page
    assert 'name="languages" value="nl" checked' in page


@pytest.mark.parametrize(
    ("path", "said"),
    [("/nothing", "Aucun des catalogues"), ("/status-500", "n’a pas pu être cherché"), ("", "")],
)
def test_an_isbn_that_is_not_found_stays(settings: Settings, web: Web, path: str, said: str) -> None:
    with asking(settings, web, *filter(None, [path])) as desk:
        page = begun(desk, title__fr="Déjà là", begin__number=ISBN)
    assert values(page, "identifiers.isbn") == [ISBN]
    assert values(page, "title.fr") == ["Déjà là"]
    assert said in page
    assert ('<p class="problem" role="alert">' in page) == bool(said)
    assert len(web.asked) == bool(path)


def test_another_ean_is_kept_and_not_looked_up(desk: Desk, web: Web) -> None:
    assert values(begun(desk, begin__number="4 006381 333931"), "identifiers.ean") == ["4006381333931"]
    assert web.asked == []


@pytest.mark.parametrize("sent", [{"begin__number": "9782070368229"}, {"begin__url": "https://localhost/x.html"}])
def test_a_wrong_number_or_address_stays_to_be_corrected(desk: Desk, web: Web, sent: dict[str, str]) -> None:
    page = begun(desk, status=422, title__fr="Déjà là", **sent)
    assert values(page, "title.fr") == ["Déjà là"]
    assert f'value="{next(iter(sent.values()))}"' in page
    assert web.asked == []


def test_a_page_that_cannot_be_read_is_said(desk: Desk) -> None:
    page = begun(desk, begin__url="https://no-such-host.invalid/")
    assert "n'a pas pu être lue" in page
    assert values(page, "holdings.0.url") == ["https://no-such-host.invalid/"]


def test_a_record_begins_from_a_web_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = Facts("https://a.example/nl", "Titel", "Wat het is", "nl", "x", "", {"fr": "https://a.example/fr"})
    monkeypatch.setattr(page_facts, "fetch", lambda url: facts)
    page = begun(desk, "nl", title__nl="Mijn eigen titel", holdings__0__shelf="", begin__url="a.example/nl")
    assert values(page, "title.nl") == ["Mijn eigen titel"]
    assert values(page, "summary.nl") == ["Wat het is"]
    assert values(page, "holdings.0.url") == ["https://a.example/nl"]


def test_a_record_begins_with_a_file(desk: Desk) -> None:
    data = pdf("", "nl-BE", "")
    sent = {"file": ("Gids_voor starters.pdf", data)}
    answer = desk.client.post("/desk/nl/files/", files=sent, headers={"accept": "application/json"})
    path = answer.json()["file"]
    page = begun(desk, "nl", begin__file=path, begin__name="Gids_voor starters.pdf")
    assert values(page, "title.nl") + values(page, "title.fr") == ["Gids voor starters"]
    assert values(page, "holdings.0.file") == [path]
    assert "is hier niet meer" in begun(desk, "nl", 422, begin__file="media/../../etc/passwd")


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("978-2-07-036822-8", {"identifiers": {"isbn": "978-2-07-036822-8"}, "kind": "book"}),
        ("2 07 036822 X", {"identifiers": {"isbn": "2 07 036822 X"}, "kind": "book"}),
        ("4 006381 333931", {"identifiers": {"ean": "4006381333931"}}),
        ("  ", {}),
    ],
)
def test_a_number_is_told_by_its_digits(number: str, found: dict[str, object]) -> None:
    assert identified(number) == found


def test_check_digits() -> None:
    assert is_isbn("9782070368228")
    assert not is_isbn("9782070368229")
    assert is_ean("4006381333931")
    assert not is_ean("400638133393")
