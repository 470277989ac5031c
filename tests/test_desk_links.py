"""The page of links at the desk: what it lists, what each button does to records, to the run, to what is known."""

from __future__ import annotations

import datetime
import html
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from catalogue import cli
from catalogue.errors import Unavailable
from catalogue.i18n import languages
from catalogue.links.asking import Manners
from catalogue.links.checks import KIND, RUNNING, LinkChecks, manners_of
from catalogue.links.collected import collected
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.state import LinkState
from tests.at_desk import shown
from tests.conftest import AddRecord, write
from tests.desk_site import DeskSite
from tests.link_hosts import Hosts, hosts

OLD, NEW = "https://old.example/a", "https://new.example/a"
DEAD, ODD = "https://dead.example/x", "https://odd.example/x"
TERM = "https://term.example/"
TODAY = datetime.datetime.now()
DAY = TODAY.date()


@pytest.fixture
def web() -> Iterator[Hosts]:
    with hosts() as running:
        yield running


@dataclass
class Site:
    """The desk of a small centre with links of every verdict."""

    catalogue: Catalogue
    client: TestClient
    checks: LinkChecks

    def page(self, query: str = "", lang: str = "nl") -> str:
        answer = self.client.get(f"/desk/{lang}/links/{query}")
        assert answer.status_code == 200
        return html.unescape(answer.text)

    def do(self, act: str, url: str = "", status: int = 303, **form: str) -> str:
        """Press a button; return where one is led, or the page."""
        answer = self.client.post("/desk/nl/links/", data={"act": act, "url": url, **form}, follow_redirects=False)
        assert answer.status_code == status, answer.text
        return answer.headers["location"] if status == 303 else html.unescape(answer.text)

    def undo(self, location: str) -> None:
        """Press “undo” on the page to which a button led."""
        (action,) = parse_qs(urlsplit(location).query)["action"]
        assert f'action="/desk/nl/actions/{action}/undo"' in self.client.get(location).text
        assert self.client.post(f"/desk/nl/actions/{action}/undo", follow_redirects=False).status_code == 303

    def verdict(self, url: str) -> str:
        return self.catalogue.state.links.all()[url].verdict


@pytest.fixture
def site(catalogue_of: Callable[[], Catalogue], add: AddRecord, centre: Path, web: Hosts) -> Iterator[Site]:
    add(
        "both", f"holdings: [{{url: '{OLD}', language: fr}}, {{url: '{DEAD}'}}, {{shelf: K1.1}}]", "checked: 2025-03-04"
    )
    add("one", f"holdings: [{{url: '{OLD}'}}, {{url: '{OLD}b', language: nl}}]", f"body: {{fr: 'Voir <{OLD}>.'}}")
    add("odd", f"holdings: [{{url: '{ODD}'}}]", "status: draft")
    write(centre / "vocabularies" / "publishers.yaml", f"- {{id: siep, labels: {{fr: Le Siep}}, url: '{TERM}'}}\n")
    catalogue = catalogue_of()
    client = DeskSite.of(catalogue).browser("dirk", follow_redirects=True)
    app: Any = client.app
    checks: LinkChecks = app.app.state.links
    checks.manners = lambda: Manners(delay=0.0, inside=True)
    known = LinkState(OLD, "moved", DAY, TODAY, status=200, target=NEW, answered=DAY)
    catalogue.state.links.put(
        [
            known,
            replace(known, url=f"{OLD}b", target=f"{NEW}b"),
            LinkState(DEAD, "broken", datetime.date(2026, 1, 2), TODAY, "404", 404, failures=4),
            LinkState(ODD, "unknown", DAY, TODAY, "403", 403, answered=datetime.date(2025, 12, 31)),
            LinkState(TERM, "perhaps-gone", DAY, TODAY, "words", 200),
            LinkState("https://nobody.example/", "broken", DAY, TODAY, "410", 410, failures=3),
        ]
    )
    yield Site(catalogue, client, checks)
    checks.close()


