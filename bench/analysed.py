"""The same terms for every engine: texts analysed once by the catalogue's own analysis, parted by spaces."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.corpus import VERSION, Corpus, index_document
from catalogue.fields import INDEX_FIELDS
from catalogue.search import analysis
from catalogue.search.document import IndexDocument
from catalogue.search.words import SAMPLE, Words

GAP = "¦"
"""Stands between two texts so that no phrase reaches over it. The analysis never makes it a word."""

TIMES = {name: max(1, round(field.weight)) for name, field in INDEX_FIELDS.items()}
"""How often a term of a field stands in ``text``: the weight of the field, as a whole number."""


@dataclass(frozen=True)
class Analysed:
    """A document and its terms, as the catalogue's own index has them.

    ``text`` holds the stems of all fields and of the parts of compounds, a title's three times; words read it.
    ``exact`` holds every surface word in order; phrases and beginnings read it.
    """

    document: IndexDocument
    text: str = ""
    exact: str = ""

    @property
    def id(self) -> str:
        """The document's id."""
        return self.document.id

    @property
    def facets(self) -> Mapping[str, tuple[str, ...]]:
        """The document's facet values."""
        return self.document.facets

    @property
    def day(self) -> int:
        """The day it was added as a number that orders: 20261122."""
        return int(self.document.newest.replace("-", ""))


def analyse(document: IndexDocument, known: Words) -> Analysed:
    """Return the terms of a document; ``known`` tells what its compounds are made of."""
    text: list[str] = []
    exact: list[str] = []
    for name, pairs in document.texts.items():
        for lang, value in pairs:
            surfaces = analysis.surfaces(value)
            text += [term for surface in surfaces for term in known.terms(surface, lang)] * TIMES[name]
            exact += [*surfaces, GAP]
    return Analysed(document, " ".join(text), " ".join(exact))


def known_words(documents: Sequence[IndexDocument]) -> Words:
    """Return what an index of ``documents`` knows of its words, as the catalogue's own engine learns it."""
    return Words.of(documents[:: max(1, -(-len(documents) // SAMPLE))])


class AnalysedCorpus:
    """The analysed corpus in a file, and beside it what is known of its words and how long the analysis took."""

    def __init__(self, folder: Path, size: int) -> None:
        self._corpus = Corpus(folder, size)
        self._path = folder / f"analysed-{size}.jsonl"
        self._about_path = self._path.with_suffix(".json")

    @property
    def is_current(self) -> bool:
        """Whether the file is there, whole, of this version of corpus and analysis."""
        return self._about_path.exists() and self._about["versions"] == _versions()

    def write(self) -> None:
        """Analyse every entry in this process, and take the time."""
        self._about_path.unlink(missing_ok=True)
        documents = [index_document(entry) for entry in self._corpus]
        started = time.perf_counter()
        known = known_words(documents)
        seconds = time.perf_counter() - started
        digest = hashlib.sha256()
        with self._path.open("wb") as file:
            for document in documents:
                started = time.perf_counter()
                made = analyse(document, known)
                seconds += time.perf_counter() - started
                line = json.dumps([made.text, made.exact], ensure_ascii=False).encode() + b"\n"
                digest.update(line)
                file.write(line)
        about = {"seconds": seconds, "digest": digest.hexdigest(), "versions": _versions(), "words": known.to_json()}
        self._about_path.write_text(json.dumps(about), encoding="utf-8")

    @property
    def seconds(self) -> float:
        """How long one process took to analyse all texts."""
        return float(self._about["seconds"])

    @property
    def digest(self) -> str:
        """A hash of all terms: an index of other terms cannot be used."""
        return str(self._about["digest"])

    @property
    def words(self) -> Words:
        """What is known of the words of the corpus."""
        return Words.from_json(self._about["words"])

    @property
    def _about(self) -> dict[str, Any]:
        about: dict[str, Any] = json.loads(self._about_path.read_text(encoding="utf-8"))
        return about

    def __iter__(self) -> Iterator[Analysed]:
        with self._path.open(encoding="utf-8") as file:
            for entry, line in zip(self._corpus, file, strict=True):
                text, exact = json.loads(line)
                yield Analysed(index_document(entry), text, exact)


def _versions() -> str:
    return f"corpus {VERSION}, {analysis.fingerprint()}"
