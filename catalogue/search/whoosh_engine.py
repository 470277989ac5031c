"""The embedded engine, on whoosh: analysis and queries are ours, storage, postings and BM25F are whoosh's.

This is the only module that imports whoosh. An index folder looks so:

    manifest.json         which generation is in use, and the fingerprint it was built with
    <generation>/         a whoosh index

A rebuild fills a new generation beside the one in use and then replaces the manifest, so a crash at any moment leaves
the old index or the new one. The index is derived from the files: whatever cannot be read is built again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh import fields, query, scoring
from whoosh.analysis import Analyzer, Token
from whoosh.filedb.filestore import FileStorage, RamStorage, Storage
from whoosh.index import Index
from whoosh.searching import Searcher

from catalogue import atomic
from catalogue.errors import IndexUnavailable, WriteFailed
from catalogue.fields import FACETS, INDEX_FIELDS
from catalogue.search import analysis, document
from catalogue.search.document import IndexDocument
from catalogue.search.engine import Alternative, Hit, Plan, Progress, Results
from catalogue.search.parser import Part

log = logging.getLogger("catalogue.index")

EXACT = "exact"
"""The field of surface words with their positions: phrases, word beginnings and exact search read it."""

GAP = "|"  # no word holds it

EXPANSION_WEIGHT = 0.8  # of a word found through the thesaurus, beside one that was typed
PREFIX_TERMS = 200  # words that one beginning may stand for

_BM25F = scoring.BM25F()
Scores = dict[int, float]


class _Terms(Analyzer):
    """Hands whoosh the terms that our own analysis made, parted by spaces; GAP keeps phrases from reaching over it."""

    def __call__(self, value: str, **options: Any) -> Iterator[Token]:
        token = Token(options.get("positions", False), removestops=False, mode=options.get("mode", ""))
        position = 0
        for term in value.split():
            if term == GAP:
                position += 100
                continue
            token.text, token.pos, token.boost, token.stopped = term, position, 1.0, False
            position += 1
            yield token


def _schema() -> fields.Schema:
    texts = {name: fields.TEXT(analyzer=_Terms(), phrase=False, stored=False) for name in INDEX_FIELDS}
    return fields.Schema(
        id=fields.ID(unique=True, stored=True),
        digest=fields.STORED(),
        facets=fields.STORED(),
        newest=fields.STORED(),
        titles=fields.STORED(),
        expires=fields.STORED(),
        **{EXACT: fields.TEXT(analyzer=_Terms(), phrase=True, stored=False)},
        **texts,
    )


def _row(item: IndexDocument) -> dict[str, Any]:
    row: dict[str, Any] = {"id": item.id, "digest": item.digest, "facets": dict(item.facets), "newest": item.newest}
    row |= {"titles": dict(item.titles), "expires": item.expires}
    exact: list[str] = []
    for name, pairs in item.texts.items():
        row[name] = " ".join(term for lang, text in pairs for term in analysis.terms(text, lang))
        for _, text in pairs:
            exact += [*analysis.surfaces(text), GAP]
    return {**row, EXACT: " ".join(exact)}


@dataclass(frozen=True)
class _Snapshot:
    """A searcher and, by document number, what is stored of each live document. Never changed, only replaced."""

    index: Index
    searcher: Searcher
    rows: Mapping[int, Mapping[str, Any]]

    @classmethod
    def of(cls, index: Index) -> _Snapshot:
        # A new searcher each time: Searcher.refresh() raises FileNotFoundError beside a committing writer.
        searcher = index.searcher(weighting=_BM25F)
        reader = searcher.reader()
        return cls(index, searcher, {number: reader.stored_fields(number) for number in reader.all_doc_ids()})


class WhooshEngine:
    """The engine contract over a folder; in memory where the folder cannot be written (the site goes on)."""

    def __init__(self, folder: Path) -> None:
        """Open the index in ``folder`` where one of this fingerprint can be read, else start with an empty one."""
        self._folder = folder
        self._writing = threading.Lock()
        self.in_memory = False
        opened = self._open()
        self.is_new = opened is None
        self._snapshot = opened or _Snapshot.of(RamStorage().create_index(_schema()))

    # --- the contract ----------------------------------------------------------------------------------------

    @property
    def fingerprint(self) -> str:
        """What the index's form depends on, as a short hash."""
        parts = (analysis.fingerprint(), document.FORMAT, sorted(FACETS), sorted(INDEX_FIELDS), "whoosh 3.54, layout 1")
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    def inventory(self) -> Mapping[str, str]:
        """Return the digest of every document by id."""
        return {row["id"]: row["digest"] for row in self._snapshot.rows.values()}

    def search(self, plan: Plan) -> Results:
        """Answer a plan; see the contract."""
        with _mapped("search"):
            return _Search(self._snapshot, plan).results()

    def put(self, documents: Sequence[IndexDocument]) -> None:
        """Add or replace documents."""
        self._write(lambda writer: [writer.update_document(**_row(item)) for item in documents])

    def remove(self, ids: Iterable[str]) -> None:
        """Take documents out."""
        self._write(lambda writer: [writer.delete_by_term("id", id) for id in ids])

    def rebuild(self, documents: Sequence[IndexDocument], progress: Progress | None = None) -> None:
        """Build beside the index in use and swap. Where the disk refuses, the new index lives in memory."""
        with self._writing:
            generation = f"{time.time_ns():x}"
            try:
                with _mapped("rebuild"):
                    (self._folder / generation).mkdir(parents=True)
                    index = self._filled(FileStorage(str(self._folder / generation)), documents, progress)
                self._point_to(generation)
                self.in_memory = False
            except (IndexUnavailable, WriteFailed) as error:
                log.error(
                    "the index cannot be written to %s (%s); it is kept in memory", self._folder, str(error.__cause__)
                )
                shutil.rmtree(self._folder / generation, ignore_errors=True)
                index = self._filled(RamStorage(), documents, progress)
                self.in_memory = True
            self._snapshot = _Snapshot.of(index)
            self._sweep(generation)

    def close(self) -> None:
        """Close the files of the index."""
        self._snapshot.searcher.close()
        self._snapshot.index.close()

    # --- opening and writing ---------------------------------------------------------------------------------

    def _open(self) -> _Snapshot | None:
        try:
            manifest = json.loads((self._folder / "manifest.json").read_bytes())
            if manifest["fingerprint"] != self.fingerprint:
                log.info("the index was built by another version; it will be built again")
                return None
            return _Snapshot.of(FileStorage(str(self._folder / manifest["generation"])).open_index())
        except FileNotFoundError:
            return None
        except Exception as error:  # a damaged index raises anything (EOFError, struct.error, zlib.error, TypeError …)
            log.warning("the index cannot be read (%s: %s); it will be built again", type(error).__name__, str(error))
            return None

    @staticmethod
    def _filled(storage: Storage, documents: Sequence[IndexDocument], progress: Progress | None) -> Index:
        index = storage.create_index(_schema())
        writer = index.writer(limitmb=256)
        try:
            for done, item in enumerate(documents, 1):
                writer.add_document(**_row(item))
                if progress:
                    progress(done, len(documents))
            writer.commit()
        except BaseException:
            writer.cancel()  # whoosh keeps its lock until then
            raise
        return index

    def _point_to(self, generation: str) -> None:
        manifest = {"generation": generation, "fingerprint": self.fingerprint}
        atomic.write_bytes(self._folder / "manifest.json", json.dumps(manifest, indent=1).encode() + b"\n")

    def _sweep(self, current: str) -> None:
        """Remove the generations no longer in use. A reader that still holds one keeps its open files."""
        for item in self._folder.glob("*/"):
            if item.name != current and all(c in "0123456789abcdef" for c in item.name):
                shutil.rmtree(item, ignore_errors=True)

    def _write(self, change: Any) -> None:
        with self._writing, _mapped("write"):
            writer = self._snapshot.index.writer(timeout=5.0)
            try:
                change(writer)
                writer.commit()
            except BaseException:
                writer.cancel()
                raise
            self._snapshot = _Snapshot.of(self._snapshot.index)


