"""The documentation: every page in the languages of its readers, every link leads somewhere, site and disk agree."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
from starlette.testclient import TestClient

from catalogue.cli import main
from catalogue.service import Catalogue
from catalogue.values import CENTRE_LANGUAGES
from catalogue.web import documentation
from catalogue.web.app import create_app
from catalogue.web.documentation import IN_ENGLISH, PAGES, pages

IN_BOTH = sorted(name for audience, names in PAGES.items() if audience not in IN_ENGLISH for name in names)
IN_ONE = sorted(name for audience in IN_ENGLISH for name in PAGES[audience])


def text(lang: str, name: str) -> str:
    return (documentation.folder() / lang / f"{name}.md").read_text(encoding="utf-8")


def shape(markdown: str) -> list[str]:
    """What must be the same in each language: levels of headings, rows of tables, items of lists, blocks of code."""
    kinds, inside = [], False
    for line in markdown.splitlines():
        if line.startswith("```"):
            inside = not inside
            kinds.append(line)
        elif inside:
            kinds.append(line.split("  #")[0])  # a comment is in the reader's language
        elif found := re.match(r"#+ |\||[-*] |\d+\. |> ", line):
            kinds.append(found[0])
    return kinds


class Links(HTMLParser):
    """The addresses that a page names, and the places in it that can be jumped to."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: set[str] = set()
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.hrefs.append(value)
            if name == "id" and value:
                self.ids.add(value)


def test_every_page_is_in_the_languages_of_its_readers_and_listed() -> None:
    found = {path.relative_to(documentation.folder()).as_posix() for path in documentation.folder().glob("*/*.md")}
    assert found == {f"{lang}/{name}.md" for lang in CENTRE_LANGUAGES for name in IN_BOTH} | {
        f"en/{name}.md" for name in IN_ONE
    }


@pytest.mark.parametrize("name", IN_BOTH)
def test_both_languages_say_the_same_in_the_same_order(name: str) -> None:
    assert shape(text("fr", name)) == shape(text("nl", name))


def test_drawings_are_parts_of_the_page_and_the_same_in_each_language() -> None:
    drawn = {}
    for lang in CENTRE_LANGUAGES:
        page = pages()[f"{lang}/network.html"].decode()
        (text, inside) = re.findall(r'role="img" tabindex="0" aria-label="([^"]+)">(.*?</svg>)', page, re.DOTALL)[0]
        assert len(text) > 200, "in words for who does not see it"
        assert "<style" not in inside
        assert " style=" not in inside
        drawn[lang] = inside
    shapes = {re.sub(r"(<text[^>]*>)[^<]*", r"\1", drawing) for drawing in drawn.values()}
    assert len(shapes) == 1
    words = [re.findall(r"<text[^>]*>([^<]*)", drawing) for drawing in drawn.values()]
    assert len({len(each) for each in words}) == 1
    assert sum(one == other for one, other in zip(*words, strict=True)) <= 6, "names and numbers"


@pytest.mark.parametrize("path", sorted(path for path in pages() if path.endswith(".html")))
def test_every_link_leads_somewhere(path: str) -> None:
    found = Links(pages()[path])
    for href in found.hrefs:
        if href.startswith(("http:", "https:", "data:", "mailto:")):
            continue
        target, _, anchor = href.partition("#")
        target = normpath(join(dirname(path), target)) if target else path
        assert target in pages(), href
        assert not anchor or anchor in Links(pages()[target]).ids, href


def test_the_site_and_the_disk_show_the_same(catalogue: Catalogue, tmp_path: Path) -> None:
    assert main(["docs", str(tmp_path / "docs")]) == 0
    with TestClient(create_app(catalogue)) as client:
        for path in ("index.html", "fr/index.html", "nl/course.html", "en/architecture.html", documentation.STYLE):
            answer = client.get(f"/docs/{path}")
            assert answer.content == (tmp_path / "docs" / path).read_bytes()
            assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(("wanted", "lang"), [("nl-BE,fr;q=0.5", "nl"), ("de", "fr"), ("en", "en")])
def test_it_begins_in_the_language_of_the_browser(catalogue: Catalogue, wanted: str, lang: str) -> None:
    with TestClient(create_app(catalogue)) as client:
        answer = client.get("/docs/", headers={"Accept-Language": wanted}, follow_redirects=False)
        assert answer.headers["location"] == f"/docs/{lang}/index.html"
        assert client.get("/docs/fr/nothing.html").status_code == 404


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["docs", str(tmp_path / "file" / "docs")]) == 1
    assert str(tmp_path / "file" / "docs") in capsys.readouterr().err
