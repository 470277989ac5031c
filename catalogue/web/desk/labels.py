"""``/desk/{lang}/labels``: labels for shelf marks on a sheet of stickers, for any records."""

from __future__ import annotations

import colorsys
import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from catalogue import renewal
from catalogue.contents import Contents
from catalogue.errors import N_
from catalogue.fields import Holding
from catalogue.i18n import languages
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.values import CENTRE_LANGUAGES, Said
from catalogue.web import addresses
from catalogue.web.desk.session import require
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.present import USES, Presenter
from catalogue.web.render import html
from catalogue.web.walk import walk_to

SHEETS = {"70x37": (3, 8), "63x38": (3, 7), "99x38": (2, 7)}
"""Sheets of stickers by the size of one in millimetres: how many across and down an A4."""

MOST = 1_000
"""Labels printed at once."""

# Hues of the colour circle in degrees, up to which a colour has a name.
_HUES = (
    (20, N_("red")),
    (45, N_("orange")),
    (70, N_("yellow")),
    (170, N_("green")),
    (200, N_("turquoise")),
    (255, N_("blue")),
    (300, N_("violet")),
    (325, N_("pink")),
    (360, N_("red")),
)
_GREY = N_("grey")


@dataclass(frozen=True)
class Label:
    """One sticker. ``colour``: the class of its shelf; ``colour_name``: that colour in words; ``shelf``: its name."""

    mark: str
    colour: str
    colour_name: str
    shelf: Said
    use: str
    title: Said
    lang: str


@dataclass(frozen=True)
class LabelsPage:
    """Sheets of labels; None is a place that stays empty, because it was used before."""

    frame: Frame
    back: str
    here: str
    sheets: tuple[tuple[Label | None, ...], ...]
    size: str
    sizes: tuple[str, ...]
    start: int
    places: int
    count: int
    most: int
    asked: tuple[tuple[str, str], ...]
    without: int  # records that stand on no shelf


def labels(request: Request) -> Response:
    """Show the labels of the records ``id``, or of a ``series`` (those checked ``since`` a day)."""
    require(request, "documentalist")
    catalogue: Catalogue = request.app.state.catalogue
    lang, params = language_of(request), request.query_params
    records = _records(catalogue.contents, params.getlist("id"), params.get("series", ""), params.get("since", ""))
    size = params.get("size") if params.get("size") in SHEETS else next(iter(SHEETS))
    assert size
    across, down = SHEETS[size]
    places = across * down
    start = _number(params.get("start", "1"), places)
    made = _labels(catalogue, records)[:MOST]
    page = LabelsPage(
        frame=make_frame(request),
        back=addresses.desk(lang, f"series/{params['series']}" if params.get("series") else "records"),
        here=addresses.desk(lang, "labels"),
        sheets=tuple(_sheets(made, places, start)),
        size=size,
        sizes=tuple(SHEETS),
        start=start,
        places=places,
        count=len(made),
        most=MOST,
        asked=tuple((key, value) for key, value in params.multi_items() if key in ("id", "series", "since")),
        without=sum("shelf" not in record.forms for record in records),
    )
    return html("desk_labels.html", page, lang)


def colour_name(colour: str) -> str:
    """Return the name (an English msgid) of a colour such as ``#5B2A86``."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    hue, _lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation < 0.15:
        return _GREY
    return next(name for last, name in _HUES if hue * 360 <= last)


def _records(contents: Contents, ids: Sequence[str], series: str, since: str) -> list[Resource]:
    if series:
        day = _day(since)
        of_series = renewal.members(contents, series)
        return [record for record in of_series if not day or (record.checked and record.checked >= day)]
    return [contents.records[id] for id in dict.fromkeys(ids) if id in contents.records]


def _labels(catalogue: Catalogue, records: Sequence[Resource]) -> list[Label]:
    presenters = {lang: Presenter(catalogue, lang) for lang in CENTRE_LANGUAGES}
    copies = [(record, holding) for record in records for holding in record.holdings if holding.shelf]
    first = presenters[CENTRE_LANGUAGES[0]]
    copies.sort(key=lambda copy: walk_to(first, copy[1].shelf))
    return [_label(catalogue, record, holding) for record, holding in copies]


def _label(catalogue: Catalogue, record: Resource, holding: Holding) -> Label:
    """Return a label in the language of what it is stuck on."""
    frame = catalogue.contents.frame
    lang = next((code for code in (holding.language, *record.languages) if code in CENTRE_LANGUAGES), "fr")
    shelf, _ = frame.vocabularies.shelf(holding.shelf), languages()[lang].gettext
    colour = shelf.colour if shelf else ""
    ink = next((theme.ink for theme in frame.centre.colours if theme.theme == colour), "")
    return Label(
        mark=holding.shelf,
        colour=colour or "neutral",
        colour_name=_(colour_name(ink)) if ink else "",
        shelf=shelf.labels.best(lang) if shelf else Said("", lang),
        use=_(USES[holding.use]) if holding.use else "",
        title=record.title.best(lang),
        lang=lang,
    )


def _sheets(made: Sequence[Label], places: int, start: int) -> Iterator[tuple[Label | None, ...]]:
    places_taken = [*[None] * (start - 1), *made]
    for _sheet, items in groupby(enumerate(places_taken), key=lambda item: item[0] // places):
        yield tuple(label for _place, label in items)


def _number(text: str, most: int) -> int:
    return max(1, min(most, int(text))) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
