"""Highlights that cost every engine the same: a title and thirty words of a summary, what was asked for marked.

The catalogue's own highlights (``catalogue.search.explain``) belong to the row "shipped ranking"; here they would
weigh more than the engines that are compared. For the same reason texts are cut into words before the clock starts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bench.corpus import Corpus
from bench.queries import Ask
from catalogue.folding import fold
from catalogue.search import analysis

_WORD = re.compile(r"[^\W_]+")
_WIDTH = 30  # words


@dataclass(frozen=True)
class _Text:
    """A text cut into words: where each stands, its folded surface, its stem."""

    text: str
    spans: tuple[tuple[int, int], ...]
    surfaces: tuple[str, ...]
    stems: tuple[str, ...]

    @classmethod
    def of(cls, lang: str, text: str) -> _Text:
        found = list(_WORD.finditer(text))
        surfaces = tuple(fold(match.group()) for match in found)
        return cls(text, tuple(m.span() for m in found), surfaces, tuple(analysis.stem(s, lang) for s in surfaces))

    def marked(self, ask: Ask) -> str:
        hits = self._hits(ask)
        first = max(hits, key=lambda hit: sum(hit <= other < hit + _WIDTH for other in hits), default=0)
        last = min(first + _WIDTH, len(self.spans)) - 1
        pieces, end = [], self.spans[first][0]
        for hit in hits:
            if first <= hit <= last:
                start, stop = self.spans[hit]
                pieces += [self.text[end:start], "<mark>", self.text[start:stop], "</mark>"]
                end = stop
        return "".join([*pieces, self.text[end : self.spans[last][1]]])

    def _hits(self, ask: Ask) -> list[int]:
        if ask.prefix:
            return [place for place, word in enumerate(self.surfaces) if word.startswith(ask.prefix)]
        wanted, words = (ask.phrase, self.surfaces) if ask.phrase else (ask.stems, self.stems)
        return [place for place, word in enumerate(words) if word in wanted] if wanted else []


class Highlighter:
    """The texts of a corpus, ready to be shown."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._texts: dict[tuple[str, str], tuple[_Text, _Text]] = {}

    def prepare(self, id: str, lang: str) -> tuple[_Text, _Text]:
        """Return title and summary of a record for a reader of ``lang``, cut into words; once done it is kept."""
        if (id, lang) not in self._texts:
            entry = self._corpus[id]
            shown = [_Text.of(*entry.best(texts, lang)) for texts in (entry.title, entry.summary)]
            self._texts[id, lang] = (shown[0], shown[1])
        return self._texts[id, lang]

    def page(self, ids: tuple[str, ...], ask: Ask) -> list[tuple[str, str]]:
        """Return marked title and snippet of each hit. What was not prepared is prepared now."""
        shown = (self.prepare(id, ask.lang) for id in ids)
        return [(title.marked(ask), summary.marked(ask)) for title, summary in shown]
