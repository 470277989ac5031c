"""Which terms a document has in which field of the index, how much each weighs, and where it stands.

    text    the stems of every word, and of the parts of Dutch compounds    weight: the fields it was found in
    exact   every word as it is written, stop words too                     places: positions, for phrases
    label   the stems of each title and keyword by itself                   places: which label of the record

A compound stands in ``text`` by its stem and its parts, in ``label`` by its parts alone: there each word counts once.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalogue.fields import INDEX_FIELDS
from catalogue.search import analysis
from catalogue.search.document import IndexDocument
from catalogue.search.words import Words

TEXT, EXACT, LABEL = "text", "exact", "label"
SCORED = (TEXT, EXACT)  # fields whose length counts
NEUTRAL = ("publisher", "inside")  # no length: a long name, or a file that is searched too, is not to be lost by
LONG = ("inside",)  # of whole files: each time a word is met again it counts for less, and soon for nothing
MOST_OF_LONG = 2.5  # times as much as once; so that the word in a summary counts for more than in any file
LABELS_OF = ("title", "keywords")  # index fields whose texts are labels

GAP = 100  # positions between two texts: no phrase reaches over it
LAST_PLACE = 0xFFFF  # a phrase further behind is not found
MOST_LABELS = 0xFF
LABEL_STEP = 0.5  # of a label's heaviness, kept in one byte

Terms = Mapping[str, tuple[float, list[int]]]
"""term → (weight, places)"""


@dataclass(frozen=True)
class Entries:
    """What a document puts into the index.

    ``lengths`` are those of the scored fields; ``heavy`` says how heavy each label is, in steps of ``LABEL_STEP``.
    """

    fields: Mapping[str, Terms]
    lengths: Mapping[str, float]
    heavy: bytes


def entries(document: IndexDocument, words: Words) -> Entries:
    """Return the terms of a document by field."""
    text: defaultdict[str, float] = defaultdict(float)
    exact: defaultdict[str, float] = defaultdict(float)
    places: defaultdict[str, list[int]] = defaultdict(list)
    lengths = dict.fromkeys(SCORED, 0.0)
    position = 0
    for name, pairs in (*document.texts.items(), ("inside", document.long_texts())):
        for lang, value in pairs:
            surfaces = analysis.surfaces(value)
            for surface, count in Counter(surfaces).items():
                weight = INDEX_FIELDS[name].weight * (min(1 + math.log(count), MOST_OF_LONG) if name in LONG else count)
                exact[surface] += weight
                terms = words.terms(surface, lang)
                for term in terms:
                    text[term] += weight
                if name not in NEUTRAL:
                    lengths[EXACT] += weight
                    lengths[TEXT] += weight * len(terms)
            for place, surface in enumerate(surfaces[: max(0, LAST_PLACE - position)], position):
                places[surface].append(place)
            position += len(surfaces) + GAP
    label, heavy = _labels(document, words)
    standing = {surface: (weight, places[surface]) for surface, weight in exact.items()}
    whole: Terms = {term: (weight, []) for term, weight in text.items()}
    return Entries({TEXT: whole, EXACT: standing, LABEL: label}, lengths, heavy)


def _labels(document: IndexDocument, words: Words) -> tuple[Terms, bytes]:
    """Return the terms of the titles and keywords, and the heaviness of each: the sum of its terms' rarities."""
    found: dict[str, tuple[float, list[int]]] = {}
    heavy = bytearray()
    pairs = [pair for name in LABELS_OF for pair in document.texts.get(name, ())]
    for number, (lang, label) in enumerate(pairs[:MOST_LABELS]):
        terms = label_terms(analysis.surfaces(label), lang, words)
        heavy.append(min(round(sum(map(words.rarity, terms)) / LABEL_STEP), 0xFF))
        for term in terms:
            found.setdefault(term, (1.0, []))[1].append(number)
    return found, bytes(heavy)


def label_terms(surfaces: Iterable[str], lang: str, words: Words) -> set[str]:
    """Return the terms of a label: of a compound its parts, of any other word its stems."""
    terms: set[str] = set()
    for surface in surfaces:
        every = words.terms(surface, lang)
        terms.update(every[1:] if lang == "nl" and len(every) > 1 else every)
    return terms
