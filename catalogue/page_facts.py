"""What a web page says of itself: title, description, language, who publishes it, where it is in other languages.

Read from ``<title>``, ``<meta>`` (HTML, OpenGraph, Dublin Core), ``<html lang>``, ``<link rel=alternate hreflang>`` and
JSON-LD of schema.org.
"""

from __future__ import annotations

import codecs
import json
import re
import urllib.error
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from catalogue import fetching
from catalogue.errors import N_, ErrorCode, Unavailable

OFFLINE = N_("This page could not be read: this machine may have no access to the internet. Fill in the form by hand.")
REFUSED = N_("The website did not give this page (it answered %(status)s). Fill in the form by hand.")
NO_PAGE = N_("There is no web page at this address that can be read. Fill in the form by hand.")


class NotFetched(Unavailable):
    """A web page that could not be read; the message says why."""

    code = ErrorCode.NOT_FETCHED


@dataclass(frozen=True)
class Facts:
    """What a page says. ``language`` is its two-letter code, ``versions`` its addresses in other languages."""

    url: str
    title: str = ""
    description: str = ""
    language: str = ""
    publisher: str = ""
    isbn: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


def fetch(url: str) -> Facts:
    """Return what the page at ``url`` says. Raises NotFetched."""
    try:
        answer = fetching.fetch(url, "text/html,*/*;q=0.1")
    except urllib.error.HTTPError as error:
        raise NotFetched(REFUSED, status=error.code) from error
    except OSError as error:
        raise NotFetched(OFFLINE) from error
    if answer.kind not in ("text/html", "application/xhtml+xml"):
        raise NotFetched(NO_PAGE)
    return read(answer.data, answer.url, answer.charset)


def read(data: bytes, url: str, charset: str = "") -> Facts:
    """Return what an HTML page says; ``charset`` is what the server said, ``url`` where the page was."""
    found = _Reader()
    found.feed(_decoded(data, charset))
    found.close()
    things = list(_things(found.scripts))
    first = next((thing for thing in things if thing.get("name") or thing.get("headline")), {})
    meta = found.meta
    language = found.language or meta.get("og:locale", "") or str(first.get("inLanguage", ""))
    return Facts(
        url=urljoin(url, found.canonical) if found.canonical else url,
        title=_clean(meta.get("og:title") or _text(first.get("name") or first.get("headline")) or found.title),
        description=_clean(meta.get("og:description") or meta.get("description") or _text(first.get("description"))),
        language=re.split(r"[-_]", language.strip().lower())[0][:3],
        publisher=_clean(_name(first.get("publisher")) or meta.get("og:site_name") or meta.get("dc.publisher", "")),
        isbn=_clean(_text(next((thing["isbn"] for thing in things if "isbn" in thing), ""))),
        versions={code: urljoin(url, href) for code, href in found.versions.items()},
    )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.language = self.title = self.canonical = ""
        self.meta: dict[str, str] = {}
        self.versions: dict[str, str] = {}
        self.scripts: list[str] = []
        self._into = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang") or given.get("xml:lang", "")
        elif tag == "meta":
            name = (given.get("property") or given.get("name") or given.get("itemprop", "")).lower()
            self.meta.setdefault(name, given.get("content", ""))
        elif tag == "link":
            self._link(given)
        elif tag == "title" and not self.title:
            self._into = "title"
        elif tag == "script" and given.get("type") == "application/ld+json":
            self._into = "script"
            self.scripts.append("")

    def _link(self, given: Mapping[str, str]) -> None:
        rel, href = given.get("rel", "").lower().split(), given.get("href", "").strip()
        code = given.get("hreflang", "").lower().split("-")[0]
        if "canonical" in rel and href:
            self.canonical = href
        elif "alternate" in rel and re.fullmatch(r"[a-z]{2,3}", code) and href:
            self.versions.setdefault(code, href)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._into:
            self._into = ""

    def handle_data(self, data: str) -> None:
        if self._into == "title":
            self.title += data
        elif self._into == "script":
            self.scripts[-1] += data


def _decoded(data: bytes, charset: str) -> str:
    named = re.search(rb"<meta[^>]{0,200}charset=[\"']?\s*([\w-]{2,40})", data[:4096], re.IGNORECASE)
    for name in (charset, named[1].decode("ascii") if named else "", "utf-8"):
        try:
            return data.decode(codecs.lookup(name).name) if name else data.decode("utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("windows-1252", "replace")


def _things(scripts: list[str]) -> Iterator[dict[str, Any]]:
    for script in scripts:
        try:
            pending = [json.loads(script)]
        except (ValueError, RecursionError):
            continue
        while pending:
            thing = pending.pop(0)
            if isinstance(thing, list):
                pending = thing[:50] + pending
            elif isinstance(thing, dict):
                yield thing
                pending += [thing["@graph"]] if isinstance(thing.get("@graph"), list) else []


def _name(value: Any) -> str:
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _clean(text: str) -> str:
    return " ".join(text.split())[:1000]
