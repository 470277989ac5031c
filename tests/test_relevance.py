"""The judged figures can be relied on: their arithmetic, the centres they are measured on, a floor on real queries."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import pytest
from rapidfuzz.distance import OSA

from bench.esco_records import BILINGUAL, DUTCH_ONLY, Instance, client, read_occupations, read_table, write
from bench.judged import Judged, everyday_jobs, mistyped, titles, titles_across
from bench.relevance import Outcome, ask, changes, mrr, rank, success
from catalogue.contents import Contents, Frame
from catalogue.store import Store
from tests.conftest import PROJECT

FLOOR = 0.7
"""Far below what 48 titles reach among a tenth of the records: a fall below it is no question of weights."""


def judged(relevant: str = "", corrections: str = "") -> Judged:
    return Judged("x", "fr", BILINGUAL, frozenset(relevant.split()), frozenset(corrections.split()))


def answer(*ids: str, corrected: str | None = None) -> dict[str, object]:
    return {"query": {"corrected": corrected}, "hits": [{"id": id} for id in ids]}


def excerpt(data: Path, folder: Path, count: int) -> Path:
    """Write the first ``count`` occupations of ESCO's files, in their own form, to ``folder``."""
    (folder / "esco").mkdir(parents=True)
    kept = {occupation.uri for occupation in read_occupations(data)[:count]}
    for path in (data / "esco").glob("occupations_*.csv"):
        rows = [row for row in read_table(path) if row["conceptUri"] in kept]
        with (folder / "esco" / path.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    return folder


def test_the_mean_reciprocal_rank() -> None:
    assert mrr([1, 2, 4, 0]) == pytest.approx((1 + 1 / 2 + 1 / 4 + 0) / 4)
    assert mrr([0, 0]) == 0
    assert success([1, 10, 11, 0], 10) == 0.5


def test_the_rank_is_that_of_the_first_record_that_answers() -> None:
    assert rank(judged("b c"), answer("a", "b", "c")) == 2
    assert rank(judged("d"), answer("a", "b")) == 0
    assert rank(judged("b", corrections="maitre"), answer("a", "b", corrected="Maître")) == 1
    assert rank(judged("b", corrections="maitre"), answer("a", "b", corrected="mètre")) == 2


def test_two_runs_are_compared_query_by_query() -> None:
    outcomes = [
        Outcome(Judged(text, "fr", BILINGUAL, frozenset()), rank, 1.0)
        for text, rank in zip("abcd", (3, 0, 1, 2), strict=True)
    ]
    told = list(changes({"fr a": 1, "fr b": 40, "fr c": 0, "fr d": 2}, outcomes))
    assert [line.split() for line in told] == [
        ["worse", "1", "→", "3", "fr", "a"],
        ["worse", "40", "→", "–", "fr", "b"],
        ["better", "–", "→", "1", "fr", "c"],
    ]


def test_the_judged_queries_are_those_that_were_given(test_data: Path) -> None:
    ids = {occupation.id for occupation in read_occupations(test_data)}
    assert len(ids) == 3039
    queries = [*titles(test_data, "fr"), *titles(test_data, "nl"), *everyday_jobs(test_data)]
    assert len(queries) == 240 + 240 + 108
    assert all(query.relevant and query.relevant <= ids for query in queries)
    assert {query.instance for query in titles_across(test_data, "fr")} == {DUTCH_ONLY}


def test_typos_are_at_one_edit_and_no_words_themselves(test_data: Path) -> None:
    typos = mistyped(test_data)
    assert typos == mistyped(test_data)
    assert len(typos) == 300
    for typo in typos:
        assert typo.about in typo.corrections
        assert typo.text not in typo.corrections
        assert {OSA.distance(typo.text, word) for word in typo.corrections} == {1}
    strict = mistyped(test_data, strict=True)
    assert [{typo.about} for typo in strict] == [set(typo.corrections) for typo in strict]


@pytest.mark.parametrize("instance", [BILINGUAL, DUTCH_ONLY], ids=lambda instance: instance.name)
def test_records_have_words_only_and_no_fault(instance: Instance, test_data: Path, tmp_path: Path) -> None:
    data = excerpt(test_data, tmp_path / "data", 100)
    occupations = read_occupations(data)
    write(tmp_path / "resources", instance, occupations, data)
    frame = Frame.load(tmp_path / "resources")
    store = Store(tmp_path / "resources", frame.vocabularies)
    store.load()
    contents = Contents.of(frame, store)
    assert not contents.faults()
    assert contents.records.keys() == {occupation.id for occupation in occupations}
    for record in contents.public:
        assert not record.occupations and not record.subjects
        assert set(record.title) == set(record.summary) == set(instance.languages)
        assert not record.keywords or instance.keywords
    known = frame.vocabularies
    if instance.thesaurus:
        own = Frame.load(PROJECT / "resources").vocabularies.concepts
        assert own.items() <= known.concepts.items()
        assert len(known.concepts) == len(own) + 100
        assert all(occupation.uri in known.by_uri for occupation in occupations)
    else:
        assert not [concept for concept in known.concepts.values() if "/esco/" in concept.uri]


def test_some_titles_reach_a_sane_figure(test_data: Path, tmp_path: Path) -> None:
    every_tenth = (*titles(test_data, "fr")[::10], *titles(test_data, "nl")[::10])
    queries = [dataclasses.replace(query, depth=10) for query in every_tenth]
    judged = frozenset().union(*(query.relevant for query in queries))
    occupations = read_occupations(test_data)
    kept = [o for place, o in enumerate(occupations) if o.id in judged or place % 10 == 0]
    write(tmp_path / "resources", BILINGUAL, kept, test_data)
    with client(tmp_path / "resources", str(tmp_path / "index"), tmp_path) as site:
        ranks = [ask(site, query).rank for query in queries]
    assert mrr(ranks) >= FLOOR, ranks
