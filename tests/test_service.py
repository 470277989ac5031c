"""The catalogue as a whole: files, index and state in step while people edit and search."""

from __future__ import annotations

import dataclasses
import os
from dataclasses import replace
from pathlib import Path

import pytest

from catalogue.errors import BadInput, Gone, Moved, NotFound, WriteFailed
from catalogue.query import Query
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.values import Text
from tests.conftest import AddRecord, ids_of, write
from tests.waiting import until


def found(catalogue: Catalogue, text: str, lang: str = "fr", **query: object) -> list[str]:
    return ids_of(catalogue.search(Query(text=text, **query), lang).records)  # type: ignore[arg-type]


def test_a_query_in_the_other_language_finds_by_expansion_and_says_so(add: AddRecord, settings: Settings) -> None:
    add("only-nl", "title: {nl: Verpleegkundige worden}")
    add("only-fr", "title: {fr: Demander une bourse d'études}")
    add("only-en", "title: {en: Working as a nurse}")
    catalogue = Catalogue.open(settings)
    results = catalogue.search(Query(text="infirmières"), "fr")
    assert sorted(ids_of(results.records)) == ["only-en", "only-nl"]
    (expansion,) = results.plan.expansions
    assert expansion.term == "infirmières"
    assert ("verpleegkundige", "nl") in [(other.text, other.lang) for other in expansion.also]
    assert found(catalogue, "studietoelagen", "nl") == ["only-fr"]
    assert found(catalogue, "infirmières", expand=False) == []
    catalogue.close()


def test_a_subject_is_found_by_any_of_its_names(add: AddRecord, settings: Settings) -> None:
    add("grants-guide", "title: {fr: Le guide, nl: De gids}", "subjects: [grants]")
    catalogue = Catalogue.open(settings)
    assert found(catalogue, "studietoelage", expand=False) == ["grants-guide"]
    catalogue.close()


def test_files_added_changed_and_removed_are_taken_over(catalogue: Catalogue, add: AddRecord) -> None:
    path = add("new", "title: {fr: Plombier, nl: Loodgieter}")
    assert catalogue.refresh()
    assert found(catalogue, "plombier") == ["new"]
    add("new", "title: {fr: Maçon de métier, nl: Metselaar}")
    catalogue.refresh()
    assert found(catalogue, "plombier") == []
    assert found(catalogue, "metselaar") == ["new"]
    path.unlink()
    catalogue.refresh()
    assert found(catalogue, "maçon") == []
    assert not catalogue.refresh()


def test_the_watcher_shows_a_new_file(catalogue: Catalogue, add: AddRecord) -> None:
    catalogue.watch()
    add("soon", "title: {fr: Plombier, nl: Loodgieter}")
    assert until(lambda: found(catalogue, "plombier")) == ["soon"]


def test_what_another_process_writes_is_seen_without_a_look_at_every_file(settings: Settings, add: AddRecord) -> None:
    add("lamp", "title: {fr: Une lampe}")
    desk, visitors = Catalogue.open(settings), Catalogue.open(replace(settings, desk=0))
    shown = visitors.contents.records
    assert not visitors.refresh(whole=False)
    desk.save(replace(shown["lamp"], title=Text({"fr": "Un phare"})))
    desk.save(replace(shown["lamp"], id="canal", title=Text({"fr": "Un canal"})))
    by_hand = add("by-hand", "title: {fr: De ma main}")
    assert visitors.refresh(whole=False)
    assert {id: record.title["fr"] for id, record in visitors.contents.records.items()} == {
        "lamp": "Un phare",
        "canal": "Un canal",
    }
    assert visitors.refresh(), "the whole folder"
    assert "by-hand" in visitors.contents.records
    desk.refresh()  # which notes in the history what somebody else did
    desk.delete("canal")
    by_hand.unlink()
    desk.refresh()
    assert visitors.refresh(whole=False)
    assert [*visitors.contents.records] == ["lamp"]
    visitors.close()
    desk.close()


def test_a_changed_vocabulary_changes_the_labels_searched(catalogue: Catalogue, add: AddRecord, centre: Path) -> None:
    add("guide", "publisher: siep")
    catalogue.refresh()
    assert found(catalogue, "guidance") == []
    write(centre / "vocabularies" / "publishers.yaml", "- {id: siep, labels: {fr: Guidance pour tous}}\n")
    catalogue.refresh()
    assert found(catalogue, "guidance") == ["guide"]