@pytest.fixture
def catalogue_of(settings: Settings) -> Iterator[Callable[[], Catalogue]]:
    opened: list[Catalogue] = []

    def open_it() -> Catalogue:
        opened.append(Catalogue.open(settings))
        return opened[-1]

    yield open_it
    for one in opened:
        one.close()


# --- what is shown ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("fr", ("Rompu", "n'existe pas (404), 4 jours différents", "Depuis le 2 janvier 2026", "N'a jamais répondu")),
        ("nl", ("Verbroken", "er niet is (404), op 4 verschillende dagen", "Sinds 2 januari 2026", "Heeft nog nooit")),
    ],
)
def test_what_is_broken_comes_first_with_since_when_and_where_it_stands(
    site: Site, lang: str, words: tuple[str, ...]
) -> None:
    page = site.page(lang=lang)
    assert all(word in page for word in words)
    assert f'href="{DEAD}"' in page
    assert f'href="/desk/{lang}/records/both"' in page
    assert "nobody.example" not in page, "no record names it any more"
    assert OLD not in page


def test_each_part_lists_its_own(site: Site) -> None:
    moved, unknown, perhaps = (site.page(f"?show={name}") for name in ("moved", "unknown", "perhaps-gone"))
    assert f'value="{NEW}"' in moved
    assert DEAD not in moved
    assert "Antwoordde op 31 december 2025" in unknown
    assert "laat geen programma's binnen" in unknown
    assert "(Concept)" in unknown
    assert 'href="/desk/nl/words/publishers/siep"' in perhaps
    assert "Hier is niets te doen" in site.page("?show=suspended")
    assert DEAD in site.page("?show=no-such-part&page=x")


def test_the_desk_counts_what_is_broken_or_perhaps_gone(site: Site) -> None:
    text = shown(site.client.get("/desk/nl/").text)
    assert "2 Verbroken links" in text


def test_the_form_shows_apart_when_the_content_and_the_links_were_checked(site: Site) -> None:
    text = shown(html.unescape(site.client.get("/desk/fr/records/both").text))
    assert "Contenu vérifié par une personne le 4 mars 2025" in text
    assert f"old.example – Déplacé. Il mène définitivement ailleurs : A répondu le {languages()['fr'].day(DAY)}" in text
    assert "dead.example – Rompu." in text
    public = site.client.get("/fr/record/both").text
    assert "Vérifié en mars 2025" in public
    assert "répondu" not in public


# --- what is done -------------------------------------------------------------------------------------------------


def test_an_address_is_replaced_wherever_records_name_it_and_that_is_undone(site: Site, centre: Path) -> None:
    before = {path.name: path.read_bytes() for path in (centre / "records").iterdir()}
    site.checks.jobs.add(KIND, "", RUNNING, {"urls": ["x"]})  # another run goes on: the new one is not asked now
    led = site.do("replace", OLD, new=NEW, show="moved")
    text = (centre / "records" / "both.yaml").read_text() + (centre / "records" / "one.yaml").read_text()
    assert text.count(NEW) == 3
    assert f"{OLD}b" in text
    assert f"<{NEW}>" in text
    site.undo(led)
    assert {path.name: path.read_bytes() for path in (centre / "records").iterdir()} == before


def test_an_address_is_replaced_among_words_in_texts_and_of_the_centre(site: Site, centre: Path) -> None:
    files = [centre / "vocabularies" / "publishers.yaml", centre / "pages" / "help.yaml", centre / "centre.yaml"]
    write(files[1], f"title: {{fr: A, nl: A}}\n# why\nbody: {{fr: 'Voir [x]({TERM}).', nl: 'Zie {TERM}y'}}\n")
    write(files[2], f"name: {{fr: C, nl: C}} # ours\nwebsite: {TERM}\n")
    site.catalogue.refresh()
    before = [path.read_text() for path in files]
    site.checks.jobs.add(KIND, "", RUNNING, {"urls": ["x"]})
    led = site.do("replace", TERM, new=NEW)
    site.catalogue.refresh()
    assert [path.read_text() for path in files] == [
        text.replace(f"'{TERM}'", NEW).replace(f"({TERM})", f"({NEW})").replace(f" {TERM}\n", f" {NEW}\n")
        for text in before
    ]
    site.undo(led)
    assert [path.read_text() for path in files] == before


