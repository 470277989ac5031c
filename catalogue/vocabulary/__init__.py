"""Controlled lists with labels, and the thesaurus: what records may refer to, and what each id is called."""

from catalogue.vocabulary.entries import EVERY_CENTRE, SHARED_BY_CENTRES, Concept, Term, is_id
from catalogue.vocabulary.reading import read_concepts
from catalogue.vocabulary.vocabularies import Vocabularies

__all__ = ["EVERY_CENTRE", "SHARED_BY_CENTRES", "Concept", "Term", "Vocabularies", "is_id", "read_concepts"]
