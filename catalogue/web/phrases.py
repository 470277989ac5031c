"""Why a document stands on a list: a ready phrase of the vocabulary ``phrases``, or words of the advisor's own.

A list keeps ``start-here`` (the id of a phrase), ``before-date 2026-12-04`` (a phrase that names a day) or a sentence;
the reader sees a phrase in the language of the page or sheet.
"""

from __future__ import annotations

import datetime
import string
from dataclasses import dataclass

from catalogue.i18n import languages
from catalogue.values import UNDETERMINED, Said
from catalogue.vocabulary import Vocabularies

VOCABULARY = "phrases"
_DATE = "DATE"  # stands in a label where the day is to come
_KEYS = string.digits[1:] + string.ascii_lowercase


@dataclass(frozen=True)
class Phrase:
    """A ready phrase as it is offered. ``key`` chooses it; ``dated``: it names a day."""

    id: str
    label: Said
    key: str
    dated: bool


def offered(vocabularies: Vocabularies, lang: str) -> tuple[Phrase, ...]:
    """Return the phrases in use, in their order; those beyond the thirty-fifth have no key."""
    terms = [term for term in vocabularies.terms.get(VOCABULARY, {}).values() if not term.retired]
    keys = [*_KEYS, *[""] * len(terms)]
    labels = [term.labels.best(lang) for term in terms]
    return tuple(
        Phrase(term.id, Said(label.text.replace(_DATE, "…"), label.lang), key, _DATE in label.text)
        for term, label, key in zip(terms, labels, keys, strict=False)
    )


def is_dated(vocabularies: Vocabularies, id: str) -> bool:
    """Tell whether a phrase names a day."""
    term = vocabularies.terms.get(VOCABULARY, {}).get(id)
    return term is not None and any(_DATE in label for label in term.labels.values())


def kept(id: str, day: datetime.date | None = None) -> str:
    """Return a phrase as lists keep it."""
    return f"{id} {day.isoformat()}" if day else id


def parsed(vocabularies: Vocabularies, why: str) -> tuple[str, datetime.date | None]:
    """Return the phrase that a list keeps and the day it names; ``("", None)`` for words of the advisor's own."""
    id, space, day = why.partition(" ")
    if id not in vocabularies.terms.get(VOCABULARY, {}):
        return "", None
    try:
        return id, datetime.date.fromisoformat(day) if space else None
    except ValueError:
        return "", None


def said(vocabularies: Vocabularies, why: str, lang: str) -> Said:
    """Return the reason that a list keeps, for a reader of ``lang``; empty where it keeps none."""
    id, day = parsed(vocabularies, why)
    if not id:
        return Said(why, UNDETERMINED)
    label = vocabularies.label(VOCABULARY, id, lang)
    shown = languages()[label.lang].date(day) if day and label.lang in languages() else (day or "…")
    return Said(label.text.replace(_DATE, str(shown)), label.lang)
