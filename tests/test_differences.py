"""Differences between two versions of a file: by declared field, label and language; else by lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.differences import Comparer, Difference
from catalogue.i18n import languages
from catalogue.resource import Resource
from catalogue.vocabulary import Vocabularies

BEFORE = b"""kind: website
themes: [work, learn]
title: {fr: Trouver un emploi, nl: Werk vinden}
summary: {fr: Cet office publie des offres.}
audiences: [pupils, jobseekers]
keywords: {fr: [job]}
publisher: actiris
holdings:
  - {url: "https://a.example"}
  - {shelf: W2.03, copies: 3, use: take}
added: 2026-03-01
status: draft
"""


@pytest.fixture
def comparer(centre: Path) -> Comparer:
    return Comparer(Vocabularies.load(centre / "vocabularies"), languages()["nl"])


def compare(comparer: Comparer, *changes: tuple[str, str]) -> tuple[Difference, ...]:
    after = BEFORE.decode()
    for old, new in changes:
        assert old in after
        after = after.replace(old, new)
    return comparer.files("records/one.yaml", BEFORE, after.encode())


def parts(difference: Difference) -> list[tuple[str, str]]:
    return [(part.sign, part.text) for part in difference.parts]


def test_a_text_word_by_word_in_its_language(comparer: Comparer) -> None:
    (found,) = compare(comparer, ("publie", "affiche"))
    assert (found.field, found.label, found.lang, found.form) == ("summary.fr", "Samenvatting", "fr", "words")
    assert parts(found) == [("", "Cet office "), ("-", "publie"), ("+", "affiche"), ("", " des offres.")]
    assert {part.lang for part in found.parts} == {"fr"}
    assert (found.before, found.after) == ("Cet office publie des offres.", "Cet office affiche des offres.")


def test_a_translation_that_comes(comparer: Comparer) -> None:
    (found,) = compare(comparer, ("offres.}", "offres., nl: Aanbod.}"))
    assert (found.field, found.lang, parts(found)) == ("summary.nl", "nl", [("+", "Aanbod.")])


def test_values_of_a_list_by_their_labels(comparer: Comparer) -> None:
    (found,) = compare(comparer, ("[pupils, jobseekers]", "[jobseekers, workers]"))
    assert (found.label, found.form) == ("Voor wie", "values")
    assert parts(found) == [("-", "pupils nl"), ("+", "workers nl")]
    assert (found.before, found.after) == (["pupils", "jobseekers"], ["jobseekers", "workers"])


def test_another_order_is_told(comparer: Comparer) -> None:
    (found,) = compare(comparer, ("[work, learn]", "[learn, work]"))
    assert parts(found) == [("-", "work nl, learn nl"), ("+", "learn nl, work nl")]


def test_single_values_in_words(comparer: Comparer) -> None:
    found = compare(comparer, ("status: draft", "status: published"), ("2026-03-01", "2026-04-02"), ("actiris", "vdab"))
    assert {one.field: parts(one) for one in found} == {
        "publisher": [("-", "actiris nl"), ("+", "vdab nl")],
        "added": [("-", "1 maart 2026"), ("+", "2 april 2026")],
        "status": [("-", "Concept"), ("+", "Gepubliceerd")],
    }


def test_one_of_several_holdings(comparer: Comparer) -> None:
    change = ("copies: 3, use: take", "copies: 5, use: take, language: nl")
    found = compare(comparer, change, ('- {url: "https://a.example"}', '- {url: "https://b.example"}'))
    told = {one.field: (one.label, parts(one)) for one in found}
    ways = "Hoe krijg je het"
    assert told.pop("holdings.1.copies") == (f"{ways} – W2.03 – Exemplaren", [("-", "3"), ("+", "5")])
    assert told.pop("holdings.1.language")[1] == [("+", "nl nl")]
    assert [one.parts[0].text for one in found if one.field == "holdings.0"] == [
        "https://a.example",
        "https://b.example",
    ]


def test_a_new_file_and_a_deleted_one(comparer: Comparer) -> None:
    came = comparer.files("records/one.yaml", None, BEFORE)
    went = comparer.files("records/one.yaml", BEFORE, None)
    assert {part.sign for one in came for part in one.parts} == {"+"}
    assert {part.sign for one in went for part in one.parts} == {"-"}
    assert len(came) == len(went) > 9
    assert "W2.03 · Exemplaren: 3 · Gebruik: Mag je meenemen" in [one.parts[0].text for one in came]


@pytest.mark.parametrize("broken", [b"kind: [", b"\xff\xfe", b"- a list", b"", b"kind: website\nkind: book\n"])
def test_a_file_that_cannot_be_read_by_its_lines(comparer: Comparer, broken: bytes) -> None:
    for before, after in ((BEFORE, broken), (broken, BEFORE)):
        (found,) = comparer.files("records/one.yaml", before, after)
        assert (found.field, found.form) == ("", "lines")


def test_a_comment_that_changes_is_told_by_lines(comparer: Comparer) -> None:
    (found,) = comparer.files("records/one.yaml", BEFORE, b"# seen\n" + BEFORE)
    assert ("+", "# seen") in parts(found)


def test_values_of_any_form_are_told(comparer: Comparer) -> None:
    """Whoever edits by hand puts texts where lists belong, and keys that nobody knows."""
    changes = (("[work, learn]", "work"), ("title: {", "title: Werk\nx: {"), ("[pupils, jobseekers]", "{a: [b]}"))
    fields = {one.field for one in compare(comparer, *changes)}
    assert fields == {"themes", "title", "audiences", "x"}


def test_the_same_bytes_differ_in_nothing(comparer: Comparer) -> None:
    assert comparer.files("records/one.yaml", BEFORE, BEFORE) == ()
    assert comparer.files("records/one.yaml", None, None) == ()


def test_other_files_by_their_own_fields(comparer: Comparer) -> None:
    before = b"- {id: pupils, labels: {fr: A, nl: B}}\n- {id: workers, labels: {fr: C, nl: D}}\n"
    (found,) = comparer.files("vocabularies/audiences.yaml", before, before.replace(b"nl: D", b"nl: E"))
    assert (found.field, found.lang, parts(found)) == ("1.labels.nl", "nl", [("-", "D"), ("+", "E")])
    assert "workers" in found.label
    page = b"title: {fr: T, nl: T}\nbody: {fr: U, nl: V}\n"
    (found,) = comparer.files("pages/help.yaml", page, page.replace(b"nl: V", b"nl: W"))
    assert found.field == "body.nl"
    concepts = b"- {id: nurse, kind: occupation, labels: {fr: [a], nl: [b]}}\n"
    (found,) = comparer.files("vocabularies/thesaurus/x.yaml", concepts, concepts.replace(b"[b]", b"[b, c]"))
    assert parts(found) == [("+", "c")]
    (found,) = comparer.files("tombstones.yaml", b"- {id: a1}\n", b"- {id: b1}\n")
    assert found.form == "lines"


def test_records_and_mappings(comparer: Comparer) -> None:
    plain = {"kind": "website", "themes": ["work"], "title": {"fr": "T"}, "status": "draft", "year": 2025}
    one = Resource.from_mapping("one", plain)
    two = Resource.from_mapping("one", {**plain, "year": 2026})
    (found,) = comparer.records(one, two)
    assert (found.field, parts(found)) == ("year", [("-", "2025"), ("+", "2026")])
    assert comparer.mappings(plain, {**plain, "year": "2025"}) == ()
    assert len(comparer.records(None, one)) == len(plain)
