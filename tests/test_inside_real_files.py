"""Real files attached to records: words that stand in one place of one file, asked over HTTP."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from catalogue.inside.recognition import LANGUAGES, PACKAGES, languages_installed
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.web.app import create_app
from tests.conftest import make_centre

FILM = Path(__file__).parent / "films" / "film.webm"
PDFS = {
    "tool-box": "fr_LBB-BoiteAOutils-Sommaire.pdf",
    "scanned": "fr_LBB-PresentationDE.pdf",
    "report": "nl_Verslag_Publieke_werkgroep_URI_1.pdf",
}
FILMS = {
    "captions": "captions.fr.vtt",
    "keyboard": "keyboard.fr.vtt",
    "speech": "speech.fr.vtt",
    "song": "frenchsong_captions_fr.vtt",
}
RECORD = """kind: {kind}
themes: [work]
title: {{fr: Un essai, nl: Een proef}}
holdings: [{holding}]
status: published
"""
BLIND = "- {id: blind, kind: subject, labels: {fr: [personnes aveugles, aveugle], nl: [blinde personen, blinden]}}\n"
PAGE = '<p class="card-inside"><a href="([^"]+)">'


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, test_data: Path) -> Iterator[TestClient]:
    work = tmp_path_factory.mktemp("real-files")
    resources = make_centre(work / "resources")
    (resources / "vocabularies" / "thesaurus" / "subjects.yaml").write_text(BLIND, encoding="utf-8")
    (resources / "media").mkdir()
    for id, name in PDFS.items():
        shutil.copy(test_data / "pdf" / name, resources / "media" / f"{id}.pdf")
        attach(resources, id, "guide", f"{{file: media/{id}.pdf}}")
    for id, name in FILMS.items():
        shutil.copy(test_data / "captions" / name, resources / "media" / f"{id}.vtt")
        shutil.copy(FILM, resources / "media" / f"{id}.webm")
        attach(resources, id, "video", f"{{file: media/{id}.webm, language: fr, captions: {{fr: media/{id}.vtt}}}}")
    state = f"sqlite:///{work}/catalogue.db"
    settings = Settings(resources=resources, index=str(work / "index"), state=state, cache=work / "cache")
    catalogue = Catalogue.open(settings)
    catalogue.file_texts.look()
    while catalogue.file_texts.recognise_next():
        pass
    with TestClient(create_app(catalogue, watch=False)) as opened:
        yield opened


def attach(resources: Path, id: str, kind: str, holding: str) -> None:
    text = RECORD.format(kind=kind, holding=holding)
    (resources / "records" / f"{id}.yaml").write_text(text, encoding="utf-8")


PLACES = [
    ("nl", "schilderijen", "/nl/record/report?file=1&page=4#reader"),  # stands there as: schilderij
    ("nl", "kunstobjecten", "/nl/record/report?file=1&page=4#reader"),
    ("nl", "briefpapieren", "/nl/record/report?file=1&page=4#reader"),
    ("nl", "facturen kunstwereld", "/nl/record/report?file=1&page=4#reader"),  # factuur
    ("nl", "webservice", "/nl/record/report?file=1&page=5#reader"),  # webservices
    ("nl", "vocabularium", "/nl/record/report?file=1&page=6#reader"),
    ("nl", '"Google Drive" beslissing', "/nl/record/report?file=1&page=8#reader"),
    ("fr", "vlaamse schilderij", "/fr/record/report?file=1&page=4#reader"),  # by readers of the other language
    ("fr", "estampillées", "/fr/record/tool-box?file=1&page=1#reader"),  # estampillés
    ("nl", "estampillé", "/nl/record/tool-box?file=1&page=1#reader"),
    ("fr", "souris cassées", "/fr/record/keyboard?file=1&t=21#player"),  # une souris cassée
    ("nl", "souris cassée", "/nl/record/keyboard?file=1&t=21#player"),
    ("fr", "silencieuse", "/fr/record/captions?file=1&t=30#player"),  # silencieux
    ("fr", "bruyants", "/fr/record/captions?file=1&t=25#player"),  # bruyant
    ("nl", "blinden dyslexie", "/nl/record/speech?file=1&t=11#player"),
    ("fr", "sandwichs", "/fr/record/song?file=1&t=124#player"),  # at 02:04
    ("fr", "aubergine", "/fr/record/song?file=1&t=10#player"),
]
RECOGNISED = [
    ("fr", "ancien stagiaire", "/fr/record/scanned?file=1&page=2#reader"),  # anciens stagiaires
    ("nl", "viadeo", "/nl/record/scanned?file=1&page=2#reader"),
    ("fr", "forts potentiels embaucher", "/fr/record/scanned?file=1&page=3#reader"),
]
TESSERACT = pytest.mark.skipif(
    languages_installed() != LANGUAGES, reason=f"no Tesseract here: apt-get install {' '.join(PACKAGES)}"
)


@pytest.mark.parametrize(
    ("lang", "typed", "place"), [*PLACES, *(pytest.param(*each, marks=TESSERACT) for each in RECOGNISED)]
)
def test_what_stands_in_one_place_is_found_and_the_link_opens_there(
    client: TestClient, lang: str, typed: str, place: str
) -> None:
    assert place in places(client, lang, typed)
    assert client.get(place.partition("#")[0], headers={"Range": "bytes=0-9"}).status_code in (200, 206)


def places(client: TestClient, lang: str, typed: str) -> list[str]:
    """Return where the results say that the words stand, in their order."""
    page = client.get(f"/{lang}/search?q={quote(typed)}").text
    return [link.replace("&amp;", "&") for link in re.findall(PAGE, page)]


@pytest.mark.parametrize(
    ("typed", "file", "at", "url"),
    [
        ("souris cassées", "media/keyboard.vtt", ("second", 21), "/nl/record/keyboard?file=1&t=21#player"),
        ("kunstobjecten", "media/report.pdf", ("page", 4), "/nl/record/report?file=1&page=4#reader"),
    ],
)
def test_programs_are_told_the_place_too(
    client: TestClient, typed: str, file: str, at: tuple[str, int], url: str
) -> None:
    (hit,) = client.get("/api/search", params={"q": typed, "lang": "nl"}).json()["hits"]
    inside = hit["inside"]
    assert (inside["file"], inside[at[0]], inside["url"]) == (file, at[1], url)
    assert inside["lang"] in ("fr", "nl")
    assert any(found for _, found in inside["parts"])
    assert all("inside" in hit for hit in client.get("/api/search").json()["hits"])
