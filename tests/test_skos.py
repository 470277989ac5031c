"""Vocabularies and thesaurus out as SKOS and in again; SKOS of others; and our JSON-LD as RDF."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDF

from catalogue import skos_commands
from catalogue.errors import BadInput
from catalogue.exchange import skos
from catalogue.exchange.crosswalk import Naming
from catalogue.exchange.jsonld import to_jsonld
from catalogue.i18n import languages
from catalogue.settings import Settings
from catalogue.store import Store
from catalogue.vocabulary import Vocabularies
from tests.conftest import PROJECT

BASE = "https://catalogue.example"


@pytest.fixture(scope="module")
def vocabularies() -> Vocabularies:
    return Vocabularies.load(PROJECT / "resources" / "vocabularies")


@pytest.mark.parametrize(("ending", "syntax"), [(".ttl", "turtle"), (".rdf", "xml"), (".nt", "nt")])
def test_what_goes_out_comes_back(vocabularies: Vocabularies, tmp_path: Path, ending: str, syntax: str) -> None:
    if syntax != "turtle":  # the syntaxes are rdflib's: a small thesaurus shows that they are all asked rightly
        few = dict(list(vocabularies.concepts.items())[:20])
        vocabularies = dataclasses.replace(vocabularies, concepts=few)
    file = tmp_path / f"lists{ending}"
    file.write_bytes(skos.write(vocabularies, BASE, syntax))
    back = skos.read(file)
    assert back.terms.keys() == vocabularies.terms.keys()
    for name, terms in vocabularies.terms.items():
        wanted = [dataclasses.replace(term, colour="", order=0) for term in terms.values()]
        assert [dataclasses.replace(term, order=0) for term in back.terms[name]] == wanted, "only the colours are lost"
    found = {concept.id: concept for concept in back.concepts}
    assert found.keys() == vocabularies.concepts.keys()
    for concept in vocabularies.concepts.values():
        other = found[concept.id]
        assert (other.kind, other.uri, other.retired, other.note) == (
            concept.kind, concept.uri, concept.retired, concept.note,
        )  # fmt: skip
        assert other.preferred == concept.preferred
        assert {lang: set(labels) for lang, labels in other.labels.items()} == {
            lang: set(labels) for lang, labels in concept.labels.items()
        }
        known = set(vocabularies.concepts)
        assert set(other.broader) == set(concept.broader) & known
        assert set(other.related) == set(concept.related) & known


def test_a_thesaurus_of_others_gets_ids_of_its_labels(tmp_path: Path) -> None:
    file = tmp_path / "theirs.ttl"
    file.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        '<http://x.example/1> a skos:Concept; skos:prefLabel "Santé"@fr, "Gezondheid"@nl-BE;\n'
        '  skos:altLabel "Soins"@fr.\n'
        '<http://x.example/2> a skos:Concept; skos:prefLabel "Santé"@fr; skos:broader <http://x.example/1>.\n'
        "<http://x.example/3> a skos:Concept.\n"
    )
    one, two = skos.read(file, "occupation").concepts
    assert (one.id, one.uri, one.kind) == ("sante", "http://x.example/1", "occupation")
    assert one.labels == {"fr": ("Santé", "Soins"), "nl": ("Gezondheid",)}
    assert (two.id, two.broader) == ("sante-2", ("sante",))


def test_a_thesaurus_of_others_is_brought_in_beside_ours_by_command(centre: Path, tmp_path: Path) -> None:
    file = tmp_path / "theirs.ttl"
    file.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        '<http://x.example/1> a skos:Concept; skos:prefLabel "Vannerie"@fr, "Mandenvlechten"@nl .\n'
    )
    settings = Settings(resources=centre, state=f"sqlite:///{tmp_path / 'var' / 'c.db'}")
    before = Vocabularies.load(centre / "vocabularies")
    for command in (["import-skos", str(file), "--name", "theirs"], ["export-skos", str(tmp_path / "ours.ttl")]):
        arguments = argparse.ArgumentParser()
        skos_commands.add_to(arguments.add_subparsers(), languages()["fr"])
        parsed = arguments.parse_args(command)
        assert parsed.run(parsed, settings, languages()["fr"]) == 0
    after = Vocabularies.load(centre / "vocabularies")
    assert after.concepts.keys() - before.concepts.keys() == {"vannerie"}
    assert {c.id for c in skos.read(tmp_path / "ours.ttl").concepts} == after.concepts.keys()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.ttl", "this is no turtle", "no RDF"),
        ("a.rdf", '<!DOCTYPE r [<!ENTITY x "y">]><rdf:RDF xmlns:rdf="x"/>', "harm"),
        ("a.rdf", "<oops", "no RDF"),
    ],
)
def test_what_is_no_rdf_or_does_harm_is_refused(tmp_path: Path, name: str, text: str, words: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(BadInput, match=words):
        skos.read(file)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of rdflib's own
def test_rdflib_reads_our_json_ld(vocabularies: Vocabularies) -> None:
    store = Store(PROJECT / "resources")
    store.terms = vocabularies
    store.load()
    naming = Naming.of(vocabularies, "nl", f"{BASE}/nl/record/{{}}".format, f"{BASE}/{{}}".format)
    schema = rdflib.Namespace("https://schema.org/")
    for record in list(store.records.values())[::10]:
        made = to_jsonld(record, naming) | {"@context": {"@vocab": str(schema)}}  # theirs would be fetched
        graph = rdflib.Graph().parse(data=json.dumps(made), format="json-ld")
        node = rdflib.URIRef(f"{BASE}/nl/record/{record.id}")
        assert (node, RDF.type, None) in graph
        names = {
            (str(name), name.language) for name in graph.objects(node, schema.name) if isinstance(name, rdflib.Literal)
        }
        assert names == {(text, lang) for lang, text in record.title.items()}
