"""Letters made comparable: lower case, no accents, ligatures opened, apostrophes straight."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPECIAL = {
    "œ": "oe", "ς": "σ", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ĳ": "ij", "ı": "i",
    "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'",
    "‐": "-", "‑": "-", "–": "-", "—": "-",
    "\u00a0": " ", "\u202f": " ", "\u00ad": "",
}  # fmt: skip


_KEPT = 4096  # characters of which is remembered what they become


class _Table(dict[int, str]):
    """What a lower-case character becomes, for ``str.translate``; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        decomposed = unicodedata.normalize("NFKD", character).lower()
        folded = "".join(_SPECIAL.get(c, c) for c in decomposed if not unicodedata.combining(c))
        folded = _SPECIAL.get(character, folded)
        if len(self) < _KEPT:
            self[code] = folded
        return folded


_TABLE = _Table()


def fold(text: str) -> str:
    """Return ``text`` in lower case without diacritics: ``Œuvre d’Été`` becomes ``oeuvre d'ete``."""
    lowered = text.lower()
    return lowered.replace("`", "'") if lowered.isascii() else lowered.translate(_TABLE)


_fold_character = lru_cache(maxsize=_KEPT)(fold)


# Texts of nothing but these keep their length when they are folded; nearly all French and Dutch texts do.
_ONE_TO_ONE = re.compile(
    f"[{re.escape(''.join(c for c in map(chr, (*range(0x250), *range(0x2010, 0x2040))) if len(fold(c)) == 1))}]*"
)


def fold_spans(text: str) -> tuple[str, list[int]]:
    """Return ``fold(text)`` and, for each of its characters, the place in ``text`` it came from."""
    if _ONE_TO_ONE.fullmatch(text):
        return fold(text), list(range(len(text)))
    pieces = list(map(_fold_character, text))
    return "".join(pieces), [place for place, piece in enumerate(pieces) for _ in piece]


def collation_key(text: str) -> tuple[str, str]:
    """Sort key for French and Dutch: letters first, accents and case only between equals."""
    return fold(text).lstrip("'\"«(- "), text