@contextmanager
def _mapped(doing: str) -> Iterator[None]:
    """Turn anything whoosh or the disk raises into IndexUnavailable: no foreign exception leaves this module."""
    try:
        yield
    except IndexUnavailable:
        raise
    except Exception as error:
        log.error("index: %s failed (%s: %s)", doing, type(error).__name__, str(error))
        raise IndexUnavailable from error


# --- searching ---------------------------------------------------------------------------------------------------


class _Search:
    """One search on one snapshot: scores of each part, then filters, counts and order."""

    def __init__(self, snapshot: _Snapshot, plan: Plan) -> None:
        self.snapshot, self.plan = snapshot, plan
        self.searcher = snapshot.searcher

    def results(self) -> Results:
        scored = self._scored()
        kept, facets = self._filtered(scored)
        full = sum(self._is_full(scored[number]) for number in kept)
        ordered = self._ordered(kept, scored)
        first = (self.plan.query.page - 1) * self.plan.query.per_page
        page = ordered[first : first + self.plan.query.per_page]
        rows = self.snapshot.rows
        hits = tuple(Hit(rows[n]["id"], _score(scored[n]), self._is_full(scored[n])) for n in page)
        return Results(len(kept), full, hits, facets)

    def _is_full(self, scores: tuple[float, ...]) -> bool:
        return all(scores)

    def _scored(self) -> dict[int, tuple[float, ...]]:
        """Return, for every document that has any part and may be shown, its score for each part (0: absent)."""
        parts = [self._part(index, part) for index, part in enumerate(self.plan.parts)]
        candidates = set().union(*parts) if parts else set(self.snapshot.rows)
        for part in self.plan.excluded:
            candidates -= self._typed(part).keys()
        now = self.plan.now.isoformat()
        rows = self.snapshot.rows
        return {
            number: tuple(scores.get(number, 0.0) for scores in parts)
            for number in candidates
            if not (rows[number]["expires"] and rows[number]["expires"] <= now)
        }

    def _part(self, index: int, part: Part) -> Scores:
        """Return the documents that have a part, by what was typed or by another label of its concept."""
        scores = self._typed(part)
        for expansion in self.plan.expansions:
            if expansion.start <= index < expansion.end:
                for alternative in expansion.also:
                    for number, score in self._label(alternative).items():
                        scores[number] = max(scores.get(number, 0.0), EXPANSION_WEIGHT * score)
        return scores

    def _typed(self, part: Part) -> Scores:
        if part.kind == "phrase":
            return self._matched(query.Phrase(EXACT, list(part.surfaces)))
        if part.kind == "prefix":
            return self._prefix(part.surface)
        if self.plan.query.exact:
            return self._postings(EXACT, part.surface)
        scores: Scores = {}
        for name, field in INDEX_FIELDS.items():
            best: Scores = {}
            for stem in analysis.query_stems(part.surface):
                for number, score in self._postings(name, stem).items():
                    best[number] = max(best.get(number, 0.0), score)
            for number, score in best.items():
                scores[number] = scores.get(number, 0.0) + field.weight * score
        return scores

    def _prefix(self, beginning: str) -> Scores:
        scores: Scores = {}
        expanded = self.searcher.reader().expand_prefix(EXACT, beginning)
        for term, _ in zip(expanded, range(PREFIX_TERMS), strict=False):
            for number, score in self._postings(EXACT, term.decode()).items():
                scores[number] = max(scores.get(number, 0.0), score)
        return scores

    def _label(self, alternative: Alternative) -> Scores:
        """Return the documents where one index field holds every term of a label."""
        scores: Scores = {}
        for name, field in INDEX_FIELDS.items():
            each = [self._postings(name, term) for term in alternative.terms]
            for number in set.intersection(*(set(found) for found in each)):
                mean = sum(found[number] for found in each) / len(each)
                scores[number] = scores.get(number, 0.0) + field.weight * mean
        return scores

    def _postings(self, field: str, term: str) -> Scores:
        if (field, term) not in self.searcher.reader():
            return {}
        matcher = self.searcher.postings(field, term, weighting=_BM25F)
        scores: Scores = {}
        while matcher.is_active():
            scores[matcher.id()] = matcher.score()
            matcher.next()
        return scores

    def _matched(self, question: query.Query) -> Scores:
        matcher = question.matcher(self.searcher, self.searcher.boolean_context())
        return dict.fromkeys(matcher.all_ids(), 1.0) if matcher.is_active() else {}

    def _filtered(self, candidates: Iterable[int]) -> tuple[list[int], Mapping[str, Mapping[str, int]]]:
        """Return the documents that pass every filter, and the counts of every facet value.

        A document that fails one facet only still counts there: its values would be results, were they chosen.
        """
        filters = self.plan.query.filters
        kept: list[int] = []
        counts: dict[str, Counter[str]] = {param: Counter() for param in FACETS}
        for number in candidates:
            values = self.snapshot.rows[number]["facets"]
            failed = [param for param, chosen in filters if not set(chosen) & set(values[param])]
            if not failed:
                kept.append(number)
            for param in FACETS if not failed else failed if len(failed) == 1 else ():
                counts[param].update(values[param])
        return kept, counts

    def _ordered(self, kept: list[int], scored: Mapping[int, tuple[float, ...]]) -> list[int]:
        """Order full matches before partial ones, then as asked; equals by id."""
        rows, sort = self.snapshot.rows, self.plan.query.sort
        ordered = sorted(kept, key=lambda number: rows[number]["id"])
        if sort == "title":
            ordered.sort(key=lambda number: rows[number]["titles"].get(self.plan.lang, ""))
        elif sort == "newest" or not self.plan.parts:
            ordered.sort(key=lambda number: rows[number]["newest"], reverse=True)
        else:
            ordered.sort(key=lambda number: _score(scored[number]), reverse=True)
        ordered.sort(key=lambda number: not self._is_full(scored[number]))
        return ordered


def _score(scores: tuple[float, ...]) -> float:
    """Return the sum over the parts times the share of parts found: more words beat more of one word."""
    return sum(scores) * sum(map(bool, scores)) / len(scores) if scores else 0.0
