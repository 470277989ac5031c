"""What each kind of find is worth: the one place that decides the order of results.

The weights of the fields stand with the fields (``fields.INDEX_FIELDS``). These figures were measured on judged data
(``make relevance``) and are shown to visitors on the page "how results are ordered".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of find counts beside a word found as it was typed, in any of its forms (1)."""

    saturation: float = 1.2  # k1 of BM25: how soon the same word, found again, stops counting
    length: float = 0.5  # b of BM25: how much a long text is held back, 0 to 1
    exact: float = 0.3  # more, of a word written exactly as it was typed
    parts: float = 0.7  # of a Dutch compound found by its parts (loopbaan, begeleiding)
    family: float = 0.8  # of a word that begins alike (boucherie, boucher), times the share of letters in common
    expansion: float = 0.8  # of a word found through the thesaurus
    link: float = 1.0  # of a label of a concept close to the query, times how close
    title_match: float = 1.7  # of a title or keyword that is the query and nothing else, beside all words found once
    leading: float = 0.6  # of the best score: what a record with every word needs, to stand above those that lack one
    follow_links_below: int = 10  # records that have every word; with more the close concepts are left aside
    keyword: float = 0.7  # of a keyword that is the query, beside a title that is
    freshness: float = 1e-4  # at most; only parts what is otherwise equal


WEIGHTS = Weights()
