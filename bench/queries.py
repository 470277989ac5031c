"""The queries of the benchmark: a fixed mix made from the corpus, and hostile ones."""

from __future__ import annotations

import bisect
import itertools
import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bench.corpus import COMMON_PHRASE, SEED, Corpus, Entry
from bench.words import vocabulary
from catalogue.folding import fold
from catalogue.query import Query
from catalogue.search import analysis, parser
from catalogue.search.parser import Part

MIX = {
    "rare": 30,
    "common": 30,
    "concept": 20,
    "two words": 30,
    "three words": 20,
    "phrase": 30,
    "prefix": 25,
    "browse": 15,
}
"""How many queries of each kind; 200 together."""

CONCEPTS = {
    "fr": "infirmière;électricien;bourse d'études;puéricultrice;chauffeur poids lourd;cours de néerlandais;"
    "permis de conduire;éducateur;coiffeur;comptable;travail de nuit;année sabbatique;stage;job étudiant",
    "nl": "verpleegkundige;elektricien;studietoelage;kinderverzorger;vrachtwagenchauffeur;nederlandse les;"
    "rijbewijs;opvoeder;kapper;boekhouder;nachtwerk;tussenjaar;stage;studentenjob",
}
"""What visitors type: names of occupations and subjects, most of which the thesaurus knows."""

COUNTED = ("theme", "kind", "audience", "sector", "place", "publisher")
"""The six facets that every engine counts."""

_FILTERED = 0.4  # share of queries with filters
_SAMPLE = 10_000  # entries that document frequencies are taken from
_PREFIX_WORDS = 100  # a beginning stands for at most so many words: engines cut longer lists at different places

Filters = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Ask:
    """One query, as typed and as the words that every engine searches."""

    kind: str
    query: Query
    lang: str

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the query, parsed by the catalogue."""
        return parser.parse(self.query.text).parts

    @cached_property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """For each word, the stems of which a record must have one. Empty for phrases, beginnings and browsing."""
        return tuple(analysis.query_stems(part.surface) for part in self.parts if part.kind == "word")

    @cached_property
    def stems(self) -> frozenset[str]:
        """All the stems of ``words`` together."""
        return frozenset(stem for stems in self.words for stem in stems)

    @cached_property
    def phrase(self) -> tuple[str, ...]:
        """The surface words of the phrase, if the query is one."""
        return next((part.surfaces for part in self.parts if part.kind == "phrase"), ())

    @cached_property
    def prefix(self) -> str:
        """The beginning of a word, if the query is one."""
        return next((part.surface for part in self.parts if part.kind == "prefix"), "")

    @property
    def filters(self) -> Filters:
        """The chosen values by facet."""
        return dict(self.query.filters)

    def filters_but(self, facet: str) -> Filters:
        """Return the chosen values of all other facets: what the counts of ``facet`` are taken under."""
        return {name: values for name, values in self.query.filters if name != facet}


class _Sample:
    """Words of one language by how many records have them, and records to take phrases and facet values from."""

    def __init__(self, corpus: Corpus, lang: str) -> None:
        self.lang = lang
        self.entries = list(itertools.islice(corpus, _SAMPLE))
        counts = Counter(word for entry in self.entries for word in _words(entry, lang))
        total = len(self.entries)
        ranked = sorted((word, n) for word, n in counts.items() if len(word) > 3 and not analysis.is_stop(fold(word)))
        self.rare = [word for word, n in ranked if n <= 3]
        self.middle = [word for word, n in ranked if 0.01 * total <= n <= 0.15 * total]
        self.common = [word for word, n in ranked if n > 0.15 * total]
        words = (word for code in ("fr", "nl") for word in (*vocabulary(code).content, *vocabulary(code).function))
        self._surfaces = sorted({fold(word) for word in words})
        beginnings = map(self._beginning, self.middle + self.rare[:50])
        self.beginnings = [beginning for beginning in beginnings if beginning]

    def _beginning(self, word: str) -> str:
        """Return the shortest beginning of ``word`` that few words share; empty where more share the whole word."""
        cuts = (fold(word)[:length] for length in range(3, len(word) + 1))
        return next((cut for cut in cuts if self._sharing(cut) <= _PREFIX_WORDS), "")

    def _sharing(self, beginning: str) -> int:
        first = bisect.bisect_left(self._surfaces, beginning)
        return bisect.bisect_left(self._surfaces, beginning + "\uffff") - first


def _words(entry: Entry, lang: str) -> set[str]:
    text = f"{entry.title.get(lang, '')} {entry.summary.get(lang, '')}"
    return set(re.findall(r"[^\W\d_]+", text.lower()))


def mix(corpus: Corpus) -> list[Ask]:
    """Return the queries for a corpus, shuffled: the same corpus gives the same queries in the same order."""
    chance = random.Random(SEED)
    samples = [_Sample(corpus, lang) for lang in ("fr", "nl")]
    kinds = [kind for kind, count in MIX.items() for _ in range(count)]
    asks = [_ask(kind, chance, samples[number % 2]) for number, kind in enumerate(kinds)]
    chance.shuffle(asks)
    return asks


def _ask(kind: str, chance: random.Random, sample: _Sample) -> Ask:
    query = Query(text=_TEXTS[kind](chance, sample), filters=_filters(chance, sample.entries))
    return Ask(kind, query, sample.lang)


def _phrase(chance: random.Random, sample: _Sample) -> str:
    """Return two or three words that stand together in some text; one time in four, those that many records have."""
    if chance.random() < 0.25:
        return f'"{" ".join(COMMON_PHRASE[sample.lang])}"'
    while True:
        words = chance.choice(sample.entries).summary.get(sample.lang, "").partition(".")[0].split()
        start, length = chance.randrange(max(1, len(words) - 2)), chance.choice((2, 3))
        found = words[start : start + length]
        if found and not analysis.is_stop(fold(found[0])) and not analysis.is_stop(fold(found[-1])):
            return f'"{" ".join(found)}"'


_TEXTS: Mapping[str, Callable[[random.Random, _Sample], str]] = {
    "rare": lambda chance, words: chance.choice(words.rare),
    "common": lambda chance, words: chance.choice(words.common),
    "concept": lambda chance, words: chance.choice(CONCEPTS[words.lang].split(";")),
    "two words": lambda chance, words: f"{chance.choice(words.middle)} {chance.choice(words.common)}",
    "three words": lambda chance, words: " ".join([*chance.sample(words.middle, 2), chance.choice(words.common)]),
    "phrase": _phrase,
    "prefix": lambda chance, words: chance.choice(words.beginnings) + "*",
    "browse": lambda _chance, _words: "",
}


def _filters(chance: random.Random, entries: Sequence[Entry]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the choices of a visitor: none, or one or two values in one or two facets."""
    if chance.random() >= _FILTERED:
        return ()
    params: list[tuple[str, str]] = []
    for facet in chance.sample((*COUNTED, "language", "level"), chance.choice((1, 1, 2))):
        for _ in range(chance.choice((1, 2))):
            values = chance.choice(entries).facets[facet]
            params += [(facet, chance.choice(values))] if values else []
    return Query.from_params(params)[0].filters


