"""Suggestions while typing: what is suggested, in which order, and what a change costs."""

from __future__ import annotations

import dataclasses
import threading
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.contents import Contents, Frame
from catalogue.errors import IndexUnavailable
from catalogue.search import suggest
from catalogue.search.suggest import LIMIT, Suggester, Suggestion, Suggestions, typed
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store import Store
from catalogue.values import Text
from tests.conftest import NOW, PROJECT, AddRecord, write
from tests.waiting import until

THESAURUS = """
- {id: nurse, kind: occupation, labels: {fr: [infirmier, infirmière], nl: [verpleegkundige], en: [nurse]}}
- {id: home-nurse, kind: occupation, labels: {fr: [infirmier à domicile], nl: [thuisverpleegkundige]}}
- {id: whaler, kind: occupation, labels: {fr: [baleinier], nl: [walvisvaarder]}}
- {id: grants, kind: subject, labels: {fr: [bourse d'études, allocation], nl: [studietoelage]}}
- {id: fairs, kind: subject, labels: {fr: [bourse de l'emploi], nl: [jobbeurs]}}
- {id: unused, kind: subject, labels: {fr: [bourse inutile], nl: [nutteloze beurs]}}
- {id: old, kind: subject, labels: {fr: [bourse ancienne]}, retired: true, replaced_by: grants}
"""


@pytest.fixture(autouse=True)
def records(add: AddRecord, centre: Path) -> None:
    write(centre / "vocabularies" / "thesaurus" / "all.yaml", THESAURUS)
    add("sheet", "title: {fr: Infirmier ou infirmière, nl: Verpleegkundige worden}", "occupations: [nurse]")
    add("nurse-film", "title: {fr: Un film sur les infirmiers, nl: Een film}", "summary: {fr: À domicile.}")
    add("grant", "title: {fr: Demander une bourse, nl: Een toelage vragen}", "subjects: [grants]", "publisher: siep")
    add("fair", "title: {fr: La bourse du samedi, nl: De beurs}", "subjects: [fairs]")
    add("fair-2", "title: {fr: Salon, nl: Salon}", "subjects: [fairs]")
    add("vdab", "title: {fr: vdab fr, nl: vdab nl}", "kind: organisation", "publisher: vdab")
    add("dutch", "title: {nl: Brussel werkt}")
    add("draft", "title: {fr: Infirmier secret, nl: Geheim}", "status: draft")
    add("past", "title: {fr: Infirmier hier, nl: Gisteren}", "kind: event", "dates: [{start: 2020-01-01}]")


def texts(found: tuple[Suggestion, ...]) -> list[str]:
    return [suggestion.text for suggestion in found]


def goals(found: tuple[Suggestion, ...]) -> list[tuple[str, str, str]]:
    return [(suggestion.kind, suggestion.goal, suggestion.id) for suggestion in found]


def test_each_kind_leads_where_its_name_promises(catalogue: Catalogue) -> None:
    assert goals(catalogue.suggest("infirm", "fr")) == [
        ("occupation", "occupation", "nurse"),
        ("title", "record", "sheet"),
        ("title", "record", "nurse-film"),
        ("occupation", "search", "home-nurse"),  # no record is about it, but the search for it finds one
    ]
    assert goals(catalogue.suggest("bourse d'étu", "fr")) == [("subject", "search", "grants")]
    assert goals(catalogue.suggest("siep", "fr")) == [("organisation", "publisher", "siep")]
    assert goals(catalogue.suggest("vdab", "nl")) == [("organisation", "record", "vdab")]  # not its publisher too


def test_what_begins_so_comes_first_then_what_holds_it_frequent_subjects_before_rare_ones(catalogue: Catalogue) -> None:
    assert texts(catalogue.suggest("bourse", "fr")) == [
        "bourse de l'emploi",  # two records
        "bourse d'études",
        "La bourse du samedi",
        "Demander une bourse",
    ]


