"""The walk through the room: shelf marks in the order in which one meets them, entrance first."""

from __future__ import annotations

import re

from catalogue.web.present import Presenter

Walk = tuple[int, tuple[tuple[int, str], ...]]
"""The place of a shelf, then the numbers and letters of the mark on it: ``K2.4`` comes before ``K2.10``."""

NOWHERE: Walk = (1_000_000, ())
"""Behind every shelf."""


def walk_to(presenter: Presenter, mark: str) -> Walk:
    """Return what a shelf mark sorts by. An unknown shelf comes behind all others."""
    shelf, _, rest = mark.partition(".")
    order = presenter.vocabularies.order("shelves")
    numbers = tuple((int(digits or 0), letters) for digits, letters in re.findall(r"(\d+)|([^\d.]+)", rest))
    return order.get(shelf, len(order)), numbers
