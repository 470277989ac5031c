"""Did you mean: what is near, what is left alone, how a query is put together again."""

from __future__ import annotations

import random
import string
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.contents import Contents, Frame
from catalogue.folding import fold
from catalogue.i18n import country_names
from catalogue.search import analysis
from catalogue.search.document import make_document
from catalogue.search.spelling import MAX_WRONG, Reading, Speller, as_written, label_words
from catalogue.store import Store
from catalogue.vocabulary import Concept
from tests.conftest import PROJECT

WORDS = {
    "emploi": 50, "employe": 9, "formation": 40, "infirmier": 12, "infirmiere": 8, "infirmerie": 2, "bourse": 20,
    "etudes": 30, "lettre": 15, "motivation": 6, "carte": 9, "identite": 3, "identique": 1, "beroepsopleiding": 5,
    "opleiding": 60, "verpleegkundige": 12, "huis": 4, "muis": 9, "permis": 3, "avec": 90, "soins": 7,
}  # fmt: skip
SPELLER = Speller(WORDS, labels=("ergotherapeute", "emploi"))


def texts(readings: tuple[Reading, ...]) -> list[str]:
    return ["".join(text for text, _ in reading.pieces()) for reading in readings]


def read(text: str) -> list[str]:
    return texts(SPELLER.readings(text))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("emplio", "emploi"),
        ("emplloi", "emploi"),
        ("enploi", "emploi"),
        ("verplegkundige", "verpleegkundige"),
        ("verplegkunndige", "verpleegkundige"),
        ("infrmier", "infirmier"),
        ("ergoterapeute", "ergotherapeute"),
        ("aevc", "avec"),
    ],
)
def test_the_nearest_word_comes_first(typed: str, meant: str) -> None:
    assert SPELLER.near(typed)[0] == meant


def test_of_equally_near_words_the_likelier_slip_then_the_commoner_word_comes_first() -> None:
    words = {"poulet": 1, "boulet": 2, "roulet": 5, "moulet": 9}
    assert Speller(words).near("oulet") == ("moulet", "roulet", "boulet", "poulet")
    assert Speller(words).near("soulet") == ("moulet", "roulet", "boulet", "poulet")
    assert Speller({"taart": 9, "paard": 1}).near("paart")[0] == "paard", "t and d sound alike, p and t do not"
    assert Speller({"taart": 9, "kaart": 1}).near("qaart") == ("kaart", "taart")


@pytest.mark.parametrize("word", ["emploi", "avec", "voor", "2026", "b2", "3d", "c++", "xyz", "ergotherapeute", ""])
def test_what_is_known_short_or_no_word_is_left_alone(word: str) -> None:
    assert SPELLER.near(word) == ()


def test_a_short_word_has_one_slip_a_long_one_two() -> None:
    assert SPELLER.near("bruosse") == ()
    assert SPELLER.near("verplegkundigge") == ("verpleegkundige",)
    assert SPELLER.near("vrplegkundigge") == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("infrmier", ["infirmier"]),
        ('"lettre de motivaton"', ['"lettre de motivation"']),
        ("formtion -emplio infrm*", ["formation -emplio infrm*"]),
        ("l'emplio", ["l'emploi"]),
        ("Emplio", ["Emploi"]),
        ("EMPLIO", ["EMPLOI"]),
        ("bousre d'etdues", ["bourse d'etudes"]),
        ("carteidentite", ["carte identite"]),
        ("beroeps opleiding", ["beroepsopleiding"]),
        ("beroeps-opleiding", ["beroepsopleiding"]),
        ('beroeps "opleiding"', []),
        ("formation infirmier", []),
        ("", []),
    ],
)
def test_only_the_wrong_words_of_a_query_change(typed: str, meant: list[str]) -> None:
    assert read(typed) == meant


def test_what_changed_is_marked() -> None:
    (reading,) = SPELLER.readings("la fromation, vite")
    assert reading.pieces() == (("la ", False), ("formation", True), (", vite", False))


def test_a_short_word_among_others_is_a_word_we_lack_unless_the_slip_is_usual() -> None:
    assert read("ruis") == ["muis", "huis"]
    assert read("ruis formation") == []
    assert read("nuis formation") == ["muis formation"]


def test_a_form_of_a_known_word_is_left_alone_where_it_is_found() -> None:
    asked: list[str] = []

    def is_found(word: str) -> bool:
        asked.append(word)
        return True

    assert SPELLER.readings("infirmiers", is_found) == ()
    assert asked == ["infirmiers"]
    assert texts(SPELLER.readings("infirmiers", lambda _: False))[0] == "infirmier"


