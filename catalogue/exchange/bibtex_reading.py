"""BibTeX of others → the values of our fields. An entry that is not closed stops no other: the next "@" is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from catalogue.errors import N_
from catalogue.exchange.delimited import encoding_of
from catalogue.exchange.entries import Broken, Entry, entry_table
from catalogue.exchange.language_codes import from_any
from catalogue.exchange.table import NotATable, Table
from catalogue.exchange.tagged import _guessed, _number
from catalogue.values import TEXT_LANGUAGES

COLUMNS = (
    "source.id",
    *(f"{name}.{lang}" for name in ("title", "summary", "keywords") for lang in TEXT_LANGUAGES),
    *("kind", "languages", "authors", "publisher", "year", "series", "identifiers.isbn", "identifiers.issn"),
    *("holdings.url", "library"),
)
LONGEST = 200_000
"""Characters of one entry."""

_KINDS: Mapping[str, str] = {
    "book": "book", "inbook": "book", "incollection": "book", "booklet": "guide", "manual": "guide",
    "techreport": "guide", "article": "press", "online": "website", "phdthesis": "book", "mastersthesis": "book",
}  # fmt: skip
_ENTRY = re.compile(r"^[ \t]*@([A-Za-z]+)\s*[{(]", re.MULTILINE)
_NAME = re.compile(r"\s*([A-Za-z][\w:.+/-]*)\s*=\s*")
_ACCENTS = {"`": "\u0300", "'": "\u0301", "^": "\u0302", '"': "\u0308", "~": "\u0303", "c": "\u0327", "v": "\u030c"}
_LETTERS = {"oe": "œ", "OE": "Œ", "ae": "æ", "AE": "Æ", "ss": "ß", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å", "i": "i"}
_LETTERS |= {"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^"}


@contextmanager
def read(path: Path) -> Iterator[Table]:
    """Open a file of BibTeX. Raises NotATable where there is no entry in it."""
    encoding, errors, skipped = encoding_of(path)
    text = path.read_bytes()[skipped:].decode(encoding, errors)
    if not _ENTRY.search(text):
        raise NotATable(N_("There is no reference in this file."))
    yield entry_table(COLUMNS, entries(text), {"encoding": encoding})


def entries(text: str) -> Iterator[Entry | Broken]:
    """Yield what each entry says, and in their places those that cannot be read."""
    strings: dict[str, str] = {}
    starts = list(_ENTRY.finditer(text))
    behind = 0
    for found, following in zip(starts, [*starts[1:], None], strict=True):
        if found.start() < behind:
            continue  # inside of the entry before
        kind, line = found[1].lower(), text.count("\n", 0, found.start()) + 1
        if kind in ("comment", "preamble"):
            continue
        end = _closing(text, found.end() - 1)
        if end < 0:
            end = following.start() if following else len(text)
            yield Broken(N_("The reference on line %(line)s is not closed."), line=line)
            continue
        behind, body = end, text[found.end() : end]
        if kind == "string":
            strings |= dict(_fields(body, strings))
        else:
            yield _entry(kind, body, strings)


def _closing(text: str, start: int) -> int:
    """Return where the brace at ``start`` is closed; -1 where it is not."""
    opening = text[start]
    closing, depth = "}" if opening == "{" else ")", 0
    for at in range(start, min(len(text), start + LONGEST)):
        character = text[at]
        if character == "\\":
            continue
        escaped = text[at - 1] == "\\"
        if character == opening and not escaped:
            depth += 1
        elif character == closing and not escaped:
            depth -= 1
            if depth == 0:
                return at
    return -1


def _fields(body: str, strings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    at = 0
    while found := _NAME.match(body, at):
        value, at = _value(body, found.end(), strings)
        yield found[1].lower(), value
        comma = body.find(",", at)
        if comma < 0:
            return
        at = comma + 1


def _value(body: str, at: int, strings: Mapping[str, str]) -> tuple[str, int]:
    """Return a value, joined of its parts by ``#``, and where it ends."""
    parts = []
    while at < len(body):
        if body[at] == "{":
            end = _closing(body, at)
            end = end if end >= 0 else len(body)
            parts.append(body[at + 1 : end])
        elif body[at] == '"':
            end = _quoted(body, at)
            parts.append(body[at + 1 : end])
        else:
            word = re.match(r"[^\s,#{}\"]*", body[at:])
            name = word[0] if word else ""
            parts.append(strings.get(name.lower(), name))
            end = at + len(name) - 1
        more = re.match(r"\s*#\s*", body[end + 1 :])
        if not more:
            return "".join(parts), end + 1
        at = end + 1 + more.end()
    return "".join(parts), at


