"""The embedded engine's answers worked out again, slowly: whoosh's own searcher, dictionaries and loops, no arrays.

It opens the index that the embedded engine wrote. Terms, BM25F scores, phrases and beginnings are whoosh's to find;
facets, dates, titles and labels are those of the documents themselves. What is done with them follows what
``embedded.scoring``, ``embedded.facets`` and ``engine.Results`` say, in their order, one record at a time.
"""

from __future__ import annotations

import datetime
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from whoosh import query, scoring
from whoosh.filedb.filestore import FileStorage

from catalogue.fields import FACETS
from catalogue.search import analysis
from catalogue.search.document import IndexDocument
from catalogue.search.embedded.ranking import DAYS
from catalogue.search.engine import Alternative, Hit, Plan, Results
from catalogue.search.entries import EXACT, LABEL_STEP, LABELS_OF, TEXT, label_terms
from catalogue.search.matching import CLOSE_LABEL, FAMILY_SIZE, PREFIX_TERMS, TELLING_PART
from catalogue.search.parser import Part
from catalogue.search.weights import WEIGHTS, Weights
from catalogue.search.words import Words

Scores = dict[str, float]
"""Record → score; a record that is not there scores nothing."""

Group = tuple[tuple[str, ...], float]
"""One word of a title match: its possible terms, and how rare the rarest of them is."""


