"""The staff's search: all records whatever their status, by plain words and what a documentalist sorts work by."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from catalogue.contents import Contents
from catalogue.errors import N_
from catalogue.folding import collation_key, fold
from catalogue.network import EVERY, SHARED
from catalogue.query import MAX_TEXT, clean
from catalogue.resource import FIELDS, Resource
from catalogue.shapes import Texts
from catalogue.values import CENTRE_LANGUAGES, UNDETERMINED
from catalogue.vocabulary import Vocabularies

PER_PAGE = 50
SORT_NAMES = {"added": N_("Added last"), "title": N_("By title"), "checked": N_("Checked longest ago")}
_MAX_PAGE = 10_000
_DIGITS = 8  # of a word that may be an ISBN or EAN, with or without its hyphens


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a documentalist looks for; an empty value narrows nothing.

    ``language``: of the document; ``missing``: a language that some text of the record lacks; ``review``: ``passed``
    for records that should have been checked again by now; ``centre``: its id, or ``shared`` for what others offer too.
    """

    q: str = ""
    status: str = ""
    kind: str = ""
    theme: str = ""
    publisher: str = ""
    series: str = ""
    language: str = ""
    missing: str = ""
    review: str = ""
    centre: str = ""
    sort: str = "added"
    page: int = 1

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Wanted:
        """Read the parameters of an address; what is not understood is as if it were not there. Never fails."""
        known = {field.name: clean(params.get(field.name, ""))[:MAX_TEXT] for field in fields(cls)}
        page = known.pop("page")
        if known["sort"] not in SORT_NAMES:
            del known["sort"]
        return cls(**known, page=min(int(page[:6]), _MAX_PAGE) or 1 if page.isascii() and page.isdigit() else 1)

    def to_query_string(self, **changes: Any) -> str:
        """Return ``?…`` for this search with some values changed, at its first page unless ``page`` is given."""
        changed, plain = replace(self, **{"page": 1, **changes}), Wanted()
        params = [(f.name, v) for f in fields(self) if (v := getattr(changed, f.name)) != getattr(plain, f.name)]
        return "?" + urlencode(params) if params else ""

    @property
    def narrowed(self) -> bool:
        """Whether any filter is chosen."""
        return replace(self, q="", sort="added", page=1) != Wanted()


class Inventory:
    """All records, searchable by what their card would have shown. Thread-safe: every read is of immutable values."""

    def __init__(self) -> None:
        self._texts: dict[str, tuple[Resource, Vocabularies, str]] = {}

    def find(self, contents: Contents, wanted: Wanted, today: datetime.date) -> list[Resource]:
        """Return every record that has all the words and passes all filters, in the order wanted."""
        words = fold(wanted.q).split()
        passes = [test for name, test in _FILTERS.items() if getattr(wanted, name)]
        found = [
            record
            for record in contents.records.values()
            if all(test(record, wanted, today) for test in passes) and self._has(record, words, contents)
        ]
        return sorted(found, key=_ORDERS[wanted.sort])

    def _has(self, record: Resource, words: Iterable[str], contents: Contents) -> bool:
        text = self._text(record, contents.frame.vocabularies) if words else ""
        return all(word in text or _number(word) in text for word in words)

    def _text(self, record: Resource, vocabularies: Vocabularies) -> str:
        kept = self._texts.get(record.id)
        if kept is None or kept[0] is not record or kept[1] is not vocabularies:
            kept = self._texts[record.id] = (record, vocabularies, _text_of(record, vocabularies))
        return kept[2]


def missing(record: Resource, lang: str) -> bool:
    """Tell whether a text of the record is there in another language and not in this one."""
    texts = (getattr(record, name) for name, field in FIELDS.items() if isinstance(field.shape, Texts))
    return any(text and UNDETERMINED not in text and lang not in text for text in texts)


def _text_of(record: Resource, vocabularies: Vocabularies) -> str:
    numbers = record.identifiers
    pieces = [record.id, *record.title.values(), *record.authors]
    for vocabulary, id in (("publishers", record.publisher), ("series", record.series)):
        term = vocabularies.terms.get(vocabulary, {}).get(id)
        pieces += [id, *(term.labels.values() if term else ())]
    for holding in record.holdings:
        pieces += [holding.shelf, holding.url, holding.file]
    if numbers:
        codes = [numbers.isbn, numbers.issn, numbers.ean]
        pieces += [*codes, numbers.publisher_ref, *map(_number, codes)]
    return fold("\n".join(filter(None, pieces)))


def _number(word: str) -> str:
    """Return a word without hyphens where it may be a number of a book, else the word."""
    bare = word.replace("-", "").replace(" ", "")
    return bare if len(bare) >= _DIGITS and bare[:-1].isdigit() else word


_FILTERS: Mapping[str, Callable[[Resource, Wanted, datetime.date], bool]] = {
    "status": lambda r, w, _: r.status == w.status,
    "kind": lambda r, w, _: r.kind == w.kind,
    "theme": lambda r, w, _: w.theme in r.themes,
    "publisher": lambda r, w, _: r.publisher == w.publisher,
    "series": lambda r, w, _: r.series == w.series,
    "language": lambda r, w, _: w.language in r.document_languages,
    "missing": lambda r, w, _: w.missing in CENTRE_LANGUAGES and missing(r, w.missing),
    "centre": lambda r, w, _: w.centre in (EVERY, r.centre) or (w.centre == SHARED and r.shared),
    "review": lambda r, w, today: w.review == "passed" and r.review_by is not None and r.review_by < today,
}

_NEVER = datetime.date.min
_ORDERS: Mapping[str, Callable[[Resource], Any]] = {
    "added": lambda r: (-(r.added or _NEVER).toordinal(), r.id),
    "title": lambda r: (collation_key(next(iter(r.title.values()), "")), r.id),
    "checked": lambda r: ((r.checked or _NEVER).toordinal(), r.id),
}