def _quoted(body: str, at: int) -> int:
    depth = 0
    for place in range(at + 1, len(body)):
        depth += {"{": 1, "}": -1}.get(body[place], 0)
        if body[place] == '"' and depth <= 0:
            return place
    return len(body)


def _entry(kind: str, body: str, strings: Mapping[str, str]) -> Entry:
    key, _, rest = body.partition(",")
    said: dict[str, str] = {}
    for name, value in _fields(rest, strings):
        said.setdefault(name, value)
    made = Entry()
    made.add("source.id", key.strip())
    spoken = [from_any(word) for word in re.split(r"[,;]", said.get("language", said.get("langid", "")))]
    spoken = [_NAMES.get(word, word) for word in spoken]
    made.add("languages", *(code for code in spoken if re.fullmatch("[a-z]{2,3}", code)))
    title = plain(said.get("title", ""))
    lang = next((code for code in spoken if code in TEXT_LANGUAGES), "") or _guessed(title)
    made.add(f"title.{lang}", title)
    made.add(f"summary.{lang}", plain(said.get("abstract", "")))
    made.add(f"keywords.{lang}", *(plain(word) for word in re.split(r"[,;]", said.get("keywords", ""))))
    made.add("authors", *(plain(name) for name in _names(said.get("author", said.get("editor", "")))))
    made.add("publisher", plain(next((said[n] for n in _PUBLISHERS if said.get(n)), "")))
    made.add("series", plain(said.get("series", "")))
    year = re.search(r"(1[89]\d\d|20\d\d)", said.get("year", said.get("date", "")))
    made.add("year", year[1] if year else "")
    for name in ("isbn", "issn"):
        _number(made, said.get(name, ""))
    url = plain(said.get("url", ""))
    made.add("holdings.url", url if re.match(r"https?://\S+$", url) else "")
    made.add("library", plain(said.get("library", "")))
    made.add("kind", _KINDS.get(kind, ""))
    return made


_PUBLISHERS = ("publisher", "howpublished", "organization", "institution", "school")
_NAMES = {"french": "fr", "francais": "fr", "dutch": "nl", "nederlands": "nl", "english": "en", "german": "de"}


def _names(text: str) -> list[str]:
    """Return the names between ``and``, save an "and" in braces: that is a body's own."""
    names, depth, start = [], 0, 0
    for found in re.finditer(r"[{}]|\sand\s", text):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if found[0] not in "{}" and depth == 0:
            names.append(text[start : found.start()])
            start = found.end()
    return [name.strip() for name in (*names, text[start:]) if name.strip()]


def plain(text: str) -> str:
    """Return a text without TeX: accents as letters, braces gone, what was escaped as it is meant."""
    text = re.sub(r"\\textbackslash\s*(\{\})?", "\x00", text)
    text = re.sub(r"\\(textasciitilde|textasciicircum)\s*(\{\})?", lambda m: {"t": "\x01", "c": "\x02"}[m[1][9]], text)
    text = re.sub(r"\\([`'^\"~cv])\s*\{?\\?([A-Za-z])\}?", _accented, text)
    text = re.sub(r"\\(oe|OE|ae|AE|ss|o|O|aa|AA)(?![A-Za-z])\s*(\{\})?", lambda m: _LETTERS[m[1]], text)
    text = re.sub(r"\\([#$%&_{}])", lambda m: {"{": "\x03", "}": "\x04"}.get(m[1], m[1]), text)
    text = re.sub(r"[{}]", "", text).replace("~", " ")
    for mark, letter in zip("\x00\x01\x02\x03\x04", "\\~^{}", strict=True):
        text = text.replace(mark, letter)
    return " ".join(text.split())


def _accented(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", found[2] + _ACCENTS[found[1]])
