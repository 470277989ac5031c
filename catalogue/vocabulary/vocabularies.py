"""Every vocabulary and the thesaurus together: what there is, what it is called, what is next to what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, zip_longest
from pathlib import Path

from catalogue.errors import N_, Problem
from catalogue.values import Said
from catalogue.vocabulary.entries import Concept, Term
from catalogue.vocabulary.reading import read_list, read_terms, read_thesaurus


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
            items = read_list(path, problems)
            if items is not None:
                terms[path.stem] = read_terms(items, path.stem)
        concepts = read_thesaurus((folder / "thesaurus").glob("*.yaml"), problems)
        if not folder.is_dir():
            problems.append(Problem(folder, 0, "", N_("the folder is not there or cannot be read")))
        return cls(terms, concepts, tuple(problems))

    @cached_property
    def centres(self) -> Mapping[str, Term]:
        """The centres of a network by id; none where the list names fewer than two: there is then one centre."""
        listed = self.terms.get("centres", {})
        return listed if len(listed) > 1 else {}

    def ids(self, vocabulary: str) -> Container[str] | None:
        """Return the ids a value may have, or None where the list could not be read (nothing is then checked)."""
        if vocabulary == "centres" and not self.centres:
            return None
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
