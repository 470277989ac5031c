"""The cover of a record as staff see it while they write: the picture chosen, whether visitors see it or not."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from catalogue.resource import Resource
from catalogue.web import addresses
from catalogue.web.covers import alternative, cover
from catalogue.web.pages import CoverView, RecordPage
from catalogue.web.present import Presenter


def cover_for_staff(presenter: Presenter, record: Resource) -> CoverView:
    """Return the cover of a record that may not be saved yet."""
    view = cover(presenter, record)
    own = record.cover.file if record.cover else ""
    if not own or view.path == own or own not in presenter.catalogue.media.files():
        return view
    see = addresses.desk(presenter.lang, f"files/see/{quote(own.removeprefix('media/'))}")
    alt = alternative(presenter, record, record.pictured[0])
    return replace(view, src=see, srcset="", width=0, height=0, alt=alt, path=own)


def previewed(page: RecordPage, presenter: Presenter, record: Resource) -> RecordPage:
    """Return the page of a record with the picture that it will have."""
    view = cover_for_staff(presenter, record)
    return replace(page, cover=view) if view.src and not view.srcset else page
