"""Making the report of a year."""

from __future__ import annotations

import datetime

from catalogue.errors import N_, BadInput
from catalogue.report import holdings, use, wanting
from catalogue.report.model import Report
from catalogue.report.setting import Setting
from catalogue.report.sums import Sums
from catalogue.service import Catalogue

FIRST_YEAR = 2000


def make_report(catalogue: Catalogue, year: int, lang: str) -> Report:
    """Return the report of ``year``, told in ``lang``, as it can be told today.

    Raises BadInput for a year that is none or has not begun, StateUnavailable, IndexUnavailable.
    """
    setting = Setting(catalogue, year, lang)
    if not FIRST_YEAR <= year <= setting.today.year:
        raise BadInput(N_("There is no report of the year “%(year)s”."), field="year", year=year)
    catalogue.state.flush()  # what still waits in memory belongs to it
    sums, before = _sums(catalogue, year), _sums(catalogue, year - 1)
    sections = (
        use.use(setting, sums, before),
        use.opened(setting, sums),
        use.answers(setting, sums),
        holdings.collection(setting),
        holdings.parity(setting),
        holdings.freshness(setting),
        wanting.partners(setting, sums),
        wanting.wanting(setting),
        wanting.mended(setting),
        wanting.unknown(setting),
    )
    centre = catalogue.contents.frame.centre.name.best(lang)
    return Report(year, lang, centre, setting.today, sections)


def _sums(catalogue: Catalogue, year: int) -> Sums:
    return Sums(catalogue.state.sums(datetime.date(year, 1, 1), datetime.date(year, 12, 31)))
