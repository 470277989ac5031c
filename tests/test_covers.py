"""Covers on pages: results with pictures without a script, the picture of a record in words, nothing of a draft."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from catalogue.inside import FilePictures, Reading
from catalogue.media import frames
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.web.desk.todo_waiting import items_of
from tests import hostile_pdf
from tests.conftest import PROJECT, AddRecord
from tests.desk_site import desk_site
from tests.media_samples import picture

OWN = "cover: {file: media/photo.jpg, alt: {fr: Deux personnes au travail}}"
SHEETS = "holdings: [{file: media/fr.pdf, language: fr}, {file: media/nl.pdf, language: nl}]"


@pytest.fixture
def media(centre: Path) -> Path:
    folder = centre / "media"
    folder.mkdir()
    (folder / "photo.jpg").write_bytes(picture("JPEG", (400, 600)))
    (folder / "fr.pdf").write_bytes(hostile_pdf.pages(["Devenir soignant"]))
    (folder / "nl.pdf").write_bytes(hostile_pdf.pages(["Zorgkundige worden"]))
    return folder


def catalogue_of(client: TestClient) -> Catalogue:
    found: Catalogue = client.app.app.state.catalogue  # type: ignore[attr-defined]
    return found


def looked(client: TestClient) -> Catalogue:
    """Take over what changed, and make the pictures that are wanted now."""
    catalogue = catalogue_of(client)
    catalogue.refresh()
    catalogue.file_pictures.look()
    return catalogue


def images(page: str) -> list[str]:
    return re.findall(r"<img [^>]+>", page)


def source(image: str) -> str:
    (found,) = re.findall(r' src="([^"]+)"', image)
    return str(found)


def links_of(page: str, name: str) -> dict[str, str]:
    """Return the links of a part of the page by their text."""
    part = re.findall(rf'<nav class="{name}".*?</nav>', page, re.DOTALL)[0]
    found = re.findall(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', part, re.DOTALL)
    return {re.sub(r"<.*?>", "", text).strip(): href.replace("&amp;", "&") for href, text in found}


def test_results_with_pictures_without_a_script(add: AddRecord, media: Path, client: TestClient) -> None:
    add("one", "title: {fr: Soignant, nl: Zorg}", SHEETS, "themes: [learn]")
    add("two", "title: {fr: Soignant aussi, en: Care}", "kind: organisation", "themes: [move]")
    looked(client)
    asked = "/nl/search?q=soignant&theme=learn&theme=move&sort=title"
    listed = client.get(asked).text
    assert not images(listed)
    assert "cover-card" not in listed
    shown = client.get(links_of(listed, "views")["Met afbeeldingen"]).text
    (image,) = images(shown)
    assert ' alt="" loading="lazy"' in image
    assert 'width="640"' in image
    found = client.get(source(image))
    assert (found.status_code, found.headers["content-type"]) == (200, "image/webp")
    assert found.headers["cache-control"] == "no-store"
    assert "set-cookie" not in found.headers
    for address in re.findall(r"(/covers/\S+) \d+w", image):
        assert client.get(address).content.startswith(b"RIFF")
    (typeset,) = re.findall(r'<span class="cover theme-(\w+) cover-set".*?</span>\n', shown, re.DOTALL)
    assert typeset == "move"
    assert '<span class="cover-title" lang="fr">Soignant aussi</span>' in shown


def test_the_view_is_kept_over_filters_order_pages_and_words(add: AddRecord, client: TestClient) -> None:
    for number in range(45):
        add(f"r{number:02}", "title: {fr: Emploi, nl: Werk}", f"themes: [{'learn' if number % 2 else 'work'}]")
    looked(client)
    page = client.get("/fr/search?q=emploi&view=covers&page=2&audience=").text
    kept = [*links_of(page, "sorts").items(), *links_of(page, "pager").items()]
    for text, href in kept:
        asked = parse_qs(urlsplit(href).query)
        assert asked.get("view") == ["covers"] or "how-results" in href, text
    filters = re.findall(r'class="choice" href="([^"]+)"', page)
    assert len(filters) > 2
    assert all("view=covers" in href for href in filters)
    assert '<input type="hidden" name="view" value="covers">' in page
    back = links_of(page, "views")["En liste"]
    assert parse_qs(urlsplit(back).query) == {"q": ["emploi"], "page": ["2"]}
    assert 'name="view"' not in client.get(back).text


def test_a_view_that_does_not_exist_is_a_notice(client: TestClient) -> None:
    page = client.get("/fr/search?q=a&view=<b>")
    assert (page.status_code, "&lt;b&gt;" in page.text) == (200, True)
    assert client.get("/api/search?q=a&view=covers").status_code == 400


@pytest.mark.parametrize(
    ("lang", "alt"),
    [("fr", "La première page de ce document"), ("nl", "De eerste bladzijde van dit document")],
)
def test_the_page_of_a_record_shows_the_sheet_in_the_readers_language(
    add: AddRecord, media: Path, client: TestClient, monkeypatch: pytest.MonkeyPatch, lang: str, alt: str
) -> None:
    def opened_here(*asked: object) -> None:
        pytest.fail("a PDF is opened by the worker, never by the process that serves visitors")

    monkeypatch.setattr("catalogue.media.documents.pdfium.PdfDocument", opened_here)
    add("one", SHEETS)
    catalogue = looked(client)
    (image,) = images(client.get(f"/{lang}/record/one").text)
    sheet = catalogue.file_pictures.of(f"media/{lang}.pdf")
    assert sheet
    assert source(image) == f"/covers/{sheet.mark}-320.webp"
    assert f'alt="{alt}"' in image
    assert " lang=" not in image
    open_in, other = (1, 2) if lang == "fr" else (2, 1)
    assert not images(client.get(f"/{lang}/record/one?file={open_in}").text), "it stands in the reader"
    assert images(client.get(f"/{lang}/record/one?file={other}").text) == [image]


def test_a_picture_of_its_own_is_said_in_its_own_words(add: AddRecord, media: Path, client: TestClient) -> None:
    add("own", SHEETS, OWN)
    add("mute", "cover: {file: media/photo.jpg}")
    looked(client)
    assert 'alt="Deux personnes au travail" decoding' in images(client.get("/fr/record/own").text)[0]
    assert 'alt="Deux personnes au travail" lang="fr"' in images(client.get("/nl/record/own").text)[0]
    assert 'alt="De omslag van dit document"' in images(client.get("/nl/record/mute").text)[0]
    catalogue = catalogue_of(client)
    assert [item.id for item in catalogue.todo.items("to-dutch.cover", catalogue.now())] == ["mute", "own"]
    assert [item.id for item in catalogue.todo.items("to-french.cover", catalogue.now())] == ["mute"]


def test_nothing_is_shown_of_what_visitors_do_not_see(add: AddRecord, media: Path, client: TestClient) -> None:
    add("one", OWN)
    catalogue = looked(client)
    found = catalogue.file_pictures.of("media/photo.jpg")
    assert found
    address = f"/covers/{found.mark}-160.webp"
    assert client.get(address).status_code == 200
    assert client.get(address.replace("160", "161")).status_code == 404
    assert client.get(f"/covers/{'0' * 34}-160.webp").status_code == 404
    assert client.get("/covers/..%2F..%2Fphoto-160.webp").status_code == 404
    for status in ("draft", "withdrawn"):
        add("one", OWN, f"status: {status}")
        catalogue.refresh()
        hidden = client.get(address)
        assert (hidden.status_code, hidden.headers["cache-control"]) == (404, "no-store")
    add("one", "holdings: [{file: media/photo.jpg, suspended: 2026-01-01}]")
    catalogue.refresh()
    assert client.get(address).status_code == 404
    add("one", OWN)
    catalogue.refresh()
    assert client.get(address).status_code == 200, "it was not made again"


def test_nobody_waits_for_a_picture_that_is_not_made(
    add: AddRecord, media: Path, settings: Settings, client: TestClient
) -> None:
    add("one", OWN, "title: {fr: Soignant, nl: Zorg}")
    catalogue = catalogue_of(client)
    hanging = Reading(("sleep", "60"))
    catalogue.file_pictures.close()
    catalogue.file_pictures = FilePictures(settings.resources, settings.cache / "other", hanging)
    catalogue.refresh()
    catalogue.file_pictures.start()
    started = time.monotonic()
    page = client.get("/fr/search?q=soignant&view=covers").text
    assert "cover-set" in page
    assert not images(page)
    assert not images(client.get("/fr/record/one").text)
    assert time.monotonic() - started < 5
    catalogue.file_pictures.close()


@pytest.mark.skipif(not frames.ffmpeg(), reason="ffmpeg is not installed: films give no picture")
def test_a_film_has_its_frame_in_the_player_and_only_there(add: AddRecord, media: Path, client: TestClient) -> None:
    shutil.copy(PROJECT / "tests" / "films" / "film.webm", media)
    add("film", "holdings: [{file: media/film.webm, language: fr}]", "title: {fr: Film}")
    looked(client)
    page = client.get("/fr/record/film").text
    poster = re.findall(r' poster="([^"]+)"', page)
    assert client.get(poster[0]).headers["content-type"] == "image/webp"
    assert not images(page)
    assert "poster" not in client.get("/fr/record/film?file=1&t=5").text, "the film stands at its second"
    assert len(images(client.get("/fr/search?q=film&view=covers").text)) == 1
    add("film", "holdings: [{file: media/film.webm, language: fr}]", OWN)
    looked(client)
    assert len(images(client.get("/fr/record/film").text)) == 1


def test_staff_see_the_picture_of_a_draft_while_they_write(add: AddRecord, media: Path, settings: Settings) -> None:
    add("one", OWN, "status: draft", "title: {fr: Soignant}")
    (media / "broken.png").write_bytes(b"no picture")
    add("two", "cover: {file: media/broken.png}")
    with desk_site(settings) as site:
        desk = site.browser("dirk")
        page = desk.get("/desk/fr/records/one").text
        assert page.count('<img src="/desk/fr/files/see/photo.jpg"') == 1
        assert page.count('<img src="/desk/nl/files/see/photo.jpg"') == 1
        assert desk.get("/desk/fr/files/see/photo.jpg").headers["content-type"] == "image/jpeg"
        assert 'name="cover.alt.nl"' in page
        form = {"kind": "website", "themes": "work", "title.fr": "Soignant", "status": "draft"}
        form |= {"cover.file": "media/photo.jpg", "cover.alt.fr": "Une équipe"}
        (image,) = images(desk.post("/desk/fr/records/one/preview", data=form).text)
        assert image.startswith('<img src="/desk/fr/files/see/photo.jpg" alt="Une équipe"')
        for looked_into in (site.catalogue.file_pictures, site.catalogue.file_texts):
            looked_into.look()
            (item,) = items_of(site.catalogue, site.catalogue.state.accounts.get("dirk"), "unread")
            assert (item.id, item.problems[0].field) == ("two", "media/broken.png"), "named once, whoever opened it"
        assert "/covers/" not in page
