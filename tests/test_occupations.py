"""The occupations that records are about: their letters, their sectors, what is typed."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from catalogue.contents import Contents, Frame
from catalogue.occupations import DIGITS, Entry, Occupations, near, sectors_of
from catalogue.store import Store
from tests.conftest import AddRecord, write

NOW = datetime.datetime(2026, 11, 23, 9)

THESAURUS = """
- {id: midwife, kind: occupation, labels: {fr: [sage-femme, accoucheuse, accoucheur], nl: [vroedvrouw, vroedman]}}
- {id: nurse, kind: occupation, labels: {fr: [infirmier, infirmière], nl: [verpleegkundige]}, related: [care-studies]}
- {id: electrician, kind: occupation, labels: {fr: [électricien, électricienne], nl: [elektricien]}}
- {id: egg-farmer, kind: occupation, labels: {fr: [éleveur], nl: [eierboer]}}
- {id: welder, kind: occupation, labels: {nl: [lasser, TIG-lasser, 3D-lasser]}}
- {id: unseen, kind: occupation, labels: {fr: [acteur], nl: [acteur]}}
- {id: hidden, kind: occupation, labels: {fr: [agent secret], nl: [geheim agent]}}
- {id: old-nurse, kind: occupation, labels: {fr: [garde-malade]}, retired: true, replaced_by: nurse}
- {id: care-studies, kind: subject, labels: {fr: [études de soins], nl: [zorgstudies]}}
"""


@pytest.fixture
def contents(centre: Path, add: AddRecord) -> Contents:
    write(centre / "vocabularies" / "thesaurus" / "all.yaml", THESAURUS)
    add("sheet", "occupations: [nurse]", "kind: factsheet", "sectors: [health]")
    add("guide", "occupations: [nurse, midwife]", "kind: guide", "sectors: [construction]")
    add("volt", "occupations: [electrician, old-nurse]", "sectors: [construction]")
    add("egg", "occupations: [egg-farmer]")
    add("weld", "occupations: [welder]")
    add("draft", "occupations: [hidden]", "status: draft")
    add("school", "kind: organisation", "subjects: [care-studies]")
    add("union", "kind: organisation", "sectors: [health]")
    add("elsewhere", "kind: organisation", "sectors: [construction]")
    return load(centre)


def load(centre: Path) -> Contents:
    frame, store = Frame.load(centre), Store(centre)
    store.terms = frame.vocabularies
    store.load()
    contents = Contents.of(frame, store)
    assert not contents.faults()
    return contents


def names(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.name.text for entry in entries]


def test_only_occupations_of_published_records_are_listed_each_once(contents: Contents) -> None:
    listed = Occupations(contents, "fr", NOW)
    assert {entry.concept.id for entry in listed.entries} == {"nurse", "midwife", "electrician", "egg-farmer", "welder"}
    assert len(listed.entries) == 5


def test_a_replaced_occupation_counts_for_the_one_that_replaces_it(contents: Contents) -> None:
    assert [record.id for record in contents.by_occupation["nurse"]] == ["guide", "sheet", "volt"]
    assert "old-nurse" not in contents.by_occupation


def test_accents_do_not_move_a_name_in_the_order(contents: Contents) -> None:
    assert names(Occupations(contents, "fr", NOW).entries) == [
        "électricien", "éleveur", "infirmier", "lasser", "sage-femme",
    ]  # fmt: skip


def test_both_gendered_forms_are_found_under_their_letters(contents: Contents) -> None:
    letters = Occupations(contents, "fr", NOW).letters
    (under_a,) = letters["a"]
    assert (under_a.name.text, under_a.also, under_a.preferred.text) == ("accoucheuse", ("accoucheur",), "sage-femme")
    assert not under_a.is_preferred
    assert names(letters["s"]) == ["sage-femme"]
    (under_i,) = letters["i"]
    assert (under_i.name.text, under_i.also, under_i.is_preferred) == ("infirmier", ("infirmière",), True)
    assert "z" not in letters


def test_accented_first_letters_stand_with_the_plain_ones_and_figures_apart(contents: Contents) -> None:
    assert names(Occupations(contents, "fr", NOW).letters["e"]) == ["électricien", "éleveur"]
    dutch = Occupations(contents, "nl", NOW).letters
    assert next(iter(dutch)) == DIGITS
    assert names(dutch[DIGITS]) == ["3D-lasser"]
    assert names(dutch["t"]) == ["TIG-lasser"]


def test_an_occupation_without_a_name_in_the_readers_language_stands_under_another(contents: Contents) -> None:
    entry = next(entry for entry in Occupations(contents, "fr", NOW).entries if entry.concept.id == "welder")
    assert (entry.name.text, entry.name.lang) == ("lasser", "nl")


@pytest.mark.parametrize(
    ("lang", "typed", "found"),
    [
        ("fr", "INFIRMIERE", [("infirmier", "infirmière")]),
        ("fr", "femme", [("sage-femme", "")]),
        ("nl", "kundige", [("verpleegkundige", "")]),  # inside a compound
        ("fr", "verpleeg", [("infirmier", "verpleegkundige")]),  # the other language
        ("fr", "e", [("électricien", ""), ("éleveur", "")]),
        ("fr", "sage xyz", []),
        ("fr", "agent", []),  # only of a draft
        ("nl", "l", [("lasser", "")]),
    ],
)
def test_what_is_typed_narrows(contents: Contents, lang: str, typed: str, found: list[tuple[str, str]]) -> None:
    narrowed = Occupations(contents, lang, NOW).narrowed(typed)
    got = [(entry.name.text, entry.also[0] if entry.also else "") for entry in narrowed]
    assert got[: len(found)] == found
    assert bool(got) == bool(found)


def test_preferred_names_come_before_others_that_match_as_well(centre: Path, add: AddRecord) -> None:
    labels = (
        "{id: a, kind: occupation, labels: {fr: [adjoint, chef adjoint]}}",
        "{id: c, kind: occupation, labels: {fr: [chef]}}",
    )
    write(centre / "vocabularies" / "thesaurus" / "all.yaml", "".join(f"- {label}\n" for label in labels))
    add("both", "occupations: [a, c]")
    assert names(Occupations(load(centre), "fr", NOW).narrowed("chef")) == ["chef", "adjoint"]


def test_nothing_typed_narrows_nothing(contents: Contents) -> None:
    listed = Occupations(contents, "fr", NOW)
    assert listed.narrowed(" - ") == listed.entries


def test_the_sectors_of_an_occupation_are_those_of_its_sheets(contents: Contents) -> None:
    sectors = Occupations(contents, "fr", NOW).sectors
    assert names(sectors["health"]) == ["infirmier"]
    assert names(sectors["construction"]) == ["électricien", "sage-femme"]
    assert sectors_of(()) == ()


def test_near_an_occupation_are_its_studies_then_its_sector(contents: Contents) -> None:
    nurse = contents.frame.vocabularies.concepts["nurse"]
    assert [record.id for record in near(contents, nurse)] == ["school", "union"]


def test_a_record_of_many_sectors_is_near_to_none(centre: Path, add: AddRecord) -> None:
    more = "tourism sport music"
    write(centre / "vocabularies" / "sectors.yaml", "".join(f"- {{id: {id}, labels: {{fr: {id}}}}}\n" for id in (
        "health", "construction", *more.split()
    )))  # fmt: skip
    add("sheet", "occupations: [nurse]", "kind: factsheet", "sectors: [health]")
    add("all", "sectors: [health, construction, tourism, sport]")
    add("few", "sectors: [health, construction]")
    contents = load(centre)
    assert [record.id for record in near(contents, contents.frame.vocabularies.concepts["nurse"])] == ["few"]


def test_three_thousand_occupations_are_listed_and_narrowed_whole(centre: Path, add: AddRecord) -> None:
    concepts = [f"- {{id: o{n}, kind: occupation, labels: {{fr: [métier {n}, poste {n}], nl: [beroep {n}]}}}}\n"
                for n in range(3000)]  # fmt: skip
    write(centre / "vocabularies" / "thesaurus" / "all.yaml", "".join(concepts))
    for start in range(0, 3000, 500):
        add(f"r{start}", f"occupations: [{', '.join(f'o{n}' for n in range(start, start + 500))}]")
    listed = Occupations(load(centre), "fr", NOW)
    assert len(listed.letters["m"]) == len(listed.letters["p"]) == 3000
    assert len(listed.narrowed("beroep 29")) == 111  # 29, 290 … 299, 2900 … 2999


def test_an_occupation_with_nothing_but_past_events_is_left_out(
    centre: Path, add: AddRecord, contents: Contents
) -> None:
    add(
        "fair",
        "kind: event",
        "occupations: [unseen, welder]",
        "dates: [{start: 2026-11-23T08:00, end: 2026-11-23T12:00}]",
    )
    contents = load(centre)
    before = Occupations(contents, "fr", NOW)
    assert "unseen" in {entry.concept.id for entry in before.entries}
    assert before.until == datetime.datetime(2026, 11, 23, 12)
    after = Occupations(contents, "fr", before.until)
    assert "unseen" not in {entry.concept.id for entry in after.entries}
    assert [record.id for record in after.about["welder"]] == ["weld"]
    assert "a" in before.letters
    assert "unseen" not in {entry.concept.id for entry in after.letters["a"]}
    assert after.until == datetime.datetime.max
