"""The cover of a record as staff see it while they write: the picture chosen, whether visitors see it or not."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from catalogue.resource import Resource
from catalogue.web import addresses
from catalogue.web.covers import cover
from catalogue.web.pages import CoverView
from catalogue.web.present import Presenter


def cover_for_staff(presenter: Presenter, record: Resource) -> CoverView:
    """Return the cover of a record that may not be saved yet."""
    view = cover(presenter, record)
    own = record.cover.file if record.cover else ""
    if not own or view.path == own or own not in presenter.catalogue.media.files():
        return view
    see = addresses.desk(presenter.lang, f"files/see/{quote(own.removeprefix('media/'))}")
    return replace(view, src=see, srcset="", path=own)