def hostile(corpus: Corpus) -> list[Ask]:
    """Return queries that were made to be slow, to crash, or to read what is none of their business."""
    sample = _Sample(corpus, "fr")
    common, everything = sample.common, list(corpus["r000000"].facets)
    beginnings = Counter(fold(word)[:3] for word in sample.rare).most_common(12)
    function = [word for lang in ("fr", "nl") for word in vocabulary(lang).function[:12]]
    texts = [
        "*a*", "a*", "[a TO z]", "a~9", ".*", "rec:x", "id:r000001", "digest:*", "_stored:x", "a^1000", "((((a))))",
        "(" * 200, '"' * 200, "-" * 200, "*" * 200, "a" * 200, "é" * 200, "\0\x01\x7f", "\ud800", "🙂" * 50,
        "'; drop table x; --",
        " ".join(f"{beginning}*" for beginning, _ in beginnings), *(f"{beginning}*" for beginning, _ in beginnings),
        "con* " * 40, " ".join(f"{word[:3]}*" for word in common[:40]), " ".join(f"-{word}" for word in common[:20]),
        " ".join(common[:12]), " ".join(common[-12:]), " ".join(sample.middle[:12]),
        " ".join(function), " ".join(function[:5]),
        f'"{" ".join(function[:2])}"', f'"{" ".join(function)}"', '"de la"', '"van de"', '"en de la le"',
        " ".join(f'"{one} {other}"' for one, other in itertools.pairwise(function[:13])),
        " ".join(f'"{one} {other}"' for one, other in itertools.pairwise(common[:13])),
        f'{common[0]} -"de la" -"van de" -{common[1]}', " ".join(f"{word}*" for word in function[:12] if len(word) > 2),
        " OR ".join(common[:10]), " AND NOT ".join(common[:8]), "l'" * 90, "c++ c# .net 3D permis B", "ǆ" * 60,
        "İ" * 99,
    ]  # fmt: skip
    values = {facet: sorted({v for e in sample.entries[:2000] for v in e.facets[facet]})[:30] for facet in everything}
    crowded = [(facet, value) for facet, chosen in values.items() for value in chosen]
    params = [[("q", text)] for text in texts]
    params += [crowded, [("q", common[0]), *crowded], [("q", " ".join(common[:12])), *crowded]]
    params += [[("q", common[0]), ("page", "10000"), ("per_page", "100")], [("page", "500"), ("sort", "title")]]
    params += [[("q", " ".join(common[:12])), ("sort", sort)] for sort in ("title", "newest")]
    params += [[("q", " ".join(f"{word}*" for word, _ in beginnings)), ("exact", "1"), ("per_page", "100")]]
    return [Ask("hostile", Query.from_params(each)[0], "fr") for each in params]
