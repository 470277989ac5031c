"""A result in whose files the words stand: on which page or at which second, with the words around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from catalogue.errors import N_
from catalogue.fields import HeldFile
from catalogue.inside import Inside
from catalogue.resource import Resource
from catalogue.search.explain import Explainer, Marked
from catalogue.search.within import Standing, Within
from catalogue.service import Catalogue
from catalogue.web import addresses
from catalogue.web.pages import InsideView
from catalogue.web.player import clock

_PLACES = {"page": N_("Page %(page)s"), "second": N_("At %(time)s"), "": N_("In the text")}


@dataclass(frozen=True)
class Place:
    """A passage of a file. ``number``: that of its holding, from 1; ``at``: its page or second."""

    number: int
    file: HeldFile
    unit: str
    at: int
    lang: str
    text: Marked


def look_inside(catalogue: Catalogue, record: Resource, explainer: Explainer, lang: str) -> Place | None:
    """Return the passage with most of the words that the record's own texts lack, in the reader's language first."""
    files = sorted(_files(record), key=lambda pair: pair[1].lang not in (lang, ""))
    missing = explainer.missing(catalogue.document(record)) if files else frozenset()
    best, most = None, 0
    within = Within(explainer.plan, explainer)
    for number, file in files if missing else ():
        inside = catalogue.file_texts.inside(file.path)
        passages = inside.passages if inside else ()
        texts = [
            (p.lang or file.lang, p.text, f) for p, f in zip(passages, inside.folded if inside else (), strict=True)
        ]
        found = within.find(texts, missing)
        if inside and found and len(found.parts) > most:
            most = len(found.parts)
            best = number, file, inside, found
    return _place(within, *best) if best else None


def inside_view(place: Place, record: Resource, lang: str, translate: Callable[[str], str]) -> InsideView:
    """Return how a passage is shown to a reader of ``lang``."""
    words = translate(_PLACES[place.unit]) % {"page": place.at, "time": clock(place.at)}
    return InsideView(words, _address(place, record, lang), place.text, place.lang)


def _files(record: Resource) -> Iterator[tuple[int, HeldFile]]:
    for number, holding in enumerate(record.holdings, 1):
        if not holding.suspended:
            yield from ((number, file) for file in holding.files)


def _place(within: Within, number: int, file: HeldFile, inside: Inside, found: Standing) -> Place:
    """Return a passage with its words; a subtitle with those before and after it, which finish its sentence."""
    passage = inside.passages[found.number]
    around = inside.passages[max(0, found.number - 1) : found.number + 2] if inside.unit == "second" else (passage,)
    lang = passage.lang or file.lang
    text = within.shown(" ".join(each.text for each in around), lang, found.parts)
    return Place(number, file, inside.unit, passage.place, lang or "und", text)


def _address(place: Place, record: Resource, lang: str) -> str:
    if place.unit == "second":
        return addresses.second(lang, record.id, place.number, place.at)
    if place.file.role != "file":
        return addresses.second(lang, record.id, place.number)
    if place.unit == "page":
        return addresses.page_of(lang, record.id, place.number, place.at)
    return addresses.media(place.file.path)
