"""What differs between two texts: words, lines, and that comparing long ones takes no time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalogue.textdiff import CUT, Part, lines, words

TEXTS = st.text(alphabet="ab é.\n'’,", max_size=40)


def of(parts: tuple[Part, ...], *signs: str) -> str:
    return "".join(part.text for part in parts if part.sign in signs)


def test_words_that_went_and_came() -> None:
    assert words("Il publie des offres.", "Il affiche des offres !", "fr") == (
        Part("", "Il ", "fr"),
        Part("-", "publie", "fr"),
        Part("+", "affiche", "fr"),
        Part("", " des offres", "fr"),
        Part("-", ".", "fr"),
        Part("+", " !", "fr"),
    )


def test_words_changed_side_by_side_are_one_change() -> None:
    assert words("een twee drie", "een vier vijf") == (Part("", "een "), Part("-", "twee drie"), Part("+", "vier vijf"))


def test_a_word_with_an_apostrophe_is_one_word() -> None:
    assert Part("-", "d'emploi") in words("offres d'emploi", "offres d’emploi")


@given(TEXTS, TEXTS)
def test_both_texts_are_there_whole(before: str, after: str) -> None:
    parts = words(before, after)
    assert of(parts, "", "-") == before
    assert of(parts, "", "+") == after


def test_a_long_text_is_cut_to_the_words_around_the_change() -> None:
    text = " ".join(f"mot{n}" for n in range(400))
    parts = words(text, text.replace("mot200", "autre"))
    assert [part.text for part in parts if part.sign] == ["mot200", "autre"]
    first, last = parts[0].text, parts[-1].text
    assert first.startswith(CUT)
    assert "mot199" in first
    assert "mot150" not in first
    assert "mot201" in last
    assert last.strip().endswith(CUT)


def test_very_long_texts_are_compared_by_sentences() -> None:
    text = "".join(f"La phrase {n} parle d'un métier. " for n in range(2_000))
    parts = words(text, text.replace("phrase 9 ", "phrase neuf ").replace("phrase 1999 ", "dernière phrase "))
    assert [part.text.strip() for part in parts if part.sign == "+"] == [
        "La phrase neuf parle d'un métier.",
        "La dernière phrase parle d'un métier.",
    ]


def test_lines_with_three_around() -> None:
    text = "".join(f"{n}\n" for n in range(20))
    parts = lines(text, text.replace("10\n", "ten\n"))
    assert [(part.sign, part.text) for part in parts] == [
        ("", CUT),
        *(("", n) for n in "789"),
        ("-", "10"),
        ("+", "ten"),
        *(("", n) for n in ("11", "12", "13")),
        ("", CUT),
    ]


def test_the_same_text_has_no_change() -> None:
    assert not [part for part in words("same", "same") if part.sign]
    assert lines("", "") == ()
