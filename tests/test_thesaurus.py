"""Concepts recognised in a query by the labels people type, in any language and form."""

from __future__ import annotations

import pytest

from catalogue.search import parser
from catalogue.search.engine import Expansion
from catalogue.search.thesaurus import Thesaurus
from catalogue.vocabulary import Concept


def concept(id: str, **labels: str) -> Concept:
    split = {lang: tuple(text.split("|")) for lang, text in labels.items()}
    return Concept(id=id, kind="subject", labels=split)


THESAURUS = Thesaurus(
    {
        c.id: c
        for c in (
            concept("nurse", fr="infirmier|infirmière", nl="verpleegkundige", en="nurse"),
            concept("jobseeker", fr="demandeur d'emploi|chômeur", nl="werkzoekende", en="jobseeker"),
            concept("job", fr="emploi|travail", nl="werk|job", en="job"),
            concept("grant", fr="bourse d'études", nl="studietoelage|studiebeurs"),
            concept("trainer", fr="formateur", nl="opleider"),
            concept("sound", fr="technicien du son", nl="geluidstechnicus"),
            concept("french-only", fr="ferronnerie"),
            Concept(id="old", kind="subject", labels={"fr": ("ancien",), "nl": ("oud",)}, retired=True),
        )
    }
)


def expand(text: str, lang: str = "fr") -> tuple[Expansion, ...]:
    return THESAURUS.expand(parser.parse(text).parts, lang)


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("infirmière", ["nurse"]),
        ("INFIRMIERES", ["nurse"]),
        ("verpleegkundigen", ["nurse"]),
        ("bourse d’études à Bruxelles", ["grant"]),
        ("demandeurs d'emploi", ["jobseeker"]),
        ("emploi infirmier", ["job", "nurse"]),
        ("bourse", []),
        ("infirm*", []),
        ("opleiding", []),
        ("opleiders", ["trainer"]),
        ("formation", []),
        ("formatrices", ["trainer"]),
        ("technicien", []),
        ("technicien du son", []),
        ("ferronnerie", []),
        ("ancien", []),
        ('"demandeur d\'emploi"', ["jobseeker"]),
    ],
)
def test_labels_are_recognised(text: str, concepts: list[str]) -> None:
    assert [expansion.concept for expansion in expand(text)] == concepts


def test_the_longest_label_wins_over_its_parts() -> None:
    (expansion,) = expand("demandeur emploi")
    assert (expansion.concept, expansion.start, expansion.end) == ("jobseeker", 0, 2)


def test_the_other_labels_come_with_their_language_the_typed_one_never() -> None:
    (expansion,) = expand("infirmières")
    assert [(other.text, other.lang) for other in expansion.also] == [("verpleegkundige", "nl"), ("nurse", "en")]


def test_synonyms_of_the_same_language_are_searched_too() -> None:
    (expansion,) = expand("chômeur")
    assert ("demandeur d'emploi", "fr") in [(other.text, other.lang) for other in expansion.also]


def test_a_word_of_two_languages_is_read_in_the_visitor_s() -> None:
    assert expand("job", "en")[0].lang == "en"
    assert expand("job", "nl")[0].lang == "nl"