class PlainWhoosh:
    """whoosh on the generation that the manifest in ``folder`` names; ``documents`` are all that it should hold."""

    def __init__(self, folder: Path, documents: Iterable[IndexDocument], weights: Weights = WEIGHTS) -> None:
        generation = folder / json.loads((folder / "manifest.json").read_bytes())["generation"]
        model = scoring.BM25F(B=weights.length, K1=weights.saturation)
        self.searcher = FileStorage(str(generation)).open_index().searcher(weighting=model)
        self.reader = self.searcher.reader()
        self.words = Words.from_json(json.loads((generation / "words.json").read_bytes()))
        self.weights = weights
        self.documents = {item.id: item for item in documents}
        self.ids = {number: self.reader.stored_fields(number)["id"] for number in self.reader.all_doc_ids()}
        assert sorted(self.ids.values()) == sorted(self.documents), "whoosh holds other records than it was given"

    def close(self) -> None:
        """Close whoosh's files."""
        self.searcher.close()

    def search(self, plan: Plan) -> Results:
        """Answer a plan as the embedded engine should."""
        shown = {id for id, item in self.documents.items() if not item.expires or _moment(item.expires) > plan.now}
        shown -= {id for part in plan.excluded for id in self._typed(part, plan)}
        score, full = self._scores(plan, shown)
        few = len(full) < self.weights.follow_links_below
        if few and plan.links:
            score = _best(score, *self._linked(plan))
        answers = full if not plan.parts or plan.required else shown & score.keys()
        kept = [id for id in answers if self._passes(id, plan.filters)]
        best = 0.0 if plan.required else max((score.get(id, 0.0) for id in answers), default=0.0)
        leading = {id for id in full if score.get(id, 0.0) >= self.weights.leading * best}
        hits = [
            Hit(id, self._with_freshness(id, score) if plan.parts else 0.0, id in full, id in leading) for id in kept
        ]
        hits.sort(key=lambda hit: (not hit.leading, self._key(hit, plan), hit.id))
        last = plan.query.page * plan.query.per_page
        page = tuple(hits[last - plan.query.per_page : last])
        return Results(len(kept), len(full & set(kept)), page, self._counts(answers, plan), few)

    # --- order and facets ------------------------------------------------------------------------------------

    def _with_freshness(self, id: str, score: Scores) -> float:
        day = datetime.date.fromisoformat(self.documents[id].newest).toordinal()
        return score.get(id, 0.0) + self.weights.freshness * day / DAYS

    def _key(self, hit: Hit, plan: Plan) -> Any:
        item = self.documents[hit.id]
        if plan.query.sort == "title":
            return item.titles.get(plan.lang, "")
        if plan.query.sort == "newest" or not plan.parts:
            return -datetime.date.fromisoformat(item.newest).toordinal()
        return -hit.score

    def _passes(self, id: str, filters: Iterable[tuple[str, tuple[str, ...]]]) -> bool:
        facets = self.documents[id].facets
        return all(set(chosen) & set(facets.get(param, ())) for param, chosen in filters)

    def _counts(self, answers: Iterable[str], plan: Plan) -> Mapping[str, Counter[str]]:
        """Count each value as if it were the only one chosen in its facet: whatever passes the other filters."""
        counts: dict[str, Counter[str]] = {param: Counter() for param in FACETS}
        for param in FACETS:
            others = [pair for pair in plan.filters if pair[0] != param]
            for id in answers:
                if self._passes(id, others):
                    counts[param].update(self.documents[id].facets.get(param, ()))
        return counts

    # --- words -----------------------------------------------------------------------------------------------

    def _scores(self, plan: Plan, shown: set[str]) -> tuple[Scores, set[str]]:
        """Return the score of every record and the shown ones that have all parts."""
        scores, full = [], shown
        for index, part in enumerate(plan.parts):
            labels = [o for e in plan.expansions if e.start <= index < e.end for o in e.also]
            found = _best(self._typed(part, plan), *(self._label(label) for label in labels))
            full = full & found.keys()
            is_word = part.kind == "word" and not plan.query.exact
            scores.append(_best(found, *self._near(part.surface)) if is_word else found)
        total = _sum(scores)
        titles = _best(*self._title_matches(plan)) if self.weights.title_match else {}
        return {id: one + self.weights.title_match * titles.get(id, 0.0) for id, one in total.items()}, full

    def _typed(self, part: Part, plan: Plan) -> Scores:
        if part.kind == "phrase":
            inside = self._phrase(part.surfaces)
            return {
                id: s for id, s in _sum([self._bm25(EXACT, word) for word in part.surfaces]).items() if id in inside
            }
        if part.kind == "prefix":
            return _best(*(self._bm25(EXACT, term) for term in self._beginning(EXACT, part.surface)[:PREFIX_TERMS]))
        if plan.query.exact:
            return self._bm25(EXACT, part.surface)
        stems = [self._bm25(TEXT, stem) for stem in analysis.query_stems(part.surface)]
        parts = [self._bm25(TEXT, term) for term in self._parts(part.surface)]
        any_form = _best(*stems, _times(self.weights.parts, _all(parts)))
        return _sum([any_form, _times(self.weights.exact, self._bm25(EXACT, part.surface))])

    def _phrase(self, surfaces: Sequence[str]) -> set[str]:
        """Return the records where the words stand one behind the other."""
        found = query.Phrase(EXACT, list(surfaces)).matcher(self.searcher, self.searcher.boolean_context())
        return {self.ids[number] for number in found.all_ids()} if found.is_active() else set()

    def _near(self, surface: str) -> Iterator[Scores]:
        long = [part for part in self.words.parts(surface) if len(part) >= TELLING_PART * len(surface)]
        telling = [self._bm25(TEXT, analysis.stem(part, "nl")) for part in long]
        yield _times(self.weights.parts, _sum(telling))
        for stem in analysis.query_stems(surface):
            for term, share in self._family(stem)[:FAMILY_SIZE]:
                yield _times(self.weights.family * share, self._bm25(TEXT, term))

    def _family(self, stem: str) -> list[tuple[str, float]]:
        """Return the other terms that share enough letters with ``stem``, and how alike they are, the closest first."""
        beginning = analysis.common_beginning(stem)
        alike = [term for term in self._beginning(TEXT, beginning) if term != stem] if beginning else []
        shares = [(term, analysis.likeness(stem, term)) for term in alike]
        return sorted(shares, key=lambda pair: (-pair[1], len(pair[0]), pair[0]))

    def _label(self, label: Alternative) -> Scores:
        every = [self._bm25(TEXT, term) for term in label.terms]
        return _times(self.weights.expansion / len(every), _all(every))

    # --- titles and close concepts ---------------------------------------------------------------------------

    def _title_matches(self, plan: Plan) -> Iterator[Scores]:
        if plan.query.exact or any(part.kind == "prefix" for part in plan.parts):
            return
        groups = self._groups_of_plan(plan)
        weight = sum(rarity for _, rarity in groups)
        yield _times(weight, self._sameness(groups))
        for expansion in plan.expansions:
            if (expansion.start, expansion.end) == (0, len(plan.parts)):
                for other in expansion.also:
                    label = self._groups_of_label(other)
                    yield _times(weight * self.weights.expansion, self._sameness(label))

    def _linked(self, plan: Plan) -> Iterator[Scores]:
        """Yield what records score whose title or keyword is nearly a label of a close concept."""
        wanted = sum(rarity for _, rarity in self._groups_of_plan(plan))
        whole = wanted * (1 + self.weights.title_match)
        for link in plan.links:
            for label in link.also:
                same = self._sameness(self._groups_of_label(label))
                close = {id: share for id, share in same.items() if share >= CLOSE_LABEL}
                yield _times(self.weights.link * link.weight * whole, close)

    def _sameness(self, groups: Sequence[Group]) -> Scores:
        """Return Dice's coefficient, by rarity, of ``groups`` and the title or keyword of each record most like it."""
        found: Scores = {}
        wanted = sum(rarity for _, rarity in groups)
        for id, item in self.documents.items():
            for field, lang, text in [(name, *pair) for name in LABELS_OF for pair in item.texts.get(name, ())]:
                terms = label_terms(analysis.surfaces(text), lang, self.words)
                shared = sum(rarity for any_of, rarity in groups if terms & set(any_of))
                heavy = LABEL_STEP * min(round(sum(map(self.words.rarity, terms)) / LABEL_STEP), 255)
                worth = self.weights.keyword if field == "keywords" else 1.0
                if shared:
                    found[id] = max(found.get(id, 0.0), worth * min(2 * shared / (wanted + heavy), 1.0))
        return found

    def _groups_of_plan(self, plan: Plan) -> list[Group]:
        surfaces = [surface for part in plan.parts for surface in part.surfaces if not analysis.is_stop(surface)]
        return [group for surface in surfaces for group in self._groups(surface)]

    def _groups(self, surface: str) -> list[Group]:
        parts = self._parts(surface)
        return [self._group((part,)) for part in parts] if parts else [self._group(analysis.query_stems(surface))]

    def _groups_of_label(self, label: Alternative) -> list[Group]:
        return [self._group((t,)) for t in sorted(label_terms(analysis.surfaces(label.text), label.lang, self.words))]

    def _group(self, terms: tuple[str, ...]) -> Group:
        known = [self.searcher.idf(TEXT, term) for term in terms if (TEXT, term) in self.reader]
        return terms, max(known, default=math.log(max(self.reader.doc_count_all(), 1)) + 1)

    # --- what whoosh finds -----------------------------------------------------------------------------------

    def _bm25(self, field: str, term: str) -> Scores:
        found: Scores = {}
        if (field, term) in self.reader:
            matcher = self.searcher.postings(field, term)
            while matcher.is_active():
                found[self.ids[matcher.id()]] = matcher.score()
                matcher.next()
        return found

    def _beginning(self, field: str, beginning: str) -> list[str]:
        return [term.decode() for term in self.reader.expand_prefix(field, beginning)]

    def _parts(self, surface: str) -> list[str]:
        return [analysis.stem(part, "nl") for part in self.words.parts(surface)]


def _moment(iso: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(iso)


def _best(*each: Scores) -> Scores:
    return {id: max(scores.get(id, 0.0) for scores in each) for id in set().union(*each)}


def _sum(each: Sequence[Scores]) -> Scores:
    return {id: sum(scores.get(id, 0.0) for scores in each) for id in set().union(*each)}


def _all(each: Sequence[Scores]) -> Scores:
    """Return the sum where every one scores."""
    return {id: score for id, score in _sum(each).items() if all(id in scores for scores in each)}


def _times(factor: float, scores: Scores) -> Scores:
    return {id: factor * score for id, score in scores.items()}
