"""``catalogue thesaurus export-skos`` and ``import-skos``: our lists of words for others, and their thesauri."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from catalogue import atomic
from catalogue.errors import N_, BadInput
from catalogue.exchange import esco_thesaurus, skos
from catalogue.i18n import Language
from catalogue.settings import Settings
from catalogue.vocabulary import Concept, Vocabularies, is_id, read_concepts


def add_to(commands: Any, language: Language) -> None:
    """Add both commands to those of ``catalogue thesaurus``."""
    _ = language.gettext
    give = commands.add_parser("export-skos", help=_(N_("write the lists of words and the thesaurus as SKOS")))
    give.add_argument("file", type=Path, metavar="FILE", help=_(N_("its ending says how: .ttl, .rdf or .nt")))
    give.set_defaults(run=_export)
    bring = commands.add_parser("import-skos", help=_(N_("write concepts of SKOS to vocabularies/thesaurus/NAME.yaml")))
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--name", required=True, help=_(N_("what the file of the thesaurus is called")))
    bring.add_argument("--kind", choices=skos.KINDS, default=skos.KINDS[0], help=_(N_("what its concepts are")))
    bring.add_argument("--dry-run", action="store_true", help=_(N_("only say what would change")))
    bring.set_defaults(run=_import)


def _export(arguments: argparse.Namespace, settings: Settings, _language: Language) -> int:
    vocabularies = Vocabularies.load(settings.resources / "vocabularies")
    syntax = skos.SYNTAXES.get(arguments.file.suffix.lower(), "turtle")
    atomic.write_bytes(arguments.file, skos.write(vocabularies, settings.address or "http://localhost", syntax))
    return 0


def _import(arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    _ = language.gettext
    if not is_id(arguments.name):
        raise BadInput(N_("“%(value)s” is no name for a file of the thesaurus: a–z, 0–9 and -."), value=arguments.name)
    if not arguments.file.is_file():
        raise BadInput(N_("There is no file “%(file)s”."), file=arguments.file)
    found = skos.read(arguments.file, arguments.kind).concepts
    target = settings.resources / "vocabularies" / "thesaurus" / f"{arguments.name}.yaml"
    with atomic.lock(settings.var / "thesaurus.lock"):
        fresh = _not_elsewhere(found, target)
        if not arguments.dry_run:
            target.parent.mkdir(parents=True, exist_ok=True)
            esco_thesaurus.write(target, fresh, b"# Written by `catalogue thesaurus import-skos`.\n\n")
    for label, count in ((N_("concepts"), len(fresh)), (N_("already in another file"), len(found) - len(fresh))):
        print(f"{_(label)}: {language.number(count)}")
    if arguments.dry_run:
        print(_(N_("Nothing was written.")))
    return 0


def _not_elsewhere(found: tuple[Concept, ...], target: Path) -> list[Concept]:
    """Return the concepts whose id and URI no other file of the thesaurus has: each stands in one file only."""
    others = [path for path in target.parent.glob("*.yaml") if path != target]
    concepts = read_concepts(others, []) if others else {}
    uris = {concept.uri for concept in concepts.values() if concept.uri}
    return [concept for concept in found if concept.id not in concepts and concept.uri not in uris]
