"""Languages, dates and numbers as people of each language write them; letters made comparable and put in order."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import errors, i18n
from catalogue.errors import CatalogueError, Gone, Moved, NotFound, Problem
from catalogue.folding import collation_key, fold, fold_spans
from catalogue.i18n import Language, country_names, from_environment, languages

DAY = datetime.date(2026, 12, 4)


@pytest.mark.parametrize(
    ("code", "name", "date", "month", "time", "number"),
    [
        ("fr", "Français", "vendredi 4 décembre 2026", "décembre 2026", "09:05", "1\u202f234\u202f567"),
        ("nl", "Nederlands", "vrijdag 4 december 2026", "december 2026", "09:05", "1.234.567"),
        ("en", "English", "Friday, December 4, 2026", "December 2026", "09:05", "1,234,567"),
    ],
)
def test_names_dates_and_numbers(code: str, name: str, date: str, month: str, time: str, number: str) -> None:
    language = languages()[code]
    assert (language.name, language.date(DAY), language.month(DAY)) == (name, date, month)
    assert language.time(datetime.datetime(2026, 12, 4, 9, 5)) == time
    assert language.number(1234567) == number
    assert language.number(1.5) == ("1.5" if code == "en" else "1,5")
    assert language.number(0.0001)[2:] == "0001"


@pytest.mark.parametrize(
    ("code", "first", "later"),
    [
        ("fr", "1er mars 2027", "31 mars 2027"),
        ("nl", "1 maart 2027", "31 maart 2027"),
        ("en", "March 1, 2027", "March 31, 2027"),
    ],
)
def test_a_day_without_its_name(code: str, first: str, later: str) -> None:
    days = (datetime.date(2027, 3, 1), datetime.date(2027, 3, 31))
    assert [languages()[code].day(day) for day in days] == [first, later]


def test_the_centres_two_languages_come_first() -> None:
    assert list(languages())[:3] == ["fr", "nl", "en"]
    assert languages() is languages()


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({"LANG": "fr_BE.UTF-8"}, "fr"),
        ({"LANG": "nl_BE"}, "nl"),
        ({"LANG": "FR"}, "fr"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "en"),
        ({}, "en"),
        ({"LANG": "fr_BE", "LC_ALL": "nl_BE"}, "nl"),
        ({"LANG": "fr_BE", "LC_MESSAGES": "nl_BE"}, "nl"),
        ({"LANG": "fr_BE", "LC_ALL": ""}, "fr"),
        ({"LANG": "fr_BE", "LC_ALL": "C"}, "en"),
    ],
)
def test_a_command_speaks_the_language_of_its_user(environ: dict[str, str], code: str) -> None:
    assert from_environment(environ).code == code


def test_a_language_is_installed_by_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in ("pl", "nl", "ar"):
        folder = tmp_path / code / "LC_MESSAGES"
        folder.mkdir(parents=True)
        text = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Theme"\nmsgstr "Żółw"\n'
        (folder / "catalogue.po").write_text(text, encoding="utf-8")
    monkeypatch.setattr(i18n, "FOLDER", tmp_path)
    languages.cache_clear()
    try:
        assert list(languages()) == ["nl", "en", "ar", "pl"]
        assert languages()["pl"].gettext("Theme") == "Żółw"
        assert languages()["en"].gettext("Theme") == "Theme"
    finally:
        languages.cache_clear()


@pytest.mark.parametrize("name", ["Congo-Kinshasa", "Maroc", "Marokko", "Afghanistan", "Syrië", "Belgique", "België"])
def test_countries_are_named_in_every_installed_language(name: str) -> None:
    assert name in country_names()


def test_plurals_follow_the_language() -> None:
    message = ("%(count)s copy", "%(count)s copies")
    for code, none, one in (("fr", "exemplaire", "exemplaire"), ("en", "copies", "copy")):
        language: Language = languages()[code]
        assert language.ngettext(*message, 0).endswith(none)
        assert language.ngettext(*message, 1).endswith(one)
    assert languages()["fr"].ngettext(*message, 2).endswith("exemplaires")


def _below(kind: type[CatalogueError]) -> Iterator[type[CatalogueError]]:
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield child
            yield from _below(child)


def test_the_tree_of_errors_is_as_drawn() -> None:
    drawn = re.findall(r"[├└]── (\w+) *(\d*)", errors.__doc__ or "")
    assert sorted(name for name, _ in drawn) == sorted(kind.__name__ for kind in _below(CatalogueError))
    for name, status in drawn:
        kind = getattr(errors, name)
        assert issubclass(kind, CatalogueError)
        assert kind.status == int(status or 503), name


def test_an_error_is_said_in_the_language_where_it_is_shown() -> None:
    error = Moved("new-id")
    assert str(error) == "This document has moved to “new-id”."
    translated = error.text(languages()["nl"].gettext)
    assert "new-id" in translated
    assert translated != str(error)
    assert (NotFound().status, Gone(title="x").status, CatalogueError().status) == (404, 410, 500)
    problem = Problem(Path("/a/b/c.yaml"), 0, "x", "“%(value)s” costs 100%%", {"value": "50%s"})
    assert problem.render(root=Path("/a")) == "b/c.yaml: x: “50%s” costs 100%"
    assert problem.render(root=Path("/z")).startswith("/a/b/c.yaml: ")


# --- letters -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Œuvre d’Été", "oeuvre d'ete"),
        ("ÎLE‑DE–France", "ile-de-france"),
        ("ĲSSEL ijs", "ijssel ijs"),
        ("Straße Łódź Ærø", "strasse lodz aero"),
        ("e\u0301cole", "ecole"),
        ("co\u00adopération", "cooperation"),
        ("l`ecole, l`école", "l'ecole, l'ecole"),
        ("L`ECOLE", "l'ecole"),
        ("1\u202f000\u00a0€", "1 000 €"),
        ("Actiris™ № ℌ", "actiristm no h"),
        ("ΟΔΟΣ οδός", "οδοσ οδοσ"),
        ("العربية", "العربية"),
    ],
)
def test_letters_are_made_comparable(text: str, folded: str) -> None:
    assert fold(text) == folded


TEXTS = st.text(max_size=30) | st.text("éÉœŒßĲΣςİ’–™¼ﬁ\u00ad e\u0301", max_size=12)


@given(TEXTS)
def test_folding_twice_is_folding_once_and_leaves_no_accent(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == folded.lower()
    assert not any(unicodedata.combining(c) for c in folded)


@given(TEXTS)
def test_every_folded_letter_knows_where_it_came_from(text: str) -> None:
    folded, origin = fold_spans(text)
    assert folded == fold(text)
    assert origin == sorted(origin)
    assert all(letter in fold(text[place]) for letter, place in zip(folded, origin, strict=True))


def test_the_order_of_titles() -> None:
    titles = ["zone", "élève", "Eleve", "« Abc »", "école", "Œuvre", "officier", "'t Zand", "L'été", "abc", "L’ete"]
    assert sorted(titles, key=collation_key) == [
        "abc", "« Abc »", "école", "Eleve", "élève", "L'été", "L’ete", "Œuvre", "officier", "'t Zand", "zone",
    ]  # fmt: skip


@given(st.sets(TEXTS, max_size=6))
def test_no_two_texts_have_the_same_place(texts: set[str]) -> None:
    assert len({collation_key(text) for text in texts}) == len(texts)