def test_a_faulty_file_is_left_out_and_named(catalogue: Catalogue, add: AddRecord, centre: Path) -> None:
    add("good")
    write(centre / "records" / "bad.yaml", "kind: website\nthemes: [cooking]\ntitle: {fr: x}\nstatus: published\n")
    catalogue.refresh()
    assert [record.id for record in catalogue.contents.public] == ["good"]
    health = catalogue.health()
    assert health["status"] == "degraded"
    assert [line.partition(": ")[0] for line in health["wrong"]] == ["records/bad.yaml:2"]


def test_only_published_records_are_seen(catalogue: Catalogue, add: AddRecord, centre: Path) -> None:
    add("seen", 'title: {fr: "Vu", nl: Gezien}', "replaces: [before]")
    add("draft", "status: draft", "replaces: [older]")
    add("taken-back", "status: withdrawn", "title: {fr: Retiré, nl: Weg}")
    write(centre / "tombstones.yaml", "- {id: dead, date: 2026-01-01}\n")
    catalogue.refresh()
    assert catalogue.record("seen").id == "seen"
    with pytest.raises(Moved) as moved:
        catalogue.record("before")
    assert moved.value.to == "seen"
    for id, error in (
        ("draft", NotFound),
        ("taken-back", Gone),
        ("dead", Gone),
        ("never", NotFound),
        ("older", NotFound),
    ):
        with pytest.raises(error):
            catalogue.record(id)
    assert found(catalogue, "") == ["seen"]


def test_a_past_event_leaves_the_results_but_keeps_its_page(add: AddRecord, settings: Settings) -> None:
    add("past", "kind: event", "dates: [{start: 2020-01-01T10:00, end: 2020-01-01T12:00}]")
    add("coming", "kind: event", "dates: [{start: 2020-01-01}, {start: 2090-01-01T10:00}]")
    catalogue = Catalogue.open(settings)
    assert found(catalogue, "") == ["coming"]
    assert catalogue.search(Query(), "fr").results.facets["kind"] == {"event": 1}
    assert catalogue.record("past").id == "past"
    catalogue.close()


def test_a_page_beyond_the_last_is_the_last(catalogue: Catalogue, add: AddRecord) -> None:
    for number in range(5):
        add(f"r{number}")
    catalogue.refresh()
    answer = catalogue.search(Query(page=9, per_page=2), "fr")
    assert (answer.plan.query.page, len(answer.records)) == (3, 1)


def test_saving_writes_the_file_and_the_index(catalogue: Catalogue, add: AddRecord) -> None:
    path = add("kept", "title: {fr: Ancien, nl: Oud}  # the comment stays")
    catalogue.refresh()
    record = Resource.from_mapping("kept", {**catalogue.record("kept").to_mapping(), "year": 2025})
    catalogue.save(record)
    assert "# the comment stays" in path.read_text()
    assert "year: 2025" in path.read_text()
    assert catalogue.record("kept").year == 2025
    catalogue.save(Resource.from_mapping("fresh", {**record.to_mapping(), "title": {"fr": "Neuf", "nl": "Nieuw"}}))
    assert found(catalogue, "neuf") == ["fresh"]
    assert not catalogue.refresh()


def test_a_deleted_id_is_never_given_again(catalogue: Catalogue, add: AddRecord) -> None:
    add("doomed")
    catalogue.refresh()
    record = catalogue.record("doomed")
    catalogue.delete("doomed")
    with pytest.raises(Gone):
        catalogue.record("doomed")
    assert found(catalogue, "") == []
    with pytest.raises(BadInput):
        catalogue.save(record)


