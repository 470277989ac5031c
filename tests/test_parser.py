"""The small language of queries: whatever is typed means something harmless."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.parser import MAX_PARTS, parse, wanted_words


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Infirmière à Bruxelles", [("word", "infirmiere"), ("word", "bruxelles")]),
        ('"soins à domicile"', [("phrase", "soins a domicile")]),
        ("« soins infirmiers »", [("phrase", "soins infirmiers")]),
        ('"école"', [("word", "ecole")]),
        ("emploi*", [("prefix", "emploi")]),
        ("em*", [("word", "em")]),
        ("de la", [("word", "de"), ("word", "la")]),
        ('"pas fermé', [("word", "ferme")]),
        ("emploi emplois emploi", [("word", "emploi"), ("word", "emplois")]),
        ("rec:x [a TO z] (((( ~9", [("word", "rec"), ("word", "x"), ("word", "z"), ("word", "9")]),
        ("", []),
        ('"', []),
        ("*", []),
    ],
)
def test_parts(text: str, parts: list[tuple[str, str]]) -> None:
    assert [(part.kind, " ".join(part.surfaces)) for part in parse(text).parts] == parts


def test_excluded_words_and_phrases() -> None:
    parsed = parse('emploi -vidéo -"sans diplôme" arc-en-ciel')
    assert [part.surfaces for part in parsed.excluded] == [("video",), ("sans", "diplome")]
    assert [part.surface for part in parsed.parts] == ["emploi", "arc", "ciel"]


def test_what_was_typed_is_kept_for_the_reader() -> None:
    assert [part.text for part in parse("L’École Créer").parts] == ["École", "Créer"]


def test_only_so_many_parts() -> None:
    assert len(parse(" ".join(f"mot{n}" for n in range(50))).parts) == MAX_PARTS


@given(st.text(max_size=300))
def test_never_fails(text: str) -> None:
    parsed = parse(text)
    assert all(part.surfaces and all(part.surfaces) for part in (*parsed.parts, *parsed.excluded))


def test_the_wanted_words_are_at_their_places() -> None:
    text = 'l\'infrmier -vidéo "permis B" form* Œuvre -"sans diplôme"'
    found = list(wanted_words(text))
    assert [word.surface for word in found] == ["infrmier", "permis", "b", "oeuvre"]
    assert [text[word.start : word.end] for word in found] == ["infrmier", "permis", "B", "Œuvre"]
