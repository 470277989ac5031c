"""Bilingual parity: every text people see is in every interface language, every record in both of the centre's."""

from __future__ import annotations

import re

import pytest

from catalogue.contents import Contents, Frame
from catalogue.errors import Severity
from catalogue.store import Store
from tests.conftest import PROJECT
from tests.messages import LANGUAGES, LOOSE_SPACE, extracted, strings_of, translated

_PLACE = re.compile(r"%\(\w+\)s|%%|\{\w+\}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_is_translated_and_none_is_left_over(lang: str) -> None:
    wanted = {message.id for message in extracted() if message.id}
    have = {message.id: message.string for message in translated(lang) if message.id}
    assert not wanted - have.keys(), "make messages, then translate"
    assert not have.keys() - wanted, "make messages"
    empty = [id for id, string in have.items() if not all([string] if isinstance(string, str) else string or [""])]
    assert not empty


@pytest.mark.parametrize("lang", LANGUAGES)
def test_translations_keep_the_places_of_the_text(lang: str) -> None:
    for message in translated(lang):
        texts = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
        if message.id:
            # A singular may say "one" for the number; everything else keeps every place.
            assert set(_PLACE.findall(strings[-1])) == set(_PLACE.findall(texts[-1])), strings
            assert set(_PLACE.findall(strings[0])) <= set(_PLACE.findall(texts[-1])), strings


def test_french_lines_do_not_break_before_high_punctuation() -> None:
    strings = [string for message in translated("fr") if message.id for string in strings_of(message.string)]
    assert not [string for string in strings if LOOSE_SPACE.search(string)], "make messages"


def test_everything_in_the_example_centre_is_in_both_languages() -> None:
    frame = Frame.load(PROJECT / "resources")
    store = Store(PROJECT / "resources", frame.vocabularies)
    store.load()
    untranslated = [
        problem.render(root=PROJECT)
        for problem in Contents.of(frame, store).problems
        if problem.severity is Severity.GAP and "lang" in problem.params
    ]
    assert not untranslated


def test_every_vocabulary_and_concept_has_a_label_in_every_language() -> None:
    vocabularies = Frame.load(PROJECT / "resources").vocabularies
    for name, terms in vocabularies.terms.items():
        for term in terms.values():
            assert {"fr", "nl"} <= term.labels.keys(), (name, term.id)
    for concept in vocabularies.concepts.values():
        assert {"fr", "nl", "en"} <= concept.labels.keys(), concept.id
