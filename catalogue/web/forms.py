"""Forms made from the declaration: what a form sends becomes the mapping of a file, and back.

A control is named as its key path: ``title.fr``, ``themes``, ``holdings.0.url``. ``gather`` reads what was sent,
``controls`` says what to print; both go by the shape of each declared field, so that a new field has its control.
Values that come from long lists are chosen by name: what was typed into ``subjects.add`` is looked up among the labels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalogue import shapes
from catalogue.errors import N_, Problem, Severity
from catalogue.folding import fold
from catalogue.shapes import Field
from catalogue.values import TEXT_LANGUAGES, UNDETERMINED
from catalogue.vocabulary import Vocabularies

ADD = "add"
"""The last part of the name of a field into which a label is typed."""

ORDER = "order"
"""The last part of the name of a hidden field that holds the values of a list of boxes as the file has them."""

LONGEST_CHECKLIST = 24
"""A vocabulary with more terms is searched, not listed."""

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


# --- from a form to a mapping --------------------------------------------------------------------------------------


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
        vocabulary = _vocabulary(fields, field_name) if dot and last == ADD else ""
        if not vocabulary or not value.strip():
            pairs.append((name, value))
            continue
        id = find(vocabularies, vocabulary, value)
        if id:
            pairs += [(field_name, id)]
            continue
        pairs.append((name, value))
        problems.append(_unknown(name, value, vocabulary))
    return Sent(pairs), tuple(problems)


def _unknown(name: str, value: str, vocabulary: str) -> Problem:

    message = N_("“%(value)s” is not in this list. Choose a name that is offered while you type.")
    return Problem(Path(), 0, name, message, {"value": value.strip(), "vocabulary": vocabulary}, Severity.ERROR)


def _vocabulary(fields: Mapping[str, Field], name: str) -> str:
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


def find(vocabularies: Vocabularies, vocabulary: str, text: str) -> str:
    """Return the id of the term that is called so in any language, or has this id; nothing where there is none.

    Of several concepts with one name, one whose preferred label it is comes first.
    """
    wanted = fold(text.strip())
    found = ""
    for id, preferred, others in _labels(vocabularies, vocabulary):
        if wanted in preferred or wanted == id:
            return id
        if not found and wanted in others:
            found = id
    return found


def _labels(vocabularies: Vocabularies, vocabulary: str) -> Iterable[tuple[str, set[str], set[str]]]:
    kind = KINDS.get(vocabulary)
    if kind:
        for concept in vocabularies.concepts.values():
            if concept.kind == kind and not concept.retired:
                preferred = {fold(label) for label in concept.preferred.values()}
                yield concept.id, preferred, {fold(label) for label in concept.all_labels}
        return
    for term in vocabularies.terms.get(vocabulary, {}).values():
        if not term.retired:
            yield term.id, {fold(label) for label in term.labels.values()}, set()


KINDS = {"subjects": "subject", "occupations": "occupation"}


def offered(vocabularies: Vocabularies, vocabulary: str, text: str, lang: str, limit: int = 8) -> list[tuple[str, str]]:
    """Return ids and labels of the terms in which every word of ``text`` begins a word: those that begin so first."""
    words = fold(text).split()
    if not words:
        return []
    found = []
    for id, preferred, others in _labels(vocabularies, vocabulary):
        best = min((_rank(label, words) for label in preferred | others), default=9)
        if best < 9:
            found.append((best, str(vocabularies.label(vocabulary, id, lang)), id))
    return [(id, label) for _, label, id in sorted(found)[:limit]]


def _rank(label: str, words: Sequence[str]) -> int:
    begun = label.replace("-", " ").replace("'", " ").split()
    if not all(any(part.startswith(word) for part in begun) for word in words):
        return 9
    return 0 if label == " ".join(words) else 1 if label.startswith(words[0]) else 2


# --- from a mapping to controls ------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Control:
    """One field as a form shows it. ``kind`` names the macro that prints it; ``problems`` stand beside it."""

    kind: str
    name: str
    label: str
    value: str = ""
    required: bool = False
    problems: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    texts: tuple[TextControl, ...] = ()
    vocabulary: str = ""
    many: bool = False
    typed: str = ""
    rows: tuple[Row, ...] = ()
    long: bool = False

    @property
    def id(self) -> str:
        """The id of its element on the page."""
        return "f-" + self.name.replace(".", "-")

    @property
    def filled(self) -> bool:
        """Whether anything stands in it."""
        return bool(
            self.value
            or self.typed
            or any(text.value for text in self.texts)
            or any(option.chosen for option in self.options)
            or any(control.filled for row in self.rows for control in row.controls)
        )

    @property
    def wrong(self) -> bool:
        """Whether a message stands in it, or in a field of it."""
        inner = (control.wrong for row in self.rows for control in row.controls)
        return bool(self.problems) or any(text.problems for text in self.texts) or any(inner)


@dataclass(frozen=True)
class Option:
    """A value to choose, or one that was chosen, under its name."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class TextControl:
    """The text of one language."""

    lang: str
    name: str
    label: str
    value: str
    problems: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id of its element on the page."""
        return "f-" + self.name.replace(".", "-")


@dataclass(frozen=True)
class Row:
    """One group of a list, such as a holding; ``more`` are the controls that are seldom needed."""

    number: int
    controls: tuple[Control, ...]
    more: tuple[Control, ...] = ()


@dataclass
class Printer:
    """Makes controls for a reader of one language; ``problems`` by dotted path, already translated."""

    vocabularies: Vocabularies
    lang: str
    translate: Callable[[str], str]
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)  # what a word of a fixed few is called: msgids
    language_names: Mapping[str, str] = field(default_factory=dict)

    def controls(
        self, fields: Mapping[str, Field], mapping: Mapping[str, Plain], sent: Sent | None = None, prefix: str = ""
    ) -> tuple[Control, ...]:
        """Return the controls of these fields with the values of a mapping, and what was typed and not understood."""
        return tuple(
            self.control(f"{prefix}{name}", declared, mapping.get(name, ""), sent) for name, declared in fields.items()
        )

    def control(self, name: str, declared: Field, value: Plain, sent: Sent | None = None) -> Control:
        """Return the control of one field."""
        shape = declared.shape
        common: dict[str, Any] = {
            "name": name,
            "label": self.translate(declared.label),
            "required": declared.required,
            "problems": self._problems(name, shape),
        }
        if isinstance(shape, shapes.Texts | shapes.Files | shapes.Words):
            long = isinstance(shape, shapes.Prose)
            return Control(kind="texts", texts=self._texts(name, shape, value), long=long, **common)
        if isinstance(shape, shapes.Group):
            row = self._row(0, shape, f"{name}.", value or {}, sent)
            return Control(kind="group", rows=(row,), **common)
        if isinstance(shape, shapes.Many):
            return self._several(name, shape, value or [], sent, common)
        if isinstance(shape, shapes.Code):
            return self._code(name, shape.vocabulary, [value] if value else [], False, sent, common)
        if isinstance(shape, shapes.Choice):
            return Control(kind="choice", options=self._words(shape, [value]), value=value, **common)
        kind = next((kind for of, kind in _SINGLE if isinstance(shape, of)), "line")
        return Control(kind=kind, value=str(value), **common)

    def _problems(self, name: str, shape: Any) -> tuple[str, ...]:
        """Return what is said of a field, and of each value of a list that has one control for all."""
        is_list = isinstance(shape, shapes.Many) and not isinstance(shape.shape, shapes.Group)
        paths = [path for path in self.problems if path == name or (is_list and path.startswith(f"{name}."))]
        return tuple(text for path in paths for text in self.problems[path])

    def _several(
        self, name: str, shape: shapes.Many[Any], value: Plain, sent: Sent | None, common: dict[str, Any]
    ) -> Control:
        inner = shape.shape
        if isinstance(inner, shapes.Group):
            rows = tuple(self._row(number, inner, f"{name}.{number}.", item, sent) for number, item in enumerate(value))
            return Control(kind="groups", rows=rows, many=True, **common)
        if isinstance(inner, shapes.Code):
            return self._code(name, inner.vocabulary, list(value), True, sent, common)
        if isinstance(inner, shapes.Choice):
            options = self._words(inner, value)
            return Control(kind="checks", options=options, many=True, value=" ".join(value), **common)
        return Control(kind="lines", value="\n".join(map(str, value)), many=True, **common)

    def _row(self, number: int, shape: shapes.Group[Any], prefix: str, value: Plain, sent: Sent | None) -> Row:
        return Row(number, self.controls(shapes.declared(shape.group), value, sent, prefix))

    def _texts(self, name: str, shape: Any, value: Plain) -> tuple[TextControl, ...]:
        by_language = {UNDETERMINED: value} if isinstance(value, str) and value else value or {}
        plain = isinstance(shape, shapes.Texts) and shape.plain
        languages = dict.fromkeys((*TEXT_LANGUAGES, *((UNDETERMINED,) if plain else ()), *by_language))
        return tuple(
            TextControl(
                lang,
                f"{name}.{lang}",
                self.language_names.get(lang, lang),
                ", ".join(words) if isinstance(words := by_language.get(lang, ""), list | tuple) else str(words),
                tuple(self.problems.get(f"{name}.{lang}", ())),
            )
            for lang in languages
        )

    def _code(
        self, name: str, vocabulary: str, chosen: list[str], many: bool, sent: Sent | None, common: dict[str, Any]
    ) -> Control:
        terms = self.vocabularies.terms.get(vocabulary)
        if terms is not None and len(terms) <= LONGEST_CHECKLIST:
            ids = [*(id for id, term in terms.items() if not term.retired or id in chosen)]
            ids += [id for id in chosen if id not in terms]
            options = tuple(Option(id, self._label(vocabulary, id), id in chosen) for id in ids)
            value = " ".join(chosen)
            return Control(kind="checks" if many else "choice", options=options, many=many, value=value, **common)
        options = tuple(Option(id, self._label(vocabulary, id), True) for id in chosen)
        typed = sent.one(f"{name}.{ADD}") if sent else ""
        if not many:
            common["problems"] = (*common["problems"], *self.problems.get(f"{name}.{ADD}", ()))
        return Control(kind="picker", options=options, vocabulary=vocabulary, many=many, typed=typed, **common)

    def _label(self, vocabulary: str, id: str) -> str:
        return self.vocabularies.label(vocabulary, id, self.lang).text

    def _words(self, shape: shapes.Choice, chosen: Sequence[str]) -> tuple[Option, ...]:
        def called(word: str) -> str:
            if word in self.vocabularies.terms.get("themes", {}):
                return self._label("themes", word)
            return self.translate(self.words[word]) if word in self.words else word

        return tuple(Option(word, called(word), word in chosen) for word in shape.words)


# What a browser helps to type, by shape.
_SINGLE: tuple[tuple[Any, str], ...] = (
    (shapes.Truth, "truth"),
    (shapes.Number, "number"),
    (shapes.Day, "day"),
    (shapes.Moment, "moment"),
    (shapes.Address, "url"),
    (shapes.ShelfMark, "mark"),
    (shapes.MediaFile, "file"),
)


def by_path(problems: Iterable[Problem], translate: Callable[[str], str]) -> dict[str, list[str]]:
    """Return the sentences of problems by the path of the field beside which they stand."""
    found: dict[str, list[str]] = defaultdict(list)
    for problem in problems:
        found[problem.field].append(problem.text(translate))
    return dict(found)