@pytest.mark.parametrize("new", ["", "www.example.org", "javascript:alert(1)", "https://a b"])
def test_what_is_no_address_is_said_beside_the_box(site: Site, new: str) -> None:
    page = site.do("replace", OLD, 422, new=new, show="moved")
    assert "is geen webadres" in page
    assert re.search(r'aria-invalid="true" aria-describedby="wrong-1"', page)
    assert '<details class="link-deeds" open>' in page


def test_a_suspended_link_is_hidden_from_visitors_alone(site: Site) -> None:
    led = site.do("suspend", DEAD, show="broken")
    record = site.catalogue.record("both")
    assert [way.suspended for way in record.holdings] == [None, DAY, None]
    assert record.forms == ("link", "shelf")
    for page in ("/nl/record/both", "/nl/record/both.json", "/fr/search?q=both", "/nl/new"):
        assert "dead.example" not in site.client.get(page).text, page
    assert "old.example" in site.client.get("/nl/record/both").text
    assert "Opgeschort sinds" in site.page("?show=suspended")
    assert "dead.example" in site.client.get("/desk/nl/records/both").text
    site.undo(led)
    assert "dead.example" in site.client.get("/nl/record/both").text
    for act in ("offer", "replace"):  # another address is another chance
        site.do("suspend", DEAD)
        assert any(way.suspended for way in site.catalogue.record("both").holdings)
        site.do(act, DEAD, new=f"{DEAD}y")
        assert not any(way.suspended for way in site.catalogue.record("both").holdings)


def test_a_record_whose_only_link_is_suspended_is_no_longer_found_among_links(site: Site) -> None:
    for url in (OLD, f"{OLD}b"):
        site.do("suspend", url)
    assert site.catalogue.record("one").forms == ()
    assert '"one"' not in site.client.get("/api/search?format=link").text


def test_a_record_is_weeded_only_where_it_names_the_link(site: Site) -> None:
    assert site.do("withdraw:one", DEAD, 404)
    led = site.do("withdraw:both", DEAD)
    assert site.client.get("/nl/record/both").status_code == 410
    site.undo(led)
    assert site.client.get("/nl/record/both").status_code == 200


def test_somebody_who_looked_is_believed_and_named(site: Site) -> None:
    site.do("works", DEAD)
    known = site.catalogue.state.links.all()[DEAD]
    assert (known.verdict, known.answered, known.account, known.failures) == ("answers", DAY, "dirk", 0)
    assert "Verbroken" in site.page()
    assert DEAD not in site.page()


def test_only_what_is_named_can_be_asked_for(site: Site) -> None:
    for act in ("works", "again", "replace", "suspend", "offer", "withdraw:one", "delete", ""):
        site.do(act, "https://nobody.example/", 404, new=NEW)


