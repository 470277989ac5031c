"""The values of others' lists in the words of ours: found by id, by label in any language, by an ISO 639-2 code."""

from __future__ import annotations

from collections.abc import Mapping

from catalogue.exchange.targets import Target
from catalogue.fields import STATUSES, USES
from catalogue.folding import fold
from catalogue.vocabulary import Vocabularies

# ISO 639-2, of which library systems write either code, and what people write in columns of languages.
_LANGUAGES = {
    "fre": "fr", "fra": "fr", "dut": "nl", "nld": "nl", "eng": "en", "ger": "de", "deu": "de", "ara": "ar",
    "spa": "es", "ita": "it", "por": "pt", "rum": "ro", "ron": "ro", "rus": "ru", "tur": "tr", "pol": "pl",
    "ukr": "uk", "per": "fa", "fas": "fa", "bul": "bg", "alb": "sq", "sqi": "sq", "som": "so", "pus": "ps",
    "frans": "fr", "ned": "nl", "vlaams": "nl", "flamand": "nl",
}  # fmt: skip

_STATUSES = {
    "brouillon": "draft", "concept": "draft", "publie": "published", "gepubliceerd": "published",
    "retire": "withdrawn", "teruggetrokken": "withdrawn",
}  # fmt: skip
_USES = {
    "a emporter": "take", "mag je meenemen": "take", "meenemen": "take", "a lire sur place": "read",
    "hier te lezen": "read", "consultation sur place": "read", "ter plaatse": "read",
}  # fmt: skip
_KINDS = {
    "livre": "book", "livres": "book", "boek": "book", "boeken": "book", "brochure": "guide", "gids": "guide",
    "depliant": "guide", "folder": "guide", "fiche": "factsheet", "site": "website", "site internet": "website",
    "revue": "press", "periodique": "press", "tijdschrift": "press", "article": "press", "artikel": "press",
    "film": "video", "dvd": "video", "cd": "audio", "podcast": "audio", "organisme": "organisation",
    "association": "organisation", "organisatie": "organisation", "vereniging": "organisation",
    # Types of record of UNIMARC (leader, position 6), which PMB keeps in "typdoc".
    "a": "book", "g": "video", "i": "audio", "j": "audio",
    "formation": "course", "opleiding": "course", "evenement": "event", "agenda": "event",
}  # fmt: skip


class Recogniser:
    """Recognises values of vocabularies. Remembers what it has looked up: a file repeats the same few values."""

    def __init__(self, vocabularies: Vocabularies) -> None:
        self.vocabularies = vocabularies
        self._labels: dict[str, Mapping[str, str]] = {}

    def id_of(self, target: Target, value: str) -> str:
        """Return the id that a cell means; empty where nothing is recognised."""
        if target.words and value in target.words:
            return value
        return self._of(target).get(fold(value).strip(" .,;:"), "")

    def _of(self, target: Target) -> Mapping[str, str]:
        name = target.vocabulary or target.name
        if name not in self._labels:
            self._labels[name] = self._table(name)
        return self._labels[name]

    def _table(self, name: str) -> Mapping[str, str]:
        if name in ("subjects", "occupations"):
            return self._concepts(name.removesuffix("s"))
        if name == "status":
            return {**{word: word for word in STATUSES}, **_STATUSES}
        if name == "holdings.use":
            return {**{word: word for word in USES}, **_USES}
        terms = [term for term in self.vocabularies.terms.get(name, {}).values() if not term.retired]
        found = {"languages": _LANGUAGES, "kinds": _KINDS}.get(name, {})
        known = {term.id for term in terms}
        table = {label: id for label, id in found.items() if id in known}
        table |= {fold(label): term.id for term in reversed(terms) for label in term.labels.values()}
        return table | {fold(term.id): term.id for term in terms}

    def _concepts(self, kind: str) -> Mapping[str, str]:
        """Labels first preferred, then others; a concept of the wanted kind before one of the other."""
        concepts = [c for c in self.vocabularies.concepts.values() if not c.retired]
        concepts.sort(key=lambda concept: concept.kind == kind)
        table = {fold(label): c.id for c in concepts for label in c.all_labels}
        table |= {fold(label): c.id for c in concepts for label in c.preferred.values()}
        return table | {fold(c.uri): c.id for c in concepts if c.uri} | {c.id: c.id for c in concepts}