def test_a_disk_that_refuses_loses_nothing(
    catalogue: Catalogue, add: AddRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = add("kept")
    catalogue.refresh()
    before = path.read_bytes()

    def refused(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refused)
    with pytest.raises(WriteFailed, match="No space left"):
        catalogue.save(Resource.from_mapping("kept", {**catalogue.record("kept").to_mapping(), "year": 2025}))
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["kept.yaml"]
    assert catalogue.record("kept").year == 0


def test_an_index_that_fails_does_not_lose_a_save_and_is_mended(catalogue: Catalogue, add: AddRecord) -> None:
    add("kept", "title: {fr: Ancien, nl: Oud}")
    catalogue.refresh()
    folder = catalogue.settings.index_folder
    for path in folder.rglob("*"):
        if path.is_file():
            path.unlink()
    fresh = {**catalogue.record("kept").to_mapping(), "title": {"fr": "Plombier", "nl": "Loodgieter"}}
    catalogue.save(Resource.from_mapping("kept", fresh))
    assert catalogue.record("kept").title["fr"] == "Plombier"
    catalogue.refresh()
    assert found(catalogue, "plombier") == ["kept"]


def test_a_second_start_indexes_nothing_again(add: AddRecord, settings: Settings) -> None:
    add("one")
    Catalogue.open(settings).close()
    seen: list[int] = []
    catalogue = Catalogue.open(settings, lambda done, total: seen.append(done))
    assert seen == []
    assert found(catalogue, "") == ["one"]
    catalogue.close()


def test_changes_made_while_nothing_ran_are_found_at_the_next_start(add: AddRecord, settings: Settings) -> None:
    path = add("one")
    add("two")
    Catalogue.open(settings).close()
    path.unlink()
    add("three")
    catalogue = Catalogue.open(settings)
    assert sorted(found(catalogue, "")) == ["three", "two"]
    catalogue.close()


def test_an_empty_or_missing_folder_still_serves(settings: Settings, tmp_path: Path) -> None:
    nowhere = Settings(resources=tmp_path / "nowhere", index=settings.index, state=settings.state)
    catalogue = Catalogue.open(nowhere)
    assert found(catalogue, "emploi") == []
    assert catalogue.health()["status"] == "down"
    catalogue.close()


def test_counts(catalogue: Catalogue, add: AddRecord) -> None:
    add("one", "themes: [learn, work]")
    catalogue.refresh()
    for _ in range(6):
        catalogue.count_record(catalogue.record("one"), "nl")
        catalogue.count_search(catalogue.search(Query(text="nothing here"), "fr"), "fr")
    catalogue.state.flush()
    rows = {(row.event, row.theme, row.lang, row.kind): row.count for row in catalogue.state.counts()}
    assert rows == {
        ("record", "learn", "nl", "website"): 6,
        ("search", "", "fr", ""): 6,
        ("no-result", "", "fr", ""): 6,
    }
    assert catalogue.state.zero_results() == []  # seen on one day only


def test_similar_records_share_subjects(catalogue: Catalogue, add: AddRecord) -> None:
    add("one", "subjects: [grants]")
    add("two", "subjects: [grants]", "themes: [learn]")
    add("three", "themes: [move]")
    catalogue.refresh()
    assert [record.id for record in catalogue.similar(catalogue.record("one"))] == ["two"]


def test_an_occupation_gathers_its_records(catalogue: Catalogue, add: AddRecord) -> None:
    add("sheet", "occupations: [nurse]")
    catalogue.refresh()
    concept, records = catalogue.occupation("nurse")
    assert (concept.id, [r.id for r in records]) == ("nurse", ["sheet"])
    for id in ("grants", "unknown"):
        with pytest.raises(NotFound):
            catalogue.occupation(id)


def corrected(catalogue: Catalogue, text: str, lang: str = "fr", **query: object) -> list[str]:
    answer = catalogue.search(Query(text=text, **query), lang)  # type: ignore[arg-type]
    return [correction.found.plan.query.text for correction in answer.corrections]


def test_what_may_have_been_meant_is_written_as_the_records_write_it(catalogue: Catalogue, add: AddRecord) -> None:
    add("grant", 'title: {fr: "Bourse d\'études", nl: Beurs}')
    add("actiris", "title: {fr: Chercher avec ACTIRIS, nl: Zoeken}")
    catalogue.refresh()
    assert corrected(catalogue, "etudse") == ["études"]
    assert corrected(catalogue, "Bousre d'études") == ["Bourse d'études"]
    assert corrected(catalogue, "actirsi") == ["ACTIRIS"]
    assert corrected(catalogue, "bourse") == []
    assert corrected(catalogue, "xqzzw") == []


def test_a_word_of_the_thesaurus_is_right_and_may_be_meant_though_no_record_has_it(
    catalogue: Catalogue, add: AddRecord
) -> None:
    add("only-nl", "title: {nl: Verpleegkundige worden}")
    catalogue.refresh()
    assert corrected(catalogue, "infirmiere") == []
    assert corrected(catalogue, "infirmiree") == ["infirmière"]
    assert corrected(catalogue, "studietoelaeg", "nl") == [], "nothing would be found"


def test_the_words_of_a_new_record_are_right_at_once(catalogue: Catalogue, add: AddRecord) -> None:
    add("one", "title: {fr: Le metteur en scène, nl: De regisseur}")
    catalogue.refresh()
    assert corrected(catalogue, "meteur") == ["metteur"]
    add("two", "title: {fr: Le méteur, nl: De meter}")
    catalogue.refresh()
    assert corrected(catalogue, "meteur") == []


def test_a_query_with_an_answer_is_read_otherwise_only_where_that_finds_many_more(
    catalogue: Catalogue, add: AddRecord
) -> None:
    add("both", "title: {fr: La porte et la feuille}")
    for number in range(4):
        add(f"one-{number}", "title: {fr: Mon portefeuille}")
    catalogue.refresh()
    assert catalogue.search(Query(text="porte feuille"), "fr").results.full == 1
    assert corrected(catalogue, "porte feuille") == []
    add("one-more", "title: {fr: Mon portefeuille}")
    catalogue.refresh()
    assert corrected(catalogue, "porte feuille") == ["portefeuille"]
    for number in range(4):
        add(f"both-{number}", "title: {fr: La porte et la feuille}")
    catalogue.refresh()
    assert corrected(catalogue, "porte feuille") == []


def test_a_correction_keeps_the_filters_where_they_leave_something(catalogue: Catalogue, add: AddRecord) -> None:
    add("one", "title: {fr: Devenir plombier, nl: Loodgieter}", "themes: [learn]")
    catalogue.refresh()
    for theme, filters in (("learn", (("theme", ("learn",)),)), ("work", ())):
        (correction,) = catalogue.search(Query(text="plonbier").with_("theme", theme), "fr").corrections
        assert correction.found.plan.query == Query(text="plombier", filters=filters)
        assert correction.pieces == (("plombier", True),)
        assert ids_of(correction.found.records) == ["one"]


def test_related_concepts_are_those_that_records_are_about(catalogue: Catalogue, add: AddRecord, centre: Path) -> None:
    write(
        centre / "vocabularies" / "thesaurus" / "care.yaml",
        "- {id: care, kind: subject, labels: {fr: [soins], nl: [zorg]}, related: [grants]}\n"
        "- {id: helper, kind: occupation, labels: {fr: [aide-soignant], nl: [zorgkundige]}, broader: [care]}\n"
        "- {id: midwife, kind: occupation, labels: {fr: [sage-femme], nl: [vroedvrouw]}, broader: [care]}\n",
    )
    add("sheet", "occupations: [helper]")
    add("draft", "occupations: [midwife]", "status: draft")
    add("over", "subjects: [grants]", "kind: event", "dates: [{start: 2020-01-01}]")
    catalogue.refresh()
    assert [concept.id for concept in catalogue.related(catalogue.plan(Query(text="soins"), "fr"))] == ["helper"]
    assert catalogue.related(catalogue.plan(Query(text="aide-soignant"), "fr")) == ()
    assert catalogue.related(catalogue.plan(Query(text="emploi"), "fr")) == ()
    add("grant", "subjects: [grants]")
    add("care", "subjects: [care]")
    catalogue.refresh()
    assert [c.id for c in catalogue.related(catalogue.plan(Query(text="zorg"), "nl"))] == ["helper", "grants"]
    assert [c.id for c in catalogue.related(catalogue.plan(Query(text="zorg"), "nl"), 1)] == ["helper"]
    assert [c.id for c in catalogue.related(catalogue.plan(Query(text="zorgkundigen"), "nl"))] == ["care"]


@pytest.mark.parametrize("desk", [1, 0])
def test_a_folder_that_is_not_there_for_a_while_takes_nothing_away(
    desk: int, settings: Settings, centre: Path, add: AddRecord
) -> None:
    add("one", "title: {fr: Un phare}")
    Catalogue.open(settings).close()
    catalogue = Catalogue.open(dataclasses.replace(settings, desk=desk))
    try:
        for name in ("records", ""):  # the shared folder itself, or all around it
            away = (centre / name).rename(centre.with_name("away"))
            assert not catalogue.refresh()
            assert catalogue.health()["wrong"][0] == "the folder of the records is not there"
            assert [hit.id for hit in catalogue.search(Query(text="phare"), "fr").results.hits] == ["one"]
            away.rename(centre / name)
        catalogue.refresh()
        assert catalogue.health()["wrong"] == []
        assert [*catalogue.contents.records] == ["one"]
    finally:
        catalogue.close()
