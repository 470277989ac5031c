"""Controlled lists with labels, and the thesaurus: what records may refer to, and what each id is called."""

from catalogue.vocabulary.entries import Concept, Term, is_id
from catalogue.vocabulary.reading import read_concepts
from catalogue.vocabulary.vocabularies import Vocabularies

__all__ = ["Concept", "Term", "Vocabularies", "is_id", "read_concepts"]
