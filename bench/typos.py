"""One-edit typos of indexed words, drawn by lot but always the same."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalogue.folding import fold
from catalogue.search.analysis import is_stop

SHORTEST = 5  # letters of a word that is mistyped
_LETTERS = string.ascii_lowercase


@dataclass(frozen=True)
class Typo:
    """A word typed wrongly. ``near``: every indexed word at one edit from what was typed, ``word`` among them."""

    typed: str
    word: str
    lang: str
    near: frozenset[str]


def words(text: str) -> set[str]:
    """Return the words of ``text``, folded, of letters only."""
    return set(re.findall(r"(?<![^\W_])[a-z]+(?![^\W_])", fold(text)))


def sample(titles: Mapping[str, Iterable[str]], indexed: frozenset[str], count: int, seed: int = 4) -> list[Typo]:
    """Return ``count`` typos of words of ``titles`` (by language, as many of each), none itself an ``indexed`` word."""
    lot = random.Random(seed)
    typos = []
    for lang, texts in sorted(titles.items()):
        candidates = sorted({w for text in texts for w in words(text) if len(w) >= SHORTEST and not is_stop(w)})
        for word in lot.sample(candidates, count // len(titles)):
            typed = _mistyped(word, indexed, lot)
            typos.append(Typo(typed, word, lang, frozenset(neighbours(typed)) & indexed))
    return typos


def neighbours(word: str) -> set[str]:
    """Return every text at one edit from ``word`` in the optimal string alignment distance, of plain letters."""
    return {text for edit in EDITS for text in edit(word)} - {word}


def _mistyped(word: str, indexed: frozenset[str], lot: random.Random) -> str:
    while True:
        typed = lot.choice(lot.choice(EDITS)(word))
        if typed not in indexed:
            return typed


def _inserted(word: str) -> list[str]:
    return [word[:i] + letter + word[i:] for i in range(len(word) + 1) for letter in _LETTERS]


def _deleted(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


def _substituted(word: str) -> list[str]:
    return [word[:i] + letter + word[i + 1 :] for i in range(len(word)) for letter in _LETTERS]


def _transposed(word: str) -> list[str]:
    return [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)]


EDITS: Sequence[Callable[[str], list[str]]] = (_inserted, _deleted, _substituted, _transposed)
