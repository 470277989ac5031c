"""``/{lang}/how-results-are-ordered``: the rules in plain words, and the figures the program really uses."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import N_
from catalogue.fields import INDEX_FIELDS
from catalogue.i18n import languages
from catalogue.search.weights import WEIGHTS
from catalogue.web.frame import language_of, make_frame
from catalogue.web.pages import Figure, OrderingPage
from catalogue.web.render import html

WEIGHT_NAMES: Mapping[str, str] = {
    "exact": N_("A word written exactly as you typed it: extra"),
    "parts": N_("A part of a long Dutch word, such as “loopbaan” in “loopbaanbegeleiding”"),
    "family": N_("A word that begins alike, such as “boucher” for “boucherie” (less where less is alike)"),
    "expansion": N_("A word with the same meaning, or its translation"),
    "link": N_("The name of a subject or occupation close to what you typed (less where less is alike)"),
    "follow_links_below": N_("These close names are searched where fewer documents than this have all your words"),
    "leading": N_("The share of the best score from which a document with all your words stands above the line"),
    "title_match": N_("A title or keyword that says just what you typed: extra"),
    "keyword": N_("A keyword that says just what you typed, beside a title that does"),
    "freshness": N_("A recent document: extra, at most"),
    "saturation": N_("How soon the same word, found again in a text, stops counting (k1)"),
    "length": N_("How much a long text is held back, from 0 to 1 (b)"),
}
"""What each figure of ``weights.Weights`` is, in the order of the page."""


def ordering(request: Request) -> Response:
    """Explain the order of the results."""
    lang = language_of(request)
    _ = languages()[lang].gettext
    weights = dataclasses.asdict(WEIGHTS)
    places = sorted(INDEX_FIELDS.values(), key=lambda field: -field.weight)
    page = OrderingPage(
        frame=make_frame(request),
        places=tuple(Figure(_(field.label), field.weight) for field in places),
        weights=tuple(Figure(_(label), weights[name]) for name, label in WEIGHT_NAMES.items()),
    )
    return html("ordering.html", page, lang)
