"""Controlled lists with labels, and the thesaurus: what records may refer to, and what each id is called."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, zip_longest
from pathlib import Path
from typing import TypeAlias

from catalogue import yamlfile
from catalogue.errors import N_, Problem
from catalogue.settings import nearest
from catalogue.shapes import (
    ID,
    UNKNOWN,
    Address,
    Choice,
    Line,
    Many,
    Number,
    Pattern,
    Place,
    Texts,
    Truth,
    Words,
    declare,
    read_group,
)
from catalogue.values import Said, Text

_ID = Pattern(r"[a-z0-9][a-z0-9-]{0,79}", "health-care")


@dataclass(frozen=True, kw_only=True)
class Term:
    """One entry of a vocabulary. ``detail`` is a second line, ``colour`` a theme's id (shelves).

    The second line of a language is what its readers are told who come in by it, in that language alone.
    """

    id: str = declare(N_("Id"), Pattern(r"[A-Za-z0-9][A-Za-z0-9-]{0,79}", "health-care"), required=True)
    labels: Text = declare(N_("Labels"), Texts(languages=None), Text(), required=True)
    detail: Text = declare(N_("Second line"), Texts(languages=None), Text())
    order: int = declare(N_("Order"), Number(0, 1_000_000), 0)
    colour: str = declare(N_("Colour"), Line())
    retired: bool = declare(N_("Retired"), Truth(), False)
    replaced_by: str = declare(N_("Replaced by"), _ID)
    url: str = declare(N_("Web address"), Address())


@dataclass(frozen=True, kw_only=True)
class Concept:
    """A thesaurus concept. ``labels[lang][0]`` is the preferred label, the others are what people also say."""

    id: str = declare(N_("Id"), _ID, required=True)
    kind: str = declare(N_("Kind"), Choice(("occupation", "subject")), required=True)
    labels: Mapping[str, tuple[str, ...]] = declare(N_("Labels"), Words(), None, required=True)
    uri: str = declare(N_("Web address"), Address())
    broader: tuple[str, ...] = declare(N_("Broader"), Many(_ID), ())
    related: tuple[str, ...] = declare(N_("Related"), Many(_ID), ())
    note: Text = declare(N_("Note"), Texts(), Text())
    retired: bool = declare(N_("Retired"), Truth(), False)
    replaced_by: str = declare(N_("Replaced by"), _ID)

    @property
    def preferred(self) -> Text:
        """The preferred label in each language."""
        return Text({lang: labels[0] for lang, labels in self.labels.items() if labels})

    @property
    def all_labels(self) -> tuple[str, ...]:
        """Its labels in all languages."""
        return tuple(label for labels in self.labels.values() for label in labels)

    @property
    def in_esco(self) -> bool:
        """Whether this is a concept of ESCO, whose terms carry a notice wherever they show."""
        return self.uri.startswith("http://data.europa.eu/esco/")


@dataclass(frozen=True)
class Vocabularies:
    """Every vocabulary by name, and the thesaurus by concept id. What could not be read is in ``problems``.

    Occupations and subjects answer to the names ``occupations`` and ``subjects``; a concept's URI is as good as its id.
    """

    terms: Mapping[str, Mapping[str, Term]] = field(default_factory=dict)
    concepts: Mapping[str, Concept] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> Vocabularies:
        """Read ``folder`` (``resources/vocabularies``). Faults never stop it: what is faulty is left out and noted."""
        problems: list[Problem] = []
        terms = {}
        for path in sorted(folder.glob("*.yaml")):
            items = _read_list(path, problems)
            if items is not None:
                terms[path.stem] = _read_terms(items, path.stem)
        concepts = _read_thesaurus((folder / "thesaurus").glob("*.yaml"), problems)
        if not folder.is_dir():
            problems.append(Problem(folder, 0, "", N_("the folder is not there or cannot be read")))
        return cls(terms, concepts, tuple(problems))

    def ids(self, vocabulary: str) -> Container[str] | None:
        """Return the ids a value may have, or None where the list could not be read (nothing is then checked)."""
        if vocabulary in ("subjects", "occupations"):
            return _Either(self.concepts, self.by_uri) if self.concepts else None
        return self.terms.get(vocabulary)

    def known(self, vocabulary: str) -> Sequence[str]:
        """Return the ids to suggest in place of an unknown one."""
        kind = {"subjects": "subject", "occupations": "occupation"}.get(vocabulary)
        if kind:
            return [concept.id for concept in self.concepts.values() if concept.kind == kind and not concept.retired]
        return [term.id for term in self.terms.get(vocabulary, {}).values() if not term.retired]

    def concept(self, reference: str) -> Concept | None:
        """Return the concept with this id or URI, following ``replaced_by`` once."""
        concept = self.concepts.get(self.by_uri.get(reference, reference))
        if concept and concept.replaced_by in self.concepts:
            return self.concepts[concept.replaced_by]
        return concept

    @cached_property
    def by_uri(self) -> Mapping[str, str]:
        """The id of the concept with each URI; where several share one, that of a concept in use."""
        in_use_last = sorted(self.concepts.values(), key=lambda concept: not concept.retired)
        return {concept.uri: concept.id for concept in in_use_last if concept.uri}

    @cached_property
    def narrower(self) -> Mapping[str, tuple[str, ...]]:
        """The concepts of which each concept is a broader one, by id."""
        narrower: dict[str, list[str]] = defaultdict(list)
        for concept in self.concepts.values():
            for id in concept.broader:
                narrower[id].append(concept.id)
        return {id: tuple(ids) for id, ids in narrower.items()}

    def neighbours(self, concept: Concept) -> tuple[Concept, ...]:
        """Return the concepts next to one: a broader, a narrower, a related one in turn; none retired, none twice."""
        turns = zip_longest(concept.broader, self.narrower.get(concept.id, ()), concept.related)
        found = (self.concept(id) for id in chain.from_iterable(turns) if id)
        near = {other.id: other for other in found if other and not other.retired and other.id != concept.id}
        return tuple(near.values())

    def label(self, vocabulary: str, id: str, lang: str) -> Said:
        """Return what ``id`` is called for a reader of ``lang``; the id itself where nothing is known of it."""
        if vocabulary in ("subjects", "occupations"):
            concept = self.concept(id)
            return concept.preferred.best(lang) if concept else Said(id, "und")
        term = self.terms.get(vocabulary, {}).get(id)
        return term.labels.best(lang) if term else Said(id, "und")

    def order(self, vocabulary: str) -> Mapping[str, int]:
        """Return the rank of each id in display order."""
        terms = self.terms.get(vocabulary, {})
        return {id: rank for rank, id in enumerate(terms)}

    def shelf(self, mark: str) -> Term | None:
        """Return the shelf on which a shelf mark such as ``B2.14`` stands."""
        return self.terms.get("shelves", {}).get(mark.partition(".")[0])


@dataclass(frozen=True)
class _Either:
    first: Container[str]
    second: Container[str]

    def __contains__(self, item: object) -> bool:
        return item in self.first or item in self.second


_Entries: TypeAlias = "Sequence[tuple[yamlfile.Value, Place]]"
"""The entries of a file, and where each stands."""


def _read_list(path: Path, problems: list[Problem]) -> _Entries | None:
    document = yamlfile.read(path)
    problems += document.problems
    if document.value is not None and not isinstance(document.value, list):
        problems.append(Problem(path, 1, "", N_("this file should be a list: each entry begins with “- id: …”")))
    if document.value is None or not isinstance(document.value, list):
        return None
    root = Place(document, problems)
    return [(item, root.at(index)) for index, item in enumerate(document.value)]


def _read_terms(entries: _Entries, vocabulary: str) -> Mapping[str, Term]:
    terms: dict[str, Term] = {}
    places: dict[str, Place] = {}
    for item, place in entries:
        term = read_group(Term, item, place)
        if term and term.id in terms:
            place.fault(N_("the id “%(id)s” stands twice in this list"), id=term.id)
        elif term:
            terms[term.id], places[term.id] = term, place
    leads = ((places[term.id].at("replaced_by"), (term.replaced_by,)) for term in terms.values() if term.replaced_by)
    _doubt_unknown(leads, vocabulary, _ids(entries))
    ranked = sorted(terms.values(), key=lambda term: term.order)  # stable: list order where no order is given
    return {term.id: term for term in ranked}


def read_concepts(paths: Iterable[Path], problems: list[Problem]) -> dict[str, Concept]:
    """Return the concepts of thesaurus files by id, read in the order of their names; faults go to ``problems``.

    Where their references lead is not looked at: that may be in other files.
    """
    entries = [entry for path in sorted(paths) for entry in _read_list(path, problems) or ()]
    return {concept.id: concept for concept, _place in _concepts(entries)}


def _read_thesaurus(paths: Iterable[Path], problems: list[Problem]) -> dict[str, Concept]:
    """Return the concepts of all thesaurus files by id; a reference to none of them is noted too."""
    lists = [_read_list(path, problems) for path in sorted(paths)]
    entries = [entry for found in lists for entry in found or ()]
    concepts = _concepts(entries)
    if None not in lists:  # else the concept that seems unknown may stand in the file that could not be read
        leads = (
            (place.at(key), (concept.replaced_by,) if key == "replaced_by" else getattr(concept, key))
            for concept, place in concepts
            for key in ("broader", "related", "replaced_by")
            if getattr(concept, key)
        )
        _doubt_unknown(leads, "thesaurus", _ids(entries))
    return {concept.id: concept for concept, _place in concepts}


def _concepts(entries: _Entries) -> list[tuple[Concept, Place]]:
    concepts: dict[str, tuple[Concept, Place]] = {}
    for item, place in entries:
        concept = read_group(Concept, item, place)
        if concept and concept.id in concepts:
            place.fault(N_("the concept “%(id)s” is already described elsewhere"), id=concept.id)
        elif concept:
            concepts[concept.id] = concept, place
    return list(concepts.values())


def _ids(entries: _Entries) -> list[str]:
    """Return the ids that stand in files, also of entries with a fault: that is told where they stand, and once."""
    return [id for item, _place in entries if isinstance(item, dict) and isinstance(id := item.get("id"), str)]


def _doubt_unknown(leads: Iterable[tuple[Place, Sequence[str]]], vocabulary: str, ids: list[str]) -> None:
    known = frozenset(ids)
    for place, named in leads:
        for id in named:
            if id not in known:
                place.doubt(UNKNOWN, value=id, vocabulary=vocabulary, near=nearest(id, ids))


def is_id(text: str) -> bool:
    """Tell whether ``text`` has the form of a record id."""
    return re.fullmatch(ID, text) is not None
