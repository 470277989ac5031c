"""RIS of others, as reference managers and databases write it → the values of our fields; line by line."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from catalogue.errors import N_
from catalogue.exchange.delimited import encoding_of
from catalogue.exchange.entries import Broken, Entry, entry_table
from catalogue.exchange.language_codes import from_any
from catalogue.exchange.ris import TYPES
from catalogue.exchange.table import NotATable, Table
from catalogue.values import TEXT_LANGUAGES

COLUMNS = (
    "source.id",
    *(f"{name}.{lang}" for name in ("title", "summary", "keywords") for lang in TEXT_LANGUAGES),
    *("kind", "languages", "authors", "publisher", "year", "series", "identifiers.isbn", "identifiers.issn"),
    *("holdings.url", "holdings.shelf", "CN"),
)

_LINE = re.compile(r"\ufeff?\s*([A-Z][A-Z0-9])\s{0,2}-(?: (.*))?$")
_TAGS: Mapping[str, str] = {
    "ID": "source.id", "TI": "title", "T1": "title", "TT": "other title", "AU": "authors", "A1": "authors",
    "A2": "authors", "PB": "publisher", "PY": "year", "Y1": "year", "AB": "summary", "N2": "summary",
    "KW": "keywords", "LA": "languages", "UR": "holdings.url", "T2": "series", "T3": "series", "CN": "CN",
}  # fmt: skip
_KINDS: Mapping[str, str] = {
    **{code: kind for kind, code in reversed(list(TYPES.items()))},
    "JOUR": "press", "NEWS": "press", "MGZN": "press", "CHAP": "book", "EBOOK": "book", "RPRT": "guide",
    "ELEC": "website", "BLOG": "website", "MPCT": "video", "MUSIC": "audio", "COMP": "tool", "THES": "book",
    "PAMP": "guide", "EJOUR": "press", "CONF": "book", "EDBOOK": "book",
}  # fmt: skip
MOST_LINES = 5_000
"""Lines of one reference; what has more has lost its end."""


@contextmanager
def read(path: Path) -> Iterator[Table]:
    """Open a file of RIS. Raises NotATable where there is no reference in it."""
    encoding, errors, skipped = encoding_of(path)
    with path.open("rb") as raw:
        raw.seek(skipped)
        lines = io.TextIOWrapper(raw, encoding, errors=errors)
        found = references(lines)
        first = next(found, None)
        if first is None:
            raise NotATable(N_("There is no reference in this file."))

        def entries() -> Iterator[Entry | Broken]:
            yield _entry(*first)
            yield from (_entry(number, pairs, ended) for number, pairs, ended in found)

        yield entry_table(COLUMNS, entries(), {"encoding": encoding})
        lines.detach()


def references(lines: Iterator[str] | io.TextIOWrapper) -> Iterator[tuple[int, list[tuple[str, str]], bool]]:
    """Yield each reference: the line it begins on, its tags and texts, whether it has an end (``ER``)."""
    begun, pairs = 0, list[tuple[str, str]]()
    for number, line in enumerate(lines, 1):
        found = _LINE.match(line.rstrip("\r\n"))
        tag, text = (found[1], (found[2] or "").strip()) if found else ("", line.strip())
        if tag == "TY" or (begun and len(pairs) > MOST_LINES):
            if begun:
                yield begun, pairs, False
            begun, pairs = (number, [("TY", text)]) if tag == "TY" else (0, [])
        elif not begun:
            continue
        elif tag == "ER":
            yield begun, pairs, True
            begun, pairs = 0, []
        elif tag:
            pairs.append((tag, text))
        elif text and pairs:  # a long text goes on
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {text}")
    if begun:
        yield begun, pairs, False


def _entry(line: int, pairs: list[tuple[str, str]], ended: bool) -> Entry | Broken:
    if not ended:
        return Broken(N_("The reference on line %(line)s has no end (ER)."), line=line)
    made = Entry()
    spoken = [from_any(text) for tag, text in pairs if tag == "LA" for text in re.split(r"[;,/]", text)]
    lang = next((code for code in spoken if code in TEXT_LANGUAGES), "")
    lang = lang or _guessed(next((text for tag, text in pairs if tag in ("TI", "T1")), ""))
    for tag, text in pairs:
        if text:
            _take(made, tag, text, lang)
    if not any(made.first(f"title.{code}") for code in TEXT_LANGUAGES):  # older files have other tags for it
        made.add(
            f"title.{lang}", next((text for tag in ("BT", "CT", "T2", "JF", "JO") for t, text in pairs if t == tag), "")
        )
    made.add("kind", _KINDS.get(pairs[0][1], ""))
    made.add("languages", *(code for code in spoken if re.fullmatch("[a-z]{2,3}", code)))
    return made


def _take(made: Entry, tag: str, text: str, lang: str) -> None:
    target = _TAGS.get(tag, "")
    if target in ("title", "summary"):
        if not made.first(f"{target}.{lang}"):
            made.add(f"{target}.{lang}", text)
    elif target == "keywords":
        made.add(f"keywords.{lang}", *re.split(r"\s*;\s*", text))
    elif target == "year":
        if (found := re.match(r"(1[89]\d\d|20\d\d)\b", text)) and not made.first("year"):
            made.add("year", found[1])
    elif target == "holdings.url":
        made.add(target, *(url for url in text.split() if re.match(r"https?://|www\.", url)))
    elif tag == "SN":
        _number(made, text)
    elif target and target not in ("languages", "other title") and (target == "authors" or not made.first(target)):
        made.add(target, text)


def _number(made: Entry, text: str) -> None:
    if found := re.search(r"(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx]\b", text):
        made.add("identifiers.isbn", found[0])
    elif found := re.search(r"\b\d{4}-\d{3}[\dXx]\b", text):
        made.add("identifiers.issn", found[0])


def _guessed(title: str) -> str:
    """Return the language of a title by its little words; French where nothing tells."""
    words = f" {' '.join(re.findall(r'[a-zà-ÿ]+', title.lower()))} "
    little = {
        "fr": ("le", "la", "les", "des", "du", "une", "et", "pour", "dans", "en"),
        "nl": ("het", "een", "van", "voor", "en", "met", "zijn", "naar"),
        "en": ("the", "of", "and", "for", "in", "to", "an", "from", "with"),
    }
    counts = {lang: sum(words.count(f" {word} ") for word in found) for lang, found in little.items()}
    return max(counts, key=lambda lang: counts[lang])
