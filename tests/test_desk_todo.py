"""The to-do lists at the desk: counts on the home page, lists worked through, put aside and back; who may."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from catalogue.errors import NotFound
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.state import Account
from catalogue.todo import LISTS
from catalogue.web.desk import todo_strip
from tests.conftest import AddRecord, write
from tests.desk_site import DeskSite, desk_site

SignIn = Callable[[str], TestClient]


@pytest.fixture
def site(settings: Settings, add: AddRecord) -> Iterator[DeskSite]:
    """A site with something on most lists."""
    for id, title in (("alpha", "Premier titre"), ("beta", "Second titre"), ("gamma", "Troisième titre")):
        add(id, f"title: {{fr: {title}}}", f"holdings: [{{url: 'https://{id}.be/'}}]")
    add("broken", "knd: x")
    add("doubt", "sectors: [helth]", "checked: 2026-01-01", "holdings: [{shelf: K1.1}]")
    with desk_site(settings) as opened:
        yield opened


@pytest.fixture
def running(site: DeskSite) -> Catalogue:
    return site.catalogue


@pytest.fixture
def sign_in(site: DeskSite) -> SignIn:
    """``sign_in("dirk")`` opens the desk in a browser of theirs."""
    return lambda name: site.browser(name, follow_redirects=True)


def counts(client: TestClient) -> dict[str, str]:
    page = client.get("/desk/fr/").text
    return dict(re.findall(r'href="/desk/fr/todo/([\w-]+)"><strong class="count">([^<]+)<', page))


def keys(client: TestClient, name: str, lang: str = "fr") -> list[str]:
    page = client.get(f"/desk/{lang}/todo/{name}").text
    waiting = page.partition("todo-aside")[0].partition("todo-rows")[2]
    return [html.unescape(key) for key in re.findall(r'name="key" value="([^"]+)"', waiting)]


def press(client: TestClient, name: str, do: str, key: str, next: str = "") -> str:
    data = {"do": do, "key": key, "next": next}
    answer = client.post(f"/desk/fr/todo/{name}", data=data, follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"]


@pytest.mark.parametrize("name", ["dirk", "piet"])
def test_the_home_counts_what_waits(sign_in: SignIn, name: str) -> None:
    assert counts(sign_in(name)) == {"faults": "1", "terms": "1", "to-dutch": "3", "unchecked": "3"}


def test_advisors_have_no_lists(sign_in: SignIn) -> None:
    marie = sign_in("marie")
    assert not counts(marie)
    assert "/todo/" not in marie.get("/desk/fr/").text
    assert marie.get("/desk/fr/todo/drafts").status_code == 403
    assert marie.post("/desk/fr/todo/drafts", data={"do": "aside", "key": "x"}).status_code == 403


def test_nobody_sees_a_list_without_signing_in(site: DeskSite) -> None:
    assert site.browser().get("/desk/fr/todo/drafts").status_code == 303


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_every_list_has_its_page(sign_in: SignIn, running: Catalogue, lang: str) -> None:
    running.state.report_problem("alpha", "shelf")
    running.state.flush()
    running.state.drafts.put("dirk", "new/1", [("title.fr", "Nouveau")])
    dirk, headings = sign_in("dirk"), set()
    for name in LISTS:
        answer = dirk.get(f"/desk/{lang}/todo/{name}")
        assert answer.status_code == 200
        headings |= set(re.findall("<h1>(.+) <span", answer.text))
    assert len(headings) == len(LISTS), "each has its own name"


@pytest.mark.parametrize("name", ["nothing", "to-dutch~1", "drafts/x", "%2e%2e"])
def test_other_lists_are_not_there(sign_in: SignIn, name: str) -> None:
    assert sign_in("dirk").get(f"/desk/fr/todo/{name}").status_code == 404


def test_put_aside_and_back(sign_in: SignIn) -> None:
    dirk, piet = sign_in("dirk"), sign_in("piet")
    first = keys(dirk, "unchecked")[0]
    after = press(dirk, "unchecked", "aside", first)
    assert first not in keys(piet, "unchecked"), "for everybody"
    assert counts(piet)["unchecked"] == "2"
    page = dirk.get(after).text
    assert "Mis de côté par dirk" in page
    assert f'value="{first}"' in page, "and can be undone"
    press(piet, "unchecked", "back", first)
    assert first in keys(dirk, "unchecked")


@pytest.mark.parametrize(("do", "key"), [("aside", "not on the list"), ("burn", "alpha"), ("", "")])
def test_only_what_stands_there_is_put_aside(sign_in: SignIn, running: Catalogue, do: str, key: str) -> None:
    answer = sign_in("dirk").post("/desk/fr/todo/unchecked", data={"do": do, "key": key})
    assert answer.status_code == 404
    assert not running.state.dismissals.all()


def test_afterwards_one_stays_at_the_desk(sign_in: SignIn) -> None:
    dirk = sign_in("dirk")
    there = press(dirk, "unchecked", "aside", "alpha", "/desk/fr/records/beta?from=unchecked~0")
    assert there == "/desk/fr/records/beta?from=unchecked~0&aside=alpha"
    assert press(dirk, "unchecked", "back", "alpha", "https://elsewhere.example/") == "/desk/fr/"


def test_what_visitors_reported_comes_back_when_it_is_reported_again(sign_in: SignIn, running: Catalogue) -> None:
    dirk = sign_in("dirk")
    running.state.report_problem("alpha", "link")
    running.state.flush()
    (key,) = keys(dirk, "reports")
    press(dirk, "reports", "aside", key)
    assert keys(dirk, "reports") == []
    running.state.report_problem("alpha", "link")
    running.state.flush()
    (again,) = keys(dirk, "reports")
    assert again != key
    assert "2×" in dirk.get("/desk/fr/todo/reports").text


def test_edits_are_one_s_own(sign_in: SignIn, running: Catalogue) -> None:
    running.state.drafts.put("dirk", "record/alpha", [("title.fr", "Autre")])
    running.state.drafts.put("dirk", "new/1", [("title.fr", "<b>Nouveau")])
    assert len(keys(sign_in("dirk"), "edits")) == 2
    assert keys(sign_in("piet"), "edits") == []
    page = sign_in("dirk").get("/desk/fr/todo/edits").text
    assert "&lt;b&gt;Nouveau" in page
    assert "records/new?draft=new%2F1&amp;from=edits~0" in page


def test_a_file_with_an_error_is_named_with_its_line(sign_in: SignIn) -> None:
    page = sign_in("dirk").get("/desk/nl/todo/faults").text
    assert "records/broken.yaml" in page
    assert "regel 6 · knd" in page
    assert "/desk/nl/records/broken/history?from=faults~0" in page


def test_translations_by_field(sign_in: SignIn, running: Catalogue, add: AddRecord) -> None:
    add("delta", "summary: {fr: Un résumé}")
    running.refresh()
    page = sign_in("dirk").get("/desk/fr/todo/to-dutch.summary").text
    assert re.findall(r'aria-current="page">([^<]+)<', page) == ["Résumé "]
    assert 'records/delta?from=to-dutch.summary~0"' in page
    assert "records/alpha" not in page


def test_a_long_list_has_pages(sign_in: SignIn, running: Catalogue, add: AddRecord) -> None:
    for number in range(150):
        add(f"more-{number:03}")
    running.refresh()
    dirk = sign_in("dirk")
    first, second = (set(keys(dirk, f"unchecked?page={number}")) for number in (1, 2))
    assert (len(first), len(second)) == (100, 53)
    assert not first & second
    assert set(keys(dirk, "unchecked?page=99")) == second
    assert set(keys(dirk, "unchecked?page=x")) == first


# --- one after the other ------------------------------------------------------------------------------------------


DIRK = Account("dirk", "documentalist", False, datetime.date(2026, 1, 1))


def test_neighbours(running: Catalogue) -> None:
    def around(list: str, id: str) -> tuple[str, int, int, str]:
        found = todo_strip.neighbours(running, list, id, DIRK)
        before, after = (pair[1].id if pair else "" for pair in (found.previous, found.next))
        return before, found.place, found.count, after

    assert around("unchecked", "alpha") == ("", 0, 3, "beta")
    assert around("unchecked", "beta") == ("alpha", 1, 3, "gamma")
    assert around("unchecked~0", "gamma") == ("beta", 2, 3, "")
    assert around("unchecked~1", "done") == ("alpha", 1, 3, "beta"), "what came in its place is next"
    assert around("unchecked~99", "done") == ("gamma", 3, 3, "")
    assert around("unchecked~x", "done") == ("", 0, 3, "alpha")
    assert around("drafts", "alpha") == ("", 0, 0, "")
    with pytest.raises(NotFound):
        todo_strip.neighbours(running, "nothing", "alpha", DIRK)


def test_the_strip_leads_on_and_puts_aside(sign_in: SignIn, running: Catalogue, add: AddRecord) -> None:
    for id in ("pair-a", "pair-b", "pair-c"):
        add(id, "title: {fr: Un titre long, nl: Een titel}", "holdings: [{shelf: K1.1}]")
    running.refresh()
    dirk = sign_in("dirk")
    page = dirk.get("/desk/fr/duplicates/pair-a/pair-c?from=duplicates~1").text
    strip = page.partition('class="todo-strip"')[2].partition("</nav>")[0]
    assert "2 sur 3" in strip
    assert re.findall(r'class="button" href="([^"]+)"', strip) == [
        "/desk/fr/duplicates/pair-a/pair-b?from=duplicates~0",
        "/desk/fr/duplicates/pair-b/pair-c?from=duplicates~2",
    ]
    after = press(dirk, "duplicates", "aside", "pair-a pair-c", "/desk/fr/duplicates/pair-b/pair-c?from=duplicates~2")
    page = dirk.get(after).text
    assert "2 sur 2" in page
    assert 'value="pair-a pair-c"' in page, "the last one can be put back from here"
    assert "todo-strip" not in dirk.get("/desk/fr/duplicates/pair-a/pair-b").text
    assert "todo-strip" not in dirk.get("/desk/fr/duplicates/pair-a/pair-b?from=nonsense").text


def test_a_database_that_does_not_answer_is_said(sign_in: SignIn, running: Catalogue, tmp_path: Path) -> None:
    dirk = sign_in("dirk")
    write(tmp_path / "var" / "other", "x")
    running.state._release()
    assert dirk.get("/desk/fr/todo/drafts").status_code == 503
