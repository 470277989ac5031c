"""What is written comes back, through both readers: our arrays and whoosh's matchers. What is cut off raises."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from whoosh import query, scoring
from whoosh.filedb.filestore import FileStorage, RamStorage

from catalogue.search.document import IndexDocument
from catalogue.search.embedded.build import build
from catalogue.search.embedded.codec import EMPTY, Inverted, Postings, TermFile, read_columns
from catalogue.search.embedded.folder import Generation
from catalogue.search.entries import EXACT, LABEL, TEXT, entries
from catalogue.search.words import NO_WORDS, Words
from catalogue.service import Catalogue
from tests.conftest import document

FIELDS = (TEXT, EXACT, LABEL)

Kept = dict[str, dict[str, tuple[float, list[int]]]]
"""field → term → (weight, places), of one record"""


def written(storage: Any, documents: Iterable[IndexDocument], words: Words = NO_WORDS) -> Any:
    """Write documents as the only segment of an index; return the segment."""
    segment = build(documents, words, storage, lambda done: None)
    Generation(storage, words).commit([(segment, frozenset())])
    return segment


@pytest.fixture(scope="module")
def documents(example: Catalogue) -> list[IndexDocument]:
    return [example.document(record) for record in example.contents.public[::3]]


def standing(postings: Postings) -> list[tuple[int, float, list[int]]]:
    """Return (record, weight, places) for each posting."""
    places, counts = iter(postings.places.tolist()), postings.counts.tolist() or [0] * len(postings)
    each = zip(postings.numbers.tolist(), postings.weights.tolist(), counts, strict=True)
    return [(number, weight, list(islice(places, count))) for number, weight, count in each]


def test_every_term_of_every_record_comes_back(documents: list[IndexDocument]) -> None:
    storage, words = RamStorage(), Words.of(documents)
    found: list[Kept] = [{field: {} for field in FIELDS} for _ in documents]
    with closing(TermFile(storage, written(storage, documents, words))) as file:
        for field in FIELDS:
            lexicon = file.lexicon(field)
            for term, count in zip(lexicon.terms, lexicon.sizes, strict=True):
                postings = standing(file.read(field, term))
                assert len(postings) == count
                for number, weight, places in postings:
                    found[number][field][term] = (weight, places)
    for item, kept in zip(documents, found, strict=True):
        assert kept == entries(item, words).fields, item.id


def test_whoosh_reads_the_same_terms_records_weights_and_places(documents: list[IndexDocument]) -> None:
    storage = RamStorage()
    segment = written(storage, documents, Words.of(documents))
    with closing(TermFile(storage, segment)) as file, closing(storage.open_index().reader()) as reader:
        ours = [(field, term) for field in sorted(FIELDS) for term in file.lexicon(field).terms]
        assert [(field, term.decode()) for field, term in reader.all_terms()] == ours
        assert len(ours) > 3000
        for field, term in ours:
            matcher = reader.postings(field, term)
            for number, weight, places in standing(file.read(field, term)):
                assert (matcher.id(), matcher.weight()) == (number, weight)
                assert field == TEXT or matcher.value_as("positions") == places
                matcher.next()
            assert not matcher.is_active()


def test_whoosh_s_own_queries_search_the_index() -> None:
    storage = RamStorage()
    texts = {"a": "Les soins à domicile", "b": "Soins de santé", "c": "Domicile"}
    written(storage, [document(id, title_fr=text) for id, text in texts.items()])
    with storage.open_index().searcher(weighting=scoring.BM25F()) as searcher:
        for asked, expected in (
            (query.Term(EXACT, "soins"), {"a", "b"}),
            (query.Phrase(EXACT, ["soins", "a", "domicile"]), {"a"}),
            (query.Prefix(EXACT, "dom"), {"a", "c"}),
        ):
            assert {hit["id"] for hit in searcher.search(asked)} == expected


def test_terms_stand_in_the_order_of_their_bytes_whatever_their_letters() -> None:
    storage = RamStorage()
    words = ["zorg", "éa", "ſt", "中文", "𝔘", "b", "𐐀", "ﷲ"]
    with closing(TermFile(storage, written(storage, [document("a", title_und=" ".join(words))]))) as file:
        for field in (TEXT, EXACT):
            terms = file.lexicon(field).terms
            assert terms == sorted(terms)
            assert len(terms) >= len(words)
            assert all(len(file.read(field, term)) == 1 for term in terms)


def test_a_term_nobody_has_is_empty_in_every_field() -> None:
    for documents in ([], [document("a")], [document("a", title_fr="emploi")]):
        storage = RamStorage()
        with closing(TermFile(storage, written(storage, documents))) as file:
            for field in FIELDS:
                assert file.read(field, "zorg") is EMPTY
                assert file.read(field, "") is EMPTY


def test_postings_are_sorted_by_term_and_keep_the_order_of_records() -> None:
    inverted = Inverted.of(
        terms=np.array([0, 1, 0, 1, 2]),
        names=["werk", "emploi", "été"],
        numbers=np.array([0, 0, 1, 2, 2]),
        weights=np.array([3, 1, 0.5, 2, 1]),
        counts=np.array([2, 1, 1, 1, 3]),
        places=np.array([4, 9, 5, 0, 1, 6, 7, 8]),
    )
    assert inverted.terms == [b"emploi", b"werk", "été".encode()]
    assert inverted.starts.tolist() == [0, 2, 4, 5]
    assert inverted.numbers.tolist() == [0, 2, 0, 1, 2]
    assert inverted.weights.tolist() == [1, 2, 3, 0.5, 1]
    assert inverted.places.tolist() == [5, 1, 4, 9, 0, 6, 7, 8]
    assert inverted.place_starts.tolist() == [0, 1, 2, 4, 5, 8]


def test_postings_that_are_cut_off_raise() -> None:
    arrays = (np.array([1, 5], "<u4"), np.array([3, 0.5], "<f4"), np.array([2, 1], "<u2"), np.array([0, 7, 3], "<u2"))
    data = b"".join(array.tobytes() for array in arrays)
    whole = Postings.from_bytes(data, 2)
    assert [array.tolist() for array in (whole.numbers, whole.weights)] == [[1, 5], [3, 0.5]]
    assert [array.tolist() for array in (whole.counts, whole.places)] == [[2, 1], [0, 7, 3]]
    for length in {*range(len(data))} - {16}:  # 16: the same postings of a field without places
        with pytest.raises(ValueError, match=r"cut off|smaller than|beyond|multiple of|must be"):
            Postings.from_bytes(data[:length], 2)


def test_a_posting_file_cut_anywhere_gives_the_old_answer_or_raises(tmp_path: Path) -> None:
    storage = FileStorage(str(tmp_path))
    segment = written(storage, [document("a", title_fr="soins emploi soins"), document("b", title_fr="soins école")])
    path = tmp_path / segment.make_filename(".pst")
    with closing(TermFile(storage, segment)) as file:
        expected = {(f, term): standing(file.read(f, term)) for f in FIELDS for term in file.lexicon(f).terms}
    raised = 0
    for length in reversed(range(path.stat().st_size)):
        os.truncate(path, length)
        with closing(TermFile(storage, segment)) as file:
            for key, before in expected.items():
                try:
                    found = standing(file.read(*key))
                except ValueError:
                    raised += 1
                else:
                    assert found == before, (length, key)
    assert raised > len(expected)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_columns_that_are_cut_off_raise(tmp_path: Path, share: float) -> None:
    storage = FileStorage(str(tmp_path))
    segment = written(storage, [document("a", title_fr="soins", theme="work")])
    assert read_columns(storage, segment)["ids"].tolist() == [b"a"]
    path = tmp_path / segment.make_filename(".npz")
    os.truncate(path, int(path.stat().st_size * share))
    with pytest.raises(Exception, match=r".") as raised:
        read_columns(storage, segment)
    assert not isinstance(raised.value, AssertionError)
