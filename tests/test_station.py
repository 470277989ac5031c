"""What the page about a PC says of the server's side: version, address, minutes, clock, in the reader's language."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

import catalogue
from catalogue.i18n import languages
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.web.app import create_app

TITLES = {"fr": "Ce que cet ordinateur a", "nl": "Wat deze computer heeft", "en": "What this PC has"}


@pytest.mark.parametrize("lang", languages())
def test_in_the_language_of_the_browser_or_the_one_asked_for(client: TestClient, lang: str) -> None:
    for answer in (client.get("/station", headers={"accept-language": lang}), client.get(f"/station?lang={lang}")):
        assert answer.status_code == 200
        assert answer.headers["content-language"] == lang
        assert f'<html lang="{lang}"' in answer.text
        assert TITLES[lang] in answer.text
        for other in languages():
            assert f'href="/station?lang={other}"' in answer.text


@pytest.mark.parametrize("wrong", ["xx", "", "<b>", "fr/../nl"])
def test_a_language_that_is_not_there_is_the_browsers(client: TestClient, wrong: str) -> None:
    answer = client.get("/station", params={"lang": wrong}, headers={"accept-language": "nl"})
    assert answer.headers["content-language"] == "nl"


def test_it_is_for_no_search_engine_and_no_cache(client: TestClient) -> None:
    answer = client.get("/station")
    assert '<meta name="robots" content="noindex">' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers


def test_version_clock_and_address(client: TestClient) -> None:
    before = time.time() * 1000
    text = client.get("/station").text
    assert f"<dd>{catalogue.__version__}</dd>" in text
    assert "<dd>http://testserver</dd>" in text
    (moment,) = re.findall(r'data-server-time="(\d+)"', text)
    assert before - 1 <= int(moment) <= time.time() * 1000 + 1


@pytest.mark.parametrize(
    ("minutes", "said", "seconds"), [(5, "na 5 minuten", 300), (1, "na 1 minuut", 60), (0, "nooit", 0)]
)
def test_the_minutes_of_the_setting_reach_every_page(settings: Settings, minutes: int, said: str, seconds: int) -> None:
    app = create_app(
        Catalogue.open(replace(settings, idle_minutes=minutes, base_url="http://catalogue.example")), watch=False
    )
    with TestClient(app) as client:
        text = client.get("/station?lang=nl").text
        assert f"<dd>{said}</dd>" in text
        assert "http://catalogue.example" in text
        assert f'data-idle="{seconds}"' in client.get("/fr/").text


@pytest.mark.parametrize(("text", "minutes"), [("0", 0), ("20", 20), ("1440", 1440)])
def test_minutes_may_be_none(text: str, minutes: int) -> None:
    assert Settings.from_env({"CATALOGUE_IDLE_MINUTES": text}).idle_minutes == minutes
