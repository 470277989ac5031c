"""Forms made from the declaration: what a form sends becomes the mapping of a file (the way back: ``controls``).

A control is named as its key path: ``title.fr``, ``themes``, ``holdings.0.url``. ``gather`` reads what was sent
by the shape of each declared field, so that a new field needs nothing here.
Values that come from long lists are chosen by name: what was typed into ``subjects.add`` is looked up among the labels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from catalogue import shapes
from catalogue.errors import N_, Problem, Severity
from catalogue.shapes import Field
from catalogue.values import TEXT_LANGUAGES, UNDETERMINED
from catalogue.vocabulary import Vocabularies
from catalogue.web import term_names

ADD = "add"
"""The last part of the name of a field into which a label is typed."""

OFFERED = "offered"
"""The last part of the name of a hidden field that holds a name for a list that is shown as a whole and lacks it."""

ORDER = "order"
"""The last part of the name of a hidden field that holds the values of a list of boxes as the file has them."""

Plain = Any
Pairs = Iterable[tuple[str, str]]


class Sent:
    """What a form sent: the values of each name, in order."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = tuple((name, value) for name, value in pairs)
        self._values: dict[str, list[str]] = defaultdict(list)
        self._below: dict[str, set[str]] = defaultdict(set)
        for name, value in self.pairs:
            self._values[name].append(value.replace("\r\n", "\n"))
            parts = name.split(".")
            for depth in range(1, len(parts)):
                self._below[".".join(parts[:depth])].add(parts[depth])

    def one(self, name: str) -> str:
        """Return the last value of a name, without spaces around it; nothing where it was not sent."""
        values = self._values.get(name)
        return values[-1].strip() if values else ""

    def all(self, name: str) -> list[str]:
        """Return the values of a name that say something."""
        return [value.strip() for value in self._values.get(name, ()) if value.strip()]

    def rows(self, name: str) -> list[int]:
        """Return the numbers of the groups below a name, in order."""
        return sorted(int(part) for part in self._below.get(name, ()) if part.isdecimal())


def gather(fields: Mapping[str, Field], sent: Sent, prefix: str = "") -> dict[str, Plain]:
    """Return what was sent for these fields as the mapping of a file; what was left empty is left out.

    Labels typed into ``….add`` are not looked up here: see ``resolve``.
    """
    found = {name: _value(declared.shape, f"{prefix}{name}", sent) for name, declared in fields.items()}
    return {name: value for name, value in found.items() if value not in ("", [], {})}


def _value(shape: Any, name: str, sent: Sent) -> Plain:
    if isinstance(shape, shapes.Many):
        return _many(shape, name, sent)
    if isinstance(shape, shapes.Group):
        return gather(shapes.declared(shape.group), sent, f"{name}.")
    if isinstance(shape, shapes.Texts | shapes.Files):
        texts = {lang: text for lang in (*TEXT_LANGUAGES, UNDETERMINED) if (text := sent.one(f"{name}.{lang}"))}
        return texts[UNDETERMINED] if UNDETERMINED in texts and len(texts) == 1 else texts
    if isinstance(shape, shapes.Words):
        words = {lang: _split(sent.one(f"{name}.{lang}")) for lang in TEXT_LANGUAGES}
        return {lang: many for lang, many in words.items() if many}
    return sent.one(name)


def _many(shape: shapes.Many[Any], name: str, sent: Sent) -> Plain:
    if isinstance(shape.shape, shapes.Group):
        group = shapes.declared(shape.shape.group)
        rows = (gather(group, sent, f"{name}.{number}.") for number in sent.rows(name))
        return [row for row in rows if row]
    if isinstance(shape.shape, shapes.Code | shapes.Choice):
        chosen = dict.fromkeys(sent.all(name))
        before = [value for value in sent.one(f"{name}.{ORDER}").split() if value in chosen]
        return list(dict.fromkeys([*before, *chosen]))  # boxes that were ticked before keep the order of the file
    return [line for value in sent.all(name) for line in value.splitlines() if line.strip()]


def _split(text: str) -> list[str]:
    words = (word.strip() for line in text.splitlines() for word in line.split(","))
    return [word for word in words if word]


def resolve(fields: Mapping[str, Field], sent: Sent, vocabularies: Vocabularies) -> tuple[Sent, tuple[Problem, ...]]:
    """Replace labels typed into ``….add`` by the ids they name; those that name none stay and are problems."""
    pairs, problems = [], []
    for name, value in sent.pairs:
        field_name, dot, last = name.rpartition(".")
        vocabulary = vocabulary_of(fields, field_name) if dot and last == ADD else ""
        if not vocabulary or not value.strip():
            pairs.append((name, value))
            continue
        id = term_names.find(vocabularies, vocabulary, value)
        if id:
            pairs += [(field_name, id)]
            continue
        pairs.append((name, value))
        problems.append(_unknown(name, value, vocabulary))
    return Sent(pairs), tuple(problems)


def _unknown(name: str, value: str, vocabulary: str) -> Problem:

    message = N_("“%(value)s” is not in this list. Choose a name that is offered while you type.")
    return Problem(Path(), 0, name, message, {"value": value.strip(), "vocabulary": vocabulary}, Severity.ERROR)


def vocabulary_of(fields: Mapping[str, Field], name: str) -> str:
    """Return the vocabulary whose terms a field takes; nothing for other fields."""
    first, _, rest = name.partition(".")
    shape = fields[first].shape if first in fields else None
    while rest and isinstance(shape, shapes.Many | shapes.Group):
        inner = shape.shape if isinstance(shape, shapes.Many) else shape
        if not isinstance(inner, shapes.Group):
            return ""
        part, _, rest = rest.partition(".")
        if part.isdecimal():
            part, _, rest = rest.partition(".")
        group = shapes.declared(inner.group)
        shape = group[part].shape if part in group else None
    if isinstance(shape, shapes.Many):
        shape = shape.shape
    return shape.vocabulary if isinstance(shape, shapes.Code) else ""