def test_a_query_of_unknown_words_is_about_something_else() -> None:
    wrong = ["emplio", "fromation", "bousre", "letrte", "permsi"]
    assert read(" ".join(wrong[:MAX_WRONG])) == ["emploi formation bourse lettre"]
    assert read(" ".join(wrong)) == []


def test_a_word_is_written_as_the_records_write_it() -> None:
    found = ["Études d'infirmière", "des études", "ÉTUDES ET FORMATIONS", "le VDAB, VDAB"]
    assert as_written("etudes", found) == "études"
    assert as_written("vdab", found) == "VDAB"
    assert as_written("absent", found) == "absent"
    (reading,) = SPELLER.readings("Les etdues")
    assert reading.pieces(lambda word: as_written(word, found))[1] == ("études", True)


def test_labels_are_right_without_a_record_but_not_those_of_retired_concepts() -> None:
    concepts = [
        Concept(id="a", kind="occupation", labels={"fr": ("ergothérapeute", "l'ergo")}),
        Concept(id="b", kind="occupation", labels={"fr": ("sœur",)}, retired=True),
    ]
    assert label_words(concepts) == {"ergotherapeute", "ergo"}
    assert label_words(concepts, ("Congo-Brazzaville",)) == {"ergotherapeute", "ergo", "congo", "brazzaville"}


@pytest.mark.parametrize("text", ["mon diplôme du Congo", "mijn diploma uit Marokko", "diplôme de Guinée"])
def test_the_name_of_a_country_is_no_slip_of_another_word(text: str) -> None:
    words = {"congé": 9, "marokkaans": 9, "marokka": 1, "guide": 9, "diplôme": 9, "diploma": 9}
    folded = {fold(word): count for word, count in words.items()}
    assert Speller(folded, label_words((), country_names())).readings(text) == ()


def test_it_is_made_of_the_very_words() -> None:
    assert Speller(WORDS).is_of(WORDS, ())
    assert not Speller(WORDS).is_of(dict(WORDS), ())


@given(st.lists(st.sampled_from(["emplio", "l'etude", '"', "-", "*", " ", "é", "œuvre", "formtion", "\U0001d54f"])))
def test_what_is_not_changed_stays_as_it_was_typed(pieces: list[str]) -> None:
    typed = " ".join(pieces)
    for reading in SPELLER.readings(typed):
        kept = [piece for piece, changed in reading.pieces() if not changed]
        place = 0
        for piece in kept:
            place = typed.index(piece, place) + len(piece)
        assert any(changed for _, changed in reading.pieces())


def test_typos_of_the_words_of_the_example_centre_are_found() -> None:
    speller = Speller(words := _words_of_the_example_centre())
    lot = random.Random(1)
    pool = sorted(w for w in words if w.isalpha() and len(w) > 4 and not analysis.is_stop(w))
    typos = [(word, typed) for word in lot.sample(pool, 1500) if not speller.knows(typed := _mistyped(word, lot))]
    offered = [(word, _changed(speller.readings(typed))) for word, typed in typos]
    found = [any(_is_same(word, other) for other in others) for word, others in offered]
    first = [bool(others) and _is_same(word, others[0]) for word, others in offered]
    assert len(typos) > 1300
    assert sum(found) / len(found) >= 0.98
    assert sum(first) / len(first) >= 0.93, "the others are near to several words"


def _words_of_the_example_centre() -> Counter[str]:
    frame = Frame.load(PROJECT / "resources")
    store = Store(PROJECT / "resources", frame.vocabularies)
    store.load()
    words: Counter[str] = Counter()
    for record in Contents.of(frame, store).public:
        texts = make_document(record, frame.vocabularies).texts.values()
        words.update({word for pairs in texts for _, text in pairs for word in analysis.surfaces(text)})
    return words


def _mistyped(word: str, lot: random.Random) -> str:
    place, letter = lot.randrange(len(word) - 1), lot.choice(string.ascii_lowercase)
    before, here, after = word[:place], word[place], word[place + 1 :]
    swapped = before + after[0] + here + after[1:]
    return lot.choice((before + after, before + letter + here + after, before + letter + after, swapped))


def _changed(readings: tuple[Reading, ...]) -> list[str]:
    return [change.word for reading in readings for change in reading.changes]


def _is_same(word: str, other: str) -> bool:
    return not set(analysis.query_stems(word)).isdisjoint(analysis.query_stems(other))
