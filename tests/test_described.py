"""The head of a record's page as programs read it: JSON-LD, Open Graph, citations, Dublin Core, other formats."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.web.app import create_app
from catalogue.web.described import in_script
from tests.conftest import PROJECT, AddRecord

SITE = "https://centre.example"
SHEET = PROJECT / "resources" / "media" / "metier-cook-fr.pdf"
NASTY = "</script><script>alert(1)</script><!-- \u2028 & \" '"


class Head(HTMLParser):
    """What stands in the head of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.metas: list[tuple[str, str]] = []
        self.links: list[dict[str, str]] = []
        self.data: list[str] = []
        self.scripts = 0
        self._in_data = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        if tag == "meta" and "content" in about:
            self.metas.append((about.get("name") or about.get("property", ""), about["content"]))
        if tag == "link":
            self.links.append(about)
        if tag == "script":
            self.scripts += "src" not in about
            self._in_data = about.get("type") == "application/ld+json"

    def handle_endtag(self, tag: str) -> None:
        self._in_data = False

    def handle_data(self, data: str) -> None:
        if self._in_data:
            self.data.append(data)


@pytest.fixture
def client(settings: Settings, add: AddRecord) -> Iterator[TestClient]:
    add(
        "one",
        "title: {fr: Devenir infirmière, nl: Verpleegkundige worden}",
        "summary: {fr: Un livre, nl: Een boek}",
        "authors: [Anne Dupont, Jan Peeters]",
        "publisher: siep",
        "year: 2024",
        "identifiers: {isbn: 978-2-07-036822-8}",
        "languages: [fr]",
        "keywords: {fr: [soins], nl: [zorg]}",
        "staff_note: secret",
    )
    add("nasty", f"title: {{fr: {json.dumps(NASTY)}}}", f"summary: {{fr: {json.dumps(NASTY)}}}")
    settings = dataclasses.replace(settings, public_url=SITE)
    with TestClient(create_app(Catalogue.open(settings), watch=False)) as opened:
        yield opened


def test_who_shows_a_link_is_given_the_cover(settings: Settings, centre: Path, add: AddRecord) -> None:
    (centre / "media").mkdir(exist_ok=True)
    shutil.copy(SHEET, centre / "media" / "leaflet.pdf")
    add("one", "holdings: [{file: media/leaflet.pdf}]")
    add("two")
    catalogue = Catalogue.open(dataclasses.replace(settings, public_url=SITE))
    catalogue.file_pictures.look()
    with TestClient(create_app(catalogue, watch=False)) as client:
        picture = dict(Head(client.get("/fr/record/one").text).metas)["og:image"]
        assert picture.startswith(f"{SITE}/covers/")
        assert client.get(picture.removeprefix(SITE)).headers["content-type"] == "image/webp"
        assert "og:image" not in dict(Head(client.get("/fr/record/two").text).metas)


@pytest.mark.parametrize(("lang", "title"), [("fr", "Devenir infirmière"), ("nl", "Verpleegkundige worden")])
def test_reference_managers_and_search_engines_read_a_record(client: TestClient, lang: str, title: str) -> None:
    page = client.get(f"/{lang}/record/one").text
    head = Head(page)
    metas = {name: [content for each, content in head.metas if each == name] for name, _ in head.metas}
    assert metas["citation_title"] == metas["og:title"] == [title]
    assert metas["citation_author"] == metas["DC.creator"] == ["Anne Dupont", "Jan Peeters"]
    assert metas["citation_isbn"] == ["978-2-07-036822-8"]
    assert metas["citation_publication_date"] == metas["DC.date"] == ["2024"]
    assert metas["citation_publisher"] == [f"siep {lang}"]
    assert metas["citation_public_url"] == metas["og:url"] == [f"{SITE}/{lang}/record/one"]
    assert set(metas["citation_keywords"]) == {"soins", "zorg"}
    assert "urn:isbn:978-2-07-036822-8" in metas["DC.identifier"]
    assert metas["og:locale"] == [f"{lang}_BE"]
    (data,) = head.data
    made = json.loads(data)
    assert made["@context"] == "https://schema.org"
    assert made["name"][0] == {"@value": title, "@language": lang}
    assert "secret" not in page


def test_the_other_formats_are_named_and_there(client: TestClient) -> None:
    links = [link for link in Head(client.get("/nl/record/one").text).links if link.get("rel") == "alternate"]
    formats = {link["type"]: link["href"] for link in links if "/record/one." in link["href"]}
    wanted = {"application/json", "application/ld+json", "application/marcxml+xml", "application/xml"}
    assert wanted | {"application/x-research-info-systems", "application/x-bibtex"} == formats.keys()
    for kind, href in formats.items():
        answer = client.get(href)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kind)


def test_no_text_breaks_out_of_the_data(client: TestClient) -> None:
    page = client.get("/fr/record/nasty").text
    head = Head(page)
    (data,) = head.data
    catalogue: Catalogue = client.app.app.state.catalogue  # type: ignore[attr-defined]
    assert json.loads(data)["name"][0]["@value"] == catalogue.contents.records["nasty"].title["fr"]
    assert head.scripts == 1
    assert "<script>alert" not in page
    assert json.loads(in_script({"a": NASTY})) == {"a": NASTY}


def test_only_records_are_described(client: TestClient) -> None:
    assert not Head(client.get("/fr/").text).data
    assert "citation_title" not in client.get("/fr/theme/work").text
