"""Lists that advisors hand over, through the real application: made, opened, changed, taken over; and what fails."""

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
from catalogue.state import HandedList, ListItem
from catalogue.web import qr
from catalogue.web.advisor import sheet
from tests.conftest import AddRecord, write
from tests.desk_site import DeskSite, desk_site

LANGS = ("fr", "nl", "en")


@pytest.fixture(autouse=True)
def records(add: AddRecord, centre: Path) -> None:
    phrases = "- {id: free, labels: {fr: Gratuit, nl: Gratis, en: Free}}\n"
    phrases += "- {id: before-date, labels: {fr: Avant le DATE, nl: Vóór DATE, en: Before DATE}}\n"
    write(centre / "vocabularies" / "phrases.yaml", phrases)
    shelf = "[{shelf: W2.7, use: take, language: nl}, {shelf: W2.12, use: read, language: fr}]"
    add("one", "title: {fr: Trouver un emploi, nl: Werk vinden}", f"holdings: {shelf}")
    add("two", "title: {fr: Écrire un CV, nl: Een cv schrijven}", "holdings: [{shelf: K1.3}]")
    add(
        "three",
        "title: {nl: Solliciteren}",
        'holdings: [{url: "https://www.example.org/a/very/long/path/to/some/other/page"}]',
    )
    add("four", "title: {fr: Aide, nl: Hulp}", "kind: organisation", "contact: {phone: 02 000 00 00}")
    add("gone", "title: {fr: Ancien}", "status: withdrawn")


@pytest.fixture
def site(settings: Settings) -> Iterator[DeskSite]:
    with desk_site(settings) as opened:
        yield opened


@pytest.fixture
def catalogue(site: DeskSite) -> Catalogue:
    return site.catalogue


@pytest.fixture
def stranger(site: DeskSite) -> TestClient:
    return site.browser(follow_redirects=True, raise_server_exceptions=False)


@pytest.fixture
def desk(site: DeskSite) -> TestClient:
    return site.browser("marie", follow_redirects=True, raise_server_exceptions=False)


def form(*items: tuple[str, str, str, str], **more: str) -> dict[str, str | list[str]]:
    columns = {name: [item[at] for item in items] for at, name in enumerate(("item", "phrase", "day", "own"))}
    return {**columns, **more}


def plain(id: str) -> tuple[str, str, str, str]:
    return id, "", "", ""


def make(desk: TestClient, *ids: str, **more: str) -> str:
    answer = desk.post("/desk/fr/advise/", data=form(*map(plain, ids), do="make", **more), follow_redirects=False)
    assert answer.status_code == 303, answer.text
    found = re.fullmatch(r"/desk/fr/advise/list/([0-9]{9})", answer.headers["location"])
    assert found
    return found[1]


def listed(page: str) -> list[str]:
    return re.findall(r'name="item" value="([^"]+)"', page)


# --- who may -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["", "list/123456789", "list/123456789/change", "list/123456789/screen"])
def test_nobody_but_staff_comes_in(stranger: TestClient, method: str, path: str) -> None:
    answer = stranger.request(method, f"/desk/fr/advise/{path}", follow_redirects=False)
    assert answer.status_code in (303, 405)
    assert "/desk/fr/sign-in" in answer.headers.get("location", "/desk/fr/sign-in")


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_asks_no_name(desk: TestClient, lang: str) -> None:
    page = desk.get(f"/desk/{lang}/advise/").text
    fields = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page))
    assert fields == {"page", "q", "code", "sheet", "for", "until"}


# --- making ------------------------------------------------------------------------------------------------------


def test_nothing_is_stored_before_a_code_is_made(desk: TestClient, catalogue: Catalogue) -> None:
    desk.post("/desk/fr/advise/", data={"q": "emploi", "do": "search"})
    page = desk.post("/desk/fr/advise/", data=form(plain("one"), tick="two", do="list")).text
    assert listed(page) == ["one", "two"]
    assert catalogue.state.lists.live() == 0
    make(desk, "one")
    assert catalogue.state.lists.live() == 1


def test_a_list_for_one_person_lives_90_days(desk: TestClient, catalogue: Catalogue) -> None:
    items = [("one", "free", "", ""), ("two", "before-date", "2026-12-04", "x"), ("three", "own", "", "Demandez-le")]
    answer = desk.post("/desk/fr/advise/", data=form(*items, do="make", sheet="nl"), follow_redirects=False)
    kept = catalogue.state.lists.get(answer.headers["location"][-9:])
    assert (kept.origin, kept.lang) == ("advisor", "nl")
    assert kept.items == (
        ListItem("one", "free"),
        ListItem("two", "before-date 2026-12-04"),
        ListItem("three", "Demandez-le"),
    )
    assert (kept.expires.date() - catalogue.now().date()).days == 90


