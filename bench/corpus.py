"""The synthetic collection: N bilingual records, always the same for the same N, in one file of JSON lines.

A smaller corpus is the beginning of a larger one. Words follow Zipf–Mandelbrot's law, p(rank) ∝ 1 / (rank + 8)^1.05,
which gives the commonest words to about two records in five, as ``formation`` and ``opleiding`` have in real lists.
"""

from __future__ import annotations

import datetime
import itertools
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from bench.words import names, vocabulary
from catalogue.fields import FACETS, INDEX_FIELDS, THEMES
from catalogue.folding import collation_key
from catalogue.search.document import IndexDocument
from catalogue.values import TEXT_LANGUAGES

VERSION = 2
"""Raised when the same seed gives other records, or the lists of words change: older files are then left aside."""

SEED = 20261122
NOW = datetime.datetime(2026, 11, 22, 12)
"""When the queries are asked: a fixed moment, so that no record leaves the results between two runs."""

_FUNCTION_SHARE = 0.38  # of the words of a text
_KINDS = "factsheet guide website organisation book video course press audio test tool event".split()
_AUDIENCES = "pupils students parents jobseekers workers newcomers teachers professionals".split()
_LEVELS = "none primary lower-secondary upper-secondary bachelor master continuing".split()
COMMON_PHRASE = {"fr": ("orientation", "professionnelle"), "nl": ("professionele", "oriëntatie")}

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """One record of the corpus, in plain values."""

    id: str
    title: Texts
    summary: Texts
    keywords: Mapping[str, Sequence[str]]
    subjects: Mapping[str, Sequence[str]]
    publisher: str
    shelf: str
    facets: Mapping[str, Sequence[str]]
    newest: str  # ISO day

    def best(self, texts: Texts, lang: str) -> tuple[str, str]:
        """Return the language and the text to show to a reader of ``lang``."""
        shown = lang if lang in texts else next(iter(texts))
        return shown, texts[shown]


@dataclass(frozen=True)
class _Speech:
    """What texts of one language are drawn from."""

    lang: str
    function: tuple[str, ...]
    content: tuple[str, ...]
    cumulated: tuple[float, ...]

    @classmethod
    def of(cls, lang: str) -> _Speech:
        words = vocabulary(lang)
        weights = (1 / (rank + 8) ** 1.05 for rank in range(1, len(words.content) + 1))
        return cls(lang, words.function, words.content, tuple(itertools.accumulate(weights)))

    def words(self, chance: random.Random, count: int) -> list[str]:
        drawn = chance.choices(self.content, cum_weights=self.cumulated, k=count)
        return [chance.choice(self.function) if chance.random() < _FUNCTION_SHARE else word for word in drawn]

    def content_words(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self.content, cum_weights=self.cumulated, k=count)

    def prose(self, chance: random.Random) -> str:
        words = self.words(chance, chance.randint(60, 120))
        if chance.random() < 0.03:
            at = chance.randrange(len(words) - 2)
            words[at : at + 2] = COMMON_PHRASE[self.lang]
        sentences, start = [], 0
        while start < len(words):
            sentence = words[start : start + chance.randint(8, 17)]
            sentences.append(" ".join(sentence).capitalize() + ".")
            start += len(sentence)
        return " ".join(sentences)


class _Writer:
    """Writes entry after entry from one stream of chance."""

    def __init__(self, seed: int = SEED) -> None:
        self._chance = random.Random(seed)
        self._speech = {lang: _Speech.of(lang) for lang in ("fr", "nl")}
        self._publishers = [f"Éditions {name}" for name in names(200)]
        labels = random.Random(SEED + 1)
        self._subjects = [
            {lang: " ".join(speech.content_words(labels, 1 + number % 2)) for lang, speech in self._speech.items()}
            for number in range(400)
        ]

    def entry(self, number: int) -> Entry:
        chance = self._chance
        langs = chance.choices((("fr", "nl"), ("fr",), ("nl",)), (60, 25, 15))[0]
        speech = [self._speech[lang] for lang in langs]
        subjects = chance.choices(self._subjects, k=chance.randint(0, 3))
        publisher = _rank(chance, 200)
        return Entry(
            id=f"r{number:06}",
            title={s.lang: " ".join(s.words(chance, chance.randint(3, 8))).capitalize() for s in speech},
            summary={s.lang: s.prose(chance) for s in speech},
            keywords={s.lang: s.content_words(chance, chance.randint(2, 6)) for s in speech},
            subjects={lang: [subject[lang] for subject in subjects] for lang in self._speech},
            publisher=self._publishers[publisher],
            shelf=f"{chance.choice('KLWOB')}{chance.randint(1, 9)}.{chance.randint(1, 99):02}",
            facets=self._facets(langs, publisher, [self._subjects.index(subject) for subject in subjects]),
            newest=(NOW.date() - datetime.timedelta(days=min(int(chance.expovariate(1 / 1500)), 11_000))).isoformat(),
        )

    def _facets(self, langs: Sequence[str], publisher: int, subjects: Iterable[int]) -> dict[str, list[str]]:
        chance = self._chance
        values = {
            "theme": _several(chance, THEMES, 2),
            "kind": [_KINDS[_rank(chance, len(_KINDS))]],
            "format": _several(chance, ("link", "shelf", "file"), 2),
            "language": [*langs, *(["en"] if chance.random() < 0.08 else ())],
            "audience": _several(chance, _AUDIENCES, 3),
            "level": [_LEVELS[_rank(chance, len(_LEVELS))]],
            "sector": [f"sector-{_rank(chance, 30):02}" for _ in range(chance.randint(0, 2))],
            "subject": [f"subject-{subject:03}" for subject in subjects],
            "place": [f"place-{_rank(chance, 100):03}" for _ in range(chance.randint(1, 2))],
            "publisher": [f"publisher-{publisher:03}"],
            "easy": ["1"] if chance.random() < 0.1 else [],
            "captions": [chance.choice(langs)] if chance.random() < 0.05 else [],
            "centre": [],  # there is one
        }
        return {param: sorted({*values[param]}) for param in FACETS}


