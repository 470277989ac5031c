"""The entries of the lists: a term of a vocabulary, a concept of the thesaurus."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from catalogue.errors import N_
from catalogue.shapes import ID, Address, Choice, Line, Many, Number, Pattern, Texts, Truth, Words, declare
from catalogue.values import Text

EVERY_CENTRE, SHARED_BY_CENTRES = "all", "shared"
RESERVED: Mapping[str, tuple[str, ...]] = {"centres": (EVERY_CENTRE, SHARED_BY_CENTRES)}
"""Ids that mean something else where terms of a vocabulary are chosen, so that no term has them."""

_ID = Pattern(r"[a-z0-9][a-z0-9-]{0,79}", "health-care")


@dataclass(frozen=True, kw_only=True)
class Term:
    """One entry of a vocabulary. ``detail`` is a second line, ``colour`` a theme's id (shelves).

    The second line of a language is what its readers are told who come in by it, in that language alone.
    """

    id: str = declare(N_("Id"), Pattern(r"[A-Za-z0-9][A-Za-z0-9-]{0,79}", "health-care"), required=True)
    labels: Text = declare(N_("Labels"), Texts(languages=None), Text(), required=True)
    detail: Text = declare(N_("Second line"), Texts(languages=None), Text())
    order: int = declare(N_("Order"), Number(0, 1_000_000), 0)
    colour: str = declare(N_("Colour"), Line())
    retired: bool = declare(N_("Retired"), Truth(), False)
    replaced_by: str = declare(N_("Replaced by"), _ID)
    url: str = declare(N_("Web address"), Address())


@dataclass(frozen=True, kw_only=True)
class Concept:
    """A thesaurus concept. ``labels[lang][0]`` is the preferred label, the others are what people also say."""

    id: str = declare(N_("Id"), _ID, required=True)
    kind: str = declare(N_("Kind"), Choice(("occupation", "subject")), required=True)
    labels: Mapping[str, tuple[str, ...]] = declare(N_("Labels"), Words(), None, required=True)
    uri: str = declare(N_("Web address"), Address())
    broader: tuple[str, ...] = declare(N_("Broader"), Many(_ID), ())
    related: tuple[str, ...] = declare(N_("Related"), Many(_ID), ())
    note: Text = declare(N_("Note"), Texts(), Text())
    retired: bool = declare(N_("Retired"), Truth(), False)
    replaced_by: str = declare(N_("Replaced by"), _ID)

    @property
    def preferred(self) -> Text:
        """The preferred label in each language."""
        return Text({lang: labels[0] for lang, labels in self.labels.items() if labels})

    @property
    def all_labels(self) -> tuple[str, ...]:
        """Its labels in all languages."""
        return tuple(label for labels in self.labels.values() for label in labels)

    @property
    def in_esco(self) -> bool:
        """Whether this is a concept of ESCO, whose terms carry a notice wherever they show."""
        return self.uri.startswith("http://data.europa.eu/esco/")


def is_id(text: str) -> bool:
    """Tell whether ``text`` has the form of a record id."""
    return re.fullmatch(ID, text) is not None