@pytest.mark.parametrize(("days", "expected"), [(None, 1), (0, 0), (7, 7), (90, 90)])
def test_a_list_for_a_group_lives_until_the_day_chosen(
    desk: TestClient, catalogue: Catalogue, days: int | None, expected: int
) -> None:
    today = catalogue.now().date()
    until = {} if days is None else {"until": (today + datetime.timedelta(days=days)).isoformat()}
    kept = catalogue.state.lists.get(make(desk, "one", **{"for": "group"}, **until))
    assert kept.origin == "group"
    assert kept.expires == datetime.datetime.combine(
        today + datetime.timedelta(days=expected), datetime.time(23, 59, 59)
    )


@pytest.mark.parametrize("until", ["2020-01-01", "2999-01-01", "demain", "2026-02-30"])
def test_a_day_that_will_not_do_is_asked_again(desk: TestClient, catalogue: Catalogue, until: str) -> None:
    answer = desk.post("/desk/nl/advise/", data=form(plain("one"), do="make", until=until, **{"for": "group"}))
    assert answer.status_code == 422
    assert "Kies tot wanneer" in answer.text
    assert listed(answer.text) == ["one"]
    assert catalogue.state.lists.live() == 0


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ((), "pas encore de document"),
        ((("one", "before-date", "", ""),), "choisissez-la"),
        (tuple(plain(f"id-{n}") for n in range(101)), "au plus 100"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    desk: TestClient, items: tuple[tuple[str, str, str, str], ...], message: str
) -> None:
    answer = desk.post("/desk/fr/advise/", data=form(*items, do="make"))
    assert answer.status_code == 422
    assert message in answer.text
    assert listed(answer.text) == [item[0] for item in items]


@pytest.mark.parametrize(
    ("does", "expected"),
    [
        ("up:two", ["two", "one"]),
        ("down:one", ["two", "one"]),
        ("remove:one", ["two"]),
        ("clear", []),
        ("x:y", ["one", "two"]),
    ],
)
def test_each_button_does_one_thing(desk: TestClient, does: str, expected: list[str]) -> None:
    assert listed(desk.post("/desk/fr/advise/", data=form(plain("one"), plain("two"), do=does)).text) == expected


def test_an_advisors_search_is_not_counted_among_visitors(desk: TestClient, catalogue: Catalogue) -> None:
    with patch.object(catalogue.state, "count") as counted:
        assert "one" in desk.post("/desk/fr/advise/", data={"q": "emploi", "do": "search"}).text
    assert not counted.called


def test_hostile_input_gets_a_page(desk: TestClient) -> None:
    hostile = {
        "q": "<script>\x00",
        "page": "999999999",
        "do": "page:99999999999",
        "theme": ["x"] * 50,
        "item": "'\"<b>",
    }
    answer = desk.post("/desk/fr/advise/", data=hostile)
    assert answer.status_code == 200
    assert "<script>\x00" not in answer.text
    assert desk.post("/desk/fr/advise/", files={"do": b"make", "tick": b"x"}).status_code in (200, 400, 422)


# --- a list that has a code --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_of_a_code_shows_it_in_threes_with_its_link(desk: TestClient, lang: str) -> None:
    code = make(desk, "one", "two", sheet="nl")
    page = desk.get(f"/desk/{lang}/advise/list/{code}").text
    assert f"{code[:3]}\N{NO-BREAK SPACE}{code[3:6]}\N{NO-BREAK SPACE}{code[6:]}" in page
    assert f"https://centre.example/nl/list/{code}" in page
    assert '<article class="sheet" lang="nl">' in page
    assert "Lijst van mijn gesprek" in page


@pytest.mark.parametrize(
    ("settings_given", "base"),
    [
        ({"base_url": "http://pc.example:8000"}, "http://pc.example:8000"),
        ({"base_url": "http://pc.example", "public_url": "https://www.example.org"}, "https://www.example.org"),
    ],
)
def test_the_code_leads_to_the_public_site_where_there_is_one(
    desk: TestClient, catalogue: Catalogue, settings_given: dict[str, str], base: str
) -> None:
    for name, value in settings_given.items():
        object.__setattr__(catalogue.settings, name, value)
    code = make(desk, "one", sheet="nl")
    page = desk.get(f"/desk/fr/advise/list/{code}").text
    assert f"{base}/nl/list/{code}" in page
    assert qr.picture(f"{base}/nl/list/{code}") in page.replace("&#39;", "'").replace("&amp;", "&")
    assert ("met een telefoon" in page) == ("public_url" in settings_given)


def test_a_document_that_is_gone_leaves_the_sheet_and_is_counted(desk: TestClient) -> None:
    page = desk.get(f"/desk/fr/advise/list/{make(desk, 'one', 'gone', 'never-there')}").text
    assert page.count('class="sheet-item"') == 1
    assert "2 documents de cette liste ne sont plus" in page


def test_changing_keeps_code_language_and_last_day(desk: TestClient, catalogue: Catalogue) -> None:
    code = make(desk, "one", "two", sheet="nl")
    before = catalogue.state.lists.get(code)
    assert listed(desk.get(f"/desk/fr/advise/list/{code}/change").text) == ["one", "two"]
    desk.post(f"/desk/fr/advise/list/{code}/change", data=form(("two", "free", "", ""), do="make", sheet="fr"))
    after = catalogue.state.lists.get(code)
    assert after.items == (ListItem("two", "free"),)
    assert (after.lang, after.expires) == (before.lang, before.expires)


