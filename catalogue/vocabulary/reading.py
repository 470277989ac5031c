"""Reading the files of the lists: what is faulty is left out and noted, and so is what leads nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from catalogue import yamlfile
from catalogue.errors import N_, Problem
from catalogue.settings import nearest
from catalogue.shapes import UNKNOWN, Place, read_group
from catalogue.vocabulary.entries import RESERVED, Concept, Term

Entries: TypeAlias = "Sequence[tuple[yamlfile.Value, Place]]"
"""The entries of a file, and where each stands."""


def read_list(path: Path, problems: list[Problem]) -> Entries | None:
    """Return the entries of a file, None where it is no list; faults go to ``problems``."""
    document = yamlfile.read(path)
    problems += document.problems
    if document.value is not None and not isinstance(document.value, list):
        problems.append(Problem(path, 1, "", N_("this file should be a list: each entry begins with “- id: …”")))
    if document.value is None or not isinstance(document.value, list):
        return None
    root = Place(document, problems)
    return [(item, root.at(index)) for index, item in enumerate(document.value)]


def read_terms(entries: Entries, vocabulary: str) -> Mapping[str, Term]:
    """Return the terms of a vocabulary by id, in display order; faults are noted where they stand."""
    terms: dict[str, Term] = {}
    places: dict[str, Place] = {}
    for item, place in entries:
        term = read_group(Term, item, place)
        if term and term.id in terms:
            place.fault(N_("the id “%(id)s” stands twice in this list"), id=term.id)
        elif term and term.id in RESERVED.get(vocabulary, ()):
            place.fault(N_("the id “%(id)s” has a meaning of its own in this list; choose another"), id=term.id)
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
    entries = [entry for path in sorted(paths) for entry in read_list(path, problems) or ()]
    return {concept.id: concept for concept, _place in _concepts(entries)}


def read_thesaurus(paths: Iterable[Path], problems: list[Problem]) -> dict[str, Concept]:
    """Return the concepts of all thesaurus files by id; a reference to none of them is noted too."""
    lists = [read_list(path, problems) for path in sorted(paths)]
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


def _concepts(entries: Entries) -> list[tuple[Concept, Place]]:
    concepts: dict[str, tuple[Concept, Place]] = {}
    for item, place in entries:
        concept = read_group(Concept, item, place)
        if concept and concept.id in concepts:
            place.fault(N_("the concept “%(id)s” is already described elsewhere"), id=concept.id)
        elif concept:
            concepts[concept.id] = concept, place
    return list(concepts.values())


def _ids(entries: Entries) -> list[str]:
    """Return the ids that stand in files, also of entries with a fault: that is told where they stand, and once."""
    return [id for item, _place in entries if isinstance(item, dict) and isinstance(id := item.get("id"), str)]


def _doubt_unknown(leads: Iterable[tuple[Place, Sequence[str]]], vocabulary: str, ids: list[str]) -> None:
    known = frozenset(ids)
    for place, named in leads:
        for id in named:
            if id not in known:
                place.doubt(UNKNOWN, value=id, vocabulary=vocabulary, near=nearest(id, ids))
