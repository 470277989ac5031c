"""Errands away from the record form: for a file and for a name, and back with everything that was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from catalogue.settings import Settings
from catalogue.web.desk.records.errand import Errand
from tests.at_desk import Desk, at_desk
from tests.media_samples import SAMPLES
from tests.pdf_samples import pdf

JSON = {"accept": "application/json"}
TYPED: dict[str, Any] = {
    "key": "new/0a1b",
    "title__fr": "À moitié",
    "holdings__0__file": "",
    "subjects__add": "Les Boulangers",
}


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    with at_desk(settings) as opened:
        yield opened


def leave(desk: Desk, do: str, lang: str = "fr", **typed: Any) -> str:
    return desk.post("records/new", lang, seen="", do=do, **(TYPED | typed))


def page_of(desk: Desk, address: str) -> str:
    return desk.get(address.removeprefix("/desk/fr/").partition("#")[0])


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_file_is_sent_on_its_own_page(desk: Desk, lang: str) -> None:
    away = leave(desk, "file:holdings.0.file", lang)
    assert away == f"/desk/{lang}/files/choose?draft=new%2F0a1b&field=holdings.0.file"
    refused = desk.client.post(away, files={"file": ("x.pdf", b"PK")}, data={"title": "Gids"})
    assert refused.status_code == 422
    assert {"fr": "n’est pas ce que dit son nom", "nl": "niet wat de naam zegt"}[lang] in refused.text
    other = desk.client.post(away, files={"file": ("x.vtt", SAMPLES["a.vtt"])})
    assert (other.status_code, ".pdf" in other.text) == (422, True)
    sent = desk.client.post(
        away, files={"file": ("x.pdf", SAMPLES["a.pdf"])}, data={"title": "Gids"}, follow_redirects=False
    )
    assert sent.headers["location"] == f"/desk/{lang}/records/new?draft=new%2F0a1b#f-holdings-0-file"
    page = desk.get(f"records/new?{urlsplit(sent.headers['location']).query}", lang)
    assert 'name="holdings.0.file" value="media/gids.pdf"' in page
    assert ">À moitié</textarea>" in page
    assert 'name="subjects.add" value="Les Boulangers"' in page


def test_a_file_that_is_here_is_chosen(desk: Desk) -> None:
    for name in ("one.pdf", "two.vtt"):
        desk.client.post("/desk/fr/files/", files={"file": (name, SAMPLES[f"a{name[-4:]}"])})
    away = leave(desk, "choose:holdings.0.file")
    page = page_of(desk, away)
    assert ('value="media/one.pdf"' in page, 'value="media/two.vtt"' in page) == (True, False)
    away = leave(desk, "choose:holdings.0.captions.fr")
    assert 'value="media/two.vtt"' in page_of(desk, away)
    form = {"path": (None, "media/two.vtt")}
    sent = desk.client.post(away.partition("#")[0], files=form, follow_redirects=False)
    assert 'name="holdings.0.captions.fr" value="media/two.vtt"' in page_of(desk, sent.headers["location"])
    for path in ("media/../records/x.yaml", "media/none.pdf"):
        answer = desk.client.post(away.partition("#")[0], files={"path": (None, path)})
        assert answer.status_code == 422


def test_the_files_that_fit_a_field_are_listed_for_the_script(desk: Desk) -> None:
    for name in ("un-guide.pdf", "photo.png", "mots.vtt"):
        desk.client.post("/desk/fr/files/", files={"file": (name, SAMPLES[f"a{name[-4:]}"])})

    def listed(query: str) -> list[str]:
        answer = desk.client.get(f"/desk/nl/files/choose?{query}", headers=JSON).json()
        assert answer["total"] == len(answer["files"])
        return sorted(file["file"] for file in answer["files"])

    assert listed("field=cover.file") == ["media/photo.png"]
    assert listed("field=holdings.3.file") == ["media/photo.png", "media/un-guide.pdf"]
    assert listed("field=holdings.3.file&q=GUÏDE") == ["media/un-guide.pdf"]
    assert listed("field=holdings.0.transcript.nl") == []


def test_a_record_begins_with_a_file_without_a_script(desk: Desk) -> None:
    away = leave(desk, "file:begin.file", title__fr="")
    file = {"file": ("Guide_du boulanger.pdf", pdf("", "fr", ""))}
    sent = desk.client.post(away, files=file, follow_redirects=False)
    page = page_of(desk, sent.headers["location"])
    assert ">Guide du boulanger</textarea>" in page
    assert 'name="holdings.0.file" value="media/guide-du-boulanger.pdf"' in page


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_name_is_added_on_the_page_of_words_and_chosen(desk: Desk, lang: str) -> None:
    away = leave(desk, "word:subjects", lang, subjects__add="Boulange")
    query = parse_qs(urlsplit(away).query)
    assert (query["label"], urlsplit(away).path) == (["Boulange"], f"/desk/{lang}/words/subjects/new")
    page = desk.client.get(away).text
    assert re.search(rf'name="labels.{lang}"[^>]*>\s*Boulange', page)
    missing = desk.client.post(away, data={"labels.fr": "Boulangerie", "seen": ""})
    assert missing.status_code == 422
    labels = {"labels.fr": "Boulangerie", "labels.nl": "Bakkerij", "seen": "", "do": "save"}
    back = desk.client.post(away, data=labels, follow_redirects=False).headers["location"]
    assert back == f"/desk/{lang}/records/new?draft=new%2F0a1b#f-subjects"
    page = desk.get(f"records/new?{urlsplit(back).query}", lang)
    assert 'name="subjects" value="boulangerie"' in page
    assert 'name="subjects.add" value=""' in page
    assert ">À moitié</textarea>" in page


def test_a_name_that_is_there_already_is_taken(desk: Desk) -> None:
    away = leave(desk, "word:publisher", publisher__add="Actirys fr")
    assert 'value="use:actiris"' in desk.client.get(away).text
    back = desk.client.post(away, data={"do": "use:actiris"}, follow_redirects=False).headers["location"]
    assert '<option value="actiris" selected>' in page_of(desk, back)
    assert desk.client.post(away, data={"do": "use:none"}).status_code == 404


def test_a_record_that_is_there_comes_back_to_its_draft(desk: Desk) -> None:
    desk.post("records/new", seen="", do="draft", kind="guide", themes="work", title__fr="Un guide")
    data: dict[str, Any] = {"kind": "guide", "themes": "work", "title__fr": "Autre titre"}
    away = desk.post("records/guide", do="word:series", **data)
    labels = {"labels.fr": "Une série", "labels.nl": "Een reeks", "seen": ""}
    back = desk.client.post(away, data=labels, follow_redirects=False).headers["location"]
    assert back == "/desk/fr/records/guide?draft=1#f-series"
    page = page_of(desk, back)
    assert '<option value="une-serie" selected>' in page
    assert ">Autre titre</textarea>" in page
    assert desk.catalogue.contents.records["guide"].title["fr"] == "Un guide"


def test_the_dialog_adds_a_name(desk: Desk) -> None:
    address = "/desk/nl/words/places/new"
    wrong = desk.client.post(address, data={"labels.fr": "Namur"}, headers=JSON)
    assert wrong.status_code == 422
    assert wrong.json()["problems"]["labels.nl"] == "Dit ontbreekt nog."
    made = desk.client.post(address, data={"labels.fr": "Namur", "labels.nl": "Namen"}, headers=JSON)
    assert (made.status_code, made.json()) == (201, {"id": "namur", "label": "Namen"})
    assert "namur" in desk.catalogue.contents.frame.vocabularies.terms["places"]
    assert "Namur" in desk.file("vocabularies/places.yaml")


@pytest.mark.parametrize("query", ["", "?draft=new/1", "?draft=other&field=x", "?field=x"])
def test_an_errand_for_no_form_is_none(desk: Desk, query: str) -> None:
    assert desk.client.get(f"/desk/fr/files/choose{query}").status_code == 404


def test_a_list_that_is_not_added_to_leads_back(desk: Desk) -> None:
    assert leave(desk, "word:kind").startswith("/desk/fr/records/new?draft=")
    assert leave(desk, "word:nonsense").startswith("/desk/fr/records/new?draft=")


def test_an_errand_stands_in_an_address() -> None:
    errand = Errand("record/x", "publisher", "drafts~3")
    params = {name: values[0] for name, values in parse_qs(urlsplit(errand.query()).query).items()}
    assert Errand.of(params) == errand
    assert errand.form("nl") == "/desk/nl/records/x?draft=1&from=drafts~3#f-publisher"
