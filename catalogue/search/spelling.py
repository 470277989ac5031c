"""Did you mean: a word that is nowhere in the catalogue, read as the nearest words that are.

What counts as near is the number of slips of the pen (a letter left out, added, exchanged, or two that changed
places: the restricted Damerau-Levenshtein distance): one in a word of four letters or more, two from eight on. Of
several near words the slips that people make most come first, then the words that most documents have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalogue.folding import fold
from catalogue.search import analysis, parser
from catalogue.vocabulary import Concept

SHORTEST = 4  # letters of a word that is corrected; shorter ones are near to too much
TWO_SLIPS = 8  # letters from which two slips are looked for
MAX_READINGS = 3
MAX_WRONG = 4  # a query with more unknown words is not misspelt, it is about something else

_ALIKE = ("aeiouy", "ckqsz", "fvw", "dt", "bp", "gj", "mn", "lr")
"""Letters that are often written for one another, because they sound alike in French or Dutch."""

_KEYS = ("azertyuiop", "qsdfghjklm", "wxcvbn")
"""The rows of a Belgian keyboard: a finger strikes the key beside the one it was to."""


@dataclass(frozen=True, slots=True)
class Change:
    """The characters ``start:end`` of a query, and the folded word (or two words) to read in their place."""

    start: int
    end: int
    word: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What may have been meant by a query: its text with some words changed."""

    typed: str
    changes: tuple[Change, ...]

    def pieces(self, write: Callable[[str], str] = str) -> tuple[tuple[str, bool], ...]:
        """Return the text in pieces, True marks what was changed; ``write`` puts a folded word in its own letters."""
        pieces: list[tuple[str, bool]] = []
        end = 0
        for change in self.changes:
            typed = self.typed[change.start : change.end]
            written = " ".join(_cased(write(word), typed) for word in change.word.split())
            pieces += [(self.typed[end : change.start], False), (written, True)]
            end = change.end
        pieces.append((self.typed[end:], False))
        return tuple(piece for piece in pieces if piece[0])


class Speller:
    """The words of an index and of the thesaurus, ready to be compared with what was typed. Never changed."""

    def __init__(self, words: Mapping[str, int], labels: Collection[str] = ()) -> None:
        """``words``: folded words with the number of documents that have them; ``labels``: words right without any."""
        self._words, self._labels = words, labels
        self._counts = {**dict.fromkeys(labels, 0), **words}
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in self._counts:
            if word.isalpha():
                self._by_length[len(word)].append(word)

    def is_of(self, words: Mapping[str, int], labels: Collection[str]) -> bool:
        """Tell whether these are the very words it was made of."""
        return words is self._words and labels is self._labels

    def knows(self, word: str) -> bool:
        """Tell whether a folded word is to be left alone: it is there, or too short, or no word of letters only."""
        return len(word) < SHORTEST or word in self._counts or not word.isalpha() or analysis.is_stop(word)

    def near(self, word: str) -> tuple[str, ...]:
        """Return the words that may have been meant by a folded word, the likeliest first; none where it is known."""
        if self.knows(word):
            return ()
        found = self._within(1, word) or (self._within(2, word) if len(word) >= TWO_SLIPS else [])
        return tuple(sorted(found, key=lambda other: self._unlikeliness(word, other))) or self._cut(word)

    def readings(self, text: str, is_found: Callable[[str], bool] = lambda _: False) -> tuple[Reading, ...]:
        """Return what may have been meant by a query, the likeliest first; none where no word of it is wrong.

        Words behind a minus sign and beginnings with their asterisk are left alone; a phrase stays one. ``is_found``
        tells of a word that is not there, but may be a form of one that is, whether a search for it finds something.
        """
        words = list(parser.wanted_words(text))
        if sum(not self.knows(word.surface) for word in words) > MAX_WRONG:
            return ()
        places = list(self._changes(text, words, is_found))
        number = max(map(len, places), default=0)
        return tuple(Reading(text, tuple(each[min(n, len(each) - 1)] for each in places)) for n in range(number))

    def _changes(
        self, text: str, words: Sequence[analysis.Word], is_found: Callable[[str], bool]
    ) -> Iterator[tuple[Change, ...]]:
        """Yield, for each place of a text that can be read otherwise, its readings, the likeliest first."""
        is_alone = sum(not analysis.is_stop(word.surface) for word in words) < 2
        read = 0  # up to where
        for word, after in zip_longest(words, words[1:]):
            if word.start < read:
                continue
            if after and self._is_one(joined := word.surface + after.surface) and _is_beside(text, word, after):
                read = after.end
                yield (Change(word.start, after.end, joined),)
                continue
            near = [other for other in self.near(word.surface) if is_alone or _is_convincing(word.surface, other)]
            is_form = any(_is_form(word.surface, other) for other in near)
            if near and not (is_form and is_found(word.surface)):
                yield tuple(Change(word.start, word.end, other) for other in _distinct(near))

    def _is_one(self, joined: str) -> bool:
        return len(joined) >= TWO_SLIPS and bool(self._counts.get(joined))

    def _within(self, slips: int, word: str) -> list[str]:
        found: list[str] = []
        for length in range(len(word) - slips, len(word) + slips + 1):
            words = self._by_length.get(length, ())
            near = process.extract(word, words, scorer=OSA.distance, score_cutoff=slips, limit=None)
            found += (other for other, _, _ in near)
        return found

    def _unlikeliness(self, typed: str, meant: str) -> tuple[bool, bool, bool, int]:
        unusual = not _is_usual_slip(typed, meant)
        return unusual, typed[0] != meant[0], analysis.is_stop(meant), -self._counts[meant]

    def _cut(self, word: str) -> tuple[str, ...]:
        """Return the two words that were written as one, both as common as can be."""
        pairs = [(word[:place], word[place:]) for place in range(3, len(word) - 2)]
        pairs = [pair for pair in pairs if all(self._counts.get(half) for half in pair)]
        best = max(pairs, key=lambda pair: min(map(self._counts.__getitem__, pair)), default=())
        return (" ".join(best),) if best else ()


