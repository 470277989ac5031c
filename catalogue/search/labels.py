"""Labels found by the beginnings of their words: bisection among sorted words, and for each word who has it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, count
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from catalogue.search import analysis

Target = TypeVar("Target")

# A label's number, with this bit set where the word stands inside the label and not at its beginning:
# in the order of these codes, labels that begin with what was typed come first.
_INSIDE = np.uint32(1 << 31)
_NUMBER = np.uint32((1 << 31) - 1)
_AT_ONCE = 64  # labels that are brought in order before more are asked for
_LAST = "\U0010ffff"  # sorts behind every letter


class Listing(Generic[Target]):
    """Labels as they are collected. Lists side by side: a tuple for each would keep the garbage collector busy."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.targets: list[Target] = []
        self.weights: list[int] = []

    def add(self, text: str, target: Target, weight: int = 0) -> None:
        """Add a label with what it stands for; the smallest weight is offered first."""
        self.texts.append(text)
        self.targets.append(target)
        self.weights.append(weight)


class Labels(Generic[Target]):
    """An immutable set of labels with what each stands for, offered by weight, then in alphabetical order.

    The codes of all words lie in one array, word by word: a beginning of words is a slice of it.
    """

    def __init__(self, listing: Listing[Target]) -> None:
        folded = list(map(alphabetical, listing.texts))
        order = sorted(range(len(folded)), key=folded.__getitem__)
        order.sort(key=listing.weights.__getitem__)
        folded = [folded[number] for number in order]
        self._texts = [listing.texts[number] for number in order]
        self._targets = [listing.targets[number] for number in order]
        vocabulary: dict[str, int] = defaultdict(count().__next__)
        words = chain.from_iterable(map(str.split, folded))
        of_word = np.fromiter(map(vocabulary.__getitem__, words), np.int32)
        lengths = np.fromiter((text.count(" ") + 1 if text else 0 for text in folded), np.int32, len(folded))
        self._words = sorted(vocabulary)
        place = np.empty(len(vocabulary), np.int32)
        place[[vocabulary[word] for word in self._words]] = np.arange(len(vocabulary), dtype=np.int32)
        stop = np.fromiter(map(analysis.is_stop, vocabulary), bool, len(vocabulary))
        self._codes, self._starts = _by_word(place[of_word], stop[of_word], lengths, len(vocabulary))

    def __len__(self) -> int:
        return len(self._texts)

    def find(self, beginnings: Sequence[str]) -> Iterator[tuple[bool, str, Target]]:
        """Yield the labels that have a word for each of the folded ``beginnings``, with what they stand for.

        The labels that begin with the first beginning come first; the flag says that a label does not. A label with
        two such words may come twice.
        """
        codes = self._having(beginnings[0])
        for beginning in beginnings[1:]:
            wanted = np.zeros(len(self), bool)
            wanted[self._having(beginning) & _NUMBER] = True
            codes = codes[wanted[codes & _NUMBER]]
        for code in _ascending(codes):
            number = code & int(_NUMBER)
            yield code >= int(_INSIDE), self._texts[number], self._targets[number]

    def _having(self, beginning: str) -> NDArray[np.uint32]:
        first = bisect_left(self._words, beginning)
        last = bisect_left(self._words, beginning + _LAST, first)
        return self._codes[self._starts[first] : self._starts[last]]


def alphabetical(text: str) -> str:
    """Return what orders labels of equal weight: their folded words."""
    return " ".join(analysis.surfaces(text))


def _by_word(
    of_word: NDArray[np.int32], stop: NDArray[np.bool_], lengths: NDArray[np.int32], words: int
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return the codes of all labels word by word, and where each of the ``words`` begins among them.

    ``of_word`` and ``stop`` hold the words of all labels one after the other, ``lengths`` how many each label has. A
    label is found by its words up to the first with a meaning, and behind that by those with a meaning.
    """
    with_meaning = np.concatenate(([0], np.cumsum(~stop)))
    first = np.cumsum(lengths) - lengths  # where each label begins
    inside = with_meaning[:-1] > np.repeat(with_meaning[first], lengths)
    codes = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths) | inside * _INSIDE
    kept = ~(inside & stop)
    order = np.argsort(of_word[kept], kind="stable")
    starts = np.concatenate(([0], np.bincount(of_word[kept], minlength=words).cumsum()))
    return codes[kept][order], starts


def _ascending(codes: NDArray[np.uint32]) -> Iterator[int]:
    """Yield ``codes`` in order; of many, only as many are brought in order as are asked for."""
    if len(codes) > _AT_ONCE:
        parted = np.partition(codes, _AT_ONCE)
        yield from np.sort(parted[:_AT_ONCE]).tolist()
        codes = parted[_AT_ONCE:]
    yield from np.sort(codes).tolist()
