"""Ready phrases: kept by id, read in the reader's language, with a day where they name one."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from catalogue.service import Catalogue
from catalogue.vocabulary import Vocabularies
from catalogue.web import phrases
from tests.conftest import write

DAY = datetime.date(2026, 12, 4)


@pytest.fixture(scope="module")
def vocabularies(example: Catalogue) -> Vocabularies:
    return example.contents.frame.vocabularies


def test_about_twenty_phrases_are_ready_in_three_languages(vocabularies: Vocabularies) -> None:
    terms = vocabularies.terms[phrases.VOCABULARY].values()
    assert 18 <= len(terms) <= 25
    assert all({"fr", "nl", "en"} <= set(term.labels) for term in terms)
    for lang in ("fr", "nl", "en"):
        labels = [term.labels[lang] for term in terms]
        assert len(set(labels)) == len(labels)


def test_each_phrase_offered_has_a_key_of_its_own_and_digits_come_first(vocabularies: Vocabularies) -> None:
    offered = phrases.offered(vocabularies, "nl")
    keys = [phrase.key for phrase in offered]
    assert len(set(keys)) == len(keys)
    assert keys[:10] == [*"123456789", "a"]
    assert [phrase.id for phrase in offered if phrase.dated] == ["before-date"]
    assert all("DATE" not in phrase.label.text for phrase in offered)


@pytest.mark.parametrize(
    ("why", "lang", "said", "said_lang"),
    [
        ("start-here", "fr", "Commencez par ceci", "fr"),
        ("start-here", "nl", "Begin hiermee", "nl"),
        ("before-date 2026-12-04", "fr", "Avant le vendredi 4 décembre 2026", "fr"),
        ("before-date 2026-12-04", "nl", "Vóór vrijdag 4 december 2026", "nl"),
        ("before-date", "en", "Before …", "en"),
        ("before-date soon", "fr", "before-date soon", "und"),
        ("Demandez Awa au guichet 3", "nl", "Demandez Awa au guichet 3", "und"),
        ("", "fr", "", "und"),
    ],
)
def test_a_reason_is_read_in_the_readers_language(
    vocabularies: Vocabularies, why: str, lang: str, said: str, said_lang: str
) -> None:
    found = phrases.said(vocabularies, why, lang)
    assert (found.text, found.lang) == (said, said_lang)


@pytest.mark.parametrize(("id", "day"), [("free", None), ("before-date", DAY)])
def test_what_is_kept_is_parsed_back(vocabularies: Vocabularies, id: str, day: datetime.date | None) -> None:
    assert phrases.parsed(vocabularies, phrases.kept(id, day)) == (id, day)


def test_a_centre_edits_its_phrases_and_a_retired_one_is_still_read(centre: Path) -> None:
    write(
        centre / "vocabularies" / "phrases.yaml",
        "- {id: old, labels: {fr: Avant}, retired: true}\n- {id: new, labels: {fr: Nouveau, ar: جديد}}\n",
    )
    own = Vocabularies.load(centre / "vocabularies")
    assert [phrase.id for phrase in phrases.offered(own, "nl")] == ["new"]
    assert phrases.said(own, "old", "fr").text == "Avant"
    assert phrases.said(own, "new", "ar").lang == "ar"


def test_a_centre_without_phrases_has_only_its_own_words(centre: Path) -> None:
    own = Vocabularies.load(centre / "vocabularies")
    assert phrases.offered(own, "fr") == ()
    assert phrases.said(own, "start-here", "fr").text == "start-here"


def test_there_can_be_more_phrases_than_keys(centre: Path) -> None:
    lines = "".join(f"- {{id: p{n}, labels: {{fr: Phrase {n}}}}}\n" for n in range(40))
    write(centre / "vocabularies" / "phrases.yaml", lines)
    offered = phrases.offered(Vocabularies.load(centre / "vocabularies"), "fr")
    assert len(offered) == 40
    assert [phrase.key for phrase in offered[34:]] == ["z", "", "", "", "", ""]
