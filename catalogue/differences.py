"""What differs between two versions of a file, as a person reads it: by declared field, with its label and language.

    for difference in Comparer(vocabularies, languages()["nl"]).files("records/x.yaml", before, after): …

Texts are compared word by word, lists by what came and went, everything else by its old and its new value; a file that
cannot be read, or of which only the comments or the form changed, by its lines.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from catalogue import shapes, textdiff, yamlfile
from catalogue.centre import Centre
from catalogue.editorial import EditorialList
from catalogue.errors import N_
from catalogue.fields import WORD_NAMES, RecordFields
from catalogue.i18n import Language
from catalogue.page import Page
from catalogue.resource import Resource
from catalogue.shapes import Choice, Code, Day, Files, Group, Many, Texts, Truth, declared
from catalogue.textdiff import Part, Sign
from catalogue.values import UNDETERMINED, Said
from catalogue.vocabulary import Concept, Term, Vocabularies

Plain = Any
"""A value as a file holds it: text, list, mapping; None or empty where there is none."""

# Which dataclass declares the fields of a file, by its folder; lists of them hold one mapping an entry.
_GROUPS: tuple[tuple[str, Any], ...] = (
    (r"records/.+", RecordFields),
    (r"pages/.+", Page),
    (r"lists/.+", EditorialList),
    (r"centre\.yaml", Centre),
    (r"vocabularies/thesaurus/.+", Many(Group(Concept))),
    (r"vocabularies/[^/]+", Many(Group(Term))),
)

_IDENTITY = ("id", "url", "shelf", "file", "start", "theme")
"""By which of its values an entry of a list is known again."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same in two versions.

    ``field``: dotted path (``title.fr``, ``holdings.0.url``), empty for a whole file. ``label``: its name in the
    reader's language. ``lang``: of the text. ``form``: how ``parts`` are to be shown: as running words, as values that
    came and went, or as lines of the file. ``before`` and ``after``: the values as a file holds them.
    """

    field: str
    label: str
    lang: str
    form: Literal["words", "values", "lines"]
    parts: tuple[Part, ...]
    before: Plain
    after: Plain


class Comparer:
    """Compares versions for a reader of one language."""

    def __init__(self, vocabularies: Vocabularies, language: Language) -> None:
        self._vocabularies, self._language = vocabularies, language
        self._ = language.gettext

    def files(self, path: str, before: bytes | None, after: bytes | None) -> tuple[Difference, ...]:
        """Compare the bytes of a file; None: there was, or is, no file. ``path``: below the resources folder."""
        if before == after:
            return ()
        group = next((group for form, group in _GROUPS if re.fullmatch(form, path)), None)
        old, new = _parsed(before), _parsed(after)
        if group is not None and old is not None and new is not None:
            found = tuple(self._top(group, old, new))
            if found:
                return found
        raw = textdiff.lines(_text(before), _text(after))
        return (Difference("", self._(N_("The file")), "", "lines", raw, _text(before), _text(after)),)

    def records(self, before: Resource | None, after: Resource | None) -> tuple[Difference, ...]:
        """Compare two states of a record."""
        return self.mappings(before.to_mapping() if before else {}, after.to_mapping() if after else {})

    def mappings(self, before: Mapping[str, Plain], after: Mapping[str, Plain]) -> tuple[Difference, ...]:
        """Compare two mappings of a record as files, forms and imports give them."""
        old, new = shapes.as_value(before), shapes.as_value(after)
        return tuple(self._group(RecordFields, old, new, "", ""))

    def value(self, shape: shapes.Shape[Any], value: Plain) -> Said:
        """Return a single value in the reader's words: the label of an id, a day in full, Yes or No."""
        lang, text = self._language.code, _flat(value)
        if isinstance(shape, Code):
            return self._vocabularies.label(shape.vocabulary, text, lang)
        if isinstance(shape, Choice | Truth):
            name = WORD_NAMES.get(text)
            return Said(self._(name), lang) if name else self._vocabularies.label("themes", text, lang)
        return Said(self._day(text) if isinstance(shape, Day) else text, "")

    # --- inside ----------------------------------------------------------------------------------------------

    def _top(self, group: Any, old: Plain, new: Plain) -> Iterator[Difference]:
        if isinstance(group, Many):
            yield from self._entries(group, old, new, "", "")
        elif isinstance(old or {}, dict) and isinstance(new or {}, dict):
            yield from self._group(group, old or {}, new or {}, "", "")

    def _group(self, group: Any, old: Plain, new: Plain, path: str, label: str) -> Iterator[Difference]:
        """Yield what differs between two mappings: the declared fields in their order, then unknown keys."""
        fields = declared(group)
        for key in (*fields, *(key for key in {**old, **new} if key not in fields)):
            was, now = old.get(key) or "", new.get(key) or ""
            if was == now:
                continue
            field = fields.get(key)
            name = self._(field.label) if field else key
            shape = field.shape if field else shapes.Line()
            yield from self._field(shape, was, now, _below(path, key), _under(label, name))

    def _field(
        self, shape: shapes.Shape[Any], was: Plain, now: Plain, path: str, label: str, lang: str = ""
    ) -> Iterator[Difference]:
        if isinstance(shape, Group) and _all_of(dict, was, now):
            yield from self._group(shape.group, was or {}, now or {}, path, label)
        elif isinstance(shape, Many) and isinstance(shape.shape, Group) and _all_of(list, was, now):
            yield from self._entries(shape, was or [], now or [], path, label)
        elif isinstance(shape, Many) and _all_of(list, was, now):
            yield self._list(shape, was or [], now or [], path, label, lang)
        elif isinstance(shape, Texts | shapes.Words | Files) and _all_of(dict, was, now):
            inner = Many(shapes.Line()) if isinstance(shape, shapes.Words) else shapes.Line()
            was, now = was or {}, now or {}
            for code in dict.fromkeys((*was, *now)):
                if was.get(code) != now.get(code):
                    one, other = was.get(code) or "", now.get(code) or ""
                    yield from self._field(inner, one, other, _below(path, code), label, code)
        elif type(shape) is shapes.Line and isinstance(was, str) and isinstance(now, str):
            parts = textdiff.words(was, now, lang)
            yield Difference(path, label, lang, "words", parts, was, now)
        else:
            signed: tuple[tuple[Sign, Plain], ...] = (("-", was), ("+", now))
            parts = tuple(self._part(sign, shape, value, lang) for sign, value in signed if value)
            yield Difference(path, label, lang, "values", parts, was, now)

    def _list(
        self, shape: Many[Any], was: Sequence[Plain], now: Sequence[Plain], path: str, label: str, lang: str
    ) -> Difference:
        gone = [self._part("-", shape.shape, item, lang) for item in was if item not in now]
        came = [self._part("+", shape.shape, item, lang) for item in now if item not in was]
        if not gone and not came:  # only the order is another
            gone, came = [Part("-", self._said(shape, was), lang)], [Part("+", self._said(shape, now), lang)]
        return Difference(path, label, lang, "values", (*gone, *came), list(was), list(now))

    def _part(self, sign: Sign, shape: shapes.Shape[Any], value: Plain, lang: str) -> Part:
        said = self.value(shape, value)
        return Part(sign, said.text, lang or (said.lang if said.lang != UNDETERMINED else ""))

    def _entries(
        self, shape: Many[Any], old: Sequence[Plain], new: Sequence[Plain], path: str, label: str
    ) -> Iterator[Difference]:
        """Yield what differs between two lists of mappings, each entry known again by what it is of, else its place."""
        inner: Group[Any] = shape.shape  # type: ignore[assignment]
        before, after = _known(old), _known(new)
        count = 0
        for key in dict.fromkeys((*before, *after)):
            was, now = before.get(key), after.get(key)
            if was is None or now is None:
                sign: Sign = "+" if was is None else "-"
                entry = now if was is None else was
                where = _below(path, str((new if was is None else old).index(entry)))
                parts = (Part(sign, self._entry(inner, entry)),)
                yield Difference(where, label, "", "values", parts, was or "", now or "")
                count += 1
            elif was != now:
                name = " – ".join(filter(None, (label, _name(now) or str(new.index(now) + 1))))
                yield from self._field(inner, was, now, _below(path, str(new.index(now))), name)
                count += 1
        if not count and list(old) != list(new):
            order = (Part("-", ", ".join(map(_name, old))), Part("+", ", ".join(map(_name, new))))
            yield Difference(path, label, "", "values", order, list(old), list(new))

    def _entry(self, inner: Group[Any], entry: Plain) -> str:
        """Return an entry of a list in one line: what it is, then its other values with their names."""
        if not isinstance(entry, dict):
            return _flat(entry)
        fields = declared(inner.group)
        said = [_name(entry)] if _name(entry) else []
        for key, value in entry.items():
            if key in fields and value != _name(entry):
                said.append(f"{self._(fields[key].label)}: {self._said(fields[key].shape, value)}")
        return " · ".join(said)

    def _said(self, shape: shapes.Shape[Any], value: Plain) -> str:
        if isinstance(shape, Many) and isinstance(value, list):
            return ", ".join(self.value(shape.shape, item).text for item in value)
        return self.value(shape, value).text

    def _day(self, value: str) -> str:
        try:
            return self._language.day(datetime.date.fromisoformat(value))
        except ValueError:
            return value


