"""What staff make of any list of records: what to fetch in walking order, a poster, slides for a tablet.

Every function takes ids, wherever they come from: an editorial list, an advisor's list, a group's.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from catalogue.errors import N_
from catalogue.fields import Holding
from catalogue.resource import Resource
from catalogue.values import CENTRE_LANGUAGES, Said, Text
from catalogue.web import addresses, qr
from catalogue.web.pages import Link, Way
from catalogue.web.present import USES, Presenter
from catalogue.web.walk import walk_to


@dataclass(frozen=True)
class Fetch:
    """A copy to fetch from its shelf."""

    way: Way
    title: Said


@dataclass(frozen=True)
class PickList:
    """What to fetch, as one meets it on a walk through the room; ``elsewhere`` stands on no shelf."""

    fetches: tuple[Fetch, ...]
    elsewhere: tuple[Link, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class PosterHalf:
    """A poster in one of its two languages; ``code`` is the QR of ``address``."""

    kind: Said
    title: Said
    intro: Said
    scan: Said
    display: Said
    address: str
    code: str


@dataclass(frozen=True)
class SlideHalf:
    """A slide in one of its two languages."""

    kind: Said
    title: Said
    note: Said
    use: Said
    display: Said


@dataclass(frozen=True)
class Slide:
    """A record that fills a screen: in both languages, where it stands, a QR that leads a phone to it."""

    kind: str
    theme: str
    halves: tuple[SlideHalf, ...]
    shelves: tuple[Way, ...]
    hosts: tuple[str, ...]
    code: str


def in_both(presenter: Presenter) -> tuple[Presenter, ...]:
    """Return a presenter for each language of the centre, the reader's own first."""
    ordered = sorted(CENTRE_LANGUAGES, key=lambda lang: lang != presenter.lang)
    return tuple(Presenter(presenter.catalogue, lang) for lang in ordered)


def pick_list(presenter: Presenter, ids: Iterable[str]) -> PickList:
    """Return what to fetch for a list of records."""
    wanted = tuple(dict.fromkeys(ids))
    records = presenter.catalogue.visible(wanted)
    copies = [(holding, record) for record in records for holding in record.holdings if holding.shelf]
    copies.sort(key=lambda copy: walk_to(presenter, copy[0].shelf))
    found = {record.id for record in records}
    return PickList(
        fetches=tuple(_fetch(presenter, holding, record) for holding, record in copies),
        elsewhere=tuple(presenter.link(record) for record in records if "shelf" not in record.forms),
        missing=tuple(id for id in wanted if id not in found),
    )


def poster(
    presenter: Presenter,
    kind: str,
    title: Text,
    intro: Text,
    address: Callable[[str], str],
    display_until: datetime.date | None = None,
) -> tuple[PosterHalf, ...]:
    """Return the halves of a poster.

    ``kind``: an English msgid, what is announced; ``address`` gives its absolute address for a language.
    """
    return tuple(
        PosterHalf(
            kind=Said(half._(kind), half.lang),
            title=title.best(half.lang),
            intro=intro.best(half.lang),
            scan=Said(half._(N_("Scan with your phone")), half.lang),
            display=Said(half.display_words(display_until), half.lang),
            address=address(half.lang).partition("://")[2],
            code=qr.picture(address(half.lang)),
        )
        for half in in_both(presenter)
    )


def slides(presenter: Presenter, ids: Iterable[str], notes: Mapping[str, Text]) -> tuple[Slide, ...]:
    """Return a slide for each record; ``notes``: what to say of it below its title, else its summary is said."""
    records = presenter.catalogue.visible(dict.fromkeys(ids))
    return tuple(_slide(presenter, record, notes.get(record.id) or record.summary) for record in records)


def phone_address(presenter: Presenter, record: Resource) -> str:
    """Return where a phone finds a record: on the public site, else at its publisher's; empty where nowhere."""
    public = presenter.catalogue.settings.public_url
    if public:
        return f"{public}{addresses.record(presenter.lang, record.id)}"
    return next((holding.url for holding in record.offered if holding.url), "")


def _fetch(presenter: Presenter, holding: Holding, record: Resource) -> Fetch:
    title = record.title.best(holding.language or presenter.lang)
    return Fetch(presenter.way(holding, presenter.display(record)), title)


def _slide(presenter: Presenter, record: Resource, note: Text) -> Slide:
    ways, address = presenter.ways(record), phone_address(presenter, record)
    shelves = sorted((way for way in ways if way.form == "shelf"), key=lambda way: walk_to(presenter, way.mark))
    return Slide(
        kind=record.kind,
        theme=record.themes[0],
        halves=tuple(_half(half, record, note) for half in in_both(presenter)),
        shelves=tuple(shelves),
        hosts=tuple(dict.fromkeys(way.host for way in ways if way.host)),
        code=qr.picture(address) if address else "",
    )


def _half(half: Presenter, record: Resource, note: Text) -> SlideHalf:
    uses = dict.fromkeys(holding.use for holding in record.holdings if holding.use)
    return SlideHalf(
        kind=half.label("kinds", record.kind),
        title=record.title.best(half.lang),
        note=note.best(half.lang),
        use=Said(" · ".join(half._(USES[use]) for use in uses), half.lang),
        display=Said(half.display(record), half.lang),
    )
