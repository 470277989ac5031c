"""The occupations that published records are about: from A to Z, by sector, narrowed by what is typed."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from catalogue.contents import Contents
from catalogue.folding import collation_key, fold
from catalogue.resource import Resource
from catalogue.values import TEXT_LANGUAGES, Said
from catalogue.vocabulary import Concept

DIGITS = "0-9"
"""The letter under which stand the names that begin with none."""

ALPHABET = "abcdefghijklmnopqrstuvwxyz"

FEW_SECTORS = 3
"""A record of more sectors than these is about work in general."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list: an occupation under one of its names. ``also``: its other names that belong to the line."""

    concept: Concept
    name: Said
    also: tuple[str, ...]
    preferred: Said

    @property
    def is_preferred(self) -> bool:
        """Whether it stands under its preferred name."""
        return self.name == self.preferred


class Occupations:
    """The occupations of one state of the catalogue at one moment, named in the language of a reader.

    One that has no name in that language stands under its preferred name in another. One about which there is nothing
    but events that are past is left out; so are records that are not ``offered`` here.
    """

    def __init__(
        self,
        contents: Contents,
        lang: str,
        now: datetime.datetime,
        offered: Callable[[Resource], bool] = lambda record: True,
    ) -> None:
        self.contents = contents
        self.lang = lang
        coming = {
            id: tuple(record for record in about if offered(record) and not record.is_past(now))
            for id, about in contents.by_occupation.items()
        }
        self.about = {id: records for id, records in coming.items() if records}
        """The records about each occupation, by the concept's id."""
        dated = (record.expires for records in self.about.values() for record in records if record.expires)
        self.until = min(dated, default=datetime.datetime.max)
        """The moment from which on this is no longer so: the next event is then past."""

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every occupation once, under its preferred name, in alphabetical order."""
        return _in_order(self._entry(concept, self._names(concept)) for concept in self._concepts)

    @cached_property
    def letters(self) -> Mapping[str, tuple[Entry, ...]]:
        """The lines under each letter that has one. An occupation stands once under each letter a name begins with.

        So the masculine and the feminine name are both found, also where they begin with different letters.
        """
        lines: dict[str, list[Entry]] = defaultdict(list)
        for concept in self._concepts:
            by_letter: dict[str, list[Said]] = defaultdict(list)
            for name in self._names(concept):
                by_letter[_letter(name.text)].append(name)
            for letter, names in by_letter.items():
                lines[letter].append(self._entry(concept, names))
        return {letter: _in_order(lines[letter]) for letter in (DIGITS, *ALPHABET) if letter in lines}

    @cached_property
    def sectors(self) -> Mapping[str, tuple[Entry, ...]]:
        """The occupations of each sector, under their preferred names."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            for sector in sectors_of(self.about[entry.concept.id]):
                found[sector].append(entry)
        return {sector: tuple(entries) for sector, entries in found.items()}

    def narrowed(self, text: str) -> tuple[Entry, ...]:
        """Return the occupations one of whose names, in any language, has every word of ``text``.

        A name that begins so comes first, then one with words that begin so, then one with the words inside (the parts
        of Dutch compounds); among these the preferred names before the others. Each occupation stands once, under its
        preferred name, with the name that was met.
        """
        words = _words(text).split()
        if not words:
            return self.entries
        met = ((place, entry) for entry, names in self._searched if (place := _place(words, names)))
        ranked = sorted(met, key=_rank)
        return tuple(_met(entry, name) for (_, name), entry in ranked)

    @cached_property
    def _concepts(self) -> tuple[Concept, ...]:
        concepts = self.contents.frame.vocabularies.concepts
        return tuple(concepts[id] for id in self.about)

    @cached_property
    def _searched(self) -> tuple[tuple[Entry, tuple[tuple[str, Said], ...]], ...]:
        return tuple((entry, tuple(_folded(entry.concept, self.lang))) for entry in self.entries)

    def _names(self, concept: Concept) -> list[Said]:
        own = [Said(label, self.lang) for label in concept.labels.get(self.lang, ())]
        return own or [concept.preferred.best(self.lang)]

    def _entry(self, concept: Concept, names: Sequence[Said]) -> Entry:
        also = tuple(dict.fromkeys(name.text for name in names[1:]))
        return Entry(concept, names[0], also, concept.preferred.best(self.lang))


def sectors_of(records: Sequence[Resource]) -> tuple[str, ...]:
    """Return the sectors of an occupation: those of its sheets, else of everything about it.

    A guide to many occupations names many sectors; the sheet names the occupation's own.
    """
    sheets = [record for record in records if record.kind == "factsheet" and record.sectors]
    return tuple(dict.fromkeys(sector for record in sheets or records for sector in record.sectors))


def _in_order(entries: Iterator[Entry] | Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: collation_key(entry.name.text)))


def _letter(name: str) -> str:
    first = collation_key(name)[0][:1]
    return first if first in ALPHABET else DIGITS


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _folded(concept: Concept, lang: str) -> Iterator[tuple[str, Said]]:
    """Yield the names of an occupation to look in, the reader's language first, each with how it is written."""
    for code in dict.fromkeys((lang, *TEXT_LANGUAGES)):
        for label in concept.labels.get(code, ()):
            yield " " + _words(label), Said(label, code)


def _place(words: Sequence[str], names: Sequence[tuple[str, Said]]) -> tuple[int, Said] | None:
    """Return where the words stand in the name that has them best (0 is best), and that name."""
    best: tuple[int, Said] | None = None
    for folded, name in names:
        if not all(word in folded for word in words):
            continue
        begins = all(f" {word}" in folded for word in words)
        place = 0 if folded.startswith(" " + " ".join(words)) else 1 if begins else 2
        # One or two letters inside a word say nothing.
        if place < 2 or min(map(len, words)) > 2:
            best = min(best or (place, name), (place, name), key=lambda found: found[0])
    return best


def _rank(found: tuple[tuple[int, Said], Entry]) -> tuple[int, bool, tuple[str, str]]:
    (place, name), entry = found
    return place, name != entry.preferred, collation_key(entry.name.text)


def _met(entry: Entry, name: Said) -> Entry:
    also = (name.text,) if name != entry.name else ()
    return Entry(entry.concept, entry.name, also, entry.preferred)


def near(contents: Contents, concept: Concept) -> list[Resource]:
    """Return the published records that help with an occupation though they are about none: the closest first.

    They share a subject that the thesaurus relates to the occupation (its studies), or one of its sectors. A record
    of many sectors is no closer to this one than to any other, and is left out.
    """
    vocabularies = contents.frame.vocabularies
    related = set(concept.related)
    sectors = set(sectors_of(contents.by_occupation.get(concept.id, ())))

    def closeness(record: Resource) -> int:
        subjects = {found.id for found in map(vocabularies.concept, record.subjects) if found}
        in_sector = bool(sectors & set(record.sectors)) and len(record.sectors) <= FEW_SECTORS
        return 2 * bool(related & subjects) + in_sector

    scored = [(closeness(record), record) for record in contents.public if not record.occupations]
    close = [pair for pair in scored if pair[0]]
    return [record for _, record in sorted(close, key=lambda pair: (-pair[0], pair[1].id))]
