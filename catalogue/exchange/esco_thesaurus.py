"""ESCO's occupations as concepts of the thesaurus, in a file of their own, brought up to date by every import.

Every occupation of ESCO is a concept of this file under an id of its own. Where another thesaurus file names its URI
the centre describes it itself, with the words it chose to show: ESCO's concept is then retired and replaced by the
centre's, as a thesaurus sends the reader from a term that is not used to the one that is. Its labels are never shown.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from catalogue import atomic, yamlfile
from catalogue.errors import N_, Problem, WriteFailed
from catalogue.exchange.esco import Occupation
from catalogue.folding import fold
from catalogue.shapes import write_group
from catalogue.vocabulary import Concept, Vocabularies, read_concepts

ADDED = N_("added")
CHANGED = N_("changed")
UNCHANGED = N_("unchanged")
RETIRED = N_("retired, because they left ESCO")
FATES = (ADDED, CHANGED, UNCHANGED, RETIRED)
REPLACED = N_("of these, lead to the centre's own concept")

_ORDER = ("id", "uri", "kind", "labels")
_LONGEST_ID = 70  # leaves room for "esco-" before it and a number behind it
_HEAD = b"""\
# The occupations of ESCO, written by `catalogue thesaurus import-esco`; running it again brings them up to date.
# To change one, describe it with its uri in a file of your own beside this one: only your words are shown from then on.
# This service uses the ESCO classification of the European Commission.

"""


@dataclass(frozen=True)
class Import:
    """What an import makes of the file: the concepts it will hold, and what happens to each (id → one of FATES)."""

    concepts: tuple[Concept, ...]
    fates: Mapping[str, str]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many concepts share each fate, in the order of FATES, and how many of all are REPLACED."""
        counter = Counter(self.fates.values())
        counter[REPLACED] = sum(bool(concept.replaced_by) for concept in self.concepts)
        return {fate: counter[fate] for fate in (*FATES, REPLACED)}


def prepare(occupations: Iterable[Occupation], path: Path, problems: list[Problem]) -> Import:
    """Compare ``occupations`` with the file at ``path`` and with the other thesaurus files beside it.

    Faults of these files go to ``problems``; with one in them nothing should be written, for an id or a URI that
    could not be read would be given a second time.
    """
    own = read_concepts([path], problems) if path.exists() else {}
    others = read_concepts((other for other in path.parent.glob("*.yaml") if other != path), problems)
    return merge(occupations, own, others)


def merge(occupations: Iterable[Occupation], own: Mapping[str, Concept], others: Mapping[str, Concept]) -> Import:
    """Return ESCO's occupations as concepts beside ``others``, those of ``own`` (the file so far) under their ids.

    In use is what stands in ESCO and is not described in ``others``; the rest is retired, and keeps its id.
    """
    occupations = sorted(occupations, key=lambda occupation: occupation.uri)
    described = {uri: others[id].replaced_by or id for uri, id in Vocabularies(concepts=others).by_uri.items()}
    kept = {id: concept for id, concept in own.items() if id not in others}  # the rest was moved to a file by hand
    before = {concept.uri: concept for concept in kept.values() if concept.uri}
    ids = _ids(occupations, before, {*own, *others})
    by_code = {o.code: described.get(o.uri, ids[o.uri]) for o in occupations if o.code}
    fresh = {ids[o.uri]: _concept(o, ids[o.uri], before.get(o.uri), by_code) for o in occupations}
    concepts = {
        id: _settled(concept, described.get(concept.uri, ""), id in fresh) if concept.in_esco else concept
        for id, concept in sorted({**kept, **fresh}.items())
    }
    fates = {id: _fate(concept, own.get(id)) for id, concept in concepts.items()}
    return Import(tuple(concepts.values()), fates)


def write(path: Path, concepts: Iterable[Concept], head: bytes = _HEAD) -> None:
    """Replace the file at ``path`` by ``concepts``; what did not change keeps its bytes.

    A new one begins with ``head``. Raises WriteFailed when the disk refuses;
    the old file is then untouched.
    """
    try:
        old = path.read_bytes() if path.exists() else head
        new = yamlfile.rewrite_list(old, [write_group(concept) for concept in concepts], _ORDER)
    except (OSError, ValueError) as error:
        raise WriteFailed(path=path, reason=str(error)) from error
    if new != old:
        atomic.write_bytes(path, new)


def _concept(occupation: Occupation, id: str, old: Concept | None, by_code: Mapping[str, str]) -> Concept:
    """Return the concept of an occupation; a language that was not imported this time keeps its labels."""
    labels = {**(old.labels if old else {}), **occupation.labels}
    parent = by_code.get(occupation.code.rpartition(".")[0])
    concept = old or Concept(id=id, kind="occupation", labels=labels)
    return dataclasses.replace(concept, uri=occupation.uri, labels=labels, broader=(parent,) if parent else ())


def _settled(concept: Concept, replaced_by: str, in_esco: bool) -> Concept:
    """Return a concept of ESCO in use or retired. What is replaced has no place of its own in the hierarchy."""
    broader = () if replaced_by else concept.broader
    retired = bool(replaced_by) or not in_esco
    return dataclasses.replace(concept, broader=broader, retired=retired, replaced_by=replaced_by)


def _fate(concept: Concept, old: Concept | None) -> str:
    if old is None:
        return ADDED
    if concept == old:
        return UNCHANGED
    return RETIRED if concept.retired and not (old.retired or concept.replaced_by) else CHANGED


def _ids(occupations: Iterable[Occupation], before: Mapping[str, Concept], taken: set[str]) -> dict[str, str]:
    """Return an id for every URI: the one it has, else a new one that no concept has or had."""
    ids = {uri: concept.id for uri, concept in before.items()}
    for occupation in occupations:
        if occupation.uri not in ids:
            ids[occupation.uri] = _unused(_slug(occupation), taken)
            taken.add(ids[occupation.uri])
    return ids


def _slug(occupation: Occupation) -> str:
    """Return an id made of a label: English where there is one, which favours neither French nor Dutch."""
    lang = next(lang for lang in ("en", "fr", "nl") if occupation.labels.get(lang))
    words = re.sub(r"[^a-z0-9]+", " ", fold(occupation.labels[lang][0]))
    slug = textwrap.shorten(words, _LONGEST_ID, placeholder="").replace(" ", "-")
    return slug if len(slug) > 1 else "occupation"


def _unused(slug: str, taken: set[str]) -> str:
    numbered = (f"esco-{slug}-{number}" for number in itertools.count(2))
    return next(id for id in itertools.chain((slug, f"esco-{slug}"), numbered) if id not in taken)
