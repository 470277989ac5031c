"""The content was written, not generated: no sentence frame comes back again and again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

from catalogue.search import analysis
from catalogue.store import Store
from catalogue.vocabulary import Vocabularies
from tests.conftest import PROJECT

MOST = 3
OPENING_WORDS = 4
SHORTEST_SKELETON = 8


def summaries(lang: str) -> Iterator[tuple[str, str]]:
    store = Store(PROJECT / "resources", Vocabularies.load(PROJECT / "resources" / "vocabularies"))
    store.load()
    yield from ((record.id, record.summary[lang]) for record in store.records.values() if lang in record.summary)


def sentences(text: str) -> list[list[str]]:
    return [analysis.surfaces(sentence) for sentence in re.split(r"(?<=[.!?…])\s+", text)]


def too_often(frames: dict[tuple[str, ...], list[str]]) -> list[str]:
    return [f"{' '.join(frame)}: {', '.join(ids)}" for frame, ids in frames.items() if len(set(ids)) > MOST]


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_sentences_do_not_all_begin_alike(lang: str) -> None:
    frames: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for id, text in summaries(lang):
        for words in sentences(text):
            frames[tuple(words[:OPENING_WORDS])].append(id)
    assert not too_often(frames)


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_sentences_are_not_one_skeleton_with_other_words(lang: str) -> None:
    frames: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for id, text in summaries(lang):
        for words in sentences(text):
            if len(words) >= SHORTEST_SKELETON:
                skeleton = tuple(word if analysis.is_stop(word) else "_" for word in words)
                frames[skeleton].append(id)
    assert not too_often(frames)
