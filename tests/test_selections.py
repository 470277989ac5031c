"""The pages of editorial lists, for visitors and for staff. Through the real application."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from starlette.testclient import TestClient

from catalogue.service import Catalogue
from catalogue.settings import Settings
from tests.conftest import NOW, AddRecord, write
from tests.desk_site import PASSWORD, desk_site

STEPS = """\
kind: steps
title: {fr: Mon premier emploi, nl: Mijn eerste job}
intro: {fr: Pas à pas., nl: Stap voor stap gaan.}
themes: [work]
from: 2026-10-01
until: 2026-12-31
display_until: 2026-12-01
items:
  - {id: second, note: {fr: Commencez ici, nl: Begin hier}}
  - {id: hidden, note: {fr: Caché, nl: Verborgen}}
  - {id: first, note: {fr: Ensuite ceci, nl: Dan dit}}
"""
SELECTION = """\
kind: selection
title: {fr: Partir, nl: Vertrekken}
intro: {fr: Loin., nl: Ver.}
themes: [move]
from: {day}
items: [{id: third, note: {fr: Un, nl: Een}}]
"""
DESK = "/desk/nl/advise/lists"


@pytest.fixture(autouse=True)
def day() -> Iterator[list[datetime.datetime]]:
    """The clock of the centre, at noon on 22 November 2026; a test may move it."""
    clock = [NOW]
    with patch.object(Catalogue, "now", lambda _: clock[0]):
        yield clock


@pytest.fixture(autouse=True)
def lists(centre: Path, add: AddRecord) -> None:
    add("first", "holdings: [{shelf: W2.10, copies: 3, use: take, language: nl}, {url: 'https://example.org'}]")
    add("second", "holdings: [{shelf: W2.9}, {shelf: K1.3}]", "title: {fr: La deuxième, nl: De tweede}")
    add("third")
    add("hidden", "status: draft", "holdings: [{shelf: K1.1}]")
    write(centre / "lists" / "first-job.yaml", STEPS)
    for number in range(6):
        text = SELECTION.replace("{day}", f"2026-11-0{number + 1}").replace("Vertrekken", f"Vertrekken {number}")
        write(centre / "lists" / f"move-{number}.yaml", text)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """A client of the site who is signed in at the desk."""
    with (
        desk_site(settings) as site,
        site.browser("marie", follow_redirects=True, raise_server_exceptions=False) as opened,
    ):
        yield opened


def test_the_lists_of_the_desk_ask_who_it_is(client: TestClient) -> None:
    client.cookies.clear()
    for part in ("", "first-job/pick", "first-job/poster", "first-job/slides"):
        answer = client.get(f"{DESK}/{part}", follow_redirects=False)
        assert answer.status_code == 303
        assert "/desk/nl/sign-in" in answer.headers["location"]


def titles(page: str, place: str) -> list[str]:
    return re.findall(rf'<a class="{place}[^>]*>\s*<strong[^>]*>([^<]+)', page)


@pytest.mark.parametrize(("lang", "words"), [("fr", "Pas à pas"), ("nl", "Stap voor stap")])
def test_steps_stand_in_their_order_with_their_notes(client: TestClient, lang: str, words: str) -> None:
    page = client.get(f"/{lang}/steps/first-job").text
    notes = ["Commencez ici", "Ensuite ceci"] if lang == "fr" else ["Begin hier", "Dan dit"]
    assert re.findall(r'entry-note">([^<]+)', page) == notes
    assert re.findall(r'card-title"><a href="([^"]+)', page) == [f"/{lang}/record/second", f"/{lang}/record/first"]
    assert re.findall(r'entry-number" aria-hidden="true">(\d)', page) == ["1", "2"]
    assert '<ol class="entries' in page
    assert words in page
    assert f'href="/{"nl" if lang == "fr" else "fr"}/steps/first-job"' in page
    assert "hidden" not in page.replace(" hidden", "").replace("-hidden", "")


def test_a_selection_has_no_numbers_and_the_other_address_leads_to_it(client: TestClient) -> None:
    moved = client.get("/fr/steps/move-1", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (301, "/fr/selection/move-1")
    page = client.get("/fr/steps/move-1").text
    assert '<ul class="entries' in page
    assert "entry-number" not in page


def test_the_home_page_shows_four_of_a_kind_the_newest_first(client: TestClient) -> None:
    page = client.get("/nl/").text
    assert titles(page, "editorial-link") == ["Mijn eerste job", *(f"Vertrekken {n}" for n in (5, 4, 3, 2))]
    assert "2 stappen" in page
    assert 'href="/nl/selections"' in page


def test_a_theme_page_shows_its_own_and_all_stand_on_one_page(client: TestClient) -> None:
    assert titles(client.get("/nl/theme/work").text, "editorial-link") == ["Mijn eerste job"]
    assert titles(client.get("/nl/theme/learn").text, "editorial-link") == []
    assert len(titles(client.get("/nl/selections").text, "editorial-link")) == 7


def test_before_its_first_day_it_is_not_there_and_after_its_last_it_is_gone(
    client: TestClient, day: list[datetime.datetime]
) -> None:
    answers = []
    for at in ("2026-09-30", "2026-10-01", "2026-12-31", "2027-01-01"):
        day[0] = datetime.datetime.fromisoformat(f"{at}T23:59")
        answers.append((client.get("/fr/steps/first-job").status_code, "Mon premier emploi" in client.get("/fr/").text))
    assert answers == [(404, False), (200, True), (200, True), (410, False)]
    assert client.get("/fr/steps/nowhere").status_code == 404


@pytest.mark.parametrize(
    ("lang", "words"),
    [("fr", "En vitrine jusqu&#39;au 1er décembre 2026"), ("nl", "Uitgestald tot 1 december 2026")],
)
def test_what_is_on_display_says_so_and_is_back_at_its_shelf_the_day_after(
    client: TestClient, day: list[datetime.datetime], lang: str, words: str
) -> None:
    places = (f"/{lang}/record/first", f"/{lang}/search?q=first", f"/{lang}/steps/first-job")
    day[0] = datetime.datetime(2026, 12, 1, 23, 59)
    assert all(words in client.get(place).text for place in places)
    assert words not in client.get(f"/{lang}/record/third").text
    day[0] = datetime.datetime(2026, 12, 2)
    assert not any(words in client.get(place).text for place in places)
    assert "W2.10" in client.get(places[0]).text


def test_only_what_is_on_a_shelf_is_on_display(client: TestClient) -> None:
    page = client.get("/nl/record/first").text
    shelf, link = page[page.index("get-shelf") : page.index("get-link")], page[page.index("get-link") :]
    assert "Uitgestald" in shelf
    assert "Uitgestald" not in link


def test_without_any_list_pages_are_as_before(client: TestClient, centre: Path) -> None:
    for path in (centre / "lists").iterdir():
        path.unlink()
    client.app.app.state.catalogue.refresh()  # type: ignore[attr-defined]
    assert "editorial-links" not in client.get("/nl/").text
    assert "Nog niets" in client.get("/nl/selections").text
    assert client.get(f"{DESK}/").status_code == 200


# --- staff -----------------------------------------------------------------------------------------------------


def test_staff_see_every_list_and_what_is_wrong_with_it(client: TestClient, day: list[datetime.datetime]) -> None:
    day[0] = datetime.datetime(2026, 11, 3)
    page = client.get(f"{DESK}/").text
    assert '<html lang="nl">' in page
    assert page.count('class="desk-entry') == 7
    assert "Zichtbaar voor bezoekers vanaf 4 november 2026" in page
    assert "Zichtbaar voor bezoekers tot en met 31 december 2026" in page
    assert "lists/first-job.yaml:10: items.1.id:" in page
    assert page.count("Zoals bezoekers ze zien") == 4
    assert 'href="/desk/fr/advise/lists/"' in page
    day[0] = datetime.datetime(2027, 3, 1)
    client.post("/desk/nl/sign-in", data={"name": "marie", "password": PASSWORD})  # the session is over too
    assert "Afgelopen" in client.get(f"{DESK}/").text


def test_what_to_fetch_comes_in_walking_order(client: TestClient) -> None:
    page = client.get(f"{DESK}/first-job/pick").text
    assert re.findall(r'pick-mark">([^<]+)', page) == ["K1.3", "W2.9", "W2.10"]
    assert "Bezoekers zien niet: hidden" in page
    other = client.get(f"{DESK}/move-1/pick").text
    assert "Niets van deze lijst staat in een rek" in other
    assert '<a href="/nl/record/third">' in other


@pytest.mark.parametrize(("asked", "paper"), [("", "a4"), ("?paper=a3", "a3"), ("?paper=letter", "a4")])
def test_a_poster_has_both_languages_and_its_paper(client: TestClient, asked: str, paper: str) -> None:
    page = client.get(f"{DESK}/first-job/poster{asked}").text
    assert f"poster-{paper} " in page
    assert re.findall(r'poster-title">([^<]+)', page) == ["Mijn eerste job", "Mon premier emploi"]
    assert re.findall(r'poster-address">([^<]+)', page) == [
        f"centre.example/{lang}/steps/first-job" for lang in ("nl", "fr")
    ]
    assert "CATALOGUE_PUBLIC_URL" in page
    assert page.count('class="qr"') == 2


def test_slides_are_complete_and_bilingual(client: TestClient) -> None:
    page = client.get(f"{DESK}/first-job/slides").text
    assert page.count('class="slide ') == 2
    assert [re.findall(r"<h2>([^<]+)", page)[n] for n in (0, 1)] == ["De tweede", "La deuxième"]
    assert page.count('class="qr"') == 1  # without a public site only what has a web address of its own
    # While they run they ask for nothing: everything the page names is of the site itself, and static.
    named = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert all(name.startswith(("/static/", "/colours.css", "data:")) for name in named)


@pytest.mark.parametrize("part", ["pick", "poster", "slides"])
def test_a_list_that_is_not_there_is_not_found(client: TestClient, part: str) -> None:
    answer = client.get(f"{DESK}/nowhere/{part}")
    assert answer.status_code == 404
    assert '<html lang="nl">' in answer.text


@pytest.mark.parametrize(
    "page", ["/nl/selections", "/nl/steps/first-job", "/nl/selection/move-1", f"{DESK}/first-job/slides"]
)
def test_nothing_is_kept_and_nothing_comes_from_elsewhere(client: TestClient, page: str) -> None:
    answer = client.get(page)
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert not re.findall(r"<[^>]+ style=", answer.text)
