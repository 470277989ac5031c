"""The order of results: full matches first, pages without gaps, freshness between equals only, and nobody favoured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from catalogue.fields import SORTS
from catalogue.resource import Resource
from catalogue.search import analysis
from catalogue.search.document import IndexDocument
from catalogue.search.embedded.engine import SnapshotEngine
from catalogue.service import Catalogue
from tests import expectations
from tests.conftest import document, plan


def orders(folder: Path, documents: Sequence[IndexDocument], asked: Sequence[str]) -> dict[str, list[str]]:
    """Return the ids that each query finds, in order."""
    with closing(SnapshotEngine(folder)) as engine:
        engine.rebuild(documents)
        return {text: [hit.id for hit in engine.search(plan(text, per_page=100)).hits] for text in asked}


# --- order -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", sorted(SORTS))
@pytest.mark.parametrize("text", ["", "emploi soins", "emploi"])
def test_pages_together_are_the_whole_order_with_equals_by_id(tmp_path: Path, sort: str, text: str) -> None:
    titles = ["Emploi", "Emploi et soins", "Soins"]
    with closing(SnapshotEngine(tmp_path)) as engine:
        engine.rebuild([document(f"d{n:02}", title_fr=titles[n % 3], newest="2026-01-01") for n in range(0, 30, 2)])
        for n in range(1, 20, 6):  # in segments of their own
            engine.put([document(f"d{n:02}", title_fr=titles[n % 3], newest="2026-01-01")])
        whole = engine.search(plan(text, sort=sort, per_page=100)).hits
        paged = [
            hit for page in range(1, 9) for hit in engine.search(plan(text, sort=sort, per_page=3, page=page)).hits
        ]
    assert paged == list(whole)
    key = {"d" + str(n).zfill(2): titles[n % 3].lower() if sort == "title" else "" for n in range(30)}
    if text != "emploi soins" and sort != "relevance":
        assert [hit.id for hit in whole] == [hit.id for hit in sorted(whole, key=lambda hit: (key[hit.id], hit.id))]
    assert [hit.full for hit in whole] == sorted((hit.full for hit in whole), reverse=True)


def test_freshness_parts_equals_and_never_more(tmp_path: Path) -> None:
    documents = [
        document("a-old", title_fr="Devenir infirmier", newest="2001-01-01"),
        document("b-new", title_fr="Devenir infirmier", newest="2026-11-01"),
        document("c-newest", title_fr="Devenir infirmier ou infirmière en chef", newest="2026-11-22"),
        document("d-newest", summary_fr="Devenir infirmier", newest="2026-11-22"),
    ]
    assert orders(tmp_path, documents, ["infirmier"])["infirmier"] == ["b-new", "a-old", "c-newest", "d-newest"]


def test_a_short_part_of_a_long_compound_is_no_answer_by_itself(tmp_path: Path) -> None:
    titles = {"arts": "School of Arts", "dieren": "Dieren verzorgen", "assistent": "Assistent worden"}
    documents = [document(f"{word}{n}", title_nl=title) for word, title in titles.items() for n in range(3)]
    found = orders(tmp_path, documents, ["dierenartsassistent", "arts"])
    assert {id[:-1] for id in found["dierenartsassistent"]} == {"dieren", "assistent"}
    assert {id[:-1] for id in found["arts"]} == {"arts"}


# --- nobody is favoured ------------------------------------------------------------------------------------------


NAMES = ("Zymotica", "Quartzbrief Xylograaf Fjordwacht Jachtvlucht Cyclopen")  # in no text, in no query


def published_by(example: Catalogue, publishers: Mapping[str, str]) -> list[IndexDocument]:
    """Return the documents of the example's records, those in ``publishers`` with the organisation named there."""

    def named(record: Resource) -> Resource:
        return replace(record, publisher=publishers.get(record.id, record.publisher))

    return [example.document(named(record)) for record in example.contents.public]


def test_names_of_any_length_leave_equal_records_equal(tmp_path: Path) -> None:
    first = [document(f"d{n}", title_fr="Emploi et soins", publisher_fr=NAMES[n % 2]) for n in range(6)]
    second = [document(f"d{n}", title_fr="Emploi et soins", publisher_fr=NAMES[1 - n % 2]) for n in range(6)]
    for number, documents in enumerate((first, second)):
        found = orders(tmp_path / str(number), documents, ["emploi", "soins", '"emploi et soins"', "empl*"])
        assert set(map(tuple, found.values())) == {tuple(f"d{n}" for n in range(6))}


def test_two_organisations_exchanged_on_real_records_change_no_order(tmp_path: Path, example: Catalogue) -> None:
    ids = [record.id for record in example.contents.public]
    asked = sorted({each.query for each in expectations.load()})[::2]
    found = [
        orders(
            tmp_path / str(turn), published_by(example, {id: NAMES[(n + turn) % 2] for n, id in enumerate(ids)}), asked
        )
        for turn in (0, 1)
    ]
    changed = [text for text in asked if found[0][text] != found[1][text]]
    assert not changed, f"{len(changed)} of {len(asked)}"


def test_two_real_organisations_exchanged_change_no_order_where_neither_is_named(
    tmp_path: Path, example: Catalogue
) -> None:
    pair = ("actiris", "bruxelles-formation")
    terms = example.contents.frame.vocabularies.terms["publishers"]
    labels = [label for id in pair for label in terms[id].labels.values()]
    theirs = {stem for label in labels for word in analysis.surfaces(label) for stem in analysis.query_stems(word)}

    def names_one(text: str) -> bool:
        stems = {stem for word in analysis.surfaces(text) for stem in analysis.query_stems(word)}
        beginnings = [analysis.common_beginning(stem) for stem in stems]
        return bool(stems & theirs) or any(b and other.startswith(b) for b in beginnings for other in theirs)

    asked = sorted({each.query for each in expectations.load() if not names_one(each.query)})
    held = {r.id: r.publisher for r in example.contents.public if r.publisher in pair}
    exchanged = {id: pair[1 - pair.index(publisher)] for id, publisher in held.items()}
    assert len(asked) > 200
    assert sorted(held.values()) == sorted(exchanged.values()), "as many records each, so that no word is rarer"
    found = [orders(tmp_path / str(n), published_by(example, each), asked) for n, each in enumerate((held, exchanged))]
    assert [text for text in asked if found[0][text] != found[1][text]] == []
