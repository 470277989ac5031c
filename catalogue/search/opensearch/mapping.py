"""What the cluster keeps of a document, and what it is told of the fields.

    text, exact   term → weight, as ``search.entries`` has them: features, read by ``rank_feature``
    stems, words  the terms of the same, to filter by and to count
    phrases       the words of each text in order
    labels        each title and keyword by itself: its terms, how heavy it is
    facet         the values of each facet

BM25 divides a weight by how long its record is beside the mean. The cluster knows no mean of ours, so weights are
divided when they are written, by the mean of the documents the index was built from: what ``rank_feature`` makes of
them with the pivot k1 is BM25 to the letter. Features keep some three digits.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from catalogue.fields import FACETS
from catalogue.search.document import IndexDocument
from catalogue.search.entries import EXACT, LABEL, LABEL_STEP, MOST_LABELS, SCORED, TEXT, Entries, Terms, entries
from catalogue.search.weights import Weights
from catalogue.search.words import Words
from catalogue.values import TEXT_LANGUAGES

LAYOUT = "opensearch 2, features 1"
LONGEST = 250
"""Letters of a term: nobody types more."""

SHARD = 500_000
"""Records of a shard."""

WINDOW = 200_000
"""Results that can be paged to."""

MOMENT = "strict_date_hour_minute_second"

TERMS_OF: Mapping[str, str] = {TEXT: "stems", EXACT: "words"}
"""The field with the terms of each scored field."""

Means = Mapping[str, float]
"""The mean length of each scored field."""


def mapping(described: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mapping of the index; ``described`` is kept with it."""
    word = {"type": "keyword", "norms": False}
    return {
        "dynamic": "strict",
        "_source": {"enabled": False},
        "_meta": dict(described),
        "properties": {
            "id": {"type": "keyword"},
            "digest": {"type": "keyword", "index": False},
            "newest": {"type": "integer"},
            "expires": {"type": "date", "format": MOMENT},
            "title": {"properties": {lang: {"type": "keyword", "index": False} for lang in TEXT_LANGUAGES}},
            "facet": {"properties": dict.fromkeys(FACETS, word)},
            **{name: {"type": "rank_features"} for name in SCORED},
            **dict.fromkeys(TERMS_OF.values(), word),
            "phrases": {"type": "text", "analyzer": "ready", "norms": False, "position_increment_gap": 100},
            "labels": {
                "type": "nested",
                "properties": {
                    "terms": {"type": "keyword", "norms": False, "doc_values": False},
                    "heavy": {"type": "float", "index": False},
                    "keyword": {"type": "boolean", "index": False},
                },
            },
        },
    }


def index_settings(documents: int) -> dict[str, Any]:
    """Return the settings of an index: a copy of each shard on a second node where there is one."""
    return {
        "index": {
            "number_of_shards": 1 + documents // SHARD,
            "auto_expand_replicas": "0-1",
            "max_result_window": WINDOW,
        },
        "analysis": {
            "tokenizer": {"apart": {"type": "whitespace", "max_token_length": LONGEST}},
            "analyzer": {"ready": {"type": "custom", "tokenizer": "apart"}},
        },
    }


def mean_lengths(documents: Iterable[IndexDocument], words: Words) -> Means:
    """Return the mean lengths over some documents, 0 where there are none."""
    found = [entries(replace(document, files=()), words).lengths for document in documents]  # files have no length
    return {name: sum(each[name] for each in found) / max(len(found), 1) for name in SCORED}


def source(document: IndexDocument, found: Entries, means: Means, weights: Weights) -> dict[str, Any]:
    """Return a document as the cluster takes it; ``found`` are its entries."""
    held_back = {name: _held_back(found.lengths[name], means[name], weights) for name in SCORED}
    kept: dict[str, Any] = {
        "id": document.id,
        "digest": document.digest,
        "newest": datetime.date.fromisoformat(document.newest).toordinal(),
        "title": {lang: document.titles.get(lang, "")[:LONGEST] for lang in TEXT_LANGUAGES},
        "facet": {param: list(values) for param, values in document.facets.items() if values},
        "phrases": list(_texts(found.fields[EXACT])),
        "labels": _labels(found, len(document.texts.get("title", ()))),
    }
    for name in SCORED:
        terms = {term: weight for term, (weight, _) in found.fields[name].items() if len(term) <= LONGEST}
        kept[name] = {term: weight / held_back[name] for term, weight in terms.items()}
        kept[TERMS_OF[name]] = list(terms)
    if document.expires:
        kept["expires"] = datetime.datetime.fromisoformat(document.expires).isoformat(timespec="seconds")
    return kept


def _held_back(length: float, mean: float, weights: Weights) -> float:
    return 1 - weights.length + weights.length * (length / mean if mean else 1)


def _texts(exact: Terms) -> Iterator[str]:
    """Yield the words of each text in order, as they stood; between two texts is a gap."""
    standing = sorted((place, surface) for surface, (_, places) in exact.items() for place in places)
    text: list[str] = []
    for number, (place, surface) in enumerate(standing):
        if number and place != standing[number - 1][0] + 1:
            yield " ".join(text)
            text = []
        text.append(surface[:LONGEST])
    if text:
        yield " ".join(text)


def _labels(found: Entries, titled: int) -> list[dict[str, Any]]:
    """Return each title and keyword; ``titled`` says how many are titles, which come first."""
    terms: list[list[str]] = [[] for _ in found.heavy]
    for term, (_, numbers) in found.fields[LABEL].items():
        for number in numbers:
            terms[number].append(term[:LONGEST])
    heavy = [LABEL_STEP * steps for steps in found.heavy]
    return [
        {"terms": own, "heavy": weight, "keyword": number >= min(titled, MOST_LABELS)}
        for number, (own, weight) in enumerate(zip(terms, heavy, strict=True))
        if own
    ]
