"""Searching what stands inside the files of records: found, weighed, told with its place, opened there."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from catalogue.inside import FileTexts
from catalogue.inside.reading import Reading
from catalogue.query import Query
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.web.pages import Card
from catalogue.web.player import clock
from catalogue.web.present import Presenter
from tests import hostile_pdf, media_samples
from tests.conftest import AddRecord, ids_of
from tests.waiting import until

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


def card(catalogue: Catalogue, text: str, lang: str) -> Card:
    answer = catalogue.search(Query(text=text), lang)
    return Presenter(catalogue, lang).cards(answer.records, answer.plan)[0]


@pytest.mark.parametrize(
    ("lang", "typed", "marked"),
    [
        ("fr", "infirmières", "infirmière"),  # in another form
        ("nl", "verpleegkundigen", "infirmière"),  # in the other language
        ("fr", "métier infirmière", "infirmière"),
    ],
)
def test_a_result_tells_the_page_with_the_words_around(
    add: AddRecord, catalogue: Catalogue, lang: str, typed: str, marked: str
) -> None:
    put(catalogue, "guide.pdf", hostile_pdf.pages([FRENCH, f"{FRENCH} Une infirmière vous parle.", FRENCH]))
    add("guide", "title: {fr: Un métier, nl: Een beroep}", HOLDING % "guide.pdf")
    catalogue.refresh()
    catalogue.file_texts.look()
    inside = card(catalogue, typed, lang).inside
    assert inside
    assert inside.place == ("Page 2" if lang == "fr" else "Pagina 2")
    assert inside.href == f"/{lang}/record/guide?file=1&page=2#reader"
    assert inside.lang == "fr"
    assert marked in [text for text, is_marked in inside.text if is_marked]
    assert "vous parle" in "".join(text for text, _ in inside.text)


def test_a_result_tells_the_second_of_a_film(add: AddRecord, catalogue: Catalogue) -> None:
    put(catalogue, "film.mp4", media_samples.mp4())
    cues = "WEBVTT\n\n00:01.000 --> 00:04.000\nPour devenir\n\n02:31.500 --> 02:35.000\nforgeron au village,\n\n"
    put(catalogue, "film.vtt", f"{cues}02:36.000 --> 02:40.000\nil faut du feu.\n".encode())
    add("film", "holdings: [{shelf: K1}, {file: media/film.mp4, captions: {fr: media/film.vtt}}]")
    catalogue.refresh()
    catalogue.file_texts.look()
    inside = card(catalogue, "forgerons", "nl").inside
    assert inside
    assert (inside.place, inside.href, inside.lang) == ("Op 02:31", "/nl/record/film?file=2&t=151#player", "fr")
    assert "".join(text for text, _ in inside.text) == "Pour devenir forgeron au village, il faut du feu."


def test_of_a_page_the_words_are_shown_that_stand_together(add: AddRecord, catalogue: Catalogue) -> None:
    page = f"Le forgeron. {FRENCH} {FRENCH} Ici le forgeron aime son village. {FRENCH}"
    put(catalogue, "guide.pdf", hostile_pdf.pages([page]))
    add("guide", "title: {fr: Un guide}", HOLDING % "guide.pdf")
    catalogue.refresh()
    catalogue.file_texts.look()
    inside = card(catalogue, "forgeron village", "fr").inside
    assert inside
    assert [text for text, is_marked in inside.text if is_marked] == ["forgeron", "village"]


def test_what_the_title_says_already_is_not_looked_for_inside(add: AddRecord, catalogue: Catalogue) -> None:
    put(catalogue, "guide.pdf", hostile_pdf.pages([FRENCH]))
    add("guide", "title: {fr: Un métier}", HOLDING % "guide.pdf")
    catalogue.refresh()
    catalogue.file_texts.look()
    assert card(catalogue, "métier", "fr").inside is None


@pytest.mark.parametrize(("seconds", "told"), [(0, "00:00"), (151, "02:31"), (3_751, "1:02:31")])
def test_seconds_as_on_a_clock(seconds: int, told: str) -> None:
    assert clock(seconds) == told


def test_while_a_file_hangs_or_its_worker_is_killed_people_search_and_save(
    add: AddRecord, settings: Settings, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    hangs = f"import os, time; open({str(begun)!r}, 'a').write(f'{{os.getpid()}} '); time.sleep(60)"
    catalogue = Catalogue.open(settings)
    catalogue.file_texts = FileTexts(
        settings.resources, settings.cache / "inside", print, Reading((sys.executable, "-c", hangs))
    )
    put(catalogue, "guide.pdf", hostile_pdf.pages([FRENCH]))
    add("guide", "title: {fr: Un métier}", HOLDING % "guide.pdf")
    catalogue.refresh()
    catalogue.file_texts.start()
    killed = set[str]()
    try:
        for _ in range(2):
            new = next(iter(until(lambda: set(workers(begun)) - killed)))
            assert found(catalogue, "métier") == ["guide"]
            catalogue.save(catalogue.record("guide"))  # neither waits for a minute
            assert not catalogue.file_texts.problems
            os.kill(int(new), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
            killed.add(new)
        problems = until(lambda: catalogue.file_texts.problems)
        assert {path: problem for path, (problem, _) in problems.items()} == {"media/guide.pdf": "broken"}
        assert len(workers(begun)) == 2
    finally:
        catalogue.close()


def workers(begun: Path) -> list[str]:
    """Return the processes that have begun to read."""
    return begun.read_text().split() if begun.exists() else []