def label_words(concepts: Iterable[Concept], names: Iterable[str] = ()) -> frozenset[str]:
    """Return the folded words of the labels of concepts and of other names: right, even where no document has them."""
    labels = (label for concept in concepts if not concept.retired for label in concept.all_labels)
    return frozenset(surface for label in chain(labels, names) for surface in analysis.surfaces(label))


def as_written(word: str, texts: Iterable[str]) -> str:
    """Return a folded word with the accents that ``texts`` give it, in small letters if it stands so anywhere."""
    found = ""
    for text in texts:
        if word in fold(text):  # to cut a text into words takes ten times as long
            for form in (text[w.start : w.end] for w in analysis.words(text) if w.surface == word):
                if form.islower():
                    return form
                found = found or form
    return found or word


def _is_beside(text: str, word: analysis.Word, after: analysis.Word) -> bool:
    return text[word.end : after.start] in (" ", "-")


def _is_form(word: str, other: str) -> bool:
    """Tell whether two words are forms of one: what was typed is then right, and found by its stem."""
    return word[:3] == other[:3] and not set(analysis.query_stems(word)).isdisjoint(analysis.query_stems(other))


def _is_convincing(word: str, other: str) -> bool:
    """Tell whether one of several words may be read as another: a short one, but for usual slips, is a word we lack."""
    return len(word) >= TWO_SLIPS or " " in other or _is_usual_slip(word, other)


def _distinct(words: Iterable[str]) -> list[str]:
    """Return the first few words that are not forms of one another: forms find the same."""
    kept: list[str] = []
    for word in words:
        if len(kept) < MAX_READINGS and not any(_is_form(word, other) for other in kept):
            kept.append(word)
    return kept


def _is_usual_slip(typed: str, meant: str) -> bool:
    """Tell whether ``typed`` is ``meant`` with one letter missing, doubled or like another, or two exchanged."""
    if len(typed) < len(meant) or sorted(typed) == sorted(meant):
        return True
    place = next((n for n, pair in enumerate(zip(typed, meant, strict=False)) if pair[0] != pair[1]), len(meant))
    if len(typed) > len(meant):
        return place > 0 and typed[place] == typed[place - 1]
    return _is_alike(typed[place], meant[place])


def _is_alike(typed: str, meant: str) -> bool:
    sounds = any(typed in letters and meant in letters for letters in _ALIKE)
    return sounds or any(typed + meant in row or meant + typed in row for row in _KEYS)


def _cased(word: str, typed: str) -> str:
    """Return ``word`` in capitals or small letters as it was typed; an abbreviation keeps its capitals."""
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    if typed[:1].isupper():
        return word[:1].upper() + word[1:]
    return word if len(word) > 1 and word.isupper() else word.lower()
