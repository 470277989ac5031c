"""The PDFs of a record, read on its page in the browser's own reader: which one, from which page.

``?file=2&page=12#reader``: the second holding of the record's file, at its page 12 (RFC 8118, 3). Nothing is opened
before it is asked for; where a browser has no reader of its own (``navigator.pdfViewerEnabled``) the file is a link.
"""

from __future__ import annotations

from catalogue.fields import Holding
from catalogue.inside import Inside
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.web import addresses
from catalogue.web.player import ReaderView
from catalogue.web.present import Presenter

_CLOSED = ("password", "damaged")


def readable(record: Resource) -> dict[int, Holding]:
    """Return the PDFs of a record that visitors are offered, by their number among its holdings."""
    numbered = enumerate(record.holdings, 1)
    return {n: holding for n, holding in numbered if _is_pdf(holding) and not holding.suspended}


def pages(catalogue: Catalogue, path: str) -> int:
    """Return how many pages a PDF has, 0 where that is not known (yet)."""
    inside = catalogue.file_texts.inside(path)
    return inside.pages if inside else 0


def reader(presenter: Presenter, record: Resource, number: int, page: int = 0) -> ReaderView | None:
    """Return the PDF of a holding, open at a page; None where there is none. A page it does not have is its first."""
    holding, catalogue = readable(record).get(number), presenter.catalogue
    size = catalogue.media_size(holding.file) if holding else 0
    if not (holding and size):
        return None
    inside = catalogue.file_texts.inside(holding.file) or Inside()
    page = page if not inside.pages or page <= inside.pages else 0
    return ReaderView(
        number=number,
        file=addresses.media(holding.file),
        title=holding.title.best(presenter.lang) or record.title.best(presenter.lang),
        page=page,
        pages=inside.pages,
        size=size,
        close=addresses.record(presenter.lang, record.id),
        closed=inside.problem in _CLOSED,
    )


def _is_pdf(holding: Holding) -> bool:
    return holding.file.lower().endswith(".pdf")