def _rank(chance: random.Random, count: int) -> int:
    """Return a rank below ``count``: the first ones are common, the last ones rare."""
    return int(count * chance.random() ** 2.5)


def _several(chance: random.Random, values: Sequence[str], most: int) -> list[str]:
    return [values[_rank(chance, len(values))] for _ in range(chance.randint(1, most))]


def entries(count: int) -> Iterator[Entry]:
    """Yield the first ``count`` entries of the corpus."""
    writer = _Writer()
    return (writer.entry(number) for number in range(count))


def newcomer(number: int) -> tuple[Entry, str]:
    """Return an entry that no corpus holds and a word that only its title has: what is saved into a full index."""
    entry, word = _Writer(SEED + number + 2).entry(number), f"nouveau{number}"
    title = {lang: f"{text} {word}" for lang, text in entry.title.items()}
    return replace(entry, id=f"new-{number}", title=title), word


@dataclass(frozen=True)
class LongFile:
    """The text of a file that belongs to an entry, of so many words, always the same."""

    id: str
    lang: str
    words: int

    @property
    def digest(self) -> str:
        """What the text follows from."""
        return f"{self.id} {self.words}"

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield the text with its language."""
        yield self.lang, " ".join(_speech(self.lang).words(random.Random(f"{SEED} {self.id}"), self.words))


@cache
def _speech(lang: str) -> _Speech:
    return _Speech.of(lang)


def index_document(entry: Entry) -> IndexDocument:
    """Return what an engine of the catalogue indexes of an entry."""
    texts: dict[str, tuple[tuple[str, str], ...]] = dict.fromkeys(INDEX_FIELDS, ())
    texts["title"] = tuple(entry.title.items())
    texts["summary"] = tuple(entry.summary.items())
    texts["keywords"] = tuple((lang, word) for lang, words in entry.keywords.items() for word in words)
    texts["subjects"] = tuple((lang, label) for lang, labels in entry.subjects.items() for label in labels)
    texts["publisher"] = (("und", entry.publisher),)
    texts["names"] = (("und", entry.shelf),)
    return IndexDocument(
        id=entry.id,
        texts={name: tuple(dict.fromkeys(pairs)) for name, pairs in texts.items()},
        facets={param: tuple(values) for param, values in entry.facets.items()},
        newest=entry.newest,
        titles={lang: " ".join(collation_key(entry.best(entry.title, lang)[1])) for lang in TEXT_LANGUAGES},
        expires="2031-01-01T00:00:00" if entry.facets["kind"] == ["event"] else "",
    )


class Corpus:
    """The entries of a corpus file, read one by one when they are asked for, then kept."""

    def __init__(self, folder: Path, size: int) -> None:
        self._path = folder / f"corpus-{size}-{VERSION}.jsonl"
        self._size = size
        self._read: dict[str, Entry] = {}

    def write(self) -> None:
        """Make the file where it is not there yet."""
        if self._path.exists():
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._path.with_suffix(".part")
        with unfinished.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(entry), ensure_ascii=False) + "\n" for entry in entries(self._size))
        unfinished.replace(self._path)

    def __iter__(self) -> Iterator[Entry]:
        with self._path.open("rb") as file:
            for line in file:
                yield Entry(**json.loads(line))

    def __getitem__(self, id: str) -> Entry:
        if id not in self._read:
            with self._path.open("rb") as file:
                file.seek(self._offsets[id])
                values: dict[str, Any] = json.loads(file.readline())
                self._read[id] = Entry(**values)
        return self._read[id]

    @cached_property
    def _offsets(self) -> dict[str, int]:
        with self._path.open("rb") as file:
            lengths = [len(line) for line in file]
        starts = itertools.accumulate(lengths, initial=0)
        return {f"r{number:06}": start for number, start in zip(range(len(lengths)), starts, strict=False)}
