"""What a list shows of its records: known ones, missing ones, walking order, QR codes, errors. And nothing in a log."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest
import zxingcpp
from PIL import Image
from starlette.testclient import TestClient

from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.web import qr
from catalogue.web.app import create_app
from tests.conftest import AddRecord

LOOKUP = "/api/records/lookup"
PUBLIC = "https://public.example"


@pytest.fixture(autouse=True)
def records(add: AddRecord) -> None:
    shelf = "{{shelf: {}, use: {}, language: {}}}"
    add("last", f"holdings: [{shelf.format('W2.1', 'read', 'nl')}]")
    add("tenth", f"holdings: [{shelf.format('K1.10', 'take', 'fr')}]")
    add("second", f"holdings: [{shelf.format('K1.2', 'take', 'fr')}, {{url: 'https://www.example.org/x'}}]")
    add("web", "title: {fr: 'Écrire un CV', nl: 'Een cv schrijven'}", "kind: guide")
    add("dutch", "title: {nl: Alleen Nederlands}", "holdings: [{file: media/gids.pdf}]", "replaces: [old]")
    add("talk", "kind: event", "dates: [{start: 2090-12-04T14:00}]", "holdings: []")
    add("hidden", "status: draft")
    add("back", "status: withdrawn")


def look(client: TestClient, *ids: str, lang: str = "fr") -> dict[str, Any]:
    answer = client.post(LOOKUP, json={"ids": list(ids), "lang": lang})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def public(settings: Settings) -> Iterator[TestClient]:
    """A client of a site that a phone outside reaches."""
    app = create_app(Catalogue.open(dataclasses.replace(settings, public_url=PUBLIC)), watch=False)
    with TestClient(app) as opened:
        yield opened


def read_qr(data: str) -> str:
    """Return what a phone reads in a QR code given as a ``data:`` address of an SVG."""
    path = re.search(r"d='([^']+)'", unquote(data).replace('"', "'").split("stroke=", 1)[1])
    size = re.search(r"viewBox='0 0 (\d+)", unquote(data).replace('"', "'"))
    assert path
    assert size
    picture = Image.new("L", (int(size[1]), int(size[1])), 255)
    # segno draws each row of dark modules as a horizontal stroke: M and m move, h draws to the right.
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path[1]):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "h":
            for column in range(round(x), round(x + values[0])):
                picture.putpixel((column, int(y)), 0)
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    found = zxingcpp.read_barcodes(picture.resize((picture.width * 4, picture.height * 4), Image.Resampling.NEAREST))
    assert len(found) == 1
    return str(found[0].text)


@pytest.mark.parametrize(
    ("lang", "title", "use", "where"),
    [
        ("fr", "Écrire un CV", "À emporter", "K1 fr"),
        ("nl", "Een cv schrijven", "Mag je meenemen", "K1 nl"),
    ],
)
def test_a_list_gets_what_it_shows(client: TestClient, lang: str, title: str, use: str, where: str) -> None:
    found = look(client, "web", "second", lang=lang)
    web, second = found["records"]
    assert (web["id"], web["url"], web["title"], web["title_lang"]) == ("web", f"/{lang}/record/web", title, lang)
    assert {said["lang"] for said in web["titles"]} == {"fr", "nl"}
    assert web["titles"][0]["text"] == title
    assert web["kind_label"] == {"text": f"guide {lang}", "lang": lang}
    assert (web["ways"][0]["form"], web["ways"][0]["host"]) == ("link", "example.org")
    shelf = next(way for way in second["ways"] if way["form"] == "shelf")
    assert (shelf["mark"], shelf["use"], shelf["shelf"]["text"]) == ("K1.2", use, where)
    assert found["missing"] == []


def test_records_stand_as_asked_for_and_know_their_place_on_the_walk(client: TestClient) -> None:
    found = look(client, "web", "last", "tenth", "second")["records"]
    assert [record["id"] for record in found] == ["web", "last", "tenth", "second"]
    walk = sorted(found, key=lambda record: record["walk"])
    assert [record["id"] for record in walk] == ["second", "tenth", "last", "web"]
    assert [record["walk"] for record in walk] == [1, 2, 3, 4]


def test_what_is_missing_says_why_and_what_moved_is_there(client: TestClient) -> None:
    found = look(client, "old", "back", "hidden", "never", "dutch", "web")
    assert [record["id"] for record in found["records"]] == ["dutch", "web"]
    assert found["missing"] == [
        {"id": "old", "state": "moved", "to": "dutch"},
        {"id": "back", "state": "gone"},
        {"id": "hidden", "state": "unknown"},
        {"id": "never", "state": "unknown"},
    ]


def test_a_title_in_one_language_says_which(client: TestClient) -> None:
    (dutch,) = look(client, "dutch", lang="fr")["records"]
    assert (dutch["title"], dutch["title_lang"]) == ("Alleen Nederlands", "nl")
    assert dutch["titles"] == [{"text": "Alleen Nederlands", "lang": "nl"}]


def test_the_date_of_an_event_is_in_words(client: TestClient) -> None:
    assert "2090" in look(client, "talk")["records"][0]["when"]


def test_a_long_list_is_looked_up_at_once(add: AddRecord, client: TestClient) -> None:
    ids = [f"many-{number:03}" for number in range(100)]
    for id in ids:
        add(id)
    client.app.app.state.catalogue.refresh()  # type: ignore[attr-defined]
    found = look(client, *ids)
    assert [record["id"] for record in found["records"]] == ids
    assert 1 < found["list"]["in_qr"] < 100


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"[]", "body"),
        (b"{", "body"),
        (b"\xff\xfe", "body"),
        (b"[" * 50_000, "body"),
        (b'{"ids": "' + b"x" * 70_000 + b'"}', "body"),
        (b"{}", "ids"),
        (b'{"ids": "web"}', "ids"),
        (b'{"ids": [1]}', "ids"),
        (b'{"ids": ["../etc/passwd"]}', "ids"),
        (b'{"ids": [["web"]]}', "ids"),
        (b'{"ids": [], "lang": "xx"}', "lang"),
        (b'{"ids": [], "lang": ["fr"]}', "lang"),
        (b'{"ids": [], "name": "somebody"}', "name"),
        (b'{"ids": [' + b",".join(b'"id-%d"' % n for n in range(101)) + b"]}", "ids"),
    ],
)
@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_bad_input_is_refused_in_words(client: TestClient, body: bytes, field: str, lang: str) -> None:
    answer = client.post(LOOKUP, content=body, headers={"Accept-Language": lang})
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["field"]) == ("bad-input", field)
    assert "%(" not in error["message"]


def test_an_empty_list_is_no_error(client: TestClient) -> None:
    assert look(client) == {"records": [], "missing": [], "list": None}


def test_lists_are_never_asked_for_by_address(client: TestClient) -> None:
    assert client.get(f"{LOOKUP}?ids=web").status_code == 404


def test_nothing_of_it_is_kept_or_logged(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = client.post(LOOKUP, json={"ids": ["web", "second"]})
    assert answer.headers["cache-control"] == "no-store"
    assert not [line for line in caplog.messages if "second" in line]


# --- QR codes ---


def test_without_a_public_site_the_codes_lead_to_the_publisher_and_to_an_email(client: TestClient) -> None:
    found = look(client, "second", "web", "talk", "tenth")
    links = {record["id"]: record["qr"] and read_qr(record["qr"]) for record in found["records"]}
    assert links == {"second": "https://www.example.org/x", "web": "https://example.org", "talk": None, "tenth": None}
    assert found["list"]["link"] is None
    mail = read_qr(found["list"]["qr"])
    assert mail == found["list"]["mailto"]
    assert mail.startswith("mailto:?subject=Ma%20liste")
    fields = parse_qs(mail.partition("?")[2])
    assert "Le Centre" in fields["subject"][0]
    assert "K1.2" in fields["body"][0]
    assert "Écrire un CV" in fields["body"][0]
    assert "\r\n" in fields["body"][0]
    assert found["list"]["in_qr"] == 4


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_with_a_public_site_they_lead_there(public: TestClient, lang: str) -> None:
    found = look(public, "second", "web", lang=lang)
    assert read_qr(found["records"][0]["qr"]) == f"{PUBLIC}/{lang}/record/second"
    assert found["list"]["link"] == f"{PUBLIC}/{lang}/list#ids=second,web"
    assert read_qr(found["list"]["qr"]) == found["list"]["link"]


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_code_too_small_for_the_list_says_so(add: AddRecord, client: TestClient, lang: str) -> None:
    long = "Vademecum " + "x" * 100
    for number in range(30):
        add(f"long-{number:02}", f"title: {{fr: '{long}', nl: '{long}'}}")
    client.app.app.state.catalogue.refresh()  # type: ignore[attr-defined]
    shared = look(client, *(f"long-{number:02}" for number in range(30)), lang=lang)["list"]
    assert 5 < shared["in_qr"] < 30
    mail = read_qr(shared["qr"])
    assert len(mail) <= qr.MOST_BYTES
    body = parse_qs(mail.partition("?")[2])["body"][0]
    assert body.count("https://example.org") == shared["in_qr"]
    assert str(30 - shared["in_qr"]) in body.splitlines()[-1]
    assert shared["text"].count(long) == 30  # the text to copy has room for all


def test_the_text_to_copy_holds_both_titles_and_every_way(client: TestClient) -> None:
    text = look(client, "web", "second", lang="nl")["list"]["text"]
    for words in (
        "Mijn lijst – Het Centrum",
        "1. Een cv schrijven",
        "Écrire un CV",
        "K1.2 (Mag je meenemen)",
        "2. second",
    ):
        assert words in text
    assert "https://www.example.org/x" in text
