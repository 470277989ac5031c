"""Marks and reasons: what a visitor sees of a match is in the text, and true."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.engine import Alternative, Expansion
from catalogue.search.explain import Explainer
from tests.conftest import document, plan


def marked(text: str, lang: str, query: str, **options: object) -> list[str]:
    return [piece for piece, found in Explainer(plan(query, **options)).mark(text, lang) if found]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "lang", "query", "found"),
    [
        ("Devenir infirmier ou infirmière", "fr", "infirmières", ["infirmier", "infirmière"]),
        ("L’école des métiers", "fr", "ecole metier", ["école", "métiers"]),
        ("Opleidingen in Brussel", "nl", "opleiding", ["Opleidingen"]),
        ("Les soins à domicile", "fr", '"soins à domicile"', ["soins", "domicile"]),
        ("Verpleegkundige worden", "nl", "verp*", ["Verpleegkundige"]),
        ("Emploi", "fr", "", []),
    ],
)
def test_the_words_found_are_marked(text: str, lang: str, query: str, found: list[str]) -> None:
    assert marked(text, lang, query) == found


def test_exact_search_marks_only_what_was_typed() -> None:
    assert marked("Emploi et emplois", "fr", "emplois", exact=True) == ["emplois"]


@given(st.text(max_size=60), st.text(max_size=20), st.sampled_from(["fr", "nl", "en", "und"]))
def test_marking_changes_no_character(text: str, query: str, lang: str) -> None:
    assert "".join(piece for piece, _ in Explainer(plan(query)).mark(text, lang)) == text


def test_a_snippet_shows_the_words_around_the_match() -> None:
    text = " ".join(f"mot{n}" for n in range(200)) + " infirmier " + " ".join(f"fin{n}" for n in range(50))
    pieces = Explainer(plan("infirmiers")).snippet(text, "fr", width=10)
    shown = "".join(piece for piece, _ in pieces)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert ("infirmier", True) in pieces
    assert len(shown.split()) == 12


def test_a_short_text_is_shown_whole() -> None:
    assert "".join(piece for piece, _ in Explainer(plan("mots")).snippet("Trois mots ici.", "fr")) == "Trois mots ici."


def test_the_weightiest_field_is_the_reason() -> None:
    found = document("a", title_fr="Devenir infirmier", summary_fr="Un infirmier soigne")
    (reason,) = Explainer(plan("infirmiers")).reasons(found)
    assert (reason.code, reason.field, reason.term) == ("word", "title", "infirmier")


def test_a_translation_says_which_word_stands_for_which() -> None:
    asked = plan("infirmier")
    other = Alternative("verpleegkundige", "nl", ("verpleegkund",))
    asked = dataclasses.replace(asked, expansions=(Expansion("infirmier", "fr", "nurse", 0, 1, (other,)),))
    (reason,) = Explainer(asked).reasons(document("b", title_nl="Verpleegkundige worden"))
    assert (reason.code, reason.term) == ("translation", "verpleegkundige")
    assert reason.message % dict(reason.params) == "“verpleegkundige” is Dutch for “infirmier”"


def test_nothing_found_gives_no_reason() -> None:
    assert Explainer(plan("infirmier")).reasons(document("a", title_fr="Plombier")) == ()
