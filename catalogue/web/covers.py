"""Covers as pages print them: a picture where there is one, else the title set on the colour of its theme.

Beside its title, in a list, a cover is decoration (WCAG 2.2, 1.1.1): an alternative text would say twice what a link
says already. On the page of the record the picture says more than the title, so there it has a text: the record's own,
else a plain sentence about what is seen. That has no title in it: the heading beside it is one, and may be in another
language.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from catalogue.errors import N_
from catalogue.fields import PLAYED, HeldFile
from catalogue.inside.covers import Picture
from catalogue.media.kinds import ending_of
from catalogue.resource import Resource
from catalogue.values import Said
from catalogue.web import addresses
from catalogue.web.pages import Card, CoverView
from catalogue.web.present import Presenter

OWN = N_("The cover of this document")
FIRST_PAGE = N_("The first page of this document")
FRAME = N_("A picture from this film")


def with_covers(presenter: Presenter, cards: Iterable[Card]) -> tuple[Card, ...]:
    """Return cards with their covers."""
    records = presenter.catalogue.contents.records
    return tuple(replace(card, cover=cover(presenter, records[card.id])) for card in cards)


def cover(presenter: Presenter, record: Resource) -> CoverView:
    """Return the cover of a record: without an address where no picture of it is there (yet)."""
    found = _found(presenter, record)
    view = CoverView(theme=record.themes[0], kind=record.kind, title=record.title.best(presenter.lang))
    if found is None:
        return view
    file, picture = found
    return replace(
        view,
        src=addresses.cover(picture.mark, picture.widths[min(1, len(picture.widths) - 1)]),
        srcset=", ".join(f"{addresses.cover(picture.mark, width)} {width}w" for width in picture.widths),
        width=picture.width,
        height=picture.height,
        alt=alternative(presenter, record, file),
        path=file.path,
    )


def largest(presenter: Presenter, record: Resource) -> str:
    """Return the address of the largest picture of a record, empty where there is none: for those who quote it."""
    found = _found(presenter, record)
    return addresses.cover(found[1].mark, found[1].widths[-1]) if found else ""


def poster(presenter: Presenter, path: str) -> str:
    """Return the address of a frame of a film, empty where there is none."""
    found = presenter.catalogue.file_pictures.of(path)
    return addresses.cover(found.mark, found.widths[-1]) if found else ""


def _found(presenter: Presenter, record: Resource) -> tuple[HeldFile, Picture] | None:
    """Return the first file that has a picture: that of the record, then those in the reader's language."""
    files = sorted(record.pictured, key=lambda file: (file.role != "cover", file.lang not in (presenter.lang, "")))
    pictures = ((file, presenter.catalogue.file_pictures.of(file.path)) for file in files)
    return next(((file, picture) for file, picture in pictures if picture), None)


def alternative(presenter: Presenter, record: Resource, file: HeldFile) -> Said:
    """Return in words what the picture that a file of the record gives shows."""
    if file.role == "cover" and record.cover and record.cover.alt:
        return record.cover.alt.best(presenter.lang)
    ending = ending_of(file.path)
    said = FIRST_PAGE if ending == ".pdf" else FRAME if ending in PLAYED["film"] else OWN
    return Said(presenter._(said), presenter.lang)
