"""The Atom feeds, as feedparser reads them and as RFC 4287 wants them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from starlette.testclient import TestClient

from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.web.app import create_app
from catalogue.web.machine.feed import ATOM, ENTRIES
from tests.conftest import AddRecord

SITE = "https://centre.example"
ONE = 'title: {fr: "Un <b> & deux", nl: "Een <b> & twee"}'


@pytest.fixture
def client(settings: Settings, add: AddRecord) -> Iterator[TestClient]:
    add("one", ONE, "added: 2026-10-01", "summary: {fr: Résumé, nl: Samenvatting}", "themes: [work, learn]")
    add("two", "title: {nl: Enkel Nederlands}", "added: 2026-09-01", "checked: 2026-11-01")
    add("old", "kind: event", "added: 2026-10-02", "dates: [{start: 2020-01-01T10:00}]")
    add("draft", "status: draft", "added: 2026-10-03")
    settings = dataclasses.replace(settings, public_url=SITE)
    with TestClient(create_app(Catalogue.open(settings), watch=False)) as opened:
        yield opened


def read(client: TestClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert "set-cookie" not in answer.headers
    found = feedparser.parse(answer.content)
    assert not found.bozo
    assert found.version == "atom10"
    return found


@pytest.mark.parametrize(("lang", "title", "summary"), [("fr", "Un", "Résumé"), ("nl", "Een", "Samenvatting")])
def test_what_is_new_in_a_language(client: TestClient, lang: str, title: str, summary: str) -> None:
    found = read(client, f"/{lang}/feed.xml")
    assert found.feed.language == lang
    assert found.feed.updated == "2026-11-01T00:00:00Z"
    assert [entry.link for entry in found.entries] == [f"{SITE}/{lang}/record/{id}" for id in ("one", "two")]
    first = found.entries[0]
    assert first.title == f"{title} <b> & {'deux' if lang == 'fr' else 'twee'}"
    assert first.title_detail.type == "text/plain"
    assert (first.summary, first.published) == (summary, "2026-10-01T00:00:00Z")
    assert [tag.term for tag in first.tags] == ["work", "learn"]
    links = {(link.rel, link.get("hreflang")): link.href for link in found.feed.links}
    other = "nl" if lang == "fr" else "fr"
    assert links["self", None] == f"{SITE}/{lang}/feed.xml"
    assert links["alternate", other] == f"{SITE}/{other}/feed.xml"
    assert links["alternate", lang] == f"{SITE}/{lang}/new"


def test_what_is_new_in_a_theme(client: TestClient) -> None:
    found = read(client, "/fr/feed.xml?theme=learn")
    assert [entry.link for entry in found.entries] == [f"{SITE}/fr/record/one"]
    assert "learn fr" in found.feed.title
    assert read(client, "/fr/feed.xml?theme=move").entries == []
    assert client.get("/fr/feed.xml?theme=nothing").status_code == 404


def test_every_feed_has_what_the_standard_requires_and_ids_of_its_own(client: TestClient) -> None:
    ids = []
    for path in ("/fr/feed.xml", "/nl/feed.xml", "/en/feed.xml", "/nl/feed.xml?theme=work", "/fr/feed.xml?theme=move"):
        top = ElementTree.fromstring(client.get(path).content)
        ids.append(top.findtext(f"{{{ATOM}}}id"))
        assert top.find(f"{{{ATOM}}}author/{{{ATOM}}}name") is not None
        for element in (top, *top.iterfind(f"{{{ATOM}}}entry")):
            assert all(element.findtext(f"{{{ATOM}}}{name}") for name in ("id", "title", "updated"))
            assert (element.findtext(f"{{{ATOM}}}id") or "").startswith("tag:centre.example,2026:")
    assert len(set(ids)) == len(ids)
    dutch = ElementTree.fromstring(client.get("/fr/feed.xml").content).findall(f"{{{ATOM}}}entry/{{{ATOM}}}title")[1]
    assert dutch.get("{http://www.w3.org/XML/1998/namespace}lang") == "nl"


def test_who_has_it_already_is_told_so(client: TestClient) -> None:
    tag = client.get("/fr/feed.xml").headers["etag"]
    again = client.get("/fr/feed.xml", headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/nl/feed.xml", headers={"If-None-Match": tag}).status_code == 200


def test_it_has_so_many_entries_at_most(add: AddRecord, client: TestClient) -> None:
    for number in range(ENTRIES + 5):
        add(f"n{number:03}", "added: 2026-11-02")
    catalogue: Catalogue = client.app.app.state.catalogue  # type: ignore[attr-defined]
    catalogue.refresh()
    assert len(read(client, "/fr/feed.xml").entries) == ENTRIES


def test_pages_name_the_feeds(client: TestClient) -> None:
    assert '"application/atom+xml" href="/nl/feed.xml"' in client.get("/nl/").text
    assert '"application/atom+xml" href="/nl/feed.xml?theme=work"' in client.get("/nl/theme/work").text
