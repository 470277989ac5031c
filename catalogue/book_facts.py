"""What open catalogues know of a book by its ISBN: title, authors, publisher, year, language, subjects.

Two shapes of answers are read: SRU 1.2 with Dublin Core records (https://www.loc.gov/standards/sru/), as the national
library of France gives it, and the JSON of the Books API of Open Library (https://openlibrary.org/dev/docs/api/books).
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree

from catalogue import fetching
from catalogue.errors import N_, ErrorCode, Unavailable

MOST_SOURCES = 4
MOST_VALUES = 10
_DC = "{http://purl.org/dc/elements/1.1/}"
_SRU = re.compile(r"\{http://(www\.loc\.gov/zing/srw|docs\.oasis-open\.org/ns/search-ws/sruResponse)/?\}")
_ROLE = re.compile(
    r"\.\s+(Auteur|Autrice|Éditeur|Directeur|Directrice|Préfacier|Traduct|Illustrat|Collaborat|Compilat).*"
)


class NotLookedUp(Unavailable):
    """No catalogue of books could be asked."""

    code = ErrorCode.NOT_LOOKED_UP
    message = N_(
        "The number could not be looked up: this machine may have no access to the internet. "
        "It stands in the form: fill in the rest by hand."
    )


@dataclass(frozen=True)
class BookFacts:
    """What a catalogue says of a book. ``languages``: as it writes them; ``source``: the host that knew it."""

    title: str
    authors: tuple[str, ...] = ()
    publisher: str = ""
    year: str = ""
    languages: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    source: str = ""


def look_up(isbn: str, sources: Sequence[str]) -> BookFacts | None:
    """Return what the first of ``sources`` that knows a book says of it; None where those that answer know nothing.

    ``sources``: addresses with ``{isbn}`` in them; they are asked at the same time. Raises NotLookedUp where none
    gives an answer.
    """
    asked = ThreadPoolExecutor(MOST_SOURCES, "isbn")
    answered = False
    try:
        for pending in [asked.submit(_ask, source.replace("{isbn}", isbn)) for source in sources[:MOST_SOURCES]]:
            with contextlib.suppress(OSError, ValueError):
                found = pending.result()
                answered = True
                if found:
                    return found
    finally:
        asked.shutdown(wait=False, cancel_futures=True)
    if not answered:
        raise NotLookedUp
    return None


def _ask(url: str) -> BookFacts | None:
    answer = fetching.fetch(url, "application/xml, application/json")
    return read(answer.data, urlsplit(url).hostname or "")


def read(data: bytes, source: str = "") -> BookFacts | None:
    """Return what an answer says of a book, None where it says that there is none. Raises ValueError for any other."""
    if data.lstrip().startswith(b"{"):
        return _of_json(data, source)
    try:
        root = ElementTree.fromstring(data)
    except ParseError as error:
        raise ValueError("neither XML nor JSON") from error
    if not _SRU.match(root.tag) or any(element.tag.endswith("}diagnostics") for element in root):
        raise ValueError("no answer of a catalogue")
    record = next((element for element in root.iter() if any(child.tag.startswith(_DC) for child in element)), None)
    return _of_record(record, source) if record is not None else None


# --- Dublin Core ---------------------------------------------------------------------------------------------------


def _of_record(record: Element, source: str) -> BookFacts | None:
    def values(name: str) -> Iterator[str]:
        return (text for element in record.findall(_DC + name) if (text := _line(element.text)))

    title = next(values("title"), "")
    return _facts(
        title=title.partition(" / ")[0],  # behind it stands who is responsible (ISBD)
        authors=map(_person, values("creator")),
        publisher=re.sub(r"\s*\([^)]*\)$", "", next(values("publisher"), "")),
        year=next(values("date"), ""),
        languages=values("language"),
        subjects=(part for value in values("subject") for part in (value, value.partition(" -- ")[0])),
        source=source,
    )


def _person(name: str) -> str:
    """Return ``Camus, Albert (1913-1960). Auteur du texte`` as ``Albert Camus``."""
    bare = _ROLE.sub("", name.partition(" (")[0]).strip()
    last, _, first = bare.partition(", ")
    return f"{first} {last}".strip()


# --- Open Library ----------------------------------------------------------------------------------------------------


def _of_json(data: bytes, source: str) -> BookFacts | None:
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError("broken JSON") from error
    if not answer:
        return None
    book = next((one for key, one in answer.items() if key.upper().startswith("ISBN:")), None)
    if not isinstance(book, dict):
        raise ValueError("no answer of a catalogue")
    subtitle = _line(book.get("subtitle"))
    return _facts(
        title=f"{_line(book.get('title'))}{' : ' if subtitle else ''}{subtitle}",
        authors=_names(book, "authors"),
        publisher=next(_names(book, "publishers"), ""),
        year=_line(book.get("publish_date")),
        languages=(_line(one.get("key")).rpartition("/")[2] for one in _dicts(book, "languages")),
        subjects=_names(book, "subjects"),
        source=source,
    )


def _dicts(book: dict[str, Any], key: str) -> Iterator[dict[str, Any]]:
    found = book.get(key)
    return (one for one in found if isinstance(one, dict)) if isinstance(found, list) else iter(())


def _names(book: dict[str, Any], key: str) -> Iterator[str]:
    return (name for one in _dicts(book, key) if (name := _line(one.get("name"))))


# --- both ------------------------------------------------------------------------------------------------------------


def _facts(
    title: str,
    authors: Iterable[str],
    publisher: str,
    year: str,
    languages: Iterable[str],
    subjects: Iterable[str],
    source: str,
) -> BookFacts | None:
    """Return facts of which each is in order; None without a title."""
    named = re.sub(r"\s*\[[^\]]*\]", "", title).strip(" .:/")  # [Texte imprimé]
    found = re.search(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)", year)
    return (
        BookFacts(named, _few(authors), publisher, found[1] if found else "", _few(languages), _few(subjects), source)
        if named
        else None
    )


def _few(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, values)))[:MOST_VALUES]


def _line(value: object) -> str:
    return " ".join(value.split())[:500] if isinstance(value, str) else ""