def _parsed(data: bytes | None) -> Plain:
    """Return what a file holds, an empty mapping where there is none, None where it cannot be read."""
    if data is None:
        return {}
    document = yamlfile.parse(data, Path("file"))
    return None if document.problems or document.value is None else document.value


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "replace")


def _all_of(kind: type, *values: Plain) -> bool:
    return all(not value or isinstance(value, kind) for value in values)


def _known(entries: Sequence[Plain]) -> dict[str, Plain]:
    """Return entries by what they are of; of two of the same, the second by its place too."""
    known: dict[str, Plain] = {}
    for index, entry in enumerate(entries):
        name = _name(entry) or str(index)
        known[name if name not in known else f"{name} {index}"] = entry
    return known


def _name(entry: Plain) -> str:
    """Return by which of its values an entry is known; empty for one that has none."""
    if not isinstance(entry, dict):
        return ""
    return next((str(entry[key]) for key in _IDENTITY if entry.get(key)), "")


def _flat(value: Plain) -> str:
    """Return a value of several in one line."""
    if isinstance(value, dict):
        return " · ".join(f"{key}: {_flat(item)}" for key, item in value.items())
    return ", ".join(map(_flat, value)) if isinstance(value, list) else str(value)


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _under(label: str, name: str) -> str:
    return f"{label} – {name}" if label else name
