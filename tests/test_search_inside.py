"""Searching what stands inside the files of records: found, weighed, told with its place, opened there."""

from __future__ import annotations

from catalogue.query import Query
from catalogue.service import Catalogue
from tests import hostile_pdf
from tests.conftest import AddRecord, ids_of

FRENCH = "Vous voulez apprendre un métier avec des gens qui vous aident dans la vie et pour le travail. " * 2
HOLDING = "holdings: [{file: media/%s, language: fr}]"


def found(catalogue: Catalogue, text: str, lang: str = "fr") -> list[str]:
    return ids_of(catalogue.search(Query(text=text), lang).records)


def put(catalogue: Catalogue, name: str, data: bytes) -> None:
    folder = catalogue.settings.resources / "media"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)


def test_a_word_on_a_page_finds_the_record_once_the_file_is_read(add: AddRecord, catalogue: Catalogue) -> None:
    put(catalogue, "guide.pdf", hostile_pdf.pages([FRENCH, f"{FRENCH} Il y avait des chaudronniers."]))
    add("guide", HOLDING % "guide.pdf")
    catalogue.refresh()
    assert found(catalogue, "chaudronnier") == []
    assert catalogue.file_texts.look() == 1
    assert found(catalogue, "chaudronnière") == ["guide"]
    catalogue.rebuild()
    assert found(catalogue, '"avait des chaudronniers"') == ["guide"]
    add("guide", "status: draft", HOLDING % "guide.pdf")
    catalogue.refresh()
    assert found(catalogue, "chaudronnier") == []


def test_a_title_and_a_summary_weigh_more_than_a_hundred_words_inside(add: AddRecord, catalogue: Catalogue) -> None:
    put(catalogue, "long.pdf", hostile_pdf.pages([f"{FRENCH} boulanger" + " boulanger" * 5] * 20))
    add("long", HOLDING % "long.pdf")
    add("title", "title: {fr: Boulanger aujourd'hui}")
    add("summary", "summary: {fr: Être boulanger}")
    catalogue.refresh()
    catalogue.file_texts.look()
    assert found(catalogue, "boulanger") == ["title", "summary", "long"]