def test_a_list_that_expires_while_it_is_changed_is_not_lost(desk: TestClient, catalogue: Catalogue) -> None:
    past = catalogue.now() - datetime.timedelta(days=1)
    old = catalogue.state.lists.hand_over([ListItem("one")], origin="advisor", lang="fr", expires=past)
    answer = desk.post(f"/desk/fr/advise/list/{old.code}/change", data=form(plain("one"), plain("two"), do="make"))
    assert answer.status_code == 410
    assert "expirer" in answer.text
    assert listed(answer.text) == ["one", "two"]
    assert 'action="/desk/fr/advise/"' in answer.text


def test_a_visitors_list_is_taken_over_but_not_changed(desk: TestClient, catalogue: Catalogue) -> None:
    later = catalogue.now() + datetime.timedelta(hours=1)
    theirs = catalogue.state.lists.hand_over(
        [ListItem("two"), ListItem("one")], origin="visitor", lang="nl", expires=later
    )
    page = desk.get(f"/desk/fr/advise/list/{theirs.code}").text
    assert "/change" not in page
    answer = desk.post("/desk/fr/advise/", data={"do": "take-over", "from": theirs.code})
    assert listed(answer.text) == ["two", "one"]
    assert re.search(r'<option value="nl"[^>]* selected', answer.text)


# --- codes that are typed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("between", ["", " ", "-", ".", "\N{NO-BREAK SPACE}"])
def test_a_code_opens_however_it_is_typed(desk: TestClient, between: str) -> None:
    code = make(desk, "one")
    typed = between.join((code[:3], code[3:6], code[6:]))
    answer = desk.post("/desk/fr/advise/", data={"do": "open", "code": typed}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/fr/advise/list/{code}")


def test_unknown_expired_and_short_codes_are_said_kindly(desk: TestClient, catalogue: Catalogue) -> None:
    past = catalogue.now() - datetime.timedelta(days=2)
    old = catalogue.state.lists.hand_over([ListItem("one")], origin="group", lang="fr", expires=past)
    for typed, status, message in (
        (old.code, 410, "Demandez"),
        (f"{(int(old.code) + 1) % 10**9:09}", 404, "ne connaissons pas ce code"),
        ("12345", 400, "neuf chiffres"),
        ("", 400, "neuf chiffres"),
    ):
        answer = desk.post("/desk/fr/advise/", data={"do": "open", "code": typed})
        assert answer.status_code == status
        assert message in answer.text
        assert f'value="{typed}"' in answer.text


def test_guesses_are_slowed(desk: TestClient) -> None:
    code = make(desk, "one")
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    with patch("catalogue.web.throttle.anyio.sleep", sleep):
        for guess in range(12):
            desk.post("/desk/fr/advise/", data={"do": "open", "code": f"{(int(code) + 1 + guess) % 10**9:09}"})
    assert sum(waited) > 10


# --- the sheet ---------------------------------------------------------------------------------------------------


def test_a_sheet_in_each_language(catalogue: Catalogue) -> None:
    for lang, why, beside in (("fr", "Gratuit", ["nl"]), ("nl", "Gratis", ["fr"]), ("en", "Free", ["fr", "nl"])):
        made = sheet.make_sheet(
            catalogue, handed(lang, ("one", "free"), ("three", ""), ("four", "")), "https://x.org/a"
        )
        first, third, fourth = made.items
        assert first.why.text == why
        assert {title.lang for title in first.titles} == {"fr", "nl"}
        assert [other.lang for other in made.title.others] == beside
        assert third.address == "example.org/…"
        assert fourth.phone == "02 000 00 00"
        assert made.link == "x.org/a"


def test_copies_in_the_readers_language_come_first_and_the_walk_follows_the_shelves(catalogue: Catalogue) -> None:
    made = sheet.make_sheet(catalogue, handed("fr", ("one", ""), ("two", "")), "https://x.org/a")
    assert [place.mark for place in made.items[0].places] == ["W2.12", "W2.7"]
    assert [bool(place.language) for place in made.items[0].places] == [False, True]
    assert [bool(place.shelf) for place in made.items[0].places] == [True, False]
    assert [(step.place.mark, step.numbers) for step in made.walk] == [("K1.3", (2,)), ("W2.12", (1,))]


def test_a_shelf_is_walked_by_number_not_by_letter(catalogue: Catalogue, add: AddRecord) -> None:
    for number in (10, 9, 100):
        add(f"shelf-{number}", f"holdings: [{{shelf: K1.{number}}}]")
    catalogue.refresh()
    items = [(f"shelf-{number}", "") for number in (100, 9, 10)]
    made = sheet.make_sheet(catalogue, handed("fr", *items), "https://x.org/a")
    assert [step.place.mark for step in made.walk] == ["K1.9", "K1.10", "K1.100"]


def handed(lang: str, *items: tuple[str, str]) -> HandedList:
    now = datetime.datetime(2026, 11, 23, 10)
    return HandedList("123456789", "advisor", lang, tuple(ListItem(*item) for item in items), now, now)
