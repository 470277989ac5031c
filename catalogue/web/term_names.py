"""Terms of the vocabularies by their names: what somebody typed is found, offered while they type, compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from catalogue.folding import fold
from catalogue.sameness import nearly_the_same
from catalogue.vocabulary import Vocabularies
from catalogue.wordlists import THESAURUS


def find(vocabularies: Vocabularies, vocabulary: str, text: str) -> str:
    """Return the id of the term that is called so in any language, or has this id; nothing where there is none.

    Of several concepts with one name, one whose preferred label it is comes first.
    """
    wanted = fold(text.strip())
    found = ""
    for id, preferred, others in _labels(vocabularies, vocabulary):
        if wanted in preferred or wanted == id:
            return id
        if not found and wanted in others:
            found = id
    return found


def _labels(vocabularies: Vocabularies, vocabulary: str) -> Iterable[tuple[str, set[str], set[str]]]:
    kind = THESAURUS.get(vocabulary)
    if kind:
        for concept in vocabularies.concepts.values():
            if concept.kind == kind and not concept.retired:
                preferred = {fold(label) for label in concept.preferred.values()}
                yield concept.id, preferred, {fold(label) for label in concept.all_labels}
        return
    for term in vocabularies.terms.get(vocabulary, {}).values():
        if not term.retired:
            yield term.id, {fold(label) for label in term.labels.values()}, set()


def offered(vocabularies: Vocabularies, vocabulary: str, text: str, lang: str, limit: int = 8) -> list[tuple[str, str]]:
    """Return ids and labels of the terms in which every word of ``text`` begins a word: those that begin so first.

    Behind them come the names that are nearly the same: what is mistyped is found, and nothing is added twice.
    """
    words = fold(text).split()
    if not words:
        return []
    found, others_left = [], {}
    for id, preferred, others in _labels(vocabularies, vocabulary):
        best = min((_rank(label, words) for label in preferred | others), default=9)
        if best < 9:
            found.append((best, str(vocabularies.label(vocabulary, id, lang)), id))
        else:
            others_left[id] = preferred | others
    begun = [(id, label) for _, label, id in sorted(found)[:limit]]
    near = nearly_the_same(fold(text), others_left, limit - len(begun))
    return [*begun, *((id, str(vocabularies.label(vocabulary, id, lang))) for id in near)]


def _rank(label: str, words: Sequence[str]) -> int:
    begun = label.replace("-", " ").replace("'", " ").split()
    if not all(any(part.startswith(word) for part in begun) for word in words):
        return 9
    return 0 if label == " ".join(words) else 1 if label.startswith(words[0]) else 2
