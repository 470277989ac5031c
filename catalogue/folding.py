"""Letters made comparable: lower case, no accents, ligatures opened, apostrophes straight."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_SPECIAL = {
    "œ": "oe", "ς": "σ", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ĳ": "ij", "ı": "i",
    "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'",
    "‐": "-", "‑": "-", "–": "-", "—": "-",
    "\u00a0": " ", "\u202f": " ", "\u00ad": "",
}  # fmt: skip


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    decomposed = unicodedata.normalize("NFKD", character).lower()
    return "".join(_SPECIAL.get(c, c) for c in decomposed if not unicodedata.combining(c))


def fold(text: str) -> str:
    """Return ``text`` in lower case without diacritics: ``Œuvre d’Été`` becomes ``oeuvre d'ete``."""
    lowered = text.lower()
    return lowered.replace("`", "'") if lowered.isascii() else "".join(map(_fold_character, lowered))


def fold_spans(text: str) -> tuple[str, list[int]]:
    """Return ``fold(text)`` and, for each of its characters, the place in ``text`` it came from."""
    folded: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(text):
        for piece in fold(character):
            folded.append(piece)
            origin.append(place)
    return "".join(folded), origin


def collation_key(text: str) -> tuple[str, str]:
    """Sort key for French and Dutch: letters first, accents and case only between equals."""
    return fold(text).lstrip("'\"«(- "), text
