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

MOST_CHARACTERS = 8_000_000
"""Of the files looked into for one page of results, the first ones first: twenty books of 200 pages."""

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


class Looking:
    """Looks inside the files behind one page of results for a reader of ``lang``."""

    def __init__(self, catalogue: Catalogue, explainer: Explainer, lang: str) -> None:
        self._catalogue, self._explainer, self._lang = catalogue, explainer, lang
        self._within = Within(explainer.plan, explainer)
        self._left = MOST_CHARACTERS

    def place(self, record: Resource) -> Place | None:
        """Return the passage with most of the words that the record's own texts lack, in the reader's language first.

        None where there is none, and where those before it on the page were as long as one page can be.
        """
        files = sorted(_files(record), key=lambda pair: pair[1].lang not in (self._lang, ""))
        missing = self._explainer.missing(self._catalogue.document(record)) if files else frozenset()
        best, most = None, 0
        for number, file in files if missing else ():
            inside = self._inside(file)
            found = self._within.find(_texts(inside, file.lang), missing)
            if found and len(found.parts) > most:
                most = len(found.parts)
                best = number, file, inside, found
        return _place(self._within, *best) if best else None

    def _inside(self, file: HeldFile) -> Inside:
        found = self._catalogue.file_texts.inside(file.path) if self._left > 0 else None
        self._left -= found.length if found else 0
        return found or Inside()


def _texts(inside: Inside, lang: str) -> list[tuple[str, str, str]]:
    passages = zip(inside.passages, inside.folded, strict=True)
    return [(passage.lang or lang, passage.text, folded) for passage, folded in passages]


def inside_view(place: Place, record: Resource, lang: str, translate: Callable[[str], str]) -> InsideView:
    """Return how a passage is shown to a reader of ``lang``."""
    words = translate(_PLACES[place.unit]) % {"page": place.at, "time": clock(place.at)}
    return InsideView(words, address(place, record, lang), place.text, place.lang)


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


def address(place: Place, record: Resource, lang: str) -> str:
    """Return where a passage opens: a page of a PDF, a second of a film in its player."""
    if place.unit == "second":
        return addresses.second(lang, record.id, place.number, place.at)
    if place.file.role != "file":
        return addresses.second(lang, record.id, place.number)
    if place.unit == "page":
        return addresses.page_of(lang, record.id, place.number, place.at)
    return addresses.media(place.file.path)
