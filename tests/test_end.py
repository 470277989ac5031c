"""The end of a visit, as the server sees it: a page that is honest, one tap that is counted, nothing else."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from catalogue.i18n import languages
from catalogue.state import CountRow
from catalogue.web.visitor.end import ANSWERS

LANGS = tuple(languages())
LINK = {
    "fr": "J&#39;ai fini – tout effacer",
    "nl": "Ik ben klaar – alles wissen",
    "en": "I have finished – erase everything",
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("page", ["", "search", "help", "end", "nowhere"])
def test_the_end_is_one_link_away_on_every_page(client: TestClient, lang: str, page: str) -> None:
    text = client.get(f"/{lang}/{page}").text
    (link,) = re.findall(rf'<a class="quiet" href="/{lang}/end" data-visit="end".*?</a>', text)
    assert LINK[lang] in link.replace("'", "&#39;")


def test_the_entrance_leads_to_the_end_too(client: TestClient) -> None:
    assert 'href="/nl/end"' in client.get("/", headers={"accept-language": "nl-BE"}).text


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_says_what_it_cannot_erase(client: TestClient, lang: str) -> None:
    answer = client.get(f"/{lang}/end")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in answer.text
    assert len(re.findall(r'<ul class="advice">(.*?)</ul>', answer.text, re.DOTALL)[0].split("<li>")) == 4
    assert 'class="lead no-script"' in answer.text
    assert 'data-page="end"' in answer.text


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_is_a_total_and_nothing_else(client: TestClient, answer: str) -> None:
    for _ in range(5):
        said = client.post("/nl/end", data={"found": answer}, follow_redirects=False)
        assert (said.status_code, said.headers["location"]) == (303, "/nl/end?thanks=1")
        assert "set-cookie" not in said.headers
    state = client.app.app.state.catalogue.state  # type: ignore[attr-defined]
    state.flush()
    assert CountRow(f"end-{answer}", "", "nl", "", 5) in state.counts()


def test_thanks_take_the_place_of_the_question(client: TestClient) -> None:
    assert 'name="found"' in client.get("/fr/end").text
    thanked = client.get("/fr/end?thanks=1").text
    assert 'name="found"' not in thanked
    assert "Merci de nous" in thanked


@pytest.mark.parametrize("data", [{}, {"found": ""}, {"found": "perhaps"}, {"found": "found;"}])
def test_another_answer_is_refused_and_not_counted(client: TestClient, data: dict[str, str]) -> None:
    refused = client.post("/fr/end", data=data, follow_redirects=False)
    assert refused.status_code == 400
    assert "<h1" in refused.text
    state = client.app.app.state.catalogue.state  # type: ignore[attr-defined]
    state.flush()
    assert not [row for row in state.counts() if row.event.startswith("end-")]


def test_another_site_cannot_answer(client: TestClient) -> None:
    assert client.post("/fr/end", data={"found": "found"}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
