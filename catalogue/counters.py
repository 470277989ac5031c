"""THE declaration of what is counted: sums by month that name nobody. No visitor, no visit, no day, no hour.

The table ``counters`` has a column for each of ``DIMENSIONS``; the report, its CSV files, ``catalogue stats``,
docs/fr/report.md and docs/nl/report.md follow from ``COUNTERS``. A new sum is one line here, its words in the .po
files, and the place where it is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalogue.errors import N_

DIMENSIONS = {
    "theme": N_("Theme"),
    "lang": N_("Language of the site"),
    "kind": N_("Kind of document"),
    "publisher": N_("Organisation"),
}
"""By what sums are kept, beside the month; each with its label."""


@dataclass(frozen=True)
class Counter:
    """A sum: what it is called, what exactly adds one to it, and by what it is told apart.

    ``from_page``: a script of the page says so, by ``POST /{lang}/count``; without script it is not counted.
    """

    name: str
    label: str
    detail: str
    dimensions: tuple[str, ...] = ("lang",)
    from_page: bool = False


COUNTERS: Mapping[str, Counter] = {
    counter.name: counter
    for counter in (
        Counter(
            "end",
            N_("Visits ended"),
            N_("The page that ends a visit was opened: somebody pressed “I have finished”, or nobody moved any more."),
        ),
        Counter(
            "search",
            N_("Searches"),
            N_("A first page of results was shown; by the first theme and kind it was narrowed to."),
            ("theme", "lang", "kind"),
        ),
        Counter("no-result", N_("Searches without result"), N_("Among these searches, those that found nothing.")),
        Counter(
            "record",
            N_("Documents opened"),
            N_("The page of a document was opened; counted under its first theme, so that the themes add up."),
            ("theme", "lang", "kind"),
        ),
        Counter("theme", N_("Pages of themes"), N_("The page of a theme was opened."), ("theme", "lang")),
        Counter("occupation", N_("Pages of occupations"), N_("The page of an occupation was opened.")),
        Counter("occupations", N_("Occupations from A to Z"), N_("The list of occupations was opened or narrowed.")),
        Counter("sector", N_("Pages of sectors"), N_("The page of a sector was opened.")),
        Counter("selection", N_("Our selections"), N_("One of the centre’s selections was opened."), ("theme", "lang")),
        Counter("steps", N_("Step by step"), N_("One of the step-by-step lists was opened."), ("theme", "lang")),
        Counter(
            "print",
            N_("Prints"),
            N_("The browser was asked to print a page; whether paper came out is not known."),
            from_page=True,
        ),
        Counter(
            "list",
            N_("Lists begun"),
            N_("A first document was put on a visitor’s own list; which one is not told."),
            from_page=True,
        ),
        Counter("code", N_("Codes given to visitors"), N_("A visitor asked for a code to take a list along.")),
        Counter("advice", N_("Lists of advisors"), N_("An advisor handed a list over to one person.")),
        Counter("group", N_("Lists for groups"), N_("An advisor handed a list over to a group.")),
        Counter("opened", N_("Codes opened"), N_("A code opened its list.")),
        Counter("end-found", N_("Found"), N_("At the end of a visit: “Yes, I found what I was looking for.”")),
        Counter("end-partly", N_("Found in part"), N_("At the end of a visit: “In part.”")),
        Counter("end-not-found", N_("Not found"), N_("At the end of a visit: “No.”")),
        Counter(
            "reading-help",
            N_("Reading help switched on"),
            N_("Larger text, contrast, spacing or easy texts were switched on where all was as usual."),
            from_page=True,
        ),
        Counter("read-aloud", N_("Pages read aloud"), N_("A page began to be read aloud."), from_page=True),
        Counter(
            "listed",
            N_("Among the first ten results"),
            N_("A document of this organisation stood among the first ten results of a search."),
            ("publisher",),
        ),
    )
}

FROM_PAGES = tuple(name for name, counter in COUNTERS.items() if counter.from_page)
"""What a page may say happened in it."""