def test_the_label_that_was_typed_is_shown_and_what_was_typed_is_marked(catalogue: Catalogue) -> None:
    found = catalogue.suggest("INFIRMIERE", "fr")
    assert texts(found)[:2] == ["infirmière", "Infirmier ou infirmière"]
    assert found[0].parts == (("infirmière", True),)
    assert found[1].parts == (("Infirmier ou ", False), ("infirmière", True))
    assert catalogue.suggest("d'étu bour", "fr")[0].parts == (
        ("bour", True), ("se d'", False), ("étu", True), ("des", False)
    )  # fmt: skip


def test_the_reader_s_language_first_then_the_others_with_their_own(catalogue: Catalogue) -> None:
    found = catalogue.suggest("verpleeg", "fr")
    assert [(s.text, s.lang) for s in found[:2]] == [("verpleegkundige", "nl"), ("Verpleegkundige worden", "nl")]
    assert catalogue.suggest("bru", "fr")[0] == Suggestion(
        "Brussel werkt", "nl", "title", "record", "dutch", (("Bru", True), ("ssel werkt", False))
    )
    # Salon is its title in both languages, the reader's is meant.
    assert [(s.lang, s.id) for s in catalogue.suggest("salon", "nl")] == [("nl", "fair-2")]
    assert [s.lang for s in catalogue.suggest("infirmi", "nl")][:1] == ["fr"]


def test_what_nobody_can_find_is_not_suggested(catalogue: Catalogue) -> None:
    everything = " ".join(texts(catalogue.suggest("infirmier", "fr") + catalogue.suggest("bourse", "fr")))
    for hidden in ("secret", "hier", "inutile", "ancienne"):
        assert hidden not in everything
    assert not catalogue.suggest("baleinier", "fr")  # an occupation for which a search finds nothing


def test_an_occupation_without_records_waits_for_a_search_that_works(catalogue: Catalogue) -> None:
    with patch.object(catalogue._engine, "search", side_effect=IndexUnavailable):
        assert [id for _, _, id in goals(catalogue.suggest("infirm", "fr"))] == ["nurse", "sheet", "nurse-film"]


@pytest.mark.parametrize(
    "text", ["", " ", "i", "é", "l'", "i n f", "?", "-", "«»", "\x00", "zzz", "infirmier zzz", "i" * 999]
)
def test_what_says_too_little_or_nothing_known_gives_nothing(catalogue: Catalogue, text: str) -> None:
    assert catalogue.suggest(text, "fr") == ()


@pytest.mark.parametrize(
    ("text", "beginnings"),
    [
        ("carte ident", ("carte", "ident")),
        ("Carte d'", ("carte",)),
        ("carte d", ("carte",)),
        ("carte d’ident", ("carte", "ident")),
        ("métiers de la", ("metiers",)),
        ("de la", ("la",)),
        ("l'œ", ("oe",)),
        ("c++", ("c++",)),
        ("a b c d e f g", ()),
        ("aa ab ac ad ae af ag ah ai aj", ("aa", "ab", "ac", "ad", "ae", "af", "ag", "ah")),
    ],
)
def test_what_is_typed_narrows_by_its_words(text: str, beginnings: tuple[str, ...]) -> None:
    assert typed(text) == beginnings


def test_kinds_take_turns(centre: Path, add: AddRecord, settings: Settings) -> None:
    for number in range(20):
        add(f"title-{number:02}", f"title: {{fr: Bourse {number:02}, nl: Beurs {number:02}}}")
    add("office", "title: {fr: Bureau des bourses, nl: Beurzen}", "kind: organisation")
    catalogue = Catalogue.open(settings)
    kinds = [suggestion.kind for suggestion in catalogue.suggest("bour", "fr")]
    catalogue.close()
    assert len(kinds) == LIMIT
    assert kinds == ["subject"] * 2 + ["title"] * 5 + ["organisation"]


