"""Labels that hold two gendered forms: each form becomes a label of its own, complete.

Classifications write "infirmier/infirmière", or shorter "technicien/technicienne biochimiste" and "huishoud(st)er".
What is split is decided by the words on both sides of the slash: one must be the other's form in the other gender.
A slash between two other things ("papier/carton", "QA/RA-medewerker") stays.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

_WORD = re.compile(r"[^\s-]+")
_SLASH = re.compile(r"\s*/\s*")
_BRACKETS = re.compile(r"(\w{3,})\(([a-zà-ÿ]{1,4})\)(\w*)")  # huishoud(st)er; not HVAC(R), not (para)medisch

# How a word ends in the masculine and in the feminine, commonest first.
_ENDINGS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "fr": (
        ("teur", "trice"), ("", "e"), ("eur", "euse"), ("", "ne"), ("er", "ère"), ("", "le"), ("", "sse"), ("f", "ve"),
        ("er", "euse"), ("", "fe"), ("deur", "drice"), ("c", "que"), ("eau", "elle"), ("x", "se"), ("", "te"),
        ("et", "ète"), ("eur", "oresse"),
    ),
    "nl": (
        ("er", "ster"), ("", "e"), ("aar", "ares"), ("", "es"), ("ver", "fster"), ("teur", "trice"), ("eur", "euse"),
        ("man", "vrouw"), ("heer", "vrouw"), ("", "ster"), ("", "ess"), ("oog", "oge"), ("us", "a"), ("", "in"),
    ),
    "en": (("er", "ress"), ("", "ess"), ("or", "ress"), ("man", "woman"), ("master", "mistress"), ("eur", "euse")),
}  # fmt: skip

# Pairs of which no ending tells.
_WORDS: Mapping[str, frozenset[tuple[str, str]]] = {
    "fr": frozenset(
        {
            ("homme", "femme"), ("valet", "femme"), ("steward", "hôtesse"), ("moine", "moniale"), ("barman", "barmaid"),
            ("man", "woman"), ("boy", "girl"), ("maïeuticien", "sage"), ("intendant", "gouvernante"),
            ("coordonnateur", "coordinatrice"),
        }
    ),
    "nl": frozenset({("monnik", "non"), ("ober", "serveerster")}),
    "en": frozenset({("monk", "nun")}),
}  # fmt: skip


def forms(label: str, lang: str) -> tuple[str, ...]:
    """Return the gendered forms that ``label`` holds, each complete, or the label alone where it holds one."""
    for slash in _SLASH.finditer(label):
        pair = _completed(label[: slash.start()], label[slash.end() :], lang)
        if pair:
            return tuple(dict.fromkeys(pair))
    if lang != "en" and _BRACKETS.search(label):
        return _BRACKETS.sub(r"\1\3", label), _BRACKETS.sub(r"\1\2\3", label)
    return (label,)


def _completed(one: str, other: str, lang: str) -> tuple[str, str] | None:
    """Return both sides of a slash with what only the other one says; None where no word changes gender.

    The pair of words may come after others ("chef décorateur/décoratrice"): these go before both forms. What follows
    on one side only ("technicien/technicienne biochimiste") goes behind both, if all before it agrees word by word.
    """
    if one and other in (one, f"femme {one}"):
        return one, other
    left, right = _words(one), _words(other)
    for start, word in enumerate(left):
        facing = [(a.group(), b.group()) for a, b in zip(left[start:], right, strict=False)]
        pairs = [_are_pair(a, b, lang) for a, b in facing]
        before = one[: word.start()]
        if any(pairs) and all(pair or a == b for pair, (a, b) in zip(pairs, facing, strict=True)):
            end, other_end = left[start + len(facing) - 1].end(), right[len(facing) - 1].end()
            return one + _rest(other, other_end), before + other + _rest(one, end)
        if pairs and pairs[0]:
            return one, before + other
    return None


def _words(text: str) -> list[re.Match[str]]:
    return list(_WORD.finditer(text))


def _rest(text: str, end: int) -> str:
    """Return what follows ``end``, unless a hyphen makes it the second half of a word that has a gender itself."""
    return text[end:] if not text[end:].startswith("-") else ""


def _are_pair(one: str, other: str, lang: str) -> bool:
    """Tell whether two words are the two genders of one; the singular of one may face the plural of the other."""
    a, b = one.lower(), other.lower()
    numbers = itertools.product((a, a.removesuffix("s")), (b, b.removesuffix("s")))
    return any(_is_feminine(x, y, lang) or _is_feminine(y, x, lang) for x, y in numbers)


def _is_feminine(masculine: str, feminine: str, lang: str) -> bool:
    if (masculine, feminine) in _WORDS.get(lang, ()):
        return True
    return any(
        masculine.endswith(his) and feminine == masculine.removesuffix(his) + hers
        for his, hers in _ENDINGS.get(lang, ())
    )
