"""Vocabularies and thesaurus as SKOS (https://www.w3.org/TR/skos-reference/), both ways.

rdflib is an extra (``pip install catalogue[rdf]``): only who exchanges vocabularies needs it. Read are Turtle,
N-Triples and RDF/XML without entities; JSON-LD is not, because its contexts would be fetched from elsewhere.
The colour of a shelf is this site's own and is lost; the place in a list is kept by ``sh:order`` (SHACL).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalogue.errors import N_, BadInput
from catalogue.folding import fold
from catalogue.values import Text
from catalogue.vocabulary import Concept, Term, Vocabularies

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

SYNTAXES: Mapping[str, str] = {".ttl": "turtle", ".nt": "nt", ".rdf": "xml", ".xml": "xml", ".owl": "xml"}
"""Ending of a file → syntax that is read and written."""

MOST_BYTES = 100_000_000
KINDS = ("subject", "occupation")

_SH_ORDER = "http://www.w3.org/ns/shacl#order"


@dataclass(frozen=True)
class Lists:
    """What a file of SKOS holds: terms by vocabulary, and concepts of the thesaurus."""

    terms: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    concepts: tuple[Concept, ...] = ()


def write(vocabularies: Vocabularies, base: str, syntax: str = "turtle") -> bytes:
    """Return every vocabulary and the thesaurus as RDF. ``base``: the address below which their URIs stand."""
    made: bytes = _Writing(vocabularies, base.rstrip("/")).graph().serialize(format=syntax, encoding="utf-8")
    return made


def read(path: Path, kind: str = "subject") -> Lists:
    """Read a file of SKOS. Concepts of others' schemes are of ``kind``; ours know theirs.

    Raises BadInput for what is no RDF, what is dangerous, and what is too big.
    """
    syntax = SYNTAXES.get(path.suffix.lower(), "turtle")
    data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
    if not data:
        raise BadInput(N_("This file is too big: at most %(most)s MB can be read."), most=MOST_BYTES // 1_000_000)
    if syntax == "xml" and b"<!DOCTYPE" in data[:100_000].replace(b"\0", b""):
        raise BadInput(N_("This RDF/XML declares entities, which can do harm. Save it as Turtle (.ttl)."))
    graph = _rdflib().Graph()
    try:
        graph.parse(data=data, format=syntax)
    except Exception as error:  # rdflib's parsers raise whatever their libraries do
        detail = " ".join(str(error).split())[:200]
        raise BadInput(N_("This file is no RDF (%(detail)s)."), detail=detail) from error
    return _Reading(graph, kind).lists()


def _rdflib() -> Any:
    try:
        import rdflib
    except ImportError as error:
        raise BadInput(N_("SKOS needs the extra “rdf”: pip install catalogue[rdf].")) from error
    return rdflib


class _Writing:
    def __init__(self, vocabularies: Vocabularies, base: str) -> None:
        self.vocabularies, self.base, self.rdf = vocabularies, base, _rdflib()
        self.made: Graph = self.rdf.Graph()
        self.skos = self.rdf.namespace.SKOS

    def graph(self) -> Graph:
        for name, terms in self.vocabularies.terms.items():
            self._scheme(name)
            for order, term in enumerate(terms.values(), 1):
                node = self._term(name, term)
                self.made.add((node, self.rdf.URIRef(_SH_ORDER), self.rdf.Literal(order)))
        for kind in KINDS:
            self._scheme(f"{kind}s")
        for concept in self.vocabularies.concepts.values():
            self._concept(concept)
        return self.made

    def _scheme(self, name: str) -> None:
        self.made.add((self._uri(name), self.rdf.RDF.type, self.skos.ConceptScheme))
        self._say(self._uri(name), self.rdf.namespace.DCTERMS.identifier, name)

    def _uri(self, name: str, id: str = "") -> Any:
        return self.rdf.URIRef(f"{self.base}/vocabulary/{name}" + (f"/{id}" if id else ""))

    def _say(self, node: Any, property: Any, text: str, lang: str = "") -> None:
        if text:
            self.made.add((node, property, self.rdf.Literal(text, lang=lang or None)))

    def _entry(self, name: str, entry: Term | Concept) -> Any:
        node, terms = self._uri(name, entry.id), self.rdf.namespace.DCTERMS
        self.made.add((node, self.rdf.RDF.type, self.skos.Concept))
        self.made.add((node, self.skos.inScheme, self._uri(name)))
        self._say(node, self.skos.notation, entry.id)
        if entry.retired:
            self.made.add((node, self.rdf.OWL.deprecated, self.rdf.Literal(True)))
        if entry.replaced_by:
            self.made.add((node, terms.isReplacedBy, self._named(name, entry.replaced_by)))
        return node

    def _term(self, name: str, term: Term) -> Any:
        node = self._entry(name, term)
        for lang, label in term.labels.items():
            self._say(node, self.skos.prefLabel, label, lang)
        for lang, text in term.detail.items():
            self._say(node, self.skos.note, text, lang)
        if term.url:
            self.made.add((node, self.rdf.RDFS.seeAlso, self.rdf.URIRef(term.url)))
        return node

    def _concept(self, concept: Concept) -> None:
        node = self._entry(f"{concept.kind}s", concept)
        for lang, labels in concept.labels.items():
            self._say(node, self.skos.prefLabel, labels[0], lang)
            for label in labels[1:]:
                self._say(node, self.skos.altLabel, label, lang)
        for lang, text in concept.note.items():
            self._say(node, self.skos.scopeNote, text, lang)
        for property, ids in ((self.skos.broader, concept.broader), (self.skos.related, concept.related)):
            for id in ids:
                self.made.add((node, property, self._named("", id)))
        if concept.uri:
            self.made.add((node, self.skos.exactMatch, self.rdf.URIRef(concept.uri)))

    def _named(self, name: str, id: str) -> Any:
        """Return the URI of a concept wherever it stands; of a term in its own list."""
        concept = self.vocabularies.concepts.get(id)
        if name in ("", "subjects", "occupations"):
            return self._uri(f"{concept.kind}s" if concept else "subjects", id)
        return self._uri(name, id)


class _Reading:
    def __init__(self, graph: Graph, kind: str) -> None:
        self.graph, self.kind, self.rdf = graph, kind, _rdflib()
        self.skos, self.terms = self.rdf.namespace.SKOS, self.rdf.namespace.DCTERMS
        self.schemes = {node: str(text) for node, text in graph.subject_objects(self.terms.identifier)}
        self.nodes = sorted(graph.subjects(self.rdf.RDF.type, self.skos.Concept), key=self._order)
        self.ids = self._ids()

    def lists(self) -> Lists:
        terms: dict[str, list[Term]] = {}
        concepts = []
        for node in self.nodes:
            name = next((self.schemes[s] for s in self._all(node, self.skos.inScheme) if s in self.schemes), "")
            kind = name.removesuffix("s") if name.removesuffix("s") in KINDS else self.kind
            if self._texts(node, self.skos.prefLabel):
                if name and name.removesuffix("s") not in KINDS:
                    terms.setdefault(name, []).append(self._term(node))
                else:
                    concepts.append(self._concept(node, kind))
        return Lists({name: tuple(found) for name, found in terms.items()}, tuple(concepts))

    def _term(self, node: Node) -> Term:
        return Term(
            id=self.ids[node],
            labels=Text(self._first(node, self.skos.prefLabel)),
            detail=Text(self._first(node, self.skos.note)),
            url=next(map(str, self._all(node, self.rdf.RDFS.seeAlso)), ""),
            **self._fate(node),
        )

    def _concept(self, node: Node, kind: str) -> Concept:
        labels = {lang: [label] for lang, label in self._first(node, self.skos.prefLabel).items()}
        for lang, others in self._texts(node, self.skos.altLabel).items():
            labels.setdefault(lang, []).extend(others)
        own = self._all(node, self.skos.notation)
        uri = next(map(str, self._all(node, self.skos.exactMatch)), "" if own else str(node))
        return Concept(
            id=self.ids[node],
            kind=kind,
            labels={lang: tuple(dict.fromkeys(found)) for lang, found in labels.items()},
            uri=uri if re.match("https?://", uri) else "",
            broader=self._linked(node, self.skos.broader),
            related=self._linked(node, self.skos.related),
            note=Text({k: v for k, v in self._first(node, self.skos.scopeNote).items() if k in ("fr", "nl", "en")}),
            **self._fate(node),
        )

    def _fate(self, node: Node) -> dict[str, Any]:
        deprecated = any(str(value) == "true" for value in self._all(node, self.rdf.OWL.deprecated))
        replaced = self._linked(node, self.terms.isReplacedBy)
        return {"retired": deprecated, "replaced_by": next(iter(replaced), "")}

    def _linked(self, node: Node, property: Any) -> tuple[str, ...]:
        return tuple(self.ids[other] for other in self._all(node, property) if other in self.ids)

    def _all(self, node: Node, property: Any) -> list[Node]:
        return sorted(self.graph.objects(node, property), key=str)

    def _texts(self, node: Node, property: Any) -> dict[str, list[str]]:
        made: dict[str, list[str]] = {}
        for literal in self._all(node, property):
            lang = str(getattr(literal, "language", None) or "").partition("-")[0]
            if re.fullmatch("[a-z]{2,3}", lang):
                made.setdefault(lang, []).append(" ".join(str(literal).split()))
        return made

    def _first(self, node: Node, property: Any) -> dict[str, str]:
        return {lang: texts[0] for lang, texts in self._texts(node, property).items()}

    def _order(self, node: Node) -> tuple[int, str]:
        order = next(iter(self.graph.objects(node, self.rdf.URIRef(_SH_ORDER))), None)
        return (int(str(order)) if str(order).isdigit() else 0, str(node))

    def _ids(self) -> dict[Node, str]:
        """Return an id for every concept: its notation where that has the form of one, else its label, numbered."""
        made: dict[Node, str] = {}
        taken: set[tuple[str, str]] = set()
        for node in self.nodes:
            scheme = next(map(str, self._all(node, self.skos.inScheme)), "")
            notation = next(map(str, self._all(node, self.skos.notation)), "")
            labels = self._first(node, self.skos.prefLabel)
            label = next((labels[lang] for lang in ("en", "fr", "nl", *labels) if lang in labels), "")
            slug = re.sub("[^a-z0-9]+", "-", fold(label)).strip("-")[:70] or "concept"
            id = notation if re.fullmatch("[A-Za-z0-9][A-Za-z0-9-]{0,79}", notation) else slug
            made[node] = next(i for i in _numbered(id) if (scheme, i) not in taken)
            taken.add((scheme, made[node]))
        return made


def _numbered(id: str) -> Iterator[str]:
    yield id
    number = 2
    while True:
        yield f"{id}-{number}"
        number += 1
