"""The player on a record's page, as it is served: it works without script."""

from __future__ import annotations

import re
import shutil

import pytest
from starlette.testclient import TestClient

from catalogue.service import Catalogue
from tests import hostile_pdf
from tests.conftest import AddRecord
from tests.test_captions import FILMS

FRENCH = "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Anna>Bonjour\n\n00:12.000 --> 00:15.000\nUne formation <courte>\n"
DUTCH = "1\n00:00:01,000 --> 00:00:04,000\nGoeiedag op café\n"
HOLDINGS = """holdings:
- {shelf: B2.14, language: fr}
- {file: media/film.webm, language: fr, captions: {fr: media/f.vtt, nl: media/n.srt}, chapters: {fr: media/f.vtt}}
- {file: media/short.ogg, language: fr, transcript: {fr: media/t.txt}}"""


@pytest.fixture
def film(add: AddRecord, catalogue: Catalogue, client: TestClient) -> TestClient:
    media = catalogue.settings.resources / "media"
    media.mkdir(exist_ok=True)
    for name in ("film.webm", "short.ogg"):
        shutil.copy(FILMS / name, media)
    (media / "f.vtt").write_text(FRENCH)
    (media / "n.srt").write_bytes(DUTCH.encode("latin-1"))
    (media / "t.txt").write_text("Un texte.\n\nEt <encore> un.")
    add("film", HOLDINGS)
    client.app.app.state.catalogue.refresh()  # type: ignore[attr-defined]
    return client


def tracks(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<track kind="captions" src="([^"]+)" srclang="\w+" label="[^"]+"( default)?>', page)


@pytest.mark.parametrize(("lang", "first"), [("fr", ""), ("nl", " default")])
def test_captions_show_where_the_reader_speaks_another_language(film: TestClient, lang: str, first: str) -> None:
    page = film.get(f"/{lang}/record/film").text
    own = {"fr": "/captions/f.vtt", "nl": "/captions/n.srt"}
    other = own["nl" if lang == "fr" else "fr"]
    assert tracks(page) == [(own[lang], first), (other, "")]
    assert "autoplay" not in page
    assert "0:40" in page
    assert film.get("/captions/f.vtt").text == FRENCH
    made = film.get("/captions/n.srt")
    assert (made.headers["content-type"], "Goeiedag op café" in made.text) == ("text/vtt; charset=utf-8", True)


def test_a_film_opens_at_its_second_and_marks_the_line(film: TestClient) -> None:
    page = film.get("/fr/record/film?file=2&t=13").text
    assert 'src="/media/film.webm#t=13"' in page
    here = re.findall(r'<a href="([^"]+)"[^>]* aria-current="true"><span class="clock">00:12</span>', page)
    assert here[0] == "/fr/record/film?file=2&amp;t=12#player"
    assert "Anna : Bonjour" in page
    assert "formation <courte>" not in page
    assert 'href="/fr/record/film?file=3#player"' in page, "the recording opens in the page, too"


def test_a_recording_has_its_text_in_paragraphs(film: TestClient) -> None:
    page = film.get("/nl/record/film?file=3").text
    assert '<audio controls preload="metadata" src="/media/short.ogg"' in page
    assert "<p>Un texte.</p><p>Et &lt;encore&gt; un.</p>" in page


@pytest.mark.parametrize(
    ("lang", "facts"),
    [
        ("fr", ("Sous-titres\xa0: fr fr, nl fr", "Texte à lire\xa0: fr fr (pas encore\xa0: nl fr)")),
        ("nl", ("Ondertitels: nl nl, fr nl", "Tekst om te lezen: fr nl (nog niet: nl nl)")),
    ],
)
def test_the_page_says_in_which_languages_there_are_captions_and_a_text(
    film: TestClient, lang: str, facts: tuple[str, str]
) -> None:
    """The languages of the test's vocabulary are called ``fr fr``: the French one in French."""
    assert facts[0] in film.get(f"/{lang}/record/film?file=2").text
    assert facts[1] in film.get(f"/{lang}/record/film?file=3").text
    found = film.get(f"/{lang}/search?captions=nl").text
    assert f'href="/{lang}/record/film"' in found
    assert f"{facts[0].partition(':')[0]}: nl {lang}" in found, "the filter says of what it is a language"


@pytest.mark.parametrize(("lang", "pages"), [("fr", "3 pages"), ("nl", "3 pagina’s")])
def test_a_pdf_opens_in_the_page_when_it_is_asked_for(
    add: AddRecord, catalogue: Catalogue, client: TestClient, lang: str, pages: str
) -> None:
    media = catalogue.settings.resources / "media"
    media.mkdir(exist_ok=True)
    (media / "guide.pdf").write_bytes(hostile_pdf.pages(["Bonjour.", "", "Au revoir."]))
    add("guide", "holdings: [{shelf: B2.14}, {file: media/guide.pdf}, {file: media/gone.pdf}]")
    served = client.app.app.state.catalogue  # type: ignore[attr-defined]
    served.refresh()
    served.file_texts.look()
    closed = client.get(f"/{lang}/record/guide")
    assert "<iframe" not in closed.text
    assert "frame-src" not in closed.headers["content-security-policy"]
    assert f'href="/{lang}/record/guide?file=2#reader"' in closed.text
    assert f"<span>PDF</span><span>{pages}</span>" in closed.text, "before it is opened"
    opened = client.get(f"/{lang}/record/guide?file=2&page=3")
    assert '<iframe src="/media/guide.pdf#page=3&amp;navpanes=0"' in opened.text
    assert opened.headers["content-security-policy"].endswith("frame-ancestors 'none'; frame-src 'self'")
    assert f'href="/{lang}/record/guide?file=2#reader"' not in opened.text
    part = client.get("/media/guide.pdf", headers={"range": "bytes=0-4"})
    assert (part.status_code, part.content) == (206, b"%PDF-")
    assert "frame-ancestors 'self'" in part.headers["content-security-policy"]
    for nonsense in ("file=2&page=99", "file=2&page=x", "file=2&page=-1"):
        assert '<iframe src="/media/guide.pdf#page=1&amp;' in client.get(f"/{lang}/record/guide?{nonsense}").text
    for nothing in ("file=1&page=1", "file=3&page=1", "file=9"):
        assert "<iframe" not in client.get(f"/{lang}/record/guide?{nothing}").text


@pytest.mark.parametrize("asked", ["file=1", "file=9", "file=-1&t=²", "file=x&t=y", "t=99999999999", "file=2&t=1e9"])
def test_nonsense_in_an_address_plays_the_first_film(film: TestClient, asked: str) -> None:
    answer = film.get(f"/fr/record/film?{asked}")
    assert answer.status_code == 200
    assert 'src="/media/film.webm"' in answer.text


@pytest.mark.parametrize("path", ["film.webm", "t.txt", "other.vtt", "../records/film.yaml", "%2e%2e/centre.yaml"])
def test_nothing_else_comes_as_captions(film: TestClient, path: str) -> None:
    assert film.get(f"/captions/{path}").status_code == 404
