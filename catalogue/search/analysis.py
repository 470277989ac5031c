"""The words of French, Dutch and English: how a text becomes the terms that are indexed and searched.

A text is folded (lower case, no accents), cut into surface words, cleared of elided articles and stop words, and each
word is brought to its stem. A record's text is analysed in its own language, a query word in all of them, so that
nobody has to say in which language they search. The order fold → pre-rules → Snowball was measured on pairs of word
forms: ``tests/test_analysis.py`` holds them.
"""

from __future__ import annotations

import math
import re
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version

import snowballstemmer

from catalogue.folding import fold, fold_spans

VERSION = 2
"""Raised when the same text would give other terms: an index of another version is rebuilt."""

LANGUAGES = ("fr", "nl", "en")

_STEMMERS = {
    "fr": snowballstemmer.stemmer("french"),
    "nl": snowballstemmer.stemmer("dutch"),  # snowballstemmer ≥ 3: Kraaij-Pohlmann
    "en": snowballstemmer.stemmer("english"),
}

# c++ and c# are words; "permis B" and "3D" keep their short parts.
_WORD = re.compile(r"[a-z]\+\+|c#|[^\W_]+(?:'[^\W_]+)*")
_ELISION = re.compile(r"^(?:l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu|quoiqu)'(?=.)")
_WHOLE = frozenset({"aujourd'hui", "d'abord", "prud'homme", "prud'hommes"})

# One list for all languages together: a query word is searched in all of them, so a word that is empty
# in Dutch must not be required in French.
STOP_WORDS = frozenset(
    """
    a ai au aux avec ce ces cet cette dans de des du elle elles en est et eux il ils je la le les leur leurs lui
    ma mais me mes mon ne nos notre nous on ou par pas pour qu que qui sa se ses son sont sur ta te tes toi ton
    tu un une vos votre vous y pendant durant etre suis sommes etes comme si donc quel quelle quels quelles quoi
    comment puis peut peux aan al als bij dat der deze die dit door een er ge geen haar had heb hebben heeft hem het hij
    hoe hun ik in is jij jullie kan kun kunt maar met mij mijn naar niet nog nu of om onder ons ook op over tot uit
    daarmee daarna daarvoor eraan erbij erin ermee erop erover ertoe eruit ervan ervoor hierbij hiermee
    waaraan waarbij waarin waarmee waarop waarvan waarvoor tijdens s t uw van veel voor waar wat we wel wie wij wil word
    worden wordt ze zich zij zijn zo zou an and are as at be
    but by can do for from have how i if its my not or our she he so that the their them there they
    this to was were what when where which who will with you your
    cherche cherches cherchons cherchez cherchent chercher trouve trouver trouves voudrais voudrait aimerais aimerait
    veux veut voulez vouloir faire fais fait faut avoir avez avons vais va aller peux pouvoir puis-je est-ce
    ben bent moi
    zoek zoekt zoeken gezocht vind vindt vinden wilt willen graag moet moeten gaan ga doe doet doen mag mogen
    looking look find want need get would like
    """.split()  # noqa: SIM905 - words read better than a list of strings
)

_IRREGULAR = {"travaux": "travail", "jeux": "jeu", "yeux": "oeil", "connais": "connaiss", "connait": "connaiss"}
_SHORTEST_STEMMED = 4


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: its folded surface and the characters ``start:end`` of the text it came from."""

    surface: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A text cut into words: word ``i`` is ``surfaces[i]``, from ``starts[i]`` to ``ends[i]``."""

    surfaces: tuple[str, ...]
    starts: Sequence[int]
    ends: Sequence[int]


def cut_once(text: str) -> Cut:
    """Return the words of ``text`` in order, elided articles cut off, stop words included."""
    folded, origin = fold_spans(text)
    surfaces: list[str] = []
    starts, ends = array("I"), array("I")
    for match in _WORD.finditer(folded):
        for piece, offset in _pieces(match.group()):
            first = match.start() + offset
            surfaces.append(sys.intern(piece))
            starts.append(origin[first])
            ends.append(origin[first + len(piece) - 1] + 1)
    return Cut(tuple(surfaces), starts, ends)


# The same titles and summaries are shown again and again; about a kilobyte each.
cut = lru_cache(maxsize=20_000)(cut_once)


def words(text: str) -> Iterator[Word]:
    """Yield the words of ``text``, one by one."""
    found = cut(text)
    return map(Word, found.surfaces, found.starts, found.ends)


def _pieces(surface: str) -> Iterator[tuple[str, int]]:
    """Cut a word with an apostrophe inside (``l'emploi``, ``vdab's``) into its parts, elided article away."""
    elided = None if surface in _WHOLE else _ELISION.match(surface)
    first = elided.end() if elided else 0
    rest = surface[first:]
    if "'" not in rest or rest in _WHOLE:
        yield rest, first
        return
    offset = first
    for part in rest.split("'"):
        # A lone s behind an apostrophe is a Dutch plural or an English genitive, not a word.
        if part and not (offset > first and part == "s"):
            yield part, offset
        offset += len(part) + 1


def is_stop(surface: str) -> bool:
    """Tell whether a folded word carries no meaning of its own in French, Dutch or English."""
    return surface in STOP_WORDS


@lru_cache(maxsize=200_000)
def stem(surface: str, lang: str) -> str:
    """Return the stem of a folded word in ``lang``; a language without a stemmer keeps the word."""
    if lang not in _STEMMERS or not surface.isalpha():
        return surface
    prepare = _BEFORE.get(lang)
    return str(_STEMMERS[lang].stemWord(prepare(surface) if prepare else surface))


