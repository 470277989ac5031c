"""A list as it is printed for one person: in their language, headings also in the centre's own, shelves as one walks.

A document keeps the number it has on the list; the walk along the shelves names the numbers in another order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

from catalogue.errors import N_
from catalogue.i18n import Language, languages
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.state import HandedList
from catalogue.values import CENTRE_LANGUAGES, Said
from catalogue.web import addresses, codes, phrases, qr
from catalogue.web.advisor.pages import Heading, Place, Sheet, SheetItem, Step
from catalogue.web.listing import record_of
from catalogue.web.pages import Way
from catalogue.web.present import Presenter
from catalogue.web.walk import walk_to

ADDRESS_LENGTH = 42
"""A longer web address is not typed from paper: its site is named, and the code leads to the page."""

MOST_PLACES = 2
"""Copies named for one document: in the reader's language first."""

TITLES = {
    "group": N_("The list of our group"),
    "advisor": N_("The list of my talk"),
    "visitor": N_("My list"),
}
VALID = N_("Valid until %(day)s")
_HOW = N_("Type this code on a computer of the centre, or scan the square with a phone.")
_HOW_HERE = N_("Type this code on a computer of the centre, or scan the square with a tablet here.")
_WALK = N_("Along the shelves, in this order")
_NOBODY = N_("Nobody’s name is kept with this list.")

Params = Callable[[Language], Mapping[str, object]]


def heading(msgid: str, lang: str, params: Params = lambda _: {}) -> Heading:
    """Return a heading in a language, with the centre's other languages beside it."""

    def said(code: str) -> Said:
        language = languages()[code]
        return Said(language.gettext(msgid) % dict(params(language)), code)

    return Heading(said(lang), tuple(said(code) for code in CENTRE_LANGUAGES if code != lang))


def valid(kept: HandedList, lang: str) -> Heading:
    """Return until when a code opens its list."""
    return heading(VALID, lang, lambda language: {"day": language.date(kept.expires.date())})


def make_sheet(catalogue: Catalogue, kept: HandedList, link: str) -> Sheet:
    """Return the sheet of a list. Documents that are no longer there are left out; the others keep their order."""
    lang = kept.lang if kept.lang in languages() else CENTRE_LANGUAGES[0]
    presenter = Presenter(catalogue, lang)
    there = [(record, item.why) for item in kept.items if (record := record_of(catalogue, item.id))]
    items = tuple(_item(presenter, number, *pair) for number, pair in enumerate(there, 1))
    return Sheet(
        lang=lang,
        centre=catalogue.contents.frame.centre.name.names(lang),
        title=heading(TITLES.get(kept.origin, TITLES["visitor"]), lang),
        how=heading(_HOW if catalogue.settings.public_url else _HOW_HERE, lang),
        code=codes.shown(kept.code),
        link=short(link),
        qr=qr.picture(link),
        valid=valid(kept, lang),
        nobody=heading(_NOBODY, lang),
        items=items,
        walk_title=heading(_WALK, lang),
        walk=tuple(_walk(items)),
    )


def short(address: str) -> str:
    """Return a web address as people type it; only its site where it is long."""
    plain = address.partition("://")[2].removeprefix("www.").rstrip("/")
    return plain if len(plain) <= ADDRESS_LENGTH else f"{plain.partition('/')[0]}/…"


def _item(presenter: Presenter, number: int, record: Resource, why: str) -> SheetItem:
    ways = presenter.ways(record)
    link = next((way.href for way in ways if way.form == "link"), "")
    shelves = {way.mark: way for way in ways if way.form == "shelf"}
    return SheetItem(
        number=number,
        titles=record.title.names(presenter.lang),
        why=phrases.said(presenter.vocabularies, why, presenter.lang),
        places=_places(presenter, list(shelves.values())[:MOST_PLACES]),
        address=short(link) if link else "",
        phone=record.contact.phone if record.contact else "",
        when=presenter.when(record),
        href=link or addresses.record(presenter.lang, record.id),
    )


def _places(presenter: Presenter, ways: Sequence[Way]) -> tuple[Place, ...]:
    """Return where the copies stand; the name of a shelf is said once."""
    told: set[str] = set()
    places = []
    for way in ways:
        shelf = way.shelf if way.shelf.text not in told else Said("", presenter.lang)
        told.add(way.shelf.text)
        language = way.language.text if way.language_code not in ("", presenter.lang) else ""
        places.append(Place(walk_to(presenter, way.mark), way.mark, shelf, way.colour, way.use, language))
    return tuple(places)


def _walk(items: Iterable[SheetItem]) -> Iterable[Step]:
    """Yield the shelf marks in walking order, each with the numbers of the documents that stand there."""
    stops = sorted((item.places[0].rank, item.number, item.places[0]) for item in items if item.places)
    for _, same in groupby(stops, key=lambda stop: stop[0]):
        found = list(same)
        yield Step(found[0][2], tuple(number for _, number, _ in found))
