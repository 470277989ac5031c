"""MARC records of others, and our own come back: MARC 21 or UNIMARC → the values of our fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pymarc import Field, Record

from catalogue.errors import N_
from catalogue.exchange.entries import Broken, Entry
from catalogue.exchange.language_codes import from_any
from catalogue.exchange.marc import HOLDING, HOLDING_PARTS, LANGUAGE, Dialect, Slot
from catalogue.exchange.marc21 import MARC21
from catalogue.exchange.unimarc import UNIMARC
from catalogue.values import TEXT_LANGUAGES

SHELF = "852 $h, 930 $a, 995 $k"
"""The column of other libraries' shelf marks: nobody's here, unless a documentalist says so."""

TEXTS = ("title", "summary", "easy", "body", "keywords")
COLUMNS = (
    "source.id",
    *(f"{name}.{lang}" for name in TEXTS for lang in TEXT_LANGUAGES),
    *("kind", "themes", "easy_status", "languages", "audiences", "level", "sectors", "places", "subjects"),
    *("occupations", "publisher", "authors", "year", "series", "identifiers.isbn", "identifiers.issn"),
    *("identifiers.ean", "identifiers.publisher_ref", "holdings.url", "added", "checked", SHELF),
)
"""The columns of a file of MARC records, whichever dialect they are in."""

_KINDS: Mapping[str, str] = {
    "as": "press", "ab": "press", "aa": "press", "ai": "website", "am": "book", "ac": "book", "tm": "book",
}  # fmt: skip
_KINDS_BY_TYPE: Mapping[str, str] = {"g": "video", "i": "audio", "j": "audio", "m": "tool", "l": "website"}
"""Leader, position 6 (and 7) → kind of document."""

_AUTHORITIES = ("x", "y", "z")
"""Leader, position 6, of records about names and subjects (UNIMARC/A; ``z`` in MARC 21) and about copies."""

_ISBD = re.compile(r"\s*[/:;,=]\s*$")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_ISBN = re.compile(r"(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx]")
_C1 = re.compile("[\x80-\x9f]")  # marks around an article that is passed over in sorting
_HEADINGS = {
    "MARC 21": ("600", "610", "611", "630", "650", "651", "653"),
    "UNIMARC": ("600", "601", "605", "606", "607", "610"),
}
_NAMES = {
    "MARC 21": ("100", "110", "111", "700", "710", "711", "720"),
    "UNIMARC": ("700", "701", "702", "710", "711", "712", "730"),
}


def dialect_of(record: Record) -> Dialect:
    """Return the family of MARC a record is in: 245 is the title of MARC 21, 200 that of UNIMARC.

    One without a title is told by 100, whose first eight positions are a date in UNIMARC.
    """
    if "245" in record or "200" in record:
        return MARC21 if "245" in record else UNIMARC
    general = next((_text(each, "a") for each in record.get_fields("100")), "")
    return UNIMARC if re.match(r"\d{8}", general) else MARC21


def entry_of(record: Record) -> Entry | Broken:
    """Return what a MARC record says in our fields; Broken for one that describes no document."""
    if str(record.leader)[6:7] in _AUTHORITIES:
        message = N_("The record “%(id)s” describes a name or a subject, not a document.")
        return Broken(message, id=_data(record, "001"))
    return _Reading(record, dialect_of(record)).entry()


class _Reading:
    def __init__(self, record: Record, dialect: Dialect) -> None:
        self.record, self.dialect, self.made = record, dialect, Entry()
        self.unimarc = dialect is UNIMARC

    def entry(self) -> Entry:
        """Read everything: what is ours by its slot, then what others write in their way."""
        self.languages = list(self._languages())
        self._control()
        for slot in self.dialect.slots:
            for each in (slot, slot.later):
                if each:
                    self._slot(each)
        self._publication()
        self._titles()
        self._numbers()
        self._names()
        self._words()
        self._holdings()
        if not self.made.first("kind") and (kind := self._kind()):
            self.made.add("kind", kind)
        return self.made

    # --- by slot ---------------------------------------------------------------------------------------------

    def _slot(self, slot: Slot) -> None:
        """Take what stands in a slot, where it can only be ours or means the same with everybody."""
        if slot.field in ("title", "authors", "keywords") or slot.field.startswith("identifiers."):
            return
        local = slot.tag.startswith("9")
        for each in self.record.get_fields(slot.tag):
            if slot.source and _text(each, slot.source) != slot.field:
                continue  # a heading of somebody else's list
            text = (_text(each, slot.id) if slot.id else "") or (_text(each, slot.code) if slot.code else "")
            if slot.lang and slot.field == "body":
                text = "\n".join(each.get_subfields(slot.code))
            if slot.field == "series":
                text = _tidy(text)
            if slot.lang:
                self.made.add(f"{slot.field}.{self._lang(each, slot.lang)}", text)
            elif slot.source or local or slot.field == "series":
                self.made.add(slot.field, text)

    def _lang(self, each: Field, code: str) -> str:
        said = from_any(_text(each, code))
        return said if said in TEXT_LANGUAGES else self.described

    # --- what everybody has ----------------------------------------------------------------------------------

    def _languages(self) -> Iterator[str]:
        tag = "101" if self.unimarc else "041"
        codes = [code for each in self.record.get_fields(tag) for code in each.get_subfields("a")]
        if not self.unimarc and not codes:
            codes = [_data(self.record, "008")[35:38]]
        for code in codes:  # old records write several in one subfield: "freeng"
            for part in [code] if len(code) % 3 else [code[at : at + 3] for at in range(0, len(code), 3)]:
                if part.isalpha() and part.lower() not in ("und", "mul", "zxx"):
                    yield from_any(part)

    @property
    def described(self) -> str:
        """The language in which it is described, else that of the document, else the one most of its dialect are in."""
        general = next((_text(each, "a") for each in self.record.get_fields("100")), "") if self.unimarc else ""
        agency = next((_text(each, "b") for each in self.record.get_fields("040")), "") if not self.unimarc else ""
        wanted = (from_any(general[22:25] or agency), *self.languages, "fr" if self.unimarc else "en")
        return next(lang for lang in wanted if lang in TEXT_LANGUAGES)

    def _control(self) -> None:
        self.made.add("source.id", _data(self.record, "001"))
        self.made.add("languages", *self.languages)
        for each in self.record.get_fields("923"):
            if re.fullmatch(r"\d{4}-\d\d-\d\d", _text(each, "a")):
                self.made.add("added", _text(each, "a"))

    def _publication(self) -> None:
        tags = (("210", "214", "219"), "c", "d") if self.unimarc else (("264", "260"), "b", "c")
        for each in (each for tag in tags[0] for each in self.record.get_fields(tag)):
            for publisher in each.get_subfields(tags[1]):
                if not self.made.first("publisher"):
                    self.made.add("publisher", _tidy(publisher))
            for date in each.get_subfields(tags[2]):
                if not self.made.first("year") and (found := _YEAR.search(date)):
                    self.made.add("year", found[1])
        fixed = next((_text(e, "a")[9:13] for e in self.record.get_fields("100")), "") if self.unimarc else ""
        if not self.made.first("year") and _YEAR.fullmatch(fixed or _data(self.record, "008")[7:11]):
            self.made.add("year", fixed or _data(self.record, "008")[7:11])

    def _titles(self) -> None:
        """Read the title in its own language, then those in others, which say what they are in."""
        proper, parallel, code = ("200", "510", "z") if self.unimarc else ("245", "242", "y")
        own = next((lang for lang in self.languages if lang in TEXT_LANGUAGES), self.described)
        for each in self.record.get_fields(proper)[:1]:
            said = from_any(_text(each, LANGUAGE))
            self.made.add(f"title.{said if said in TEXT_LANGUAGES else own}", _title(each, self.unimarc))
        for each in self.record.get_fields(parallel):
            lang = from_any(_text(each, code))
            if lang in TEXT_LANGUAGES and not self.made.first(f"title.{lang}"):
                self.made.add(f"title.{lang}", _title(each, self.unimarc))

    def _numbers(self) -> None:
        for slot in self.dialect.slots:
            if slot.field.startswith("identifiers."):
                for each in self.record.get_fields(slot.tag):
                    text = _text(each, slot.code)
                    if slot.field == "identifiers.isbn":
                        text = found[0].strip() if (found := _ISBN.search(text)) else ""
                    elif slot.field == "identifiers.issn":
                        text = found[0] if (found := re.search(r"\d{4}-\d{3}[\dXx]", text)) else ""
                    elif slot.field == "identifiers.ean":
                        text = text if re.fullmatch(r"\d{8}|\d{13}", text) else ""
                    if text and not self.made.first(slot.field):
                        self.made.add(slot.field, text)

    def _names(self) -> None:
        for tag in _NAMES[self.dialect.name]:
            for each in self.record.get_fields(tag):
                parts = [_text(each, "a"), _text(each, "b") if self.unimarc and tag < "710" else ""]
                surname, forename = (_ISBD.sub("", part).strip(" ,") for part in parts)
                name = f"{surname}, {forename}" if forename else surname
                self.made.add("authors", name.removesuffix(".") if re.search(r"\w{3}\.$", name) else name)

    def _words(self) -> None:
        """Take headings of other lists as keywords in the language of description; ours were read by their slots."""
        own = {slot.field for slot in self.dialect.slots if slot.source}
        for tag in _HEADINGS[self.dialect.name]:
            for each in self.record.get_fields(tag):
                if _text(each, "2") in own:
                    continue
                parts = [_ISBD.sub("", text).removesuffix(".") for text in each.get_subfields("a", "x", "y", "z")]
                self.made.add(f"keywords.{self._lang(each, LANGUAGE)}", " – ".join(filter(None, map(_plain, parts))))

    def _holdings(self) -> None:
        """Take the ways to get it whole where they are ours; else addresses, and shelf marks in their column."""
        ours = [_holding(each) for each in self.record.get_fields(HOLDING)]
        whole = [holding for holding in ours if holding]
        if whole:
            self.made.whole["holdings"] = whole
            return
        for each in (each for each in self.record.get_fields("856") if each.indicator2 != "2"):  # another document's
            self.made.add(
                "holdings.url", *(url for url in each.get_subfields("u") if re.match(r"https?://|www\.", url))
            )
        for tag, code in (("852", "h"), ("930", "a"), ("995", "k")):
            self.made.add(SHELF, *(text for e in self.record.get_fields(tag) for text in e.get_subfields(code)))

    def _kind(self) -> str:
        kind = str(self.record.leader)[6:8]
        return _KINDS.get(kind) or _KINDS_BY_TYPE.get(kind[:1], "")


def _holding(each: Field) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for code, name in HOLDING_PARTS.items():
        if text := _text(each, code):
            made[name] = from_any(text) if name == "language" else text
    titles = dict(zip(each.get_subfields("l"), each.get_subfields("t"), strict=False))
    if not ("url" in made or "shelf" in made):
        return {}
    return made | ({"title": titles} if titles else {})


def _title(each: Field, unimarc: bool) -> str:
    """Return title proper and its remainder, without the signs of ISBD at their ends."""
    rest = "e" if unimarc else "b"
    parts = [_tidy(text) for text in (*each.get_subfields("a")[:1], *each.get_subfields(rest))]
    return " : ".join(filter(None, parts))


def _tidy(text: str) -> str:
    """Return a text without the sign of ISBD at its end."""
    return _ISBD.sub("", _plain(text)).strip()


def _text(each: Field, code: str) -> str:
    return _plain(next(iter(each.get_subfields(code)), ""))


def _plain(text: str) -> str:
    return _C1.sub("", text).strip()


def _data(record: Record, tag: str) -> str:
    return next((each.data or "" for each in record.get_fields(tag)), "")
