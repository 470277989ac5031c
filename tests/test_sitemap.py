"""The sitemap, robots.txt and the OpenSearch description: whole, in every language, of the public pages only."""

from __future__ import annotations

import dataclasses
import urllib.robotparser
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from catalogue.i18n import languages
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.web.app import create_app
from catalogue.web.machine import sitemap
from catalogue.web.machine.opensearch import NAMESPACE
from tests.conftest import AddRecord, write

SITE = "https://centre.example"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml", "o": NAMESPACE}


@pytest.fixture
def client(settings: Settings, add: AddRecord, centre: Path) -> Iterator[TestClient]:
    add("one", "occupations: [nurse]", "added: 2026-10-01", "checked: 2026-11-02")
    add("two")
    add("draft", "status: draft")
    add("gone", "status: withdrawn")
    write(
        centre / "lists" / "first.yaml",
        "kind: selection\ntitle: {fr: Un, nl: Een}\nfrom: 2026-01-01\nitems: [{id: one}]\n",
    )
    settings = dataclasses.replace(settings, public_url=SITE)
    with TestClient(create_app(Catalogue.open(settings), watch=False)) as opened:
        yield opened


def entries(content: bytes) -> dict[str, ElementTree.Element]:
    found = ElementTree.fromstring(content).findall("s:url", NAMES)
    return {each.findtext("s:loc", "", NAMES): each for each in found}


def test_every_public_page_is_there_in_every_language(client: TestClient) -> None:
    answer = client.get("/sitemap.xml")
    found = entries(answer.content)
    assert answer.headers["content-type"].startswith("application/xml")
    for lang in languages():
        paths = {url.removeprefix(f"{SITE}/{lang}/") for url in found if url.startswith(f"{SITE}/{lang}/")}
        assert {"", "record/one", "record/two", "theme/work", "occupation/nurse", "help", "new"} <= paths
        assert "selection/first" in paths
        assert not {path for path in paths if "draft" in path or "gone" in path}
        assert len(paths) * len(languages()) == len(found)
    for url in found:
        assert client.get(url.removeprefix(SITE)).status_code == 200, url


def test_each_page_names_itself_in_the_other_languages(client: TestClient) -> None:
    found = entries(client.get("/sitemap.xml").content)
    record = found[f"{SITE}/nl/record/one"]
    others = {link.get("hreflang"): link.get("href") for link in record.iterfind("x:link", NAMES)}
    assert others == {lang: f"{SITE}/{lang}/record/one" for lang in languages()}
    assert record.findtext("s:lastmod", "", NAMES) == "2026-11-02"
    assert found[f"{SITE}/nl/record/two"].find("s:lastmod", NAMES) is None


def test_a_large_one_is_an_index_of_files_that_have_all(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = entries(client.get("/sitemap.xml").content)
    monkeypatch.setattr(sitemap, "PER_FILE", 4)
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)
    files = [each.text or "" for each in index.iterfind("s:sitemap/s:loc", NAMES)]
    parts = [entries(client.get(file.removeprefix(SITE)).content) for file in files]
    assert len(files) > 3
    assert sum(map(len, parts)) == len(whole)
    assert set().union(*parts) == set(whole)
    assert client.get(f"/sitemap-{len(files) + 1}.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_the_files_stay_below_what_the_standard_allows() -> None:
    longest = f"https://{'a' * 60}.example.brussels"
    page: sitemap.Page = (lambda lang: f"/{lang}/record/{'x' * 80}", None)
    size = len("".join(sitemap._urls(longest, [page] * 100)).encode()) / 100
    assert size * sitemap.PER_FILE < 50_000_000
    assert sitemap.PER_FILE * len(languages()) <= 50_000


def test_robots_are_told_where_not_to_go(client: TestClient) -> None:
    text = client.get("/robots.txt").text
    read = urllib.robotparser.RobotFileParser()
    read.parse(text.splitlines())
    assert read.site_maps() == [f"{SITE}/sitemap.xml"]
    for path in ("/fr/", "/nl/record/one", "/nl/feed.xml", "/en/theme/work", "/static/style.css"):
        assert read.can_fetch("anyone", path), path
    for path in ("/desk/fr/", "/api/search", "/nl/list", "/fr/list/123456789", "/nl/search?q=a", "/sru?query=a"):
        assert not read.can_fetch("anyone", path), path


@pytest.mark.parametrize("lang", languages())
def test_programs_learn_how_to_search(client: TestClient, lang: str) -> None:
    page = client.get(f"/{lang}/").text
    address = f"/opensearch.xml?lang={lang}"
    assert f'rel="search" type="application/opensearchdescription+xml" href="{address}"' in page
    answer = client.get(address)
    top = ElementTree.fromstring(answer.content)
    assert answer.headers["content-type"].startswith("application/opensearchdescription+xml")
    assert 0 < len(top.findtext("o:ShortName", "", NAMES)) <= 16
    assert top.findtext("o:Language", "", NAMES) == lang
    templates = {url.get("type"): url.get("template") or "" for url in top.iterfind("o:Url", NAMES)}
    for kind in ("text/html", "application/json"):
        asked = templates[kind].replace("{searchTerms}", "two").replace("{startPage?}", "1").removeprefix(SITE)
        assert "two" in client.get(asked).text
    assert client.get("/opensearch.xml?lang=xx").status_code == 404