def test_what_a_host_moved_is_replaced_together_as_far_as_it_stays_ticked(site: Site) -> None:
    assert 'href="/desk/nl/links/moved/old.example"' in site.page("?show=moved")
    page = html.unescape(site.client.get("/desk/nl/links/moved/old.example").text)
    assert page.count('name="pair"') == 2
    pairs = [f"{OLD}b {NEW}b", f"{DEAD} https://evil.example/", f"{OLD} https://evil.example/"]
    led = site.client.post("/desk/nl/links/moved/old.example", data={"pair": pairs}, follow_redirects=False)
    holdings = {id: [way.url for way in site.catalogue.record(id).holdings] for id in ("both", "one")}
    assert holdings == {"both": [OLD, DEAD, ""], "one": [OLD, f"{NEW}b"]}
    site.undo(led.headers["location"])
    assert [way.url for way in site.catalogue.record("one").holdings] == [OLD, f"{OLD}b"]
    nothing = site.client.post("/desk/nl/links/moved/old.example", data={}, follow_redirects=False)
    assert "action" not in nothing.headers["location"]
    gone = site.client.get("/desk/nl/links/moved/elsewhere.example", follow_redirects=False)
    assert gone.headers["location"] == "/desk/nl/links/?show=moved"


# --- runs ---------------------------------------------------------------------------------------------------------


def test_one_link_is_looked_at_again_at_once(site: Site, add: AddRecord, web: Hosts) -> None:
    add("local", f"holdings: [{{url: '{web.at('/page')}'}}]")
    site.catalogue.refresh()
    led = site.do("again", web.at("/page"))
    assert led == "/desk/nl/links/?did=looked"
    assert site.verdict(web.at("/page")) == "answers"
    assert site.checks.running() is None
    assert site.checks.last() is None, "that was no run over everything"


def test_offline_is_said_and_nothing_noted(site: Site, add: AddRecord) -> None:
    nowhere = "http://127.0.1.1:9/"
    add("local", f"holdings: [{{url: '{nowhere}'}}]")
    site.catalogue.refresh()
    before = site.catalogue.state.links.all()
    site.catalogue.state.links.forget(before)
    assert "geen toegang tot het internet" in site.do("again", nowhere, 422)
    assert not site.catalogue.state.links.all()


