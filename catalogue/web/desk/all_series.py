"""``/desk/{lang}/series/``: the series, and how far each is behind its newest edition."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from catalogue import renewal
from catalogue.contents import Contents
from catalogue.folding import collation_key
from catalogue.values import Said
from catalogue.vocabulary import Term
from catalogue.web.desk import words
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.series_asked import address
from catalogue.web.desk.session import require
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.render import html


@dataclass(frozen=True)
class SeriesLine:
    """One series. ``behind``: records older than its newest edition (``last``, 0: not known)."""

    href: str
    name: Said
    publishers: tuple[Said, ...]
    count: int
    last: int
    behind: int
    retired: bool


@dataclass(frozen=True)
class AllSeriesPage:
    """Every series."""

    frame: Frame
    desk: Desk
    series: tuple[SeriesLine, ...]
    words: str


def every(request: Request) -> Response:
    """Show the series, those with most to do first."""
    account = require(request, "documentalist")
    lang, contents = language_of(request), words.contents_of(request)
    terms = contents.frame.vocabularies.terms.get("series", {}).values()
    lines = sorted((_line(contents, term, lang) for term in terms), key=_most_to_do_first)
    page = AllSeriesPage(make_frame(request), make_desk(request, account), tuple(lines), words.address(lang, "series"))
    return html("desk_all_series.html", page, lang)


def _line(contents: Contents, term: Term, lang: str) -> SeriesLine:
    records = renewal.members(contents, term.id)
    publishers = dict.fromkeys(record.publisher for record in records if record.publisher)
    return SeriesLine(
        href=address(lang, term.id),
        name=term.labels.best(lang),
        publishers=tuple(contents.frame.vocabularies.label("publishers", id, lang) for id in publishers),
        count=len(records),
        last=renewal.last_year(records),
        behind=len(renewal.behind(records)),
        retired=term.retired,
    )


def _most_to_do_first(line: SeriesLine) -> tuple[object, ...]:
    return line.retired, -line.behind, collation_key(line.name.text)
