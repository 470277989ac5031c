"""Judged queries: what is asked, of which centre, and which records answer it.

- Titles: official Belgian job titles. A record answers that is of any concept to which the title was judged exact,
  close, narrower or broader.
- Everyday jobs: what a job is called in one language, asked of records in the other. A record answers that is of any
  concept with this label.
- Typos: a word of the titles, mistyped. The word as the correction answers it, or a record that holds the word. What
  was typed may be as near to another indexed word as to its own ("danseurx": danseur, danseurs): any indexed word at
  one edit from it is right, or, for ``strict``, only the word that was mistyped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench import typos
from bench.esco_records import (
    BILINGUAL,
    DUTCH_ONLY,
    FRENCH_ONLY,
    LANGUAGES,
    Instance,
    Occupation,
    concept_id,
    read_occupations,
    read_table,
)

DEPTH = 100  # hits looked at
_DEPTH_OF_TYPOS = 10
_TYPOS = 300
_GRADES = ("rel3_exact", "rel2_close", "rel1_narrow_or_broad")
_ACROSS = {"fr": DUTCH_ONLY, "nl": FRENCH_ONLY}


@dataclass(frozen=True)
class Judged:
    """A query for a centre: the ids of the records that answer it, and the corrections that do.

    ``about`` says what it looks for; ``depth`` hits are looked at.
    """

    text: str
    lang: str
    instance: Instance
    relevant: frozenset[str]
    corrections: frozenset[str] = frozenset()
    about: str = ""
    depth: int = DEPTH

    @property
    def key(self) -> str:
        """What tells this query from the others of its row."""
        return f"{self.lang} {self.text}"


def titles(data: Path, lang: str) -> list[Judged]:
    """Return the job titles in ``lang``, for the bilingual records."""
    return _titles(data, lang, BILINGUAL)


def titles_across(data: Path, lang: str) -> list[Judged]:
    """Return the job titles in ``lang``, for records in the other language only."""
    return _titles(data, lang, _ACROSS[lang])


def everyday_jobs(data: Path) -> list[Judged]:
    """Return the everyday jobs, for records in the other language only."""
    rows = read_table(data / "relevance" / "crosslang_dev.csv")
    return [
        _judged(data, row["query"], row["query_lang"], _ACROSS[row["query_lang"]], row["acceptable_uris"])
        for row in rows
    ]


def mistyped(data: Path, strict: bool = False) -> list[Judged]:
    """Return typos of words in the titles of the bilingual records."""
    occupations = _occupations(data).values()
    preferred = {lang: [occupation.preferred[lang] for occupation in occupations] for lang in LANGUAGES}
    holders = _holders(data)
    judged = []
    for typo in typos.sample(preferred, frozenset(holders), _TYPOS):
        right = frozenset({typo.word}) if strict else typo.near
        holding = frozenset(id for word in right for id in holders[word])
        judged.append(Judged(typo.typed, typo.lang, BILINGUAL, holding, right, typo.word, _DEPTH_OF_TYPOS))
    return judged


def _titles(data: Path, lang: str, instance: Instance) -> list[Judged]:
    rows = read_table(data / "relevance" / "belgian_titles_dev.csv")
    return [
        _judged(data, _job(row["query"]), lang, instance, "|".join(row[grade] for grade in _GRADES))
        for row in rows
        if row["query_lang"] == lang
    ]


def _job(title: str) -> str:
    return title.replace("(h/f/x)", "").strip()


def _judged(data: Path, text: str, lang: str, instance: Instance, uris: str) -> Judged:
    ids = [concept_id(uri) for uri in uris.split("|") if uri]
    about = "; ".join(" = ".join(_occupations(data)[id].preferred[code] for code in LANGUAGES) for id in ids)
    return Judged(text, lang, instance, frozenset(ids), about=about)


@cache
def _occupations(data: Path) -> Mapping[str, Occupation]:
    return {occupation.id: occupation for occupation in read_occupations(data)}


@cache
def _holders(data: Path) -> Mapping[str, set[str]]:
    """Return the ids of the bilingual records that hold each word."""
    holders: dict[str, set[str]] = {}
    for id, occupation in _occupations(data).items():
        for lang in LANGUAGES:
            for word in typos.words(" ".join((*occupation.labels(lang), occupation.description[lang]))):
                holders.setdefault(word, set()).add(id)
    return holders
