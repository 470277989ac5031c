"""The desk’s page of other catalogues over HTTP: sources, a run begun and stopped, what to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from catalogue.exchange.sources import FILE
from catalogue.harvest.asking import Pace
from catalogue.settings import Settings
from tests.conftest import write
from tests.desk_site import DeskSite, desk_site
from tests.oai_providers import Says, Script, provider
from tests.test_harvest_runs import given, page
from tests.waiting import until

SOURCES = """- {{id: far, url: "{url}", mark: Ville de Liège, defaults: {{kind: guide, themes: work}}}}
- {{id: away, url: "https://away.example/oai", mark: Loin, set: "theme:work", paused: true}}
"""


@pytest.fixture
def script(centre: Path) -> Iterator[Script]:
    with provider() as running:
        write(centre / FILE, SOURCES.format(url=running.url))
        yield running


@pytest.fixture
def site(settings: Settings, script: Script) -> Iterator[DeskSite]:
    with desk_site(settings) as opened, patch("catalogue.web.app.pace_of", lambda *_: Pace(delay=0, inside=True)):
        yield opened


@pytest.mark.parametrize(
    ("lang", "words"),
    [("fr", ("Autres catalogues", "Pas encore moissonnée", "En pause")), ("nl", ("Nog niet geoogst", "Gepauzeerd"))],
)
def test_the_sources_are_listed_with_what_is_wrong_in_their_file(
    site: DeskSite, centre: Path, lang: str, words: tuple[str, ...]
) -> None:
    shown = site.browser("dirk").get(f"/desk/{lang}/harvest/").text
    assert all(word in shown for word in ("Ville de Liège", "theme:work", *words))
    write(centre / FILE, "- {id: xx, url: https://x.example, mark: X}\n- {id: yy}\n")
    site.catalogue.refresh()
    shown = site.browser("dirk").get(f"/desk/{lang}/harvest/").text
    assert f"resources/{FILE}:2" in shown and "https://x.example" in shown
    (centre / FILE).unlink()
    assert "catalogue harvest add" in site.browser("dirk").get(f"/desk/{lang}/harvest/").text


def test_a_run_is_begun_told_and_leads_to_what_it_changed(site: DeskSite, script: Script) -> None:
    script.says = [page(given("1", title_fr="Un"), given("2"), given("3", title_fr="Trois", date="3000"))]
    browser = site.browser("dirk")
    assert browser.post("/desk/fr/harvest/", data={"act": "run:far"}).status_code == 303
    until(lambda: "Complète" in browser.get("/desk/fr/harvest/").text)
    shown = browser.get("/desk/fr/harvest/").text
    assert "2 notices en sont connues" in shown
    assert "oai:x:2" in shown and "n’a pas de titre" in shown
    (action,) = re.findall(r'href="/desk/fr/actions/(\d+)"', shown)
    assert "Ville de Liège" in browser.get(f"/desk/fr/actions/{action}").text
    assert site.catalogue.state.history.action(int(action)).account == "dirk"


def test_a_run_is_stopped_and_an_unknown_source_is_told(site: DeskSite, script: Script) -> None:
    browser, harvests = site.browser("dirk"), site.app.app.state.harvests  # type: ignore[attr-defined]
    harvests.begin(harvests.source("far"))
    assert "Bezig" in browser.get("/desk/nl/harvest/").text
    assert browser.post("/desk/nl/harvest/", data={"act": "stop:far"}).status_code == 303
    assert "Afgebroken" in browser.get("/desk/nl/harvest/").text
    answer = browser.post("/desk/nl/harvest/", data={"act": "run:nobody"})
    assert answer.status_code == 422 and "nobody" in answer.text
    script.says = [Says(status=404)]
    harvests.work(harvests.begin(harvests.source("far")).id)
    assert "HTTP-fout 404" in browser.get("/desk/nl/harvest/").text
    assert site.browser("marie").get("/desk/nl/harvest/").status_code == 403
