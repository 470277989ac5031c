"""What a visitor asks: words, filters, order, page. The immutable value that addresses of results are made of."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from catalogue.errors import N_
from catalogue.fields import FACETS, SORTS

MAX_TEXT = 200  # characters
MAX_PAGE = 10_000
MAX_PER_PAGE = 100
MAX_VALUES = 30  # chosen values of one facet
DEFAULT_SORT = "relevance"
NO_ORDER = N_("There is no order “%(value)s”.")
VIEWS = ("list", "covers")
NOT_ASKED = N_("“%(field)s” is not something one can ask here.")


@dataclass(frozen=True, slots=True)
class Notice:
    """Something of an address that was not understood and left out. ``field`` is the parameter's name."""

    field: str
    message: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A search. ``filters`` holds (facet, values) pairs in the order of ``FACETS``, each facet once, values sorted."""

    text: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sort: str = DEFAULT_SORT
    page: int = 1
    per_page: int = 20
    expand: bool = True  # also search the same concept's labels in the other languages
    exact: bool = False  # only the words as they are typed
    view: str = "list"  # how a page shows what is found

    @classmethod
    def from_params(
        cls, params: Iterable[tuple[str, str]], known: Iterable[str] = ("lang",)
    ) -> tuple[Query, tuple[Notice, ...]]:
        """Read the parameters of an address. Never fails: what is unknown is noticed, what is out of bounds is clamped.

        ``known`` names further parameters that the caller reads by itself.
        """
        chosen: dict[str, list[str]] = {}
        single: dict[str, str] = {}
        notices: list[Notice] = []
        for name, raw in params:
            value = clean(raw)
            if name in FACETS:
                if value:
                    chosen.setdefault(name, []).append(value)
            elif name in _SINGLE:
                single[name] = value
            elif name not in known:
                notices.append(Notice(clean(name)[:40], NOT_ASKED))
        sort = single.get("sort") or DEFAULT_SORT
        if sort not in SORTS:
            notices.append(Notice("sort", NO_ORDER, sort[:40]))
            sort = DEFAULT_SORT
        view = single.get("view") or VIEWS[0]
        if view not in VIEWS:
            notices.append(Notice("view", N_("Results cannot be shown as “%(value)s”."), view[:40]))
            view = VIEWS[0]
        query = cls(
            text=single.get("q", "")[:MAX_TEXT].strip(),
            filters=_ordered(chosen),
            sort=sort,
            page=clamped(single.get("page", ""), 1, MAX_PAGE, 1),
            per_page=clamped(single.get("per_page", ""), 1, MAX_PER_PAGE, 20),
            expand=single.get("expand") != "0",
            exact=single.get("exact") == "1",
            view=view,
        )
        return query, tuple(notices)

    def to_params(self) -> list[tuple[str, str]]:
        """Return the parameters ``from_params`` would read back as this query; defaults are left out."""
        params = [("q", self.text)] if self.text else []
        params += [(facet, value) for facet, values in self.filters for value in values]
        defaults = Query()
        if self.sort != defaults.sort:
            params.append(("sort", self.sort))
        if not self.expand:
            params.append(("expand", "0"))
        if self.exact:
            params.append(("exact", "1"))
        if self.view != defaults.view:
            params.append(("view", self.view))
        for name in ("page", "per_page"):
            if getattr(self, name) != getattr(defaults, name):
                params.append((name, str(getattr(self, name))))
        return params

    def to_query_string(self) -> str:
        """Return ``?…`` as it stands in an address, or an empty string."""
        params = self.to_params()
        return "?" + urlencode(params) if params else ""

    def chosen(self, facet: str) -> tuple[str, ...]:
        """Return the values chosen in a facet."""
        return dict(self.filters).get(facet, ())

    def with_(self, facet: str, value: str) -> Query:
        """Return this query with one more value chosen, at its first page."""
        return self._with_values(facet, (*self.chosen(facet), value))

    def without(self, facet: str, value: str | None = None) -> Query:
        """Return this query with a value (or all values of the facet) no longer chosen, at its first page."""
        kept = tuple(v for v in self.chosen(facet) if value is not None and v != value)
        return self._with_values(facet, kept)

    def only(self, facet: str, value: str) -> Query:
        """Return this query with ``value`` as the only one chosen in its facet, at its first page."""
        return self._with_values(facet, (value,))

    def but(self, **changes: object) -> Query:
        """Return this query with other attributes, at its first page unless ``page`` is given."""
        return dataclasses.replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]

    def _with_values(self, facet: str, values: tuple[str, ...]) -> Query:
        return self.but(filters=_ordered({**dict(self.filters), facet: values}))


_SINGLE = ("q", "sort", "page", "per_page", "expand", "exact", "view")


def clean(text: str) -> str:
    """Return ``text`` without control characters (NUL among them) and lone surrogates, spaces collapsed."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())


def _ordered(chosen: Mapping[str, Iterable[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    kept = {facet: tuple(sorted(set(chosen[facet])))[:MAX_VALUES] for facet in FACETS if facet in chosen}
    return tuple((facet, values) for facet, values in kept.items() if values)


def clamped(text: str, low: int, high: int, default: int) -> int:
    """Return the whole number in ``text``, the nearest bound where it is beyond, ``default`` where there is none."""
    text = text.strip()
    negative, digits = text.startswith("-"), text.lstrip("+-")
    if not digits.isascii() or not digits.isdigit():
        return default
    value = int(digits[:9]) if len(digits) < 9 else high
    return max(low, min(high, -value if negative else value))
