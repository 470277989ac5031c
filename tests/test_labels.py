"""Labels by the beginnings of their words: held equal to a plain look through all of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalogue.search import analysis
from catalogue.search.labels import Labels, Listing

WORDS = ("carte", "cartes", "identité", "Idée", "de", "la", "œuvre", "3D", "l'emploi", "aujourd'hui", "Zoé", "c++")
LABELS = st.lists(st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), max_size=200)
BEGINNINGS = st.lists(st.sampled_from(("ca", "carte", "cartes", "id", "ide", "de", "oe", "3d", "em", "z", "c", "la")))


def labels(texts: list[str], weights: list[int] | None = None) -> Labels[int]:
    listing: Listing[int] = Listing()
    for number, text in enumerate(texts):
        listing.add(text, number, weights[number] if weights else 0)
    return Labels(listing)


def texts_of(found: Labels[int], *beginnings: str) -> list[str]:
    return list(dict.fromkeys(text for _, text, _ in found.find(beginnings)))


def plainly(texts: list[str], beginnings: list[str]) -> list[tuple[bool, str, int]]:
    """Look through all labels: those that begin with the first beginning, then the others, each alphabetically."""
    found = []
    for number, text in enumerate(texts):
        words = analysis.surfaces(text)
        lead = next((place for place, word in enumerate(words) if not analysis.is_stop(word)), len(words))
        known = {word for place, word in enumerate(words) if place <= lead or not analysis.is_stop(word)}
        if all(any(word.startswith(beginning) for word in known) for beginning in beginnings):
            inside = not any(word.startswith(beginnings[0]) for word in words[: lead + 1])
            found.append((inside, " ".join(words), number))
    return sorted(found)


@given(LABELS, BEGINNINGS.filter(bool))
def test_the_same_as_a_plain_look_through_all(texts: list[str], beginnings: list[str]) -> None:
    found: dict[int, tuple[bool, str, int]] = {}
    for inside, text, number in labels(texts).find(beginnings):
        found.setdefault(number, (inside, " ".join(analysis.surfaces(text)), number))
    assert list(found.values()) == plainly(texts, beginnings)


def test_accents_ligatures_capitals_and_elisions_do_not_matter() -> None:
    found = labels(["L'Œuvre d'Été", "Cœur"])
    assert texts_of(found, "oeu") == texts_of(found, "ete") == ["L'Œuvre d'Été"]
    assert texts_of(found, "coeur") == ["Cœur"]
    assert not texts_of(found, "l")


def test_words_are_typed_in_any_order() -> None:
    found = labels(["Carte d'identité", "Carte blanche", "Identité"])
    assert texts_of(found, "carte", "ident") == texts_of(found, "ident", "carte") == ["Carte d'identité"]


def test_what_begins_so_comes_before_what_holds_it_and_weight_before_the_alphabet() -> None:
    texts = ["Un emploi", "Aide à l'emploi", "Emploi zéro", "Emploi accompagné"]
    assert texts_of(labels(texts), "emploi") == [
        "Emploi accompagné",
        "Emploi zéro",
        "Un emploi",
        "Aide à l'emploi",
    ]
    assert texts_of(labels(texts, [0, -9, -1, 0]), "emploi")[:2] == ["Emploi zéro", "Emploi accompagné"]


def test_many_labels_come_in_order_to_the_last() -> None:
    texts = [f"emploi {number:04}" for number in range(1000)]
    assert texts_of(labels(texts[::-1]), "emploi") == texts
    assert texts_of(labels(texts), "emploi", "0999") == ["emploi 0999"]


def test_no_label_at_all() -> None:
    assert not texts_of(labels([]), "emploi")
    assert not texts_of(labels(["", "…"]), "emploi")