def test_a_run_without_the_net_says_so_until_the_next_and_is_none(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.checks.manners = lambda: Manners(delay=0.0, silence=1.0, longest=1.0)

    def nameless(*_args: object, **_named: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "no name")

    monkeypatch.setattr("asyncio.base_events.socket.getaddrinfo", nameless)
    before = site.catalogue.state.links.all()
    site.do("run")
    thread = site.checks._sole._thread
    assert thread
    thread.join(20)
    page = site.page()
    assert "geen toegang tot het internet" in page
    assert "nog nooit allemaal bekeken" in page
    assert site.catalogue.state.links.all() == before


def test_a_run_shows_how_far_it_is_can_be_stopped_and_gone_on_with(
    site: Site, add: AddRecord, web: Hosts, centre: Path
) -> None:
    for id in ("both", "one", "odd"):
        (centre / "records" / f"{id}.yaml").unlink()
    write(centre / "vocabularies" / "publishers.yaml", "- {id: siep, labels: {fr: Le Siep}}\n")
    ways = ", ".join(f"{{url: '{web.at(f'/film?{n}')}'}}" for n in range(30))
    add("local", f"holdings: [{ways}]")
    site.catalogue.refresh()
    web.seen.pause = 0.05
    assert site.do("run") == "/desk/nl/links/"
    page = site.page()
    assert 'id="progress"' in page
    assert 'value="stop"' in page
    site.do("stop")
    thread = site.checks._sole._thread
    assert thread
    thread.join(10)
    assert [job.state for job in site.checks.jobs.of(KIND)] == ["stopped"]
    looked = [url for url in site.catalogue.state.links.all() if "film" in url]
    assert len(looked) < 30
    web.seen.pause = 0
    site.do("run")
    thread = site.checks._sole._thread
    assert thread
    thread.join(30)
    assert [job.state for job in site.checks.jobs.of(KIND)] == ["done", "stopped"]
    assert sum("film" in url for url in site.catalogue.state.links.all()) == 30
    assert "30 links antwoorden" in shown(site.page())


def test_a_run_that_was_cut_short_is_gone_on_with_at_the_next_start(site: Site, add: AddRecord, web: Hosts) -> None:
    job = site.checks.jobs.add(KIND, "dirk", RUNNING, {"urls": [web.at("/page"), web.at("/film")]})
    done = LinkState(web.at("/film"), "answers", DAY, TODAY, run=job.id)
    site.catalogue.state.links.put([done])
    assert 'value="go-on"' in site.page()
    site.checks.resume()
    thread = site.checks._sole._thread
    assert thread
    thread.join(10)
    assert site.checks.jobs.get(job.id).state == "done"
    assert not web.seen.methods("/film")
    assert site.verdict(web.at("/page")) == "answers"


def test_two_runs_never_go_on_at_once(site: Site, web: Hosts, settings: Settings) -> None:
    job = site.checks.begin("dirk", [web.at("/film")])
    other = LinkChecks(site.catalogue, settings.var, lambda: Manners(inside=True))
    with site.checks._sole.alone(5):  # as it holds while it goes on
        assert other.begin("piet").id == job.id
        assert other.is_active
        with pytest.raises(Unavailable, match="already"):
            other.work(job.id)
    assert other.work(job.id).state == "done"
    assert web.seen.methods("/film")


def test_everything_that_is_named_is_looked_at_and_nothing_else(site: Site, add: AddRecord, centre: Path) -> None:
    add("gone", "holdings: [{url: 'https://gone.example/'}]", "status: withdrawn")
    add(
        "talk",
        "kind: event",
        "dates: [{start: 2020-01-01, register: 'https://past.example/'}, {start: 2099-01-01, register: 'https://to.be/'}]",
    )
    write(centre / "pages" / "help.yaml", "title: {fr: A, nl: A}\nbody: {fr: '[x](https://page.example/y).', nl: A}\n")
    write(centre / "centre.yaml", "name: {fr: C, nl: C}\nwebsite: https://centre.example\n")
    site.catalogue.refresh()
    found = collected(site.catalogue.contents, DAY)
    assert found.keys() == {
        OLD,
        f"{OLD}b",
        DEAD,
        ODD,
        TERM,
        "https://to.be/",
        "https://page.example/y",
        "https://centre.example",
        "https://example.org",
    }
    assert manners_of(site.catalogue).agent.endswith("(+https://centre.example)")
    assert manners_of(site.catalogue, "mailto:x@y.be").agent.endswith("(+mailto:x@y.be)")


# --- the command --------------------------------------------------------------------------------------------------


@pytest.fixture
def command(
    settings: Settings, centre: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    monkeypatch.setenv("CATALOGUE_RESOURCES", str(centre))
    monkeypatch.setenv("CATALOGUE_STATE", settings.state)
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setattr(
        "catalogue.link_commands.manners_of", lambda *_: Manners(delay=0.0, silence=1.0, longest=2.0, inside=True)
    )

    def run(*arguments: str) -> tuple[int, str]:
        status = cli.main(["links", *arguments])
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


def test_the_command_looks_at_all_and_lists_what_is_broken(
    command: Callable[..., tuple[int, str]], add: AddRecord, web: Hosts
) -> None:
    add("one", f"holdings: [{{url: '{web.at('/page')}'}}, {{url: '{web.at('/soft')}'}}, {{url: '{web.at('/404')}'}}]")
    status, said = command()
    assert status == 0
    assert said.splitlines() == [
        f"Perhaps gone: {web.at('/soft')}  one",
        *sorted(["Answers: 1", "Perhaps gone: 1", "Cannot be told: 1"], key=said.index),
    ]
    assert command("--list")[1].splitlines()[-1] == "3 addresses"
    assert command("--hosts")[1].splitlines() == ["127.0.0.1  one", "1 address"]


def test_the_command_says_that_this_machine_is_offline(command: Callable[..., tuple[int, str]], add: AddRecord) -> None:
    add("one", "holdings: [{url: 'http://127.0.1.1:9/'}]")
    status, said = command()
    assert status == 1
    assert "no access to the internet" in said
