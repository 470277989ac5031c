"""Dublin Core of others, simple or qualified → the values of our fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from catalogue.exchange.entries import Entry
from catalogue.exchange.language_codes import from_any
from catalogue.values import TEXT_LANGUAGES

COLUMNS = (
    "source.id",
    *(f"{name}.{lang}" for name in ("title", "summary", "keywords") for lang in TEXT_LANGUAGES),
    *("kind", "languages", "audiences", "level", "places", "subjects", "publisher", "authors", "year", "series"),
    *("identifiers.isbn", "identifiers.issn", "holdings.url", "added", "checked"),
)

_TARGETS: Mapping[str, str] = {
    "title": "title", "alternative": "", "creator": "authors", "contributor": "authors", "publisher": "publisher",
    "description": "summary", "abstract": "summary", "subject": "keywords", "date": "year", "issued": "year",
    "type": "kind", "coverage": "places", "spatial": "places", "audience": "audiences", "educationLevel": "level",
    "isPartOf": "series", "dateSubmitted": "added", "modified": "checked",
}  # fmt: skip

_TYPES: Mapping[str, str] = {
    "movingimage": "video", "sound": "audio", "event": "event", "service": "organisation", "text": "",
    "interactiveresource": "", "image": "", "collection": "", "dataset": "", "software": "tool", "stillimage": "",
    "physicalobject": "", "article": "press", "book": "book", "journal article": "press", "video": "video",
}  # fmt: skip
"""Words of dc:type that are no label of ours; the types of DCMI that several of our kinds share say nothing."""

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_PERMALINK = re.compile(r"https?://[^/]+/[a-z]{2,3}/record/([a-z0-9-]{2,80})")
_LISTED = ("places", "audiences")


def entry_of(element: Element, source: str = "") -> Entry:
    """Return what ``dc`` (or another element around terms of Dublin Core) says.

    ``source``: the number by which the one who sent it knows it; by default the first identifier.
    """
    made = Entry()
    said = [(child.tag, " ".join((child.text or "").split()), child) for child in element]
    documents = [from_any(text) for tag, text, _ in said if tag == "language" and text]
    made.add("languages", *(lang for lang in documents if re.fullmatch("[a-z]{2,3}", lang)))
    default = next((lang for lang in documents if lang in TEXT_LANGUAGES), TEXT_LANGUAGES[0])
    for tag, text, child in said:
        lang = from_any(child.get("xml:lang", ""))
        target = _TARGETS.get(tag, "")
        if tag == "identifier":
            _identifier(made, text)
        elif target and text:
            _add(made, target, text, lang, default, child)
    made.values["source.id"] = [source] if source else made.values.get("source.id", [])
    return made


def _add(made: Entry, target: str, text: str, lang: str, default: str, child: Element) -> None:
    if target in ("title", "summary", "keywords"):
        language = lang or default
        name = f"{target}.{language}"
        if language in TEXT_LANGUAGES and (target == "keywords" or not made.first(name)):
            made.add(name, text)
    elif target == "year":
        if (found := _YEAR.search(text)) and not made.first("year"):
            made.add("year", found[1])
    elif target == "kind":
        kind = _TYPES.get(text.lower(), text)
        kinds = made.values.setdefault("kind", [])  # all of them: which is one of ours is seen when labels are known
        if kind:
            kinds.insert(len(kinds) if text.lower() in _TYPES else 0, kind.rpartition("/")[2])
    elif target in _LISTED or target == "authors":
        if target == "authors" or lang in ("", TEXT_LANGUAGES[0]):
            made.add(target, text)
    elif target in ("added", "checked"):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text[:10]):
            made.add(target, text[:10])
    elif not made.first(target):
        made.add(target, text)


def _identifier(made: Entry, text: str) -> None:
    """Take an identifier for what it is: a number, or an address; the first is also the number of origin."""
    for name in ("isbn", "issn"):
        if found := re.match(rf"(?:urn:)?{name}[: ]+([\dXx -]+)$", text, re.IGNORECASE):
            made.add(f"identifiers.{name}", found[1].strip())
            return
    if not made.first("source.id"):
        permalink = _PERMALINK.fullmatch(text)
        made.add("source.id", permalink[1] if permalink else text)
        if permalink:  # of a catalogue like ours: where it is described, not where it is
            return
    if re.match(r"https?://\S+$", text):
        made.add("holdings.url", text)