def _before_french(word: str) -> str:
    """Bring French plurals and feminines to one form before Snowball sees them; each rule pays on measured pairs."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > _SHORTEST_STEMMED:
        if word.endswith("aux"):
            word = word[:-1] if word.endswith("eaux") else word[:-3] + "al"
        elif word[-1] in "sx" and word[-2] != "s":
            word = word[:-1]
    if len(word) > 6:
        for feminine, masculine in (("euse", "eur"), ("trice", "teur"), ("ienne", "ien"), ("ee", "e")):
            if word.endswith(feminine):
                return word.removesuffix(feminine) + masculine
    return word[:-3] + "er" if len(word) > 5 and word.endswith("ere") else word


def _before_dutch(word: str) -> str:
    """Bring ``toelagen``, ``bijdragen`` and ``dagen`` to their singular: the stemmer would double their vowel."""
    if word.endswith("dagen"):
        return word[:-2]
    return word[:-1] if word.endswith(("lagen", "dragen")) else word


_BEFORE = {"fr": _before_french, "nl": _before_dutch}


def terms(text: str, lang: str) -> list[str]:
    """Return the stems of the meaningful words of ``text``, in order: what is indexed for a text in ``lang``."""
    return [stem(surface, lang) for surface in surfaces(text) if not is_stop(surface)]


@lru_cache(maxsize=20_000)  # beside ``cut``
def stems(text: str, lang: str) -> tuple[str, ...]:
    """Return the stem of each word of ``text`` in ``lang``, empty for a stop word."""
    return tuple("" if is_stop(surface) else sys.intern(stem(surface, lang)) for surface in cut(text).surfaces)


@lru_cache(maxsize=20_000)  # beside ``cut``
def stem_set(text: str, lang: str) -> frozenset[str]:
    """Return every stem that ``text`` is found by."""
    meaningful = (surface for surface in set(cut(text).surfaces) if not is_stop(surface))
    return frozenset(stem for surface in meaningful for stem in index_stems(surface, lang))


def surfaces(text: str) -> list[str]:
    """Return every folded word of ``text`` in order, stop words included: what phrases and exact search read."""
    # Without the places of the words, which cost four times as much as the words themselves.
    folded = fold(text)
    found = _WORD.findall(folded)
    return [piece for surface in found for piece, _ in _pieces(surface)] if "'" in folded else found


@lru_cache(maxsize=200_000)
def index_stems(surface: str, lang: str) -> tuple[str, ...]:
    """Return the stems a word of a text is found by: its own language's, all languages' where that is unknown."""
    return (stem(surface, lang),) if lang in _STEMMERS else query_stems(surface)


@lru_cache(maxsize=20_000)
def query_stems(surface: str) -> tuple[str, ...]:
    """Return the stems a query word is searched by: its stem in each language, without repetitions."""
    return tuple(dict.fromkeys(stem(surface, lang) for lang in LANGUAGES))


_SHARED_LETTERS = 4  # the least that words which begin alike share
_SHARED_PART = 0.6  # of the letters of the word that was typed


def common_beginning(typed: str) -> str:
    """Return what words like the stem ``typed`` must begin with, nothing where it is too short to have any."""
    if len(typed) < _SHARED_LETTERS or not typed.isalpha():
        return ""
    return typed[: max(_SHARED_LETTERS, math.ceil(_SHARED_PART * len(typed)))]


def likeness(typed: str, other: str) -> float:
    """Return the share of the letters of a stem with which another begins too: 0.875 for ``boucheri``, ``boucher``."""
    same = next((n for n, (a, b) in enumerate(zip(typed, other, strict=False)) if a != b), min(len(typed), len(other)))
    return same / len(typed)


# Endings that make another word, not another form of the same one: a thesaurus label is recognised in its plural
# and feminine, but "opleiding" is no "opleider" and "formation" no "formateur", though they share a stem.
_DERIVATIONS = {
    "fr": ("tion", "teur", "eur", "iste", "ment", "age", "ier", "ique", "ie", "ant"),
    "nl": ("ing", "ster", "er", "heid", "aar", "ist"),
    "en": ("ing", "er", "or", "tion", "ist", "ment"),
}
_PLURALS = {"nl": re.compile(r"(?<=ing)en$|(?<=er)s$|(?<=aar)s$|(?<=ist)en$"), "en": re.compile(r"s$")}


@lru_cache(maxsize=50_000)
def lemma(surface: str, lang: str) -> str:
    """Return what all forms of one word share and its derivations do not: ``opleidingen`` gives ``opleid·ing``."""
    prepare, plural = _BEFORE.get(lang), _PLURALS.get(lang)
    singular = prepare(surface) if prepare else surface
    singular = plural.sub("", singular) if plural else singular
    ending = next((ending for ending in _DERIVATIONS.get(lang, ()) if singular.endswith(ending)), "")
    return f"{stem(surface, lang)}·{ending}"


def label_key(words_of_label: Iterable[str], lang: str) -> tuple[str, ...]:
    """Return what two labels of a language must share to count as the same: the lemmas of their meaningful words."""
    return tuple(lemma(surface, lang) for surface in words_of_label if not is_stop(surface))


def fingerprint() -> str:
    """Return what the terms of a text depend on, for the index's own fingerprint."""
    return f"analysis {VERSION}, snowballstemmer {version('snowballstemmer')}, {' '.join(sorted(STOP_WORDS))}"