@given(st.text(max_size=40), st.sampled_from(["fr", "nl", "en", "de"]))
def test_nothing_breaks_it_and_nothing_comes_twice(example: Suggestions, text: str, lang: str) -> None:
    found = example.find(text, lang, lambda label: True)
    assert len(found) <= LIMIT
    assert len({(s.kind, s.id) for s in found}) == len({(s.kind, s.text.lower()) for s in found}) == len(found)
    assert example.find(text, lang, lambda label: True) == found
    for suggestion in found:
        assert "".join(piece for piece, _ in suggestion.parts) == suggestion.text
        assert any(marked for _, marked in suggestion.parts)


@pytest.fixture(scope="module")
def example() -> Suggestions:
    """The suggestions of the example centre."""
    frame = Frame.load(PROJECT / "resources")
    store = Store(PROJECT / "resources", frame.vocabularies)
    store.load()
    return Suggestions(Contents.of(frame, store), NOW)


def test_a_saved_record_is_suggested_at_once_and_a_deleted_one_no_longer(catalogue: Catalogue) -> None:
    before = catalogue._finder._suggester.of(catalogue.contents, catalogue.now())
    record = catalogue.record("grant")
    catalogue.save(dataclasses.replace(record, title=Text({"fr": "Un prêt", "nl": "Een lening"}), subjects=("unused",)))
    assert texts(catalogue.suggest("prêt", "fr")) == ["Un prêt"]
    assert texts(catalogue.suggest("bourse", "fr")) == ["bourse de l'emploi", "bourse inutile", "La bourse du samedi"]
    after = catalogue._finder._suggester.of(catalogue.contents, catalogue.now())
    assert before and after and after._terms is before._terms and after._titles._read is before._titles._read
    catalogue.delete("grant")
    assert not catalogue.suggest("prêt", "fr")
    assert "bourse inutile" not in texts(catalogue.suggest("bourse", "fr"))


def test_another_thesaurus_is_read_anew(catalogue: Catalogue, centre: Path) -> None:
    assert not catalogue.suggest("soutien", "fr")
    write(
        centre / "vocabularies" / "thesaurus" / "all.yaml", THESAURUS.replace("bourse d'études", "soutien aux études")
    )
    assert catalogue.refresh()
    assert texts(catalogue.suggest("soutien", "fr")) == ["soutien aux études"]


def test_the_next_day_is_read_anew(catalogue: Catalogue) -> None:
    suggester, contents = Suggester(), catalogue.contents
    today = suggester.of(contents, NOW)
    assert suggester.of(contents, NOW.replace(hour=23)) is today
    assert suggester.of(contents, NOW.replace(day=23)) is not today


def test_a_large_catalogue_is_read_in_the_background_and_the_last_state_answers_meanwhile(catalogue: Catalogue) -> None:
    contents, suggester, gate = catalogue.contents, Suggester(), threading.Event()
    read = Suggestions.__init__

    def slowly(*args: object) -> None:
        assert gate.wait(10)
        read(*args)  # type: ignore[arg-type]

    with patch.object(suggest, "_FEW_RECORDS", -1), patch.object(Suggestions, "__init__", slowly):
        assert suggester.of(contents, NOW) is None
        assert suggester.of(contents, NOW) is None  # nobody waits, nobody reads a second time
        gate.set()
        first = _until_read(suggester, contents)
        changed = dataclasses.replace(contents, records={})
        gate.clear()
        assert suggester.of(changed, NOW) is first
        gate.set()
        assert not _until_read(suggester, changed).find("infirmier", "fr")
    assert first.find("infirmier", "fr")


def test_a_reading_that_fails_is_told_and_tried_again(catalogue: Catalogue, caplog: pytest.LogCaptureFixture) -> None:
    suggester = Suggester()
    with patch.object(Suggestions, "__init__", side_effect=MemoryError):
        assert suggester.of(catalogue.contents, NOW) is None
    assert "could not be read" in caplog.text
    assert suggester.of(catalogue.contents, NOW)


def _until_read(suggester: Suggester, contents: Contents) -> Suggestions:
    def read() -> Suggestions | None:
        found = suggester.of(contents, NOW)
        return found if found and found.is_of(contents, NOW) else None

    return until(read)
