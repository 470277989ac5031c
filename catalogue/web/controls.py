"""The controls of a form made from the declaration: one for each field, by its shape, with value and messages.

The macros of ``_form.html`` print them; what they send back is read by ``forms``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogue import shapes
from catalogue.errors import Problem
from catalogue.shapes import Field
from catalogue.values import TEXT_LANGUAGES, UNDETERMINED
from catalogue.vocabulary import Vocabularies
from catalogue.web.forms import ADD, OFFERED, Plain, Sent
from catalogue.wordlists import EXTENDABLE

LONGEST_CHECKLIST = 24
"""A vocabulary with more terms is searched, not listed."""


@dataclass(frozen=True, kw_only=True)
class Control:
    """One field as a form shows it. ``kind`` names the macro that prints it; ``problems`` stand beside it.

    ``files``: its texts are paths of files; ``extendable``: a term can be added to its vocabulary.
    """

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
    files: bool = False
    extendable: bool = False

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
            files = isinstance(shape, shapes.Files)
            return Control(kind="texts", texts=self._texts(name, shape, value), long=long, files=files, **common)
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
        typed = sent.one(f"{name}.{ADD}") if sent else ""
        common |= {"vocabulary": vocabulary, "extendable": vocabulary in EXTENDABLE}
        if terms is not None and len(terms) <= LONGEST_CHECKLIST:
            ids = [*(id for id, term in terms.items() if not term.retired or id in chosen)]
            ids += [id for id in chosen if id not in terms]
            options = tuple(Option(id, self._label(vocabulary, id), id in chosen) for id in ids)
            value = " ".join(chosen)
            if sent and common["extendable"]:
                common["typed"] = typed or sent.one(f"{name}.{OFFERED}")
            return Control(kind="checks" if many else "choice", options=options, many=many, value=value, **common)
        options = tuple(Option(id, self._label(vocabulary, id), True) for id in chosen)
        if not many:
            common["problems"] = (*common["problems"], *self.problems.get(f"{name}.{ADD}", ()))
        return Control(kind="picker", options=options, many=many, typed=typed, **common)

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
